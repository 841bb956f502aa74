# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stacks there are, by DescribeStacks, or by ListStacks where it has to be proved that they are gone.

Nothing says that the pages of an answer are of one moment: a stack can slip between two of them while others go. What
is on none of several pages is therefore looked for once more. To ask for it by its name takes a call for each, to read
all pages again as many calls as there are pages, and that finds also what nobody has named.
"""

from __future__ import annotations

from itertools import islice
from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import Mapping

from .._aws.errors import AwsCallError
from .._aws.errors import MISSING
from .._aws.errors import aws_call
from .._aws.text import one_line
from .types import DELETE_COMPLETE
from .types import StackParameter
from .types import StackView

DELETED_PAGES = 2  # of the deleted stacks of 90 days: those that went just now were on the first ones so far


class StackLister:
    """Reads through a boto3 CloudFormation client. ``turn``: called before each DescribeStacks, may wait.

    ``pages``: on how many the newest answer with all stacks was. Every call raises :class:`AwsCallError`.
    """

    def __init__(self, client: Any, turn: Callable[[], None] = lambda: None) -> None:
        self._client = client
        self._turn = turn
        self.pages = 1

    def described(self, names: Collection[str] | None = ()) -> dict[str, StackView]:
        """All stacks that are not deleted, by name. ``names``: what must not be missing although it is there; None for
        all."""
        found = self._described()
        missing = None if names is None else [name for name in names if name not in found]
        if self.pages == 1:
            return found
        if missing is None or len(missing) > self.pages:
            return {**found, **self._described()}
        named = [self.by_id(name) for name in missing]
        return {**found, **{view.name: view for view in named if view is not None}}

    def by_id(self, stack_id: str) -> StackView | None:
        """One stack by its id, or its name if it is not deleted; None when CloudFormation does not know it."""
        self._turn()
        try:
            with aws_call("cloudformation:DescribeStacks"):
                answer = self._client.describe_stacks(StackName=stack_id)
        except AwsCallError as error:
            if error.kind == MISSING:
                return None
            raise
        return stack_view(answer["Stacks"][0])

    def listed(self) -> list[StackView]:
        """All stacks, those deleted in the last 90 days as well, each once: a deleted one does not come back. Whether
        they are protected, and their outputs, are not in such a listing.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
        """
        found: dict[str, StackView] = {}
        for _again in range(2):
            pages = 0
            for page in self._listed():
                pages += 1
                for view in page:
                    if view.stack_id not in found or found[view.stack_id].status != DELETE_COMPLETE:
                        found[view.stack_id] = view
            if pages == 1:
                break
        return list(found.values())

    def deleted(self, stack_ids: Collection[str]) -> list[StackView]:
        """Those of the stacks, by id, that a list of the deleted ones shows. It may not show all of them."""
        found: list[StackView] = []
        for page in islice(self._listed(StackStatusFilter=[DELETE_COMPLETE]), DELETED_PAGES):
            found += [view for view in page if view.stack_id in stack_ids]
            if len(found) == len(stack_ids):
                break
        return found

    def _described(self) -> dict[str, StackView]:
        found: dict[str, StackView] = {}
        pages = 0
        with aws_call("cloudformation:DescribeStacks"):
            self._turn()
            for page in self._client.get_paginator("describe_stacks").paginate():
                pages += 1
                if page.get("NextToken"):
                    self._turn()
                views = [stack_view(stack) for stack in page["Stacks"]]
                found.update({view.name: view for view in views if view.status != DELETE_COMPLETE})
        self.pages = pages
        return found

    def _listed(self, **arguments: Any) -> Iterable[list[StackView]]:
        with aws_call("cloudformation:ListStacks"):
            for page in self._client.get_paginator("list_stacks").paginate(**arguments):
                yield [stack_view(stack) for stack in page["StackSummaries"]]


def stack_view(stack: Mapping[str, Any]) -> StackView:
    """A stack of a DescribeStacks or ListStacks answer."""
    return StackView(
        stack_id=stack["StackId"],
        name=stack["StackName"],
        status=stack["StackStatus"],
        reason=one_line(stack.get("StackStatusReason", "")),
        protected=bool(stack.get("EnableTerminationProtection", False)),
        root_id=stack.get("RootId", ""),
        created=stack.get("CreationTime"),
        updated=stack.get("LastUpdatedTime"),
        deleted=stack.get("DeletionTime"),
        # All of an output is optional:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Output.html
        outputs={
            item["OutputKey"]: item.get("OutputValue", "") for item in stack.get("Outputs", []) if item.get("OutputKey")
        },
        exports={
            item["ExportName"]: item.get("OutputKey", "") for item in stack.get("Outputs", []) if item.get("ExportName")
        },
        parameters=tuple(
            StackParameter(item.get("ParameterKey", ""), item.get("ParameterValue", ""), item.get("ResolvedValue"))
            for item in stack.get("Parameters", [])
        ),
        tags={item["Key"]: item["Value"] for item in stack.get("Tags", [])},
        role_arn=stack.get("RoleARN", ""),
    )
