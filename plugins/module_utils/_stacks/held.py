# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks that something keeps which nobody in this run will take away."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

MOST_NAMED = 5  # things that a text names


class Held(Exception):
    """``blockers``: what keeps the stack, rows with ``type``, ``id``, ``name``, ``owner``, ``reason`` and
    ``how_to_remove``."""

    def __init__(self, blockers: Sequence[Mapping[str, Any]], reason: str = "") -> None:
        super().__init__(reason or _words(blockers))
        self.blockers = [dict(row) for row in blockers]


def _words(blockers: Sequence[Mapping[str, Any]]) -> str:
    told = [_one(row) for row in blockers[:MOST_NAMED]]
    if len(blockers) > MOST_NAMED:
        told.append(f"and {len(blockers) - MOST_NAMED} more")
    return f"kept by what no stack of this run owns: {'; '.join(told)}"


def _one(row: Mapping[str, Any]) -> str:
    name = f" ({row['name']})" if row["name"] and row["name"] not in row["id"] else ""
    owner = f" of stack {row['owner']}" if row["owner"] else ""
    return f"{row['type']} {row['id']}{name}{owner}, which {row['how_to_remove']} removes"
