# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a teardown would do, as data, from what a survey found. No AWS, no terminal."""

from __future__ import annotations

from collections import Counter
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import DELETE_COMPLETE
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.service_roles import ROLE
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import facts
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.order import order_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed


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
) -> dict[str, Any]:
    """The plan, as the module workshop_plan documents it.

    :param survey: the result of workshop_info
    :param groups: C(group), C(phase), C(stacks) (names) and C(settings), by these names, of each stack group
    :param part: what the filter workshop_part returned, where C(groups) is not the whole workshop
    :param order: the result of cloudformation_stacks_info, if the order was found by it
    :param remove: the kinds of leftovers that go
    :param role_arn: with which CloudFormation deletes the stacks, whatever role is theirs
    """
    there = {stack["name"]: stack for stack in facts.rows(survey, "stacks")}
    planned = {name for group in groups for name in group["stacks"]}
    settings = {name: row for group in groups for name, row in group.get("settings", {}).items() if name in there}
    protected = [name for name in there if name in planned and there[name].get("termination_protection")]
    unprotect = _said(settings, "unprotect", disable_termination_protection)
    retain = _said(settings, "retain", retain_on_failure)
    overview = facts.overview(survey, groups, workshop, remove, part)
    return {
        **overview,
        "blockers": [row for row in overview["blockers"] if not (role_arn and row["type"] == ROLE and _is_own(row))],
        "phases": _phases(groups, there, facts.inventory(survey)),
        "order": order_of(order, planned) if order else None,
        "retain": list(dict.fromkeys(pattern for name in there if name in planned for pattern in retain(name))),
        "kept_holds": [
            {"name": row["name"], "group": row["group"], "holds": [name for name in row["holds"] if name in there]}
            for row in facts.kept(survey, part)
            if any(name in there for name in row["holds"])
        ],
        "protected": protected,
        "unprotect": [name for name in protected if unprotect(name)],
    }


def protection_problem(plan: Row, allowed: bool = False) -> str:
    """Why the protection of stacks, or of resources in them, keeps the teardown from beginning; empty if it does not.

    :param allowed: whether it may be switched off, where nothing else is said of a stack
    """
    return " ".join(filter(None, [_protected_stacks(plan, allowed), _protected_resources(plan)]))


def _protected_resources(plan: Row) -> str:
    """Nobody but their owner lifts these: what stands behind them, a table's data, is not in the stack's template."""
    own = [row for row in plan["blockers"] if _is_own(row) and row["certain"] and row["how_to_remove"]]
    told = [f"{row['stack_name']}: {row['reason']} To lift it: {row['how_to_remove']}" for row in own]
    return " ".join(told)


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
