# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What of stacks can be cleared, and what a user agrees to."""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase
from typing import Sequence

from .._resources.custom import CUSTOM
from .._resources.registry import TYPES

ALL = "all"
#: What becomes of a stack that is still held: it is not asked for, or all the same.
FAIL = "fail"
GO_ON = "go_on"


def clearable() -> tuple[str, ...]:
    """CloudFormation's types of which something can be cleared, sorted."""
    return tuple(
        sorted(name for name, row in TYPES.items() if row.clearing or (row.protection and row.protection.switch))
    )


def _agreeable() -> tuple[str, ...]:
    """These, and custom resources, which are left behind instead, when their function has not answered."""
    return tuple(sorted([*clearable(), CUSTOM]))


def agreed_to(clear: Sequence[str]) -> tuple[str, ...]:
    """Those that are meant by types, patterns of types, or C(all)."""
    return tuple(name for name in _agreeable() if any(_covers(item, name) for item in clear))


def agreement_problem(clear: Sequence[str], option: str) -> str:
    """What is wrong with what a user agrees to; empty if nothing is. ``option``: what it is called."""
    known = _agreeable()
    strange = [item for item in clear if not any(_covers(item, name) for name in known)]
    if not strange:
        return ""
    near = difflib.get_close_matches(strange[0], known, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return (
        f"{option} has {', '.join(map(repr, strange))}, of which nothing can be cleared here.{hint} It takes {ALL}, or "
        f"types and patterns of them: {', '.join(known)}."
    )


def _covers(item: str, name: str) -> bool:
    return item == ALL or fnmatchcase(name, item) or (name == CUSTOM and item.startswith("Custom::"))
