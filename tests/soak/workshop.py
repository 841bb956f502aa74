# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small workshop on the emulator, and what a trial does to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulator import Emulator
from tests.integration.others import Thing
from tests.workshop.deployment import wait_for_stacks, wait_for_tasks
from tests.workshop.manifest import Stack, read_manifest

NAME = "soak"
APIS = ("register-api-new", "validate-api", "register-api", "public-site", "order-api", "list-api", "happiness-api",
        "feed-api")  # fmt: skip


@dataclass
class Workshop:
    """A workshop of few services.

    ``others``: what of it is somebody else's; ``mend``: what takes back what faults have put into the account.
    """

    emulator: Emulator
    dice: random.Random
    apis: list[str]
    stacks: list[str]
    wait_timeout: int = 90
    kill_after: int = 0
    others: list[Thing] = field(default_factory=list)
    mend: list[Callable[[], object]] = field(default_factory=list)

    def doomed(self) -> bool:
        """Whether its teardown is to be killed now."""
        return 0 < self.kill_after <= self.emulator.calls.total

    @property
    def variables(self) -> dict[str, object]:
        """What its teardown has to be told."""
        return {
            "workshop_name": NAME,
            "workshop_confirm": NAME,
            "workshop_apis": self.apis,
            "workshop_poll_interval": 0.2,
            "workshop_wait_timeout": self.wait_timeout,
            "leftovers_settle": 2,
        }


def deploy(emulator: Emulator, dice: random.Random) -> Workshop:
    """An empty account, but for a workshop after a random step, with up to three services."""
    emulator.reset()
    manifest = read_manifest(NAME, dice.choice((1, 2, 3, 4)))
    there = [api for api in APIS if f"{NAME}-service-{api}" in manifest.names]
    apis = sorted(dice.sample(there, dice.randint(1, 3)))
    others = {f"{NAME}-{kind}-{api}" for kind in ("service", "task") for api in APIS if api not in apis}
    cloudformation = emulator.client("cloudformation")
    names: list[str] = []
    for wave in manifest.waves:
        stacks = [stack for stack in wave if stack.name not in others]
        for stack in stacks:
            _create(cloudformation, stack)
        wait_for_stacks(cloudformation, [stack.name for stack in stacks])
        names += [stack.name for stack in stacks]
    if manifest.xray_group:
        emulator.client("xray").create_group(GroupName=manifest.xray_group["name"])
    wait_for_tasks(emulator.client("ecs"), NAME, tuple(apis))
    return Workshop(emulator, dice, apis, names)


def _create(cloudformation: Any, stack: Stack) -> None:
    cloudformation.create_stack(
        StackName=stack.name,
        TemplateBody=stack.body,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )


def resource_of(workshop: Workshop, stack: str) -> tuple[str, str]:
    """Logical id and type of a resource of a stack, at random."""
    client = workshop.emulator.client("cloudformation")
    rows = client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    row = workshop.dice.choice(sorted(rows, key=lambda item: item["LogicalResourceId"]))
    return row["LogicalResourceId"], row["ResourceType"]
