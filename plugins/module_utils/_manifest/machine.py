# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Brings each stack of a manifest to what it says as soon as all that it comes after stands. Plain logic: what is asked
of AWS, and seen of it, is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import DELETE_FAILED
from .._stacks.types import FAILED
from .._stacks.types import PENDING
from .._stacks.types import REFUSED
from .._stacks.types import SKIPPED
from .._stacks.types import TIMED_OUT
from .._stacks.types import StackView
from .verdict import CREATE
from .verdict import REFUSE
from .verdict import REPLACE
from .verdict import UPDATE
from .verdict import WAIT
from .verdict import verdict

DELETE = "delete"
CREATED = "created"
UPDATED = "updated"
REPLACED = "replaced"
UNCHANGED = "unchanged"
STANDS = frozenset((CREATED, UPDATED, REPLACED, UNCHANGED))
_GOOD = {CREATE: frozenset(("CREATE_COMPLETE",)), UPDATE: frozenset(("UPDATE_COMPLETE",))}
# So many looks may still show what was there before an update began.
_STALE_LOOKS = 3


@dataclass
class State:
    """What is known of one stack. ``operation``: what was asked for and has not ended, empty if nothing was.
    ``since``: when that was asked for, or since when it is waited for what somebody else does, in seconds."""

    name: str
    after: tuple[str, ...]
    status: str = PENDING
    operation: str = ""
    replaced: bool = False
    joined: bool = False
    view: StackView | None = None
    stack_id: str = ""
    before: StackView | None = None
    stack_status_before: str | None = None
    looks: int = 0
    since: float | None = None
    seconds: float = 0.0
    reason: str = ""
    explained: bool = True


@dataclass(frozen=True)
class Due:
    """Something to ask for. ``view``: of the stack as it stands, None if there is none."""

    name: str
    operation: str
    view: StackView | None


class Machine:
    """``after``: for each stack what it comes after. ``timeout``: seconds for each stack."""

    def __init__(
        self,
        after: Mapping[str, Sequence[str]],
        workshop: str,
        replace: bool,
        adopt: Collection[str],
        timeout: float,
        clock: Callable[[], float],
    ) -> None:
        self.states = {name: State(name, tuple(others)) for name, others in after.items()}
        self._workshop = workshop
        self._replace = replace
        self._adopt = adopt
        self._timeout = timeout
        self._clock = clock

    def first(self, views: Mapping[str, StackView]) -> None:
        """What is there before anything is asked for."""
        for name, state in self.states.items():
            state.stack_status_before = views[name].status if name in views else None
        self.observe(views)

    def observe(self, views: Mapping[str, StackView]) -> None:
        """All stacks that are there, by name."""
        for state in self._open():
            view = views.get(state.name)
            if state.operation == DELETE:
                self._see_deletion(state, view)
            elif state.operation:
                self._see(state, view)
            else:
                state.view = view
        self._time_out()

    def gone(self, name: str) -> None:
        """A stack that was to be replaced is deleted."""
        state = self.states[name]
        state.operation, state.view, state.replaced = "", None, True

    def due(self) -> list[Due]:
        """What can be asked for now. Those that nothing can become of any more end here."""
        found = []
        for state in self._open():
            if state.operation or not self._may_begin(state):
                continue
            said = verdict(state.view, self._workshop, self._replace, self._adopt)
            if said.kind == WAIT:
                state.joined = True
                self.hold(state.name)
            elif said.kind == REFUSE:
                self.fail(state.name, said.reason, REFUSED)
            else:
                operation = DELETE if said.kind == REPLACE else said.kind
                found.append(Due(state.name, operation, state.view))
        return found

    def asked(self, name: str, operation: str, stack_id: str) -> None:
        """AWS has taken it."""
        state = self.states[name]
        state.operation, state.stack_id, state.before, state.looks = operation, stack_id, state.view, 0
        self.hold(name)

    def hold(self, name: str) -> None:
        """AWS says that it is there, and does not show it yet."""
        state = self.states[name]
        state.since = self._clock() if state.since is None else state.since

    def unchanged(self, name: str) -> None:
        """AWS says that it is as it should be."""
        self._end(self.states[name], UNCHANGED)

    def fail(self, name: str, reason: str, status: str = FAILED) -> None:
        """Nothing becomes of it."""
        state = self.states[name]
        state.reason, state.explained = reason, True
        self._end(state, status)

    def unexplained(self) -> list[State]:
        """Those that have failed, of which only events say why."""
        return [state for state in self.states.values() if not state.explained]

    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return not self._open() and not self.unexplained()

    def open_names(self) -> list[str]:
        """The stacks that something may still become of."""
        return [state.name for state in self._open()]

    def under_way(self) -> list[State]:
        """Those that AWS works on."""
        return [state for state in self._open() if state.operation or state.since is not None]

    def _open(self) -> list[State]:
        return [state for state in self.states.values() if state.status == PENDING]

    def _may_begin(self, state: State) -> bool:
        others = [self.states[name] for name in state.after]
        lost = [other.name for other in others if other.status not in STANDS and other.status != PENDING]
        if lost:
            self.fail(state.name, f"it comes after {', '.join(lost)}", SKIPPED)
        return not lost and all(other.status in STANDS for other in others)

    def _see(self, state: State, view: StackView | None) -> None:
        state.looks += 1
        if view is None or view.stack_id != state.stack_id:
            if state.looks > _STALE_LOOKS:  # what was asked for shows late, but it does show
                self.fail(state.name, "somebody else has deleted it meanwhile")
            return
        state.view = view
        if view.status.endswith("_IN_PROGRESS") and view.status != "REVIEW_IN_PROGRESS":
            state.before = None
            return
        before = state.before
        if before is not None and before.stack_id == view.stack_id and before.updated == view.updated:
            if before.status == view.status and state.looks <= _STALE_LOOKS:
                return
        if view.status in _GOOD[state.operation]:
            self._end(state, REPLACED if state.replaced else CREATED if state.operation == CREATE else UPDATED)
        else:
            state.reason, state.explained = view.reason or f"it ended in {view.status}", False
            self._end(state, FAILED)

    def _see_deletion(self, state: State, view: StackView | None) -> None:
        if view is None or view.stack_id != state.stack_id or view.status == DELETE_COMPLETE:
            return  # it is gone only where its id says so
        state.view = view
        state.looks += 1
        if view.status == DELETE_FAILED and (state.before is None or state.before.status != DELETE_FAILED):
            state.reason, state.explained = view.reason or "it ended in DELETE_FAILED", False
            self._end(state, FAILED)
        elif view.status != DELETE_FAILED and state.looks > 1:
            state.before = None

    def _time_out(self) -> None:
        for state in self._open():
            if state.since is not None and self._clock() - state.since >= self._timeout:
                status = state.view.status if state.view else "not there"
                self.fail(state.name, f"it is still {status} after {self._timeout:.0f} s", TIMED_OUT)

    def _end(self, state: State, status: str) -> None:
        state.status, state.operation = status, ""
        state.seconds = 0.0 if state.since is None else self._clock() - state.since
