# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks outside a scope that have to do with it."""

from __future__ import annotations

from typing import Any
from typing import Iterable
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


def strays(stacks: Sequence[Stack], others: Sequence[Stack]) -> list[dict[str, str]]:
    """Stacks that may have been forgotten: with a tag that all of ours have, and fewer others than there are of
    ours."""
    if not stacks:
        return []
    shared = set.intersection(*(set(stack.view.tags.items()) for stack in stacks))
    rows = []
    for key, value in sorted(shared):
        alike = [stack.name for stack in others if stack.view.tags.get(key) == value]
        if not key.startswith("aws:") and len(value) >= LEAST and len(alike) < len(stacks):
            because = f"it has the tag {key}={value}, as all stacks of the scope"
            rows += [{"stack": name, "because": because} for name in alike]
    return sorted(rows, key=lambda row: (row["stack"], row["because"]))
