# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Container Insights: a log group that ECS itself writes to while tasks run.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import logs

if TYPE_CHECKING:
    from moto.ecs.models import Cluster

    from .backend import EcsBackend
    from .task import Task

_ON = ("enabled", "enhanced")
_RETENTION_DAYS = 1


def group_name(cluster_name: str) -> str:
    """Name of the log group with the cluster's performance events."""
    return f"/aws/ecs/containerinsights/{cluster_name}/performance"


def is_on(cluster: Cluster) -> bool:
    """Whether the cluster has Container Insights, with or without enhanced observability."""
    return any(item["name"] == "containerInsights" and item["value"] in _ON for item in cluster.settings or [])


def task_changed(task: Task) -> None:
    """The first running task of a cluster makes the group; ECS writes as long as tasks have not stopped."""
    backend = task.backend
    cluster = backend.clusters.get(task.cluster_name)
    if cluster is None or not is_on(cluster):
        return
    name = group_name(cluster.name)
    if task.last_status == "RUNNING":
        logs.writer_starts(backend.account_id, backend.region_name, name, cluster.arn, retention_days=_RETENTION_DAYS)
    elif task.last_status == "STOPPED" and not _runs_any(backend, cluster.name):
        logs.writer_ends(backend.account_id, backend.region_name, name, cluster.arn)


def _runs_any(backend: EcsBackend, cluster_name: str) -> bool:
    return any(task.last_status != "STOPPED" for task in backend.tasks_of(cluster_name))
