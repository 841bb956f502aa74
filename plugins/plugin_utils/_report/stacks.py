# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What became of the stacks, their groups and phases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import iso
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment

Row = dict[str, Any]

WENT = frozenset(("gone", "absent"))
BROKEN = frozenset(("failed", "refused", "protected", "timed_out"))


def stacks(
    groups: Sequence[Row],
    rows: Iterable[Row],
    found: Mapping[str, Row],
    blind: bool,
    planned: Mapping[str, str] | None = None,
) -> list[Row]:
    """Every stack of the workshop, in the order of the groups.

    :param rows: results of cloudformation_stacks; of several with one name the last counts, with the earliest begin
    :param found: the stacks of the last look, by name
    :param blind: whether the last look could not see all stacks
    :param planned: ids of the stacks that were confirmed, by name; None if that is not known
    """
    done: dict[str, Row] = {}
    for row in rows:
        before = done.get(row["name"], {})
        done[row["name"]] = {**row, "began_at": before.get("began_at") or row.get("began_at")}
    places = {name: (entry["group"], entry.get("phase")) for entry in groups for name in entry.get("stacks") or []}
    phases = {entry["group"]: entry.get("phase") for entry in groups}
    for name in [*done, *found]:
        group = str(done.get(name, {}).get("group") or "")
        places.setdefault(name, (group, phases.get(group)))
    return [
        {**row, "appeared": planned is not None and _appeared(row, planned)}
        for row in (_stack(name, place, done.get(name), found.get(name), blind) for name, place in places.items())
    ]


def _appeared(stack: Row, planned: Mapping[str, str]) -> bool:
    """Whether it was made after the plan was confirmed."""
    return stack["there"] is True and planned.get(stack["name"]) != stack["stack_id"]


def _stack(name: str, place: tuple[str, int | None], row: Row | None, seen: Row | None, blind: bool) -> Row:
    there = True if seen else (None if blind else False)
    row, now = row or {}, seen or {}
    began = moment(row.get("began_at"))
    seconds = round(float(row.get("seconds") or 0), 1)
    return {
        "name": name,
        "group": place[0],
        "phase": place[1],
        "stack_id": now.get("stack_id") or row.get("stack_id"),
        "status_before": row.get("status_before"),
        "status": now.get("status") or row.get("status"),
        "outcome": row.get("outcome") or {True: "left", False: "absent", None: "unknown"}[there],
        "there": there,
        "termination_protection": now.get("termination_protection"),
        "reason": row.get("reason") or now.get("status_reason") or "",
        "began": iso(began),
        "ended": iso(began + timedelta(seconds=seconds)) if began else None,
        "seconds": seconds,
        "failed_resources": [_resource(item) for item in row.get("failed_resources") or []],
        "retained_resources": _retained(row),
    }


def _retained(row: Row) -> list[Row] | None:
    """None where it could not be read what a stack left behind."""
    items = row.get("retained_resources", [])
    return None if items is None else [_resource(item) for item in items]


def _resource(item: Row) -> Row:
    return {key: item.get(key) or "" for key in ("logical_id", "physical_id", "type", "status", "reason")}


def is_left(stack: Row) -> bool:
    """Whether the stack is there, or may be there for all that is known of its deletion."""
    return stack["there"] is True or (stack["there"] is None and stack["outcome"] not in {*WENT, "unknown"})


def is_unseen(stack: Row) -> bool:
    """Whether nobody has looked at it, so that nothing can be said of it."""
    return stack["there"] is None and stack["outcome"] == "unknown"


def was_there(stack: Row) -> bool:
    """Whether it was there at any time, or may have been for all that is known."""
    return stack["outcome"] != "absent" or is_left(stack)


def group_rows(groups: Sequence[Row], stack_rows: Sequence[Row], failed: Mapping[str, str]) -> list[Row]:
    """The groups in order, then those that only appear in rows."""
    phases = {entry["group"]: entry.get("phase") for entry in groups}
    for stack in stack_rows:
        phases.setdefault(stack["group"], None)
    result = []
    for name, phase in phases.items():
        members = [stack for stack in stack_rows if stack["group"] == name]
        span = _span(members)
        result.append(
            {
                "group": name,
                "phase": phase,
                "outcome": _outcome(members, name in failed),
                "stacks": [stack["name"] for stack in members],
                "gone": sum(was_there(stack) and not is_left(stack) and not is_unseen(stack) for stack in members),
                "left": sum(is_left(stack) for stack in members),
                **span,
                "reason": failed.get(name) or _first_reason(members),
            }
        )
    return result


def phase_rows(group_list: Sequence[Row]) -> list[Row]:
    """The phases with their groups, by number; groups without a phase are in none."""
    numbers = sorted({group["phase"] for group in group_list if group["phase"] is not None})
    return [
        {"phase": number, "groups": [group["group"] for group in members], **_span(members)}
        for number in numbers
        for members in [[group for group in group_list if group["phase"] == number]]
    ]


def _outcome(members: Sequence[Row], failed: bool) -> str:
    if failed or any(is_left(stack) and stack["outcome"] in BROKEN for stack in members):
        return "failed"
    left = [stack for stack in members if is_left(stack)]
    if any(stack["outcome"] == "skipped" for stack in left):
        return "skipped"
    if left:
        return "left"
    if any(is_unseen(stack) for stack in members):
        return "unknown"
    return "gone" if any(was_there(stack) for stack in members) else "absent"


def _first_reason(members: Sequence[Row]) -> str:
    """Why a group did not go, in the words of the first of its stacks that failed, or else was skipped."""
    for outcomes in (BROKEN, {"skipped"}):
        for stack in members:
            if is_left(stack) and stack["outcome"] in outcomes and stack["reason"]:
                return f"{stack['name']}: {stack['reason']}"
    return ""


def _span(rows: Sequence[Row]) -> Row:
    began = min((row["began"] for row in rows if row["began"]), default=None)
    ended = max((row["ended"] for row in rows if row["ended"]), default=None)
    start, end = moment(began), moment(ended)
    return {
        "began": began,
        "ended": ended,
        "seconds": round((end - start).total_seconds(), 1) if start and end else 0.0,
    }
