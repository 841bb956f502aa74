# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A diagnosis as one HTML page that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any
from typing import Mapping

from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis import drawing
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import FOLDER as OF_REPORT
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

FOLDER = Path(__file__).with_name("templates")
TITLES = {"failing": "Failing", "slow": "Slow", "nothing_found": "Nothing found"}
#: Which tone of the reports' style each verdict has.
TONES = {"failing": "failed", "slow": "leftovers", "nothing_found": "clean"}


def page(report: Mapping[str, Any]) -> bytes:
    """The page in UTF-8. Everything in the report is escaped; the only style allowed is the page's own, by its hash."""
    environment = Environment(
        loader=FileSystemLoader([FOLDER, OF_REPORT]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(heading=words.heading, began=words.began, cause=words.cause, gap=words.gap)
    environment.filters.update(outcome=words.outcome, clock=words.clock, short=words.short, when=_when)
    environment.filters.update(map=drawing.service_map, waterfall=drawing.waterfall, timeline=drawing.timeline)
    environment.globals.update(counted=counted, looked_at=words.looked_at, sample=words.sample, kinds=words.KINDS)
    style = "".join(
        path.read_text(encoding="utf-8") for path in (OF_REPORT / "page.css", FOLDER / "diagnosis.css")
    )
    text = environment.get_template("diagnosis.html.j2").render(
        report=report,
        title=TITLES[report["verdict"]],
        tone=TONES[report["verdict"]],
        wide=drawing.WIDE,
        tall=drawing.TALL,
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def _when(text: str | None) -> str:
    """``2026-10-01 16:00:00 UTC``."""
    time = moment(text)
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if time else ""
