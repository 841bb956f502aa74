# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Bringing the tasks of a cluster to STOPPED, as a state machine: observations go in, requests come out. No AWS, no
waiting.

A task is judged by its last status alone: once it is told to stop, its desired status says STOPPED while it still runs
and holds
its network interface (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html).
"""

from __future__ import annotations

from typing import Callable
from typing import Iterable
from typing import Sequence

from .._resources.ecs import ENDED
from .types import STOPPED
from .types import ServiceState
from .types import ServiceView
from .types import TaskState
from .types import TaskView
from .types import UNKNOWN_TO_ECS

# StopTask calls per tick: its burst limit.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
MAX_STOPS = 100
REFUSALS = 2  # for a reason that is not known to be final, until it is taken for final


class TaskMachine:
    """The services and tasks of one cluster. ``services``: exact names, or None for everything in the cluster.

    ``patience``: seconds in DEACTIVATING after which StopTask is sent once more. ``whole``: whether what else runs in
    the cluster is looked at, too. ``strays``: whether tasks that no live service runs are then stopped.
    """

    def __init__(
        self,
        services: Sequence[str] | None,
        clock: Callable[[], float],
        patience: float,
        told: Callable[[TaskState, str], None] = lambda task, what: None,
        whole: bool = False,
        strays: bool = False,
    ) -> None:
        self.whole = whole or services is None
        self._strays = strays
        self._released: set[str] = set()
        self._foreign: dict[str, ServiceView] = {}
        self._others: dict[str, TaskView] = {}
        self.wanted = None if services is None else list(dict.fromkeys(services))
        self._clock = clock
        self._patience = patience
        self._told = told
        self._ended: set[str] = set()
        self.services: dict[str, ServiceState] = {}
        self.tasks: dict[str, TaskState] = {}
        self.cluster_missing = False
        self.look_at_services = True
        self.complete = False
        self.looked = False

    # Observations

    def observe_services(self, views: Iterable[ServiceView]) -> None:
        """All services that matter, as they are now. Names that were asked for and are not among them do not exist."""
        self.look_at_services = False
        found = {view.name: view for view in views}
        if self.wanted is not None and self.whole:
            strangers = (found.keys() | self._foreign.keys()) - (set(self.wanted) - self._released)
            self._foreign = {name: found.get(name, ServiceView(name, UNKNOWN_TO_ECS)) for name in sorted(strangers)}
            self.observe_tasks(list(self._others.values()))  # one whose service is gone may be ours now
        for name in found if self.wanted is None else self.wanted:
            view = found.get(name, ServiceView(name, UNKNOWN_TO_ECS))
            state = self.services.get(name)
            if state is None:
                state = self.services[name] = ServiceState(name, desired_count_before=view.desired_count)
            state.status = view.status
            state.desired_count = view.desired_count
            state.registries = view.registries or state.registries
            # A DAEMON service has no desired count to set; it ends with its deletion.
            scales = view.status == "ACTIVE" and view.desired_count > 0 and view.scheduling != "DAEMON"
            state.to_scale = scales and not state.problem and name not in self._released

    def observe_tasks(self, views: Iterable[TaskView]) -> None:
        """Tasks as they are now. Those that are not ours are at most counted."""
        now = self._clock()
        for view in views:
            self._others.pop(view.arn, None)
            if not self.ours(view):
                if self.whole and view.last_status not in ENDED:
                    self._others[view.arn] = view
                continue
            task = self.tasks.get(view.arn)
            if view.last_status in ENDED:
                if task is None:
                    self._ended.add(view.arn)
                else:
                    self._end(task, STOPPED, now)
            elif task is None:
                self._meet(view, now)
            else:
                if view.last_status != task.last_status:
                    task.status_since = now
                task.last_status = view.last_status
                task.told_to_stop = task.told_to_stop or view.desired_status == STOPPED

    def observe_missing(self, arns: Iterable[str]) -> None:
        """Tasks that ECS does not know any more: they ended, and long enough ago to be forgotten."""
        for arn in arns:
            self._others.pop(arn, None)
            if arn in self.tasks:
                self._end(self.tasks[arn], UNKNOWN_TO_ECS, self._clock())

    def observe_complete(self) -> None:
        """Everything listed, RUNNING and STOPPED, has been looked at."""
        self.looked = True
        self.complete = not self.pending() and not any(state.to_scale for state in self.services.values())

    def observe_no_cluster(self) -> None:
        """The cluster does not exist: whatever ran there does not run any more."""
        self.cluster_missing = True
        self.looked = True
        self._foreign.clear()
        self._others.clear()
        self.look_at_services = False
        self.complete = True
        for name in self.wanted or ():
            self.services.setdefault(name, ServiceState(name, status=UNKNOWN_TO_ECS))
        for state in self.services.values():
            state.status = UNKNOWN_TO_ECS
            state.desired_count = 0
            state.to_scale = False
        self.observe_missing(list(self.tasks))

    # Requests

    def to_scale(self) -> list[str]:
        """Names of services to set to 0. First of all: the scheduler replaces the tasks of a service that wants
        some."""
        now = self._clock()
        return [state.name for state in self.services.values() if state.to_scale and not self._refused(state, now)]

    def to_stop(self) -> list[str]:
        """ARNs of tasks to call StopTask for."""
        now = self._clock()
        due = [task.arn for task in self.alive() if self._stop_is_due(task, now)]
        return due[:MAX_STOPS]

    def unknown(self, arns: Iterable[str]) -> list[str]:
        """Those of a listing that have to be looked at for the first time."""
        return [arn for arn in arns if arn not in self.tasks and arn not in self._ended]

    def unlisted(self) -> list[str]:
        """Of the whole cluster: services with tasks that nobody listed. ListServices does not show DRAINING ones."""
        if not self.whole:
            return []
        tasks: list[TaskState | TaskView] = [*self.alive(), *self._others.values()]
        return sorted({task.service for task in tasks} - self.services.keys() - self._foreign.keys() - {""})

    def alive(self) -> list[TaskState]:
        """Tasks that were seen and did not end."""
        return [task for task in self.tasks.values() if task.ended_at is None]

    def pending(self) -> list[TaskState]:
        """Those of them that nothing keeps from being stopped."""
        return [task for task in self.alive() if not self._problem(task)]

    def stuck(self) -> list[str]:
        """Why tasks still run, if none of them will end."""
        ending = self.pending() or any(task.told_to_stop for task in self.alive())
        return [] if ending else sorted({self._problem(task) for task in self.alive()})

    def problems(self) -> list[str]:
        """What was refused, each once."""
        states: list[ServiceState | TaskState] = [*self.services.values(), *self.tasks.values()]
        return list(dict.fromkeys(state.problem for state in states if state.problem))

    # What else is in the cluster

    def watched(self) -> list[str]:
        """ARNs of the tasks to look at again."""
        return [*(task.arn for task in self.alive()), *self._others]

    def foreign(self) -> list[ServiceView]:
        """The live services that are not to be stopped."""
        return [view for view in self._foreign.values() if view.live]

    def tasks_of(self, service: str) -> int:
        """How many tasks one of them runs."""
        return sum(1 for view in self._others.values() if view.service == service)

    def strays(self) -> list[str]:
        """ARNs of tasks that no live service runs, and that are not to be stopped."""
        live = {view.name for view in self.foreign()}
        return [view.arn for view in self._others.values() if view.service not in live]

    def age(self, task: TaskState) -> float:
        """Seconds since the first look at it."""
        return self._clock() - task.seen_at

    def registries(self, idle: bool) -> list[str]:
        """Cloud Map services of those ECS services that have no task left, or of those that have."""
        busy = {task.service for task in self.alive()}
        return sorted(
            {item for state in self.services.values() if (state.name not in busy) == idle for item in state.registries}
        )

    # Answers

    def scaled(self, name: str) -> None:
        state = self.services[name]
        state.to_scale = False
        state.desired_count = 0

    def release(self, service: str) -> None:
        """The owner of a service is gone, or, for an empty name, that of the cluster: what is there under the name from
        now on is somebody else's. Tasks that are known already are followed to their end."""
        if not service:
            self._strays = False
            return
        self._released.add(service)
        if service in self.services:
            self.services[service].to_scale = False

    def service_went(self, name: str, status: str) -> None:
        """UpdateService found it being deleted, or deleted."""
        self.services[name].to_scale = False
        self.services[name].status = status

    def not_scaled(self, name: str, problem: str, final: bool = True) -> None:
        """UpdateService was refused. ``final``: whether it would be again."""
        state = self.services[name]
        self._note(state, problem, final)
        state.to_scale = not state.problem

    def not_stopped(self, arn: str, problem: str, final: bool = True) -> None:
        """StopTask was refused. ``final``: whether it would be again."""
        self._note(self.tasks[arn], problem, final)

    def stop_asked(self, arn: str) -> None:
        task = self.tasks[arn]
        if task.asked_at is None:
            self._told(task, "asked")
        elif task.last_status == "DEACTIVATING":
            task.lingered = True
            self._told(task, "lingers")
        task.asked_at = self._clock()
        task.told_to_stop = True

    # Inside

    def ours(self, view: TaskView) -> bool:
        """Exactly by name: ``group`` of a service's task is ``service:<name>``."""
        if self.wanted is None or view.arn in self.tasks:
            return True
        if view.service in self.wanted and view.service not in self._released:
            return True
        service = self._foreign.get(view.service)
        return self._strays and (not view.service or (service is not None and not service.live))

    def _note(self, state: ServiceState | TaskState, problem: str, final: bool) -> None:
        state.refusals += 1
        state.refused_at = self._clock()
        if final or state.refusals >= REFUSALS:
            state.problem = problem

    def _refused(self, state: ServiceState | TaskState, now: float) -> bool:
        """Whether that was just now."""
        return state.refused_at is not None and now - state.refused_at < self._patience

    def problem_of(self, task: TaskState) -> str:
        """Why a task that has not ended was not told to stop; empty if it was, or nothing keeps it from being told."""
        return self._problem(task) if task.ended_at is None else ""

    def _problem(self, task: TaskState) -> str:
        if task.told_to_stop and task.last_status != "DEACTIVATING":
            return ""  # it ends by itself
        service = self.services.get(task.service)
        refused = service.problem if service is not None and not task.told_to_stop else ""  # it would be replaced
        return task.problem or refused

    def _stop_is_due(self, task: TaskState, now: float) -> bool:
        service = self.services.get(task.service)
        if self._problem(task) or self._refused(task, now) or (service is not None and service.to_scale):
            return False
        if task.asked_at is None:
            return not task.told_to_stop or task.last_status == "DEACTIVATING"
        return task.last_status == "DEACTIVATING" and now - max(task.asked_at, task.status_since) >= self._patience

    def _meet(self, view: TaskView, now: float) -> None:
        told = view.desired_status == STOPPED
        self.tasks[view.arn] = TaskState(
            arn=view.arn,
            group=view.group,
            service=view.service,
            last_status_before=view.last_status,
            last_status=view.last_status,
            action="already_stopping" if told else "stopped",
            told_to_stop=told,
            seen_at=now,
            status_since=now,
        )
        self.complete = False
        # Somebody may have scaled the service up again, or it is being deleted and in no list.
        if view.service and (self.looked or view.service not in self.services):
            self.look_at_services = True

    def _end(self, task: TaskState, status: str, now: float) -> None:
        if task.ended_at is None:
            task.last_status = status
            task.ended_at = now
            self._told(task, "ended")
