# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags that CloudFormation puts on the resources of a stack, in the service that owns the resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""

from __future__ import annotations

from typing import Any

from moto.core.resource_tagging import TaggableResourcesMixin, iter_taggable_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource
from moto.ssm.models import ssm_backends

from ..world import world
from . import tagging

#: Types whose schema has ``cloudFormationSystemTags: true``
#: (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html). AWS::ECS::Service,
#: AWS::DynamoDB::Table and AWS::IAM::Role have it false. AWS::AppMesh::* and the namespaces of Cloud Map have no public
#: schema: that they get the tags is a guess.
_TAGGED = frozenset(
    {
        "AWS::ECS::Cluster",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SSM::Parameter",
        "AWS::ServiceDiscovery::HttpNamespace",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::Service",
    }
)
_EC2_KINDS = {
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}


def tag_created(resource_type: str, model: Any, tags: dict[str, str]) -> None:
    """Put a stack's tags on a resource it has created, where AWS does so for the type.

    ``tags`` holds ``aws:cloudformation:stack-id``, which also says account and region.
    """
    stack_id = tags["aws:cloudformation:stack-id"]
    arn = arn_of(resource_type, model, stack_id)
    if arn is None:
        return
    region, account_id = stack_id.split(":")[3:5]
    tagging.backend_of(account_id, region).remember(arn, tags)
    if isinstance(model, TaggedEC2Resource):
        ec2_backends[account_id][region].create_tags([model.physical_resource_id], tags)
    elif resource_type == "AWS::SSM::Parameter":
        ssm_backends[account_id][region].add_tags_to_resource("Parameter", model.name, tags)
    else:
        for backend in iter_taggable_backends(account_id, region):
            # That of classic load balancers takes the ARNs of all others for its own, and can tag none.
            can_tag = type(backend).tag_resource is not TaggableResourcesMixin.tag_resource
            if can_tag and backend.owns_arn(arn):
                backend.tag_resource(arn, dict(tags))


def forget_deleted(resource_type: str, model: Any, stack_id: str) -> None:
    """A resource of a stack is gone: from now on the tagging API only remembers it."""
    arn = arn_of(resource_type, model, stack_id)
    if arn is not None:
        region, account_id = stack_id.split(":")[3:5]
        backend = tagging.backend_of(account_id, region)
        backend.extra.pop(arn, None)
        backend.gone(arn)


def arn_of(resource_type: str, model: Any, stack_id: str) -> str | None:
    """The ARN under which a resource of a stack is tagged; None if CloudFormation does not tag the type."""
    partition, _service, region, account_id = stack_id.split(":")[1:5]
    if isinstance(model, TaggedEC2Resource):
        identifier = model.physical_resource_id
        kind = _EC2_KINDS.get(identifier.split("-")[0])
        return f"arn:{partition}:ec2:{region}:{account_id}:{kind}/{identifier}" if kind else None
    if resource_type == "AWS::SSM::Parameter":
        return f"arn:{partition}:ssm:{region}:{account_id}:parameter/{model.name.lstrip('/')}"
    if resource_type not in _TAGGED and not resource_type.startswith("AWS::AppMesh::"):
        return None
    for value in (getattr(model, "attributes", {}).get("Arn"), getattr(model, "arn", None), model.physical_resource_id):
        if isinstance(value, str) and value.startswith("arn:"):
            return value
    raise ValueError(f"{type(model).__name__} has no ARN")


def put_on_ec2(identifier: str, stack_id: str, logical_id: str) -> None:
    """Give an EC2 resource the tags of a stack. Nobody but CloudFormation may: the prefix ``aws:`` is reserved.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
    """
    region, account_id = stack_id.split(":")[3:5]
    tags = {
        "aws:cloudformation:stack-name": stack_id.split("/")[1],
        "aws:cloudformation:stack-id": stack_id,
        "aws:cloudformation:logical-id": logical_id,
    }
    with world.lock:
        ec2_backends[account_id][region].create_tags([identifier], tags)
