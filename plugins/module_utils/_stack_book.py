# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The stacks of a run with their phases, and how one stack's end takes effect on the others."""

from __future__ import annotations

from typing import Callable
from typing import Mapping
from typing import Sequence

from . import _stack_types as t

# Phases of a stack
WAITING = "waiting"  # to be asked for (again) when everything it comes after is gone
READY = "ready"  # to be asked for as soon as its status and the pause allow
ASKED = "asked"  # DeleteStack was accepted, or someone else's deletion was joined
EXAMINING = "examining"  # DELETE_FAILED seen, resources not read yet
DONE = "done"

LAST_ONES = 30.0  # seconds


class StackBook:
    """The state of all stacks of a run.

    ``clock`` returns seconds that never go back; ``new_token`` returns a fresh ClientRequestToken;
    ``told`` is called with every stack whose state a person would want to know of.
    """

    def __init__(
        self,
        specs: Sequence[t.StackSpec],
        options: t.Options,
        clock: Callable[[], float],
        new_token: Callable[[], str],
        told: Callable[[t.StackState, str], None] = lambda state, what: None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._new_token = new_token
        self._told = told
        self.states = {spec.name: t.StackState(spec=spec) for spec in specs}
        for state in self.states.values():
            if state.spec.begun_ago is not None:
                state.begun_at = clock() - state.spec.begun_ago

    # What there is

    def pending(self) -> list[t.StackState]:
        """The stacks without an outcome, in the order given."""
        return [state for state in self.states.values() if state.phase != DONE]

    @property
    def done(self) -> bool:
        return not self.pending()

    def holds_others(self, name: str) -> bool:
        """Whether other stacks wait for this one."""
        return any(name in state.spec.after for state in self.pending())

    def calm(self) -> float:
        """Seconds since the newest request for a stack that others wait for, if there is any; for any stack, if not.

        0 while something else is awaited than the end of a deletion or of what comes before it, and when the last ones
        of all were just asked for: the run ends with them.
        """
        pending = self.pending()
        going = [state for state in pending if state.phase == ASKED and state.status == t.DELETE_IN_PROGRESS]
        if len(going) + sum(state.phase == WAITING for state in pending) < len(pending):
            return 0.0
        holding = [state for state in going if self.holds_others(state.spec.name)]
        newest = max((state.begun_at or 0.0 for state in holding or going), default=self._clock())
        age = self._clock() - newest
        return age if holding or age > LAST_ONES else 0.0

    def unread(self) -> list[t.StackState]:
        """The stacks that are gone, and of which nobody has looked yet what they left behind."""
        return [state for state in self.states.values() if state.remains_unread]

    # Ends that come from outside

    def time_out(self, reasons: Mapping[str, str], seconds: float) -> None:
        """The time limit is over. ``reasons``: what is known about single stacks, by name."""
        for state in self.pending():
            reason = reasons.get(state.spec.name) or self.why_waiting(state)
            self._finish(state, t.TIMED_OUT, f"Not gone after {seconds:g} s: {reason}")

    def leave(self, reason: str = "") -> None:
        """Stop looking: what was asked for is in progress, the rest is pending."""
        for state in self.pending():
            begun = state.phase in (ASKED, EXAMINING)
            self._finish(
                state, t.IN_PROGRESS if begun else t.PENDING, reason or ("" if begun else self.why_waiting(state))
            )

    def predict(self, wait: bool) -> None:
        """Instead of asking: the outcomes that asking would have if nothing fails."""
        for state in self.pending():
            if wait:
                state.status = t.DELETE_COMPLETE
                self._finish(state, t.GONE)
            elif state.phase == WAITING or (state.phase == READY and state.status in t.MUST_END_FIRST):
                self._finish(state, t.PENDING, self.why_waiting(state))
            else:
                state.status = t.DELETE_IN_PROGRESS
                self._finish(state, t.IN_PROGRESS)

    def why_waiting(self, state: t.StackState) -> str:
        """One phrase on what a stack waits for."""
        standing = [name for name in state.spec.after if self.states[name].outcome not in t.WENT]
        if state.phase == WAITING and standing:
            return f"waits for {', '.join(standing)}"
        if state.phase in (WAITING, READY):
            return state.reason or f"{state.status} has to end first"
        return state.status

    # Inside

    def _settle(self) -> None:
        """Let outcomes take effect on what comes after."""
        changed = True
        while changed:
            changed = False
            for state in self.pending():
                if state.phase != WAITING:
                    continue
                outcomes = {name: self.states[name].outcome for name in state.spec.after}
                lost = [name for name, outcome in outcomes.items() if outcome and outcome not in t.WENT]
                if lost:
                    what = ", ".join(f"{name} ({outcomes[name]})" for name in lost)
                    self._finish(state, t.SKIPPED, f"Not asked for, because it comes after {what}.")
                    changed = True
                elif all(outcomes.values()):
                    state.phase = READY

    def _join(self, state: t.StackState) -> None:
        state.phase = ASKED
        state.joined = True
        state.started = True
        if state.begun_at is None:
            state.begun_at = self._clock()
            if not state.asked:
                self._told(state, "joined")

    def _resume(self, state: t.StackState) -> None:
        """A stack that an earlier look knew, and that is in no list any more: only its id tells what became of it."""
        state.stack_id = state.spec.stack_id
        state.status_before = t.DELETE_IN_PROGRESS
        state.confirm = True
        self._join(state)

    def _finish(self, state: t.StackState, outcome: str, reason: str = "") -> None:
        state.phase = DONE
        state.outcome = outcome
        state.reason = reason
        state.confirm = False
        state.finished_at = self._clock()
        if outcome == t.GONE:
            state.failed = []
            state.remains_unread = True
        self._told(state, outcome)
