# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the events of a stack say became of the deletion that was asked for."""

from __future__ import annotations

from enum import Enum
from itertools import takewhile
from typing import Sequence

from .state import StackState
from .types import DELETE_COMPLETE
from .types import DELETE_FAILED
from .types import DELETE_IN_PROGRESS
from .types import StackEvent


class Trace(Enum):
    """What became of it."""

    NONE = "none"
    GOES_ON = "goes on"
    ENDED = "ended"
    FAILED = "failed"
    WENT_BACK = "went back"


def trace(state: StackState, events: Sequence[StackEvent]) -> Trace:
    """``events``: the stack's own, newest first.

    Once a deletion was seen since the request, the newest one is the one that is watched, whoever asked for it. The
    token of the request is proof, and so is a deletion that began after the newest event known from before: not every
    look-alike of AWS knows tokens. Events may be late, the newest ones be missing.
    """
    if not events:
        return Trace.NONE
    newest = events[0].status
    if newest == DELETE_IN_PROGRESS:
        return Trace.GOES_ON
    ours = bool(state.token) and any(event.token == state.token for event in events)
    ours = ours or _began_since(state.event_before, events)
    seen = state.joined or state.started
    if newest == DELETE_COMPLETE and (ours or seen):
        return Trace.ENDED
    if newest == DELETE_FAILED and (ours or seen or state.newly_failed):
        return Trace.FAILED
    begun = any(event.status == DELETE_IN_PROGRESS for event in events)
    return Trace.WENT_BACK if ours or seen and begun else Trace.NONE


def _began_since(before: str | None, events: Sequence[StackEvent]) -> bool:
    """Whether a deletion began after the event ``before``; None if no event from before is known."""
    if before is None:
        return False
    newer = takewhile(lambda event: event.id != before, events)
    return any(event.status == DELETE_IN_PROGRESS for event in newer)


def why_back(events: Sequence[StackEvent]) -> str:
    """The newest reason since the newest deletion began; empty if none was given."""
    for event in events:
        if event.reason or event.status == DELETE_IN_PROGRESS:
            return event.reason
    return ""
