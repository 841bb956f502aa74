# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Bringing stacks to their end, as a state machine: observations go in, requests come out. No AWS, no waiting.

Rules it keeps, whatever comes in:

* A stack is gone only after an answer about its id that says DELETE_COMPLETE.
* A stack is asked for only when everything it comes after is gone or was never there.
* Requests name the stack's id, so a stack that someone makes anew under the same name is never touched.
* An old status after DeleteStack proves nothing. The stack's own events decide: AWS marks every event of an operation
  with
  the request's token (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping
from typing import Sequence

from . import types as t
from .._aws.errors import AwsCallError
from .._aws.errors import EXPORT_IN_USE
from .._aws.errors import MISSING
from .._aws.errors import OTHER
from .._aws.errors import PROTECTED
from .._aws.errors import WRONG_STATUS
from .._aws.errors import survivable
from .book import ASKED
from .book import DONE
from .book import EXAMINING
from .book import READY
from .book import StackBook
from .book import WAITING
from .failure import Verdict
from .failure import describe
from .failure import judge
from .failure import own_failures

MAX_SENDS = 3  # of one request that leaves no trace in the events
MAX_UNKNOWN = 3  # answers that the id does not exist
MAX_OVERTAKEN = 3  # requests to leave something behind that were refused


class StackMachine(StackBook):
    """Takes observations and answers in, says what to ask of AWS next."""

    # Observations

    def begin(self, listing: Mapping[str, t.StackView]) -> None:
        """The first look: a complete listing of the live stacks, by name."""
        for state in self.states.values():
            view = listing.get(state.spec.name)
            if state.spec.stack_id and (view is None or view.stack_id != state.spec.stack_id):
                self._resume(state)
                continue
            if view is None or view.status == t.DELETE_COMPLETE:
                self._finish(state, t.ABSENT)
                continue
            state.stack_id = view.stack_id
            state.status_before = state.status = view.status
            state.stack_reason = view.reason
            state.protected = view.protected
            state.phase = WAITING
            if view.status == t.DELETE_IN_PROGRESS:
                self._join(state)
            elif view.root_id and view.root_id != view.stack_id:
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
        state = self.states[name]
        state.unknown_answers += 1
        if state.phase != DONE and state.unknown_answers >= MAX_UNKNOWN:
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

    def _observe(self, state: t.StackState, view: t.StackView) -> None:
        state.status = view.status
        state.stack_reason = view.reason
        state.protected = view.protected
        state.unknown_answers = 0
        if view.status == t.DELETE_COMPLETE:
            self._finish(state, t.GONE)
        elif view.status == t.DELETE_IN_PROGRESS:
            if state.phase in (WAITING, READY):
                self._join(state)
            elif state.phase in (ASKED, EXAMINING):
                state.phase = ASKED
                state.started = True
        elif state.phase == ASKED and state.started and view.status == t.DELETE_FAILED:
            state.phase = EXAMINING

    # Requests

    def requests(self) -> list[t.Request]:
        """What has to be done now, in the order of the stacks."""
        now = self._clock()
        due = [self._request(state, now) for state in self.pending()]
        remains = [t.ReadResources(state.spec.name, state.stack_id) for state in self.unread()]
        return [request for request in due if request is not None] + remains

    def _request(self, state: t.StackState, now: float) -> t.Request | None:
        name, stack_id = state.spec.name, state.stack_id
        if state.confirm:
            return t.Confirm(name, stack_id)
        if state.phase == READY and self._may_ask(state, now):
            if state.spec.only_when and not state.gates_open:
                return t.LookAtGates(name, stack_id)
            if state.protected and self._may_unprotect(state):
                return t.Unprotect(name, stack_id)
            state.token = state.token or self._new_token()
            retain = () if state.force else tuple(item.logical_id for item in state.giving_up)
            return t.Delete(name, stack_id, state.token, retain, state.force, self._options.of(state.spec).role_arn)
        if state.phase == EXAMINING:
            return t.ReadResources(name, stack_id)
        if state.phase == ASKED and state.status != t.DELETE_IN_PROGRESS and now >= state.look_at_events_from:
            return t.ReadEvents(name, stack_id)
        return None

    def _may_unprotect(self, state: t.StackState) -> bool:
        return self._options.of(state.spec).disable_termination_protection

    def _may_ask(self, state: t.StackState, now: float) -> bool:
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
        self._finish(self.states[name], t.FAILED, f"Not asked for. {error.advice()}")
        self._settle()

    def unprotected(self, name: str) -> None:
        self.states[name].protected = False

    def accepted(self, name: str) -> None:
        """DeleteStack was accepted."""
        state = self.states[name]
        now = self._clock()
        first = not state.asked
        state.phase = ASKED
        state.asked = True
        state.started = False
        state.failure_in_events = False
        state.held_status = ""
        state.gates_open = False
        state.sends += 1
        known = state.retained or []
        state.retained = known + [item for item in state.giving_up if item not in known]
        state.look_at_events_from = now + self._options.grace
        if state.begun_at is None:
            state.begun_at = now
        if first:
            self._told(state, "asked")

    def call_failed(self, request: t.Request, error: AwsCallError) -> None:
        """A Delete or Unprotect was not accepted."""
        state = self.states[request.name]
        if survivable(error):
            state.not_before = self._clock() + self._options.grace
            state.reason = error.advice()
        elif error.kind == WRONG_STATUS:
            state.held_status = state.status
            state.not_before = self._clock() + self._options.pause
            state.reason = error.advice()
        elif error.kind == PROTECTED and self._may_unprotect(state) and not state.protected:
            state.protected = True
            state.not_before = self._clock() + self._options.grace
        elif error.kind == PROTECTED:
            self._finish(state, t.PROTECTED, error.advice())
        elif error.kind == MISSING:
            state.confirm = True
        elif error.kind == EXPORT_IN_USE:
            self._finish(state, t.REFUSED, error.advice())
        elif error.kind == OTHER and state.failed and self._drops(request) and state.overtaken < MAX_OVERTAKEN:
            self._look_again(state)
        else:
            self._finish(state, t.FAILED, error.advice())
        self._settle()

    def events(self, name: str, events: Sequence[t.StackEvent]) -> None:
        """The stack's own events, newest first."""
        state = self.states[name]
        state.look_at_events_from = self._clock() + self._options.grace
        if state.phase != ASKED:
            return
        # Once a deletion was seen since the request, the newest one is the one that is watched, whoever asked for it.
        newest = next((event.token for event in events if event.status == t.DELETE_IN_PROGRESS), "")
        ours = state.joined or state.started or any(event.token == state.token for event in events)
        ours = ours or state.other_token not in ("", newest)
        if events and events[0].status == t.DELETE_IN_PROGRESS:
            state.joined = True  # it goes on, the status was an old one
            return
        if not events or not ours:
            state.other_token = newest
            self._no_trace(state)
        elif events[0].status == t.DELETE_COMPLETE:
            state.confirm = True
        elif events[0].status == t.DELETE_FAILED:
            state.failure_in_events = True
            state.stack_reason = events[0].reason or state.stack_reason
            state.phase = EXAMINING
        else:
            reason = next((event.reason for event in _until_start(events) if event.reason), state.stack_reason)
            self._finish(state, t.REFUSED, reason or f"It went back to {events[0].status}.")
        self._settle()

    def events_unreadable(self, name: str, error: AwsCallError) -> None:
        """The events cannot be read at all, so nobody can tell a refusal from an old answer."""
        state = self.states[name]
        self._finish(state, t.FAILED, f"Its status is {state.status} after DeleteStack. {error.advice()}")
        self._settle()

    def resources(self, name: str, resources: Sequence[t.Resource]) -> None:
        """All resources of a stack that was seen in DELETE_FAILED, or gone."""
        state = self.states[name]
        if state.remains_unread:
            self._see_remains(state, resources)
        if state.phase != EXAMINING:
            return
        if any(item.status == t.DELETE_IN_PROGRESS for item in resources):
            state.phase = ASKED  # the failure seen was an old one
            state.look_at_events_from = self._clock() + self._options.grace
            return
        state.failed = [item for item in resources if item.status == t.DELETE_FAILED]
        if not state.failed and not state.failure_in_events:
            # Perhaps the stack failed as a whole, perhaps its status was an old one.
            state.phase = ASKED
            state.started = False
            state.look_at_events_from = self._clock()
            return
        verdict = judge(state, self._options.of(state.spec))
        if verdict == Verdict.RETRY:
            pause = self._options.pause * 2**state.retries
            state.retries += 1
            self._ask_again(state, pause=pause)
            self._told(state, "retry")
        elif verdict == Verdict.RETAIN:
            self._ask_again(state, giving_up=own_failures(state.failed))
            self._told(state, "retain")
        elif verdict == Verdict.FORCE:
            self._ask_again(
                state, giving_up=[item for item in resources if item.status != t.DELETE_COMPLETE], force=True
            )
            self._told(state, "force")
        else:
            self._finish(state, t.FAILED, describe(state.failed, state.stack_reason))
        self._settle()

    def resources_unreadable(self, name: str, error: AwsCallError) -> None:
        """Without its resources a failed stack is neither asked for again nor are resources given up.

        Of a stack that is gone it is then unknown what it left behind.
        """
        state = self.states[name]
        if state.remains_unread:
            state.remains_unread = False
            state.retained = None
            state.reason = f"What it left behind is unknown. {error.advice()}"
            return
        self._finish(state, t.FAILED, f"{state.stack_reason or 'Its deletion failed.'} {error.advice()}".strip())
        self._settle()

    # Inside

    @staticmethod
    def _see_remains(state: t.StackState, resources: Sequence[t.Resource]) -> None:
        """A stack keeps the resources that it went without, also those that its template says to retain.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
        """
        why = {item.logical_id: item.reason for item in state.retained or ()}
        skipped = [item for item in resources if item.status == t.DELETE_SKIPPED]
        state.retained = [replace(item, reason=item.reason or why.get(item.logical_id, "")) for item in skipped]
        state.remains_unread = False

    def _ask_again(
        self, state: t.StackState, giving_up: Sequence[t.Resource] = (), force: bool = False, pause: float = 0.0
    ) -> None:
        state.phase = WAITING
        state.token = ""
        state.sends = 0
        state.joined = False
        state.giving_up = list(giving_up)
        state.force = force
        state.not_before = self._clock() + pause
        state.reason = describe(state.failed, state.stack_reason)

    @staticmethod
    def _drops(request: t.Request) -> bool:
        return isinstance(request, t.Delete) and bool(request.retain or request.force)

    @staticmethod
    def _look_again(state: t.StackState) -> None:
        """Resources can only be dropped from DELETE_FAILED (https://github.com/rebuy-de/aws-nuke/issues/244): another
        run may have asked first, and the stack be on its way or gone."""
        state.phase = EXAMINING
        state.overtaken += 1
        state.confirm = True
        state.joined = True
        state.failure_in_events = False
        state.giving_up = []
        state.force = False

    def _no_trace(self, state: t.StackState) -> None:
        """An accepted request that no event shows: send it again under the same token, which AWS takes as a
        repetition."""
        if state.joined or state.started:
            return  # it was seen going; the events will show its end
        if state.sends < MAX_SENDS:
            state.phase = WAITING
        else:
            self._finish(state, t.FAILED, f"DeleteStack was accepted {state.sends} times, but no event shows it.")


def _until_start(events: Sequence[t.StackEvent]) -> Sequence[t.StackEvent]:
    for index, event in enumerate(events):
        if event.status == t.DELETE_IN_PROGRESS:
            return events[: index + 1]
    return events
