# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What was cleared so that stacks could go, since somebody had agreed to lose it."""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import cleared_words
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Amount
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import added

Row = dict[str, Any]
_TEXTS = ("type", "id", "lost", "reason")
_AMOUNT = ("count", "one", "many", "at_least")


def cleared(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """One for each resource that was held, in the order in which they were cleared.

    :param rows: results of cloudformation_stacks
    """
    return [
        {
            "stack_name": row["name"],
            **{key: str(item.get(key) or "") for key in _TEXTS},
            "amounts": [{key: amount.get(key) for key in _AMOUNT} for amount in item.get("amounts") or []],
            "put_back": bool(item.get("put_back")),
        }
        for row in rows
        for item in row.get("cleared") or []
    ]


def total(items: Iterable[Mapping[str, Any]]) -> str:
    """How much all of it was, in words; what was put back does not count."""
    lost = [Amount(**amount) for item in items if not item["put_back"] for amount in item["amounts"]]
    return ", ".join(str(amount) for amount in added(lost))


def words(item: Mapping[str, Any]) -> str:
    """One of them: what, how much, of which stack, and what became of that."""
    end = ", put back since the stack is there" if item["put_back"] else ""
    failed = f", and not all of it: {item['reason']}" if item["reason"] else ""
    return f"{cleared_words(item)}, of stack {item['stack_name']}{end}{failed}"
