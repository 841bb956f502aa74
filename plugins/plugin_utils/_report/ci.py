# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A report as a CI shows it: one line, annotations, and a job summary."""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import blockers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import place
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEAN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEARS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import clean_numbers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import clearing_step
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import kind_name
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import never_seen
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import next_step
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import subject
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import title
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import unexplained
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import Notice
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import fenced
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import markdown
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import last_line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

Row = Mapping[str, Any]

# GitHub shows ten errors of a step, of which the first says what the others are about:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
ANNOTATIONS = 9
ROWS = 50  # of a table


def line(report: Row, host: str = "") -> str:
    """Workshop, verdict and why, in one line that a search of logs finds.

    :param host: named where there are several
    """
    part = "a part of the workshop: " if report["part"] else ""
    return last_line(report["workshop"], host, report["verdict"], part + _words(report))


def notices(report: Row, host: str = "") -> list[Notice]:
    """What there is to say: the verdict, then each thing that is left, that failed, or that could not be looked at."""
    name = f"{report['workshop']}{f' [{host}]' if host else ''}"
    heading = f"{name} {report['verdict']}"
    if report["verdict"] == CLEAN:
        return [Notice("notice", heading, report["summary"])]
    return [Notice("error", heading, report["summary"]), *_each(report, name)][: ANNOTATIONS + 1]


def summary(report: Row, host: str = "") -> str:
    """The report in Markdown, with every text of others escaped."""
    what = {"teardown": "Teardown", "verify": "Verification"}[report["operation"]]
    name = f"{subject(report)}{f' [{host}]' if host else ''}"
    parts = [
        f"### {what} of {markdown(name)}: {report['verdict']}\n",
        f"{markdown(report['summary'])}\n",
        f"In {markdown(place(report))}.\n",
        _table(("Left", "Status", "Why"), _left(report)),
        _table(("Failed", "Why"), list(unexplained(report).items())),
        _table(("Could not be looked at", "Why"), [(gap["action"], gap["message"]) for gap in report["gaps"]]),
        _folded("How to get rid of it", "\n".join(_commands(report)), "shell"),
    ]
    if report["verdict"] != CLEAN:
        words, command = next_step(report)
        parts.append(f"{markdown(words)}:\n\n{fenced(command, 'shell')}")
        clears = clearing_step(report)
        parts += [f"{CLEARS}:\n\n{fenced(clears, 'shell')}"] if clears else []
    groups = [
        (str(group["phase"] or ""), group["group"], *(str(group[key]) for key in ("gone", "left")))
        for group in report["groups"]
        if group["gone"] or group["left"]
    ]
    parts.append(_table(("Phase", "Group", "Stacks gone", "Left"), groups))
    return "\n".join(part for part in parts if part)


def _words(report: Row) -> str:
    if report["verdict"] == CLEAN:
        return clean_numbers(report) or "nothing is left"
    kinds: dict[str, list[str]] = {}
    for item in report["left"]:
        name = item["name"].rsplit("/", 1)[-1] if item["kind"] == "task" else item["name"]
        kinds.setdefault(item["kind"], []).append(name)
    parts = [f"{counted(len(names), kind_name(kind))} left ({listed(names)})" for kind, names in kinds.items()]
    failed = unexplained(report)
    parts += ["never seen in this account and region"] if never_seen(report) else []
    parts += [f"not all went well ({listed(list(failed))})"] if failed else []
    parts += [f"not looked at ({listed([gap['action'] for gap in report['gaps']])})"] if report["gaps"] else []
    return ", ".join(parts)


def _each(report: Row, name: str) -> Iterator[Notice]:
    for item in report["left"]:
        text = ": ".join(filter(None, [f"{title(item)} {item['name']} {item['status']}".rstrip(), item["reason"]]))
        first = [row["how_to_remove"] for row in blockers.holding(item, report["blockers"])]
        commands = "\n".join(filter(None, [*first, item["how_to_remove"], _clears(item, report)]))
        yield Notice("error", f"{name}: left", "\n".join(filter(None, [shortened(text), commands])))
    for failed, reason in unexplained(report).items():
        yield Notice("error", f"{name}: failed", shortened(f"{failed}: {reason}"))
    for gap in report["gaps"]:
        yield Notice("error", f"{name}: could not be looked at", shortened(f"{gap['action']}: {gap['message']}"))


def _clears(item: Mapping[str, Any], report: Row) -> str:
    """What has a teardown clear what holds a stack, and all others with it; empty where nothing can be cleared."""
    can = any(row["clear"] for row in blockers.holding(item, report["blockers"]))
    return f"{CLEARS}: {clearing_step(report)}" if can else ""


def _left(report: Row) -> list[tuple[str, ...]]:
    return [(f"{title(item)} {item['name']}", item["status"], item["reason"]) for item in report["left"]]


def _commands(report: Row) -> Iterator[str]:
    for item in report["left"]:
        held = [row["how_to_remove"] for row in blockers.holding(item, report["blockers"])]
        yield from filter(None, [*held, item["how_to_remove"]])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    more = [(f"and {len(rows) - ROWS} more", *[""] * (len(head) - 1))] if len(rows) > ROWS else []
    lines = [head, ("---",) * len(head)]
    lines += [tuple(markdown(shortened(text)) for text in row) for row in [*rows[:ROWS], *more]]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _folded(header: str, text: str, language: str) -> str:
    if not text:
        return ""
    return f"<details><summary>{header}</summary>\n\n{fenced(text, language)}\n</details>\n"
