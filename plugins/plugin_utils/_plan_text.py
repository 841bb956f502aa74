# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The plan as a person reads it in ten seconds."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from typing import Iterator
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._text import one_line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils import _plan_words as words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import stack_count
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import task_count
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_facts import USUAL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import LABEL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import MARGIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import columns
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan_layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress_lines import harmless

AT_MOST = 4  # things of one kind that are named


def plan_lines(plan: Row, *, width: int, now: datetime, host: str = "", check: bool = False) -> list[Line]:
    """Lines and their colours.

    :param width: columns of the terminal
    :param now: aware
    :param host: named in the heading, where there are several
    :param check: say that nothing will be done
    """
    heading = f"Teardown of {plan['workshop']}{f' [{host}]' if host else ''}"
    return [
        (one_line(heading + (": what it would do" if check else "")), PLAIN),
        *where_lines(plan, width),
        *wrapped("workshop", summary(plan, now), width),
        *_phase_lines(plan, width),
        *_action_lines(plan, width),
        *gap_lines(plan["gaps"], width),
    ]


def where_lines(plan: Row, width: int) -> list[Line]:
    """Account, region and caller."""
    account = plan["account"] or "unknown: not allowed to ask"
    alias = f" ({plan['account_alias']})" if plan["account_alias"] else ""
    return [
        *wrapped("account", f"{account}{alias}, region {plan['region']}", width),
        *wrapped("caller", plan["caller"] or "unknown: not allowed to ask", width),
    ]


def summary(plan: Row, now: datetime) -> str:
    """How much of what is there, and how old it is."""
    counts = [
        words.counted(stack_count(plan), "stack"),
        words.counted(task_count(plan), "ECS task"),
        words.counted(len(plan["remove"]), "leftover"),
    ]
    there = ", ".join(text for text in counts if not text.startswith("0 "))
    if not there:
        return "nothing of it was seen" if plan["anything"] else "nothing of it is there"
    return there + (f"; {words.age(plan['made'], now)}" if plan["made"] else "")


def gap_lines(gaps: Sequence[Row], width: int, so: str = "a clean end could not be proven") -> list[Line]:
    """What may not be looked at, and what follows from it."""
    if not gaps:
        return []
    seen = "; ".join(words.not_seen(gaps))
    return wrapped("GAPS", f"NOT ALLOWED TO LOOK AT: {seen}. So {so}.", width, WARNING)


def some(items: Sequence[str]) -> list[str]:
    """The first few items, and how many more there are."""
    return list(items) if len(items) <= AT_MOST + 1 else [*items[:AT_MOST], f"and {len(items) - AT_MOST} more"]


def _phase_lines(plan: Row, width: int) -> Iterator[Line]:
    names = [group["group"] for phase in plan["phases"] for group in phase["groups"]]
    label = max(map(len, names), default=0) + 2
    for phase in plan["phases"]:
        first = f"phase {phase['phase']}"
        for group in phase["groups"]:
            start = " " * MARGIN + first.ljust(LABEL) + one_line(group["group"]).ljust(label)
            for text, colour in _stack_rows(group["stacks"], plan["unprotect"], width - len(start)):
                yield start + text, colour
                start = " " * len(start)
            first = ""


def _stack_rows(stacks: Sequence[Row], unprotect: bool, room: int) -> Iterator[Line]:
    """Stacks without anything to say about them stand beside each other; any other has a line of its own."""
    noted = [(one_line(stack["name"]), *_note(stack, unprotect)) for stack in stacks]
    for special, several in groupby(noted, key=lambda row: bool(row[1])):
        if not special:
            yield from ((row, PLAIN) for row in columns([name for name, _note, _colour in several], room))
            continue
        for name, note, colour in several:
            if len(name) + 2 + len(note) <= room:
                yield f"{name}  {note}", colour
            else:
                yield name, colour
                yield f"  {note}", colour


def _note(stack: Row, unprotect: bool) -> Line:
    notes = [] if stack["status"] in USUAL else [stack["status"]]
    if stack["protected"]:
        notes.append("protection goes first" if unprotect else "PROTECTED")
    bad = stack["status"].endswith("_FAILED") or (stack["protected"] and not unprotect)
    if stack["status"].endswith("_FAILED") and stack["status_reason"]:
        notes.append(stack["status_reason"])
    return harmless(", ".join(notes)), ERROR if bad else WARNING if notes else PLAIN


def _action_lines(plan: Row, width: int) -> Iterator[Line]:
    if plan["stop"]:
        total = words.counted(task_count(plan), "ECS task")
        yield from wrapped("stopped", f"{total}: {', '.join(map(_task, plan['stop']))}", width)
    yield from listed("removed", _named(plan["remove"]), width)
    if plan["retain"]:
        kinds = ", ".join(plan["retain"])
        yield from wrapped("retained", f"{kinds}, but only what can not be deleted", width)
    yield from listed("left", _left(plan), width)


def _task(row: Row) -> str:
    odd = [f"{count} {status}" for status, count in row["statuses"].items() if status != "RUNNING"]
    owner = row["service"] or f"{row['group'] or 'no group'}, of no service"
    return harmless(f"{owner} {row['tasks']}{' (' + ', '.join(odd) + ')' if odd else ''}")


def _named(leftovers: Sequence[Row]) -> Iterator[str]:
    for name, several in groupby(leftovers, key=lambda row: row["kind"]):
        found = [harmless(row["name"]) for row in several]
        if len(found) <= AT_MOST:
            yield from (f"{words.kind(name)} {text}" for text in found)
        else:
            yield f"{len(found)} {words.kind(name, len(found))}: {', '.join(some(found))}"


def _left(plan: Row) -> Iterator[str]:
    by_reason: dict[tuple[str, str], list[str]] = {}
    for row in plan["left"]:
        by_reason.setdefault((row["kind"], row["reason"]), []).append(harmless(row["name"]))
    for (name, reason), found in by_reason.items():
        called: Any = counted_kind(name, len(found))
        yield f"{called} {', '.join(some(found))}: {harmless(reason)}"


def counted_kind(name: str, number: int) -> str:
    """C(log group), or C(3 log groups:)."""
    if name == "stack":
        return "stack" if number == 1 else f"{number} stacks,"
    return words.kind(name) if number == 1 else f"{number} {words.kind(name, number)},"
