# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of cloudformation_stacks, from options to result."""

from __future__ import annotations

import time
import uuid
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence
from typing import TypeVar

from . import types as t
from .._aws.account import account_problem
from .._aws.errors import AwsCallError
from .._aws.errors import TRANSIENT
from .._aws.looks import Looks
from .._aws.rate import Rate
from .._clearing.agreed import GO_ON
from .._clearing.agreed import agreed_to
from .._clearing.agreed import clearable
from .._clearing.words import cleared_words
from .._resources.custom import CUSTOM
from .._resources.lookup import Lookups
from .._resources.resource import Resource
from .._tasks.driver import TaskDriver
from .._tasks.results import predicted
from .._tasks.results import rows
from .._tasks.results import would_change
from .._tasks.words import tasks_message
from .._watch.ending import told_to_end
from .._watch.loop import Watch
from .._watch.loop import between_tries
from .._watch.progress import Progress
from .._watch.times import ago_to_iso
from .awaited import Awaited
from .clearings import StackClearings
from .driver import StackDriver
from .driver import Stopped
from .gates import Gates
from .inventory import Inventory
from .listing import StackLister
from .machine import StackMachine
from .pace import grace
from .pace import retry_pause
from .reader import StackReader
from .state import StackState
from .tasks import StackTasks
from .temporary_role import TemporaryRole
from .words import stacks_message
from .words import tell_stack

Result = TypeVar("Result")

FIRST_LOOKS = 5  # tries to see anything at all
ASK_ROUNDS = 5  # without wait, rounds of asking while AWS is out of order

LOOKS_WITHIN = 0.6  # poll intervals for so many calls of DescribeStacks: 1.2 s with the default of 2 s


class StackRun:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(
        self, params: Mapping[str, Any], clients: Callable[[str], Any], specs: Sequence[t.StackSpec], check_mode: bool
    ) -> None:
        self._params = params
        self._clients = clients
        self._check_mode = check_mode
        self._wait = params["wait"]
        self._interval = params["poll_interval"]
        self._progress = Progress(None if check_mode else params["progress_file"])
        lister = StackLister(clients("cloudformation"), Rate(window=LOOKS_WITHIN * self._interval).wait)
        reader = StackReader(clients("cloudformation"), params["express"])
        machine = self._machine(specs)
        inventory = Inventory(reader, machine.states)
        self._tasks = StackTasks(
            clients, inventory, params["stop_tasks"], self._tasks_of, self._tried, self._progress
        )
        self._clearings = StackClearings(
            clients,
            reader,
            inventory,
            agreed_to(params["clear"]),
            params["uncleared"] == GO_ON,
            self._progress,
            time.monotonic,
        )
        self._role = TemporaryRole(clients, params["temporary_role"], self._progress, time.monotonic)
        self._gates = Gates(reader, inventory, self._tasks, clients, self._clearings)
        awaited = Awaited(reader, self._progress, time.monotonic, machine.time_of, machine.leaves_unanswered)
        self._driver = StackDriver(machine, lister, reader, self._gates, self._there, awaited)
        self._task_rows: dict[str, Any] | None = None

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        try:
            problem = account_problem(self._clients, self._params["account_id"])
            if problem:
                return problem
            self._tried(self._driver.begin)
        except AwsCallError as error:
            return f"Nothing was asked for: {error.advice()}"
        problem, kept = "", ""
        try:
            with told_to_end():
                problem = self._have_role() or self._from_here_on()
        finally:
            try:
                self._clearings.end(self._driver.machine.states.values())
            finally:
                kept = self._role.end(self._driver.machine.states.values())
        return " ".join(filter(None, [problem, kept]))

    def _have_role(self) -> str:
        """Make the role that some stacks need. Why there is none."""
        machine = self._driver.machine
        try:
            return self._role.begin(machine.states.values(), machine.role_given, self._check_mode)
        except AwsCallError as error:
            return f"Nothing was asked for: {error.advice()}"

    def _from_here_on(self) -> str:
        """What follows the first look."""
        try:
            self._tasks.begin(self._driver.machine.states.values())
            if self._check_mode:
                self._predict()
                return ""
            if self._wait:
                return self._work()
            return self._ask()
        except (AwsCallError, Stopped) as error:
            return self._stopped(error.error if isinstance(error, Stopped) else error)

    def warnings(self) -> list[str]:
        problems = [self._progress.problem, *self._tasks.problems, *self._gates.problems, *self._clearings.problems]
        problems += self._role.problems
        for driver in self._tasks.drivers:
            problems.append(driver.problem.advice() if driver.problem else "")
            problems.extend(driver.machine.problems())
            problems.extend(driver.registrations.problems.values())
        return [problem for problem in problems if problem]

    def result(self) -> dict[str, Any]:
        states = list(self._driver.machine.states.values())
        seen = [state for state in states if state.outcome]
        result: dict[str, Any] = {
            "changed": self._changed(),
            "diff": {
                "before": "".join(f"{item.spec.name}: {item.status_before or t.ABSENT}\n" for item in seen)
                + "".join(line for item in seen for line in self._cleared_lines(item)),
                "after": "".join(f"{item.spec.name}: {_status_after(item)}\n" for item in seen),
            },
            "stacks": [{**state.as_result(), "cleared": self._cleared(state), **_times(state)} for state in seen],
            "temporary_role": self._role.row(),
            "survived_errors": self._driver.survived + sum(driver.survived for driver in self._tasks.drivers),
        }
        if self._tasks.drivers:
            result.update(rows(self._tasks.drivers) if self._task_rows is None else self._task_rows)
            result["foreign"] = self._tasks.foreign()
        return result

    def _cleared(self, state: StackState) -> list[dict[str, Any]]:
        """What was cleared of a stack, or would be."""
        return self._clearings.rows(state, self._check_mode)

    def _cleared_lines(self, state: StackState) -> list[str]:
        """What a comparison shows as there before."""
        return [f"{state.spec.name}: {cleared_words(row)}\n" for row in self._cleared(state) if not row["reason"]]

    def _machine(self, specs: Sequence[t.StackSpec]) -> StackMachine:
        options = t.Options(
            retain_on_failure=tuple(self._params["retain_on_failure"]),
            disable_termination_protection=self._params["disable_termination_protection"],
            role_arn=self._params["role_arn"],
            force=self._params["deletion_mode"] == "FORCE_DELETE_STACK",
            grace=grace(self._interval),
            pause=retry_pause(self._interval),
            timeout=self._params["wait_timeout"],
            clear=tuple(name for name in agreed_to(self._params["clear"]) if name != CUSTOM),
            clearable=clearable(),
            unanswered=CUSTOM in agreed_to(self._params["clear"]),
        )
        return StackMachine(
            specs,
            options,
            clock=time.monotonic,
            new_token=lambda: f"workshop-lifecycle-{uuid.uuid4()}",
            told=lambda state, what: tell_stack(self._progress, state, what),
        )

    def _there(self, resources: list[Resource]) -> dict[Resource, bool | None]:
        with Looks(self._clients) as looks:
            return Lookups(looks).there(resources)

    def _tasks_of(self, cluster: str, services: Sequence[str], whole: bool, strays: bool) -> TaskDriver:
        return TaskDriver.of(self._clients, cluster, services, self._interval, self._progress, whole, strays)

    def _tried(self, look: Callable[[], Result]) -> Result:
        """A first look. An endpoint that cannot be reached is told at once; throttling gets a few more tries."""
        for attempt in range(1, FIRST_LOOKS):
            try:
                return look()
            except AwsCallError as error:
                if error.kind != TRANSIENT:
                    raise
                self._driver.survived += 1
                time.sleep(between_tries(self._interval) * attempt)
        return look()

    def _predict(self) -> None:
        going = [state for state in self._driver.machine.pending() if state.status != t.DELETE_IN_PROGRESS]
        self._clearings.predict(going)
        self._driver.machine.predict(self._wait)
        for driver in self._tasks.drivers:
            driver.look()
        self._task_rows = predicted(self._tasks.drivers)

    def _work(self) -> str:
        watch = Watch(
            [self._tasks, *self._tasks.drivers],
            self._interval,
            self._params["wait_timeout"],
            time.monotonic,
            time.sleep,
            self._progress.waiting,
            timed=self._driver,
        )
        watch.run()
        self._driver.look_for_new_ones()
        return self._problem(t.WENT)

    def _ask(self) -> str:
        for driver in self._tasks.drivers:
            driver.tick()
        for attempt in range(ASK_ROUNDS):
            survived = self._driver.survived
            self._driver.serve()
            if self._driver.survived == survived:
                break
            time.sleep(between_tries(self._interval))
        # What is cleared is this module's own work, which ends with it.
        until = time.monotonic() + self._params["wait_timeout"]
        while self._clearings.busy() and time.monotonic() < until:
            time.sleep(self._interval)
            self._driver.serve()
        if self._params["clear"]:
            self._driver.serve()
        refused = [state for state in self._driver.machine.pending() if not state.begun_at and state.token]
        self._driver.machine.leave()
        for state in refused:
            state.outcome = t.FAILED
        return self._problem(t.WENT | {t.IN_PROGRESS, t.PENDING})

    def _problem(self, fine: frozenset[str] | set[str]) -> str:
        states = list(self._driver.machine.states.values())
        lost = [state for state in states if state.outcome not in fine]
        parts = [stacks_message(states, lost)] if lost else []
        running = [task for driver in self._tasks.drivers for task in driver.machine.alive()]
        if self._wait and running and not all(driver.finished() for driver in self._tasks.drivers):
            parts.append(tasks_message(running, self._params["wait_timeout"]))
        if parts:
            parts.extend(self.warnings())
        return " ".join(parts)

    def _stopped(self, error: AwsCallError) -> str:
        machine = self._driver.machine
        asked = [state.spec.name for state in machine.states.values() if state.begun_at is not None]
        machine.leave(error.advice())
        what = f"Asked for until then: {', '.join(asked)}" if asked else "No stack was asked for until then"
        return f"The work had to stop: {error.advice()} {what}. Run this again to go on."

    def _changed(self) -> bool:
        states = self._driver.machine.states.values()
        if self._check_mode:
            begun = [
                item for item in states if item.outcome == t.IN_PROGRESS and item.status_before != t.DELETE_IN_PROGRESS
            ]
            tasks = self._task_rows is not None and would_change(self._task_rows)
        else:
            begun = []
            tasks = any(driver.changed for driver in self._tasks.drivers)
        gone = any(item.outcome in (t.GONE, t.RECREATED) for item in states)
        lost = any(row["amounts"] and not row["put_back"] for item in states for row in self._cleared(item))
        own = self._driver.changed or self._role.changed
        return bool(begun) or tasks or gone or own or (lost and not self._check_mode)


def _times(state: StackState) -> dict[str, str | None]:
    """When the deletion was asked for, and when the stack was seen gone."""
    now, gone = time.monotonic(), state.finished_at if state.outcome == t.GONE else None
    return {
        "began_at": None if state.begun_at is None else ago_to_iso(now - state.begun_at),
        "ended_at": None if gone is None else ago_to_iso(now - gone),
    }


def _status_after(state: StackState) -> str:
    if state.outcome in t.WENT:
        return t.ABSENT
    return t.DELETE_IN_PROGRESS if state.outcome == t.IN_PROGRESS else state.status
