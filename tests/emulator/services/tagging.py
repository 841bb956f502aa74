# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of what CloudFormation creates, as the Resource Groups Tagging API finds them.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
Which types it knows: https://docs.aws.amazon.com/ARG/latest/userguide/supported-resources.html
"""

from __future__ import annotations

from typing import Any

from moto.core.resource_tagging import iter_taggable_backends
from moto.ssm.models import ssm_backends

_TAGGED = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::ECS::Cluster",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::Logs::LogGroup",
        "AWS::SSM::Parameter",
        "AWS::ServiceDiscovery::HttpNamespace",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::Service",
    }
)


def tag_created(resource_type: str, model: Any, tags: dict[str, str]) -> None:
    """Put a stack's tags on a resource it has created, where AWS can tag the type.

    ``tags`` holds ``aws:cloudformation:stack-id``, which also says account and region.
    """
    if resource_type not in _TAGGED:
        return
    region, account_id = tags["aws:cloudformation:stack-id"].split(":")[3:5]
    if resource_type == "AWS::SSM::Parameter":
        ssm_backends[account_id][region].add_tags_to_resource("Parameter", model.name, tags)
        return
    arn = _arn(model)
    for backend in iter_taggable_backends(account_id, region):
        if backend.owns_arn(arn):
            backend.tag_resource(arn, dict(tags))


def _arn(model: Any) -> str:
    """The ARN of a resource, wherever its class keeps it."""
    for value in (
        getattr(model, "attributes", {}).get("Arn"),
        getattr(model, "arn", None),
        getattr(model, "table_arn", None),
        model.physical_resource_id,
    ):
        if isinstance(value, str) and value.startswith("arn:"):
            return value
    raise ValueError(f"{type(model).__name__} has no ARN")
