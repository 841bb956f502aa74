# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a survey says about a workshop as a whole: used by the plan and by the status."""

from __future__ import annotations

from collections import Counter
from typing import Any
from typing import Collection
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import TAGGED
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.words import blind

Row = Mapping[str, Any]

#: Statuses of a stack about which there is nothing to say.
USUAL = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_SERVICE = "service:"


def rows(survey: Row, key: str) -> list[dict[str, Any]]:
    """A list of the survey; empty where it was not asked for."""
    return [dict(row) for row in survey.get(key) or []]


def overview(
    survey: Row, groups: Sequence[Row], workshop: str, remove: Collection[str], part: Row | None
) -> dict[str, Any]:
    """What plan and status both tell: where, since when, what goes besides the stacks, what is left, what is not seen.

    :param groups: C(stacks), names, of each stack group
    :param remove: the kinds of leftovers that go
    :param part: what the filter workshop_part returned, if any
    """
    there = [stack["name"] for stack in rows(survey, "stacks")]
    planned = {name for group in groups for name in group["stacks"]}
    leftovers = rows(survey, "leftovers")
    held = blockers(survey, planned.intersection(there))
    known = {
        "workshop": workshop,
        "part": is_part(part),
        **whereabouts(survey),
        "made": made(survey),
        "seen": survey.get("seen"),
        "near_names": list(survey.get("near_names") or []),
        "blockers": held,
        "stop": tasks(survey),
        "remove": [_leftover(row) for row in leftovers if not _why_kept(row, remove)],
        "left": [
            *({"kind": "stack", "name": row["name"], "reason": row["reason"]} for row in kept(survey, part)),
            *_unplanned(there, planned),
            *foreign(survey, planned.union(there)),
            *_services_of_others(survey, held),
            *_kept(leftovers, remove),
        ],
        "gaps": gaps(survey),
    }
    known["found"] = bool(planned.intersection(there) or known["stop"] or known["remove"])
    known["anything"] = known["found"] or bool(blind(known["gaps"]))
    return known


def is_part(part: Row | None) -> bool:
    """Whether it is not the whole workshop that is meant."""
    return bool(part) and not part["whole"]


def kept(survey: Row, part: Row | None) -> list[Row]:
    """The stacks of the workshop that are there, and not in the part that is meant."""
    there = survey.get("kept_stacks") or ()
    return [row for row in (part or {}).get("kept") or () if row["name"] in there]


def whereabouts(survey: Row) -> dict[str, Any]:
    """Account, its alias, region and caller; each C(None) if unknown.

    A caller who may not ask who it is still learns the account, from the ids of the stacks:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
    """
    caller = survey.get("caller") or {}
    ids = [str(stack["stack_id"]).split(":") for stack in rows(survey, "stacks") if stack.get("stack_id")]
    return {
        "account": caller.get("account") or next((parts[4] for parts in ids if len(parts) > 5), None),
        "account_alias": caller.get("account_alias"),
        "region": survey.get("region"),
        "caller": caller.get("arn"),
    }


def made(survey: Row) -> str | None:
    """When the first of the stacks was made."""
    return min((stack["creation_time"] for stack in rows(survey, "stacks") if stack.get("creation_time")), default=None)


def inventory(survey: Row) -> dict[str, list[dict[str, Any]] | None]:
    """What each stack has, by the id of the stack; C(None) where that could not be read."""
    return {entry["stack_id"]: entry["resources"] for entry in rows(survey, "inventory")}


def blockers(survey: Row, names: Collection[str]) -> list[dict[str, Any]]:
    """What keeps one of these stacks from going; what is sure to do so first."""
    held = [row for row in rows(survey, "blockers") if row["stack_name"] in names]
    return sorted(held, key=lambda row: not row["certain"])


def gaps(survey: Row) -> list[dict[str, Any]]:
    """What could not be looked at."""
    return rows(survey, "gaps")


def tasks(survey: Row) -> list[dict[str, Any]]:
    """The tasks of the workshop that have not ended, by what they belong to: a service, or C(None) and their group.

    Where tasks may not be looked at, what the services say of themselves has to do.
    """
    found: dict[str, Counter[str]] = {}
    for task in rows(survey, "tasks"):
        if task["stack_name"] is None:
            continue
        found.setdefault(task.get("group") or "", Counter())[task["last_status"]] += 1
    for service in rows(survey, "services"):
        group = _SERVICE + service["name"]
        if service["stack_name"] is None:
            continue
        if group not in found and _tasks_are_hidden(survey):
            counts = {"RUNNING": service["running_count"], "PENDING": service["pending_count"]}
            if any(counts.values()):
                found[group] = Counter({status: count for status, count in counts.items() if count})
    return [
        {
            "group": group,
            "service": group.removeprefix(_SERVICE) if group.startswith(_SERVICE) else None,
            "tasks": sum(statuses.values()),
            "statuses": dict(sorted(statuses.items())),
        }
        for group, statuses in sorted(found.items(), key=lambda item: (not item[0].startswith(_SERVICE), item[0]))
    ]


def _tasks_are_hidden(survey: Row) -> bool:
    return any(gap["action"] in ("ecs:ListTasks", "ecs:DescribeTasks") for gap in gaps(survey))


def foreign(survey: Row, names: Collection[str]) -> list[dict[str, str]]:
    """What is there and not of this workshop: stacks of the same prefix, and what stacks of others own.

    :param names: the stacks of this workshop
    """
    return [
        {"kind": "stack", "name": name, "reason": "not a stack of this workshop"}
        for name in survey.get("other_stacks") or []
    ] + [
        {"kind": row["kind"], "name": row["name"], "reason": f"part of the stack {row['stack_name']}"}
        for row in rows(survey, "owned")
        if row["stack_name"] not in names
    ]


def _services_of_others(survey: Row, held: Sequence[Row]) -> list[dict[str, str]]:
    """Services in the workshop's clusters that are not its, but for those that are told as blockers."""
    told = {row["id"] for row in held}
    return [
        {"kind": "ecs_service", "name": row["name"], "reason": f"of {owner(row)}"}
        for row in rows(survey, "services")
        if row["stack_name"] is None and row["arn"] not in told
    ]


def owner(row: Row) -> str:
    """The stack that something belongs to that is not of the workshop."""
    return f"the stack {row['owner']}" if row["owner"] else "no stack of this workshop"


def _leftover(row: Row) -> dict[str, Any]:
    return {"kind": row["kind"], "name": row["name"], "id": row["id"], **_told_of_tagged(row)}


def _told_of_tagged(row: Row) -> dict[str, Any]:
    """What else is told of what bears the workshop's tags."""
    keys = ("type", "costs", "how_to_remove")
    return {key: row["details"].get(key) for key in keys} if row["kind"] == TAGGED else {}


def _unplanned(there: Sequence[str], planned: set[str]) -> list[dict[str, str]]:
    return [{"kind": "stack", "name": name, "reason": "in no stack group"} for name in there if name not in planned]


def _kept(leftovers: Sequence[Row], remove: Collection[str]) -> list[dict[str, Any]]:
    return [
        {"kind": row["kind"], "name": row["name"], "reason": reason, **_told_of_tagged(row)}
        for row in leftovers
        if (reason := _why_kept(row, remove))
    ]


def _why_kept(row: Row, remove: Collection[str]) -> str:
    kind, details = row["kind"], row["details"]
    unnamed = "" if kind in remove else f"workshop_leftovers does not name {kind}"
    return details.get("kept") or details.get("by_hand") or unnamed
