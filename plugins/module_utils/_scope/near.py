# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Names that somebody may have meant."""

from __future__ import annotations

import difflib
from typing import Iterable

MOST = 3


def near_names(prefix: str, stack_names: Iterable[str]) -> list[str]:
    """Beginnings of names of stacks, up to a hyphen, that resemble this one, best first."""
    found = [prefix.rstrip("-")]
    beginnings = {beginning for name in stack_names for beginning in _beginnings(name)} - {*found}
    for name in difflib.get_close_matches(found[0], sorted(beginnings), n=20):
        # "shop-vpc" says nothing more than "shop".
        if not any(name.startswith(f"{other}-") or other.startswith(f"{name}-") for other in found):
            found.append(name)
    return found[1 : MOST + 1]


def _beginnings(name: str) -> list[str]:
    words = name.split("-")
    return ["-".join(words[:count]) for count in range(1, len(words) + 1)]
