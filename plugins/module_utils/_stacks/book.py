# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The stacks of a run with their phases, and how one stack's end takes effect on the others."""

from __future__ import annotations

from typing import Callable
from typing import Mapping
from typing import Sequence

from . import types as t
from .graph import lengths_behind
from .._watch.loop import KEEN
from .._watch.loop import SLOW
from .._watch.loop import STEADY

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

    def awake(self) -> list[t.StackState]:
        """The pending stacks whose status says what to do next; those that wait for others come later."""
        pending = self.pending()
        return [state for state in pending if state.phase != WAITING] or pending

    def calm(self) -> tuple[float, float]:
        """Seconds since the newest request for a stack whose end alone lets another one go, and how keenly that is
        awaited: more when no longer chain of stacks waits for something else.

        If no single end lets another stack go: since the newest request of all, and slowly. 0 while something else is
        awaited than the end of a deletion or of what comes before it, and when the last ones of all were just asked
        for: the run ends with them.
        """
        pending = self.pending()
        going = [state for state in pending if state.phase == ASKED and state.status == t.DELETE_IN_PROGRESS]
        waiting = [state for state in pending if state.phase == WAITING]
        if not going or len(going) + len(waiting) < len(pending):
            return 0.0, STEADY
        if not waiting:
            age = self._age(going)
            return (age, STEADY) if age > LAST_ONES else (0.0, KEEN)
        standing = [self._standing(state) for state in waiting]
        alone = {names[0] for names in standing if len(names) == 1}
        decisive = [state for state in going if state.spec.name in alone]
        if not decisive:
            return self._age(going), SLOW
        behind = lengths_behind({state.spec.name: state.spec.after for state in pending})
        longest = max(behind[state.spec.name] for state in going)
        keen = all(state in decisive for state in going if behind[state.spec.name] == longest)
        return self._age(decisive), KEEN if keen else STEADY

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
        standing = self._standing(state)
        if state.phase == WAITING and standing:
            return f"waits for {', '.join(standing)}"
        if state.phase in (WAITING, READY):
            return state.reason or f"{state.status} has to end first"
        return state.status

    # Inside

    def _age(self, states: Sequence[t.StackState]) -> float:
        return self._clock() - max(state.begun_at or 0.0 for state in states)

    def _standing(self, state: t.StackState) -> list[str]:
        """What it comes after and is not gone."""
        return [name for name in state.spec.after if self.states[name].outcome not in t.WENT]

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
