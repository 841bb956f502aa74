# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of what holds stacks up, tried one by one on a workshop of one stack. Time passes only while it is waited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Blocker
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Work
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours, Place, Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.emulator import Emulator
from tests.emulator.world import ACCOUNT_ID
from tests.unit.emulator.stacks import Stacks


class Held:
    """One stack, what holds a resource of it up, and the row of that."""

    def __init__(self, aws: Emulator, stack_id: str, type_name: str) -> None:
        self.aws = aws
        self.stacks = Stacks(aws)
        self.stack_id = stack_id
        self.type = type_name
        self.type_row = TYPES[type_name]
        self.row = self.type_row.clearing
        self.told: list[str] = []
        self.stopped: Callable[[], bool] = lambda: False
        resources = aws.client("cloudformation").describe_stack_resources(StackName=stack_id)["StackResources"]
        self.owned = {
            Resource(item["ResourceType"], item["PhysicalResourceId"]): item["StackName"] for item in resources
        }
        self.ids = [item.physical_id for item in self.owned if item.type == type_name]

    def detect(self) -> list[Blocker]:
        """What it finds of the stack. Nothing that it looks at may be closed to it."""
        with self._looks(*self.row.detects) as looks:
            found = self.row.detect(looks, self.ours(), self.ids)
            assert looks.gaps() == []
        assert {key for key, _blocker in found} <= set(self.ids)
        return [blocker for _key, blocker in found]

    def gaps(self) -> list[str]:
        """The actions that it was not allowed to look with."""
        with self._looks(*self.row.detects) as looks:
            self.row.detect(looks, self.ours(), self.ids)
            return [gap["action"] for gap in looks.gaps()]

    def ours(self) -> Ours:
        place = Place("aws", self.aws.region, ACCOUNT_ID)
        clusters = tuple(item.physical_id for item in self.owned if item.type == "AWS::ECS::Cluster")
        return Ours(self.owned, place=place, clusters=clusters)

    def clear(self) -> list[str]:
        """Clear all of the type; how much that was, in words."""
        with self._looks(*self.row.clears) as looks:
            return [str(amount) for key in self.ids for amount in self.row.clear(self._work(looks), key)]

    def put_back(self) -> None:
        """Undo it, as if the stack had not gone."""
        with self._looks(*self.row.clears) as looks:
            for key in self.ids:
                self.row.put_back(self._work(looks), key)

    def _work(self, looks: Looks) -> Work:
        return Work(
            looks,
            self.stack_id,
            ACCOUNT_ID,
            lambda amounts: self.told.extend(map(str, amounts)),
            lambda: bool(self.stopped()),
            self.aws.clock.skip,
            self.ours(),
        )

    def fails(self, logical_id: str) -> str:
        """Why the deletion of the stack fails, in AWS's words."""
        self.stacks.delete(self.stack_id)
        assert self.stacks.end(self.stack_id) == "DELETE_FAILED"
        return self.stacks.reason(self.stack_id, logical_id)

    def goes(self) -> bool:
        self.stacks.delete(self.stack_id)
        return self.stacks.end(self.stack_id) == "DELETE_COMPLETE"

    @contextmanager
    def _looks(self, *actions: str) -> Iterator[Looks]:
        """Nothing else may be called with it than these IAM actions, and that of the lookup."""
        before = self.aws.calls.total
        with Looks(self.aws.client, self.aws.clock.skip) as looks:
            yield looks
        made = {call.action for call in self.aws.calls.log[before:]}
        assert made <= {*actions, TYPES[self.type].lookup.action}, made


def stack(aws: Emulator, resources: dict[str, Any], name: str = "shop-dev") -> str:
    """Make a stack; its id."""
    stacks = Stacks(aws)
    stack_id = stacks.create(name, resources, Capabilities=["CAPABILITY_NAMED_IAM"])
    aws.wait_until(lambda: stacks.status(stack_id) != "CREATE_IN_PROGRESS")
    assert stacks.status(stack_id) == "CREATE_COMPLETE"
    return stack_id
