# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: may change at any time.
"""Looking for leftovers and removing them, once more where log groups may come back."""

from __future__ import annotations

from typing import Callable
from typing import Iterator

from .leftover import FAILED
from .leftover import REMOVED
from .leftover import Leftover
from .leftover import Outcome
from .registry import kind_of


class Rounds:
    """``look``: finds leftovers. ``remove``: tells what became of each. ``settle``: seconds for which log groups are
    given the time to come back. ``quiet``: for how many seconds nothing has been writing to them, if that is known."""

    def __init__(
        self,
        look: Callable[[], list[Leftover]],
        remove: Callable[[list[Leftover]], dict[Leftover, Outcome]],
        sleep: Callable[[float], None],
        settle: float,
        quiet: float | None,
    ) -> None:
        self._look = look
        self._remove = remove
        self._sleep = sleep
        self._settle = settle
        self._quiet = quiet

    def run(self, remade: Callable[[Leftover], bool]) -> Iterator[tuple[Leftover, Outcome]]:
        """What became of each leftover, told before the next round. ``remade``: whether a stack had one, which has been
        put back if it is there."""
        if self._quiet is not None and self._quiet < self._settle:
            self._sleep(self._settle - self._quiet)
        outcomes = self._remove(self._look())
        yield from outcomes.items()
        restless = [
            item
            for item, outcome in outcomes.items()
            if kind_of(item).comes_back and outcome.action == REMOVED and (self._quiet is None or remade(item))
        ]
        if restless and not any(outcome.action == FAILED for outcome in outcomes.values()):
            self._sleep(self._settle)
            yield from self._remove(self._look()).items()
