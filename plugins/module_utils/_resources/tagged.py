# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources that bear the tags of a workshop: how they are found, how each type tells its tags, and how it is removed.

Tags say nothing of who owns a resource, and the tagging API is late: whoever removes one looks at both before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._aws.looks import operation_of
from .leftover import BEGUN
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Outcome
from .leftover import Removal
from .ours import Ours
from .resource import Answer
from .resource import Lookup
from .resource import ResourceType

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

TAGGED = "tagged_resource"
LISTING = "tag:GetResources"


@dataclass(frozen=True)
class Tags:
    """How a service tells the tags of one resource. ``action``: IAM action of the call. ``ask``: its arguments, for an
    ARN and a physical id. ``read``: the tags in a page of the answer. ``absent``: error codes that say that there is no
    such resource, or that it has none."""

    action: str
    ask: Callable[[str, str], dict[str, Any]]
    read: Callable[[Answer], Mapping[str, str]]
    absent: tuple[str, ...]

    def of(self, looks: Looks, arn: str, physical_id: str) -> dict[str, str] | None:
        """None if they could not be looked at, which is a gap."""

        def tags() -> dict[str, str]:
            pages = looks.pages(self.action, **self.ask(arn, physical_id))
            return {key: value for page in pages for key, value in self.read(page).items()}

        return looks.at(physical_id, tags, {}, self.absent)


@dataclass(frozen=True)
class Removable:
    """A type of which one is removed by one call. ``tags``: of one, told by its own service. ``elsewhere``: where else
    the thing is of which one, by its physical id, is a part; empty for nowhere, None for a gap."""

    tags: Tags
    removal: Removal
    elsewhere: Callable[[Looks, str], str | None] = lambda looks, physical_id: ""


def find(looks: Looks, ours: Ours) -> list[Leftover]:
    """All that the tagging API knows with these tags, by ARN, whoever's it be, and whether it is there or not. Its tags
    are in the details, with those that AWS sets.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    if not ours.tags:
        return []
    filters = [{"Key": key, "Values": [value]} for key, value in ours.tags.items()]
    about = ", ".join(f"{key}={value}" for key, value in ours.tags.items())
    rows = looks.listing(LISTING, "ResourceTagMappingList", about, TagFilters=filters, ResourcesPerPage=100)
    found = [(row["ResourceARN"], {tag["Key"]: tag["Value"] for tag in row.get("Tags") or ()}) for row in rows]
    return [Leftover(TAGGED, arn, arn, details={"tags": tags}) for arn, tags in found if bears(tags, ours.tags)]


def bears(tags: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether all these are among the tags."""
    return all(tags.get(key) == value for key, value in wanted.items())


def _pairs(key: str, inside: str = "") -> Callable[[Answer], Mapping[str, str]]:
    """Reads a list of keys and values. ``inside``: what has it, of which there is a list."""

    def read(answer: Answer) -> Mapping[str, str]:
        rows = [answer] if not inside else answer.get(inside) or ()
        return {tag["Key"]: tag["Value"] for row in rows for tag in row.get(key) or ()}

    return read


def _mapping(key: str) -> Callable[[Answer], Mapping[str, str]]:
    return lambda answer: answer.get(key) or {}


def _delete(
    action: str, parameter: str, absent: str = "", many: bool = False, later: bool = False, **more: Any
) -> Removal:
    """A call that deletes one by its physical id, in a list if ``many``. ``later``: whether it takes AWS a while.
    ``more``: of :class:`Removal`."""

    def ask(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
        physical_id = items[0].details["physical_id"]
        with aws_call(action):
            getattr(client, xform_name(operation_of(action)))(**{parameter: [physical_id] if many else physical_id})
        return {items[0]: Outcome(BEGUN)} if later else {}

    return Removal(action, ask, absent=absent, **more)


def _replicas(looks: Looks, table: str) -> str | None:
    """The other regions of a global table, in one of which a stack may own it, replicas and all.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicaDescription.html
    """

    def regions() -> str:
        (answer,) = looks.pages("dynamodb:DescribeTable", TableName=table)
        rows = answer["Table"].get("Replicas") or ()
        return ", ".join(sorted(row.get("RegionName") or "another region" for row in rows))

    return looks.at(table, regions, "", _GONE)


_GONE = ("ResourceNotFoundException",)
_EC2 = Tags(
    "ec2:DescribeTags",
    lambda arn, physical_id: {"Filters": [{"Name": "resource-id", "Values": [physical_id]}]},
    _pairs("Tags"),
    (),
)
_ELBV2 = Tags(
    "elasticloadbalancing:DescribeTags",
    lambda arn, physical_id: {"ResourceArns": [arn]},
    _pairs("Tags", inside="TagDescriptions"),
    ("LoadBalancerNotFound", "TargetGroupNotFound"),
)

#: By type, in the order in which they are removed: what uses others before these, which are in use until it is gone.
#: What has data of which AWS takes no copy by itself goes only as long as it is empty, as buckets and repositories, or
#: is not among them, as databases.
#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (DependencyViolation, VolumeInUse)
REMOVABLE: Mapping[str, Removable] = {
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
    "AWS::EC2::Instance": Removable(
        _EC2,
        _delete("ec2:TerminateInstances", "InstanceIds", "InvalidInstanceID.NotFound", True, later=True, holds=True),
    ),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Removable(
        _ELBV2,
        # Its interfaces, and so its security groups, are in use for some minutes:
        # https://github.com/hashicorp/terraform-provider-aws/issues/40
        _delete("elasticloadbalancing:DeleteLoadBalancer", "LoadBalancerArn", "LoadBalancerNotFound", holds=True),
    ),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
    "AWS::ElasticLoadBalancingV2::TargetGroup": Removable(
        _ELBV2,
        _delete(
            "elasticloadbalancing:DeleteTargetGroup", "TargetGroupArn", "TargetGroupNotFound", in_use="ResourceInUse"
        ),
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
    "AWS::EC2::NatGateway": Removable(
        _EC2, _delete("ec2:DeleteNatGateway", "NatGatewayId", "NatGatewayNotFound", later=True)
    ),
    # https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
    "AWS::Lambda::Function": Removable(
        Tags("lambda:ListTags", lambda arn, physical_id: {"Resource": arn}, _mapping("Tags"), _GONE),
        _delete("lambda:DeleteFunction", "FunctionName", *_GONE),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
    "AWS::DynamoDB::Table": Removable(
        Tags("dynamodb:ListTagsOfResource", lambda arn, physical_id: {"ResourceArn": arn}, _pairs("Tags"), _GONE),
        _delete("dynamodb:DeleteTable", "TableName", *_GONE, later=True),
        _replicas,
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html (NoSuchTagSet)
    "AWS::S3::Bucket": Removable(
        Tags(
            "s3:GetBucketTagging", lambda arn, physical_id: {"Bucket": physical_id}, _pairs("TagSet"), ("NoSuchTagSet",)
        ),
        _delete("s3:DeleteBucket", "Bucket"),
    ),
    # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html
    "AWS::ECR::Repository": Removable(
        Tags("ecr:ListTagsForResource", lambda arn, physical_id: {"resourceArn": arn}, _pairs("tags"), ()),
        _delete("ecr:DeleteRepository", "repositoryName"),
    ),
    # https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html
    "AWS::SNS::Topic": Removable(
        Tags("sns:ListTagsForResource", lambda arn, physical_id: {"ResourceArn": arn}, _pairs("Tags"), _GONE),
        _delete("sns:DeleteTopic", "TopicArn", "NotFound"),
    ),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html
    "AWS::Logs::LogGroup": Removable(
        Tags(
            "logs:ListTagsForResource",
            lambda arn, physical_id: {"resourceArn": arn.removesuffix(":*")},
            _mapping("tags"),
            _GONE,
        ),
        _delete("logs:DeleteLogGroup", "logGroupName", *_GONE),
    ),
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html
    "AWS::SSM::Parameter": Removable(
        Tags(
            "ssm:ListTagsForResource",
            lambda arn, physical_id: {"ResourceType": "Parameter", "ResourceId": physical_id},
            _pairs("TagList"),
            ("InvalidResourceId",),
        ),
        _delete("ssm:DeleteParameter", "Name", "ParameterNotFound"),
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html
    "AWS::EC2::Volume": Removable(
        _EC2, _delete("ec2:DeleteVolume", "VolumeId", "InvalidVolume.NotFound", in_use="VolumeInUse")
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
    "AWS::EC2::SecurityGroup": Removable(
        _EC2, _delete("ec2:DeleteSecurityGroup", "GroupId", "InvalidGroup.NotFound", in_use="DependencyViolation")
    ),
}

TYPES = (
    ResourceType(
        name=TAGGED,
        command=lambda arn: (),
        lookup=Lookup(LISTING, lambda ids: {"ResourceARNList": list(ids)}, lambda answer, ids: ids),
        leftover=LeftoverKind(
            name=TAGGED,
            words=("tagged resource", "tagged resources"),
            find=find,
            removal=None,
        ),
    ),
)
