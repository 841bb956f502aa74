# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which live stack owns a resource."""

from __future__ import annotations

import threading
from typing import Callable

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._stacks.types import DELETE_COMPLETE
from .._aws.reading import Reading
from .types import Stacks

_GONE = (DELETE_COMPLETE, "DELETE_SKIPPED")


class Owners:
    """``clients``: makes a boto3 client from the name of its service. ``stacks``: the live ones, if they are known."""

    def __init__(self, clients: Callable, reading: Reading, stacks: Stacks | None) -> None:
        self._clients = clients
        self._reading = reading
        self._none = stacks is not None and not stacks.names
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    def owner(self, physical_id: str) -> str | None:
        """The name of the live stack to which a resource belongs by its physical id, empty if there is none, None if
        that may not be read. Nothing is asked where there is no stack at all."""
        if not physical_id or self._none:
            return ""
        with self._lock:
            if physical_id in self._known:
                return self._known[physical_id]
        return self._reading.read(lambda: self._ask(physical_id), None)

    def _ask(self, physical_id: str) -> str:
        # The answer can have all resources of the stack, so that one call answers for several:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
        try:
            with aws_call("cloudformation:DescribeStackResources"):
                answer = self._clients("cloudformation").describe_stack_resources(PhysicalResourceId=physical_id)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return ""
        owned = {
            item.get("PhysicalResourceId", ""): item["StackName"]
            for item in answer["StackResources"]
            if item["ResourceStatus"] not in _GONE
        }
        with self._lock:
            self._known.update(owned)
        return owned.get(physical_id, "")
