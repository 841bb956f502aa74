# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Services and tasks of ECS clusters, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterable
from typing import Mapping

from .._aws.batches import batches
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._resources.ecs import CLUSTER
from .._resources.ecs import ENDED
from .._resources.ecs import SERVICE
from .._resources.ecs import cluster_of
from .._resources.ours import Ours
from .._resources.resource import last_part
from .._tasks.reader import SERVICES_PER_CALL
from .._tasks.reader import TaskReader
from .._tasks.types import TaskView

SERVICES_PER_PAGE = 100  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html


@dataclass(frozen=True)
class Cluster:
    """``stack_name``: the stack of ours that owns it, empty if none does. ``services``: what stacks of ours own in it:
    names of stacks by ARN."""

    name: str
    stack_name: str
    services: Mapping[str, str]


def clusters(ours: Ours) -> list[Cluster]:
    """Clusters that stacks of ours own, and those in which they own services, sorted by name."""
    owned = {last_part(name): stack for name, stack in ours.owned_ids(CLUSTER).items()}
    inside: dict[str, dict[str, str]] = {name: {} for name in owned}
    for arn, stack in ours.owned_ids(SERVICE).items():
        # The short ARN of an old service does not name its cluster. It is found in one of ours, or not at all.
        names = [cluster_of(arn)] if arn.count("/") > 1 else [*owned, cluster_of(arn)]
        for name in names:
            inside.setdefault(name, {})[arn] = stack
    return [Cluster(name, owned.get(name, ""), inside[name]) for name in sorted(inside)]


def _deployment(service: Mapping[str, Any]) -> dict[str, Any] | None:
    """How ECS brings new versions to a service; None where something else does, or where a task runs on each instance.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    replica = service.get("schedulingStrategy", "REPLICA") == "REPLICA"
    if not replica or service.get("deploymentController", {}).get("type", "ECS") != "ECS":
        return None
    configuration = service.get("deploymentConfiguration", {})
    breaker = configuration.get("deploymentCircuitBreaker", {})
    return {
        "rolling": configuration.get("strategy", "ROLLING") == "ROLLING",
        "minimum_healthy_percent": configuration.get("minimumHealthyPercent", 100),
        "maximum_percent": configuration.get("maximumPercent", 200),
        "circuit_breaker": bool(breaker.get("enable")),
        "rollback": bool(breaker.get("rollback")),
    }


class ClusterLook:
    """What is in one cluster. Of a cluster that is not ours only what our stacks own."""

    def __init__(self, looks: Looks, cluster: Cluster) -> None:
        self._looks = looks
        self._cluster = cluster

    def take(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Services and tasks, as they are returned; services without ``owner``."""
        found = self._looks.together({"services": self._services, "tasks": self._tasks})
        services, complete = found["services"]
        names = {item["serviceName"] for item in services}
        # Services that are being deleted are not listed, but their tasks are:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
        leaving, told = self._described(sorted({view.service for view in found["tasks"]} - names - {""}))
        services = sorted([*services, *leaving], key=lambda item: item["serviceName"])
        stacks = {item["serviceName"]: self._cluster.services.get(item["serviceArn"]) for item in services}
        return (
            [self._service_row(item) for item in services],
            [self._task_row(view, stacks, complete and told) for view in found["tasks"]],
        )

    def _services(self) -> tuple[list[dict[str, Any]], bool]:
        """The services, as ECS describes them, and whether these are all that matter."""
        listed: list[str] | None = []
        if self._cluster.stack_name:
            listed = self._looks.at(self._cluster.name, self._listed, [])
        found, told = self._described([*self._cluster.services, *(listed or ())])
        return found, told and listed is not None

    def _listed(self) -> list[str]:
        pages = self._looks.pages(
            "ecs:ListServices", cluster=self._cluster.name, PaginationConfig={"PageSize": SERVICES_PER_PAGE}
        )
        return [arn for page in pages for arn in page.get("serviceArns", [])]

    def _described(self, names: Iterable[str]) -> tuple[list[dict[str, Any]], bool]:
        """Services by ARN or name, without those that are INACTIVE, which are deleted; and whether all were told."""
        names = list(dict.fromkeys(names))
        answers = self._looks.each(
            lambda batch: self._looks.at(self._cluster.name, lambda: self._batch(batch), []),
            batches(names, SERVICES_PER_CALL),
        )
        found = [item for answer in answers for item in answer or () if item["status"] != "INACTIVE"]
        return found, None not in answers

    def _batch(self, names: list[str]) -> list[dict[str, Any]]:
        with aws_call("ecs:DescribeServices"):
            answer = self._looks.clients("ecs").describe_services(cluster=self._cluster.name, services=names)
        return answer.get("services", [])

    def _tasks(self) -> list[TaskView]:
        """Tasks that have not ended, those that were told to stop included, sorted by group and ARN."""
        return self._looks.at(self._cluster.name, self._views, []) or []

    def _views(self) -> list[TaskView]:
        # Of a cluster that is not ours only tasks of these services. ListTasks shows only tasks that are meant to run
        # unless it is asked for the others as well:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        reader = TaskReader(self._looks.clients("ecs"), self._cluster.name)
        services = [None] if self._cluster.stack_name else [last_part(arn) for arn in self._cluster.services]
        arns: dict[str, None] = {}
        for service in services:
            for status in ("RUNNING", "STOPPED"):
                arns.update(dict.fromkeys(reader.task_arns(status, service)))
        views, _missing = reader.tasks(list(arns))
        return sorted(
            (view for view in views if view.last_status not in ENDED), key=lambda view: (view.group, view.arn)
        )

    def _service_row(self, service: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "name": service["serviceName"],
            "arn": service["serviceArn"],
            "cluster": self._cluster.name,
            "status": service["status"],
            "desired_count": service.get("desiredCount", 0),
            "running_count": service.get("runningCount", 0),
            "pending_count": service.get("pendingCount", 0),
            "deployment": _deployment(service),
            "stack_name": self._cluster.services.get(service["serviceArn"]),
        }

    def _task_row(self, view: TaskView, stacks: Mapping[str, str | None], complete: bool) -> dict[str, Any]:
        """A task is its service's; without one that is there, the cluster's."""
        stack_name = stacks.get(view.service)
        if view.service not in stacks and (complete or not view.service):
            stack_name = self._cluster.stack_name or None
        return {
            "task_arn": view.arn,
            "group": view.group,
            "last_status": view.last_status,
            "desired_status": view.desired_status,
            "cluster": self._cluster.name,
            "stack_name": stack_name,
        }
