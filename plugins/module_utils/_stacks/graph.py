# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The order of stacks: from groups to stacks, and checked before anything is asked of AWS."""

from __future__ import annotations

import difflib
import re
from typing import Any
from typing import Mapping
from typing import Sequence

from .types import StackSpec

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_STACK_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,127}\Z")


class GraphError(ValueError):
    """The list of stacks cannot be worked on; the text says why."""


def stacks_of(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The stacks of groups, in the order given, each with its ``group`` and all names that it comes ``after``.

    A group has a name, ``group``, and may have: ``stacks``, mappings with at least ``name``, or bare names; ``after``,
    names of groups; ``of_which``, those of their stacks that alone are waited for, if any of them is there. A stack's
    own ``after`` counts as well. Raises :class:`GraphError`.
    """
    _edges(groups)
    members = {group["group"]: [_row(item, group["group"]) for item in group.get("stacks") or ()] for group in groups}
    found = []
    for group in groups:
        before = [row["name"] for other in group.get("after") or () for row in members[other]]
        named = [name for name in before if name in (group.get("of_which") or ())]
        for row in members[group["group"]]:
            after = list(dict.fromkeys([*(row.get("after") or ()), *(named or before)]))
            found.append({**row, "group": group["group"], "after": after})
    return found


def phases_of(groups: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The phase of each group, by its name: its own ``phase``, or one more than the highest of those it comes after.

    Raises :class:`GraphError`.
    """
    edges = _edges(groups)
    phases = {group["group"]: int(group["phase"]) for group in groups if group.get("phase") is not None}
    while len(phases) < len(edges):
        for name, after in edges.items():
            if name not in phases and all(other in phases for other in after):
                phases[name] = 1 + max((phases[other] for other in after), default=0)
    return {name: phases[name] for name in edges}


def _edges(groups: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[str]]:
    """What each group comes after."""
    names = [group["group"] for group in groups]
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise GraphError(f"Groups given more than once: {', '.join(duplicates)}.")
    edges = {group["group"]: group.get("after") or () for group in groups}
    for name, after in edges.items():
        for other in after:
            if other not in edges:
                close = difflib.get_close_matches(other, sorted(edges), n=3)
                hint = f" Did you mean {' or '.join(close)}?" if close else f" There are {', '.join(edges)}."
                raise GraphError(f"Group {name} comes after {other}, which is no group.{hint}")
    cycle = find_cycle(edges)
    if cycle:
        raise GraphError(f"Groups wait for each other: {' after '.join(cycle)}.")
    return edges


def _row(item: Any, group: str) -> dict[str, Any]:
    row = {"name": item} if isinstance(item, str) else item
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
        raise GraphError(f"Group {group}: a stack is its name, or a mapping with its name, not {item!r}.")
    return dict(row)


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


def find_cycle(edges: Mapping[str, Sequence[str]]) -> list[str]:
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
