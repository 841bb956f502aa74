# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a deployment would do, or has done, for a terminal."""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import Ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import apart
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import folded
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed

_PLANNED = {
    "create": "to create",
    "update": "to update",
    "replace": "to delete and make anew",
    "unchanged": "unchanged",
}
_REPLACED = {"True": ", which REPLACES it", "Conditional": ", which may replace it"}
_LOST = ("failed", "timed_out", "refused", "skipped", "pending")


def plan_lines(result: Row, *, width: int, host: str = "") -> list[Line]:
    """Of what M(workshop.lifecycle.cloudformation_manifest) returned in check mode."""
    lines = _heading(f"Deployment of {result['workshop']}: what it would do", result, width, host)
    lines += wrapped("workshop", f"{counted(len(result['stacks']), 'stack')}: {summary(result)}", width)
    numbers = sorted({row["wave"] for row in result["stacks"]})
    for number in numbers:
        rows = [row for row in result["stacks"] if row["wave"] == number]
        lines += apart(_wave(number, rows, width))
    lines += apart(_why(result["stacks"], width))
    return lines + apart(_besides(result, width))


def done_lines(result: Row, *, width: int, host: str = "") -> list[Line]:
    """Of what it returned otherwise."""
    lines = _heading(f"Deployment of {result['workshop']}", result, width, host)
    for status in dict.fromkeys(row["status"] for row in result["stacks"]):
        rows = [row for row in result["stacks"] if row["status"] == status]
        if status not in _LOST:
            lines += wrapped(status, ", ".join(_timed(row) for row in rows), width)
    for row in result["stacks"]:
        if row["status"] in _LOST:
            colour = WARNING if row["status"] in ("skipped", "pending") else ERROR
            said = f": {row['reason']}" if row["reason"] else ""
            lines += wrapped(row["status"].replace("_", " "), f"{row['name']}{said}", width, colour)
    return lines


def summary(result: Row) -> str:
    """How many stacks become what."""
    counts: dict[str, int] = {}
    for row in result["stacks"]:
        counts[row["action"]] = counts.get(row["action"], 0) + 1
    known = any(row["changes"] is not None for row in result["stacks"])
    words = {**_PLANNED, **({} if known else {"update": "there, to update where they differ"})}
    return ", ".join(f"{counts[action]} {words[action]}" for action in words if action in counts)


def plan_ending(result: Row, host: str, problem: str) -> Ending:
    """For a CI."""
    state = "refused" if problem else "plan"
    text = problem or f"{counted(len(result['stacks']), 'stack')}: {summary(result)}"
    return Ending(result["workshop"], host, state, text)


def done_ending(result: Row, host: str) -> Ending:
    """For a CI."""
    lost = [row["name"] for row in result["stacks"] if row["status"] in _LOST]
    if lost:
        text = f"{len(lost)} of {counted(len(result['stacks']), 'stack')} not as they should be: {listed(lost)}"
        return Ending(result["workshop"], host, "failed", text)
    changed = sum(row["status"] != "unchanged" for row in result["stacks"])
    return Ending(
        result["workshop"], host, "deployed", f"{counted(len(result['stacks']), 'stack')}, {changed} of them changed"
    )


def _heading(text: str, result: Row, width: int, host: str) -> list[Line]:
    lines: list[Line] = [(line, PLAIN) for line in folded(f"{text}{f' [{host}]' if host else ''}", width)]
    lines += wrapped("account", f"{result['account'] or 'unknown'}, region {result['region'] or 'unknown'}", width)
    if result["caller"]:
        lines += wrapped("caller", result["caller"], width)
    return lines


def _wave(number: int, rows: Sequence[Row], width: int) -> Iterator[Line]:
    for place, row in enumerate(rows):
        was = f" ({row['status_before']})" if row["action"] == "replace" else ""
        kinds = dict.fromkeys(_short(change) for change in row["changes"] or ())
        of_which = f": {listed(list(kinds))}" if kinds and row["action"] in ("create", "replace") else ""
        text = f"{row['name']} {_PLANNED[row['action']]}{was}{of_which}"
        yield from wrapped("" if place else f"wave {number}", text, width)
        if row["reason"]:
            yield from wrapped("", f"- {row['reason']}", width, WARNING)
        for change in row["changes"] or () if row["action"] == "update" else ():
            replaced = _REPLACED.get(change["replacement"], "")
            colour = WARNING if replaced or change["action"] == "Remove" else PLAIN
            text = f"- {change['action']} {change['logical_id']} ({_short(change)}){replaced}"
            yield from wrapped("", text, width, colour)


def _short(change: Row) -> str:
    return change["type"].replace("AWS::", "")


def _why(rows: Sequence[Row], width: int) -> Iterator[Line]:
    """What those that change come after, but for what follows from that, with the evidence of the first."""
    after = {row["name"]: {edge["stack"] for edge in row["after"]} for row in rows}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        behind = set().union(*(_all_before(name, after) for name in after[row["name"]]))
        for edge in row["after"]:
            if edge["stack"] not in behind and row["action"] != "unchanged":
                found.setdefault(edge["stack"], []).append((row["name"], edge["evidence"]))
    for place, (other, users) in enumerate(found.items()):
        alike = "; the others alike" if len(users) > 1 else ""
        text = f"{listed([name for name, _evidence in users])} after {other}: {users[0][1]}{alike}"
        yield from wrapped("" if place else "why", text, width)


def _all_before(name: str, after: dict[str, set[str]]) -> set[str]:
    return after[name].union(*(_all_before(other, after) for other in after[name]))


def _timed(row: Row) -> str:
    return f"{row['name']} ({row['seconds']:.0f} s)" if row["seconds"] >= 1 else row["name"]


def _besides(result: Row, width: int) -> Iterator[Line]:
    tables: dict[str, int] = {}
    for item in result.get("rows") or ():
        tables[item["table"]] = tables.get(item["table"], 0) + 1
    for table, number in tables.items():
        there = "it is" if number == 1 else "they are"
        yield from wrapped("besides", f"{counted(number, 'row')} for the table {table}, unless {there} there", width)
    group: dict[str, Any] = result.get("xray_group") or {}
    traces = [f"X-Ray group {group['name']}"] if group else []
    traces += [f"X-Ray sampling rule {rule['rule_name']}" for rule in result.get("xray_sampling_rules") or ()]
    for place, text in enumerate(traces):
        yield from wrapped("" if tables or place else "besides", text, width)
