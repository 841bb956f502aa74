# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a person reads of what holds a stack, and is cleared."""

from __future__ import annotations

import re
from typing import Any
from typing import Mapping
from typing import Sequence

from .._resources.blocker import PROTECTION
from .._resources.blocker import Amount
from .._resources.blocker import amounts_told
from .._resources.resource import Resource

_WORD = re.compile(r"[A-Z]+[0-9]+|[A-Z]+(?![a-z])|[A-Z][a-z]+|[0-9]+")


def noun(type_name: str) -> str:
    """A type in a sentence: C(bucket), C(log group), C(DB instance)."""
    words = _WORD.findall(type_name.rsplit("::", 1)[-1])
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words) or type_name


def called(resource: Resource) -> str:
    """A resource in a sentence: C(bucket shop-assets)."""
    physical_id = resource.physical_id
    if physical_id.startswith("arn:"):
        path = physical_id.split(":", 5)[-1]
        physical_id = path.partition("/")[2] or path.rpartition(":")[2]
    return f"{noun(resource.type)} {physical_id}"


def cleared_words(row: Mapping[str, Any]) -> str:
    """A row of what was cleared: C(bucket shop-assets: 1,204 objects, 310 old versions)."""
    amounts = amounts_told(Amount(**amount) for amount in row["amounts"])
    return ": ".join(filter(None, [called(Resource(row["type"], row["id"])), amounts]))


def is_protection(row: Mapping[str, Any]) -> bool:
    """Whether what holds a stack is the protection of a resource: with it, the resource itself is lost."""
    return list(row["amounts"]) == [PROTECTION.row()]


def progress(done: Sequence[Amount], found: Sequence[Amount]) -> str:
    """How much of it is done: C(3,000 of 12,000 objects, 20 old versions)."""
    totals = {amount.many: amount for amount in found}
    return ", ".join(_one(amount, totals.get(amount.many)) for amount in done if amount.count)


def _one(amount: Amount, total: Amount | None) -> str:
    if total is None or total.count <= amount.count:
        return str(amount)
    return f"{amount.count:,} of {total}"
