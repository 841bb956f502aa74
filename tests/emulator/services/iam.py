# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: what the other services ask of it, and how roles of stacks go."""

from __future__ import annotations

from moto.iam.exceptions import IAMException
from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..world import world


def role_exists(account_id: str, region: str, name_or_arn: str) -> bool:
    """Whether the role is there, by ARN or name."""
    roles = iam_backends[account_id][get_partition(region)].roles.values()
    return any(name_or_arn in (role.arn, role.name) for role in roles)


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


def install() -> None:
    """Have CloudFormation delete roles the way IAM lets them go."""
    register("AWS::IAM::Role", RoleDeletion())
