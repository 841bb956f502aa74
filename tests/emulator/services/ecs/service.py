# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ECS service: what DescribeServices shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from ...world import utcnow
from . import connect
from .history import Revision, ServiceDeployment
from .task import STARTING_STATUSES, Task

if TYPE_CHECKING:
    from moto.ecs.models import Cluster

    from .backend import EcsBackend

#: Events that DescribeServices shows at most.
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
_SHOWN_EVENTS = 100


class Service:
    """State of one service. Its tasks live in the backend; the scheduler acts on both."""

    def __init__(self, backend: EcsBackend, cluster: Cluster, name: str, **settings: Any) -> None:
        self.backend = backend
        self.name = name
        self.cluster_name = cluster.name
        self.cluster_arn = cluster.arn
        self.region_name = backend.region_name
        self.arn = (
            f"arn:{get_partition(backend.region_name)}:ecs:{backend.region_name}:{backend.account_id}"
            f":service/{cluster.name}/{name}"
        )
        self.status = "ACTIVE"
        self.created_at = utcnow()
        self.desired_count: int = settings.get("desired_count") or 0
        self.launch_type: str | None = settings.get("launch_type")
        self.capacity_provider_strategy = settings.get("capacity_provider_strategy") or []
        self.load_balancers: list[dict[str, Any]] = settings.get("load_balancers") or []
        self.service_registries: list[dict[str, Any]] = settings.get("service_registries") or []
        self.service_connect_configuration: dict[str, Any] = settings.get("service_connect_configuration") or {}
        #: ARNs of the Cloud Map services that ECS has made for it, by name.
        self.connected: dict[str, str] = {}
        self.network_configuration: dict[str, Any] = settings.get("network_configuration") or {}
        self.deployment_configuration: dict[str, Any] = {
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
            **(settings.get("deployment_configuration") or {}),
        }
        self.health_check_grace_period_seconds: int = settings.get("health_check_grace_period_seconds") or 0
        self.scheduling_strategy = settings.get("scheduling_strategy") or "REPLICA"
        self.deployment_controller = settings.get("deployment_controller") or {"type": "ECS"}
        self.platform_version = settings.get("platform_version") or "LATEST"
        self.platform_family = "Linux"
        self.propagate_tags = settings.get("propagate_tags") or "NONE"
        self.role_arn: str | None = settings.get("role_arn")
        self.tags: list[dict[str, str]] = settings.get("tags") or []
        self.task_sets: list[Any] = []
        self.events: list[dict[str, Any]] = []
        self.steady = False
        self.expects_late_task = False
        #: Those that have tasks, the one that is wanted first.
        self.rounds: list[Revision] = []
        self.revisions: list[Revision] = []
        #: The newest first.
        self.history: list[ServiceDeployment] = []
        self.scheduled: Any = None

    @property
    def physical_resource_id(self) -> str:
        return self.arn

    @property
    def task_definition(self) -> str:
        return self.primary.definition.arn

    @property
    def primary(self) -> Revision:
        return self.rounds[0]

    @property
    def ongoing(self) -> ServiceDeployment | None:
        """The deployment that has not ended; none that was superseded."""
        newest = self.history[0] if self.history else None
        return newest if newest is not None and newest.ongoing else None

    @property
    def current_service_deployment(self) -> str | None:
        return self.history[0].arn if self.history else None

    @property
    def on_fargate(self) -> bool:
        providers = {item.get("capacityProvider") for item in self.capacity_provider_strategy}
        return self.launch_type == "FARGATE" or bool(providers & {"FARGATE", "FARGATE_SPOT"})

    @property
    def tasks(self) -> list[Task]:
        """Its tasks, those that stopped within the last hour included."""
        return [task for task in self.backend.tasks_of(self.cluster_name) if task.service is self]

    @property
    def wanted(self) -> list[Task]:
        """Its tasks that have not been told to stop."""
        return [task for task in self.tasks if task.desired_status == "RUNNING"]

    @property
    def running_count(self) -> int:
        return sum(task.last_status == "RUNNING" for task in self.tasks)

    @property
    def pending_count(self) -> int:
        return sum(task.last_status in STARTING_STATUSES for task in self.tasks)

    @property
    def deployments(self) -> list[dict[str, Any]]:
        """The primary deployment and those that still have tasks; none once the service is INACTIVE."""
        if self.status == "INACTIVE":
            return []
        shown = []
        for deployment in self.rounds:
            tasks = [task for task in self.wanted if task.deployment_id == deployment.id]
            if deployment is not self.primary and not tasks:
                continue
            running = sum(task.last_status == "RUNNING" for task in tasks)
            primary = deployment is self.primary
            if deployment.failed:
                state, words = "FAILED", "failed."
            elif primary and self.ongoing is None:
                state, words = "COMPLETED", "completed."
            else:
                state, words = "IN_PROGRESS", "in progress."
            shown.append(
                {
                    "id": deployment.id,
                    "status": "PRIMARY" if primary else "ACTIVE",
                    "taskDefinition": deployment.definition.arn,
                    "desiredCount": self.desired_count if primary else len(tasks),
                    "pendingCount": len(tasks) - running,
                    "runningCount": running,
                    "failedTasks": deployment.failed_tasks,
                    "createdAt": deployment.created_at,
                    "updatedAt": deployment.created_at,
                    "launchType": self.launch_type,
                    "platformVersion": self.platform_version,
                    "platformFamily": self.platform_family,
                    "networkConfiguration": self.network_configuration,
                    "rolloutState": state,
                    "rolloutStateReason": f"ECS deployment {deployment.id} {words}",
                    **connect.shown(self),
                }
            )
        return shown

    def say(self, message: str) -> None:
        """Add a service event.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
        """
        event = {
            "id": mock_random.get_random_hex(32),
            "createdAt": utcnow(),
            "message": f"(service {self.name}) {message}",
        }
        self.events = [event, *self.events][:_SHOWN_EVENTS]
