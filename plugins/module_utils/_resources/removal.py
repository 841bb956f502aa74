# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Removing leftovers, each tried whatever becomes of the others."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import CREDENTIALS
from .._aws.errors import DENIED
from .._aws.errors import MISSING
from .._aws.errors import UNREACHABLE
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .._aws.looks import client_of
from .leftover import ABSENT
from .leftover import BEGUN
from .leftover import FAILED
from .leftover import REMOVED
from .leftover import Leftover
from .leftover import Outcome
from .leftover import Removal
from .lookup import Lookups
from .registry import looked_up_by
from .registry import removed_by
from .registry import resource_of

PAUSE = 1.0
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
_EVERY = ""  # every service


class Remover:
    """``timeout``: seconds until what AWS does later, and has not done, counts as failed."""

    def __init__(
        self, looks: Looks, clock: Callable[[], float], sleep: Callable[[float], None], timeout: float
    ) -> None:
        self._looks = looks
        self._clock = clock
        self._sleep = sleep
        self._timeout = timeout
        self._removals: dict[Leftover, Removal] = {}
        self._outcomes: dict[Leftover, Outcome] = {}
        self._hopeless: dict[str, AwsCallError] = {}
        self._in_use: set[Leftover] = set()

    def remove(self, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
        """Remove these, kind by kind, and tell what became of each. First all are asked for, then all waited for, and
        at last those are asked for again that others of these have still used."""
        deadline = self._clock() + self._timeout
        for removal, mine in removed_by(items):
            self._removals.update(dict.fromkeys(mine, removal))
            self._ask_for(removal, mine)
        self._wait({item: it.reason for item, it in self._outcomes.items() if it.action == BEGUN})
        self._ask_for_freed(deadline)
        return self._outcomes

    def _ask_for_freed(self, deadline: float) -> None:
        """Nobody else's use is waited for: something of these must have been removed that may have used it."""
        gone = [item for item, outcome in self._outcomes.items() if outcome.action in (ABSENT, REMOVED)]
        if not any(self._removals[item].holds for item in gone):
            return
        pause = FIRST_PAUSE
        while self._in_use:
            for removal, mine in removed_by(sorted(self._in_use, key=lambda item: item.id)):
                self._in_use.difference_update(mine)
                self._ask_for(removal, mine)
            left = deadline - self._clock()
            if not self._in_use or left <= 0:
                return
            self._sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _ask_for(self, removal: Removal, items: Sequence[Leftover]) -> None:
        for number, batch in enumerate(batches(items, removal.most)):
            if number >= removal.at_once:
                self._sleep(PAUSE)
            try:
                told = self._call(removal, removal.ask, batch)
            except AwsCallError as error:
                told = {item: self._outcome_of(item, error) for item in batch}
            self._outcomes.update({item: told.get(item, Outcome(REMOVED)) for item in batch})

    def _call(self, removal: Removal, function: Callable[[Any, Any], Any], argument: Any) -> Any:
        """Raises :class:`AwsCallError`, at once if an earlier call has shown that none of this service will succeed, or
        that the credentials have ended."""
        service = client_of(removal.action)
        hopeless = self._hopeless.get(service) or self._hopeless.get(_EVERY)
        if hopeless is not None:
            raise hopeless
        try:
            return self._looks.tried(lambda: function(self._looks.clients(service), argument))
        except AwsCallError as error:
            if error.kind in (CREDENTIALS, UNREACHABLE):
                self._hopeless[_EVERY if self._looks.ended(error) else service] = error
            raise

    def _outcome_of(self, item: Leftover, error: AwsCallError) -> Outcome:
        """What an error means for a leftover."""
        removal = self._removals[item]
        if error.kind == MISSING or error.code == removal.absent:
            return Outcome(ABSENT)
        if error.code == removal.unclear and self._is_there(item) is False:
            return Outcome(ABSENT)
        if error.code and error.code == removal.in_use:
            self._in_use.add(item)
        return Outcome(FAILED, error.advice())

    def _is_there(self, item: Leftover) -> bool | None:
        return Lookups(self._looks).there([resource_of(item)])[resource_of(item)]

    def _wait(self, begun: dict[Leftover, str]) -> None:
        """``begun``: what goes on, with the id of its operation if that is known."""
        deadline = self._clock() + self._timeout
        pause = FIRST_PAUSE
        while begun:
            for item in list(begun):
                outcome = self._became(item, begun)
                if outcome is not None:
                    self._outcomes[item] = outcome
                    del begun[item]
            if begun and self._clock() >= deadline:
                late = f"It is still there {self._timeout:g} s after it was told to go. Run this again."
                self._outcomes.update(dict.fromkeys(begun, Outcome(FAILED, late)))
                return
            if begun:
                self._sleep(min(pause, max(0.0, deadline - self._clock())))
                pause = min(2 * pause, LONGEST_PAUSE)

    def _became(self, item: Leftover, begun: dict[Leftover, str]) -> Outcome | None:
        """None while it goes on. Where its operation may not be looked at, a look at itself tells as well."""
        removal = self._removals[item]
        try:
            if begun[item] and removal.operation:
                return self._call(removal, removal.operation, begun[item])
            there = self._is_there(item)
        except AwsCallError as error:
            if error.kind == DENIED and begun[item]:
                begun[item] = ""
                return None
            return self._outcome_of(item, error)
        if there is None:
            return Outcome(
                FAILED, f"It was asked for, but whether it is gone could not be looked at with {looked_up_by(item)}."
            )
        return None if there else Outcome(REMOVED)
