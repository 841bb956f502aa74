# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Services and tasks of an ECS cluster."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._resources.ecs import ENDED
from .._tasks.reader import SERVICES_PER_CALL
from .._tasks.reader import TaskReader
from .._tasks.types import TaskView


class Cluster:
    """``name``: name or ARN of the cluster."""

    def __init__(self, looks: Looks, name: str) -> None:
        self._looks = looks
        self._name = name

    def services(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Those of these services that exist, in the order given. One that is INACTIVE has been deleted."""
        batches = [names[start : start + SERVICES_PER_CALL] for start in range(0, len(names), SERVICES_PER_CALL)]
        found: dict[str, dict[str, Any]] = {}
        for batch in batches:
            for service in self._looks.at(self._name, lambda batch=batch: self._services(batch)) or ():
                if service["status"] != "INACTIVE":
                    found[service["serviceName"]] = service
        return [_service_row(found[name]) for name in dict.fromkeys(names) if name in found]

    def tasks(self) -> list[TaskView]:
        """All tasks that have not ended, those that were told to stop included, sorted by group and ARN."""
        return self._looks.at(self._name, self._tasks) or []

    def _services(self, names: Sequence[str]) -> list[dict[str, Any]]:
        with aws_call("ecs:DescribeServices"):
            return self._looks.clients("ecs").describe_services(cluster=self._name, services=list(names))["services"]

    def _tasks(self) -> list[TaskView]:
        # ListTasks shows only tasks that are meant to run unless it is asked for the others as well:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        reader = TaskReader(self._looks.clients("ecs"), self._name)
        arns = dict.fromkeys([*reader.task_arns("RUNNING"), *reader.task_arns("STOPPED")])
        views, _missing = reader.tasks(list(arns))
        return sorted(
            (view for view in views if view.last_status not in ENDED), key=lambda view: (view.group, view.arn)
        )


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
