# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks: described while there is something to delete, listed when it has to be proved that they are gone."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.rate import MOST_LOOKS
from .._aws.rate import Rate
from .._stacks.types import DELETE_COMPLETE
from .._aws.reading import Reading
from .types import Stacks
from .._aws.text import one_line


LOOKS_WITHIN = 1.2  # seconds


class StackLister:
    """``clients``: makes a boto3 client from the name of its service. ``sleep``: where there are many stacks, they are
    described no faster than AWS likes."""

    def __init__(self, clients: Callable, reading: Reading, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clients = clients
        self._reading = reading
        self._rate = Rate(MOST_LOOKS, LOOKS_WITHIN, time.monotonic, sleep)

    def described(self) -> Stacks | None:
        """All stacks that are not deleted; None if they may not be read."""
        return self._reading.read(self._described, None)

    def listed(self, names: Sequence[str]) -> Stacks | None:
        """The same, by another call, with the ids of the deleted stacks of these names and of those nested in them.
        Protection and outputs are not in such a listing."""
        return self._reading.read(lambda: self._listed(set(names)), None)

    def _described(self) -> Stacks:
        found = Stacks()
        with aws_call("cloudformation:DescribeStacks"):
            for page in _pages(self._clients("cloudformation").get_paginator("describe_stacks"), self._rate.wait):
                for stack in page["Stacks"]:
                    if stack["StackStatus"] != DELETE_COMPLETE:
                        outputs = {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}
                        _add(found, stack, bool(stack.get("EnableTerminationProtection", False)), outputs)
        return found

    def _listed(self, names: set[str]) -> Stacks:
        # Deleted stacks are listed for 90 days:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
        found = Stacks()
        deleted: list[Mapping[str, Any]] = []
        with aws_call("cloudformation:ListStacks"):
            for page in _pages(self._clients("cloudformation").get_paginator("list_stacks")):
                for stack in page["StackSummaries"]:
                    if stack["StackStatus"] == DELETE_COMPLETE:
                        deleted.append(stack)
                    else:
                        _add(found, stack, None, None)
        for stack in deleted:
            if found.names.pop(stack["StackId"], "") and found.live[stack["StackName"]]["stack_id"] == stack["StackId"]:
                del found.live[stack["StackName"]]
        ours = [stack for stack in deleted if names & {stack["StackName"], _name_of(stack.get("RootId", ""))}]
        ours.sort(key=lambda stack: (stack["CreationTime"], stack["StackId"]), reverse=True)
        found.deleted = {stack["StackId"]: stack["StackName"] for stack in ours}
        return found


def _pages(paginator: Any, turn: Callable[[], None] = lambda: None) -> Iterator[Mapping[str, Any]]:
    """All pages, each when it is its ``turn``. Where there are several, all of them twice: nothing says that they are
    of one moment, so that a stack can slip between two of them while others go."""
    pages = 0
    for _time in range(2):
        turn()
        for page in paginator.paginate():
            pages += 1
            yield page
            if page.get("NextToken"):
                turn()
        if pages == 1:
            return


def _add(found: Stacks, stack: Mapping[str, Any], protected: bool | None, outputs: dict[str, str] | None) -> None:
    name, stack_id = stack["StackName"], stack["StackId"]
    updated = stack.get("LastUpdatedTime")
    found.names[stack_id] = name
    if stack.get("RootId", stack_id) != stack_id:
        found.nested.add(name)
    found.live[name] = {
        "name": name,
        "stack_id": stack_id,
        "status": stack["StackStatus"],
        "status_reason": one_line(stack.get("StackStatusReason", "")),
        "termination_protection": protected,
        "creation_time": stack["CreationTime"].isoformat(),
        "last_updated_time": updated.isoformat() if updated else None,
        "outputs": outputs,
    }


def _name_of(stack_id: str) -> str:
    """The name in a stack's id, ``arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID``."""
    return stack_id.split("/")[1] if "/" in stack_id else ""
