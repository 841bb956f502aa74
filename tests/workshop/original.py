# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys the original workshop from a clone of https://github.com/cuddlekube/workshop, in the order of its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .deployment import Workshop, wait_for_stacks, wait_for_tasks
from .manifest import LAST_STEP, read_manifest

if TYPE_CHECKING:
    from tests.emulator import Emulator

NAME = "cuddlekube"
APIS = ("feed-api", "happiness-api", "list-api", "order-api", "public-site", "register-api", "validate-api")
NEW_API = "register-api-new"


@dataclass(frozen=True)
class Move:
    """One create-stack or update-stack of the workshop's pages: paths in the clone, without .yml and -params.json."""

    stack: str
    template: str
    parameters: str

    def arguments(self, source: Path) -> dict[str, Any]:
        """What create_stack and update_stack take."""
        return {
            "StackName": f"{NAME}-{self.stack}",
            "TemplateBody": (source / f"{self.template}.yml").read_text(encoding="utf-8"),
            "Parameters": json.loads((source / f"{self.parameters}-params.json").read_text(encoding="utf-8")),
            "Capabilities": ["CAPABILITY_IAM"],
        }


def deploy_original(emulator: Emulator, source: Path, step: int = LAST_STEP) -> Workshop:
    """Go through the workshop of this clone up to and including a step (1 to 4).

    Raises FileNotFoundError if it is no clone of the workshop, RuntimeError or TimeoutError if a stack stays away.
    """
    cloudformation, ecs = emulator.client("cloudformation"), emulator.client("ecs")
    services: tuple[str, ...] = APIS
    made: set[str] = set()
    for number in range(1, step + 1):
        for moves in _moves(number):
            for move in moves:
                _make(cloudformation, move.arguments(source), update=move.stack in made)
                made.add(move.stack)
            wait_for_stacks(cloudformation, [f"{NAME}-{move.stack}" for move in moves])
    if NEW_API in {stack.removeprefix("service-") for stack in made}:
        services += (NEW_API,)
    wait_for_tasks(ecs, NAME, services)
    group = read_manifest(NAME, step).xray_group
    if group:
        emulator.client("xray").create_group(
            GroupName=group["name"], FilterExpression='http.url BEGINSWITH "http://cuddlek-alb"'
        )
    stacks = tuple(sorted(f"{NAME}-{stack}" for stack in made))
    return Workshop(NAME, step, None, stacks, services, group["name"] if group else None)


def _moves(step: int) -> Iterator[list[Move]]:
    """What a step does; the moves of one list do not wait for each other."""
    if step == 1:
        for name, template in (("ecs", "ecs-cluster"), ("dynamodb", "dynamodb"), ("vpc", "vpc"), ("alb", "alb")):
            yield [Move(name, f"step1/{template}", f"step1/{template}")]
        yield [Move("cloudmap", "step1/cloudmap", "step1/cloudmap")]
        yield _tasks(1, "ecs-task")
        yield _services()
    elif step == 2:
        yield [Move("appmesh", "step2/appmesh", "step2/appmesh")]
        for template in ("appmesh-structure-feed-only", "appmesh-structure"):
            yield [Move("appmesh-structure", f"step2/{template}", "step2/appmesh-structure")]
        yield _tasks(2, "ecs-task")
        yield _services()
    elif step == 3:
        yield [Move("ecs", "step3/ecs-cluster", "step3/ecs-cluster")]
        yield [Move("logs", "step3/loggroups", "step3/loggroups")]
        yield [Move("vpc", "step3/vpc", "step3/vpc")]
        for template in ("ecs-task-logging-only", "ecs-task"):
            yield _tasks(3, template)
            yield _services()
    elif step == 4:
        yield [Move("appmesh-structure", "step4/appmesh-structure", "step4/appmesh-structure")]
        yield [Move(f"task-{NEW_API}", "step4/ecs-task", f"step4/ecs-task-{NEW_API}")]
        yield [Move(f"service-{NEW_API}", "step4/ecs-service", f"step4/ecs-service-{NEW_API}")]


def _tasks(step: int, template: str) -> list[Move]:
    return [Move(f"task-{api}", f"step{step}/{template}", f"step{step}/ecs-task-{api}") for api in APIS]


def _services() -> list[Move]:
    return [Move(f"service-{api}", "step1/ecs-service", f"step1/ecs-service-{api}") for api in APIS]


def _make(cloudformation: Any, arguments: dict[str, Any], update: bool) -> None:
    if not update:
        cloudformation.create_stack(**arguments)
        return
    try:
        cloudformation.update_stack(**arguments)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
