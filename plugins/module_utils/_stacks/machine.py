# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Bringing stacks to their end, as a state machine: observations go in, requests come out. No AWS, no waiting.

Rules it keeps, whatever comes in:

* A stack is gone only after an answer about its id that says DELETE_COMPLETE.
* A stack is asked for only when everything it comes after is gone or was never there.
* Requests name the stack's id, so a stack that someone makes anew under the same name is never touched.
* An old status after DeleteStack proves nothing. What was not DELETE_FAILED before and is so now has failed since;
  otherwise the stack's own events decide: those of a deletion that began after the request. AWS marks them with the
  request's token (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html).
* What AWS does not show, it may show later. Nothing is given up for that within seconds.
"""

from __future__ import annotations

import math
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from . import types as t
from .._aws.errors import AwsCallError
from .._aws.errors import EXPORT_IN_USE
from .._aws.errors import MISSING
from .._aws.errors import OTHER
from .._aws.errors import PROTECTED
from .._aws.errors import ROLE
from .._aws.errors import WRONG_STATUS
from .._aws.errors import survivable
from .events import Trace
from .events import trace
from .events import why_back
from .exports import export_in_use
from .failure import Verdict
from .failure import describe
from .failure import is_denied
from .failure import judge
from .failure import own_failures
from .failure import protections
from .failure import says_missing
from .graph import find_cycle
from .state import ASKED
from .state import DONE
from .state import EXAMINING
from .state import IN_USE
from .state import READY
from .state import StackState
from .state import WAITING
from .types import NESTED

MAX_SENDS = 3  # of one request that leaves no trace in the events
MAX_UNKNOWN = 3  # answers that the id does not exist
MAX_OVERTAKEN = 3  # requests to leave something behind that were refused
# Seconds for which a role that was just made may not be known everywhere, with what it may do:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html;
# https://github.com/hashicorp/terraform-provider-aws/issues/22834
ROLE_SETTLES = 120.0


class StackMachine:
    """Takes observations and answers in, says what to ask of AWS next.

    ``clock`` returns seconds that never go back; ``new_token`` returns a fresh ClientRequestToken;
    ``told`` is called with every stack whose state a person would want to know of.
    """

    def __init__(
        self,
        specs: Sequence[t.StackSpec],
        options: t.Options,
        clock: Callable[[], float],
        new_token: Callable[[], str],
        told: Callable[[StackState, str], None] = lambda state, what: None,
    ) -> None:
        self._options = options
        self.clock = clock
        self._new_token = new_token
        self._told = told
        self.states = {spec.name: StackState(spec) for spec in specs}
        for state in self.states.values():
            if state.spec.begun_ago is not None:
                state.begun_at = clock() - state.spec.begun_ago

    # What there is

    def pending(self) -> list[StackState]:
        """The stacks without an outcome, in the order given."""
        return [state for state in self.states.values() if state.phase != DONE]

    @property
    def done(self) -> bool:
        return not self.pending()

    def holds_others(self, name: str) -> bool:
        """Whether other stacks wait for this one."""
        return any(name in state.after for state in self.pending())

    def awake(self) -> list[StackState]:
        """The pending stacks whose status says what to do next; those that wait for others come later."""
        pending = self.pending()
        return [state for state in pending if state.phase != WAITING] or pending

    def role_given(self, state: StackState) -> str | None:
        """The ARN of the role that somebody has named for a stack."""
        return self._options.of(state.spec).role_arn

    def unread(self) -> list[StackState]:
        """The stacks that are gone, and of which nobody has looked yet what they left behind."""
        return [state for state in self.states.values() if state.remains_unread]

    # Ends that come from outside

    @property
    def leaves_unanswered(self) -> bool:
        """Whether custom resources whose function does not answer are left behind."""
        return self._options.unanswered

    def time_of(self, state: StackState) -> float:
        """Seconds that one stack may still take."""
        free_at = self.clock() if state.free_at is None else state.free_at
        return free_at + self._options.timeout - self.clock()

    def time_left(self) -> float:
        """Seconds until the next stack has taken all of its time; infinite if none takes any."""
        free = [state.free_at for state in self.pending() if state.free_at is not None]
        return min(free, default=math.inf) + self._options.timeout - self.clock()

    def overdue(self) -> list[StackState]:
        """The stacks that have taken all of their time."""
        latest = self.clock() - self._options.timeout
        return [state for state in self.pending() if state.free_at is not None and state.free_at <= latest]

    def time_out(self, reasons: Mapping[str, str]) -> None:
        """End what is overdue. ``reasons``: what is known about single stacks, by name."""
        for state in self.overdue():
            reason = reasons.get(state.spec.name) or self.why_waiting(state)
            self._finish(state, t.TIMED_OUT, f"Not gone after {self._options.timeout:g} s: {reason}")
        self._settle()

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

    def why_waiting(self, state: StackState) -> str:
        """One phrase on what a stack waits for."""
        standing = state.standing(self.states)
        if state.phase == WAITING and standing:
            return f"waits for {', '.join(standing)}"
        if state.phase in (WAITING, READY):
            return state.reason or f"{state.status} has to end first"
        return f"{state.status}. {state.events_denied}" if state.events_denied else state.status

    # Observations

    def begin(self, listing: Mapping[str, t.StackView]) -> None:
        """The first look: a complete listing of the live stacks, by name."""
        for state in self.states.values():
            view = listing.get(state.spec.name)
            if state.spec.stack_id and (view is None or view.stack_id != state.spec.stack_id):
                state.resume()
                if view is not None and state.spec.begun_ago is None:
                    state.namesake = view.stack_id
                self._join(state)
                continue
            if view is None or view.status == t.DELETE_COMPLETE:
                self._finish(state, t.ABSENT)
                continue
            state.stack_id = view.stack_id
            state.status_before = view.status
            state.see(view)
            state.phase = WAITING
            if view.status == t.DELETE_IN_PROGRESS:
                self._join(state)
            elif view.nested:
                self._finish(state, t.FAILED, f"It is nested: delete its root stack {view.root_id} instead.")
            elif view.protected and not self._may_unprotect(state):
                self._finish(state, t.PROTECTED, "Termination protection is on.")
        self._settle()

    def observe_listing(self, listing: Mapping[str, t.StackView]) -> None:
        """A later complete listing of the live stacks, by name."""
        for state in self.pending():
            view = listing.get(state.spec.name)
            if view is not None and view.stack_id == state.stack_id:
                self._observe(state, view)
            else:
                state.confirm = True
        self._settle()

    def observe(self, view: t.StackView) -> None:
        """An answer about one stack by its id."""
        state = self.states[view.name]
        if state.phase != DONE and state.stack_id == view.stack_id:
            state.confirm = False
            self._observe(state, view)
            self._settle()

    def observe_unknown(self, name: str) -> None:
        """CloudFormation says that the id does not exist. It keeps deleted stacks for 90 days, so this is not
        "gone"."""
        state, now = self.states[name], self.clock()
        if not state.unknown_answers:
            state.unknown_since = now
        state.unknown_answers += 1
        late = now - state.unknown_since >= self._options.patience
        if state.phase != DONE and state.unknown_answers >= MAX_UNKNOWN and late:
            self._finish(
                state, t.FAILED, "CloudFormation does not know its id any more; whether it is gone is unknown."
            )
            self._settle()

    def observe_names_at_end(self, listing: Mapping[str, t.StackView]) -> None:
        """A complete listing after everything: stacks made anew under a name that went are told, never deleted."""
        for state in self.states.values():
            view = listing.get(state.spec.name)
            if state.outcome == t.GONE and view is not None and view.stack_id != state.stack_id:
                if view.status != t.DELETE_COMPLETE:
                    state.outcome = t.RECREATED
                    state.reason = f"Made anew during the run as {view.stack_id}, which was left alone."

    def _observe(self, state: StackState, view: t.StackView) -> None:
        state.see(view)
        if view.status == t.DELETE_COMPLETE and state.namesake:
            self._finish(state, t.RECREATED, f"It had gone. {state.namesake}, made under its name, was left alone.")
        elif view.status == t.DELETE_COMPLETE:
            self._finish(state, t.GONE)
        elif view.status == t.DELETE_IN_PROGRESS:
            if state.phase in (WAITING, READY):
                self._join(state)
            elif state.phase in (ASKED, EXAMINING, IN_USE):
                state.phase = ASKED
                state.started = True
                state.to_prove = ()
        elif state.phase == ASKED and view.status == t.DELETE_FAILED and (state.started or state.newly_failed):
            state.phase = EXAMINING

    # Requests

    def requests(self) -> list[t.Request]:
        """What has to be done now, in the order of the stacks."""
        now = self.clock()
        due = [self._request(state, now) for state in self.pending()]
        remains = [t.ReadResources(state.spec.name, state.stack_id) for state in self.unread()]
        return [request for request in due if request is not None] + remains

    def _request(self, state: StackState, now: float) -> t.Request | None:
        name, stack_id = state.spec.name, state.stack_id
        if state.confirm:
            return t.Confirm(name, stack_id)
        if state.phase == READY and self._may_ask(state, now):
            if (state.spec.only_when or state.failed_in_network or self._options.clear) and not state.gates_open:
                return t.LookAtGates(name, stack_id)
            if state.protected and self._may_unprotect(state):
                return t.Unprotect(name, stack_id)
            if state.needs_events:
                return t.ReadEvents(name, stack_id)
            if not state.token:
                state.request(self._new_token())
            retain = () if state.force else tuple(item.logical_id for item in state.giving_up)
            role_arn = state.role_arn or self.role_given(state)
            return t.Delete(name, stack_id, state.token, retain, state.force, role_arn)
        if state.phase == EXAMINING and state.to_prove:
            return t.LookUp(name, stack_id, state.to_prove)
        if state.phase == EXAMINING and state.to_see_held:
            return t.LookWhatHolds(name, stack_id)
        if state.phase == EXAMINING:
            return t.ReadResources(name, stack_id)
        if state.phase == IN_USE and state.in_use is not None:
            exports = dict.fromkeys([state.in_use.export, *state.exports])
            return t.ReadImporters(name, stack_id, tuple(exports), state.in_use.importers)
        if state.phase == ASKED and state.status != t.DELETE_IN_PROGRESS and now >= state.look_at_events_from:
            return t.ReadEvents(name, stack_id)
        return None

    def _may_unprotect(self, state: StackState) -> bool:
        return self._options.of(state.spec).disable_termination_protection

    def _may_ask(self, state: StackState, now: float) -> bool:
        if state.status in t.MUST_END_FIRST:
            return False
        if state.held_status and state.status != state.held_status:
            return True
        return now >= state.not_before

    # Answers to requests

    def gates(self, name: str, closed: str) -> None:
        """What the gates of a stack wait for; empty when they are open."""
        state = self.states[name]
        state.gates_open = not closed
        state.reason = closed

    def gates_invisible(self, name: str, error: AwsCallError) -> None:
        """What a stack waits for can not be looked at, so it is not asked for."""
        self._finish(self.states[name], t.FAILED, f"Not asked for: {error.advice()}")
        self._settle()

    def held(self, name: str, reason: str, blockers: Sequence[dict[str, Any]]) -> None:
        """Something keeps a stack, and nobody in this run will take it away: not asked for, so that no deletion is
        tried that fails after many minutes."""
        state = self.states[name]
        state.blockers = list(blockers)
        self._finish(state, t.FAILED, _not_asked_again(state, reason) if state.failed else f"Not asked for: {reason}")
        self._settle()

    def unprotected(self, name: str) -> None:
        self.states[name].protected = False

    def accepted(self, name: str) -> None:
        """DeleteStack was accepted."""
        state = self.states[name]
        first = not state.asked
        state.accept(self.clock(), self._options.grace)
        if first:
            self._told(state, "asked")

    def call_failed(self, request: t.Request, error: AwsCallError) -> None:
        """A Delete or Unprotect was not accepted."""
        state = self.states[request.name]
        if survivable(error):
            state.not_before = self.clock() + self._options.grace
            state.reason = error.advice()
        elif error.kind == ROLE and self._role_is_new(state, self.clock()):
            state.not_before = self.clock() + self._options.grace
            state.reason = f"the role that was made for it is not known everywhere yet: {error.message}"
        elif error.kind == WRONG_STATUS:
            state.held_status = state.status
            state.not_before = self.clock() + self._options.pause
            state.reason = error.advice()
        elif error.kind == PROTECTED and self._may_unprotect(state) and not state.protected:
            state.protected = True
            state.not_before = self.clock() + self._options.grace
        elif error.kind == PROTECTED:
            self._finish(state, t.PROTECTED, error.advice())
        elif error.kind == MISSING:
            state.confirm = True
        elif error.kind == EXPORT_IN_USE:
            self._refused(state, error.advice())
        elif error.kind == OTHER and state.failed and _drops(request) and state.overtaken < MAX_OVERTAKEN:
            state.look_again()
        else:
            self._finish(state, t.FAILED, error.advice())
        self._settle()

    def events(self, name: str, events: Sequence[t.StackEvent]) -> None:
        """The stack's own events, newest first."""
        state = self.states[name]
        newest = events[0].id if events else ""
        if state.needs_events:
            state.events_read = True
            state.event_before = newest
            return
        state.look_at_events_from = self.clock() + self._options.grace
        if state.phase != ASKED:
            return
        seen = trace(state, events)
        if seen == Trace.GOES_ON:
            state.joined = True  # the status was an old one
        elif seen == Trace.NONE:
            if state.event_before is None:
                state.event_before = newest
            self._no_trace(state)
        elif seen == Trace.ENDED:
            state.confirm = True
        elif seen == Trace.FAILED:
            state.failure_in_events = True
            state.stack_reason = events[0].reason or state.stack_reason
            state.phase = EXAMINING
        else:
            self._refused(state, why_back(events) or state.stack_reason or f"It went back to {events[0].status}.")
        self._settle()

    def events_unreadable(self, name: str, error: AwsCallError) -> None:
        """The events cannot be read at all, so nobody can tell a refusal from an old answer: until now it may have been
        one."""
        state, now = self.states[name], self.clock()
        if state.needs_events:
            state.events_read = True
        elif now - state.sent_at < self._options.patience:
            state.look_at_events_from = now + self._options.grace
            state.events_denied = error.advice()
        else:
            self._finish(state, t.FAILED, f"Its status is {state.status} after DeleteStack. {error.advice()}")
            self._settle()

    def resources(self, name: str, resources: Sequence[t.StackResource]) -> None:
        """All resources of a stack that was seen in DELETE_FAILED, or gone."""
        state = self.states[name]
        if state.remains_unread:
            state.see_remains(resources)
        if state.phase != EXAMINING:
            return
        if any(item.status == t.DELETE_IN_PROGRESS for item in resources):
            state.phase = ASKED  # the failure seen was an old one
            state.look_at_events_from = self.clock() + self._options.grace
            return
        state.failed = [item for item in resources if item.status == t.DELETE_FAILED]
        if not state.failed and not state.failure_in_events:
            # Perhaps the stack failed as a whole, perhaps its status was an old one.
            state.phase = ASKED
            state.started = False
            state.look_at_events_from = self.clock()
            return
        if not own_failures(state.failed) and export_in_use(state.stack_reason):
            self._refused(state, state.stack_reason)
            return
        state.examined = list(resources)
        state.to_prove = tuple(
            item for item in own_failures(state.failed) if item.physical_id and says_missing(item.reason)
        )
        if not state.to_prove:
            self._judge(state)

    def looked_up(self, name: str, gone: Collection[str]) -> None:
        """Which of the resources in ``to_prove`` are not there, by their physical ids."""
        state = self.states[name]
        if state.phase != EXAMINING or not state.to_prove:
            return
        state.proven_gone.update(item.physical_id for item in state.to_prove if item.physical_id in gone)
        state.to_prove = ()
        self._judge(state)

    def seen_held(self, name: str, reason: str, blockers: Sequence[dict[str, Any]]) -> None:
        """What is sure to hold a stack that failed and would be asked for again; empty for nothing. Nobody in this run
        takes it away, and another try would take CloudFormation as long as the last one."""
        state = self.states[name]
        if state.phase != EXAMINING or not state.to_see_held:
            return
        state.to_see_held = False
        if not reason:
            self._try_again(state, Verdict.RETRY, state.examined)
        else:
            state.blockers = list(blockers)
            self._finish(state, t.FAILED, _not_asked_again(state, reason))
        self._settle()

    def _judge(self, state: StackState) -> None:
        verdict = judge(state, self._options.of(state.spec))
        if self._to_clear_again(state):
            state.cleared_again += 1
            state.ask_again(self.clock(), describe(state.failed, state.stack_reason))
            self._told(state, "clear")
        elif verdict == Verdict.FAIL and not state.failed and not state.doubted:
            state.doubt()
        elif verdict == Verdict.FAIL and self._lacks_new_role(state):
            self._retry(state, describe(state.failed, state.stack_reason))
            self._told(state, Verdict.RETRY.value)
        elif verdict == Verdict.FAIL:
            state.blockers = protections(state)
            self._finish(state, t.FAILED, describe(state.failed, state.stack_reason))
        elif verdict == Verdict.RETRY and self._may_be_held(state):
            state.to_see_held = True
        else:
            self._try_again(state, verdict, state.examined)
        self._settle()

    def _may_be_held(self, state: StackState) -> bool:
        """Whether it failed at something that may be held, itself or in a stack nested in it."""
        return any(item.type in (*self._options.clearable, NESTED) for item in own_failures(state.failed))

    def _to_clear_again(self, state: StackState) -> bool:
        """Whether it failed at something that may be cleared, for the first time."""
        failed = [item for item in own_failures(state.failed) if item.physical_id not in state.proven_gone]
        return not state.cleared_again and any(item.type in self._options.clear for item in failed)

    def _role_is_new(self, state: StackState, now: float) -> bool:
        return bool(state.role_arn) and now - state.role_since < ROLE_SETTLES

    def _lacks_new_role(self, state: StackState) -> bool:
        """Whether it failed for want of what the role made for it may do, which IAM may only not have known then."""
        reasons = [item.reason for item in own_failures(state.failed)] or [state.stack_reason]
        new = self._role_is_new(state, state.sent_at) and state.retries < self._options.max_retries
        return new and all(map(is_denied, reasons))

    def importers(self, name: str, names: Sequence[str], problem: AwsCallError | None) -> None:
        """The stacks that import from one that could not go for that, and still stand. ``problem``: why these may not
        be all."""
        state = self.states[name]
        if state.phase != IN_USE or state.in_use is None:
            return
        standing = [item for item in names if item not in self.states or self.states[item].outcome not in t.WENT]
        ours = [item for item in standing if item in self.states and not self.states[item].outcome]
        edges = {other: self.states[other].after for other in self.states}
        if ours and not find_cycle({**edges, name: (*state.after, *ours)}):
            state.wait_for_importers(ours, self.clock())
            self._told(state, "in use")
        elif not standing and state.retries < self._options.max_retries:
            # They went meanwhile. Should AWS not know that yet, there is a pause before the next time.
            self._retry(state, state.in_use.words, at_once=not state.retries)
            self._told(state, "retry")
        else:
            self._finish(state, t.REFUSED, self._why_refused(state.in_use.words, standing, problem))
        self._settle()

    def resources_unreadable(self, name: str, error: AwsCallError) -> None:
        """Without its resources a failed stack is neither asked for again nor are resources given up.

        Of a stack that is gone it is then unknown what it left behind.
        """
        state = self.states[name]
        if state.remains_unread:
            state.remains_unread = False
            state.retained = None
            state.reason = f"{state.reason} What it left behind is unknown. {error.advice()}".strip()
            return
        self._finish(state, t.FAILED, f"{state.stack_reason or 'Its deletion failed.'} {error.advice()}".strip())
        self._settle()

    # Inside

    def _settle(self) -> None:
        """Let outcomes take effect on what comes after."""
        changed = True
        while changed:
            changed = False
            for state in self.pending():
                if state.phase != WAITING:
                    continue
                outcomes = {name: self.states[name].outcome for name in state.after}
                lost = [name for name, outcome in outcomes.items() if outcome and outcome not in t.WENT]
                if lost and state.in_use is not None:
                    self._finish(state, t.REFUSED, self._why_refused(state.in_use.words, lost))
                    changed = True
                elif lost:
                    what = ", ".join(f"{name} ({outcomes[name]})" for name in lost)
                    self._finish(state, t.SKIPPED, f"Not asked for, because it comes after {what}.")
                    changed = True
                elif all(outcomes.values()):
                    state.phase = READY
                    state.free(self.clock())

    def _refused(self, state: StackState, words: str) -> None:
        """It could not go, and did not fail. If an export of it is in use, perhaps only for a while."""
        state.in_use = export_in_use(words)
        if state.in_use is None:
            self._finish(state, t.REFUSED, words)
        else:
            state.phase = IN_USE

    def _why_refused(self, words: str, importers: Sequence[str], problem: AwsCallError | None = None) -> str:
        """``importers``: those that stand, of this run or not."""
        outside = [name for name in importers if name not in self.states]
        lost = [name for name in importers if name in self.states and self.states[name].outcome]
        later = [name for name in importers if name in self.states and not self.states[name].outcome]
        parts = [words]
        if outside:
            parts.append(f"Delete {', '.join(outside)} first, which this run does not.")
        if lost:
            parts.append(f"It waited for {', '.join(f'{name} ({self.states[name].outcome})' for name in lost)}.")
        if later:
            parts.append(f"It can not wait for {', '.join(later)}, which comes after it: put the order right.")
        if problem is not None:
            parts.append(f"Whether others import from it is not known. {problem.advice()}")
        return " ".join(parts)

    def _retry(self, state: StackState, reason: str, at_once: bool = False) -> None:
        pause = 0.0 if at_once else self._options.pause * 2**state.retries
        state.ask_again(self.clock() + pause, reason)
        state.retries += 1

    def _try_again(self, state: StackState, verdict: Verdict, resources: Sequence[t.StackResource]) -> None:
        now, reason = self.clock(), describe(state.failed, state.stack_reason)
        if verdict == Verdict.RETRY:
            self._retry(state, reason)
        elif verdict == Verdict.RETAIN:
            again = now + self._options.pause if state.overtaken > 1 else now
            state.ask_again(again, reason, own_failures(state.failed))
        else:
            state.ask_again(now, reason, [item for item in resources if item.status != t.DELETE_COMPLETE], force=True)
        there = [item for item in own_failures(state.failed) if item.physical_id not in state.proven_gone]
        self._told(state, verdict.value if there or verdict != Verdict.RETAIN else "drop")

    def _join(self, state: StackState) -> None:
        news = state.begun_at is None and not state.asked
        state.join(self.clock())
        if news:
            self._told(state, "joined")

    def _finish(self, state: StackState, outcome: str, reason: str = "") -> None:
        state.finish(self.clock(), outcome, reason)
        self._told(state, outcome)

    def _no_trace(self, state: StackState) -> None:
        """An accepted request that no event shows: send it again now and then under the same token, which AWS takes as
        a repetition."""
        now = self.clock()
        if state.joined or state.started or now - state.sent_at < self._options.patience:
            return  # it was seen going and the events will show its end, or they may be late
        if state.sends < MAX_SENDS:
            state.phase = WAITING
        else:
            times = f"{state.sends} times in {now - state.first_sent_at:.0f} s"
            self._finish(state, t.FAILED, f"DeleteStack was accepted {times}, but no event shows it.")


def _not_asked_again(state: StackState, reason: str) -> str:
    return f"{describe(state.failed, state.stack_reason).rstrip('. ')}. Not asked for again: {reason}"


def _drops(request: t.Request) -> bool:
    """Whether it asks for the deletion of a stack without some of its resources."""
    return isinstance(request, t.Delete) and bool(request.retain or request.force)
