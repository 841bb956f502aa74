# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What fails by the traces of requests: grouped by the deepest that failed, each with its beginning. No AWS."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import replace
from itertools import zip_longest
from statistics import median
from typing import Collection
from typing import Iterable
from typing import Mapping
from typing import Sequence

from . import kinds
from .entities import ERROR
from .entities import THROTTLE
from .entities import Entity
from .entities import cause_of
from .entities import slowest
from .entities import trees
from .entities import ways
from .onset import Onset
from .onset import onset
from .types import Exceptional
from .types import Finding
from .types import Limits
from .types import Material
from .types import RootCause
from .types import Summary

SLOW_SHARE = 0.2  # of the requests, that have to be slow: a few always are


@dataclass(frozen=True)
class Cause:
    """What failed in one request. ``own``: whether nothing that the service called has failed. ``error``: whether all
    that failed was answered with 4xx. ``handled``: the service whose request went well all the same, empty if none
    did."""

    service: str
    entity: str
    exception: Exceptional
    own: bool
    error: bool
    throttled: bool = False
    handled: str = ""

    def key(self) -> tuple[str, str, str]:
        """The same for the same failure."""
        words = self.exception
        told = f"{words.type} {kinds.same(words.message)}" if words else f"{self.entity} {self.error}"
        return self.service, told, "client" if self.is_clients() else ""

    def is_clients(self) -> bool:
        """Whether it may be the request itself that is wrong."""
        return self.error and self.own and not self.throttled and kinds.kind_of(self._words()) == kinds.UNKNOWN

    def kind(self) -> str:
        if self.is_clients():
            return kinds.CLIENTS
        kind = kinds.kind_of(self._words())
        return kinds.THROTTLED if kind == kinds.UNKNOWN and self.throttled else kind

    def _words(self) -> str:
        return f"{self.exception.type}: {self.exception.message}" if self.exception else ""


Groups = dict[tuple[str, str, str], list[tuple[Summary, Cause]]]


class Traces:
    """``names``: what X-Ray calls the services that are meant."""

    def __init__(self, material: Material, limits: Limits, names: Collection[str]) -> None:
        self._limits = limits
        self._names = names
        self._summaries = material.summaries or ()
        self.trees = {key: trees(documents) for key, documents in material.documents.items()}

    def findings(self) -> list[Finding]:
        """What fails, and what is slow, of the services that are meant."""
        found = [finding for group in self._groups().values() if (finding := self._finding(group))]
        if not any(finding.kind != kinds.CLIENTS for finding in found):
            found.extend(self._slow())
        return found

    def requests(self, service: str) -> list[Summary]:
        """The requests that a service had to do with."""
        return [summary for summary in self._summaries if service in summary.services]

    def _groups(self) -> Groups:
        groups: Groups = defaultdict(list)
        learned = self._read_groups(groups)
        for summary in self._summaries:
            if not summary.failed or self.trees.get(summary.id):
                continue
            known = learned.get(_signature(summary))
            for cause in [known] if known else self._told(summary):
                groups[cause.key()].append((summary, cause))
        return self._without_asides(groups)

    def _read_groups(self, groups: Groups) -> dict[frozenset[object], Cause]:
        """Put those whose segments were read into their groups. What most of these were, by what X-Ray tells of each:
        those of which it tells the same are the same."""
        learned: dict[frozenset[object], Counter[tuple[str, str, str]]] = defaultdict(Counter)
        for summary in self._summaries:
            roots = self.trees.get(summary.id)
            if summary.failed and roots:
                causes = {cause.key(): cause for way in ways(roots) if (cause := _of_way(way, roots, self._names))}
                for key, cause in causes.items():
                    if cause.service in self._names:
                        groups[key].append((summary, cause))
                        learned[_signature(summary)][key] += 1
        return {told: groups[counts.most_common(1)[0][0]][0][1] for told, counts in learned.items()}

    def _told(self, summary: Summary) -> list[Cause]:
        """What X-Ray says of the cause: all that have an exception, else one, else that it failed."""
        causes = [cause for cause in summary.causes if cause.impacting] or summary.causes
        told = [_of_root_cause(cause, self._names) for cause in sorted(causes, key=lambda cause: not cause.fault)]
        found = [cause for cause in told if cause.exception] or told[:1]
        if not found and (met := sorted(summary.services & set(self._names))):
            found = [Cause(met[0], "", Exceptional("", ""), own=True, error=False)]
        return list({cause.key(): cause for cause in found if cause.service in self._names}.values())

    @staticmethod
    def _without_asides(groups: Groups) -> Groups:
        """Without what only ever happened in requests that something else in the same service failed, more often."""
        ids = {key: {summary.id for summary, _cause in members} for key, members in groups.items()}
        return {
            key: members
            for key, members in groups.items()
            if not any(other[0] == key[0] and ids[key] < ids[other] for other in groups)
        }

    def _finding(self, group: Sequence[tuple[Summary, Cause]]) -> Finding | None:
        cause = group[-1][1]
        failed = {summary.id for summary, _cause in group}
        begun = onset([(summary.at, summary.id in failed) for summary in self.requests(cause.service)] or
                      [(summary.at, True) for summary, _cause in group])  # fmt: skip
        if begun is None or begun.count < self._limits.share * begun.of:
            return None
        since = sorted((s for s, _cause in group if s.at >= begun.since), key=lambda s: (s.partial, s.at))
        read = [summary for summary in since if summary.id in self.trees] or since
        shown = next((cause for summary, cause in group if summary.id == read[0].id), cause)
        return Finding(
            service=cause.service,
            kind=shown.kind(),
            source="traces",
            count=begun.count,
            of=begun.of,
            since=begun.since,
            exact=begun.exact,
            until=begun.until,
            before=begun.before,
            entity=shown.entity,
            exception=shown.exception,
            traces=tuple(summary.id for summary in since),
            example=read[0].id,
            handled_by=shown.handled if all(item.handled for _summary, item in group) else "",
        )

    def _slow(self) -> list[Finding]:
        """What takes much longer than it did."""
        found = self._slow_of([s for s in self._summaries if s.seconds is not None and not s.partial])
        if found is None:
            return []
        begun, slow = found
        read = [summary for summary in slow if summary.id in self.trees]
        entity = slowest(self.trees[read[0].id]) if read else None
        service = entity.service if entity else min(slow[0].services & set(self._names), default="")
        if service not in self._names:
            return []
        # Of the requests to that service alone, what is quick at other services is no measure for it.
        timed = [summary for summary in self.requests(service) if summary.seconds is not None and not summary.partial]
        begun, slow = self._slow_of(timed) or (begun, slow)
        before = [summary.seconds or 0.0 for summary in timed if summary.at < begun.since]
        return [
            Finding(
                service=service,
                kind=kinds.SLOW,
                source="traces",
                count=begun.count,
                of=begun.of,
                since=begun.since,
                exact=begun.exact,
                until=begun.until,
                before=begun.before,
                entity="" if entity is None or entity.name == service else entity.called_name(),
                traces=tuple(summary.id for summary in slow),
                example=(read or slow)[0].id,
                seconds=(median(before), median(summary.seconds or 0.0 for summary in slow)),
            )
        ]

    def _slow_of(self, requests: Sequence[Summary]) -> tuple[Onset, list[Summary]] | None:
        """Since when requests are slow, and which of them are; None if it is not known that they were quicker."""
        timed = sorted(requests, key=lambda summary: summary.at)
        if not timed:
            return None
        seconds = [summary.seconds or 0.0 for summary in timed]
        quick = min(median(seconds), median(seconds[: max(len(seconds) // 4, 1)]))
        least = max(quick * self._limits.slower, quick + self._limits.slow)
        begun = onset([(summary.at, (summary.seconds or 0.0) >= least) for summary in timed])
        if begun is None or not begun.exact or begun.count < SLOW_SHARE * begun.of:
            return None
        return begun, [s for s in timed if s.at >= begun.since and (s.seconds or 0.0) >= least]


def to_read(summaries: Sequence[Summary], most: int) -> list[str]:
    """Ids of the requests whose segments are worth reading: of each failure that X-Ray tells apart the first and the
    last, of those that it says nothing of as many as there is room for, and the slowest, and one like most."""
    groups: dict[frozenset[object], list[Summary]] = defaultdict(list)
    for summary in summaries:
        if summary.failed:
            groups[_signature(summary)].append(summary)
    turns = [_spread(members) for members in sorted(groups.values(), key=len, reverse=True)]
    chosen = [item.id for turn in zip_longest(*turns) for item in turn if item]
    timed = sorted(summaries, key=lambda summary: summary.seconds or 0.0)
    others = [summary.id for summary in [*timed[-1:], *timed[len(timed) // 2 :][:1]]]
    return list(dict.fromkeys([*chosen[: max(most - len(others), 1)], *others]))[:most]


def _signature(summary: Summary) -> frozenset[object]:
    """What X-Ray tells of a failure, without what differs each time."""
    told = frozenset(_of_root_cause(cause, ()).key() for cause in summary.causes)
    return told or summary.services


def _spread(members: Sequence[Summary]) -> list[Summary]:
    """Whole traces first; where X-Ray tells the cause two are enough."""
    whole = sorted(members, key=lambda summary: (summary.partial, summary.at))
    found = [whole[0], whole[-1]] if whole[0].causes else [whole[0], whole[-1], *whole[1:-1]]
    return list(dict.fromkeys(found))


def _of_way(way: Sequence[Entity], roots: Sequence[Entity], names: Collection[str]) -> Cause:
    told, exception = cause_of(way)
    segments = [item for item in way if item.segment and not item.inferred] or [way[0]]
    segment = next((item for item in reversed(segments) if item.service in names), segments[-1])
    below = way[way.index(segment) + 1 :]
    return Cause(
        service=segment.service,
        entity="" if told is segment else told.called_name(),
        exception=exception,
        own=not any(item.called or item.inferred or item.segment for item in below),
        error=all(item.outcome == ERROR for item in way),
        throttled=any(item.outcome == THROTTLE for item in way),
        handled=roots[0].service if way[0] is not roots[0] and not roots[0].failed else "",
    )


def _of_root_cause(cause: RootCause, names: Collection[str]) -> Cause:
    own = [step for step in cause.steps if not step.inferred] or list(cause.steps)
    step = next((item for item in reversed(own) if item.service in names), own[-1])
    told = next((item for item in reversed(cause.steps) if item.exception), cause.steps[-1])
    return Cause(
        service=step.service,
        entity="" if told.entity == step.service else told.entity,
        exception=told.exception,
        own=cause.steps[-1] is step and step.entity in ("", step.service),
        error=not cause.fault,
    )


def with_failed(summaries: Mapping[str, Summary], failed: Iterable[Summary]) -> list[Summary]:
    """All requests by their times, with those that were asked for since they failed."""
    every = dict(summaries)
    for summary in failed:
        every[summary.id] = replace(summary, failed=True)
    return sorted(every.values(), key=lambda summary: (summary.at, summary.id))
