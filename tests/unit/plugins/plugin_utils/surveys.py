# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys as workshop_info returns them, for the tests of the plan and of the status."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

APIS = (
    "register-api-new",
    "validate-api",
    "register-api",
    "public-site",
    "order-api",
    "list-api",
    "happiness-api",
    "feed-api",
)
NAME = "cuddlekube"
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
REMOVE = ("log_group", "xray_group", "xray_sampling_rule", "cloud_map_instance")


def groups() -> list[dict[str, Any]]:
    single = [("cloud_map", 2, "cloudmap"), ("alb", 2, "alb"), ("ecs_cluster", 2, "ecs"), ("vpc", 3, "vpc")]
    return [
        {"group": "ecs_services", "phase": 1, "stacks": [f"{NAME}-service-{api}" for api in APIS]},
        {"group": "app_mesh", "phase": 1, "stacks": [f"{NAME}-appmesh-structure", f"{NAME}-appmesh"]},
        {"group": "task_definitions", "phase": 1, "stacks": [f"{NAME}-task-{api}" for api in APIS]},
        {"group": "dynamodb", "phase": 1, "stacks": [f"{NAME}-dynamodb"]},
        *({"group": group, "phase": phase, "stacks": [f"{NAME}-{stack}"]} for group, phase, stack in single),
        {"group": "logs", "phase": 4, "stacks": [f"{NAME}-logs"]},
    ]


def stack(name: str, status: str = "CREATE_COMPLETE", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "stack_id": f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/8a3a97c0",
        "status": status,
        "status_reason": None,
        "termination_protection": False,
        "creation_time": "2026-11-20T08:00:00+00:00",
        "last_updated_time": None,
        "outputs": {},
        **more,
    }


def service(
    name: str, status: str = "ACTIVE", desired: int = 1, running: int = 1, pending: int = 0, owner: str | None = None
) -> dict[str, Any]:
    """``owner``: the stack of others that it belongs to, C('') for none; None for the workshop's own."""
    counts = {"desired_count": desired, "running_count": running, "pending_count": pending}
    return {"name": name, "status": status, **counts, "arn": f"arn:{name}", **_owned(name, owner)}


def _owned(name: str, owner: str | None) -> dict[str, str | None]:
    ours = owner is None
    return {"cluster": NAME, "stack_name": f"{NAME}-service-{name}" if ours else None, "owner": owner or None}


def task(group: str, last_status: str = "RUNNING", ours: bool = True) -> dict[str, Any]:
    arn = f"arn:aws:ecs:eu-central-1:123456789012:task/{NAME}/{abs(hash(group)):032x}"
    return {"task_arn": arn, "group": group, "last_status": last_status, "desired_status": "RUNNING",
            "cluster": NAME, "stack_name": f"{NAME}-ecs" if ours else None}  # fmt: skip


def leftover(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "id": name, "service_id": None, "details": {}, **more}


def blocker(stack_name: str, type_: str, id_: str, **more: Any) -> dict[str, Any]:
    """Something made by hand that is sure to hold a stack."""
    return {"stack_name": stack_name, "type": type_, "id": id_, "name": id_, "owner": None, "reason": "It is in use.",
            "certain": True, "how_to_remove": f"aws remove {id_}", **more}  # fmt: skip


def entry(name: str, *types: str, **more: Any) -> dict[str, Any]:
    """What a live stack has: a resource of each of these types."""
    resources = [
        {"logical_id": f"R{number}", "type": type_, "physical_id": f"{name}-{number}", "status": "CREATE_COMPLETE"}
        for number, type_ in enumerate(types)
    ]
    return {"name": name, "stack_id": stack(name)["stack_id"], "live": True, "deletion_time": None,
            "resources": resources, **more}  # fmt: skip


def gap(action: str) -> dict[str, str]:
    return {"action": action, "message": f"User is not authorized to perform {action}"}


def survey(**changed: Any) -> dict[str, Any]:
    """A whole workshop, but for what is given."""
    arn = "arn:aws:sts::123456789012:assumed-role/Teacher/anna"
    return {
        "caller": {"account": "123456789012", "account_alias": "sandbox", "arn": arn, "user_id": "AROA:anna"},
        "region": "eu-central-1",
        "stacks": [stack(name) for group in groups() for name in group["stacks"]],
        "other_stacks": [],
        "inventory": [],
        "seen": True,
        "near_names": [],
        "blockers": [],
        "services": [service(api) for api in sorted(APIS)],
        "tasks": [task(f"service:{api}") for api in sorted(APIS)],
        "leftovers": [
            leftover("log_group", f"/aws/ecs/containerinsights/{NAME}/performance"),
            leftover("xray_group", "cuddle-kube"),
        ],
        "owned": [],
        "gaps": [],
        **changed,
    }


def empty(**changed: Any) -> dict[str, Any]:
    """An account without a workshop, but for what is given."""
    return survey(**{"stacks": [], "services": [], "tasks": [], "leftovers": [], **changed})
