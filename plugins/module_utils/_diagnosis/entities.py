# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A trace as a tree of entities, whatever of it is missing, and the way in it to what failed. No AWS.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence
from urllib.parse import urlsplit

from .secrets import without_secrets
from .types import Exceptional

OK, ERROR, THROTTLE, FAULT = "ok", "error", "throttle", "fault"
_SEVERITY = {OK: 0, ERROR: 1, THROTTLE: 2, FAULT: 3}
_LATEST = 1e11  # seconds since 1970: what is beyond, or is no number, is no time
DEEPEST = 100  # entities on one way; more is no trace but a mistake


@dataclass
class Entity:
    """A segment or subsegment. ``service``: name of the segment that it is in. ``end``: None if it was never closed.
    ``called``: whether it is a call to something else. ``segment``: whether it is one."""

    id: str
    name: str
    service: str
    segment: bool
    start: float
    end: float | None
    outcome: str
    called: bool = False
    inferred: bool = False
    method: str = ""
    path: str = ""
    status: int | None = None
    operation: str = ""
    resource: str = ""
    exceptions: tuple[Exceptional, ...] = ()
    children: list[Entity] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.outcome != OK

    @property
    def seconds(self) -> float | None:
        return None if self.end is None else max(self.end - self.start, 0.0)

    def title(self) -> str:
        """``DynamoDB PutItem cuddlykube``, ``public-site POST /register``."""
        return " ".join(filter(None, [self.name, self.call()]))

    def call(self) -> str:
        """What was asked for: ``PutItem cuddlykube``, ``POST /register``."""
        return " ".join(filter(None, [self.operation or self.method, self.resource or self.path]))

    def called_name(self) -> str:
        """What was called: ``DynamoDB PutItem cuddlykube``, or the name of a host."""
        return " ".join(filter(None, [self.name, self.operation, self.resource]))

    def own_seconds(self) -> float:
        """Seconds in which it waited for none of its children. What X-Ray infers of a call is the call itself."""
        spent, reached = self.seconds or 0.0, self.start
        for child in sorted(self.children, key=lambda item: item.start):
            if child.inferred:
                continue
            begin, end = max(child.start, reached), child.end
            if end is not None and end > begin:
                spent -= end - begin
                reached = end
        return max(spent, 0.0)


def trees(documents: Iterable[Mapping[str, Any]]) -> list[Entity]:
    """The roots of a trace, the earliest first: one if it is whole, and one more for each part whose parent is not
    there."""
    known: dict[str, Entity] = {}
    parents: dict[str, str] = {}
    causes: list[tuple[Entity, Any]] = []
    thrown: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        if _is_entity(document):
            _take(document, "", str(document.get("parent_id") or ""), known, parents, causes, thrown, 0)
    for entity, cause in causes:
        entity.exceptions = tuple(_exceptions(cause, thrown))
    roots = []
    for key, entity in known.items():
        above = known.get(parents[key])
        if above is None or _is_cut(key, parents):
            roots.append(entity)
        else:
            above.children.append(entity)
    for entity in known.values():
        entity.children.sort(key=lambda item: item.start)
        _name_service(entity)
    roots.sort(key=lambda item: (not item.segment, item.start))
    for root in roots:
        _align(root)
    return roots


def walk(entity: Entity, depth: int = 0) -> Iterator[tuple[int, Entity]]:
    """The entity and all below it, with their depths."""
    yield depth, entity
    for child in entity.children:
        yield from walk(child, depth + 1)


def ways(roots: Iterable[Entity]) -> list[list[Entity]]:
    """Each way down from an entity that failed, whose caller did not, to the deepest that failed. Of several the most
    severe one is the first."""
    found = [_down(entity) for root in roots for entity in _tops(root)]
    return sorted(found, key=lambda way: (-_SEVERITY[way[0].outcome], -len(way), way[0].start))


def cause_of(way: Sequence[Entity]) -> tuple[Entity, Exceptional]:
    """The deepest entity of a way that has an exception, with that; without any the deepest of all."""
    for entity in reversed(way):
        if entity.exceptions:
            return entity, entity.exceptions[-1]
    return next((entity for entity in reversed(way) if not entity.inferred), way[-1]), Exceptional("", "")


def slowest(roots: Iterable[Entity]) -> Entity | None:
    """The entity that took longest without waiting for another."""
    entities = [entity for root in roots for _depth, entity in walk(root)]
    told = [entity for entity in entities if entity.seconds is not None and not entity.inferred]
    return max(told, key=Entity.own_seconds, default=None)


def _is_entity(document: Any) -> bool:
    return isinstance(document, dict) and bool(document.get("id")) and _number(document.get("start_time")) is not None


def _take(
    document: Mapping[str, Any],
    service: str,
    parent: str,
    known: dict[str, Entity],
    parents: dict[str, str],
    causes: list[tuple[Entity, Any]],
    thrown: dict[str, Mapping[str, Any]],
    depth: int,
) -> None:
    """Note a document and its subsegments. A document that comes twice, first in progress, then closed, is one."""
    entity = _entity(document, service, bool(service) or document.get("type") == "subsegment")
    before = known.get(entity.id)
    if before is None or before.end is None:
        known[entity.id], parents[entity.id] = entity, parent
        causes.append((entity, document.get("cause")))
    cause = document.get("cause")
    if isinstance(cause, dict):
        for item in _list(cause.get("exceptions")):
            if isinstance(item, dict) and item.get("id"):
                thrown[str(item["id"])] = item
    if depth < DEEPEST:
        for item in _list(document.get("subsegments")):
            if _is_entity(item):
                _take(item, entity.service or entity.name, entity.id, known, parents, causes, thrown, depth + 1)


def _entity(document: Mapping[str, Any], service: str, subsegment: bool) -> Entity:
    http, aws = _dict(document.get("http")), _dict(document.get("aws"))
    request, response = _dict(http.get("request")), _dict(http.get("response"))
    names = [aws.get("table_name"), aws.get("bucket_name"), aws.get("queue_url"), aws.get("function_name")]
    names += _list(aws.get("resource_names"))
    status = response.get("status")
    name = str(document.get("name") or "?")
    outcome = next((kind for kind in (FAULT, THROTTLE, ERROR) if document.get(kind)), OK)
    return Entity(
        id=str(document["id"]),
        name=name,
        service=service or ("" if subsegment else name),
        segment=not subsegment,
        start=_number(document["start_time"]) or 0.0,
        end=None if document.get("in_progress") else _number(document.get("end_time")),
        outcome=outcome,
        called=document.get("namespace") in ("aws", "remote"),
        inferred=bool(document.get("inferred")),
        method=str(request.get("method") or ""),
        path=_path(str(request.get("url") or "")),
        status=status if isinstance(status, int) else None,
        operation=str(aws.get("operation") or ""),
        resource=next((str(item).rsplit("/", 1)[-1] for item in names if item), ""),
    )


def _exceptions(cause: Any, thrown: Mapping[str, Mapping[str, Any]]) -> Iterator[Exceptional]:
    """The exceptions of one entity, from the one that was seen to the one that it came from. A cause may be the id of
    an exception that another entity has, and so may the cause of an exception."""
    begin: Any = cause
    if isinstance(cause, dict):
        begin = next((item for item in _list(cause.get("exceptions")) if isinstance(item, dict)), None)
    seen: set[int] = set()
    while begin:
        item = begin if isinstance(begin, dict) else thrown.get(str(begin))
        if item is None or id(item) in seen:
            return
        seen.add(id(item))
        told = Exceptional(str(item.get("type") or ""), without_secrets(str(item.get("message") or "")))
        if told:
            yield told
        begin = item.get("cause")


def _is_cut(entity: str, parents: Mapping[str, str]) -> bool:
    """Whether an entity is a root though its parent is there: where a circle is cut, and where it goes too deep."""
    above, last = {entity}, entity
    while parents.get(parents[last]) is not None:
        last = parents[last]
        if last in above:
            # Of a circle the one with the least id is cut off, so that exactly one is.
            return last == entity and entity == min(above)
        above.add(last)
    return len(above) % DEEPEST == 0


def _name_service(entity: Entity) -> None:
    """Subsegments that were sent alone belong to the service of what is above them."""
    for child in entity.children:
        if not child.service and entity.service:
            for _depth, below in walk(child):
                below.service = below.service or entity.service


def _align(entity: Entity, depth: int = 0) -> None:
    """Move what another host measured with a clock of its own into the call that led to it."""
    for child in entity.children:
        if child.segment and entity.end is not None and child.end is not None:
            if child.start < entity.start or child.end > entity.end:
                spent, room = child.end - child.start, entity.end - entity.start
                _shift(child, entity.start + max(room - spent, 0.0) / 2 - child.start)
        if depth < DEEPEST:
            _align(child, depth + 1)


def _shift(entity: Entity, seconds: float) -> None:
    for _depth, item in walk(entity):
        item.start += seconds
        if item.end is not None:
            item.end += seconds


def _tops(entity: Entity, above: bool = False) -> Iterator[Entity]:
    """Segments that failed and whose callers did not. What a service tried again with success is no failure of it."""
    failed = entity.failed and (above or (entity.segment and not entity.inferred))
    if failed and not above:
        yield entity
    for child in entity.children:
        yield from _tops(child, failed)


def _down(top: Entity) -> list[Entity]:
    way = [top]
    while len(way) < DEEPEST:
        failed = [child for child in way[-1].children if child.failed]
        if not failed:
            break
        # Of several tries the last one decided.
        way.append(max(failed, key=lambda item: (_SEVERITY[item.outcome], _has_exception(item), item.start)))
    return way


def _has_exception(entity: Entity) -> bool:
    return any(item.exceptions for _depth, item in walk(entity) if item.failed)


def _path(url: str) -> str:
    """The path of a URL, without what was asked for, which may be somebody's data."""
    try:
        return urlsplit(url).path if "//" in url else url.split("?")[0]
    except ValueError:  # a service may send anything
        return ""


def _number(value: Any) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not abs(value) < _LATEST:
        return None
    return float(value)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
