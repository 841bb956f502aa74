# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service revisions and service deployments: what ECS remembers of what a service ran and runs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random

from ...world import utcnow

if TYPE_CHECKING:
    from moto.ecs.models import TaskDefinition

    from .service import Service

#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
ONGOING = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")


@dataclass
class Revision:
    """One workload configuration of a service, which DescribeServices shows among its deployments while it has tasks.
    ``failed``: it launches no more tasks. ``alternate``: its tasks are in the alternate target groups."""

    service: Service
    definition: TaskDefinition
    number: int = field(default_factory=lambda: mock_random.randint(10**18, 10**19 - 1))
    created_at: datetime = field(default_factory=utcnow)
    failed_tasks: int = 0
    failed: bool = False
    alternate: bool = False
    weight: float = 0.0
    test_weight: float | None = None
    configuration: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        service = self.service
        self.configuration = {
            "capacityProviderStrategy": service.capacity_provider_strategy,
            "launchType": service.launch_type,
            "platformVersion": service.platform_version,
            "platformFamily": service.platform_family,
            "loadBalancers": service.load_balancers,
            "serviceRegistries": service.service_registries,
            "networkConfiguration": service.network_configuration,
        }

    @property
    def id(self) -> str:
        return f"ecs-svc/{self.number}"

    @property
    def arn(self) -> str:
        return f"{self.service.arn.replace(':service/', ':service-revision/')}/{self.number}"

    def shown(self) -> dict[str, Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html"""
        return {
            "serviceRevisionArn": self.arn,
            "serviceArn": self.service.arn,
            "clusterArn": self.service.cluster_arn,
            "taskDefinition": self.definition.arn,
            **{name: value for name, value in self.configuration.items() if value},
            "containerImages": [
                {"containerName": item["name"], "image": item.get("image")}
                for item in self.definition.container_definitions
            ],
            "createdAt": self.created_at,
        }

    def summary(self) -> dict[str, Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevisionSummary.html"""
        tasks = [task for task in self.service.wanted if task.deployment_id == self.id]
        running = sum(task.last_status == "RUNNING" for task in tasks)
        primary = self is self.service.primary
        test = {} if self.test_weight is None else {"requestedTestTrafficWeight": self.test_weight}
        return {
            "arn": self.arn,
            "requestedTaskCount": self.service.desired_count if primary else len(tasks),
            "runningTaskCount": running,
            "pendingTaskCount": len(tasks) - running,
            "requestedProductionTrafficWeight": self.weight,
            **test,
        }


@dataclass(eq=False)
class HookRun:
    """A lifecycle hook at one stage of a deployment."""

    target_type: str
    target_arn: str | None
    status: str
    expires_at: datetime
    timeout_action: str
    id: str = field(default_factory=lambda: mock_random.get_random_string(length=21))
    timeout: Any = None

    @property
    def passed(self) -> bool:
        return self.status == "SUCCEEDED" or (self.status == "TIMED_OUT" and self.timeout_action == "CONTINUE")

    @property
    def failed(self) -> bool:
        return self.status == "FAILED" or (self.status == "TIMED_OUT" and not self.passed)

    def shown(self) -> dict[str, Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookDetail.html"""
        shown = {
            "hookId": self.id,
            "targetType": self.target_type,
            "targetArn": self.target_arn,
            "status": self.status,
            "expiresAt": self.expires_at,
            "timeoutAction": self.timeout_action,
        }
        return {name: value for name, value in shown.items() if value is not None}


@dataclass
class ServiceDeployment:
    """The way of a service from one revision to another. ``watched``: alarms that can end it, those that were in
    ALARM at its start left out."""

    service: Service
    target: Revision
    sources: list[Revision]
    configuration: dict[str, Any]
    watched: list[str]
    id: str = field(default_factory=lambda: mock_random.get_random_string(length=21))
    status: str = "PENDING"
    reason: str | None = None
    created_at: datetime = field(default_factory=utcnow)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped_at: datetime | None = None
    updated_at: datetime = field(default_factory=utcnow)
    rollback: dict[str, Any] | None = None
    failure_count: int = 0
    rollback_failures: int = 0
    tripped: bool = False
    triggered: list[str] = field(default_factory=list)
    baking: Any = None
    stage: str | None = None
    #: Of the stage it is in; what comes after it; and what to do when one of them fails.
    hooks: list[HookRun] = field(default_factory=list)
    then: Callable[[ServiceDeployment], None] | None = None
    hook_failed: Callable[[ServiceDeployment, str], None] | None = None

    @property
    def arn(self) -> str:
        return f"{self.service.arn.replace(':service/', ':service-deployment/')}/{self.id}"

    @property
    def ongoing(self) -> bool:
        return self.status in ONGOING

    @property
    def rolling(self) -> bool:
        """Whether old tasks go as new ones come; there are none at the first deployment of a service."""
        return self.configuration.get("strategy", "ROLLING") == "ROLLING" or not self.sources

    @property
    def keeps_old(self) -> bool:
        """Whether the tasks of the old revision stay for now."""
        return not self.rolling and self.status in ("PENDING", "IN_PROGRESS") and self.stage != "CLEAN_UP"

    @property
    def launches(self) -> bool:
        """Whether it may start tasks of the new revision."""
        return self.rolling or not (self.status == "PENDING" or self.stage == "PRE_SCALE_UP")

    @property
    def breaker(self) -> dict[str, Any]:
        """The circuit breaker's configuration; empty if it is off."""
        breaker = self.configuration.get("deploymentCircuitBreaker") or {}
        return breaker if breaker.get("enable") else {}

    @property
    def alarms(self) -> dict[str, Any]:
        """The alarms' configuration; empty if they are off."""
        alarms = self.configuration.get("alarms") or {}
        return alarms if alarms.get("enable") else {}

    @property
    def threshold(self) -> int:
        """Failed tasks at which the circuit breaker opens: half of the desired ones, at least 3 and at most 200, unless
        its configuration says otherwise.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
        """
        given = self.breaker.get("thresholdConfiguration") or {}
        kind, value = given.get("type", "BOUNDED_PERCENT"), given.get("value", 50)
        if kind == "COUNT":
            return value
        share = math.ceil(self.service.desired_count * value / 100)
        return share if kind == "UNBOUNDED_PERCENT" else min(max(share, 3), 200)

    def brief(self) -> dict[str, Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html"""
        shown = {
            "serviceDeploymentArn": self.arn,
            "serviceArn": self.service.arn,
            "clusterArn": self.service.cluster_arn,
            "createdAt": self.created_at,
            "startedAt": self.started_at,
            "finishedAt": self.finished_at,
            "targetServiceRevisionArn": self.target.arn,
            "status": self.status,
            "statusReason": self.reason,
        }
        return {name: value for name, value in shown.items() if value is not None}

    def shown(self) -> dict[str, Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html"""
        shown = self.brief()
        del shown["targetServiceRevisionArn"]
        more = {
            "stoppedAt": self.stopped_at,
            "updatedAt": self.updated_at,
            "sourceServiceRevisions": [revision.summary() for revision in self.sources],
            "targetServiceRevision": self.target.summary(),
            "deploymentConfiguration": self.configuration,
            "rollback": self.rollback,
            "lifecycleStage": self.stage,
            "lifecycleHookDetails": [hook.shown() for hook in self.hooks] or None,
            "deploymentCircuitBreaker": {
                "status": self._monitor(bool(self.breaker), self.tripped),
                "failureCount": self.failure_count,
                "threshold": self.threshold,
            },
            "alarms": {
                "status": self._monitor(bool(self.alarms), bool(self.triggered)),
                "alarmNames": list(self.alarms.get("alarmNames", [])),
                "triggeredAlarmNames": list(self.triggered),
            },
        }
        return {**shown, **{name: value for name, value in more.items() if value is not None}}

    def _monitor(self, enabled: bool, triggered: bool) -> str:
        if not enabled:
            return "DISABLED"
        if triggered:
            return "TRIGGERED"
        return "MONITORING" if self.ongoing else "MONITORING_COMPLETE"
