# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trace: the documents that came, and what X-Ray makes of them.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

#: Type of what is called in a service of AWS, and the field of ``aws`` that names it, which is what the map shows.
_RESOURCES = {"DynamoDB": ("AWS::DynamoDB::Table", "table_name"), "SQS": ("AWS::SQS::Queue", "queue_url")}


class Entity:
    """A segment or subsegment with what it called: its subsegments, and the segments that name it as their parent."""

    def __init__(self, document: Document, segment: Entity | None) -> None:
        self.document = document
        self.segment = segment or self
        self.parent: Entity | None = None
        self.children: list[Entity] = []

    @property
    def is_segment(self) -> bool:
        return self.segment is self

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def inferred(self) -> bool:
        return bool(self.segment.document.get("inferred"))

    @property
    def remote(self) -> bool:
        """A call of something else, instead of the service's own work."""
        return "namespace" in self.document

    @property
    def start(self) -> float:
        return float(self.document["start_time"])

    @property
    def end(self) -> float | None:
        """None while it is in progress."""
        end = self.document.get("end_time")
        return None if end is None else float(end)

    @property
    def seconds(self) -> float:
        return 0.0 if self.end is None else self.end - self.start

    @property
    def status(self) -> int | None:
        status: int | None = ((self.document.get("http") or {}).get("response") or {}).get("status")
        return status

    def has(self, flag: str) -> bool:
        """``fault``, ``error``, ``throttle``: what the document says."""
        return bool(self.document.get(flag))

    @property
    def ok(self) -> bool:
        return not (self.has("fault") or self.has("error") or self.has("throttle"))

    @property
    def service_type(self) -> str | None:
        kind: str | None = self.segment.document.get("origin")
        return kind

    @property
    def service_name(self) -> str:
        """That of the node of the map: a table's, instead of DynamoDB's."""
        document = self.segment.document
        for kind, field in _RESOURCES.values():
            if self.inferred and document.get("origin") == kind:
                return str(document["aws"][field])
        return str(document["name"])

    @property
    def exceptions(self) -> list[Document]:
        """None of them where ``cause`` is the bare id of an exception that another entity has told."""
        cause = self.document.get("cause")
        return list(cause.get("exceptions") or []) if isinstance(cause, dict) else []

    def walk(self) -> Iterator[Entity]:
        """Itself and all below, each once, although documents may go in a circle."""
        seen, waiting = set(), [self]
        while waiting:
            entity = waiting.pop()
            if id(entity) not in seen:
                seen.add(id(entity))
                yield entity
                waiting.extend(reversed(entity.children))


class Trace:
    """All documents with one trace id."""

    def __init__(self, trace_id: str, in_logs: bool = False) -> None:
        self.id = trace_id
        #: sent while traces went to CloudWatch Logs
        self.in_logs = in_logs
        self.revision = 0
        self.counted: set[str] = set()
        self._documents: dict[str, Document] = {}
        self._segments: list[Document] | None = None
        self._entities: dict[str, Entity] = {}

    def add(self, document: Document) -> None:
        """One that is complete overwrites that in progress, and is not overwritten by it."""
        known = self._documents.get(document["id"])
        if known is None or "end_time" in document or "end_time" not in known:
            self._documents[document["id"]] = document
        self.revision += 1
        self._segments = None

    @property
    def segments(self) -> list[Document]:
        """Compiled: with the subsegments that came by themselves, and with inferred segments."""
        if self._segments is None:
            self._compile()
        return self._segments or []

    @property
    def entities(self) -> list[Entity]:
        """All segments and subsegments."""
        return list(self._entities.values()) if self.segments else []

    @property
    def services(self) -> list[Entity]:
        """The segments."""
        return [entity for entity in self.entities if entity.is_segment]

    @property
    def root(self) -> Entity:
        """The segment that nothing called, the first of several; of those in a circle, the first."""
        return min(self.services, key=lambda entity: (entity.parent is not None, entity.start))

    @property
    def roots(self) -> list[Entity]:
        return [entity for entity in self.services if entity.parent is None] or [self.root]

    @property
    def start(self) -> float:
        return min(entity.start for entity in self.services)

    @property
    def end(self) -> float:
        return max([entity.end for entity in self.services if entity.end is not None] or [self.start])

    @property
    def started(self) -> int:
        """Epoch seconds that its id tells."""
        return int(self.id.split("-")[1], 16)

    @property
    def partial(self) -> bool:
        return any(entity.end is None for entity in self.entities)

    def _compile(self) -> None:
        documents = copy.deepcopy(self._documents)
        alone = {key: document for key, document in documents.items() if document.get("type") == "subsegment"}
        segments = [document for key, document in documents.items() if key not in alone]
        places = {inner["id"]: inner for document in documents.values() for inner in _nested(document)}
        reachable = {inner["id"] for document in segments for inner in _nested(document)}
        while found := [key for key, document in alone.items() if document.get("parent_id") in reachable]:
            for key in found:
                document = alone.pop(key)
                places[document["parent_id"]].setdefault("subsegments", []).append(document)
                reachable.update(inner["id"] for inner in _nested(document))
        # Those whose parent has not come, or never will: shown by themselves.
        segments += alone.values()
        self._entities = {}
        for document in segments:
            self._read(document)
        self._link()
        for document in [_inferred(self.id, entity) for entity in self._entities.values() if _infers(entity)]:
            segments.append(document)
            self._read(document)
        self._link()
        self._segments = segments

    def _read(self, document: Document) -> None:
        waiting: list[tuple[Document, Entity | None]] = [(document, None)]
        while waiting:
            current, above = waiting.pop()
            entity = Entity(current, above and above.segment)
            entity.parent = above
            self._entities[current["id"]] = entity
            waiting.extend((inner, entity) for inner in reversed(current.get("subsegments") or []))

    def _link(self) -> None:
        for entity in self._entities.values():
            entity.children = []
        for entity in self._entities.values():
            if entity.is_segment:
                entity.parent = self._entities.get(str(entity.document.get("parent_id")))
            if entity.parent is not None:
                entity.parent.children.append(entity)
        for entity in self._entities.values():
            entity.children.sort(key=lambda child: child.start)


def _nested(document: Document) -> Iterator[Document]:
    waiting = [document]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(current.get("subsegments") or [])


def _infers(entity: Entity) -> bool:
    """Whether it called something that sends no segments: one that is said to be traced is waited for instead."""
    request = (entity.document.get("http") or {}).get("request") or {}
    return not entity.is_segment and entity.remote and not entity.children and not request.get("traced")


def _inferred(trace_id: str, caller: Entity) -> Document:
    """The segment of what a subsegment called, in which its cause is not repeated."""
    called = caller.document
    kind = "remote"
    if called["namespace"] == "aws":
        kind, field = _RESOURCES.get(caller.name, (f"AWS::{caller.name}", ""))
        if field and field not in (called.get("aws") or {}):
            kind = f"AWS::{caller.name}"
    fields = ("name", "start_time", "end_time", "in_progress", "http", "aws", "error", "fault", "throttle")
    return {
        **{field: copy.deepcopy(called[field]) for field in fields if field in called},
        "id": hashlib.sha256(f"{trace_id}/{called['id']}".encode()).hexdigest()[:16],
        "parent_id": called["id"],
        "trace_id": trace_id,
        "inferred": True,
        "origin": kind,
    }
