# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the events of a stack say became of the deletion that was asked for."""

from __future__ import annotations

from enum import Enum
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

    Once a deletion was seen since the request, the newest one is the one that is watched, whoever asked for it.
    """
    if events and events[0].status == DELETE_IN_PROGRESS:
        return Trace.GOES_ON
    ours = state.joined or state.started or any(event.token == state.token for event in events)
    if not events or not (ours or state.other_token not in ("", newest_token(events))):
        return Trace.NONE
    return {DELETE_COMPLETE: Trace.ENDED, DELETE_FAILED: Trace.FAILED}.get(events[0].status, Trace.WENT_BACK)


def newest_token(events: Sequence[StackEvent]) -> str:
    """The token of the newest deletion, empty if there was none."""
    return next((event.token for event in events if event.status == DELETE_IN_PROGRESS), "")


def why_back(events: Sequence[StackEvent]) -> str:
    """The newest reason since the newest deletion began; empty if none was given."""
    for event in events:
        if event.reason or event.status == DELETE_IN_PROGRESS:
            return event.reason
    return ""
