# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""From edges to an order: what the user says of it, circles, and levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._stacks.graph import find_cycle
from .types import CREATED
from .types import SAID
from .types import SIGNALS
from .types import Dropped
from .types import Edge
from .types import Found
from .types import Stack


class OrderError(ValueError):
    """There is no order; the text says why, with the evidence, and what can be done."""


@dataclass(frozen=True)
class Said:
    """What the user says of a stack."""

    stack: str
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """``levels``: names of stacks; all of a level can go at the same time, those of the first at once. ``warnings``:
    sentences."""

    edges: tuple[Edge, ...]
    dropped: tuple[Dropped, ...]
    levels: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]

    def after(self, name: str) -> list[str]:
        """What has to be gone before a stack is asked for, sorted."""
        return sorted({edge.after for edge in self.edges if edge.stack == name})


def ordered(stacks: Sequence[Stack], found: Found, said: Sequence[Said] = ()) -> Order:
    """The order of these stacks. Raises :class:`OrderError` for stacks that certainly wait for each other."""
    names = [stack.name for stack in stacks]
    made = {stack.name: stack.view.created for stack in stacks}
    edges, dropped = _as_said(found, said, names)
    certain = [edge for edge in edges if edge.certain]
    _refuse_circles(names, certain)
    weak = [edge for edge in edges if not edge.certain]
    kept, circles = _without_circles(names, certain, weak)
    ties = _by_age(names, [*certain, *kept], [item.edge for item in circles], made)
    edges = sorted([*certain, *kept, *ties], key=_key)
    return Order(
        tuple(edges),
        tuple(sorted([*dropped, *circles], key=lambda item: _key(item.edge))),
        levels(names, edges),
        (*(_circle_words(item) for item in circles), *_contradictions(stacks, edges)),
    )


def levels(names: Iterable[str], edges: Iterable[Edge]) -> tuple[tuple[str, ...], ...]:
    """The least possible number of levels, each stack on the first that it can be on. No circle among the edges."""
    after = _after(names, edges)
    found: list[tuple[str, ...]] = []
    gone: set[str] = set()
    while len(gone) < len(after):
        free = tuple(sorted(name for name, needs in after.items() if name not in gone and needs <= gone))
        found.append(free)
        gone.update(free)
    return tuple(found)


def reduced(edges: Sequence[Edge]) -> list[Edge]:
    """For each stack, the best evidence for those alone that it comes right after: without what follows from others.
    No circle among the edges."""
    after = _after({edge.stack for edge in edges} | {edge.after for edge in edges}, edges)
    before = {name: _reached(after, needs) for name, needs in after.items()}
    best: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges, key=_key):
        if not any(edge.after in before[other] for other in after[edge.stack]):
            best.setdefault((edge.stack, edge.after), edge)
    return list(best.values())


def _as_said(found: Found, said: Sequence[Said], names: Sequence[str]) -> tuple[list[Edge], list[Dropped]]:
    never = {(item.stack, other) for item in said for other in item.not_after}
    edges = [edge for edge in found.edges if edge.stack in names and edge.after in names]
    dropped = [Dropped(edge, "order says so") for edge in edges if (edge.stack, edge.after) in never]
    added = [Edge(item.stack, other, SAID, "order", "order says so") for item in said for other in item.after]
    kept = [edge for edge in edges if (edge.stack, edge.after) not in never]
    return [*kept, *added], [*found.dropped, *dropped]


def _refuse_circles(names: Sequence[str], certain: Sequence[Edge]) -> None:
    circle = _circle(names, certain)
    if not circle:
        return
    evidence = [
        next(edge for edge in certain if (edge.stack, edge.after) == pair) for pair in zip(circle, circle[1:])
    ]
    words = "; ".join(f"{edge.stack} after {edge.after}: {edge.evidence}" for edge in evidence)
    first = evidence[0]
    raise OrderError(
        f"Stacks wait for each other: {' after '.join(circle)}. {words}. Say which of these does not count, as in "
        f"order: [{{stack: {first.stack}, not_after: [{first.after}]}}]."
    )


def _without_circles(
    names: Sequence[str], certain: Sequence[Edge], weak: Sequence[Edge]
) -> tuple[list[Edge], list[Dropped]]:
    """What is left of weak edges, and those that would close a circle."""
    known = _after(names, certain)
    open_ones, circles = [], []
    for edge in weak:
        # What certainly goes before cannot come after.
        (circles if edge.stack in _reached(known, {edge.after}) else open_ones).append(edge)
    joint = _after(names, [*certain, *open_ones])
    kept = []
    for edge in open_ones:
        (circles if edge.stack in _reached(joint, {edge.after}) else kept).append(edge)
    return kept, [Dropped(edge, "it would close a circle, and is not certain") for edge in circles]


def _by_age(
    names: Sequence[str], edges: Sequence[Edge], undecided: Sequence[Edge], made: Mapping[str, datetime | None]
) -> list[Edge]:
    """For stacks whose weak edges said both: what was made later goes first."""
    found: list[Edge] = []
    for edge in sorted(undecided, key=_key):
        first, second = made[edge.after], made[edge.stack]
        if first is None or second is None or first <= second:
            continue
        tie = Edge(edge.stack, edge.after, CREATED, "", f"{edge.after} was made after {edge.stack}", certain=False)
        if tie not in found and edge.stack not in _reached(_after(names, [*edges, *found]), {edge.after}):
            found.append(tie)
    return found


def _contradictions(stacks: Sequence[Stack], edges: Iterable[Edge]) -> Iterator[str]:
    """A stack that is used was there before the one that uses it; else that was updated since."""
    views = {stack.name: stack.view for stack in stacks}
    told: set[tuple[str, str]] = set()
    for edge in edges:
        used, user = views[edge.stack].created, views[edge.after]
        if edge.signal == SAID or used is None or user.created is None or (edge.stack, edge.after) in told:
            continue
        if max(user.created, user.updated or user.created) < used:
            told.add((edge.stack, edge.after))
            yield f"{edge.stack} goes after {edge.after}, although it was made later: {edge.evidence}."


def _circle_words(item: Dropped) -> str:
    edge = item.edge
    return f"{edge.stack} does not wait for {edge.after}, or stacks would wait for each other: {edge.evidence}."


def _after(names: Iterable[str], edges: Iterable[Edge]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in names}
    for edge in edges:
        found[edge.stack].add(edge.after)
    return found


def _reached(after: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    """All that come before these, and they themselves."""
    seen: set[str] = set()
    left = list(start)
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left.extend(after[name])
    return seen


def _key(edge: Edge) -> tuple[str, str, bool, int]:
    return edge.stack, edge.after, not edge.certain, SIGNALS.index(edge.signal)


def _circle(names: Iterable[str], edges: Iterable[Edge]) -> list[str]:
    return find_cycle({name: sorted(needs) for name, needs in _after(names, edges).items()})
