# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that the deployment machine and its surroundings exchange."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping

# States of a service deployment:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
SUCCESSFUL = "SUCCESSFUL"
STOPPED = "STOPPED"
ROLLED_BACK = "ROLLBACK_SUCCESSFUL"
ROLLBACK_FAILED = "ROLLBACK_FAILED"
STOPPABLE = frozenset(("PENDING", "IN_PROGRESS"))
GOING_BACK = frozenset(("ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"))
ONGOING = STOPPABLE | GOING_BACK | {"STOP_REQUESTED"}


@dataclass(frozen=True)
class ServiceView:
    """What DescribeServices says of a service. ``completed``: whether what it wants to run has once been rolled out.
    ``configuration``: its deploymentConfiguration, in ECS's form. ``groups``: ARNs of its target groups, ``single``: of
    those that have no alternate one. ``connected``: whether Service Connect or VPC Lattice leads requests to it.
    ``registered``: whether its tasks are in Cloud Map."""

    name: str
    arn: str
    status: str
    controller: str
    task_definition: str
    desired_count: int
    completed: bool
    configuration: Mapping[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    connected: bool = False
    registered: bool = False


@dataclass(frozen=True)
class Brief:
    """A deployment in the history of a service. ``revision``: ARN of the service revision that it leads to.
    ``ago``: seconds since it ended, by AWS's clock; None while it has not."""

    arn: str
    status: str
    revision: str
    ago: float | None = None


@dataclass(frozen=True)
class DeploymentView:
    """What DescribeServiceDeployments says of a deployment. ``sources``: ARNs of the revisions that it replaces,
    ``source_running``: how many of their tasks run. ``failed``: tasks that the circuit breaker has counted,
    ``threshold``: at how many it opens, 0 if it is off."""

    arn: str
    status: str
    reason: str = ""
    revision: str = ""
    sources: tuple[str, ...] = ()
    requested: int = 0
    running: int = 0
    pending: int = 0
    source_running: int = field(default=0, compare=False)  # nobody is told of it
    failed: int = 0
    threshold: int = 0
    alarms: tuple[str, ...] = ()
    rollback_reason: str = ""
    stage: str = ""
    started_at: str | None = None
    finished_at: str | None = None

    @property
    def ongoing(self) -> bool:
        return self.status in ONGOING

    def as_result(self) -> dict[str, Any]:
        return {
            "arn": self.arn,
            "status": self.status,
            "stage": self.stage,
            "reason": self.reason,
            "rollback_reason": self.rollback_reason,
            "requested_count": self.requested,
            "running_count": self.running,
            "failed_tasks": self.failed,
            "triggered_alarms": list(self.alarms),
            "started_at": self.started_at,
            "finished_at": self.finished_at,
        }


@dataclass(frozen=True)
class StoppedTask:
    """A task that ended. ``exit_codes``: by container. ``definition``: ARN of the task definition that it ran.
    ``stopped_at``: when, or since when it is being stopped, in ISO 8601; None if it is not known yet."""

    reason: str
    code: str
    exit_codes: Mapping[str, int]
    arn: str = ""
    definition: str = ""
    stopped_at: str | None = None


@dataclass(frozen=True)
class TargetHealth:
    """A target that is not healthy."""

    group: str
    target: str
    state: str
    reason: str
    description: str

    def as_result(self) -> dict[str, str]:
        return {
            "target_group": self.group,
            "target": self.target,
            "state": self.state,
            "reason": self.reason,
            "description": self.description,
        }
