# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests in a few words: as the documents that services send, and as X-Ray sums them up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import (
    Exceptional,
    RootCause,
    Step,
    Summary,
)

NOTHING = Exceptional("", "")


@dataclass(frozen=True)
class Call:
    """A service that handled a request, or with ``aws`` (an operation, a resource) one that sends no segments."""

    name: str
    status: int = 200
    seconds: float = 0.1
    calls: tuple[Call, ...] = ()
    exception: tuple[str, str] | None = None
    path: str = "/"
    aws: tuple[str, str] | None = None
    remote: bool = False
    fault: bool = False
    throttle: bool = False
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> dict[str, bool]:
        if self.fault or self.status >= 500:
            return {"fault": True}
        if self.throttle or self.status == 429:
            return {"error": True, "throttle": True}
        return {"error": True} if self.status >= 400 else {}

    @property
    def told(self) -> Exceptional:
        return Exceptional(*self.exception) if self.exception else NOTHING


class Requests:
    """All requests of a scenario."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.documents: dict[str, tuple[dict[str, Any], ...]] = {}
        self.summaries: list[Summary] = []

    def add(self, call: Call, at: float, *, bare: bool = False, mute: bool = False) -> str:
        """One request; its id. ``bare``: its segments can not be read. ``mute``: X-Ray tells no root cause of it."""
        key = f"1-{int(at):08x}-{next(self._numbers):024x}"
        if not bare:
            self.documents[key] = tuple(self._documents(call, at, None))
        failed = any(item.outcome and _is_service(item) for item in _all(call))
        causes = () if mute else tuple(_causes(call, ()))
        names = frozenset(_name(item) for item in _all(call))
        self.summaries.append(Summary(key, at, call.seconds, names, failed, causes=causes))
        return key

    def every(self, seconds: float, start: float, end: float, call: Call, **more: Any) -> None:
        """The same again and again."""
        at = start
        while at < end:
            self.add(call, at, **more)
            at += seconds

    def _documents(self, call: Call, at: float, parent: str | None) -> Iterator[dict[str, Any]]:
        document = self._document(call, at)
        if parent:
            document["parent_id"] = parent
        document["subsegments"] = []
        for inner in call.calls:
            sub = self._document(inner, at + 0.01)
            sub["namespace"] = "aws" if inner.aws else "remote"
            document["subsegments"].append(sub)
            if _is_service(inner):
                sub.pop("cause", None)
                yield from self._documents(inner, at + 0.02, sub["id"])
        yield document

    def _document(self, call: Call, at: float) -> dict[str, Any]:
        document = {
            "id": f"{next(self._numbers):016x}", "name": call.name, "start_time": at, "end_time": at + call.seconds,
            **call.outcome, **call.own,
        }  # fmt: skip
        if call.aws:
            document["aws"] = {"operation": call.aws[0], "table_name": call.aws[1]}
        else:
            request = {"method": "POST", "url": f"http://{call.name}{call.path}"}
            document["http"] = {"request": request, "response": {"status": call.status}}
        if call.exception:
            kind, message = call.exception
            exception = {"id": f"{next(self._numbers):016x}", "type": kind, "message": message}
            document["cause"] = {"exceptions": [exception]}
        return document


def _is_service(call: Call) -> bool:
    return not call.aws and not call.remote


def _name(call: Call) -> str:
    """A table bears its own name."""
    return call.aws[1] if call.aws else call.name


def _all(call: Call) -> Iterator[Call]:
    yield call
    for inner in call.calls:
        yield from _all(inner)


def _causes(call: Call, path: tuple[Step, ...]) -> Iterator[RootCause]:
    """One for each that failed and called nothing that did."""
    for inner in call.calls:
        step = Step(call.name, False, call.name, NOTHING)
        if not _is_service(inner):
            # The exception is in the subsegment of the caller, not in what X-Ray infers of the other end.
            step = Step(call.name, False, inner.name, inner.told)
            if inner.outcome:
                last = Step(_name(inner), True, inner.name, NOTHING)
                yield RootCause((*path, step, last), "fault" in inner.outcome)
        else:
            yield from _causes(inner, (*path, step))
    if call.outcome and _is_service(call) and not any(item.outcome for item in call.calls):
        yield RootCause((*path, Step(call.name, False, call.name, call.told)), "fault" in call.outcome)
