# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What holds the stacks of a run up, cleared right before each is asked for."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import Sequence

from .._aws.errors import CREDENTIALS
from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._aws.looks import Looks
from .._clearing.agreed import clearable
from .._clearing.cleared import Cleared
from .._clearing.clearer import Clearer
from .._clearing.finding import Found
from .._clearing.finding import can_switch
from .._clearing.finding import contents
from .._clearing.finding import protections
from .._clearing.job import Job
from .._resources.custom import CUSTOM
from .._resources.ours import Ours
from .._resources.ours import Place
from .._resources.registry import TYPES
from .._resources.resource import Resource
from .._watch.progress import Progress
from .held import Held
from .inventory import Inventory
from .reader import StackReader
from .state import StackState
from .types import DELETE_COMPLETE
from .types import DELETE_FAILED
from .types import DELETE_IN_PROGRESS
from .types import DELETE_SKIPPED
from .types import IN_PROGRESS
from .types import NESTED
from .types import RECREATED
from .types import WENT
from .types import StackResource

# Of a resource that was not made after all, the physical id may be that of somebody else's, which was in its way.
_NOT_OWNED = frozenset(
    (
        DELETE_COMPLETE,
        DELETE_SKIPPED,
        "CREATE_FAILED",
        "CREATE_IN_PROGRESS",
        "IMPORT_FAILED",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_FAILED",
        "IMPORT_ROLLBACK_IN_PROGRESS",
    )
)


class StackClearings:
    """``agreed``: types of resources of which all that holds them may be cleared. ``go_on``: whether a stack is asked
    for even if not all of it could be. ``to_go``: whether the stacks are to go, so that nothing is cleared of one that
    a protection of another type keeps. ``problems``: what could not be looked at, or put back."""

    def __init__(
        self,
        clients: Callable[[str], Any],
        reader: StackReader,
        inventory: Inventory,
        agreed: Sequence[str],
        go_on: bool,
        progress: Progress,
        clock: Callable[[], float],
        to_go: bool = True,
    ) -> None:
        self._clients = clients
        self._reader = reader
        self._inventory = inventory
        self._agreed = frozenset(name for name in agreed if name != CUSTOM)
        self._go_on = go_on
        self._to_go = to_go
        self._progress = progress
        self._clearer = Clearer(progress, clock)
        self._jobs: dict[str, list[Job]] = {}
        self._rounds: dict[tuple[str, tuple[str, ...]], int] = {}
        self.problems: dict[str, None] = {}

    def goes_on(self, state: StackState) -> str:
        """What is being cleared of a stack; empty when nothing is. Raises :class:`AwsCallError`."""
        name = state.spec.name
        if not self._clearer.goes_on(name):
            return ""
        return f"being cleared: {self._clearer.words(name)}"

    def why_closed(self, state: StackState, early: Sequence[str] = ()) -> str:
        """What has to be cleared before a stack is asked for, which is begun with; empty when nothing is left of it.
        ``early``: types of which something is cleared before the other gates are open, whatever becomes of it. Raises
        :class:`Held` when not all of it could be, and :class:`AwsCallError`."""
        name = state.spec.name
        jobs = self._jobs.setdefault(name, [])
        types = self._agreed.intersection(early) if early else self._agreed
        if types and self._rounds.get((name, tuple(early)), 0) <= state.cleared_again:
            job = self._job(state, types)
            if job is not None and self._is_imported_from(state):
                return ""  # CloudFormation refuses it, and nothing is lost before it does
            self._rounds[name, tuple(early)] = state.cleared_again + 1
            if job is not None:
                jobs.append(job)
                self._clearer.begin(name, job)
        going = self.goes_on(state)
        if going or not jobs or early:
            return going
        for gap in jobs[-1].gaps:
            self._note(f"What holds {state.spec.name} is not all known. {gap['action']}: {gap['message']}")
        reason = jobs[-1].reason()
        # A second time it would fail as the first time.
        if reason and (not self._go_on or state.cleared_again):
            raise Held(_blockers(jobs[-1], state), reason)
        return ""

    def why_uncleared(self, state: StackState) -> str:
        """Why not all was cleared of a stack the last time; empty if it was, or if nothing was tried."""
        jobs = self._jobs.get(state.spec.name)
        return jobs[-1].reason() if jobs else ""

    def still_held(self, state: StackState) -> list[Found]:
        """What is sure to hold resources of a stack that failed: its own contents, or a protection of their own,
        whoever agreed to lose it. What could not be looked at holds nothing. Raises :class:`AwsCallError`."""
        found_in = [item for _stack_id, item in self._owned(state.stack_id)]
        owned = [item for item in found_in if item.physical_id and item.status not in _NOT_OWNED]
        failed = [
            Resource(item.type, item.physical_id)
            for item in owned
            if item.status == DELETE_FAILED and item.type in clearable()
        ]
        if not failed:
            return []
        ours = self._ours(state, [Resource(item.type, item.physical_id) for item in owned])
        with Looks(self._clients) as looks:
            found = [*protections(looks, ours, failed), *contents(looks, ours, failed)]
        own = state.spec.name
        return [item for item in found if item.blocker.certain and item.blocker.clear and item.blocker.owner == own]

    def has_cleared(self, state: StackState) -> bool:
        """Whether anything was cleared of a stack."""
        return any(row.done for job in self._jobs.get(state.spec.name, ()) for row in job.rows)

    def busy(self) -> bool:
        """Whether anything is being cleared."""
        return any(self._clearer.goes_on(name) for name in self._jobs)

    def predict(self, states: Iterable[StackState]) -> None:
        """Find what would be cleared. Raises :class:`AwsCallError`."""
        for state in states if self._agreed else ():
            job = self._job(state, self._agreed)
            if job is not None:
                job.look()
                self._jobs[state.spec.name] = [job]

    def rows(self, state: StackState, foretold: bool = False) -> list[dict[str, Any]]:
        """What was, or would be, cleared of a stack."""
        cleared = [row for job in self._jobs.get(state.spec.name, ()) for row in job.rows]
        return [row.foretold() if foretold else row.row() for row in cleared]

    def found(self, state: StackState) -> list[Found]:
        """All that was found to hold a stack, whether it can be cleared or not."""
        jobs = self._jobs.get(state.spec.name, ())
        return [item for job in jobs for item in (*job.stuck, *(item for row in job.rows for item in row.found))]

    def gaps(self, state: StackState) -> list[dict[str, Any]]:
        """What could not be looked at of a stack."""
        return [gap for job in self._jobs.get(state.spec.name, ()) for gap in job.gaps]

    def let_go(self, state: StackState) -> None:
        """Stop with a stack whose time is over."""
        self._clearer.stop(state.spec.name)

    def end(self, states: Iterable[StackState]) -> None:
        """Stop all, and put back what can be of stacks that stay: not of those whose deletion goes on."""
        self._clearer.end()
        for state in states:
            # What was made anew under its name has resources of the same names, and is somebody else's.
            if state.outcome in (*WENT, RECREATED) or _is_going(state):
                continue
            for job in self._jobs.get(state.spec.name, ()):
                for problem in job.put_back():
                    self._note(problem)
                    self._progress.tell("clear", state.spec.name, "failed", f"{state.spec.name}: {problem}")
                self._tell_back(state, job.rows)

    def _tell_back(self, state: StackState, rows: Iterable[Cleared]) -> None:
        for row in rows:
            if row.put_back:
                text = f"{state.spec.name}: put back, since the stack is there: {row.words()}"
                self._progress.tell("clear", state.spec.name, "retry", text)

    def _job(self, state: StackState, types: Collection[str]) -> Job | None:
        """None where a stack has nothing that may be cleared. What a template says to keep, or may, is not touched."""
        owned = [
            (stack_id, item)
            for stack_id, item in self._owned(state.stack_id)
            if item.physical_id and item.status not in _NOT_OWNED
        ]
        found = [(stack_id, item) for stack_id, item in owned if item.type in types]
        if not found:
            return None
        others = [pair for pair in owned if self._to_go and self._stays_protected(pair[1])]
        kept = {stack_id: self._reader.perhaps_kept(stack_id) for stack_id, _item in (*found, *others)}
        if any(kept[stack_id] is None for stack_id, _item in found):
            self._note(
                f"Nothing of {state.spec.name} is cleared, since its template may keep any of it: its DeletionPolicy "
                "is not in block style, or merged."
            )
        going, unagreed = (
            [
                Resource(item.type, item.physical_id)
                for stack_id, item in several
                if (ids := kept[stack_id]) is not None and item.logical_id not in ids
            ]
            for several in (found, others)
        )
        if not going:
            return None
        mine = [Resource(item.type, item.physical_id) for _stack_id, item in owned]
        return Job(self._clients, state.stack_id, self._ours(state, mine), going, unagreed)

    def _stays_protected(self, item: StackResource) -> bool:
        """Whether it keeps its protection, if it has one."""
        return item.type not in self._agreed and item.type in TYPES and can_switch(item.type)

    def _is_imported_from(self, state: StackState) -> bool:
        """Whether another stack is there that imports from one. Without the permission to see that: no, and it is
        said."""
        gone = {other.spec.name for other in self._inventory.all() if other.outcome in WENT}
        try:
            return any(set(self._reader.importers(export)) - gone for export in state.exports)
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error):
                raise
            self._note(f"Whether another stack imports from {state.spec.name} is not known. {error.advice()}")
            return False

    def _owned(self, stack_id: str) -> list[tuple[str, StackResource]]:
        """What a stack and those nested in it have by now, each with the id of its stack."""
        own = self._reader.resources(stack_id)
        found = [(stack_id, item) for item in own]
        inner = [item for item in own if item.type == NESTED and item.physical_id and item.status not in _NOT_OWNED]
        kept = self._reader.perhaps_kept(stack_id) if inner else frozenset()
        for item in inner:
            if kept is not None and item.logical_id not in kept:
                found += self._owned(item.physical_id)
        return found

    def _ours(self, state: StackState, resources: Iterable[Resource]) -> Ours:
        owned = {item: owner.spec.name for item, owner in self._inventory.owned(self._inventory.all()).items()}
        mine = dict.fromkeys(resources, state.spec.name)
        return Ours({**owned, **mine}, place=Place.of(state.stack_id))

    def _note(self, problem: str) -> None:
        self.problems.setdefault(problem)


def _is_going(state: StackState) -> bool:
    """Whether its deletion goes on, as far as anybody knows."""
    asked = state.asked and state.outcome in ("", IN_PROGRESS) and state.status != DELETE_FAILED
    return asked or state.status == DELETE_IN_PROGRESS


def _blockers(job: Job, state: StackState) -> list[dict[str, Any]]:
    """What still holds a stack."""
    return rows_of([*job.stuck, *(item for row in job.rows if row.reason for item in row.found)], state)


def rows_of(found: Iterable[Found], state: StackState) -> list[dict[str, Any]]:
    """What holds a stack, as it is returned."""
    region = Place.of(state.stack_id).region
    return [item.blocker.row(state.spec.name, region) for item in found]
