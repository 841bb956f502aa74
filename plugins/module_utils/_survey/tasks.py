# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Services and tasks of an ECS cluster."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.reading import Reading
from .._tasks.reader import SERVICES_PER_CALL
from .._tasks.reader import TaskReader
from .._tasks.types import ENDED
from .._tasks.types import TaskView


class Cluster:
    """``clients``: makes a boto3 client from the name of its service. ``name``: name or ARN of the cluster."""

    def __init__(self, clients: Callable, reading: Reading, name: str) -> None:
        self._clients = clients
        self._reading = reading
        self.name = name

    def services(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Those of these services that exist, in the order given. One that is INACTIVE has been deleted."""
        batches = [names[start : start + SERVICES_PER_CALL] for start in range(0, len(names), SERVICES_PER_CALL)]
        found: dict[str, dict[str, Any]] = {}
        for batch in batches:
            for service in self._reading.read(lambda batch=batch: self._services(batch), []):
                if service["status"] != "INACTIVE":
                    found[service["serviceName"]] = service
        return [_service_row(found[name]) for name in dict.fromkeys(names) if name in found]

    def tasks(self) -> list[TaskView]:
        """All tasks that have not ended, those that were told to stop included, sorted by group and ARN."""
        return self._reading.read(self._tasks, [])

    def reader(self) -> TaskReader:
        return TaskReader(self._clients("ecs"), self.name)

    def _services(self, names: Sequence[str]) -> list[dict[str, Any]]:
        with aws_call("ecs:DescribeServices"):
            return self._clients("ecs").describe_services(cluster=self.name, services=list(names))["services"]

    def _tasks(self) -> list[TaskView]:
        # ListTasks shows only tasks that are meant to run unless it is asked for the others as well:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        reader = self.reader()
        arns = dict.fromkeys([*reader.task_arns("RUNNING"), *reader.task_arns("STOPPED")])
        views, _missing = reader.tasks(list(arns))
        return sorted(
            (view for view in views if view.last_status not in ENDED), key=lambda view: (view.group, view.arn)
        )


class KnownTasks:
    """Stands in for a reader of tasks: asks only for those that are not known to run."""

    def __init__(self, reader: TaskReader, running: Sequence[TaskView]) -> None:
        self._reader = reader
        self._running = {view.arn.rsplit("/", 1)[-1]: view for view in running}
        self.cluster = reader.cluster

    def tasks(self, ids: Sequence[str]) -> tuple[list[TaskView], list[str]]:
        """Tasks by id, and those of the ids that ECS does not know (any more)."""
        known = [self._running[item] for item in ids if item in self._running]
        unknown = [item for item in ids if item not in self._running]
        if not unknown:
            return known, []
        views, missing = self._reader.tasks(unknown)
        return [*known, *views], missing


def task_row(view: TaskView) -> dict[str, str]:
    """A task as it is returned."""
    return {
        "task_arn": view.arn,
        "group": view.group,
        "last_status": view.last_status,
        "desired_status": view.desired_status,
    }


def _service_row(service: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": service["serviceName"],
        "status": service["status"],
        "desired_count": service.get("desiredCount", 0),
        "running_count": service.get("runningCount", 0),
        "pending_count": service.get("pendingCount", 0),
    }
