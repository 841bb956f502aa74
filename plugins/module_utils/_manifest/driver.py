# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Runs the machine against CloudFormation."""

from __future__ import annotations

import re
import time
import uuid
from typing import Callable
from typing import Mapping

from .._aws.errors import CREDENTIALS
from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._stacks.listing import StackLister
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import PENDING
from .._stacks.types import StackView
from .._watch.loop import STEADY
from .._watch.progress import Progress
from .machine import DELETE
from .machine import STANDS
from .machine import Due
from .machine import Machine
from .machine import State
from .reader import MissingReference
from .reader import StackMaker
from .types import Entry
from .verdict import CREATE

_NOTHING = ("", PENDING)
_BUSY = re.compile(r"is in \w+_IN_PROGRESS state and can ?not be updated")
_WORDS = {CREATE: "is being created", DELETE: "is deleted, to be made anew"}


class DeployDriver:
    """What the watch loop looks after. An AWS error that concerns more than a stack ends it with a ``problem``."""

    def __init__(
        self,
        machine: Machine,
        entries: Mapping[str, Entry],
        lister: StackLister,
        maker: StackMaker,
        progress: Progress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.machine = machine
        self.problem: AwsCallError | None = None
        self.survived = 0
        self.protected: set[str] = set()
        self._entries = entries
        self._lister = lister
        self._maker = maker
        self._progress = progress
        self._clock = clock
        self._views: dict[str, StackView] = {}
        self._told: dict[str, tuple[str, str]] = {}
        self._began = clock()
        self._tokens: dict[tuple[str, str], str] = {}

    def first(self, views: Mapping[str, StackView]) -> None:
        """What is there before anything is asked for."""
        self._views = dict(views)
        self.machine.first(views)

    def tick(self) -> None:
        if self.finished():
            return
        try:
            if self.machine.under_way():
                self._look()
            while self._begin_due():
                pass  # what is as it should be lets others begin at once
            self._explain()
        except AwsCallError as error:
            if survivable(error):
                self.survived += 1
            else:
                self.problem = error
        self._tell()

    def finished(self) -> bool:
        return self.problem is not None or self.machine.finished()

    def waiting_for(self) -> list[str]:
        found = []
        for state in self.machine.under_way():
            found.append(f"{state.name} {state.view.status if state.view else 'asked for'}")
        return found

    def calm(self) -> tuple[float, float]:
        return self._clock() - self._began, STEADY

    def _look(self) -> None:
        names = self.machine.open_names()
        self._views = self._lister.described(names)
        for state in self.machine.under_way():
            if state.operation == DELETE and state.name not in self._views:
                view = self._lister.by_id(state.stack_id)
                if view is None or view.status == DELETE_COMPLETE:
                    self.machine.gone(state.name)
        self.machine.observe(self._views)

    def _begin_due(self) -> bool:
        """Begin all that can be. Whether some of it has ended already."""
        ended = [self._begin(item) for item in self.machine.due()]
        return any(ended)

    def _begin(self, due: Due) -> bool:
        """Whether it has ended already."""
        entry = self._entries[due.name]
        try:
            return self._ask(entry, due)
        except MissingReference as error:
            self.machine.fail(due.name, f"{error}.")
        except AwsCallError as error:
            if error.code == "AlreadyExistsException":
                self.machine.hold(due.name)
                return False
            if error.code in ("TokenAlreadyExistsException", "TokenAlreadyExists"):
                self.machine.asked(due.name, due.operation, self._id(due))
                return False
            if survivable(error) or error.kind == CREDENTIALS:
                raise
            if error.code == "ValidationError" and _BUSY.search(error.message):
                self.machine.hold(due.name)  # somebody else was quicker: it is waited for
                return False
            self.machine.fail(due.name, f"{entry.template}: {error.advice()}")
        return True

    def _id(self, due: Due) -> str:
        """Of a stack that was asked for, though the answer was lost."""
        view = due.view or self._lister.by_id(due.name)
        return view.stack_id if view else ""

    def _ask(self, entry: Entry, due: Due) -> bool:
        if due.operation == DELETE and due.view is not None:
            self._maker.delete(due.view.stack_id)
            self.machine.asked(due.name, DELETE, due.view.stack_id)
            return False
        arguments = self._maker.arguments(entry, due.view, self._views)
        token = self._tokens.setdefault((due.name, due.operation), str(uuid.uuid4()))
        if due.view is None:
            self.machine.asked(due.name, CREATE, self._maker.create(entry, arguments, token))
            return False
        self._protect(entry, due.view)
        if not self._maker.update(due.view.stack_id, arguments, token):
            self.machine.unchanged(due.name)
            return True
        self.machine.asked(due.name, due.operation, due.view.stack_id)
        return False

    def _protect(self, entry: Entry, view: StackView) -> None:
        """Where the manifest says whether it is protected."""
        if entry.protected is None or entry.name in self.protected:
            return
        # A list of all stacks may leave it out: https://github.com/cloud-custodian/cloud-custodian/issues/5633
        now = self._lister.by_id(view.stack_id)
        if now is not None and now.protected != entry.protected:
            self._maker.protect(view.stack_id, entry.protected)
            self.protected.add(entry.name)

    def _explain(self) -> None:
        for state in self.machine.unexplained():
            try:
                state.reason = self._maker.why_failed(state.stack_id) or state.reason
            except AwsCallError as error:
                if survivable(error):
                    raise
                state.reason = f"{state.reason} (its events could not be read: {error.advice()})"
            state.explained = True

    def _tell(self) -> None:
        for name, state in self.machine.states.items():
            now = (state.operation, state.status)
            if not state.explained or self._told.get(name, _NOTHING) == now:
                continue
            self._told[name] = now
            if now != _NOTHING:
                status = "gone" if state.status in STANDS else state.status
                self._progress.tell("stack", name, status, f"{name} {_said(state)}")


def _said(state: State) -> str:
    if state.operation:
        return _WORDS.get(state.operation, "is being updated")
    text = state.status.replace("_", " ")
    if state.seconds >= 1:
        text += f" after {state.seconds:.0f} s"
    return f"{text}: {state.reason}" if state.reason else text
