# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One loop for everything that is waited for."""

from __future__ import annotations

from typing import Callable
from typing import Protocol
from typing import Sequence

TELL_EVERY = 15.0  # seconds between two lines on what is still waited for
SHORTEST_TRY = 1.0  # seconds between two of a few tries: with a short interval all would be over before AWS recovers


# Pauses between two looks, in intervals.
KEEN = 0.5  # the end of what is awaited would end a wait at once
STEADY = 1.0
SLOW = 2.0  # no single end would


def pause(calm: float, pace: float, interval: float) -> float:
    """Seconds until the next look at what has gone on for ``calm`` seconds; 0 means that something is due.

    Hardly anything that others wait for ends soon after it was asked for: the first looks may be few. What has taken
    minutes may take some seconds more.
    """
    young = 0 < calm < 8 * interval
    return min(max((SLOW if young else pace) * interval, 0.02 * calm), 5 * interval)


def between_tries(interval: float) -> float:
    """Seconds between tries that are counted, where ``interval`` is that between two looks."""
    return max(interval, SHORTEST_TRY)


class Participant(Protocol):
    """Something that is looked after until it is done."""

    def tick(self) -> None:
        """Look, and do what is due. Survives passing AWS errors."""

    def finished(self) -> bool:
        """Nothing is left to wait for."""

    def waiting_for(self) -> list[str]:
        """Short phrases on what is still waited for."""

    def calm(self) -> tuple[float, float]:
        """For how many seconds what is waited for has gone on, 0 while something is due; and how keenly it is awaited,
        as KEEN, STEADY or SLOW."""


class TimedParticipant(Participant, Protocol):
    """Ends what takes too long by itself, and so is looked after until it is done."""

    def time_left(self) -> float:
        """Seconds until it ends something unless that is done before; infinite if nothing is under way."""


class Watch:
    """Ticks its participants until all are done or the time is over.

    ``interval``: seconds between ticks, more when all has gone on for long. ``timeout``: seconds from the start for the
    participants; ``timed`` has its own time.
    """

    def __init__(
        self,
        participants: Sequence[Participant],
        interval: float,
        timeout: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        tell: Callable[[str], None] = lambda text: None,
        timed: TimedParticipant | None = None,
    ) -> None:
        self._participants = [*participants, *([] if timed is None else [timed])]
        self._timed = timed
        self._interval = interval
        self._timeout = timeout
        self._clock = clock
        self._sleep = sleep
        self._tell = tell

    def run(self) -> bool:
        """True when every participant finished, False when the time ran out first."""
        deadline = self._clock() + self._timeout
        told = self._clock()
        while True:
            for participant in self._participants:
                participant.tick()
            if all(participant.finished() for participant in self._participants):
                return True
            now = self._clock()
            over = now >= deadline
            if over and (self._timed is None or self._timed.finished()):
                return False
            if now - told >= TELL_EVERY:
                told = now
                self._tell(" · ".join(self._phrases()))
            rest = min(pause(*item.calm(), self._interval) for item in self._participants if not item.finished())
            left = [] if over else [deadline - now]
            if self._timed is not None:
                left.append(self._timed.time_left())
            self._sleep(max(min([rest, *left]), 0.01))

    def _phrases(self) -> list[str]:
        return [phrase for participant in self._participants for phrase in participant.waiting_for()]
