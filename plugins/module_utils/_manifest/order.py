# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The order in which the stacks of a manifest are made: as given, or as their templates show."""

from __future__ import annotations

from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._scope.types import EXPORT
from .._scope.types import SSM_PARAMETER
from .._stacks.graph import find_cycle
from .templates import Reading
from .types import Edge
from .types import Entry


def edges(entries: Sequence[Entry], region: str = "") -> list[Edge]:
    """What is made after what, sorted, each pair once. Where a stack says ``after``, that holds."""
    readings = {entry.name: Reading(entry, region) for entry in entries}
    givers: dict[tuple[str, str], str] = {}
    for name, reading in readings.items():
        given = reading.given()
        givers |= {(EXPORT, export): name for export in given.exports}
        givers |= {(SSM_PARAMETER, parameter): name for parameter in given.ssm}
    found: dict[tuple[str, str], Edge] = {}
    for entry in entries:
        for edge in _of_entry(entry, readings[entry.name], givers, readings):
            found.setdefault((edge.stack, edge.after), edge)
    return sorted(found.values())


def _of_entry(
    entry: Entry, reading: Reading, givers: Mapping[tuple[str, str], str], names: Mapping[str, Reading]
) -> Iterator[Edge]:
    if entry.after is not None:
        yield from (Edge(entry.name, other, "the manifest says so") for other in entry.after)
        return
    for taken in reading.taken():
        other = givers.get((taken.kind, taken.name), "")
        if taken.kind not in (EXPORT, SSM_PARAMETER):
            other = taken.name.partition("/")[0]
        if other in names and other != entry.name:
            yield Edge(entry.name, other, taken.words)


def after_of(entries: Sequence[Entry], found: Sequence[Edge]) -> dict[str, tuple[str, ...]]:
    """For each stack, those that it is made after."""
    return {
        entry.name: tuple(edge.after for edge in found if edge.stack == entry.name) for entry in entries
    }


def circle(entries: Sequence[Entry], found: Sequence[Edge]) -> list[Edge]:
    """The edges of one circle; none if there is none."""
    names = find_cycle(after_of(entries, found))
    known = {(edge.stack, edge.after): edge for edge in found}
    return [known[pair] for pair in zip(names, names[1:])]


def waves(entries: Sequence[Entry], found: Sequence[Edge]) -> list[list[str]]:
    """The names of the stacks, those of a list after all those of the lists before. There must be no circle."""
    after = after_of(entries, found)
    done: set[str] = set()
    levels: list[list[str]] = []
    while len(done) < len(entries):
        level = [entry.name for entry in entries if entry.name not in done and done.issuperset(after[entry.name])]
        levels.append(level)
        done.update(level)
    return levels
