# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What keeps the stacks of a workshop from going, and is none of theirs."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._resources.blocker import Blocker
from .._resources.ecs import CLUSTER
from .._resources.ecs import SERVICE
from .._resources.ours import Ours
from .._resources.registry import TYPES
from .._resources.resource import Resource
from .._resources.resource import last_part
from .owners import Owners


def blockers(looks: Looks, ours: Ours, owners: Owners) -> list[dict[str, Any]]:
    """What keeps resources of our stacks, as it is returned. What could not be looked at is a gap."""
    held = {
        name: row.held_by
        for name, row in TYPES.items()
        if row.held_by is not None and any(item.type == name for item in ours.owned)
    }
    found = looks.together(
        {
            name: lambda name=name: looks.read(
                TYPES[name].lookup.action, lambda: held[name](looks, ours, list(ours.owned_ids(name)))
            )
            for name in held
        }
    )
    pairs = [
        (ours.owned[Resource(name, physical_id)], blocker)
        for name, several in found.items()
        for physical_id, blocker in several
    ]
    # Who owns it the tags may have told already.
    unknown = [blocker for _stack, blocker in pairs if not blocker.owner]
    asked = looks.each(lambda blocker: owners.owner(Resource(blocker.type, blocker.id)), unknown)
    owner = dict(zip(unknown, asked))
    return [blocker.of_stack(owner.get(blocker)).row(stack, ours.place.region) for stack, blocker in pairs]


def foreign_services(ours: Ours, services: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """ECS services of others in clusters that our stacks own. ``services``: rows of the survey."""
    stacks = {last_part(name): stack for name, stack in ours.owned_ids(CLUSTER).items()}
    return [
        Blocker(
            SERVICE,
            row["arn"],
            row["name"],
            f"A cluster cannot be deleted with a service in it, and this one of others is in {row['cluster']}.",
            TYPES[SERVICE].command(row["arn"]),
        )
        .of_stack(row["owner"])
        .row(stacks[row["cluster"]], ours.place.region)
        for row in services
        if not row["stack_name"] and row["cluster"] in stacks
    ]


def besides(held: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of ``rows`` that ``held`` does not have: what can be cleared is told as that."""
    told = {(row["stack_name"], row["type"], row["id"]) for row in held}
    return [
        row
        for row in rows
        if (row["stack_name"], row["type"], row["id"]) not in told or row["owner"] == row["stack_name"]
    ]


def in_order(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sorted by stack, type and id."""
    return sorted(rows, key=lambda row: (row["stack_name"], row["type"], row["id"]))
