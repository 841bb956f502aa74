# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ECS cluster with Cloud Map, without AWS and without time, for properties: it keeps AWS's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import Instance
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import ServiceView, TaskView

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
WAY_OUT = ("DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")


@dataclass
class Task:
    """``lingers``: stays DEACTIVATING until StopTask is called then. ``orphans``: leaves its Cloud Map instance."""

    number: int
    group: str
    lingers: bool = False
    orphans: bool = False
    last: str = "RUNNING"
    desired: str = "RUNNING"
    freed: bool = False
    stops: int = 0

    @property
    def id(self) -> str:
        return f"{self.number:032x}"

    @property
    def arn(self) -> str:
        return f"arn:task/shop/{self.id}"


@dataclass
class Service:
    """``late``: looks at it until one more task of it shows up, which was being placed when it was scaled to 0."""

    name: str
    desired: int = 1
    status: str = "ACTIVE"
    late: int | None = None
    instances: set[str] = field(default_factory=set)


class Cluster:
    """Answers as TaskReader and CloudMap do. ``luck``: whether a call fails, for a moment."""

    cluster = "shop"
    cluster_arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop"

    def __init__(self, services: Iterable[Service], tasks: Iterable[Task], luck: Callable[[], bool]) -> None:
        self.all = {service.name: service for service in services}
        self.everything = list(tasks)
        self.stopped_by_us: list[Task] = []
        self.scaled: list[str] = []
        self._luck = luck
        for task in self.everything:
            self._register(task)

    # What time does

    def tick(self) -> None:
        for task in self.everything:
            if task.desired == "STOPPED" and task.last != "STOPPED":
                if task.last == "DEACTIVATING" and task.lingers and not task.freed:
                    continue
                task.last = WAY_OUT[WAY_OUT.index(task.last) + 1] if task.last in WAY_OUT else "DEACTIVATING"
                if task.last == "STOPPING" and not task.orphans:
                    self._instances(task).discard(task.id)
        for service in self.all.values():
            self._schedule(service)

    def _schedule(self, service: Service) -> None:
        """The scheduler replaces what was stopped, and stops what is too much."""
        wanted = [item for item in self.everything if item.group == f"service:{service.name}"]
        wanted = [item for item in wanted if item.desired == "RUNNING"]
        if service.desired > len(wanted) and service.status == "ACTIVE":
            self._start(service)
        for task in wanted[service.desired :]:
            task.desired = "STOPPED"
        if service.late is not None and service.desired == 0:
            service.late -= 1
            if service.late < 0:
                service.late = None
                self._start(service)

    def _start(self, service: Service) -> None:
        task = Task(1000 + len(self.everything), f"service:{service.name}")
        self.everything.append(task)
        self._register(task)

    def _register(self, task: Task) -> None:
        if task.last != "STOPPED":
            self._instances(task).add(task.id)

    def _instances(self, task: Task) -> set[str]:
        service = self.all.get(task.group.removeprefix("service:"))
        return service.instances if service else set()

    # What TaskReader offers

    def service_names(self) -> list[str]:
        self._call("ecs:ListServices")
        return sorted(name for name, service in self.all.items() if service.status == "ACTIVE")

    def services(self, names: Iterable[str]) -> list[ServiceView]:
        self._call("ecs:DescribeServices")
        found = [self.all[name] for name in names if name in self.all]
        return [ServiceView(item.name, item.status, item.desired, registries=(item.name,)) for item in found]

    def task_arns(self, desired: str) -> list[str]:
        self._call("ecs:ListTasks")
        return [task.arn for task in self.everything if task.desired == desired]

    def tasks(self, arns: Iterable[str]) -> tuple[list[TaskView], list[str]]:
        self._call("ecs:DescribeTasks")
        known = {key: task for task in self.everything for key in (task.arn, task.id)}
        asked = list(arns)
        views = [known[arn] for arn in asked if arn in known]
        return [TaskView(task.arn, task.group, task.last, task.desired) for task in views], [
            f"arn:task/shop/{arn.rsplit('/', 1)[-1]}" for arn in asked if arn not in known
        ]

    def ended(self, ids: Iterable[str]) -> set[str]:
        views, missing = self.tasks(ids)
        ended = [view.arn for view in views if view.last_status == "STOPPED"]
        return {arn.rsplit("/", 1)[-1] for arn in [*ended, *missing]}

    def scale_to_zero(self, name: str) -> None:
        self._call("ecs:UpdateService")
        if self.all[name].status != "ACTIVE":
            raise errors.AwsCallError(errors.MISSING, "ServiceNotActiveException", "not active", "ecs:UpdateService")
        self.scaled.append(name)
        self.all[name].desired = 0

    def stop(self, arn: str) -> None:
        self._call("ecs:StopTask")
        task = next(task for task in self.everything if task.arn == arn)
        self.stopped_by_us.append(task)
        task.desired = "STOPPED"
        # StopTask frees a task that lingers, but only once it is DEACTIVATING.
        task.freed = task.freed or task.last == "DEACTIVATING"

    # What CloudMap offers

    def instances(self, service_id: str) -> list[Instance]:
        self._call("servicediscovery:ListInstances")
        return [Instance(item, "shop", "eu-central-1") for item in sorted(self.all[service_id].instances)]

    def deregister(self, service_id: str, instance_id: str) -> str:
        self._call("servicediscovery:DeregisterInstance")
        self.all[service_id].instances.discard(instance_id)
        return "operation"

    def operation(self, operation_id: str) -> None:
        return None

    def _call(self, action: str) -> None:
        if self._luck():
            raise errors.AwsCallError(errors.TRANSIENT, "ThrottlingException", "Rate exceeded", action)
