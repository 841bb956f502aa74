# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What holds up resources that stacks own: what is in them, and their own protections."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Collection
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .._resources.blocker import Blocker
from .._resources.ours import Ours
from .._resources.ours import Resource
from .._resources.owner import beside
from .._resources.registry import TYPES
from .._resources.registry import own_protection


@dataclass(frozen=True)
class Found:
    """``resource``: what is held, which a stack owns. ``protection``: whether it is that of the resource itself."""

    resource: Resource
    blocker: Blocker
    protection: bool = False


def contents(looks: Looks, ours: Ours, resources: Collection[Resource]) -> list[Found]:
    """What is in some of what is ours, or beside it, and holds it up. What could not be looked at is a gap."""
    ids: dict[str, list[str]] = {}
    for item in resources:
        if TYPES[item.type].clearing:
            ids.setdefault(item.type, []).append(item.physical_id)
    several = looks.together({name: lambda name=name: _of_type(looks, ours, name, ids[name]) for name in ids})
    found = [item for items in several.values() for item in items]
    return looks.each(lambda item: _with_owner(looks, ours, item), found)


def _with_owner(looks: Looks, ours: Ours, found: Found) -> Found:
    """What belongs to another stack goes with that, and what may belong to one is not cleared either."""
    blocker = found.blocker
    itself = Resource(blocker.type, blocker.id)
    if blocker.owner or not blocker.clear:
        return found
    if itself in ours.owned:
        return replace(found, blocker=replace(blocker, owner=ours.owned[itself]))
    owned = looks.at(itself.physical_id, lambda: beside(looks.clients("cloudformation"), itself.physical_id))
    if owned is None:
        unknown = f"{blocker.reason} Whether another stack owns it could not be looked at."
        return replace(found, blocker=replace(blocker, reason=unknown, clear=""))
    return replace(found, blocker=blocker.of_stack(owned.get(itself)))


def protections(looks: Looks, ours: Ours, resources: Collection[Resource]) -> list[Found]:
    """Which of them are protected, as far as this collection can switch that off. What could not be looked at is a
    gap."""
    asked = [item for item in resources if can_switch(item.type)]
    on = looks.each(lambda item: is_protected(looks, item), asked)
    return [
        Found(item, own_protection(item.type, item.physical_id, ours.owned.get(item, "")), True)
        for item, is_on in zip(asked, on)
        if is_on
    ]


def can_switch(type_name: str) -> bool:
    """Whether protections of such a type are switched off here."""
    protection = TYPES[type_name].protection
    return protection is not None and protection.switch is not None


def is_protected(looks: Looks, resource: Resource) -> bool:
    """Whether a resource is protected from deletion by itself. What could not be looked at is a gap."""
    row = TYPES[resource.type]
    protection = row.protection
    if protection is None:
        return False

    asks = [protection.ask, *([protection.also] if protection.also else [])]

    def ask() -> Sequence[Mapping[str, Any]]:
        try:
            return [page for each in asks for page in looks.pages(protection.action, **each(resource.physical_id))]
        except AwsCallError as error:
            if row.lookup.says_absent(error):
                return []
            raise

    pages = looks.at(resource.physical_id, ask)
    return any(protection.on(page, resource.physical_id) for page in pages or ())


def _of_type(looks: Looks, ours: Ours, name: str, ids: Sequence[str]) -> list[Found]:
    row = TYPES[name]
    clearing = row.clearing
    if clearing is None:
        return []
    pairs = looks.read(row.lookup.action, lambda: clearing.detect(looks, ours, ids))
    return [Found(Resource(name, physical_id), blocker) for physical_id, blocker in pairs]
