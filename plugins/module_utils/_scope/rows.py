# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks as cloudformation_stacks takes them."""

from __future__ import annotations

from typing import Any

from .._resources.ecs import CLUSTER
from .._resources.ecs import SERVICE
from .._resources.members import MEMBERS
from .._stacks.gates import VPC
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import MEMBERS_GONE
from .._stacks.types import NETWORK_INTERFACES_GONE
from .._stacks.types import TASKS_STOPPED
from .order import Order
from .types import Stack

# What has to be so if the stack owns one of these types.
_GATES = {
    TASKS_STOPPED: frozenset((CLUSTER,)),
    NETWORK_INTERFACES_GONE: frozenset((VPC,)),
    MEMBERS_GONE: frozenset(MEMBERS),
}


def row(stack: Stack, order: Order) -> dict[str, Any]:
    """One stack. Without C(resources) if they could not be read."""
    read = all(part.resources is not None for part in stack.parts)
    resources = [
        {
            "logical_id": part.inside + item.logical_id,
            "type": item.type,
            "physical_id": item.physical_id,
            "status": item.status,
        }
        for part in stack.parts
        for item in part.resources or ()
    ]
    types = {item["type"] for item in resources if item["physical_id"] and item["status"] != DELETE_COMPLETE}
    return {
        "name": stack.name,
        "stack_id": stack.view.stack_id,
        "after": order.after(stack.name),
        "only_when": sorted(gate for gate, names in _GATES.items() if names & types),
        "stop_tasks": bool(types & {CLUSTER, SERVICE}),
        **({"resources": resources} if read else {}),
    }
