# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How a person removes a resource."""

from __future__ import annotations

import shlex

from .types import TYPES


def how_to_remove(resource_type: str, physical_id: str, region: str) -> str:
    """A command line of the AWS CLI that removes a resource, by CloudFormation's type and physical id; empty for a type
    that is not known."""
    look = TYPES.get(resource_type)
    if look is None or not physical_id:
        return ""
    return shlex.join(["aws", *look.remove(physical_id), "--region", region])
