# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of cloudformation_blockers, from options to result."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.account import account_problem
from .._aws.errors import AwsCallError
from .._clearing.agreed import agreed_to
from .._clearing.agreed import clearable
from .._clearing.finding import Found
from .._clearing.words import cleared_words
from .._resources.ours import Place
from .._watch.ending import told_to_end
from .._watch.progress import Progress
from .clearings import StackClearings
from .held import Held
from .inventory import Inventory
from .listing import StackLister
from .reader import StackReader
from .state import StackState
from .types import DELETE_COMPLETE
from .types import DELETE_IN_PROGRESS
from .types import FAILED
from .types import GONE
from .types import MUST_END_FIRST
from .types import StackSpec


class ClearingRun:
    """``clients``: makes a boto3 client from the name of its service. Nothing but what holds the stacks is touched."""

    def __init__(self, params: Mapping[str, Any], clients: Callable[[str], Any], check_mode: bool) -> None:
        self._params = params
        self._clients = clients
        self._check_mode = check_mode
        self._lister = StackLister(clients("cloudformation"))
        self._reader = StackReader(clients("cloudformation"))
        self._states: dict[str, StackState] = {}
        self._agreed = agreed_to(params["clear"])
        progress = Progress(None if check_mode else params["progress_file"])
        self._seen = self._clearings(clearable(), progress)
        self._clears = self._clearings(self._agreed, progress)

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        try:
            problem = account_problem(self._clients, self._params["account_id"]) or self._find()
            if problem:
                return problem
            self._seen.predict(self._states.values())
            if self._check_mode:
                self._clears.predict(self._states.values())
                return ""
            try:
                with told_to_end():
                    return self._clear()
            finally:
                self._clears.end(self._states.values())
        except AwsCallError as error:
            return error.advice()
        finally:
            self._seen.end(())

    def warnings(self) -> list[str]:
        return list(dict.fromkeys([*self._seen.problems, *self._clears.problems]))

    def result(self) -> dict[str, Any]:
        states = self._states.values()
        cleared = [row for state in states for row in self._cleared(state)]
        done = {
            (row["stack_name"], row["type"], row["id"]): not row["reason"] and not row["put_back"] for row in cleared
        }
        found = [(state.spec.name, item) for state in states for item in self._seen.found(state)]
        left = [
            (name, item)
            for name, item in found
            if not (item.blocker.clear and done.get((name, item.resource.type, item.resource.physical_id)))
        ]
        return {
            # What was deleted of something is, even where not all of it could be.
            "changed": any(row["amounts"] and not row["put_back"] for row in cleared),
            "blockers": [item.blocker.row(name, self._region(name)) for name, item in found],
            "cleared": cleared,
            "gaps": [gap for state in states for gap in self._seen.gaps(state)],
            "diff": {"before": self._lines(found), "after": self._lines(left)},
        }

    def _clearings(self, agreed: Sequence[str], progress: Progress) -> StackClearings:
        inventory = Inventory(self._reader, self._states)
        return StackClearings(self._clients, self._reader, inventory, agreed, False, progress, time.monotonic, False)

    def _find(self) -> str:
        """The stacks that are there; what is wrong with one of them."""
        for name in self._params["stacks"]:
            view = self._lister.by_id(name)
            if view is None or view.status in (DELETE_COMPLETE, DELETE_IN_PROGRESS):
                continue
            if view.nested:
                return f"{view.name} is nested: name its root stack {view.root_id} instead."
            if self._agreed and view.status in MUST_END_FIRST:
                return f"{view.name} is in {view.status}, so that what it owns may still change: let that end first."
            self._states[view.name] = StackState(StackSpec(view.name), stack_id=view.stack_id, status=view.status)
        return ""

    def _clear(self) -> str:
        problems = {}
        until = time.monotonic() + self._params["wait_timeout"]
        waiting = dict(self._states)
        while waiting:
            over = time.monotonic() >= until
            for name, state in list(waiting.items()):
                try:
                    if over:
                        self._clears.let_go(state)
                    closed = self._clears.why_closed(state)
                except (Held, AwsCallError) as error:
                    reason = error.advice() if isinstance(error, AwsCallError) else str(error)
                    late = f"Its time of {self._params['wait_timeout']:g} s is over. " if over else ""
                    problems[name] = f"{late}{reason}"
                    closed = ""
                if not closed:
                    # Where all went, it counts as gone: nothing of that is put back.
                    state.outcome = FAILED if name in problems else GONE
                    del waiting[name]
            if waiting:
                time.sleep(self._params["poll_interval"])
        return " ".join(f"{name}: {reason}" for name, reason in problems.items())

    def _cleared(self, state: StackState) -> list[dict[str, Any]]:
        name = state.spec.name
        return [{"stack_name": name, **row} for row in self._clears.rows(state, self._check_mode)]

    def _region(self, name: str) -> str:
        return Place.of(self._states[name].stack_id).region

    def _lines(self, found: Sequence[tuple[str, Found]]) -> str:
        return "".join(f"{name}: {cleared_words(item.blocker.row(name, ''))}\n" for name, item in found)
