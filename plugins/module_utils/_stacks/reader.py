# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""CloudFormation calls, as values of this collection. Every call raises :class:`AwsCallError` when it does not
succeed."""

from __future__ import annotations

from itertools import islice
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping

from .._aws.errors import AwsCallError
from .._aws.errors import MISSING
from .._aws.errors import aws_call
from .types import DELETE_COMPLETE
from .types import DELETE_IN_PROGRESS
from .types import Delete
from .types import Resource
from .types import StackEvent
from .types import StackView
from .._aws.text import one_line


DELETED_PAGES = 2  # of the deleted stacks of 90 days: those that went just now were on the first ones so far


class StackReader:
    """Reads and asks through a boto3 CloudFormation client. ``turn``: called before each DescribeStacks, may wait."""

    def __init__(
        self,
        client: Any,
        express: bool = False,
        turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._turn = turn
        self._express = express
        self.pages = 1

    def list_live(self) -> dict[str, StackView]:
        """All stacks that are not deleted, by name. ``pages`` then tells how many calls that took."""
        found: dict[str, StackView] = {}
        pages = 0
        with aws_call("cloudformation:DescribeStacks"):
            self._turn()
            for page in self._client.get_paginator("describe_stacks").paginate():
                pages += 1
                if page.get("NextToken"):
                    self._turn()
                for stack in page["Stacks"]:
                    view = stack_view(stack)
                    if view.status != DELETE_COMPLETE:
                        found[view.name] = view
        self.pages = max(pages, 1)
        return found

    def by_id(self, stack_id: str) -> StackView | None:
        """One stack by its id; None when CloudFormation does not know the id."""
        self._turn()
        try:
            with aws_call("cloudformation:DescribeStacks"):
                answer = self._client.describe_stacks(StackName=stack_id)
        except AwsCallError as error:
            if error.kind == MISSING:
                return None
            raise
        return stack_view(answer["Stacks"][0])

    def deleted(self, stack_ids: Collection[str]) -> list[StackView]:
        """Those of the stacks, by id, that a list of the deleted ones shows. It may not show all of them.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
        """
        found: list[StackView] = []
        with aws_call("cloudformation:ListStacks"):
            pages = self._client.get_paginator("list_stacks").paginate(StackStatusFilter=[DELETE_COMPLETE])
            for page in islice(pages, DELETED_PAGES):
                found += [stack_view(stack) for stack in page["StackSummaries"] if stack["StackId"] in stack_ids]
                if len(found) == len(stack_ids):
                    break
        return found

    def resources(self, stack_id: str) -> list[Resource]:
        """All resources of a stack, sorted by logical id."""
        found = []
        with aws_call("cloudformation:ListStackResources"):
            for page in self._client.get_paginator("list_stack_resources").paginate(StackName=stack_id):
                for item in page["StackResourceSummaries"]:
                    found.append(
                        Resource(
                            logical_id=item["LogicalResourceId"],
                            physical_id=item.get("PhysicalResourceId", ""),
                            type=item["ResourceType"],
                            status=item["ResourceStatus"],
                            reason=one_line(item.get("ResourceStatusReason", "")),
                        )
                    )
        return sorted(found, key=lambda item: item.logical_id)

    def events(self, stack_id: str) -> list[StackEvent]:
        """The events of the stack itself, newest first, back to the start of its newest deletion and some more."""
        found = []
        with aws_call("cloudformation:DescribeStackEvents"):
            for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack_id):
                for event in page["StackEvents"]:
                    if event.get("PhysicalResourceId") != stack_id:
                        continue
                    found.append(
                        StackEvent(
                            status=event["ResourceStatus"],
                            reason=one_line(event.get("ResourceStatusReason", "")),
                            token=event.get("ClientRequestToken", ""),
                        )
                    )
                if any(event.status == DELETE_IN_PROGRESS for event in found):
                    break
        return found

    def delete(self, request: Delete) -> None:
        """DeleteStack. A token that was used before means that the request had arrived: nothing is wrong then."""
        arguments: dict[str, Any] = {"StackName": request.stack_id, "ClientRequestToken": request.token}
        if request.retain:
            arguments["RetainResources"] = list(request.retain)
        if request.force:
            arguments["DeletionMode"] = "FORCE_DELETE_STACK"
        if self._express:
            arguments["DeploymentConfig"] = {"Mode": "EXPRESS"}
        if request.role_arn:
            arguments["RoleARN"] = request.role_arn
        try:
            with aws_call("cloudformation:DeleteStack"):
                self._client.delete_stack(**arguments)
        except AwsCallError as error:
            if error.code not in ("TokenAlreadyExistsException", "TokenAlreadyExists"):
                raise

    def unprotect(self, stack_id: str) -> None:
        """Switch the termination protection of a stack off."""
        with aws_call("cloudformation:UpdateTerminationProtection"):
            self._client.update_termination_protection(StackName=stack_id, EnableTerminationProtection=False)


def stack_view(stack: Mapping[str, Any]) -> StackView:
    """A stack of a DescribeStacks or ListStacks answer."""
    return StackView(
        stack_id=stack["StackId"],
        name=stack["StackName"],
        status=stack["StackStatus"],
        reason=one_line(stack.get("StackStatusReason", "")),
        protected=bool(stack.get("EnableTerminationProtection", False)),
        root_id=stack.get("RootId", ""),
    )
