# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ElasticLoadBalancingV2::* of CloudFormation: properties that moto drops, and deletion.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-loadbalancer.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-targetgroup.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-listenerrule.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.elbv2.models import FakeListener, FakeListenerRule, FakeLoadBalancer, FakeTargetGroup, elbv2_backends

from ...cloudformation.deletion import Context, Refused, Resource, register
from ...world import world
from ..shapes import api_parameters
from .backend import LoadBalancingBackend

_MISSING = ("TargetGroupNotFound", "ListenerNotFound", "LoadBalancerNotFound")


class TargetGroup(FakeTargetGroup, CloudFormationModel):
    """With TargetGroupAttributes, the deregistration delay among them."""

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> FakeTargetGroup:
        group = super().create_from_cloudformation_json(
            resource_name, cloudformation_json, account_id, region_name, **kwargs
        )
        for attribute in cloudformation_json["Properties"].get("TargetGroupAttributes", []):
            group.attributes[attribute["Key"]] = attribute["Value"]
        return group

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("TargetGroupArn", "TargetGroupName", "TargetGroupFullName", "LoadBalancerArns")


class LoadBalancer(FakeLoadBalancer, CloudFormationModel):
    """With LoadBalancerAttributes and Type."""

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> FakeLoadBalancer:
        properties = cloudformation_json["Properties"]
        balancer = elbv2_backends[account_id][region_name].create_load_balancer(
            resource_name,
            properties.get("SecurityGroups") or [],
            properties.get("Subnets") or [],
            scheme=properties.get("Scheme", "internet-facing"),
            loadbalancer_type=properties.get("Type"),
        )
        for attribute in properties.get("LoadBalancerAttributes", []):
            balancer.attrs[attribute["Key"]] = attribute["Value"]
        return balancer


class Listener(FakeListener, CloudFormationModel):
    """With all that its DefaultActions may have, such as weights."""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "ListenerArn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> FakeListener:
        given = api_parameters("elbv2", "CreateListener", cloudformation_json["Properties"])
        certificates = [item["CertificateArn"] for item in given.get("Certificates", [])]
        return elbv2_backends[account_id][region_name].create_listener(
            given["LoadBalancerArn"],
            given.get("Protocol"),
            given.get("Port"),
            given.get("SslPolicy"),
            certificates[0] if certificates else None,
            given["DefaultActions"],
        )

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> FakeListener:
        properties = cloudformation_json["Properties"]
        if properties["LoadBalancerArn"] != original_resource.load_balancer_arn:
            created = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            elbv2_backends[account_id][region_name].delete_listener(original_resource.arn)
            return created
        given = api_parameters("elbv2", "CreateListener", properties)
        return elbv2_backends[account_id][region_name].modify_listener(
            original_resource.arn,
            given.get("Port"),
            given.get("Protocol"),
            given.get("SslPolicy"),
            given.get("Certificates"),
            given["DefaultActions"],
        )


class ListenerRule(FakeListenerRule, CloudFormationModel):
    """With weights, and updates of its priority."""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "RuleArn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> FakeListenerRule:
        given = api_parameters("elbv2", "CreateRule", cloudformation_json["Properties"])
        return elbv2_backends[account_id][region_name].create_rule(
            given["ListenerArn"], given["Conditions"], given["Priority"], given["Actions"]
        )

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> FakeListenerRule:
        given = api_parameters("elbv2", "CreateRule", cloudformation_json["Properties"])
        backend = elbv2_backends[account_id][region_name]
        if given["ListenerArn"] != original_resource.listener_arn:
            created = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            backend.delete_rule(original_resource.arn)
            return created
        if given["Priority"] != int(original_resource.priority):
            backend.set_rule_priorities([{"RuleArn": original_resource.arn, "Priority": given["Priority"]}])
        return backend.modify_rule(original_resource.arn, given["Conditions"], given["Actions"])


class LoadBalancingDeletion:
    """Takes ``duration_key``, then ``delete``; what is not there any more is deleted."""

    def __init__(self, duration_key: str, delete: Callable[[LoadBalancingBackend, str], object]) -> None:
        self.duration_key = duration_key
        self.delete = delete

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw(self.duration_key, resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = elbv2_backends[resource.account_id][resource.region]
        try:
            self.delete(backend, resource.physical_id)
        except ServiceException as error:
            if error.code not in _MISSING:
                raise Refused(error.code, error.message, service="ElasticLoadBalancingV2") from error
        return True


def register_handlers() -> None:
    """Have CloudFormation delete load balancers the way Elastic Load Balancing lets them go."""
    prefix = "AWS::ElasticLoadBalancingV2::"
    register(
        f"{prefix}LoadBalancer",
        LoadBalancingDeletion("elbv2.load_balancer", lambda backend, arn: backend.delete_load_balancer(arn)),
    )
    register(
        f"{prefix}Listener", LoadBalancingDeletion("elbv2.listener", lambda backend, arn: backend.delete_listener(arn))
    )
    register(
        f"{prefix}TargetGroup",
        LoadBalancingDeletion("elbv2.target_group", lambda backend, arn: backend.delete_target_group(arn)),
    )
