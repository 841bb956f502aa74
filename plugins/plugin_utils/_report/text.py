# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The closing text of a run, for a terminal: what was done, what is left and how to get rid of it, the verdict."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.denial import remedy
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import blockers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import cleared
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import commands
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_unseen
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import was_there
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEAN
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
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import role_words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

Row = Mapping[str, Any]

MOST = 50  # items of a list
SOME = 8  # resources that are shown one by one
WHOLE = 1200  # characters: the policy that denies, and the id of the denial, stand at the end of long reasons


def body(report: Row, files: Mapping[str, str]) -> str:
    """All but the verdict. Ends with a line end."""
    lines = [_title(report), ""]
    lines += [*_groups(report), ""]
    lines += _done(report)
    lines += _list("Retained on purpose", _resources(report["retained"]))
    lines += _list("Not looked up", _resources(report["not_looked_up"]))
    lines += _notes(report)
    lines += _list("Failed", [[f"{name}: {reason}"] for name, reason in unexplained(report).items()])
    lines += _list("Could not be looked at", _gaps(report))
    lines += _list("Left", _left(report))
    lines += [f"  Report: {path}" for path in files.values()]
    return "".join(f"{line}\n" for line in lines)


def closing(report: Row) -> str:
    """The verdict, in one to three lines that stand for themselves."""
    where = ", ".join(filter(None, [f"account {report['account'] or 'unknown'}", report["region"]]))
    text = f"{report['verdict'].upper()} ({where}): {report['summary']}"
    if report["verdict"] == CLEAN:
        return text
    clears = clearing_step(report)
    return "\n".join([text, ": ".join(next_step(report)), *([f"{CLEARS}: {clears}"] if clears else [])])


def _title(report: Row) -> str:
    what = {"teardown": "Teardown", "verify": "Verification"}[report["operation"]]
    return f"{what} of {subject(report)}, {place(report)}"


def place(report: Row) -> str:
    """Account and region, and how long it took."""
    alias = f" ({report['account_alias']})" if report["account_alias"] else ""
    took = f", {duration(report['seconds'])}" if report["seconds"] else ""
    return f"account {report['account'] or 'unknown'}{alias}, {report['region'] or 'region unknown'}{took}"


def _groups(report: Row) -> list[str]:
    groups = report["groups"]
    blind = [stack["name"] for stack in report["stacks"] if is_unseen(stack)]
    unseen = [f"  {counted(len(blind), 'stack')} could not be looked at"] if blind else []
    shown = [group for group in groups if group["gone"] or group["left"]]
    if not shown:
        return unseen or [f"  No stack {'was' if report['operation'] == 'teardown' else 'is'} there."]
    if report["operation"] == "verify":
        left = [f"  {counted(group['left'], 'stack')} of {group['group']} left" for group in shown if group["left"]]
        return left + unseen
    wide = max(5, *(len(group["group"]) for group in shown))
    lines = [f"  phase  {'group':<{wide}}  stacks   gone   left  seconds"]
    for group in shown:
        phase = "" if group["phase"] is None else group["phase"]
        numbers = f"{group['gone'] + group['left']:>6} {group['gone']:>6} {group['left']:>6} {group['seconds']:>8.0f}"
        state = f"  {group['outcome']}" if group["outcome"] in ("failed", "skipped") else ""
        lines.append(f"  {phase:<5}  {group['group']:<{wide}}  {numbers}{state}")
    absent = [stack["name"] for stack in report["stacks"] if not was_there(stack)]
    return lines + ([f"  Had not been there: {listed(absent)}"] if absent else []) + unseen


def _done(report: Row) -> list[str]:
    lines = []
    ended = [task for task in report["tasks"] if not task["there"]]
    if ended:
        lingered = [task["service"] or task["group"] for task in ended if task["lingered"]]
        tail = f"; lingered, and told to stop again: {listed(lingered)}" if lingered else ""
        lines.append(f"  Tasks ended: {len(ended)}{tail}")
    if report["cleared"]:
        much = cleared.total(report["cleared"]) or counted(len(report["cleared"]), "resource")
        told = [[cleared.words(item)] for item in report["cleared"]]
        lines += _list(f"Cleared, as workshop_clear says: {much}", told)
    if report["temporary_role"]:
        lines.append(f"  {role_words(report['temporary_role'])}")
    for action in ("removed", "kept"):
        items = [item for item in report["leftovers"] if item["action"] == action]
        for kind in dict.fromkeys(item["kind"] for item in items):
            names = [item["name"] for item in items if item["kind"] == kind]
            lines.append(f"  {action.capitalize()}: {counted(len(names), kind_name(kind))}: {listed(names)}")
    return lines


def _list(title: str, items: list[list[str]]) -> list[str]:
    if not items:
        return []
    lines = [f"  {title}:"]
    for first, *rest in items[:MOST]:
        lines += [f"    {shortened(first, WHOLE)}", *(f"      {line}" for line in rest)]
    return lines + ([f"    … and {len(items) - MOST} more"] if len(items) > MOST else [])


def _resources(items: Sequence[Row]) -> list[list[str]]:
    """What deleted stacks had."""
    if len(items) > SOME:
        return _many(items)
    return [
        [
            f"{item['type']} {item['physical_id']} of stack {item['stack_name']}{_unsure(item)}",
            *_labelled("why", item["reason"]),
            *_labelled("how", item["how_to_remove"]),
        ]
        for item in items
    ]


def _unsure(item: Row) -> str:
    return "" if item.get("present", True) else ", if it is still there"


def _many(items: Sequence[Row]) -> list[list[str]]:
    """A line for each stack and type, such as the dozens of an App Mesh."""
    names: dict[tuple[str, str], list[str]] = {}
    for item in items:
        names.setdefault((item["type"], item["stack_name"]), []).append(item["physical_id"].rsplit("/", 1)[-1])
    lines = [[f"{len(some)} {kind} of stack {stack}: {listed(some)}"] for (kind, stack), some in names.items()]
    if any(item["how_to_remove"] for item in items):
        lines.append(["how: the report in workshop_report_dir has the command for each"])
    return lines


def _left(report: Row) -> list[list[str]]:
    return [
        [
            " ".join(filter(None, [title(item), item["name"], item["status"]])),
            *_labelled("why", shortened(reason, WHOLE)),
            *_held(item, report["blockers"]),
            *_labelled("how", item["how_to_remove"]),
        ]
        for item, reason in zip(report["left"], reasons_once(report))
    ]


def _held(item: Row, rows: Sequence[Row]) -> list[str]:
    """What keeps a stack from going, and how to take that away first."""
    lines = []
    for row in blockers.holding(item, rows):
        how = "held by:" if row["certain"] else "may be held by:"
        lines.append(f"{how} {shortened(blockers.words(row))}")
        lines += [f"  first: {row['how_to_remove']}"] if row["how_to_remove"] else []
    return lines


def _gaps(report: Row) -> list[list[str]]:
    return [
        [
            f"{item['action']}: {item['message']}",
            *_labelled("how", remedy(item["message"], item["action"]) if item["denied"] else ""),
        ]
        for item in report["gaps"]
    ]


def _labelled(label: str, text: str) -> list[str]:
    return [f"{label}: {text}"] if text else []


def _notes(report: Row) -> list[str]:
    notes = []
    for reason, names in kept_stacks(report).items():
        notes.append(f"  Kept: {counted(len(names), 'stack')}: {listed(names)}: {reason}")
    notes += [f"  Survives: {item['name']}, until {item['expires']} at the latest" for item in report["survives"]]
    late = [item["name"] for item in report["may_come_back"]]
    if late:
        notes += [f"  May come back for some minutes, with logs that AWS delivers late: {listed(late)}"]
        notes += [f"    how: look again later: {commands.playbook('verify', report)}"]
    return notes
