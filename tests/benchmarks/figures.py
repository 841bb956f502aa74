# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured of one run, and how it is read off the emulator's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.emulator.timeline import Timeline

Span = tuple[float, float]
#: The least possible, which stands among the contenders.
LIMIT = "limit"
_ENDS = ("DELETE_COMPLETE", "DELETE_FAILED")


@dataclass
class Figures:
    """One run of one contender; seconds are AWS's unless they are called real.

    ``seconds``: from the start of the first command to the end of the last. ``overhead``: real seconds in which
    neither anything of the workshop was on its way out nor the tool slept: it worked. At a time scale s these count
    1/s times in ``seconds``; ``corrected`` counts them once, as at scale 1.
    ``spans``: when each stack was being deleted, corrected. ``by_hand``: lingering tasks had to be stopped by a person.
    """

    contender: str
    seed: int | None
    time_scale: float
    lingering: int
    seconds: float = 0.0
    corrected: float = 0.0
    overhead: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    describe_stacks_per_second: int = 0
    runs: int = 0
    codes: list[int] = field(default_factory=list)
    by_hand: bool = False
    left: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    check: dict[str, float] = field(default_factory=dict)
    second: dict[str, float] = field(default_factory=dict)
    one_module: dict[str, float] = field(default_factory=dict)

    @property
    def total_calls(self) -> int:
        return sum(self.calls.values())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def stack_spans(timeline: Timeline, since: float) -> dict[str, list[Span]]:
    """When each stack was being deleted, in AWS seconds after ``since``; a deletion that goes on ends with the last
    event."""
    spans: dict[str, list[Span]] = {}
    begun: dict[str, float] = {}
    last = 0.0
    for event in timeline.select("stack"):
        last = event.time - since
        if last < 0:
            continue
        if event.status == "DELETE_IN_PROGRESS":
            begun.setdefault(event.name, last)
        elif event.status in _ENDS and event.name in begun:
            spans.setdefault(event.name, []).append((begun.pop(event.name), last))
    for name, start in begun.items():
        spans.setdefault(name, []).append((start, last))
    return spans


def in_deletion(timeline: Timeline) -> list[str]:
    """The stacks that are being deleted now."""
    status = {event.name: event.status for event in timeline.select("stack")}
    return sorted(name for name, last in status.items() if last == "DELETE_IN_PROGRESS")


def under_way(timeline: Timeline, since: float) -> list[Span]:
    """When something of the workshop was on its way out: stacks, tasks, interfaces of the load balancer."""
    spans = [span for all_of_one in stack_spans(timeline, since).values() for span in all_of_one]
    begun: dict[tuple[str, str], float] = {}
    for event in timeline:
        if event.time < since:
            continue
        if event.kind == "task" and event.status in ("DEACTIVATING", "STOPPING"):
            begun.setdefault(("task", event.name), event.time - since)
        elif event.kind == "task" and event.status == "STOPPED" and ("task", event.name) in begun:
            spans.append((begun.pop(("task", event.name)), event.time - since))
        elif event.kind == "load_balancer" and event.status == "deleted":
            begun["load_balancer", ""] = event.time - since
        elif event.kind == "interface" and event.status == "deleted" and ("load_balancer", "") in begun:
            spans.append((begun["load_balancer", ""], event.time - since))
    return spans


def slept(log: Path, begun: float, time_scale: float) -> list[Span]:
    """The sleeps that ``sleeping/sitecustomize.py`` noted, in AWS seconds after ``begun`` (monotonic clock)."""
    if not log.exists():
        return []
    lines = [line.split() for line in log.read_text(encoding="ascii").splitlines()]
    return [((float(start) - begun) / time_scale, (float(end) - begun) / time_scale) for start, end in lines]


def covered(spans: Iterable[Span], end: float) -> float:
    """How much of the time from 0 to ``end`` lies in at least one span."""
    total = reached = 0.0
    for start, stop in sorted(spans):
        start, stop = max(start, reached), min(stop, end)
        if stop > start:
            total += stop - start
            reached = stop
    return total


def corrected(moment: float, waiting: Sequence[Span], time_scale: float) -> float:
    """A moment in AWS seconds, as it would have been with what was work, not waiting, counted as at scale 1."""
    waited = covered(waiting, moment)
    return waited + (moment - waited) * time_scale
