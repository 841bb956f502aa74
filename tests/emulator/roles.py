# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of IAM, as the other services ask for them."""

from __future__ import annotations

from moto.iam.models import Role, iam_backends
from moto.utilities.utils import get_partition

from .world import world


def find_role(account_id: str, region: str, name_or_arn: str) -> Role | None:
    """The role, by ARN or name; None if there is none."""
    roles = iam_backends[account_id][get_partition(region)].roles.values()
    return next((role for role in roles if name_or_arn in (role.arn, role.name)), None)


def is_known(role: Role) -> bool:
    """Whether other services know of it by now: IAM tells them late.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
    """
    return world.clock.now() - getattr(role, "made_at", float("-inf")) >= world.faults.new_roles_known_after


def role_exists(account_id: str, region: str, name_or_arn: str) -> bool:
    """Whether the role is there, by ARN or name."""
    return find_role(account_id, region, name_or_arn) is not None
