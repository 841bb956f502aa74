# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How soon to look at the stacks again: how long all has been calm, and how keenly its end is awaited."""

from __future__ import annotations

from typing import Mapping
from typing import Sequence

from .._watch.loop import KEEN
from .._watch.loop import SLOW
from .._watch.loop import STEADY
from .graph import lengths_behind
from .state import ASKED
from .state import DONE
from .state import StackState
from .state import WAITING
from .types import DELETE_IN_PROGRESS

LAST_ONES = 30.0  # seconds

# In intervals between two looks: 5 s and 10 s with the default of 2 s.
GRACE = 2.5
PAUSE = 5.0
SHORTEST_PAUSE = 2.0  # seconds


def grace(interval: float) -> float:
    """Seconds after a request until its traces are looked for, or it is sent again if it did not get through."""
    return GRACE * interval


def retry_pause(interval: float) -> float:
    """Seconds until what failed is tried again for the first time: what passes takes its time, however often anyone
    looks."""
    return max(PAUSE * interval, SHORTEST_PAUSE)


def calm(states: Mapping[str, StackState], now: float) -> tuple[float, float]:
    """Seconds since the newest request for a stack whose end alone lets another one go, and how keenly that is
    awaited: more when no longer chain of stacks waits for something else.

    If no single end lets another stack go: since the newest request of all, and slowly. 0 while something else is
    awaited than the end of a deletion or of what comes before it, and when the last ones of all were just asked
    for: the run ends with them.
    """
    pending = [state for state in states.values() if state.phase != DONE]
    going = [state for state in pending if state.phase == ASKED and state.status == DELETE_IN_PROGRESS]
    waiting = [state for state in pending if state.phase == WAITING]
    if not going or len(going) + len(waiting) < len(pending):
        return 0.0, STEADY
    if not waiting:
        age = _age(going, now)
        return (age, STEADY) if age > LAST_ONES else (0.0, KEEN)
    standing = [state.standing(states) for state in waiting]
    alone = {names[0] for names in standing if len(names) == 1}
    decisive = [state for state in going if state.spec.name in alone]
    if not decisive:
        return _age(going, now), SLOW
    behind = lengths_behind({state.spec.name: state.after for state in pending})
    longest = max(behind[state.spec.name] for state in going)
    keen = all(state in decisive for state in going if behind[state.spec.name] == longest)
    return _age(decisive, now), KEEN if keen else STEADY


def _age(states: Sequence[StackState], now: float) -> float:
    """Seconds since the newest of their requests."""
    return now - max(state.begun_at or 0.0 for state in states)
