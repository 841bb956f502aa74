# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A report as one HTML page that needs nothing else: no script, no font, no picture, no network."""

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

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.denial import remedy
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import blockers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import cleared
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.graph import graph
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.timeline import state
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.timeline import timeline
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEARS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import clearing_step
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import kept_stacks
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import kind_name
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import next_step
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import reasons_once
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import subject
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import title
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import unexplained
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import role_words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

FOLDER = Path(__file__).with_name("templates")
TITLES = {"clean": "Clean", "leftovers": "Leftovers", "failed": "Failed"}
SIGNS = {"gone": "✓", "failed": "✕", "left": "○"}


def page(report: Mapping[str, Any]) -> bytes:
    """The page in UTF-8. Everything in the report is escaped; the only style allowed is the page's own, by its hash."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(duration=duration, when=when, kind=kind_name, title=title, blocker=blockers.words)
    environment.filters.update(cleared=cleared.words, total=cleared.total, role=role_words)
    environment.globals.update(counted=counted, state=state, signs=SIGNS, holding=blockers.holding, remedy=remedy)
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    text = environment.get_template("page.html.j2").render(
        report=report,
        title=TITLES[report["verdict"]],
        timeline=timeline(report),
        graph=graph(report),
        failures=unexplained(report),
        left={item["name"] for item in report["left"] if item["kind"] == "stack"},
        next_step=next_step(report),
        clears=(CLEARS, clearing_step(report)),
        reasons=reasons_once(report),
        subject=subject(report),
        kept=kept_stacks(report),
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def when(text: str | None) -> str:
    """``2026-10-01 16:00:00 UTC``."""
    time = moment(text)
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if time else ""
