# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is in resources of the stacks, or beside them, holds them up, and can be cleared, or be named at least."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Sequence

from .._aws.looks import Looks
from .._clearing.finding import contents
from .._resources.ours import Ours
from .._resources.ours import Resource
from .._resources.registry import TYPES
from .keeps import Keeps
from .types import LET_GO
from .types import Entry

# Of what was not made after all, the physical id may be that of somebody else's, which was in its way.
_NOT_OWNED = (*LET_GO, "CREATE_FAILED", "CREATE_IN_PROGRESS")


def held_contents(looks: Looks, ours: Ours, inventory: Sequence[Entry]) -> tuple[list[dict[str, Any]], list[Any]]:
    """A row of ``blockers`` for each, and what could not be looked at. Who clears nothing needs none of these
    permissions, and so that is no gap of the survey."""
    places = {
        Resource(item.type, item.physical_id): (entry, item.logical_id)
        for entry in inventory
        for item in (entry.resources or () if entry.live else ())
        if item.physical_id and item.status not in _NOT_OWNED and item.type in TYPES and TYPES[item.type].clearing
    }
    if not places:
        return [], []
    with Looks(looks.clients) as own:
        found = contents(own, ours, list(places))
        gaps = own.gaps()
    keeps = {entry.stack_id: Keeps(looks, entry) for entry in inventory}
    rows = []
    for item in found:
        entry, logical_id = places[item.resource]
        kept = keeps[entry.stack_id].keeps(logical_id)
        if not kept:
            blocker = item.blocker if kept is False else replace(item.blocker, certain=False)
            rows.append(blocker.row(entry.name, ours.place.region))
    return rows, gaps
