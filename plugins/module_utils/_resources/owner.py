# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stack a resource belongs to, asked of CloudFormation."""

from __future__ import annotations

from typing import Any

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .ours import Resource

#: Statuses of resources that a stack does not own any more.
LET_GO = ("DELETE_COMPLETE", "DELETE_SKIPPED")


def beside(client: Any, physical_id: str) -> dict[Resource, str]:
    """What the live stack owns that owns something of this physical id, each with its name; nothing if none does. An id
    alone is not enough: a table and a log group may have one name. ``client``: of CloudFormation. Raises
    :class:`AwsCallError`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
    """
    try:
        with aws_call("cloudformation:DescribeStackResources"):
            answer = client.describe_stack_resources(PhysicalResourceId=physical_id)
    except AwsCallError as error:
        if error.kind != MISSING:
            raise
        return {}
    return {
        # Of whatever stack: what has one is nobody else's, also where its name is left out.
        Resource(item["ResourceType"], item.get("PhysicalResourceId", "")): item.get("StackName") or "a stack"
        for item in answer["StackResources"]
        if item["ResourceStatus"] not in LET_GO
    }
