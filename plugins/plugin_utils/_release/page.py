# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The report of a release as one HTML page, made of the same parts as that of a teardown."""

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

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import BACK
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import FAILED
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import KEPT
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import UNCHANGED
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import WHAT
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import FOLDER
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import when
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.timeline import Axis
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment

OWN = Path(__file__).with_name("templates")
#: How each verdict is drawn: as that of a teardown.
TONES = {KEPT: "clean", UNCHANGED: "clean", BACK: "leftovers", FAILED: "failed"}
TITLES = {KEPT: "Kept", UNCHANGED: "Unchanged", BACK: "Switched back", FAILED: "Failed"}


def page(report: Mapping[str, Any]) -> bytes:
    """The page in UTF-8. Everything in the report is escaped; the only style allowed is the page's own, by its hash."""
    environment = Environment(
        loader=FileSystemLoader([OWN, FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(duration=duration, when=when)
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    rows = _rows(report)
    axis = Axis(rows)
    text = environment.get_template("release.html.j2").render(
        report=report,
        what=WHAT[report["operation"]],
        title=TITLES[report["verdict"]],
        tone=TONES[report["verdict"]],
        marks=axis.marks(),
        bars=[{**row, "bar": place, "spent": duration(_seconds(row))} for row in rows if (place := axis.place(row))],
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def _rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What took its time: the deployment, the new version in service, the way back."""
    good = report["verdict"] in (KEPT, UNCHANGED)
    # All by the clock of the run.
    first = {event["kind"]: event["at"] for event in reversed(report["events"])}
    last = {event["kind"]: event["at"] for event in report["events"]}
    end = report["finished"]
    status = (report["deployment"] or {}).get("status", "")
    rows = [
        (f"deployment {status}", status == "SUCCESSFUL", first.get("deployment"), last.get("deployment")),
        (f"{report['after']} takes traffic", good, first.get("in_service"), last.get("out_of_service", end)),
        ("way back", True, first.get("back"), last.get("out_of_service", end)),
    ]
    return [
        {"name": name, "state": "gone" if well else "failed", "began": began, "ended": ended}
        for name, well, began, ended in rows
        if began
    ]


def _seconds(row: Mapping[str, Any]) -> float:
    began, ended = moment(row["began"]), moment(row["ended"])
    return (ended - began).total_seconds() if began and ended else 0.0
