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
from .resource import one

_PROFILE = "AWS::IAM::InstanceProfile"
_ROLE = one("iam:GetRole", "RoleName", "NoSuchEntity")


def _held_by(looks: Looks, ours: Ours, roles: Ids) -> list[tuple[str, Blocker]]:
    """Instance profiles that others have put around our roles. Policies that others have attached go with the role:
    CloudFormation detaches them. https://github.com/go-to-k/delstack/pull/369

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
    """
    listing = "iam:ListInstanceProfilesForRole"
    found = looks.each(lambda role: looks.listing(listing, "InstanceProfiles", role, RoleName=role), roles)
    own = ours.owned_ids(_PROFILE)
    return [
        (role, _profile(profile["InstanceProfileName"], role))
        for role, profiles in zip(roles, found)
        for profile in profiles
        if profile["InstanceProfileName"] not in own
    ]


def _profile(name: str, role: str) -> Blocker:
    command = ("iam", "remove-role-from-instance-profile", "--instance-profile-name", name, "--role-name", role)
    reason = f"A role cannot be deleted while it is in an instance profile, and {role} is in this one of others."
    return Blocker(_PROFILE, name, name, reason, command)


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
