# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Runs the task machine against ECS and Cloud Map: scale, list, stop, follow, sweep."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import CREDENTIALS
from .._aws.errors import DENIED
from .._aws.errors import MISSING
from .._aws.errors import OTHER
from .._aws.errors import survivable
from .._resources.cloudmap import CloudMap
from .._watch.loop import STEADY
from .._watch.progress import Progress
from .machine import TaskMachine
from .reader import TaskReader
from .registrations import Registrations
from .types import ServiceView
from .types import UNKNOWN_TO_ECS
from .words import tell_task

LIST_EVERY = 3  # looks at tasks that end: each of them also looks for new ones

# In poll intervals: 10 s, 6 s and 60 s with the default of 2 s.
PATIENCE = 5.0
FOLLOW = 3.0
REST = 30.0
UNLUCKY = 3  # calls that met a passing error in one look, before the others of their kind wait for the next


class TaskDriver:
    """A participant of the watch loop.

    ``follow``: seconds between looks at tasks that were all told to stop. ``rest``: between looks once nothing runs any
    more (the loop may go on for others). An AWS error that does not pass ends this participant with a ``problem``;
    ended credentials come through to the caller.
    """

    def __init__(
        self,
        machine: TaskMachine,
        reader: TaskReader,
        registrations: Registrations,
        clock: Callable[[], float],
        follow: float,
        rest: float,
    ) -> None:
        self.machine = machine
        self.reader = reader
        self.registrations = registrations
        self._clock = clock
        self._follow = follow
        self._rest = rest
        self._next_look = 0.0
        self._first = True
        self._looks = 0
        self.changed = False
        self.survived = 0
        self.problem: AwsCallError | None = None
        self._unlucky: set[str] = set()

    @property
    def cluster(self) -> str:
        return self.reader.cluster

    @classmethod
    def of(
        cls,
        clients: Callable[[str], Any],
        cluster: str,
        services: Sequence[str] | None,
        interval: float,
        progress: Progress,
        whole: bool = False,
        strays: bool = False,
    ) -> TaskDriver:
        """``clients``: makes a boto3 client from the name of its service. ``services``: exact names, None for
        everything in the cluster. ``interval``: seconds between two looks. ``whole``, ``strays``: of
        :class:`TaskMachine`."""
        patience = PATIENCE * interval
        reader = TaskReader(clients("ecs"), cluster)
        registry = CloudMap(clients("servicediscovery"))
        return cls(
            TaskMachine(
                services, time.monotonic, patience, lambda task, what: tell_task(progress, task, what), whole, strays
            ),
            reader,
            Registrations(registry, reader, time.monotonic, patience),
            time.monotonic,
            FOLLOW * interval,
            REST * interval,
        )

    def tick(self) -> None:
        over = self.finished() and (self.problem is not None or self.machine.cluster_missing)
        if over or self._clock() < self._next_look:
            return
        try:
            asked = self._step()
        except AwsCallError as error:
            if error.kind == CREDENTIALS:
                raise
            if survivable(error):
                self.survived += 1
            else:
                self.problem = error
            return
        if not asked:
            calm = self.finished() and not self.machine.watched() and not self.machine.foreign()
            self._next_look = self._clock() + (self._rest if calm else self._follow)

    def calm(self) -> tuple[float, float]:
        asked = [task.asked_at for task in self.machine.alive() if task.asked_at is not None]
        return self._clock() - max(asked, default=self._clock()), STEADY

    def finished(self) -> bool:
        if self.problem is not None:
            return True
        clean = not self.registrations.to_sweep(self.machine.registries(idle=True))
        return self.machine.complete and not self.machine.pending() and clean

    def waiting_for(self) -> list[str]:
        counts: dict[tuple[str, str], list[float]] = {}
        for task in self.machine.alive():
            label = task.service or task.group or task.id
            counts.setdefault((label, task.last_status), []).append(self._clock() - task.status_since)
        return [
            f"{label}: {len(ages)} {'task' if len(ages) == 1 else 'tasks'} {status} for {max(ages):.0f} s"
            for (label, status), ages in sorted(counts.items())
        ]

    def look(self) -> None:
        """Read everything, change nothing."""
        try:
            self._look_at_services()
            self._look_at_everything()
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            self.machine.observe_no_cluster()

    def _step(self) -> bool:
        """One round of everything that is due. True when something was asked for."""
        asked = False
        if not self.machine.cluster_missing:
            try:
                asked = self._end_tasks()
            except AwsCallError as error:
                if error.kind != MISSING:
                    raise
                self.machine.observe_no_cluster()
        return self._sweep() or asked

    def _end_tasks(self) -> bool:
        if self.machine.look_at_services:
            self._look_at_services()
        if self._first:
            self._look_at_everything()  # before anything is changed: how the tasks were found is part of the result
            self._first = False
            if self.machine.unlisted():
                self._look_at_services()
        elif self.machine.unlisted() or self.machine.foreign():
            self._look_at_services()
        scaled = self._scale()
        self._look_at_running()
        if not self.machine.pending():
            self._look_at_everything()
        return self._stop() or scaled

    def _sweep(self) -> bool:
        self.registrations.forget(self.machine.registries(idle=False))
        due = self.registrations.to_sweep(self.machine.registries(idle=True))
        asked: list[bool] = []
        for service_id in due:
            try:
                asked.append(self.registrations.sweep(service_id))
            except AwsCallError as error:
                # Whatever it is, it ends no task stopping. Credentials that have ended the next look at tasks tells.
                self.survived += survivable(error)
                self.registrations.not_swept(service_id, error)
        self.changed = self.changed or any(asked)
        return any(asked)

    def _look_at_services(self) -> None:
        listed = self.reader.service_names() if self.machine.whole else []
        known = [*(self.machine.wanted or ()), *self.machine.services, *(view.name for view in self.machine.foreign())]
        wanted = list(dict.fromkeys([*listed, *known, *self.machine.unlisted()]))
        found: list[ServiceView] = self.reader.services(wanted)
        self.machine.observe_services(found)

    def _scale(self) -> bool:
        return self._ask_each(self.machine.to_scale(), self._scale_one)

    def _scale_one(self, name: str) -> None:
        try:
            self.reader.scale_to_zero(name)
        except AwsCallError as error:
            # Deleted since it was looked at; DRAINING services cannot be updated.
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
            if error.code in ("ServiceNotActiveException", "ServiceNotFoundException"):
                went = "DRAINING" if error.code == "ServiceNotActiveException" else UNKNOWN_TO_ECS
                self.machine.service_went(name, went)
            elif _is_of_one(error):
                self.machine.not_scaled(name, error.advice(), error.kind == DENIED)
            else:
                raise
        else:
            self.changed = True
            self.machine.scaled(name)

    def _ask_each(self, items: Sequence[str], ask: Callable[[str], None]) -> bool:
        """Whether there is one. A passing error of one is met by that one alone, which comes last in the next look.
        While AWS is out of order, every call takes the time of several tries: after a few the rest waits as well."""
        met = 0
        for item in sorted(items, key=self._unlucky.__contains__):
            try:
                ask(item)
            except AwsCallError as error:
                if not survivable(error):
                    raise
                self.survived += 1
                self._unlucky.add(item)
                met += 1
                if met >= UNLUCKY:
                    break
            else:
                self._unlucky.discard(item)
        return bool(items)

    def _look_at_everything(self) -> None:
        """RUNNING and STOPPED: a task told to stop is listed as STOPPED while it still runs."""
        arns = [*self.reader.task_arns("RUNNING"), *self.reader.task_arns("STOPPED")]
        self._describe([*self.machine.watched(), *self.machine.unknown(arns)])
        self.machine.observe_complete()

    def _look_at_running(self) -> None:
        if not self.machine.pending():
            return
        arns = [] if self._looks % LIST_EVERY else self.reader.task_arns("RUNNING")
        self._looks += 1
        self._describe([*self.machine.watched(), *self.machine.unknown(arns)])

    def _describe(self, arns: list[str]) -> None:
        views, missing = self.reader.tasks(list(dict.fromkeys(arns)))
        self.machine.observe_tasks(views)
        self.machine.observe_missing(missing)

    def _stop(self) -> bool:
        return self._ask_each(self.machine.to_stop(), self._stop_one)

    def _stop_one(self, arn: str) -> None:
        try:
            self.reader.stop(arn)
        except AwsCallError as error:
            # InvalidParameterException "The referenced task was not found": it ended and was forgotten.
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
            if error.kind == OTHER and "not found" in error.message.lower():
                self.machine.observe_missing([arn])
            elif _is_of_one(error):
                self.machine.not_stopped(arn, error.advice(), error.kind == DENIED)
            else:
                raise
        else:
            self.changed = True
            self.machine.stop_asked(arn)


def _is_of_one(error: AwsCallError) -> bool:
    """Whether it says something about one service or task, so that the others go on."""
    return error.kind not in (CREDENTIALS, MISSING) and not survivable(error)
