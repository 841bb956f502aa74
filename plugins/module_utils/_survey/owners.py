# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which live stack owns a resource."""

from __future__ import annotations

import threading
from typing import Mapping

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._resources.resource import Resource
from .types import LET_GO
from .types import Stacks


class Owners:
    """``stacks``: the live ones, if they are known. ``known``: names of stacks by what they own, which is true whatever
    CloudFormation answers when it is asked for one resource."""

    def __init__(self, looks: Looks, stacks: Stacks | None, known: Mapping[Resource, str]) -> None:
        self._looks = looks
        self._none = stacks is not None and not stacks.names
        self._known = dict(known)
        self._lock = threading.Lock()

    def owner(self, resource: Resource) -> str | None:
        """The name of the live stack to which a resource belongs by its type and physical id, empty if there is none,
        None if that could not be looked at. Nothing is asked where there is no stack at all."""
        with self._lock:
            if resource in self._known:
                return self._known[resource]
        if not resource.physical_id or self._none:
            return ""
        return self._looks.at(resource.physical_id, lambda: self._ask(resource))

    def _ask(self, resource: Resource) -> str:
        # The answer can have all resources of the stack, so that one call answers for several. An id alone is not
        # enough: a table and a log group may have one name.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
        client = self._looks.clients("cloudformation")
        try:
            with aws_call("cloudformation:DescribeStackResources"):
                answer = client.describe_stack_resources(PhysicalResourceId=resource.physical_id)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return ""
        owned = {
            # Of whatever stack: what has one is nobody else's, also where its name is left out.
            Resource(item["ResourceType"], item.get("PhysicalResourceId", "")): item.get("StackName") or "a stack"
            for item in answer["StackResources"]
            if item["ResourceStatus"] not in LET_GO
        }
        with self._lock:
            self._known.update(owned)
        return owned.get(resource, "")
