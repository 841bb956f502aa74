# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The report of a release on a terminal, and as a CI takes it."""

from __future__ import annotations

import os
from typing import Any
from typing import Mapping

from ansible import constants as C
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import BACK
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import GOOD
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import WHAT
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.showing import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import TERMINAL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import Notice
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import add_summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import closing_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import fenced
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import harmless
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import markdown
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import may_show
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import last_line

display = Display()

Row = Mapping[str, Any]
WHOLE = 4000  # characters of a reason


def body(report: Row, files: Mapping[str, str]) -> str:
    """All but the last words. Ends with a line end."""
    place = f"cluster {report['cluster']}, account {report['account']}, {report['region']}"
    took = f", {duration(report['seconds'])}" if report["seconds"] else ""
    lines = [f"{WHAT[report['operation']]} {report['service']}, {place}{took}", ""]
    began = moment(report["events"][0]["at"]) if report["events"] else None
    for event in report["events"]:
        at = moment(event["at"])
        after = f"{(at - began).total_seconds():7.1f} s" if at and began else " " * 9
        lines.append(f"  {after}  {event['text']}")
    for item in report["probes"]:
        failed = "  FAILED" if item["failed"] else ""
        wanted = item["requests"] - item["failures"]
        before = f", before {item['requests_before'] - item['failures_before']} of {item['requests_before']}"
        lines.append(f"  probe  {item['probe']}: {wanted} of {item['requests']} as wanted{before}{failed}")
    lines += [f"  stack  {report['drift']}"] if report["drift"] else []
    lines += [f"  Report: {path}" for path in files.values()]
    return "".join(f"{line}\n" for line in lines)


def closing(report: Row) -> str:
    """Which, why, for how long, and what to run: lines that stand for themselves."""
    lines = [f"{report['verdict'].upper().replace('_', ' ')}: {report['summary']}"]
    lines += [report["reason"][:WHOLE]] if report["reason"] else []
    lines += [f"  {item['for']}: {item['command']}" for item in report["commands"]]
    return "\n".join(lines)


def line(report: Row, host: str) -> str:
    """What a search of logs finds."""
    return last_line(report["service"], host, report["verdict"], report["summary"])


def summary(report: Row, host: str) -> str:
    """In Markdown, with every text of others escaped."""
    name = f"{report['service']}{f' [{host}]' if host else ''}"
    parts = [
        f"### {WHAT[report['operation']]} {markdown(name)}: {markdown(report['verdict'])}\n",
        f"{markdown(report['summary'])}\n",
        f"{markdown(report['reason'])}\n" if report["reason"] else "",
        fenced(body(report, {})),
        *(f"{markdown(item['for'])}:\n\n{fenced(item['command'], 'shell')}" for item in report["commands"]),
    ]
    return "\n".join(part for part in parts if part)


def show(task: Any, report: Row, files: Mapping[str, str], problem: str, host: str) -> None:
    """On the terminal, and to the CI if there is one.

    :param task: Ansible's; nothing is printed where it may not
    :param problem: what went wrong with the report itself, if anything
    :param host: named where there are several
    """
    environment = os.environ
    note = "" if task.no_log else add_summary(summary(report, host), environment)
    if not may_show(task):
        return
    width = display.columns if TERMINAL else 0
    display.display(harmless(f"{wrapped(body(report, files), width)}", environment))
    color = C.COLOR_OK if report["verdict"] in GOOD else C.COLOR_WARN if report["verdict"] == BACK else C.COLOR_ERROR
    display.display(harmless(closing(report), environment), color=color)
    if problem:
        display.display(harmless(problem, environment), color=C.COLOR_ERROR)
    if note:
        display.display(note)
    level = "notice" if report["verdict"] in GOOD else "error"
    heading = f"{report['service']}{f' [{host}]' if host else ''} {report['verdict']}"
    notice = Notice(level, heading, " ".join(filter(None, [report["summary"], report["reason"][:WHOLE]])))
    told = closing_lines(line(report, host), [notice], environment)
    if told:
        display.display(told)
