# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Checks of a list of stacks before anything is asked of AWS."""

from __future__ import annotations

import re
from typing import Mapping
from typing import Sequence

from .types import StackSpec

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_STACK_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,127}\Z")


class GraphError(ValueError):
    """The list of stacks cannot be worked on; the text says why."""


def check(specs: Sequence[StackSpec]) -> None:
    """Raise :class:`GraphError` for names that AWS cannot have, duplicates, unknown ``after`` names and cycles."""
    names = [spec.name for spec in specs]
    for name in names:
        if not _STACK_NAME.match(name):
            raise GraphError(
                f"{name!r} is not a stack name: a letter, then letters, digits and hyphens, at most 128 characters."
            )
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise GraphError(f"Stacks given more than once: {', '.join(duplicates)}.")
    for spec in specs:
        unknown = sorted(set(spec.after) - set(names))
        if unknown:
            raise GraphError(f"Stack {spec.name} comes after {', '.join(unknown)}, which is not in the list of stacks.")
    cycle = find_cycle({spec.name: spec.after for spec in specs})
    if cycle:
        raise GraphError(f"Stacks wait for each other: {' after '.join(cycle)}.")


def find_cycle(edges: dict[str, Sequence[str]]) -> list[str]:
    """One cycle as a list of names that begins and ends with the same name, or an empty list."""
    remaining = {name: set(after) for name, after in edges.items()}
    while True:
        free = [name for name, after in remaining.items() if not after & remaining.keys()]
        if not free:
            break
        for name in free:
            del remaining[name]
    if not remaining:
        return []
    path = [min(remaining)]
    while path[-1] not in path[:-1]:
        path.append(min(remaining[path[-1]] & remaining.keys()))
    return path[path.index(path[-1]) :]


def lengths_behind(edges: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """For each name, how many others go one after the other behind it, on the longest way. ``edges`` has no cycle."""
    followers: dict[str, list[str]] = {name: [] for name in edges}
    for name, after in edges.items():
        for other in after:
            if other in followers:
                followers[other].append(name)
    lengths: dict[str, int] = {}
    for start in edges:
        way = [start]
        while way:
            unknown = [name for name in followers[way[-1]] if name not in lengths]
            if unknown:
                way.append(unknown[0])
            else:
                name = way.pop()
                lengths[name] = max((lengths[other] + 1 for other in followers[name]), default=0)
    return lengths
