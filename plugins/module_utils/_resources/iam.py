# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS Identity and Access Management."""

from __future__ import annotations

from .resource import ResourceType
from .resource import by
from .resource import one

_ROLE = one("iam:GetRole", "RoleName", "NoSuchEntity")

TYPES = (
    ResourceType(name="AWS::IAM::Role", command=by("iam delete-role --role-name"), lookup=_ROLE, arn="iam:role"),
    ResourceType(
        name="AWS::IAM::ServiceLinkedRole", command=by("iam delete-service-linked-role --role-name"), lookup=_ROLE
    ),
)
