# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a teardown would do, as data, from what a survey found. No AWS, no terminal."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import FAIL
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import GO_ON
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreed_to
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import called
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import is_protection
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Amount
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import added
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import last_part
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import TAGGED
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import is_temporary
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import role_name
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import DELETE_COMPLETE
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.service_roles import ROLE
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import facts
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.order import order_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import service_settings
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed

NAMED = 8  # things that hold stacks that a refusal names
PROTECTED = 3  # resources that the question names


def build_plan(
    survey: Row,
    groups: Sequence[Row],
    *,
    workshop: str,
    part: Row | None = None,
    order: Row | None = None,
    remove: Sequence[str] = (),
    retain_on_failure: Sequence[str] = (),
    disable_termination_protection: bool = False,
    role_arn: str | None = None,
    temporary_role: Row | None = None,
    clear: Sequence[str] = (),
    uncleared: str = FAIL,
) -> dict[str, Any]:
    """The plan, as the module workshop_plan documents it.

    :param survey: the result of workshop_info
    :param groups: C(group), C(phase), C(stacks) (names) and, by these names, C(settings) and what each comes C(after),
        of each stack group
    :param part: what the filter workshop_part returned, where C(groups) is not the whole workshop
    :param order: the result of cloudformation_stacks_info, if the order was found by it
    :param remove: the kinds of leftovers that go
    :param role_arn: with which CloudFormation deletes the stacks, whatever role is theirs
    :param temporary_role: C(create), C(name) and C(policies) of the one for those whose own is gone
    :param clear: types of resources of which what holds them is cleared, patterns of these, or C(all)
    :param uncleared: what becomes of stacks that something else holds
    """
    there = {stack["name"]: stack for stack in facts.rows(survey, "stacks")}
    planned = {name for group in groups for name in group["stacks"]}
    settings = {name: row for group in groups for name, row in group.get("settings", {}).items() if name in there}
    protected = [name for name in there if name in planned and there[name].get("termination_protection")]
    unprotect = _said(settings, "unprotect", disable_termination_protection)
    retain = _said(settings, "retain", retain_on_failure)
    overview = facts.overview(survey, groups, workshop, remove, part)
    agreed = agreed_to(clear)
    made = _made_role(overview, there, planned, None if role_arn else temporary_role)
    held = [
        {**row, "agreed": bool(row.get("clear")) and row["clear"] in agreed}
        for row in overview["blockers"]
        if not ((role_arn or made) and _lacks_its_role(row))
    ]
    overview["left"] += [] if made or role_arn else _left_roles(there, planned)
    return {
        **overview,
        "blockers": held,
        "temporary_role": made,
        "blockers_gaps": facts.rows(survey, "blockers_gaps"),
        "clear": list(clear),
        "uncleared": uncleared,
        **_passed_over(held, groups, there, uncleared),
        "phases": _phases(groups, there, facts.inventory(survey)),
        "order": order_of(order, planned) if order else None,
        "retain": list(dict.fromkeys(pattern for name in there if name in planned for pattern in retain(name))),
        "ecs_service_settings": service_settings(survey),
        "kept_holds": [
            {"name": row["name"], "group": row["group"], "holds": [name for name in row["holds"] if name in there]}
            for row in facts.kept(survey, part)
            if any(name in there for name in row["holds"])
        ],
        "protected": protected,
        "unprotect": [name for name in protected if unprotect(name)],
    }


def _passed_over(held: Sequence[Row], groups: Sequence[Row], there: Collection[str], uncleared: str) -> dict[str, Any]:
    """Where a run goes on in spite of what holds stacks: which of them fail, which are skipped since they come after
    these, and which types would have to be cleared for none to."""
    rows = [row for row in held if uncleared == GO_ON and row["certain"] and not row["agreed"]]
    fail = list(dict.fromkeys(row["stack_name"] for row in rows))
    after = {name: set(names) for group in groups for name, names in group.get("after", {}).items()}
    skipped: set[str] = set()
    while behind := {name for name in there if after.get(name, set()) & {*fail, *skipped}} - {*fail, *skipped}:
        skipped |= behind
    return {
        "left_to_fail": fail,
        "skipped": [name for name in there if name in skipped],
        "to_clear": list(dict.fromkeys(row["clear"] for row in rows if row.get("clear"))),
    }


def protection_problem(plan: Row, allowed: bool = False) -> str:
    """Why the protection of stacks, or of resources in them, keeps the teardown from beginning; empty if it does not.

    :param allowed: whether it may be switched off, where nothing else is said of a stack
    """
    return " ".join(filter(None, [_protected_stacks(plan, allowed), _held_by_their_own(plan)]))


def _held_by_their_own(plan: Row) -> str:
    """What stands behind a protection, a table's data, is not in the stack's template, and neither is what is in a
    bucket: nobody but their owner gives it up."""
    own = [
        row
        for row in plan["blockers"]
        if _is_own(row) and row["certain"] and (row["how_to_remove"] or row.get("clear")) and not row["agreed"]
    ]
    if not own or plan["uncleared"] == GO_ON:
        return ""
    told = [f"{row['stack_name']}: {_reason(row)}" for row in own[:NAMED]]
    if len(own) > NAMED:
        told.append(f"And by {len(own) - NAMED} more.")
    types = list(dict.fromkeys(row["clear"] for row in own if row.get("clear")))
    if types:
        variable = json.dumps({"workshop_clear": [*plan["clear"], *types]})
        told.append(f"To have it cleared, and lose it: -e '{variable}'.")
    told.append("To go on, and see these stacks fail: -e workshop_uncleared=go_on.")
    return " ".join(told)


def _reason(row: Row) -> str:
    """In brackets: what follows would be taken for a part of the command."""
    command = row["how_to_remove"]
    return f"{row['reason'].rstrip('.')} (to lift it: {command})." if command else row["reason"]


def in_vain(plan: Row) -> dict[str, int]:
    """The stacks that are asked for although they are sure to fail, each with the minutes that CloudFormation tries; 0
    for a few."""
    if plan["uncleared"] != GO_ON:
        return {}
    found: dict[str, int] = {}
    for row in plan["blockers"]:
        if _is_own(row) and row["certain"] and row.get("clear") and not row["agreed"]:
            clearing = TYPES[row["clear"]].clearing if row["clear"] in TYPES else None
            minutes = clearing.in_vain if clearing and not is_protection(row) else 0
            found[row["stack_name"]] = max(minutes, found.get(row["stack_name"], 0))
    return found


def clears(plan: Row) -> str:
    """What is cleared, and lost, in a few words; empty if nothing is."""
    agreed = [row for row in plan["blockers"] if row["agreed"]]
    safe = [f"the protected {called(Resource(row['type'], row['id']))}" for row in agreed if is_protection(row)]
    others = [row for row in agreed if not is_protection(row)]
    told = safe if len(safe) <= PROTECTED else [f"{len(safe)} protected resources"]
    told += [str(amount) for amount in added(Amount(**item) for row in others for item in row["amounts"])]
    told += [f"what holds {called(Resource(row['type'], row['id']))}" for row in agreed if not row["amounts"]]
    return listed(told[:-1]) + " and " + told[-1] if len(told) > 1 else "".join(told)


def tagged(plan: Row) -> str:
    """How much goes of what bears the workshop's tags and no stack owns, in a few words; empty if nothing does."""
    types = Counter(row["type"] for row in plan["remove"] if row["kind"] == TAGGED)
    return ", ".join(f"{number} {name}" for name, number in sorted(types.items()))


def _protected_stacks(plan: Row, allowed: bool) -> str:
    closed = [name for name in plan["protected"] if name not in plan["unprotect"]]
    if not closed:
        return ""
    advice = (
        "It is not switched off for their groups: see GROUP_disable_termination_protection."
        if allowed
        else "To delete protected stacks too, add -e workshop_disable_termination_protection=true."
    )
    return f"Termination protection is on for {', '.join(closed)}. {advice}"


def part_problem(plan: Row) -> str:
    """Why a part can not go while the rest stands; empty if it can."""
    held = {name: [row for row in plan["kept_holds"] if name in row["holds"]]
            for row in plan["kept_holds"] for name in row["holds"]}  # fmt: skip
    if not held:
        return ""
    told = [f"{name}, which comes after {listed([row['name'] for row in rows])}" for name, rows in held.items()]
    groups = ", ".join(dict.fromkeys(row["group"] for row in plan["kept_holds"]))
    return f"What workshop_only does not name would hold {'; and '.join(told)}. Name as well: {groups}."


def absence_problem(plan: Row) -> str:
    """Why there can be no teardown of a workshop that was never seen; empty if it was, or nobody knows."""
    if plan["seen"] is not False:
        return ""
    return (
        f"{plan['workshop']} was {words.never_seen(plan)} If it may be absent, add -e workshop_may_be_absent=true."
    )


def stack_count(plan: Row) -> int:
    return sum(len(group["stacks"]) for phase in plan["phases"] for group in phase["groups"])


def task_count(plan: Row) -> int:
    return sum(row["tasks"] for row in plan["stop"])


def _made_role(
    overview: Row, there: Mapping[str, Row], planned: Collection[str], given: Row | None
) -> dict[str, Any] | None:
    """The role that is made, and for which stacks; None if none is needed."""
    if not given or not given["create"]:
        return None
    lost = {row["stack_name"] for row in overview["blockers"] if _lacks_its_role(row)}
    stacks = [name for name in there if name in planned and (name in lost or _has_left_role(there[name]))]
    if not stacks:
        return None
    name = role_name(given["name"], str(overview["region"]))
    return {"name": name, "policies": list(given["policies"]), "stacks": stacks}


def _left_roles(there: Mapping[str, Row], planned: Collection[str]) -> list[dict[str, str]]:
    """Those that earlier runs have made for themselves, and could not remove."""
    arns = {row["role_arn"] for name, row in there.items() if name in planned and _has_left_role(row)}
    reason = "made for an earlier run, which could not remove it: workshop_role_create has this one do that"
    return [{"kind": "role", "name": last_part(arn), "reason": reason} for arn in sorted(arns)]


def _has_left_role(stack: Row) -> bool:
    return is_temporary(stack.get("role_arn") or "")


def _lacks_its_role(row: Row) -> bool:
    return bool(row["type"] == ROLE and _is_own(row) and not row["how_to_remove"] and not row.get("clear"))


def _is_own(row: Row) -> bool:
    """Whether a blocker is of the stack itself."""
    return bool(row["owner"] == row["stack_name"])


def _said(settings: Mapping[str, Row], key: str, default: Any) -> Callable[[str], Any]:
    """What holds for a stack: what its own row says, or the default."""

    def said(name: str) -> Any:
        own = settings.get(name, {}).get(key)
        return default if own is None else own

    return said


def _phases(
    groups: Sequence[Row], there: dict[str, dict[str, Any]], owned: Mapping[str, Any]
) -> list[dict[str, Any]]:
    phases: dict[int, list[dict[str, Any]]] = {}
    for group in sorted(groups, key=lambda group: int(group["phase"])):
        stacks = [_stack(there[name], owned) for name in group["stacks"] if name in there]
        if stacks:
            phases.setdefault(int(group["phase"]), []).append({"group": group["group"], "stacks": stacks})
    return [{"phase": number, "groups": found} for number, found in phases.items()]


def _stack(stack: Row, owned: Mapping[str, Any]) -> dict[str, Any]:
    resources = owned.get(stack["stack_id"])
    return {
        "name": stack["name"],
        "stack_id": stack["stack_id"],
        "status": stack["status"],
        "status_reason": stack.get("status_reason") or None,
        "protected": bool(stack.get("termination_protection")),
        "creation_time": stack.get("creation_time"),
        "contains": (
            None
            if resources is None
            else dict(sorted(Counter(row["type"] for row in resources if row["status"] != DELETE_COMPLETE).items()))
        ),
    }
