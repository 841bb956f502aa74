# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a resource's deletion meets because a test has switched them on."""

from __future__ import annotations

from ..call_faults import USER_ARN
from ..world import world
from .deletion import Refused, Resource

_PREFIXES = {"ElasticLoadBalancingV2": "elasticloadbalancing"}
_ACTIONS = {
    "AWS::ECS::TaskDefinition": "ecs:DeregisterTaskDefinition",
    "AWS::IAM::Policy": "iam:DeleteRolePolicy",
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "servicediscovery:DeleteNamespace",
    "AWS::EC2::VPCGatewayAttachment": "ec2:DetachInternetGateway",
    "AWS::EC2::VPCEndpoint": "ec2:DeleteVpcEndpoints",
    "AWS::EC2::FlowLog": "ec2:DeleteFlowLogs",
}


def delete_action(resource_type: str) -> str:
    """The action that a caller needs for the deletion, such as ``ecs:DeleteCluster``."""
    if resource_type in _ACTIONS:
        return _ACTIONS[resource_type]
    service, name = resource_type.split("::")[1:3]
    return f"{_PREFIXES.get(service, service.lower())}:Delete{name}"


def fail_as_told(resource: Resource) -> None:
    """Raise Refused if this deletion is to fail now. CloudFormation does not try such failures again."""
    reason = world.faults.take_resource_failure(resource.stack_name, resource.logical_id)
    if reason is not None:
        raise Refused("InternalFailure", reason, retry=False)
    service = resource.type.split("::")[1]
    if world.faults.app_mesh_is_gone and service == "AppMesh":
        raise Refused("AccessDenied", "The AWS App Mesh service has been discontinued.", service=service, retry=False)
    action = delete_action(resource.type)
    if action.lower() in {denied.lower() for denied in world.faults.denied}:
        message = f"User: {USER_ARN} is not authorized to perform: {action} on resource: {resource.physical_id}"
        raise Refused("AccessDenied", message, service=service, retry=False)
