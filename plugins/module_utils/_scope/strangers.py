# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks outside a scope that have to do with it."""

from __future__ import annotations

from os.path import commonprefix
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .match import LEAST
from .types import Edge
from .types import Stack


def outsiders(
    edges: Iterable[Edge], ours: Sequence[str], importers: Mapping[str, Sequence[str]], exports: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Stacks that use what is ours, and so keep it, or fail without it. ``importers``: of each export, ``exports``:
    whose each is."""
    rows = [
        {"stack": edge.after, "depends_on": edge.stack, "evidence": edge.evidence}
        for edge in edges
        if edge.stack in ours and edge.after not in ours
    ]
    rows += [
        {
            "stack": name,
            "depends_on": exports[export],
            "evidence": f"{name} imports {export}, an export of {exports[export]}",
        }
        for export, names in importers.items()
        for name in names
        if name not in ours
    ]
    return sorted(rows, key=lambda row: (row["stack"], row["depends_on"], row["evidence"]))


def strays(stacks: Sequence[Stack], others: Sequence[Stack], used: Iterable[Edge]) -> list[dict[str, str]]:
    """Stacks that may have been forgotten, each with the best reason for that. ``others``: all that may be meant.
    ``used``: what ``others`` have and ``stacks`` use."""
    if not stacks:
        return []
    found: dict[str, str] = {}
    for alike in (_tagged(stacks, others), _of_one_maker(stacks, others), _called(stacks, others)):
        for name, because in alike:
            found.setdefault(name, because)
    for edge in used:
        if edge.certain:
            found.setdefault(edge.stack, edge.evidence)
    names = {stack.name for stack in others}
    return [{"stack": name, "because": found[name]} for name in sorted(found) if name in names]


def _tagged(stacks: Sequence[Stack], others: Sequence[Stack]) -> Iterator[tuple[str, str]]:
    """With a tag that all of ours have, and fewer others than there are of ours."""
    shared = set.intersection(*(set(stack.view.tags.items()) for stack in stacks))
    for key, value in sorted(shared):
        if not key.startswith("aws:") and len(value) >= LEAST:
            alike = [stack.name for stack in others if stack.view.tags.get(key) == value]
            yield from _few(stacks, alike, f"it has the tag {key}={value}, as all stacks of the scope")


def _of_one_maker(stacks: Sequence[Stack], others: Sequence[Stack]) -> Iterator[tuple[str, str]]:
    """Made with the same role, if all of ours were."""
    roles = {stack.view.role_arn for stack in stacks}
    if len(roles) == 1 and "" not in roles:
        (role,) = roles
        alike = [stack.name for stack in others if stack.view.role_arn == role]
        yield from _few(stacks, alike, f"it was made with the role {role.rsplit('/', 1)[-1]}, as all of the scope")


def _called(stacks: Sequence[Stack], others: Sequence[Stack]) -> Iterator[tuple[str, str]]:
    """With a name that begins as those of ours, up to a dash."""
    start = commonprefix([stack.name for stack in stacks]) if len(stacks) > 1 else ""
    start = start[: start.rfind("-") + 1]
    if len(start) > LEAST:
        alike = [stack.name for stack in others if stack.name.startswith(start)]
        yield from _few(stacks, alike, f"its name begins with {start}, as those of all stacks of the scope")


def _few(stacks: Sequence[Stack], alike: Sequence[str], because: str) -> Iterator[tuple[str, str]]:
    """What many others have in common with ours says nothing."""
    if len(alike) < len(stacks):
        yield from ((name, because) for name in alike)
