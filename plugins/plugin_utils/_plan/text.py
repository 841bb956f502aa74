# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The plan as a person reads it in ten seconds."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import groupby
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import cleared_words
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import is_protection
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import in_vain
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import stack_count
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import task_count
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import USUAL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import owner
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import LABEL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import MARGIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import apart
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import columns
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import folded
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.order import order_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

AT_MOST = 4  # things of one kind that are named
OWNERS = 15  # services that are named
HELD = 20  # things that hold a stack that are named
REASON = 160  # characters of a stack's reason that are shown


def plan_lines(plan: Row, *, width: int, now: datetime, host: str = "", check: bool = False) -> list[Line]:
    """Lines and their colours.

    :param width: columns of the terminal
    :param now: aware
    :param host: named in the heading, where there are several
    :param check: say that nothing will be done
    """
    heading = f"Teardown of {words.subject(plan)}{f' [{host}]' if host else ''}"
    return [
        (one_line(heading + (": what it would do" if check else "")), PLAIN),
        *where_lines(plan, width),
        *wrapped("workshop", _workshop(plan, now), width),
        *apart(_phase_lines(plan, width)),
        *apart(order_lines(plan["order"], width) if plan.get("order") else []),
        *apart(held_lines([row for row in plan["blockers"] if not row["agreed"]], width)),
        *apart(_passed_over_lines(plan, width)),
        *apart(_unknown_lines(plan, width)),
        *apart([*_action_lines(plan, width), *gap_lines(plan["gaps"], "a clean end could not be proven", width)]),
    ]


def where_lines(plan: Row, width: int) -> list[Line]:
    """Account, region and caller."""
    account = plan["account"] or "unknown: not allowed to ask"
    alias = f" ({plan['account_alias']})" if plan["account_alias"] else ""
    return [
        *wrapped("account", f"{account}{alias}, region {plan['region']}", width),
        *wrapped("caller", plan["caller"] or "unknown: not allowed to ask", width),
    ]


def summary(plan: Row) -> str:
    """How much of what is there, and how many stacks are held, C('') where nothing was seen."""
    return ", ".join(filter(None, [would_go(plan), held_count(plan)]))


def held_count(plan: Row) -> str:
    """How many stacks are, empty if none is."""
    names = _held_names(plan)
    return counted(len(names), "stack held", "stacks held") if names else ""


def would_go(plan: Row) -> str:
    """How much of what is there, C('') where nothing was seen."""
    counts = [
        counted(stack_count(plan), "stack"),
        counted(task_count(plan), "ECS task"),
        counted(len(plan["remove"]), "leftover"),
    ]
    there = [text for text in counts if not text.startswith("0 ")]
    return ", ".join(["stacks unknown"] * words.hides_stacks(plan["gaps"]) + there)


def _held_names(plan: Row) -> set[str]:
    return {row["stack_name"] for row in plan["blockers"] if row["certain"] and not row["agreed"]}


def _passed_over_lines(plan: Row, width: int) -> Iterator[Line]:
    """Where a run goes on in spite of what holds stacks: what becomes of them. What would change that is not wrapped,
    so that it can be copied."""
    if not plan["left_to_fail"]:
        return
    yield from wrapped("go on", f"left to fail: {', '.join(plan['left_to_fail'])}", width, WARNING)
    if plan["skipped"]:
        yield from wrapped("", f"skipped, since they come after these: {', '.join(plan['skipped'])}", width, WARNING)
    if plan["to_clear"]:
        agreement = json.dumps({"workshop_clear": [*plan["clear"], *plan["to_clear"]]})
        yield " " * (MARGIN + LABEL) + f"to have it cleared, and lose it: -e '{agreement}'", PLAIN


def _unknown_lines(plan: Row, width: int) -> list[Line]:
    """What may hold stacks for all that could be looked at; which is no gap, but for who clears it."""
    if not plan["blockers_gaps"]:
        return []
    actions = ", ".join(words.actions(plan["blockers_gaps"]))
    return wrapped("not seen", f"whether something in the stacks' resources holds them: {actions}", width)


def _workshop(plan: Row, now: datetime) -> str:
    if plan["seen"] is False:
        return words.never_seen(plan)
    if not plan["found"]:
        return "nothing of it was seen" if plan["anything"] else "nothing of it is there"
    return summary(plan) + (f"; {words.age(plan['made'], now)}" if plan["made"] else "")


def gap_lines(gaps: Sequence[Row], so: str, width: int) -> list[Line]:
    """What could not be looked at, and what follows from it."""
    what = "NOT ALLOWED TO LOOK AT" if all(gap.get("denied", True) for gap in gaps) else "COULD NOT LOOK AT"
    seen = "; ".join(words.not_seen(gaps))
    follows = f" So {so}." if words.blind(gaps) else ""
    return wrapped("GAPS", f"{what}: {seen}.{follows}", width, WARNING) if gaps else []


def held_lines(blockers: Sequence[Row], width: int) -> Iterator[Line]:
    """What keeps stacks from going, each with the command that removes it. That is not wrapped, so that it can be
    copied."""
    label = "held"
    for row in blockers[:HELD]:
        yield from wrapped(label, _held(row), width, ERROR if row["certain"] else WARNING)
        if row["how_to_remove"]:
            yield " " * (MARGIN + LABEL + 2) + one_line(row["how_to_remove"]), PLAIN
        if row.get("clear") and row["owner"] != row["stack_name"]:
            agreement = json.dumps({"workshop_clear": [row["clear"]]})
            yield " " * (MARGIN + LABEL + 2) + f"or have it cleared: -e '{agreement}'", PLAIN
        label = ""
    if len(blockers) > HELD:
        yield from wrapped("", f"and by {len(blockers) - HELD} more", width, WARNING)


def _held(row: Row) -> str:
    if row["owner"] == row["stack_name"]:
        return f"{row['stack_name']}: {shortened(row['reason'])}"
    perhaps = "" if row["certain"] else ", perhaps,"
    return f"{row['stack_name']}{perhaps} by {row['type'].removeprefix('AWS::')} {_called(row)}, of {owner(row)}"


def _called(row: Row) -> str:
    """By its name alone where its id is an ARN, which ends in it."""
    named = row["name"] not in (None, "", row["id"])
    if named and row["id"].startswith("arn:"):
        return shortened(row["name"])
    return shortened(row["id"] + (f" ({row['name']})" if named else ""))


def some(items: Sequence[str], most: int = AT_MOST) -> list[str]:
    """The first few items, and how many more there are."""
    return list(items) if len(items) <= most + 1 else [*items[:most], f"and {len(items) - most} more"]


def _phase_lines(plan: Row, width: int) -> Iterator[Line]:
    names = [group["group"] for phase in plan["phases"] for group in phase["groups"]]
    label = max(map(len, names), default=0) + 2
    for phase in plan["phases"]:
        first = f"phase {phase['phase']}"
        for group in phase["groups"]:
            start = " " * MARGIN + first.ljust(LABEL) + one_line(group["group"]).ljust(label)
            for text, colour in _stack_rows(group["stacks"], plan["unprotect"], width - len(start), _contents(plan)):
                yield start + text, colour
                start = " " * len(start)
            first = ""


def _contents(plan: Row) -> dict[str, list[Line]]:
    """What is in stacks' own resources and holds them up, or will be cleared, by their names. What others have in them
    is told below all stacks."""
    found: dict[str, list[Line]] = {}
    for row in plan["blockers"]:
        own = row["owner"] == row["stack_name"] and (row.get("clear") or row.get("amounts"))
        if own or row["agreed"]:
            cleared = f"will be {'lifted' if is_protection(row) else 'cleared'}"
            becomes = cleared if row["agreed"] else "HOLDS IT" if row["certain"] else "may hold it"
            colour = WARNING if row["agreed"] or not row["certain"] else ERROR
            line = f"{shortened(cleared_words(row))}: {becomes}", colour
            found.setdefault(row["stack_name"], []).append(line)
    return found


def _stack_rows(
    stacks: Sequence[Row], unprotect: Sequence[str], room: int, held: Mapping[str, Sequence[Line]]
) -> Iterator[Line]:
    """Stacks without anything to say about them stand beside each other; any other has a line of its own. What is in
    them follows, once where it is the same for several."""
    noted = [
        (one_line(stack["name"]), *_note(stack, stack["name"] in unprotect), stack["contains"]) for stack in stacks
    ]
    for (special, contains), several in groupby(noted, key=lambda row: (_apart(row, held), row[3])):
        rows = list(several)
        plain = [] if special else columns([row[0] for row in rows], room)
        lines = [*_noted(rows, room)] if special else [(line, PLAIN) for line in plain]
        each = "each " if len(rows) > 1 else ""
        beside = room - len(lines[-1][0]) - 2
        inside = words.contents(contains, room - 2 - len(each))
        if len(rows) == 1 and not special and len(inside) <= beside:
            yield f"{lines[-1][0]}  {inside}".rstrip(), PLAIN
        else:
            yield from lines
            yield from [(f"  {each}{inside}", PLAIN)] if inside else []
        for line, colour in (line for row in rows for line in held.get(row[0], ())):
            yield from ((f"  {text}", colour) for text in folded(line, room - 2))


def _apart(row: tuple[str, str, str, Any], held: Mapping[str, Sequence[Line]]) -> str:
    """Empty for a stack that is shown with others: what holds one is told right below it."""
    return row[0] if row[0] in held else "noted" if row[1] else ""


def _noted(rows: Sequence[tuple[str, str, str, Any]], room: int) -> Iterator[Line]:
    for name, note, colour, _contains in rows:
        if len(name) + 2 + len(note) <= room:
            yield f"{name}  {note}".rstrip(), colour
        else:
            yield name, colour
            yield from ((f"  {line}", colour) for line in folded(note, room - 2))


def _note(stack: Row, unprotect: bool) -> Line:
    notes = [] if stack["status"] in USUAL else [stack["status"]]
    if stack["protected"]:
        notes.append("protection is switched off" if unprotect else "PROTECTED")
    bad = stack["status"].endswith("_FAILED") or (stack["protected"] and not unprotect)
    notes += [reason(stack)] if reason(stack) else []
    return one_line(", ".join(notes)), ERROR if bad else WARNING if notes else PLAIN


def reason(stack: Row) -> str:
    """Why a stack failed, cut short; C('') for any other."""
    return shortened(stack["status_reason"] or "", REASON) if stack["status"].endswith("_FAILED") else ""


def _action_lines(plan: Row, width: int) -> Iterator[Line]:
    if plan["stop"]:
        yield from wrapped("stop", _tasks(plan), width)
    if in_vain(plan):
        yield from wrapped("in vain", _in_vain(in_vain(plan)), width, WARNING)
    if plan["temporary_role"]:
        yield from wrapped("role", role_words(plan["temporary_role"]), width, WARNING)
    yield from listed("remove", removed_items(plan["remove"]), width)
    if plan["retain"]:
        yield from wrapped("retain", f"only if they can not be deleted: {', '.join(plan['retain'])}", width)
    yield from listed("leave", left_items(plan["left"]), width)


def _tasks(plan: Row) -> str:
    total = counted(task_count(plan), "ECS task")
    each = len(plan["stop"]) > 1 and all(row["tasks"] == 1 for row in plan["stop"])
    owners = [_owner(row, not each) for row in plan["stop"]]
    return f"{total}{', 1 each' if each else ''}: {', '.join(some(owners, OWNERS))}"


def _owner(row: Row, count: bool) -> str:
    odd = [f"{number} {status}" for status, number in row["statuses"].items() if status != "RUNNING"]
    name = row["service"] or f"{row['group'] or 'no group'} (no service)"
    states = list(row["statuses"]) if row["tasks"] == 1 and odd else odd
    return shortened(name + (f" {row['tasks']}" if count else "") + (f" ({', '.join(states)})" if odd else ""))


def _in_vain(stacks: Mapping[str, int]) -> str:
    names = [name if not minutes else f"{name} (for up to {minutes} min)" for name, minutes in stacks.items()]
    return (
        f"{', '.join(some(names))}: asked for once, as workshop_uncleared says, and will fail; what can go of it goes, "
        "and what holds it is as before"
    )


def role_words(role: Row) -> str:
    """The role that is made, with what, for which stacks."""
    return (
        f"{role['name']} is made with {', '.join(role['policies'])}, for {', '.join(some(role['stacks']))}, whose own "
        "is gone; it is removed after the run"
    )


def removed_items(leftovers: Sequence[Row]) -> Iterator[str]:
    """What a teardown removes, kind by kind."""
    for (name, of), several in groupby(leftovers, key=lambda row: (row["kind"], _type(row))):
        found = [shortened(row["name"]) for row in several]
        if len(found) <= AT_MOST and not of:
            yield from (f"{words.kind(name)} {text}" for text in found)
        else:
            yield f"{len(found)} {words.kind(name, len(found))}{of}: {', '.join(some(found))}"


def _type(row: Row) -> str:
    """Of what type a tagged resource is, and that it costs; empty for all other rows."""
    if not row.get("type"):
        return ""
    return f" of type {row['type']}{', which costs' if row['costs'] else ''}"


def left_items(left: Sequence[Row]) -> Iterator[str]:
    """What a teardown leaves, and why."""
    by_reason: dict[tuple[str, str, str], list[Row]] = {}
    for row in left:
        by_reason.setdefault((row["kind"], row["reason"], _type(row)), []).append(row)
    for (name, why, of), found in by_reason.items():
        names = ", ".join(some([shortened(row["name"]) for row in found]))
        how = [row["how_to_remove"] for row in found if row.get("how_to_remove")]
        command = f" ({how[0]})" if len(found) == 1 and how else ""
        yield f"{_several(name, len(found), of)} {names}: {shortened(why)}{command}"


def _several(name: str, number: int, of: str) -> str:
    return words.kind(name) + of if number == 1 else f"{number} {words.kind(name, number)}{of},"
