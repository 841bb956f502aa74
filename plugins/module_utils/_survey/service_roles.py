# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The roles with which CloudFormation deletes stacks: without them it refuses to."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._resources.blocker import Blocker
from .._resources.lookup import Lookups
from .._resources.resource import Resource
from .._resources.resource import last_part

ROLE = "AWS::IAM::Role"


def lost_roles(looks: Looks, stacks: Sequence[Mapping[str, Any]], region: str) -> list[dict[str, Any]]:
    """A row of ``blockers`` for each stack whose role is gone. Roles that may not be looked up are a gap.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
    """
    arns = {row["name"]: row["role_arn"] for row in stacks if row["role_arn"]}
    there = Lookups(looks).there(_role(arn) for arn in arns.values())
    return [_blocker(name, arn).row(name, region) for name, arn in arns.items() if there[_role(arn)] is False]


def _role(arn: str) -> Resource:
    return Resource(ROLE, last_part(arn))


def _blocker(stack_name: str, arn: str) -> Blocker:
    reason = (
        f"CloudFormation deletes it with the role {arn}, which is gone: make that again, give another with "
        "workshop_role_arn, or have one made for the run with workshop_role_create."
    )
    return Blocker(ROLE, arn, last_part(arn), reason, (), owner=stack_name)
