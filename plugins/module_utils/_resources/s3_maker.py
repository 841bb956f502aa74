# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether a bucket is the one that a stack of ours has made, or another that has got its name since.

A stack goes on listing a bucket that somebody has deleted by hand, and whoever makes one of that name has it then. The
tags tell: CloudFormation puts its own on each bucket that it makes, and nobody else can.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .ours import Ours
from .owner import LET_GO
from .s3_policy import whose

BUCKET = "AWS::S3::Bucket"
ACTIONS = (
    "cloudformation:DescribeStackResource",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "s3:GetBucketTagging",
)
_STACK, _LOGICAL = "aws:cloudformation:stack-id", "aws:cloudformation:logical-id"
# The date of one that is the stack's own may be a little later than that of its resource, by two clocks.
_CLOCKS = timedelta(minutes=15)
_NEVER = datetime.max.replace(tzinfo=timezone.utc) - _CLOCKS


def why_not_ours(looks: Looks, ours: Ours, name: str, created: Callable[[], datetime | None]) -> str:
    """Why a bucket, which a stack of ours lists, is not to be emptied; empty if it is that of the stack. What can not
    be looked at is a gap, and a reason. ``created``: the date that S3 has of it."""
    stacks = set(ours.owned.values())
    tags = looks.at(name, lambda: _tags(looks, ours.place.account, name), {}, ("NoSuchTagSet", "NoSuchBucket"))
    if tags and tags.get(_STACK):
        of_another = looks.at(name, lambda: _of_another(looks, stacks, tags, name), "")
        return _unseen(name) if of_another is None else of_another
    # A date alone says little: S3 changes it with the bucket's policy.
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
    made = looks.at(name, lambda: _made_at(looks, name), _NEVER)
    if tags is None or made is None:
        return _unseen(name)
    date = created()
    if made is _NEVER or date is None or date <= made + _CLOCKS:
        return ""
    return (
        f"The bucket {name} may be another that has got this name: it has no tag of CloudFormation, and was made, or "
        f"changed, at {date:%Y-%m-%d %H:%M} UTC, after the stack has made its own. If it is that, empty it by hand."
    )


def _unseen(name: str) -> str:
    return f"Whether the bucket {name} is the one that the stack has made could not be looked at."


def _tags(looks: Looks, account: str, name: str) -> dict[str, str]:
    with aws_call("s3:GetBucketTagging"):
        rows = looks.clients("s3").get_bucket_tagging(Bucket=name, **whose(account))["TagSet"]
    return {row["Key"]: row["Value"] for row in rows}


def _of_another(looks: Looks, stacks: Collection[str], tags: Mapping[str, str], name: str) -> str:
    """Why it is that of another stack; empty if the one that has made it is ours, or nested in one of ours, or lists
    it no more: then ours has taken it over, by an import. Raises :class:`AwsCallError`."""
    maker = tags[_STACK]
    if _name(maker) in stacks or not _lists(looks, maker, tags.get(_LOGICAL, ""), name):
        return ""
    with aws_call("cloudformation:DescribeStacks"):
        (stack,) = looks.clients("cloudformation").describe_stacks(StackName=maker)["Stacks"]
    if _name(stack.get("RootId", "")) in stacks:
        return ""
    return (
        f"The bucket {name} is that of the stack {_name(maker)}, which has made it: the stack's own was deleted by hand"
        ", and its name was free."
    )


def _name(stack_id: str) -> str:
    return stack_id.split("/")[1] if "/" in stack_id else ""


def _lists(looks: Looks, stack_id: str, logical_id: str, name: str) -> bool:
    """Whether a stack is there and has the bucket."""
    try:
        with aws_call("cloudformation:DescribeStackResource"):
            answer = looks.clients("cloudformation").describe_stack_resource(
                StackName=stack_id, LogicalResourceId=logical_id
            )
    except AwsCallError as error:
        if error.kind != MISSING:
            raise
        return False
    return _is(answer["StackResourceDetail"], name)


def _made_at(looks: Looks, name: str) -> datetime:
    """When the stack that lists it has done something with it last; never, if none lists it."""
    try:
        with aws_call("cloudformation:DescribeStackResources"):
            rows = looks.clients("cloudformation").describe_stack_resources(PhysicalResourceId=name)["StackResources"]
    except AwsCallError as error:
        if error.kind != MISSING:
            raise
        return _NEVER
    return max((row["Timestamp"] for row in rows if _is(row, name)), default=_NEVER)


def _is(row: Mapping[str, Any], name: str) -> bool:
    itself = (row["ResourceType"], row.get("PhysicalResourceId")) == (BUCKET, name)
    return itself and row["ResourceStatus"] not in LET_GO
