# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Runs the stack machine against AWS: one look per tick, then whatever the machine asks for."""

from __future__ import annotations

from collections import Counter
from typing import Callable
from typing import Iterable
from typing import Mapping

from .._aws.errors import AwsCallError
from .._aws.errors import CREDENTIALS
from .._aws.errors import survivable
from .._resources.resource import Resource
from .awaited import Awaited
from .gates import Gates
from .held import Held
from .listing import StackLister
from .machine import StackMachine
from .pace import calm
from .reader import StackReader
from .state import StackState
from . import types as t

TOGETHER = 2  # stacks that are in no listing any more, from which on the deleted ones are listed
UNLUCKY = 3  # stacks whose requests met a passing error in one tick, before the rest waits
# Tries to see what a stack that is gone left behind, or who imports from one, and for so many seconds at least.
READS = 10
READ_FOR = 20.0
GATE_FOR = 60.0  # the same for what has to be so before a stack is asked for


class Stopped(Exception):
    """Looking on is impossible: the credentials ended or the stacks may not be read. Holds the AWS error."""

    def __init__(self, error: AwsCallError) -> None:
        super().__init__(error.advice())
        self.error = error


class StackDriver:
    """A participant of the watch loop. ``survived`` counts the AWS errors that were lived with. ``there``: whether
    resources are there, None for one that could not be looked up."""

    def __init__(
        self,
        machine: StackMachine,
        lister: StackLister,
        reader: StackReader,
        gates: Gates,
        there: Callable[[list[Resource]], Mapping[Resource, bool | None]],
        awaited: Awaited | None = None,
    ) -> None:
        self.machine = machine
        self._lister = lister
        self._reader = reader
        self._gates = gates
        self._there = there
        self._awaited = awaited
        self._asked_this_tick: set[tuple[str, str]] = set()
        self._unlucky: set[str] = set()
        self._reads: Counter[str] = Counter()
        self._first_read: dict[str, float] = {}
        self._fresh = False
        self._may_list = True
        self.changed = False
        self.survived = 0

    def begin(self) -> None:
        """The first look at all stacks. Errors come through: without it nothing is known and nothing is asked for."""
        self.machine.begin(self._lister.described(self.machine.states))
        self._fresh = True

    def tick(self) -> None:
        if not self._fresh:
            self._look()
        self._fresh = False
        self.serve()
        overdue = self.machine.overdue()
        if overdue:
            self.machine.time_out(self.explain(overdue))
            self._gates.let_go(overdue)
        self._gates.prepare(self.machine.pending())
        if self._awaited is not None:
            try:
                self._awaited.look(self.machine.pending())
            except AwsCallError as error:
                self._survive(error)

    def finished(self) -> bool:
        return self.machine.done and not self.machine.unread()

    def calm(self) -> tuple[float, float]:
        return calm(self.machine.states, self.machine.clock())

    def waiting_for(self) -> list[str]:
        phrases = []
        groups: dict[str, list[StackState]] = {}
        for state in self.machine.states.values():
            groups.setdefault(state.spec.group or "stacks", []).append(state)
        for group, states in groups.items():
            gone = sum(1 for state in states if state.outcome in t.WENT)
            if any(not state.outcome for state in states):
                phrases.append(f"{group} {gone}/{len(states)} gone")
        pending = self.machine.pending()
        if len(pending) <= 3:
            phrases.extend(f"{state.spec.name}: {self._why_waiting(state)}" for state in pending)
        return phrases

    def _why_waiting(self, state: StackState) -> str:
        awaited = self._awaited.words(state) if self._awaited is not None else ""
        return ", ".join(filter(None, [self.machine.why_waiting(state), awaited]))

    def look_for_new_ones(self) -> None:
        """After everything: were stacks made anew under the names that went? One listing, only if something went."""
        if any(state.outcome == t.GONE for state in self.machine.states.values()):
            try:
                self.machine.observe_names_at_end(self._lister.described())
            except AwsCallError as error:
                self._survive(error)

    def time_left(self) -> float:
        return self.machine.time_left()

    def explain(self, states: Iterable[StackState]) -> dict[str, str]:
        """For each of these stacks still going, the resources it waits for. Used when their time is over."""
        reasons = {}
        for state in states:
            if state.status != t.DELETE_IN_PROGRESS:
                continue
            try:
                resources = self._reader.resources(state.stack_id)
            except AwsCallError as error:
                reasons[state.spec.name] = f"{state.status}. {error.advice()}"
                if survivable(error):
                    break  # the time is over: no more tries for the others either
                continue
            going = [f"{item.logical_id} ({item.type})" for item in resources if item.status == t.DELETE_IN_PROGRESS]
            if going:
                reasons[state.spec.name] = f"{state.status}, still deleting {', '.join(going[:5])}"
                awaited = self._awaited.words(state) if self._awaited is not None else ""
                reasons[state.spec.name] += f". CloudFormation {awaited}" if awaited else ""
        return reasons

    def serve(self) -> None:
        """Do what the machine asks for until it asks for nothing new. Each kind of request once per stack and tick.

        First comes what others wait for. While AWS is out of order, every call takes the time of several tries: after a
        few of them the rest waits for the next tick, and comes first then.
        """
        self._asked_this_tick.clear()
        last, self._unlucky = self._unlucky, set()
        self._confirm_together([item for item in self.machine.requests() if isinstance(item, t.Confirm)])
        while len(self._unlucky) < UNLUCKY:
            fresh = [item for item in self.machine.requests() if self._key(item) not in self._asked_this_tick]
            if not fresh:
                return
            self._serve_all(sorted(fresh, key=lambda item: self._order(item, last)))

    def _serve_all(self, requests: list[t.Request]) -> None:
        """Until AWS is out of order, or a stack has ended: others may have waited for it."""
        for request in requests:
            self._asked_this_tick.add(self._key(request))
            survived, pending = self.survived, len(self.machine.pending())
            self._perform(request)
            if self.survived > survived:
                self._unlucky.add(request.name)
            if len(self._unlucky) >= UNLUCKY or len(self.machine.pending()) < pending:
                return

    def _order(self, request: t.Request, last: set[str]) -> tuple[bool, bool, bool]:
        return (
            request.name in last,
            isinstance(request, t.ReadResources) and self.machine.states[request.name].remains_unread,
            isinstance(request, t.Confirm) and not self.machine.holds_others(request.name),
        )

    def _look(self) -> None:
        awake = self.machine.awake()
        if not awake:
            return
        try:
            if len(awake) <= self._lister.pages:
                for state in awake:
                    self._confirm(state.spec.name, state.stack_id)
            else:
                self.machine.observe_listing(self._lister.described())
        except AwsCallError as error:
            self._survive(error)

    def _confirm_together(self, requests: list[t.Request]) -> None:
        """One call instead of many. Whatever it does not show, or if it may not be made, is asked for by its id."""
        if len(requests) < TOGETHER or not self._may_list:
            return
        try:
            for view in self._lister.deleted({item.stack_id for item in requests}):
                self.machine.observe(view)
        except AwsCallError as error:
            self._may_list = survivable(error)
            self.survived += survivable(error)

    def _confirm(self, name: str, stack_id: str) -> None:
        view = self._lister.by_id(stack_id)
        if view is None:
            self.machine.observe_unknown(name)
        else:
            self.machine.observe(view)

    def _perform(self, request: t.Request) -> None:
        try:
            if isinstance(request, t.Confirm):
                self._confirm(request.name, request.stack_id)
            elif isinstance(request, (t.Delete, t.Unprotect)):
                self._write(request)
            elif isinstance(request, t.LookAtGates):
                self._look_at_gates(request)
            elif isinstance(request, t.ReadResources):
                self._read_resources(request)
            elif isinstance(request, t.LookUp):
                self._look_up(request)
            elif isinstance(request, t.LookWhatHolds):
                self._look_what_holds(request)
            elif isinstance(request, t.ReadImporters):
                self._read_importers(request)
            elif isinstance(request, t.ReadEvents):
                self._read_events(request)
        except AwsCallError as error:
            self._survive(error)

    def _look_at_gates(self, request: t.LookAtGates) -> None:
        try:
            closed = self._gates.why_closed(self.machine.states[request.name])
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error) and not self._enough(request.name, GATE_FOR):
                raise
            self.machine.gates_invisible(request.name, error)
        except Held as held:
            self.machine.held(request.name, str(held), held.blockers)
        else:
            self._seen(request.name)
            self.machine.gates(request.name, closed)

    def _write(self, request: t.Delete | t.Unprotect) -> None:
        try:
            if isinstance(request, t.Unprotect):
                self._reader.unprotect(request.stack_id)
                self.changed = True
                self.machine.unprotected(request.name)
            else:
                self._reader.delete(request)
                self.changed = True
                self.machine.accepted(request.name)
        except AwsCallError as error:
            if error.kind == CREDENTIALS:
                raise
            self.survived += survivable(error)
            self.machine.call_failed(request, error)

    def _read_resources(self, request: t.Request) -> None:
        try:
            resources = self._reader.resources(request.stack_id)
        except AwsCallError as error:
            # Only what a stack left behind is given up: a stack that failed has to be understood.
            given_up = self.machine.states[request.name].remains_unread and self._enough(request.name)
            if error.kind == CREDENTIALS or survivable(error) and not given_up:
                raise
            self.machine.resources_unreadable(request.name, error)
        else:
            self.machine.resources(request.name, resources)

    def _look_up(self, request: t.LookUp) -> None:
        there = self._there([Resource(item.type, item.physical_id) for item in request.resources])
        self.machine.looked_up(request.name, {item.physical_id for item, found in there.items() if found is False})

    def _look_what_holds(self, request: t.Request) -> None:
        state = self.machine.states[request.name]
        try:
            reason, blockers = self._gates.still_held(state)
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error) and not self._enough(request.name):
                raise
            reason, blockers = "", []
        self.machine.seen_held(request.name, reason, blockers)

    def _read_importers(self, request: t.ReadImporters) -> None:
        """Who imports from a stack, by what AWS has named and by what it lists. What has gone since does not count."""
        names = dict.fromkeys(request.named)
        problem = None
        try:
            for export in request.exports:
                names.update(dict.fromkeys(self._reader.importers(export)))
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error) and not self._enough(request.name):
                raise
            problem = error
        self.machine.importers(request.name, [top for name in names if (top := self._top(name))], problem)

    def _top(self, name: str) -> str:
        """The stack with which one goes: itself, or, for a nested one, its root if that is one of ours. Empty for one
        that is gone."""
        states = self.machine.states
        if name in states:
            return name
        try:
            view = self._lister.by_id(name)
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error):
                raise
            return name
        if view is None:
            return ""
        roots = [other for other, state in states.items() if view.nested and state.stack_id == view.root_id]
        return roots[0] if roots else name

    def _enough(self, name: str, seconds: float = READ_FOR) -> bool:
        """Whether what could not be read has been tried often enough, and for so long."""
        now = self.machine.clock()
        self._reads[name] += 1
        first = self._first_read.setdefault(name, now)
        return self._reads[name] >= READS and now - first >= seconds

    def _seen(self, name: str) -> None:
        """What could not be read could be, so that the tries are counted anew."""
        self._reads.pop(name, None)
        self._first_read.pop(name, None)

    def _read_events(self, request: t.Request) -> None:
        try:
            events = self._reader.events(request.stack_id)
        except AwsCallError as error:
            if survivable(error) or error.kind == CREDENTIALS:
                raise
            self.machine.events_unreadable(request.name, error)
        else:
            self.machine.events(request.name, events)

    def _survive(self, error: AwsCallError) -> None:
        if not survivable(error):
            raise Stopped(error) from error
        self.survived += 1

    @staticmethod
    def _key(request: t.Request) -> tuple[str, str]:
        return type(request).__name__, request.name
