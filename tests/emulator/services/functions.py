# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda: functions in a VPC hold interfaces there, longer than they live.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html. "Up to 20 minutes", and with the function's own
role: awslabs/aws-support-tools#174. CloudFormation waits for them:
aws-cloudformation/cloudformation-coverage-roadmap#392. Each function has its own here; on AWS those with the same
subnet and groups share one. The code does not run.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from moto.awslambda import urls as lambda_urls
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.ec2.models import ec2_backends
from moto.logs.models import logs_backends

from ..cloudformation.deletion import Context, Resource, register
from ..roles import find_role, role_exists
from ..world import world
from .network.interfaces import Interface, attach_managed, release
from .swap import Swaps

#: AWS seconds after which CloudFormation leaves the interfaces of a deleted function behind: serverless/serverless#7633
_PATIENCE = 2700.0


class Functions(LambdaBackend):
    """moto's functions, with interfaces."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.interfaces: dict[str, list[Interface]] = {}

    @property
    def _url_module(self) -> Any:
        return lambda_urls

    def create_function(self, spec: dict[str, Any]) -> LambdaFunction:
        function = super().create_function(spec)
        self._attach(function)
        world.note("function", function.function_name, "active")
        return function

    def update_function_configuration(
        self, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        answer = super().update_function_configuration(function_name, qualifier, body)
        if "VpcConfig" in body:
            function = self.get_function(function_name)
            self._let_go(function)
            self._attach(function)
        return answer

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        function = self.get_function(function_name)
        super().delete_function(function_name, qualifier)
        if qualifier is None:
            self._let_go(function)
            world.note("function", function.function_name, "deleted")

    def invoke(
        self, function_name: str, qualifier: str | None, body: Any, headers: Any, response_headers: Any
    ) -> bytes:
        """The code does not run, but the log is written."""
        invoked(self.get_function(function_name, qualifier))
        return b"null"

    def _attach(self, function: LambdaFunction) -> None:
        config = function._vpc_config or {}
        self.interfaces[function.function_name] = [
            _attached(self.account_id, self.region_name, function, subnet_id, config.get("SecurityGroupIds") or [])
            for subnet_id in config.get("SubnetIds") or []
        ]

    def _let_go(self, function: LambdaFunction) -> None:
        """Later, and only if the function's role is still there by then."""
        held = self.interfaces.get(function.function_name, [])
        if held:
            seconds = world.durations.draw("lambda.interface", function.function_name)
            world.clock.call_later(seconds, self._end, function, held)

    def _end(self, function: LambdaFunction, held: list[Interface]) -> None:
        if not role_exists(self.account_id, self.region_name, function.role):
            for interface in held:
                interface.status = "available"
                interface.requester_attachment = None
            return
        for interface in held:
            release(interface)
        if self.interfaces.get(function.function_name) is held:
            del self.interfaces[function.function_name]


def _attached(account_id: str, region: str, function: LambdaFunction, subnet_id: str, groups: list[str]) -> Interface:
    interface = attach_managed(
        account_id=account_id,
        region=region,
        subnet_id=subnet_id,
        group_ids=list(groups),
        description=f"AWS Lambda VPC ENI-{function.function_name}-{uuid.uuid4()}",
        requester="AROAEXAMPLE:awslambda",
        public=False,
        owner="amazon-aws",
    )
    # As recorded in tests/data/placebo/test_security_group_used of cloud-custodian/cloud-custodian
    interface.interface_type = "lambda"
    interface.requester_managed = False
    return interface


def can_work(function: LambdaFunction) -> bool:
    """Whether the function has its role, and its network if it is in one."""
    config = function._vpc_config or {}
    zones = ec2_backends[function.account_id][function.region].subnets.values()
    known = {subnet_id for subnets in zones for subnet_id in subnets}
    has_role = role_exists(function.account_id, function.region, function.role)
    return has_role and known.issuperset(config.get("SubnetIds") or [])


def invoked(function: LambdaFunction) -> None:
    """The function writes its log, in a group that it makes itself, if its role lets it.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    role = find_role(function.account_id, function.region, function.role)
    logs = logs_backends[function.account_id][function.region]
    group = f"/aws/lambda/{function.function_name}"
    if role is not None and _may_log(role) and group not in logs.groups:
        logs.create_log_group(group, {})


def _may_log(role: Any) -> bool:
    managed = [version.document for policy in role.managed_policies.values() for version in policy.versions]
    return "logs:" in json.dumps([*role.policies.values(), *managed])


class _Deletion:
    """Deletes the function, and waits until its interfaces are gone, though not for ever, and only if it may look.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-vpcconfig.html
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        backend: Functions = lambda_backends[resource.account_id][resource.region]  # type: ignore[assignment]
        may_look = not world.faults.denies("ec2:DescribeNetworkInterfaces", resource.caller)
        context.memory["held"] = backend.interfaces.get(resource.physical_id, []) if may_look else []
        if any(function.function_name == resource.physical_id for function in backend.list_functions()):
            backend.delete_function(resource.physical_id)
        return world.durations.draw("lambda.function", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        known = ec2_backends[resource.account_id][resource.region].enis
        held = any(interface.id in known for interface in context.memory["held"])
        return not held or world.clock.now() > context.started + _PATIENCE


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and CloudFormation wait for the interfaces."""
    swaps.use(lambda_backends, Functions)
    register("AWS::Lambda::Function", _Deletion())
