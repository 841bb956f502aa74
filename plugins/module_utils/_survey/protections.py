# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which resources of the stacks are protected from deletion by themselves."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.looks import Looks
from .._clearing.finding import is_protected
from .._resources.registry import TYPES
from .._resources.registry import own_protection
from .._resources.resource import Resource
from .._stacks.reader import StackReader
from .._stacks.types import StackResource
from .types import LET_GO
from .types import Entry


def protections(looks: Looks, inventory: Sequence[Entry], region: str) -> list[dict[str, Any]]:
    """A row of ``blockers`` for each resource of a live stack that is protected, and that the stack would not keep.
    What could not be looked at is a gap."""
    asked = [
        (entry, item)
        for entry in inventory
        for item in (entry.resources or () if entry.live else ())
        if item.physical_id and item.status not in LET_GO and item.type in TYPES and TYPES[item.type].protection
    ]
    on = looks.each(lambda pair: is_protected(looks, Resource(pair[1].type, pair[1].physical_id)), asked)
    found = [pair for pair, is_on in zip(asked, on) if is_on]
    kept = {entry.stack_id: _kept(looks, entry) for entry, _item in found}
    return [
        own_protection(item.type, item.physical_id, entry.name, _certain(item, kept[entry.stack_id])).row(
            entry.name, region
        )
        for entry, item in found
        if item.logical_id not in (kept[entry.stack_id] or ())
    ]


def _kept(looks: Looks, entry: Entry) -> frozenset[str] | None:
    """Logical ids of what the stack keeps; None if that is not known."""
    client = looks.clients("cloudformation")
    return looks.at(entry.name, lambda: StackReader(client).kept(entry.stack_id), frozenset())


def _certain(item: StackResource, kept: frozenset[str] | None) -> bool:
    """What the template of a nested stack keeps is not looked up."""
    return kept is not None and "/" not in item.logical_id
