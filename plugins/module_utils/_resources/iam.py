# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS Identity and Access Management."""

from __future__ import annotations

from .._aws.looks import Looks
from .blocker import Blocker
from .ours import Ours
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import one

_PROFILE = "AWS::IAM::InstanceProfile"
_POLICY = "AWS::IAM::ManagedPolicy"
_ROLE = one("iam:GetRole", "RoleName", "NoSuchEntity")


def _held_by(looks: Looks, ours: Ours, roles: Ids) -> list[tuple[str, Blocker]]:
    """Instance profiles that others have put around our roles, and policies that others have attached to them.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
    """
    found = looks.each(lambda role: [*_profiles(looks, ours, role), *_attached(looks, ours, role)], roles)
    return [(role, blocker) for role, several in zip(roles, found) for blocker in several]


def _profiles(looks: Looks, ours: Ours, role: str) -> list[Blocker]:
    found = looks.listing("iam:ListInstanceProfilesForRole", "InstanceProfiles", role, RoleName=role)
    own = ours.owned_ids(_PROFILE)
    return [_profile(name, role) for name in (item["InstanceProfileName"] for item in found) if name not in own]


def _attached(looks: Looks, ours: Ours, role: str) -> list[Blocker]:
    found = looks.listing("iam:ListAttachedRolePolicies", "AttachedPolicies", role, RoleName=role)
    own = ours.owned_ids(_POLICY)
    others = [item["PolicyArn"] for item in found if item["PolicyArn"] not in own]
    words = looks.at(role, lambda: _words(looks, role), "") if others else ""
    return [] if words is None else [_policy(arn, role) for arn in others if last_part(arn) not in words]


def _words(looks: Looks, role: str) -> str:
    """What the template of a role's stack says, and the parameters that it was given: a policy that is named there is
    the stack's. Raises :class:`AwsCallError`."""
    (found,) = looks.pages("cloudformation:DescribeStackResources", PhysicalResourceId=role)
    stack_id = found["StackResources"][0]["StackId"]
    (template,) = looks.pages("cloudformation:GetTemplate", StackName=stack_id)
    stacks = looks.pages("cloudformation:DescribeStacks", StackName=stack_id)
    return f"{template['TemplateBody']} {stacks[0]['Stacks'][0].get('Parameters')}"


def _profile(name: str, role: str) -> Blocker:
    command = ("iam", "remove-role-from-instance-profile", "--instance-profile-name", name, "--role-name", role)
    reason = f"A role cannot be deleted while it is in an instance profile, and {role} is in this one of others."
    return Blocker(_PROFILE, name, name, reason, command)


def _policy(arn: str, role: str) -> Blocker:
    # CloudFormation detaches it, which takes permissions of whoever deletes the stack; it has not always done so:
    # https://github.com/go-to-k/delstack/pull/369, https://github.com/aws/aws-parallelcluster/issues/4031
    command = ("iam", "detach-role-policy", "--role-name", role, "--policy-arn", arn)
    reason = f"A role is deleted only without policies, and this one of others is attached to {role}."
    return Blocker(_POLICY, arn, last_part(arn), reason, command, certain=False, goes_with_owner=False)


TYPES = (
    ResourceType(
        name="AWS::IAM::Role",
        command=by("iam delete-role --role-name"),
        lookup=_ROLE,
        arn="iam:role",
        held_by=_held_by,
    ),
    ResourceType(
        name="AWS::IAM::ServiceLinkedRole", command=by("iam delete-service-linked-role --role-name"), lookup=_ROLE
    ),
)
