# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that the task machine and its surroundings exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STOPPED = "STOPPED"
UNKNOWN_TO_ECS = "MISSING"  # what ECS answers for services and tasks it does not know (any more)
_LIVE = frozenset(("ACTIVE", "DRAINING"))


@dataclass(frozen=True)
class ServiceView:
    """What DescribeServices says of a service. ``registries``: ids of its Cloud Map services, ``srv-...``."""

    name: str
    status: str
    desired_count: int = 0
    scheduling: str = "REPLICA"
    registries: tuple[str, ...] = ()
    arn: str = ""

    @property
    def live(self) -> bool:
        """Whether it is there, or on its way out: it may have tasks."""
        return self.status in _LIVE


@dataclass(frozen=True)
class TaskView:
    """What DescribeTasks says of a task."""

    arn: str
    group: str
    last_status: str
    desired_status: str = "RUNNING"

    @property
    def service(self) -> str:
        """The name of its service, empty for a standalone task."""
        kind, separator, name = self.group.partition(":")
        return name if separator and kind == "service" else ""


@dataclass
class ServiceState:
    """A service that has to be at 0. ``problem``: why it was not brought there. ``refusals``: how often that was
    refused, at ``refused_at`` for the last time."""

    name: str
    status: str = ""
    desired_count_before: int = 0
    desired_count: int = 0
    registries: tuple[str, ...] = ()
    to_scale: bool = False
    problem: str = ""
    refusals: int = 0
    refused_at: float | None = None

    def as_result(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "desired_count_before": self.desired_count_before,
            "desired_count": self.desired_count,
            "status": self.status,
            "problem": self.problem,
        }


@dataclass
class TaskState:
    """A task that has to be STOPPED. Times are readings of the machine's clock. ``problem``: why it was not told to.
    ``refusals``: as of :class:`ServiceState`."""

    arn: str
    group: str
    service: str
    last_status_before: str
    last_status: str
    action: str
    told_to_stop: bool
    seen_at: float
    status_since: float
    asked_at: float | None = None
    ended_at: float | None = None
    lingered: bool = False
    problem: str = ""
    refusals: int = 0
    refused_at: float | None = None

    @property
    def id(self) -> str:
        """The last part of the ARN. Cloud Map knows the task's instance by it."""
        return self.arn.rsplit("/", 1)[-1]

    def as_result(self) -> dict[str, Any]:
        ended = self.seen_at if self.ended_at is None else self.ended_at
        return {
            "task_arn": self.arn,
            "group": self.group,
            "last_status_before": self.last_status_before,
            "last_status": self.last_status,
            "action": self.action,
            "lingered": self.lingered,
            "problem": self.problem,
            "seconds": round(ended - self.seen_at, 1),
        }
