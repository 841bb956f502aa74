# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that ends a rehearsal of a whole life: each step with its verdict, its times and its reports."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import FOLDER as OF_REPORT

if TYPE_CHECKING:
    from .life import Ended, Step

HERE = Path(__file__).parent


def page(ended: Sequence[Ended], steps: Sequence[Step], well: bool, seconds: float, asked: int, failed: int) -> bytes:
    """In UTF-8, in the style of the reports. Everything is escaped, and nothing is loaded.

    :param ended: the steps that were played, of all ``steps``
    :param well: whether all is as it must be
    :param seconds: real ones, of the whole
    :param asked: requests, of which so many ``failed``
    """
    environment = Environment(
        loader=FileSystemLoader([HERE, OF_REPORT]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (OF_REPORT / "page.css").read_text(encoding="utf-8")
    played = {one.step for one in ended}
    text = environment.get_template("life.html.j2").render(
        ended=ended,
        missing=[step for step in steps if step not in played],
        title="Went well" if well else "Failed",
        tone="clean" if well else "failed",
        seconds=seconds,
        asked=asked,
        failed=failed,
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()
