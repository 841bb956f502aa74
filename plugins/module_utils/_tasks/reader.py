# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""ECS calls, as values of this collection. Every call raises :class:`AwsCallError` when it does not succeed."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import aws_call
from .._resources.ecs import ended_tasks
from .types import ServiceView
from .types import TaskView
from .types import UNKNOWN_TO_ECS

SERVICES_PER_CALL = 10  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
TASKS_PER_CALL = 100  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html


class TaskReader:
    """Reads and asks through a boto3 ECS client, for one cluster."""

    def __init__(self, client: Any, cluster: str) -> None:
        self._client = client
        self.cluster = cluster
        self.cluster_arn = ""  # told with services

    def service_names(self) -> list[str]:
        """The services of the cluster that are not being deleted: ListServices does not show DRAINING ones."""
        arns: list[str] = []
        with aws_call("ecs:ListServices"):
            pages = self._client.get_paginator("list_services").paginate(
                cluster=self.cluster, PaginationConfig={"PageSize": 100}
            )
            for page in pages:
                arns.extend(page["serviceArns"])
        return sorted(arn.rsplit("/", 1)[-1] for arn in arns)

    def services(self, names: Sequence[str]) -> list[ServiceView]:
        """Services by exact name, those being deleted included. Names that do not exist are left out."""
        found = []
        for batch in batches(names, SERVICES_PER_CALL):
            with aws_call("ecs:DescribeServices"):
                answer = self._client.describe_services(cluster=self.cluster, services=batch)
            for service in answer["services"]:
                self.cluster_arn = service.get("clusterArn", self.cluster_arn)
                registries = [
                    item["registryArn"] for item in service.get("serviceRegistries", []) if "registryArn" in item
                ]
                found.append(
                    ServiceView(
                        name=service["serviceName"],
                        status=service["status"],
                        desired_count=service.get("desiredCount", 0),
                        scheduling=service.get("schedulingStrategy", "REPLICA"),
                        registries=tuple(arn.rsplit("/", 1)[-1] for arn in registries),
                        arn=service.get("serviceArn", ""),
                    )
                )
        return found

    def task_arns(self, desired_status: str, service: str | None = None) -> list[str]:
        """The tasks of the cluster, or of one service, with this desired status, RUNNING or STOPPED."""
        arns: list[str] = []
        of_service = {"serviceName": service} if service else {}
        with aws_call("ecs:ListTasks"):
            for page in self._client.get_paginator("list_tasks").paginate(
                cluster=self.cluster, desiredStatus=desired_status, **of_service
            ):
                arns.extend(page["taskArns"])
        return arns

    def tasks(self, arns: Sequence[str]) -> tuple[list[TaskView], list[str]]:
        """Tasks by ARN (or id), and those of the ARNs that ECS does not know (any more)."""
        found: list[TaskView] = []
        missing: list[str] = []
        for batch in batches(arns, TASKS_PER_CALL):
            with aws_call("ecs:DescribeTasks"):
                answer = self._client.describe_tasks(cluster=self.cluster, tasks=batch)
            for task in answer["tasks"]:
                found.append(
                    TaskView(
                        arn=task["taskArn"],
                        group=task.get("group", ""),
                        last_status=task["lastStatus"],
                        desired_status=task.get("desiredStatus", "RUNNING"),
                    )
                )
            missing.extend(item["arn"] for item in answer.get("failures", []) if item.get("reason") == UNKNOWN_TO_ECS)
        return found, missing

    def ended(self, ids: Sequence[str]) -> set[str]:
        """Which of these tasks, by their ids, have ended or are not known any more."""
        return ended_tasks(self._client, self.cluster, ids)

    def scale_to_zero(self, service: str) -> None:
        with aws_call("ecs:UpdateService"):
            self._client.update_service(cluster=self.cluster, service=service, desiredCount=0)

    def stop(self, arn: str) -> None:
        with aws_call("ecs:StopTask"):
            self._client.stop_task(cluster=self.cluster, task=arn, reason="Stopped by workshop.lifecycle.ecs_tasks")
