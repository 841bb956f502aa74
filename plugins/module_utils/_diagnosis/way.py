# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One request as rows: the way through the services to what failed, and what took how long. No AWS."""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Sequence

from .entities import Entity
from .entities import cause_of
from .entities import slowest
from .entities import walk
from .entities import ways

BESIDE = 5  # calls beside the one that failed that are shown of a service
ROWS = 60  # of the waterfall


def faulty_way(roots: Sequence[Entity], service: str) -> list[Entity]:
    """The way to what failed that goes through this service, else the most severe one; where nothing failed, that to
    what took longest; empty if there is nothing."""
    found = ways(roots)
    through = [way for way in found if any(entity.service == service for entity in way)]
    if through or found:
        return (through or found)[0]
    entity = slowest(roots)
    return next(filter(None, (_down_to(root, entity) for root in roots)), []) if entity else []


def _down_to(entity: Entity, target: Entity) -> list[Entity]:
    """From one to another below it; empty if that is elsewhere."""
    if entity is target:
        return [entity]
    below = next(filter(None, (_down_to(child, target) for child in entity.children)), [])
    return [entity, *below] if below else []


def path(roots: Sequence[Entity], way: Sequence[Entity]) -> list[dict[str, Any]]:
    """Services and what they called, from the one that the client called down to what failed."""
    if not way:
        return []
    ids = {entity.id for entity in way}
    root = next(root for root in roots if any(entity.id in ids for _depth, entity in walk(root)))
    told, _exception = cause_of(way)
    return list(_rows(root, 0, ids, told))


def waterfall(roots: Sequence[Entity], way: Sequence[Entity]) -> list[dict[str, Any]]:
    """All entities with their beginnings, in seconds since the first one's. ``seconds``: None where one was never
    closed."""
    if not roots:
        return []
    start = min(root.start for root in roots)
    ids = {entity.id for entity in way}
    rows = [
        {
            "depth": depth,
            "name": entity.title(),
            "service": entity.service,
            "start": round(entity.start - start, 4),
            "seconds": None if entity.seconds is None else round(entity.seconds, 4),
            "outcome": entity.outcome,
            "status": entity.status,
            "faulty": entity.id in ids,
        }
        for root in roots
        for depth, entity in _told(root, 0)
    ]
    return rows[:ROWS]


def _told(entity: Entity, depth: int) -> Iterator[tuple[int, Entity]]:
    """All but what is told twice: a call whose other end sends a segment, and what X-Ray infers of one that sends
    none."""
    told = not entity.inferred and (not entity.called or _is_shown(entity))
    if told:
        yield depth, entity
    for child in entity.children:
        yield from _told(child, depth + told)


def _rows(entity: Entity, depth: int, ids: set[str], told: Entity) -> Iterator[dict[str, Any]]:
    on_way = any(item.id in ids for _depth, item in walk(entity))
    shown = _is_shown(entity) or entity is told
    if shown:
        exception = told.exceptions[-1] if entity is told and told.exceptions else None
        yield {
            "depth": depth,
            "name": entity.name,
            "call": entity.call(),
            "resource": entity.resource,
            "status": entity.status,
            "seconds": None if entity.seconds is None else round(entity.seconds, 3),
            "outcome": entity.outcome,
            "faulty": entity.id in ids,
            "exception": None if exception is None else {"type": exception.type, "message": exception.message},
        }
    beside = 0
    for child in entity.children:
        leads = any(item.id in ids for _depth, item in walk(child))
        if leads:
            yield from _rows(child, depth + shown, ids, told)
        elif on_way and beside < BESIDE and (first := _first_shown(child)) is not None:
            beside += 1
            yield from _rows(first, depth + shown, ids, told)


def _first_shown(entity: Entity) -> Entity | None:
    return next((item for _depth, item in walk(entity) if _is_shown(item)), None)


def _is_shown(entity: Entity) -> bool:
    """Services, and calls to what sends no segments."""
    if entity.segment:
        return not entity.inferred
    return entity.called and not any(child.segment and not child.inferred for child in entity.children)
