# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the stand-in workshop on the emulator, quickly, for tests. The rehearsal uses playbooks/deploy.yml."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .inventory import tasks_of
from .manifest import LAST_STEP, Stack, read_manifest

if TYPE_CHECKING:
    from tests.emulator import Emulator

PATIENCE = 120.0  # real seconds
SERVICE_LINKED_ROLE = "AWSServiceRoleForECS"


@dataclass(frozen=True)
class Workshop:
    """A workshop that has been deployed."""

    name: str
    step: int
    region: str | None
    stacks: tuple[str, ...]
    services: tuple[str, ...]
    xray_group: str | None


def deploy(
    emulator: Emulator,
    step: int = LAST_STEP,
    name: str = "cuddlekube",
    region: str | None = None,
    apis: Collection[str] | None = None,
) -> Workshop:
    """Create the workshop as it stands after a step; return when every stack is made and every service runs its task.

    region: None for the emulator's own. apis: those that it has, beside what all share; None for all. Raises
    TimeoutError or RuntimeError when that state is not reached.
    """
    manifest = read_manifest(name, step, creates_role=not _has_service_linked_role(emulator))
    cloudformation = emulator.client("cloudformation", region=region)
    stacks = [stack for stack in manifest.stacks if apis is None or stack.parameters.get("Api", "") in {"", *apis}]
    for wave in manifest.waves:
        made = [stack for stack in wave if stack in stacks]
        for stack in made:
            _create(cloudformation, stack)
        wait_for_stacks(cloudformation, [stack.name for stack in made])
    if manifest.xray_group:
        emulator.client("xray", region=region).create_group(
            GroupName=manifest.xray_group["name"], FilterExpression=manifest.xray_group["filter_expression"]
        )
    services = tuple(stack.parameters["Api"] for stack in stacks if stack.template == "service")
    wait_for_tasks(emulator.client("ecs", region=region), name, services)
    group = manifest.xray_group["name"] if manifest.xray_group else None
    return Workshop(name, step, region, tuple(stack.name for stack in stacks), services, group)


def wait_for_stacks(cloudformation: Any, names: list[str]) -> None:
    """Return when all of these stacks are created or updated; RuntimeError with the reason when one failed."""
    end = time.monotonic() + PATIENCE
    for name in names:
        while True:
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            if stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                break
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                raise RuntimeError(f"{name}: {stack['StackStatus']}: {stack.get('StackStatusReason')}")
            if time.monotonic() > end:
                raise TimeoutError(f"{name}: still {stack['StackStatus']}")
            time.sleep(0.05)


def wait_for_tasks(ecs: Any, cluster: str, services: tuple[str, ...]) -> None:
    """Return when each of these services runs the tasks it should, and those it replaced have stopped."""
    end = time.monotonic() + PATIENCE
    while waiting := _unsettled(ecs, cluster, services):
        if time.monotonic() > end:
            raise TimeoutError(f"services without their tasks, or with too many: {', '.join(waiting)}")
        time.sleep(0.05)


def _unsettled(ecs: Any, cluster: str, services: tuple[str, ...]) -> list[str]:
    expected = {f"service:{name}": ["RUNNING"] * count for name, count in _desired(ecs, cluster, services).items()}
    found: dict[str, list[str]] = {group: [] for group in expected}
    for task in tasks_of(ecs, cluster):
        if task["lastStatus"] != "STOPPED" and task["group"] in found:
            found[task["group"]].append(task["lastStatus"])
    return sorted(group for group, statuses in found.items() if statuses != expected[group])


def _desired(ecs: Any, cluster: str, services: tuple[str, ...]) -> dict[str, int]:
    # DescribeServices takes ten names:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    found: list[dict[str, Any]] = []
    for start in range(0, len(services), 10):
        found += ecs.describe_services(cluster=cluster, services=list(services[start : start + 10]))["services"]
    return {service["serviceName"]: service["desiredCount"] for service in found}


def _create(cloudformation: Any, stack: Stack) -> None:
    cloudformation.create_stack(
        StackName=stack.name,
        TemplateBody=stack.body,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )


def _has_service_linked_role(emulator: Emulator) -> bool:
    roles = emulator.client("iam").get_paginator("list_roles").paginate(PathPrefix="/aws-service-role/")
    return any(role["RoleName"] == SERVICE_LINKED_ROLE for page in roles for role in page["Roles"])
