# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""So many things as go into one call each."""

from __future__ import annotations

from typing import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Sequence[Item], most: int) -> list[list[Item]]:
    """All items in their order, at most so many together."""
    return [list(items[start : start + most]) for start in range(0, len(items), most)]
