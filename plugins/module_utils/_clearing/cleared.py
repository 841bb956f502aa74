# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What becomes of what holds one resource up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Sequence

from .._resources.blocker import Amount
from .._resources.blocker import added
from .._resources.blocker import amounts_told
from .._resources.ours import Resource
from .finding import Found
from .words import called
from .words import progress


@dataclass
class Cleared:
    """``resource``: what is held. ``found``: what held it. ``protection``: whether that is its own. ``done``: how much
    of it is cleared. ``going``: whether that goes on. ``reason``: why it is not all cleared. ``undo``: takes back what
    was done, as far as that is possible, and once. ``put_back``: whether the protection is as before. ``told``: what
    was said of it last."""

    resource: Resource
    found: Sequence[Found]
    protection: bool = False
    done: tuple[Amount, ...] = ()
    going: bool = False
    reason: str = ""
    undo: Callable[[], None] | None = None
    put_back: bool = False
    told: str = ""

    def amounts(self) -> list[Amount]:
        """How much there was."""
        return added(amount for item in self.found for amount in item.blocker.amounts)

    def without(self) -> str:
        """What it lacks by now."""
        return amounts_told(self.done) or "what was taken from it"

    def words(self) -> str:
        """How it stands: C(bucket shop-assets: 3,000 of 12,000 objects)."""
        return ": ".join(filter(None, [called(self.resource), progress(self.done, self.amounts())]))

    def row(self) -> dict[str, Any]:
        """As it is returned."""
        return self._row(self.done)

    def foretold(self) -> dict[str, Any]:
        """The same, as it would be returned if it were done."""
        return self._row(() if self.reason else self.amounts())

    def _row(self, amounts: Sequence[Amount]) -> dict[str, Any]:
        return {
            "type": self.resource.type,
            "id": self.resource.physical_id,
            "amounts": [amount.row() for amount in amounts if amount.count or amount.at_least],
            "lost": "; ".join(dict.fromkeys(item.blocker.lost for item in self.found if item.blocker.lost)),
            "reason": self.reason,
            "put_back": self.put_back,
        }
