# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How many tasks and instances run now in what stacks own: no stack says that."""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence
from typing import Union

from .._aws.batches import batches
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._resources.ecs import CLUSTER
from .._resources.ecs import SERVICE
from .._resources.ecs import cluster_of
from .._resources.resource import last_part
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackResource
from .._tasks.reader import SERVICES_PER_CALL

TASKS, INSTANCES = "tasks", "instances"
CLUSTERS_PER_CALL = 100  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
_INSTANCE = "AWS::EC2::Instance"
_AUTO_SCALING = "AWS::AutoScaling::AutoScalingGroup"
_NODES = "AWS::EKS::Nodegroup"
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
# https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
_TAGS = {_AUTO_SCALING: ("aws:autoscaling:groupName",), _NODES: ("eks:cluster-name", "eks:nodegroup-name")}


#: How many there are of each kind of which there can be any; None if that could not be looked at.
Counts = Mapping[str, Union[int, None]]


class RunningLook:
    """Looks at all that runs in one region, in a call for ten services, one for a hundred clusters, and the pages of
    all instances that run."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks

    def take(self, owned: Sequence[Iterable[StackResource]]) -> list[Counts]:
        """What runs of each, by the resources of stacks: a task that is of no service is the cluster's."""
        there = [[item for item in items if item.physical_id and item.status != DELETE_COMPLETE] for items in owned]
        return [{**tasks, **instances} for tasks, instances in zip(self._tasks(there), self._instances(there))]

    def _tasks(self, owned: Sequence[Sequence[StackResource]]) -> list[Counts]:
        services, clusters = _ids(owned, SERVICE), [[last_part(name) for name in ids] for ids in _ids(owned, CLUSTER)]
        inside: dict[str, list[str]] = {}
        for ids in services:
            for arn in ids:
                inside.setdefault(cluster_of(arn), []).append(arn)
        asked = [(name, some) for name, arns in sorted(inside.items()) for some in batches(arns, SERVICES_PER_CALL)]
        names = sorted({name for ids in clusters for name in ids})
        described = self._looks.each(self._services, asked)
        whole = [self._clusters(some) for some in batches(names, CLUSTERS_PER_CALL)]
        if None in described or None in whole:
            return [{TASKS: None} if any(pair) else {} for pair in zip(services, clusters)]
        by_service = {item["serviceArn"]: item for answer in described for item in answer or ()}
        rest = {item["clusterName"]: item.get("runningTasksCount", 0) for answer in whole for item in answer or ()}
        for item in by_service.values():
            name = last_part(item.get("clusterArn", ""))
            rest[name] = rest.get(name, 0) - item.get("runningCount", 0)
        return [
            {
                TASKS: sum(by_service[arn].get("runningCount", 0) for arn in arns if arn in by_service)
                + sum(max(0, rest.get(name, 0)) for name in own)
            }
            if arns or own
            else {}
            for arns, own in zip(services, clusters)
        ]

    def _services(self, batch: tuple[str, list[str]]) -> list[Mapping[str, Any]] | None:
        cluster, arns = batch

        def call() -> list[Mapping[str, Any]]:
            with aws_call("ecs:DescribeServices"):
                return self._looks.clients("ecs").describe_services(cluster=cluster, services=arns)["services"]

        return self._looks.at(cluster, call, [])

    def _clusters(self, names: list[str]) -> list[Mapping[str, Any]] | None:
        def call() -> list[Mapping[str, Any]]:
            with aws_call("ecs:DescribeClusters"):
                return self._looks.clients("ecs").describe_clusters(clusters=names)["clusters"]

        return self._looks.at("", call, [])

    def _instances(self, owned: Sequence[Sequence[StackResource]]) -> list[Counts]:
        signs = [
            {_sign(item) for item in items if item.type in (_INSTANCE, _AUTO_SCALING, _NODES)} for items in owned
        ]
        if not any(signs):
            return [{} for _items in owned]
        pages = self._looks.at("", self._pages)
        if pages is None:
            return [{INSTANCES: None} if own else {} for own in signs]
        running = [
            _signs(item) for page in pages for group in page["Reservations"] for item in group["Instances"]
        ]
        return [{INSTANCES: sum(1 for found in running if found & own)} if own else {} for own in signs]

    def _pages(self) -> list[Mapping[str, Any]]:
        states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        return self._looks.pages("ec2:DescribeInstances", Filters=states)


def _ids(owned: Sequence[Sequence[StackResource]], kind: str) -> list[list[str]]:
    return [[item.physical_id for item in items if item.type == kind] for items in owned]


def _sign(item: StackResource) -> tuple[str, ...]:
    """By what an instance shows that it is this one, or of this group."""
    if item.type == _INSTANCE:
        return (_INSTANCE, item.physical_id)
    # A node group's id is CLUSTER/GROUP.
    return (item.type, *item.physical_id.split("/", len(_TAGS[item.type]) - 1))


def _signs(instance: Mapping[str, Any]) -> set[tuple[str, ...]]:
    tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}
    by_tags = {(kind, *(tags[key] for key in keys)) for kind, keys in _TAGS.items() if tags.keys() >= {*keys}}
    return {(_INSTANCE, instance["InstanceId"]), *by_tags}
