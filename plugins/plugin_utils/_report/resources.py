# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What became of the resources of stacks that are gone: each one that was looked up, and each that could not be."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import Any
from typing import Collection
from typing import Iterable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import how_to_remove
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource

Row = dict[str, Any]
Key = tuple[str, str]

SERVICE = "AWS::ECS::Service"
NO_LOOK = "resources of this type cannot be looked up"
NOT_SEEN = "it could not be looked up"


class MayStay:
    """The types whose resources may stay when their stack is gone.

    :param everywhere: patterns of types
    :param groups: stack groups with C(settings), whose C(retain) holds over ``retain`` for one stack
    """

    def __init__(self, everywhere: Iterable[str], retain: Iterable[str], groups: Iterable[Mapping[str, Any]]) -> None:
        self._everywhere = tuple(everywhere)
        self._retain = tuple(retain)
        self._own = {name: row for group in groups for name, row in (group.get("settings") or {}).items()}

    def __call__(self, row: Row) -> bool:
        own = self._own.get(row["stack_name"], {}).get("retain")
        patterns = (*self._everywhere, *(self._retain if own is None else own))
        return any(fnmatchcase(row["type"], pattern) for pattern in patterns)


def resources(
    survey: Mapping[str, Any], stack_rows: Sequence[Row], live: Collection[str], may_stay: MayStay, region: str
) -> dict[str, list[Row]]:
    """C(left_behind), what is there and should not be; C(retained), what may stay; C(not_looked_up); and C(looked_up),
    by type how many there are of each, and how many were seen to be absent.

    :param survey: the last look
    :param stack_rows: the stacks of the report, which know why they left something behind
    :param live: names of stacks that are there
    """
    inventory = [entry for entry in survey.get("inventory") or [] if not entry.get("live")]
    known = {_key(row): row for entry in inventory for row in entry.get("resources") or []}
    told = {
        (stack["name"], *_key(row)): {"stack_name": stack["name"], "stack_id": stack["stack_id"], **row}
        for stack in stack_rows
        for row in stack["retained_resources"] or []
    }
    seen = [*_remaining(survey, told), *_services(survey, live)]
    rows: dict[tuple[str, str, str], Row] = {}
    for item in seen:
        key = (str(item.get("stack_name") or ""), *_key(item))
        rows.setdefault(key, _row({**known.get(_key(item), {}), **told.get(key, {}), **item}, region))
    unknown = [
        (_row({**known.get(_key(item), {}), **told.get((item["stack_name"], *_key(item)), {}), **item}, region), item)
        for item in survey.get("not_looked_up") or []
    ]
    kept = [row for row, _item in unknown if row["status"] == "DELETE_SKIPPED" and may_stay(row)]
    unseen = [_unseen(row, item.get("why") or NO_LOOK) for row, item in unknown if row not in kept]
    retained = [row for row in rows.values() if may_stay(row)] + kept
    others = [row for row in rows.values() if not may_stay(row)]
    return {
        "left_behind": [row for row in others if row["present"]],
        "retained": retained,
        "not_looked_up": unseen + [_unseen(row, NOT_SEEN) for row in others if not row["present"]],
        "looked_up": _looked_up(survey, known, [*rows.values(), *kept], unseen),
    }


def _key(row: Mapping[str, Any]) -> Key:
    return str(row.get("type") or ""), str(row.get("physical_id") or row.get("logical_id") or "")


def _looked(survey: Mapping[str, Any]) -> bool:
    """Whether the last look went through all that the deleted stacks had."""
    return "remaining_resources" in survey and survey.get("verified") is not False


def _remaining(survey: Mapping[str, Any], told: Mapping[tuple[str, str, str], Row]) -> list[Row]:
    """What the last look says is there, or may be. Without such a look, what the deletion says it left behind."""
    if _looked(survey):
        return list(survey["remaining_resources"])
    return [{**row, "present": None} for row in told.values()]


def _services(survey: Mapping[str, Any], live: Collection[str]) -> list[Row]:
    """ECS services whose stack is gone. One that is INACTIVE is not in a survey."""
    return [
        {
            "stack_name": item["stack_name"],
            "type": SERVICE,
            "physical_id": item["arn"],
            "status": item.get("status"),
            "present": True,
        }
        for item in survey.get("services") or []
        if item.get("stack_name") and item["stack_name"] not in live
    ]


def _row(item: Row, region: str) -> Row:
    plain = {key: str(item.get(key) or "") for key in ("stack_name", "logical_id", "type", "physical_id", "status")}
    return {
        "stack_name": plain["stack_name"],
        "stack_id": item.get("stack_id"),
        "logical_id": plain["logical_id"],
        "physical_id": plain["physical_id"],
        "type": plain["type"],
        "status": plain["status"],
        "reason": _reason(f"stack {plain['stack_name']}", plain["status"], str(item.get("reason") or "")),
        "present": item.get("present"),
        "how_to_remove": item.get("how_to_remove")
        or how_to_remove(Resource(plain["type"], plain["physical_id"]), region),
    }


def _unseen(row: Row, reason: str) -> Row:
    kept = row["status"] == "DELETE_SKIPPED"
    return {
        "stack_name": row["stack_name"],
        "logical_id": row["logical_id"],
        "type": row["type"],
        "physical_id": row["physical_id"],
        "status": row["status"],
        "reason": f"{reason}; {row['reason']}" if kept else reason,
        "how_to_remove": row["how_to_remove"],
    }


def _reason(stack: str, status: str, told: str) -> str:
    """Why something is there: what the deletion told of it, or else what follows from its last status in its stack, or
    that of a service."""
    if told:
        return f"{stack} left it behind: {told}"
    return {
        "": f"{stack} is gone",
        "DELETE_SKIPPED": f"{stack} kept it, by a DeletionPolicy or because it could not be deleted",
        "DELETE_COMPLETE": f"{stack} deleted it, and it is there again",
        "DELETE_FAILED": f"{stack} could not delete it",
    }.get(status, f"{stack} is gone, and did not delete it")


def _looked_up(
    survey: Mapping[str, Any], known: Mapping[Key, Row], rows: Iterable[Row], unseen: Iterable[Row]
) -> list[Row]:
    """By type. Nothing without a look that says what remains."""
    if not _looked(survey):
        return []
    entries = survey.get("inventory") or []
    live = {_key(row) for entry in entries if entry.get("live") for row in entry.get("resources") or []}
    asked = {key for key, row in known.items() if row.get("physical_id")} - live
    present = {_key(row): row["present"] for row in rows}
    owned = {(row["kind"], row["id"]) for row in survey.get("owned") or []}
    asked -= owned | {_key(row) for row in unseen} | {key for key, there in present.items() if there is None}
    every = Counter(kind for kind, _name in asked)
    absent = Counter(kind for kind, name in asked if (kind, name) not in present)
    return [{"type": kind, "looked_up": every[kind], "absent": absent[kind]} for kind in sorted(every)]
