# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the stacks of a scope own, and what those that are gone had."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from typing import Container
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._resources.ours import Place
from .._resources.resource import Resource
from .._stacks.reader import StackReader
from .._stacks.types import StackResource
from .._stacks.types import name_of
from .types import LET_GO
from .types import Entry
from .types import Stacks

# ListStackResources has no published rate: https://github.com/b3ross/dotenvi/issues/35
AT_ONCE = 5
NESTED = "AWS::CloudFormation::Stack"


class InventoryReader:
    """``known``: entries of an earlier look, as they were returned. They are not read again."""

    def __init__(self, looks: Looks, known: Sequence[Mapping[str, Any]]) -> None:
        self._looks = looks
        self._known = {row["stack_id"]: row for row in known if row["resources"] is not None}
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def knows(self, name: str) -> bool:
        """Whether an earlier look has read a stack of this name."""
        return any(row["name"] == name for row in self._known.values())

    def entries(self, stacks: Stacks, names: Sequence[str], every_generation: bool) -> list[Entry]:
        """For each of these names, in their order, the live stack, then deleted ones, newest first: all, or where none
        is live the newest."""
        wanted = [item for name in dict.fromkeys(names) for item in self._of_name(stacks, name, every_generation)]
        return self._looks.each(self._entry, wanted)

    def _of_name(self, stacks: Stacks, name: str, every_generation: bool) -> list[Entry]:
        """Without resources."""
        live = [view.stack_id for view in stacks.views if view.name == name]
        gone = {view.stack_id: view.deleted for view in stacks.gone if view.name == name}
        # What an earlier look has seen, and is not listed, went after all that are listed, if it went at all.
        earlier = {
            key: row["deletion_time"]
            for key, row in self._known.items()
            if row["name"] == name == name_of(key) and key not in gone and key not in live
        }
        deleted = {**earlier, **{key: when.isoformat() if when else None for key, when in gone.items()}}
        views = (*stacks.views, *stacks.gone)
        made = {view.stack_id: view.created.isoformat() for view in views if view.created}
        made = {**{key: row.get("creation_time") for key, row in self._known.items()}, **made}
        entries = [Entry(name, key, False, when, None, made.get(key)) for key, when in deleted.items()]
        if not every_generation:
            entries = [] if live else entries[:1]
        return [*(Entry(name, key, True, None, None, made.get(key)) for key in live), *entries]

    def _entry(self, entry: Entry) -> Entry:
        known = self._known.get(entry.stack_id)
        if known is None:
            return replace(entry, resources=self._resources(entry.name, entry.stack_id))
        # What became of its resources since then, that look does not say.
        was_live = known["live"] and not entry.live
        rows = [{**row, "status": "" if was_live else row["status"]} for row in known["resources"]]
        return replace(entry, resources=tuple(StackResource(**row) for row in rows))

    def _resources(self, name: str, stack_id: str) -> tuple[StackResource, ...] | None:
        """None, with a gap that names the stack, if they could not be read."""
        read = self._looks.at(name, lambda: self._read(stack_id), [])
        if read is None:
            return None
        found = list(read)
        for item in read:
            if item.type == NESTED and name_of(item.physical_id):
                inner = self._resources(name, item.physical_id)
                if inner is None:
                    return None
                found += [replace(each, logical_id=f"{item.logical_id}/{each.logical_id}") for each in inner]
        return tuple(found)

    def _read(self, stack_id: str) -> list[StackResource]:
        with self._turns:
            return StackReader(self._looks.clients("cloudformation")).resources(stack_id)


def holdings(inventory: Sequence[Entry]) -> tuple[dict[Resource, str], dict[Resource, str]]:
    """What live stacks own, and what they or deleted ones had and no live one has, each with the name of the stack."""
    owned: dict[Resource, str] = {}
    had: dict[Resource, str] = {}
    for entry in inventory:
        for item in entry.resources or ():
            if item.physical_id:
                there = entry.live and item.status not in LET_GO
                (owned if there else had).setdefault(Resource(item.type, item.physical_id), entry.name)
    return owned, {item: stack for item, stack in had.items() if item not in owned}


def place_of(inventory: Sequence[Entry]) -> Place:
    """Where the stacks are, as their ids say."""
    return Place.of(inventory[0].stack_id) if inventory else Place()


def writers(inventory: Sequence[Entry], kinds: Container[str]) -> dict[Resource, str]:
    """What of these types stacks own or had, each with when the first of its stacks was made; empty if nobody knows."""
    found: dict[Resource, list[str]] = {}
    for entry in inventory:
        for item in entry.resources or ():
            if item.physical_id and item.type in kinds:
                found.setdefault(Resource(item.type, item.physical_id), []).append(entry.creation_time or "")
    return {item: min(times) for item, times in found.items()}
