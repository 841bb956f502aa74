# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is there, is not a stack's, and keeps what it owns from being deleted."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Iterable
from typing import Sequence

_UNITS = ("B", "KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Amount:
    """So many of something, and what one and several of them are called: C(objects). ``at_least``: whether there may be
    more."""

    count: int
    one: str
    many: str
    at_least: bool = False

    def __str__(self) -> str:
        if self == PROTECTION:
            return self.one
        some = f"{self.count:,} {self.one if self.count == 1 else self.many}"
        return f"at least {some}" if self.at_least else some

    def row(self) -> dict[str, Any]:
        """As it is returned. :class:`Amount` takes it back."""
        return asdict(self)


#: What a protection counts as among what is cleared. A resource has but one, so that its number is not told.
PROTECTION = Amount(1, "deletion protection", "deletion protections")


def data(size: int, at_least: bool = False) -> Amount:
    """So many bytes, in the unit in which it is at most four digits: C(3,100 MB)."""
    number = 0
    while size >= 10_000 and number < len(_UNITS) - 1:
        size, number = round(size / 1000), number + 1
    return Amount(size, _UNITS[number], _UNITS[number], at_least)


def added(amounts: Iterable[Amount]) -> list[Amount]:
    """Those of the same things added up."""
    sums: dict[tuple[str, str], Amount] = {}
    for amount in amounts:
        key = (amount.one, amount.many)
        known = sums.get(key, Amount(0, *key))
        sums[key] = Amount(known.count + amount.count, *key, known.at_least or amount.at_least)
    return list(sums.values())


def amounts_told(amounts: Iterable[Amount]) -> str:
    """In words: C(1,204 objects, 310 old versions). Empty for none."""
    return ", ".join(str(amount) for amount in amounts if amount.count or amount.at_least)


@dataclass(frozen=True)
class Blocker:
    """``type``: CloudFormation's. ``owner``: the stack that owns it, if it is known to be one's. ``certain``: whether
    it is sure to keep the stack. ``command``: words of the AWS command that takes it away; empty if
    none does. ``goes_with_owner``: whether it is in the way as long as its owner is there, so that no other command
    helps. ``amounts``: how much it is. ``clear``: the type of resources to agree to, for this to be cleared; empty if
    that is nothing that this collection does. ``lost``: what is lost then."""

    type: str
    id: str
    name: str
    reason: str
    command: Sequence[str]
    owner: str | None = None
    certain: bool = True
    goes_with_owner: bool = True
    amounts: tuple[Amount, ...] = ()
    clear: str = ""
    lost: str = ""

    def of_stack(self, owner: str | None) -> Blocker:
        """The same, as another stack owns it: what goes with that stack is nobody else's to clear."""
        if not owner or not self.goes_with_owner:
            return replace(self, owner=owner or self.owner)
        command = ("cloudformation", "delete-stack", "--stack-name", owner)
        return replace(self, owner=owner, command=command, clear="", lost="")

    def row(self, stack_name: str, region: str) -> dict[str, Any]:
        """As it is returned. ``stack_name``: the stack that it keeps."""
        place = ("--region", region) if region else ()
        return {
            "stack_name": stack_name,
            "type": self.type,
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "reason": self.reason,
            "certain": self.certain,
            "how_to_remove": shlex.join(["aws", *self.command, *place]) if self.command else "",
            "amounts": [amount.row() for amount in self.amounts],
            "clear": self.clear,
            "lost": self.lost,
        }
