# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: how roles of stacks go."""

from __future__ import annotations

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import IAMException
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world

_moto_attach = IAMBackend.attach_role_policy
_moto_create_role = IAMBackend.create_role
_moto_create = Role.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]


@functools.lru_cache
def _aws_policies() -> dict[str, Any]:
    """AWS's own policies, by name: too many to have them in every account from the start."""
    return json.loads(aws_managed_policies_data)


def _attach(backend: IAMBackend, policy_arn: str, role_name: str) -> None:
    name = policy_arn.rpartition("/")[2]
    if policy_arn not in backend.managed_policies and ":iam::aws:policy/" in policy_arn and name in _aws_policies():
        data = _aws_policies()[name]
        policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
        backend.managed_policies[policy.arn] = policy
    _moto_attach(backend, policy_arn, role_name)


def _create_role(backend: IAMBackend, *args: Any, **details: Any) -> Role:
    role: Role = _moto_create_role(backend, *args, **details)
    role.made_at = world.clock.now()  # type: ignore[attr-defined]
    return role


def _create(model: type[Role], name: str, definition: Any, account_id: str, region_name: str, **details: Any) -> Role:
    """With ManagedPolicyArns.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
    """
    role: Role = _moto_create(model, name, definition, account_id, region_name, **details)
    for arn in definition["Properties"].get("ManagedPolicyArns") or []:
        iam_backends[account_id][get_partition(region_name)].attach_role_policy(arn, role.name)
    return role


class RoleDeletion:
    """Takes the policies off a role, those of others as well, and deletes it: go-to-k/delstack#369, and the actions in
    the type's schema. Where it takes off only its own, the role stays: seen until about 2023 (waterbear-cloud/paco#27,
    aws-samples/aws-fault-injection-simulator-workshop#113, convox/rack#2672), and later where the caller may not list
    them (aws/aws-parallelcluster#4031). That it fails at the first attempt is a guess.
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("iam.role", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = iam_backends[resource.account_id][get_partition(resource.region)]
        role = next((role for role in backend.roles.values() if role.name == resource.physical_id), None)
        if role is None:
            return True
        inline, managed = list(role.policies), list(role.managed_policies)
        if world.faults.roles_keep_policies:
            own = [policy["PolicyName"] for policy in resource.properties.get("Policies", [])]
            inline = [name for name in inline if name in own]
            managed = [arn for arn in managed if arn in resource.properties.get("ManagedPolicyArns", [])]
        for name in inline:
            role.policies.pop(name)
        for arn in managed:
            backend.detach_role_policy(arn, role.name)
        try:
            backend.delete_role(role.name)
        except IAMException as error:
            raise Refused(error.code, error.message, service="Iam", status=409) from error
        return True


def install(patches: Patches) -> None:
    """Have CloudFormation make and delete roles the way IAM does."""
    patches.set(IAMBackend, "attach_role_policy", _attach)
    patches.set(IAMBackend, "create_role", _create_role)
    patches.set(Role, "create_from_cloudformation_json", classmethod(_create))
    register("AWS::IAM::Role", RoleDeletion())
