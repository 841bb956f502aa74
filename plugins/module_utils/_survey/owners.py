# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which live stack owns a resource."""

from __future__ import annotations

import threading

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._stacks.types import DELETE_COMPLETE
from .types import Stacks

_GONE = (DELETE_COMPLETE, "DELETE_SKIPPED")


class Owners:
    """``stacks``: the live ones, if they are known."""

    def __init__(self, looks: Looks, stacks: Stacks | None) -> None:
        self._looks = looks
        self._none = stacks is not None and not stacks.names
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    def owner(self, physical_id: str) -> str | None:
        """The name of the live stack to which a resource belongs by its physical id, empty if there is none, None if
        that could not be looked at. Nothing is asked where there is no stack at all."""
        if not physical_id or self._none:
            return ""
        with self._lock:
            if physical_id in self._known:
                return self._known[physical_id]
        return self._looks.at(physical_id, lambda: self._ask(physical_id))

    def _ask(self, physical_id: str) -> str:
        # The answer can have all resources of the stack, so that one call answers for several:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
        try:
            with aws_call("cloudformation:DescribeStackResources"):
                answer = self._looks.clients("cloudformation").describe_stack_resources(PhysicalResourceId=physical_id)
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
