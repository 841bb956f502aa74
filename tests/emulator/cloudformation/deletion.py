# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How resources of a stack are deleted: one handler per resource type."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Protocol

from ..world import world
from .moto_resources import delete_with_moto, moto_deletes

#: Error codes that CloudFormation meets with retries: something else is still in the way.
RETRIED_CODES = frozenset({"DependencyViolation", "ResourceInUse"})


class Refused(Exception):
    """A service refuses a deletion. ``retry`` says whether CloudFormation goes on trying (default: by the code).

    ``status``: of the service's answer.
    """

    def __init__(
        self, code: str, message: str, *, service: str = "", status: int = 400, retry: bool | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.service = service
        self.status = status
        self.retry = code in RETRIED_CODES if retry is None else retry

    def reason(self) -> str:
        """The resource status reason that CloudFormation makes of it."""
        if not self.service:
            return self.message
        return (
            f'Resource handler returned message: "{self.message} (Service: {self.service}, Status Code: {self.status}, '
            f'Request ID: {uuid.uuid4()})" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {_handler_code(self.code)})'
        )


def _handler_code(code: str) -> str:
    """The error code of a resource handler for a service's error code.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    """
    if code == "AccessDenied":
        return "AccessDenied"
    if code in RETRIED_CODES or code.startswith("ResourceInUse"):
        return "ResourceConflict" if code != "DependencyViolation" else "InvalidRequest"
    return "GeneralServiceException"


@dataclass
class Resource:
    """A resource of a stack that is being deleted, with the rights of ``caller`` (id of an access key)."""

    stack_name: str
    stack_id: str
    logical_id: str
    physical_id: str
    type: str
    model: Any
    properties: dict[str, Any]
    account_id: str
    region: str
    caller: str = ""
    policy: str = "Delete"

    @property
    def label(self) -> str:
        """Its name in the timeline and for the draw of durations: the same in every run, unlike its physical id."""
        return f"{self.stack_name}/{self.logical_id}"

    def delete_with_moto(self) -> None:
        """Have moto delete it now. Raises Refused with moto's error."""
        delete_with_moto(self)


@dataclass
class Context:
    """One attempt to delete a resource. ``memory`` is the handler's own; ``wake()`` has ``poll`` called at once."""

    started: float
    wake: Callable[[], None]
    memory: dict[str, Any] = field(default_factory=dict)


class DeletionHandler(Protocol):
    """What the engine asks of a resource type. Called with the world's lock held; must not block."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        """Ask the service for the deletion. Returns AWS seconds until the first poll (None: the usual interval).

        Raises Refused when the service refuses; after a retried refusal ``begin`` is called again.
        """

    def poll(self, resource: Resource, context: Context) -> bool:
        """Whether it is gone. May raise Refused (the deletion failed after all)."""


class Simple:
    """A type that takes a while and is then deleted by moto."""

    def __init__(self, duration_key: str) -> None:
        self.duration_key = duration_key

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw(self.duration_key, resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        resource.delete_with_moto()
        return True


_handlers: dict[str, DeletionHandler] = {}
_other = Simple("resource.other")


def register(resource_type: str, handler: DeletionHandler) -> None:
    """Use ``handler`` for deletions of this type, instead of any earlier one."""
    _handlers[resource_type] = handler


def can_delete(resource_type: str) -> bool:
    """Whether a resource of this type can go again: some of moto's types are deleted in name only."""
    return deletion_handler(resource_type) is not _other or moto_deletes(resource_type)


def deletion_handler(resource_type: str) -> DeletionHandler:
    """The handler of a type; types nobody registered take a moment and are then deleted by moto."""
    if resource_type.startswith("Custom::"):
        resource_type = "AWS::CloudFormation::CustomResource"
    return _handlers.get(resource_type, _other)


def delete_at_once(resource: Resource) -> None:
    """As part of a roll back or an update, where nothing takes its time. Raises Refused."""
    at_once = getattr(deletion_handler(resource.type), "at_once", None)
    if at_once is not None:
        at_once(resource)
    else:
        resource.delete_with_moto()


for _type, _key in {
    "AWS::SSM::Parameter": "ssm.parameter",
    "AWS::Logs::LogGroup": "logs.log_group",
    "AWS::IAM::Policy": "iam.policy",
    "AWS::DynamoDB::Table": "dynamodb.table",
    "AWS::ECS::TaskDefinition": "ecs.task_definition",
    "AWS::ECS::Cluster": "ecs.cluster",
    "AWS::EC2::VPC": "ec2.vpc",
    "AWS::EC2::VPCEndpoint": "ec2.vpc_endpoint",
    "AWS::EC2::Subnet": "ec2.subnet",
    "AWS::EC2::Route": "ec2.route",
    "AWS::EC2::RouteTable": "ec2.route_table",
    "AWS::EC2::SubnetRouteTableAssociation": "ec2.route_table_association",
    "AWS::EC2::InternetGateway": "ec2.internet_gateway",
    "AWS::EC2::VPCGatewayAttachment": "ec2.gateway_attachment",
    "AWS::EC2::SecurityGroup": "ec2.security_group",
    "AWS::EC2::FlowLog": "ec2.flow_log",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "elbv2.load_balancer",
    "AWS::ElasticLoadBalancingV2::Listener": "elbv2.listener",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "elbv2.target_group",
}.items():
    register(_type, Simple(_key))
