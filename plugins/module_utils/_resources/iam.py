# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Roles of IAM."""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import Work
from .ours import Ours
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import one
from .steps import call
from .steps import listed_if_there
from .steps import owner_of
from .steps import unless

ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::ManagedPolicy"
_PROFILE = "AWS::IAM::InstanceProfile"
_LOOKUP = one("iam:GetRole", "RoleName", "NoSuchEntity")
_LIST_PROFILES = "iam:ListInstanceProfilesForRole"
_LIST_POLICIES = "iam:ListAttachedRolePolicies"
_REMOVE = "iam:RemoveRoleFromInstanceProfile"
_DETACH = "iam:DetachRolePolicy"


def _detect(looks: Looks, ours: Ours, roles: Ids) -> list[tuple[str, Blocker]]:
    """Instance profiles that others have put around our roles, and policies that others have attached to them. Inline
    policies are not looked for: CloudFormation deletes all that a role has.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
    """
    found = looks.each(lambda role: _of_role(looks, ours, role), roles)
    return [(role, blocker) for role, several in zip(roles, found) for blocker in several]


def _of_role(looks: Looks, ours: Ours, role: str) -> list[Blocker]:
    profiles = _of_others(looks.listing(_LIST_PROFILES, "InstanceProfiles", role, RoleName=role), ours)
    policies = _of_others(looks.listing(_LIST_POLICIES, "AttachedPolicies", role, RoleName=role), ours)
    words = looks.at(role, lambda: _words(looks, role), "") if policies else ""
    found = [_profile(name, role) for name in profiles]
    return found + [_policy(arn, role) for arn in policies if words is not None and last_part(arn) not in words]


def _of_others(found: Iterable[Mapping[str, Any]], ours: Ours) -> list[str]:
    """Names of instance profiles, or ARNs of policies, that are none of ours."""
    own = {**ours.owned_ids(_PROFILE), **ours.owned_ids(POLICY)}
    return [key for key in (item.get("PolicyArn") or item["InstanceProfileName"] for item in found) if key not in own]


def _words(looks: Looks, role: str) -> str:
    """What the template of a role's stack says, and the parameters that it was given: a policy that is named there is
    the stack's. Raises :class:`AwsCallError`."""
    (found,) = looks.pages("cloudformation:DescribeStackResources", PhysicalResourceId=role)
    stack_id = found["StackResources"][0]["StackId"]
    (template,) = looks.pages("cloudformation:GetTemplate", StackName=stack_id)
    stacks = looks.pages("cloudformation:DescribeStacks", StackName=stack_id)
    return f"{template['TemplateBody']} {stacks[0]['Stacks'][0].get('Parameters')}"


def _profile(name: str, role: str) -> Blocker:
    return Blocker(
        _PROFILE,
        name,
        name,
        f"A role cannot be deleted while it is in an instance profile, and {role} is in this one of others.",
        ("iam", "remove-role-from-instance-profile", "--instance-profile-name", name, "--role-name", role),
        amounts=(Amount(1, "instance profile around it", "instance profiles around it"),),
        clear=ROLE,
        lost="its place in the instance profile, which stays, without a role",
    )


def _policy(arn: str, role: str) -> Blocker:
    # CloudFormation detaches it, which takes permissions of whoever deletes the stack; it has not always done so:
    # https://github.com/go-to-k/delstack/pull/369, https://github.com/aws/aws-parallelcluster/issues/4031
    return Blocker(
        POLICY,
        arn,
        last_part(arn),
        f"A role is deleted only without policies, and this one of others is attached to {role}.",
        ("iam", "detach-role-policy", "--role-name", role, "--policy-arn", arn),
        certain=False,
        goes_with_owner=False,
        amounts=(Amount(1, "attached policy", "attached policies"),),
        clear=ROLE,
        lost="that it is attached to the role; the policy stays",
    )


def _clear(work: Work, role: str) -> list[Amount]:
    """Take the role out of instance profiles that no stack owns, and policies of others off it."""
    profiles = policies = 0

    def done() -> list[Amount]:
        several = [
            Amount(profiles, "instance profile around it", "instance profiles around it"),
            Amount(policies, "attached policy", "attached policies"),
        ]
        return [amount for amount in several if amount.count]

    for name in _of_others(listed_if_there(work, _LIST_PROFILES, "InstanceProfiles", RoleName=role), work.ours):
        if not owner_of(work, _PROFILE, name):
            profiles += unless((), lambda name=name: call(work, _REMOVE, InstanceProfileName=name, RoleName=role))
            work.told(done())
    others = _of_others(listed_if_there(work, _LIST_POLICIES, "AttachedPolicies", RoleName=role), work.ours)
    words = work.looks.tried(lambda: _words(work.looks, role)) if others else ""
    for arn in others:
        if last_part(arn) not in words:
            policies += unless((), lambda arn=arn: call(work, _DETACH, RoleName=role, PolicyArn=arn))
            work.told(done())
    return done()


_LOOKS = (
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    _LIST_POLICIES,
    _LIST_PROFILES,
)

TYPES = (
    ResourceType(
        name=ROLE,
        command=by("iam delete-role --role-name"),
        lookup=_LOOKUP,
        arn="iam:role",
        held_by=_detect,
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=_LOOKS,
            clears=(*_LOOKS, _DETACH, _REMOVE),
            lost="that it is in instance profiles of others, and that policies of others are attached to it",
            source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html",
        ),
    ),
    ResourceType(
        name="AWS::IAM::ServiceLinkedRole", command=by("iam delete-service-linked-role --role-name"), lookup=_LOOKUP
    ),
)
