# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task is registered: target groups and Cloud Map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.elbv2.models import FakeTargetGroup, elbv2_backends
from moto.servicediscovery.models import servicediscovery_backends

from ...world import world
from . import traffic

if TYPE_CHECKING:
    from .task import Task


def join(task: Task) -> None:
    """Register a task that runs: as target, and as Cloud Map instance named by the task id.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    if task.service is None or task.interface is None:
        return
    address = str(task.interface.private_ip_address)
    for load_balancer, group in _target_groups(task):
        group.register([{"Id": address, "Port": load_balancer.get("containerPort", group.port)}])
    discovery = servicediscovery_backends[task.backend.account_id][task.backend.region_name]
    for service_id in _registry_ids(task):
        if service_id in discovery.services:
            discovery.put_instance(
                service_id,
                task.id,
                {
                    "AVAILABILITY_ZONE": str(task.availability_zone),
                    "AWS_INIT_HEALTH_STATUS": "HEALTHY",
                    "AWS_INSTANCE_IPV4": address,
                    "ECS_CLUSTER_NAME": task.cluster_name,
                    "ECS_SERVICE_NAME": task.service.name,
                    "ECS_TASK_DEFINITION_FAMILY": task.family,
                    "REGION": task.backend.region_name,
                },
            )


def leave_target_groups(task: Task) -> None:
    """Take the task out of its target groups; the connections drain while the task stays DEACTIVATING."""
    if task.interface is None:
        return
    address = str(task.interface.private_ip_address)
    for _load_balancer, group in _target_groups(task):
        if address in group.targets:
            group.deregister([{"Id": address}])


def leave_cloud_map(task: Task) -> None:
    """Take the task out of Cloud Map, unless it is one that leaves its instance behind."""
    if world.faults.orphans_instances(task.service_name):
        return
    discovery = servicediscovery_backends[task.backend.account_id][task.backend.region_name]
    for service_id in _registry_ids(task):
        discovery.drop_instance(service_id, task.id)


def delay(task: Task) -> float:
    """Longest deregistration delay of its target groups, in AWS seconds.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    """
    return max(
        (float(item[1].attributes["deregistration_delay.timeout_seconds"]) for item in _target_groups(task)),
        default=0.0,
    )


def show_health(task: Task, state: str) -> None:
    """Have its target groups show that it is initial, unhealthy, refused or healthy."""
    if task.interface is None:
        return
    backend = elbv2_backends[task.backend.account_id][task.backend.region_name]
    for group in groups_of(task):
        backend.set_health(group, str(task.interface.private_ip_address), state)


def check_time(task: Task) -> float:
    """AWS seconds after which its target groups find out that it does not answer.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    groups = [group for _load_balancer, group in _target_groups(task)]
    times = (float(item.health_check_interval_seconds) * int(item.unhealthy_threshold_count) for item in groups)
    return min(times, default=0.0)


def groups_of(task: Task) -> list[str]:
    """ARNs of its target groups."""
    return [group.arn for _load_balancer, group in _target_groups(task)]


def _target_groups(task: Task) -> list[tuple[dict, FakeTargetGroup]]:
    if task.service is None:
        return []
    groups = elbv2_backends[task.backend.account_id][task.backend.region_name].target_groups
    found = [(item, traffic.group_of(item, task.alternate)) for item in task.service.load_balancers]
    return [(load_balancer, groups[arn]) for load_balancer, arn in found if arn in groups]


def _registry_ids(task: Task) -> list[str]:
    """Ids of the Cloud Map services of the task's service."""
    if task.service is None:
        return []
    arns = [registry["registryArn"] for registry in task.service.service_registries]
    return [arn.rpartition("/")[2] for arn in (*arns, *task.service.connected.values())]
