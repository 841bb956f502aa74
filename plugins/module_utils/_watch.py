# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One loop for everything that is waited for."""

from __future__ import annotations

from typing import Callable
from typing import Protocol
from typing import Sequence

CALM_TICKS = 30  # ticks without a change before the interval grows: most single steps of a deletion end sooner
STRETCH = 1.3
LONGEST = 5.0  # times the interval asked for
TELL_EVERY = 15.0  # seconds between two lines on what is still waited for


class Participant(Protocol):
    """Something that is looked after until it is done."""

    def tick(self) -> bool:
        """Look, and do what is due. True when something changed. Survives passing AWS errors."""

    def finished(self) -> bool:
        """Nothing is left to wait for."""

    def waiting_for(self) -> list[str]:
        """Short phrases on what is still waited for."""


class Watch:
    """Ticks its participants until all are done or the time is over.

    ``interval``: seconds between ticks; it grows up to five times while nothing changes. ``timeout``: seconds for the
    whole run.
    """

    def __init__(
        self,
        participants: Sequence[Participant],
        interval: float,
        timeout: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._participants = list(participants)
        self._interval = interval
        self._timeout = timeout
        self._clock = clock
        self._sleep = sleep
        self._tell = tell

    def run(self) -> bool:
        """True when every participant finished, False when the time ran out first."""
        deadline = self._clock() + self._timeout
        told = self._clock()
        calm = 0
        while True:
            changed = [participant.tick() for participant in self._participants]
            if all(participant.finished() for participant in self._participants):
                return True
            now = self._clock()
            if now >= deadline:
                return False
            calm = 0 if any(changed) else calm + 1
            if now - told >= TELL_EVERY:
                told = now
                self._tell(" · ".join(self._phrases()))
            self._sleep(max(min(self.pause(calm), deadline - now), 0.01))

    def pause(self, calm: int) -> float:
        """Seconds until the next tick after this many ticks without a change."""
        growth = STRETCH ** max(0, calm - CALM_TICKS)
        return self._interval * min(growth, LONGEST)

    def _phrases(self) -> list[str]:
        return [phrase for participant in self._participants for phrase in participant.waiting_for()]
