# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""ECS clusters, and what others have in those that are ours.

"You can't delete a cluster that contains services", that has registered container instances, or active tasks:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
"""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ecs import CLUSTER
from .ecs import CLUSTERS
from .ecs import ENDED
from .ecs import SERVICE
from .ecs import TASKS_PER_CALL
from .ours import Ours
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

_ASSOCIATIONS = "AWS::ECS::ClusterCapacityProviderAssociations"
_PATIENCE = 900.0
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
_SERVICES_PER_CALL = 10
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html
_INSTANCES_PER_CALL = 100
_PAGES = {"PageSize": 100}
_FARGATE = frozenset(("FARGATE", "FARGATE_SPOT"))
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
_GOING = frozenset(("DEACTIVATING", "STOPPING", "DEPROVISIONING"))
_LOST = "the services of others in it, with their tasks, and the registration of its container instances"


def _of_service(service: Mapping[str, Any], cluster: str) -> Blocker:
    """Of an ECS service of others, as ECS describes it."""
    name, arn = service["serviceName"], service["serviceArn"]
    return Blocker(
        SERVICE,
        arn,
        name,
        f"A cluster cannot be deleted with a service in it, and this one of others is in {last_part(cluster)}.",
        ("ecs", "delete-service", "--force", "--cluster", last_part(cluster), "--service", arn),
        amounts=(Amount(1, "service", "services"), Amount(service.get("runningCount", 0), "task", "tasks")),
        clear=CLUSTER,
        lost="the service, and its tasks",
    )


def _detect(looks: Looks, ours: Ours, clusters: Sequence[str]) -> list[tuple[str, Blocker]]:
    """Services of others in clusters of ours, container instances, and associated capacity providers."""
    own, associations = ours.owned_ids(SERVICE), ours.owned_ids(_ASSOCIATIONS)

    def services(cluster: str) -> list[dict[str, Any]]:
        arns = looks.listing("ecs:ListServices", "serviceArns", cluster, cluster=cluster, PaginationConfig=_PAGES)
        return [
            service
            for some in batches([arn for arn in arns if arn not in own], _SERVICES_PER_CALL)
            for service in looks.listing("ecs:DescribeServices", "services", cluster, cluster=cluster, services=some)
        ]

    found = [
        (cluster, _of_service(service, cluster))
        for cluster, several in zip(clusters, looks.each(services, clusters))
        for service in several
        if service["status"] != "INACTIVE"
    ]
    instances = looks.each(lambda cluster: _instances(looks, cluster), clusters)
    found += [(cluster, _of_instances(cluster, several)) for cluster, several in zip(clusters, instances) if several]
    free = [cluster for cluster in clusters if last_part(cluster) not in map(last_part, associations)]
    described = looks.listing(CLUSTERS.action, "clusters", ", ".join(free), **CLUSTERS.ask(free)) if free else []
    providers = {row["clusterName"]: set(row.get("capacityProviders") or ()) - _FARGATE for row in described}
    return found + [
        (cluster, _of_providers(cluster, sorted(providers[last_part(cluster)])))
        for cluster in free
        if providers.get(last_part(cluster))
    ]


def _instances(looks: Looks, cluster: str) -> list[dict[str, Any]]:
    arns = looks.listing("ecs:ListContainerInstances", "containerInstanceArns", cluster, cluster=cluster)
    action = "ecs:DescribeContainerInstances"
    return [
        instance
        for some in batches(arns, _INSTANCES_PER_CALL)
        for instance in looks.listing(action, "containerInstances", cluster, cluster=cluster, containerInstances=some)
    ]


def _of_instances(cluster: str, instances: Sequence[Mapping[str, Any]]) -> Blocker:
    # "If you terminate a running container instance, Amazon ECS automatically deregisters the instance from your
    # cluster (stopped container instances or instances with disconnected agents aren't automatically deregistered when
    # terminated)": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterContainerInstance.html
    lost = [item for item in instances if not item.get("agentConnected", True)]
    counted = lost or instances
    amount = Amount(len(counted), "container instance", "container instances")
    whose = "without a connected agent, which ECS does not deregister when it ends" if lost else "registered"
    first = last_part(counted[0]["containerInstanceArn"])
    return Blocker(
        CLUSTER,
        cluster,
        last_part(cluster),
        f"A cluster cannot be deleted with a container instance in it, and {last_part(cluster)} has {amount} {whose}.",
        ("ecs", "deregister-container-instance", "--force", "--cluster", cluster, "--container-instance", first),
        certain=bool(lost),
        goes_with_owner=False,
        amounts=(amount,),
        clear=CLUSTER,
        lost="their registration",
    )


def _of_providers(cluster: str, names: Sequence[str]) -> Blocker:
    # https://github.com/ekristen/aws-nuke/pull/542
    reason = (
        f"A capacity provider cannot be deleted while a cluster is associated with it, and {last_part(cluster)} is, by "
        f"no stack, with {', '.join(names)}."
    )
    command = ("--cluster", cluster, "--capacity-providers", "--default-capacity-provider-strategy")
    return Blocker(
        _ASSOCIATIONS,
        cluster,
        last_part(cluster),
        reason,
        ("ecs", "put-cluster-capacity-providers", *command),
        certain=False,
        goes_with_owner=False,
        amounts=(Amount(len(names), "associated capacity provider", "associated capacity providers"),),
        clear=CLUSTER,
        lost="their association with the cluster",
    )


class _Clearing:
    """Of one cluster."""

    def __init__(self, work: Work, cluster: str) -> None:
        self._work = work
        self._cluster = cluster
        self._owner: dict[str, str] = {}
        self._groups: set[str] = set()
        self._services: set[str] = set()

    def run(self) -> list[Amount]:
        """How much that was. Of a cluster with services of other stacks nothing is cleared: it could not go anyway."""
        try:
            services = self._all_services(self._tasks())
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return []  # no cluster
        own = owner_of(self._work, CLUSTER, self._cluster)
        others = [item for item in services if self._stack(item["serviceArn"]) not in ("", own)]
        if others:
            names = ", ".join(item["serviceName"] for item in others)
            raise NotCleared(f"Services of other stacks are in {self._cluster}, and go with those stacks: {names}.")
        if not wait(self._work, _PATIENCE, self._running, f"until what others run in {self._cluster} has ended"):
            return []
        done = [self._ended()]
        # Tasks of instances that are deregistered by force run on as orphans, and stay registered elsewhere: as long as
        # the stack itself has services here, those instances go with it.
        busy = len(services) > len(self._services)
        done.append(self._deregister(busy))
        if not busy:
            done.append(self._dissociate())
        self._work.told([amount for amount in done if amount.count])
        return [amount for amount in done if amount.count]

    def _ended(self) -> Amount:
        return Amount(len(self._services), "service", "services")

    def _call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        return call(self._work, f"ecs:{operation}", cluster=self._cluster, **arguments)

    def _listed(self, operation: str, key: str, **arguments: Any) -> list[Any]:
        return listed(self._work, f"ecs:{operation}", key, cluster=self._cluster, **arguments)

    def _stack(self, arn: str) -> str:
        if arn not in self._owner:
            self._owner[arn] = owner_of(self._work, SERVICE, arn)
        return self._owner[arn]

    def _tasks(self) -> list[dict[str, Any]]:
        """Those that have not ended."""
        arns = [
            arn
            for status in ("RUNNING", "STOPPED")
            for arn in self._listed("ListTasks", "taskArns", desiredStatus=status)
        ]
        tasks = [
            task
            for some in batches(list(dict.fromkeys(arns)), TASKS_PER_CALL)
            for task in self._call("DescribeTasks", tasks=list(some)).get("tasks", ())
        ]
        return [task for task in tasks if task["lastStatus"] not in ENDED]

    def _all_services(self, tasks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """``tasks``: those that have not ended. Services that are being deleted are not listed, but their tasks are:
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html"""
        arns = self._listed("ListServices", "serviceArns", PaginationConfig=_PAGES)
        groups = [task.get("group", "") for task in tasks]
        named = {group.partition(":")[2] for group in groups if group.startswith("service:")}
        keys = [*arns, *sorted(named - set(map(last_part, arns)))]
        found = [
            service
            for some in batches(keys, _SERVICES_PER_CALL)
            for service in self._call("DescribeServices", services=list(some)).get("services", ())
        ]
        return [service for service in found if service["status"] != "INACTIVE"]

    def _running(self) -> list[str]:
        """What others still run in the cluster. What has not been told to end is told."""
        there = self._tasks()
        services = [item for item in self._all_services(there) if not self._stack(item["serviceArn"])]
        for item in services:
            self._groups.add(f"service:{item['serviceName']}")
            self._services.add(item["serviceArn"])
            if item["status"] == "ACTIVE":
                unless((), lambda item=item: self._call("DeleteService", service=item["serviceArn"], force=True))
                self._work.told([self._ended()])
        tasks = [task for task in there if task.get("group") in self._groups]
        for task in tasks:
            if task["lastStatus"] not in _GOING:
                # The task has ended since: "The referenced task was not found".
                reason = "A service that was deleted"
                unless(
                    ("InvalidParameterException",),
                    lambda task=task: self._call("StopTask", task=task["taskArn"], reason=reason),
                )
        return [*(item["serviceName"] for item in services), *(last_part(task["taskArn"]) for task in tasks)]

    def _deregister(self, busy: bool) -> Amount:
        arns = self._listed("ListContainerInstances", "containerInstanceArns")
        if busy:
            arns = [
                item["containerInstanceArn"]
                for some in batches(arns, _INSTANCES_PER_CALL)
                for item in self._call("DescribeContainerInstances", containerInstances=list(some)).get(
                    "containerInstances", ()
                )
                if not item.get("agentConnected", True)
            ]
        for arn in arns:
            self._call("DeregisterContainerInstance", containerInstance=arn, force=True)
        return Amount(len(arns), "container instance", "container instances")

    def _dissociate(self) -> Amount:
        """Only what its stack does not dissociate itself."""
        rows = listed(self._work, CLUSTERS.action, "clusters", **CLUSTERS.ask([self._cluster]))
        providers = [name for row in rows for name in row.get("capacityProviders") or ()]
        others = [name for name in providers if name not in _FARGATE]
        if not others or owner_of(self._work, _ASSOCIATIONS, self._cluster):
            return Amount(0, "", "")
        self._call(
            "PutClusterCapacityProviders",
            capacityProviders=[name for name in providers if name in _FARGATE],
            defaultCapacityProviderStrategy=[],
        )
        return Amount(len(others), "associated capacity provider", "associated capacity providers")


TYPES = (
    ResourceType(
        name=CLUSTER,
        command=by("ecs delete-cluster --cluster"),
        lookup=CLUSTERS,
        arn="ecs:cluster",
        clearing=Clearing(
            detect=_detect,
            clear=lambda work, cluster: _Clearing(work, cluster).run(),
            detects=(
                "ecs:DescribeClusters",
                "ecs:DescribeContainerInstances",
                "ecs:DescribeServices",
                "ecs:ListContainerInstances",
                "ecs:ListServices",
            ),
            clears=(
                "cloudformation:DescribeStackResources",
                "ecs:DeleteService",
                "ecs:DeregisterContainerInstance",
                "ecs:DescribeClusters",
                "ecs:DescribeContainerInstances",
                "ecs:DescribeServices",
                "ecs:DescribeTasks",
                "ecs:ListContainerInstances",
                "ecs:ListServices",
                "ecs:ListTasks",
                "ecs:PutClusterCapacityProviders",
                "ecs:StopTask",
            ),
            lost=_LOST,
            source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html",
        ),
    ),
)
