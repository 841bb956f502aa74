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
from .keeps import Keeps
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
    stays = [Keeps(looks, entry).keeps(item.logical_id) for entry, item in found]
    return [
        own_protection(item.type, item.physical_id, entry.name, kept is False).row(entry.name, region)
        for (entry, item), kept in zip(found, stays)
        if not kept
    ]
