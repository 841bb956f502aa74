# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that were read, and what is found in them. Times are seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Iterable
from typing import Mapping


@dataclass(frozen=True)
class Exceptional:
    """An exception of a trace. ``type``: its class, often with the package."""

    type: str
    message: str

    def __bool__(self) -> bool:
        return bool(self.type or self.message)


@dataclass(frozen=True)
class Step:
    """A service on the way to a root cause, as a trace summary names it. ``entity``: the deepest of its entities that
    has an exception, or the deepest of all. ``inferred``: whether it sends no segments of its own."""

    service: str
    inferred: bool
    entity: str
    exception: Exceptional


@dataclass(frozen=True)
class RootCause:
    """The way from the client to what failed. ``fault``: whether it is one of 5xx, not of 4xx. ``impacting``: whether
    the client has noticed."""

    steps: tuple[Step, ...]
    fault: bool
    impacting: bool = True


@dataclass(frozen=True)
class Summary:
    """One request as X-Ray sums it up. ``seconds``: until the answer was sent. ``failed``: whether X-Ray marks it, or
    it was found by asking for requests in which one of the services failed."""

    id: str
    at: float
    seconds: float | None = None
    services: frozenset[str] = frozenset()
    failed: bool = False
    partial: bool = False
    causes: tuple[RootCause, ...] = ()


@dataclass(frozen=True)
class Deployed:
    """A deployment. ``definition``, ``before``: ARNs of the task definitions that it leads to and comes from, empty if
    not known. ``images``, ``images_before``: theirs, by container."""

    arn: str
    status: str
    started: float
    finished: float | None = None
    definition: str = ""
    before: str = ""
    images: Mapping[str, str] = field(default_factory=dict)
    images_before: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    failed: int = 0


@dataclass(frozen=True)
class Ended:
    """A task that stopped by itself, or was taken out since it did not work."""

    arn: str
    at: float | None
    definition: str
    reason: str
    code: str = ""
    exit_codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """What ECS tells of a service."""

    at: float
    message: str


@dataclass(frozen=True)
class Alarm:
    """``since``: when it came into its state."""

    name: str
    state: str
    since: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a log."""

    at: float
    stream: str
    message: str


def each_once(lines: Iterable[Line]) -> list[Line]:
    """Without those that say what an earlier one has said."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.message, line)
    return list(found.values())


@dataclass(frozen=True)
class Target:
    """A target that is not healthy."""

    group: str
    target: str
    reason: str
    description: str


@dataclass(frozen=True)
class Seen:
    """All that was read of one service. None: could not be looked at. ``trace_name``: what X-Ray calls it.
    ``definition``: ARN of what it wants to run. ``role``: ARN of the task role. ``targets``: how many healthy ones it
    has, None if it has no load balancer either."""

    name: str
    trace_name: str
    definition: str = ""
    role: str = ""
    desired: int = 0
    running: int = 0
    deployments: tuple[Deployed, ...] | None = ()
    ended: tuple[Ended, ...] | None = ()
    unhealthy: tuple[Target, ...] | None = ()
    balanced: bool = False
    events: tuple[Event, ...] = ()
    alarms: tuple[Alarm, ...] | None = ()
    lines: tuple[Line, ...] | None = ()


@dataclass(frozen=True)
class Limits:
    """What counts. ``share``: of the requests, that have to fail. ``just_before``: seconds within which a failure that
    begins after a deployment is told with it. ``slower``: how many times as long, and ``slow``: at least how many
    seconds more, is slow."""

    share: float = 0.05
    just_before: float = 900.0
    slower: float = 3.0
    slow: float = 1.0


@dataclass(frozen=True)
class Material:
    """All that was read, from ``start`` to ``end``. ``since``: what was over before that is not told. ``summaries``:
    None if they could not be read. ``documents``: the segments of a few of these requests, by their ids. ``sampled``:
    whether there were more requests than were read. ``minutes``: what X-Ray counted of each minute (C(at), C(requests),
    C(failed)), by the name that it has for the service."""

    start: float
    since: float
    end: float
    services: tuple[Seen, ...]
    summaries: tuple[Summary, ...] | None = ()
    documents: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    sampled: bool = False
    minutes: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)


@dataclass
class Finding:
    """One thing that fails. ``count`` of ``of`` requests since then (``of``: 0 if these are not requests). ``exact``:
    whether it is known that it had not been so before. ``source``: C(traces), C(tasks), C(targets), C(deployment),
    C(logs) or C(alarms)."""

    service: str
    kind: str
    source: str
    count: int
    of: int = 0
    since: float | None = None
    exact: bool = False
    until: float | None = None
    before: tuple[int, int] | None = None
    entity: str = ""
    exception: Exceptional = Exceptional("", "")
    said: str = ""
    definition: str = ""
    traces: tuple[str, ...] = ()
    example: str = ""
    deployment: Deployed | None = None
    not_blamed: tuple[tuple[Deployed, str], ...] = ()
    handled_by: str = ""
    effects: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    seconds: tuple[float, float] | None = None
    task: str = ""
