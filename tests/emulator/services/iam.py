# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the other services ask of IAM."""

from __future__ import annotations

from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition


def role_exists(account_id: str, region: str, name_or_arn: str) -> bool:
    """Whether the role is there, by ARN or name."""
    roles = iam_backends[account_id][get_partition(region)].roles.values()
    return any(name_or_arn in (role.arn, role.name) for role in roles)
