# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a person reads of stacks while they go, and when they did not."""

from __future__ import annotations

from typing import Sequence

from . import types as t
from .._watch.progress import Progress
from .failure import own_failures
from .state import StackState

_WHAT_TO_DO = {
    t.FAILED: "remove the cause and run this again",
    t.REFUSED: "delete what uses it first, then run this again",
    t.PROTECTED: "switch its termination protection off, or set disable_termination_protection",
    t.TIMED_OUT: "run this again to go on waiting, or raise wait_timeout",
    t.RECREATED: "find out who makes it anew before you run this again",
    t.SKIPPED: "it follows when what it comes after is gone",
}


def tell_stack(progress: Progress, state: StackState, what: str) -> None:
    """One line when a stack is asked for, goes or fails; none for stacks that were not there."""
    name = state.spec.name
    failed = ", ".join(item.logical_id for item in own_failures(state.failed))
    again = "for the same reason" if state.reason == state.told else state.reason
    words = {
        "asked": "deleting",
        "joined": "is being deleted already",
        "retry": f"failed, asking again ({state.retries}): {again}",
        "retain": f"cannot delete {failed}: asking again, leaving that behind",
        "drop": f"{failed} is not there any more: asking again without that",
        "clear": f"failed, clearing what holds it once more: {again}",
        "force": "failed, forcing its deletion",
        "in use": f"waits for {', '.join(state.importers)}, which imports from it",
        t.GONE: f"gone after {state.seconds():.0f} s",
        t.FAILED: f"FAILED: {state.reason}",
        t.REFUSED: f"REFUSED: {state.reason}",
        t.PROTECTED: f"PROTECTED: {state.reason}",
        t.TIMED_OUT: f"TIMED OUT: {state.reason}",
        t.SKIPPED: f"skipped: {state.reason}",
    }
    if what in words:
        progress.tell("stack", name, what, f"{name}: {words[what]}")
        state.told = state.reason


def stacks_message(states: Sequence[StackState], lost: Sequence[StackState]) -> str:
    """One message on the stacks that did not go: name, outcome, reason, what to do."""
    parts = []
    for state in lost:
        reason = state.reason.rstrip(". ")
        todo = _WHAT_TO_DO.get(state.outcome)
        parts.append(f"{state.spec.name} {state.outcome}: {reason}" + (f" ({todo})" if todo else ""))
    there = sum(state.outcome != t.ABSENT for state in states)
    stood = f"{len(lost)} of {there} stacks" if there > 1 else "The stack"
    return f"{stood} did not go. " + "; ".join(parts) + "."
