# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Services and namespaces of AWS Cloud Map, and what others have in those that are ours."""

from __future__ import annotations

from functools import partial
from typing import Any

from .._aws.batches import batches
from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .cloudmap import SERVICE
from .cloudmap import WORDS
from .cloudmap import CloudMap
from .cloudmap import Instance
from .cloudmap import Service
from .cloudmap import deregister_command
from .cloudmap import registered
from .cloudmap import services_in
from .cloudmap import services_of
from .cloudmap import task_instances
from .ecs import SERVICE as ECS_SERVICE
from .ecs import cluster_of
from .ours import Ours
from .resource import Ids
from .resource import Lookup
from .resource import ResourceType
from .resource import by
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

_INSTANCE = "AWS::ServiceDiscovery::Instance"
_PATIENCE = 600.0
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
_SERVICES_PER_CALL = 10
_NO_CLUSTER = ("ClusterNotFoundException",)


def _others_in(looks: Looks, ours: Ours, namespaces: Ids, type_name: str) -> list[tuple[str, Blocker]]:
    """Services of others in namespaces of ours, which are of this type."""
    own = {*ours.owned_ids(SERVICE)}
    found = looks.each(lambda key: services_in(looks, key), namespaces)
    others = [(key, row) for key, rows in zip(namespaces, found) for row in rows if row["Id"] not in own]
    made = _made_by_ecs(looks, ours) if others else frozenset()
    return [
        (namespace_id, _other_service(row, namespace_id, ours.place.account, type_name))
        for namespace_id, row in others
        if row["Id"] not in made
    ]


def _made_by_ecs(looks: Looks, ours: Ours) -> frozenset[str]:
    """Ids of those that ECS has made for services of ours, by Service Connect, and deletes with them: its own role may
    delete just these.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectServiceResource.html
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSServiceRolePolicy.html
    """
    by_cluster: dict[str, list[str]] = {}
    for arn in ours.owned_ids(ECS_SERVICE):
        by_cluster.setdefault(cluster_of(arn), []).append(arn)
    asked = [(cluster, some) for cluster, arns in by_cluster.items() for some in batches(arns, _SERVICES_PER_CALL)]
    action = "ecs:DescribeServices"
    found = looks.each(
        lambda item: looks.listing(action, "services", item[0], _NO_CLUSTER, cluster=item[0], services=item[1]), asked
    )
    deployments = [each for services in found for service in services for each in service.get("deployments") or ()]
    resources = [item for each in deployments for item in each.get("serviceConnectResources") or ()]
    return frozenset(item.get("discoveryArn", "").rpartition("/")[2] for item in resources)


def _other_service(row: dict[str, Any], namespace_id: str, account: str, type_name: str) -> Blocker:
    maker = row.get("CreatedByAccount", account)
    whose = "others" if maker == account else f"account {maker}"
    # A service that does not tell its count may have instances.
    # https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html
    instances = Amount(row.get("InstanceCount") or 0, *WORDS)
    return Blocker(
        SERVICE,
        row["Id"],
        row["Name"],
        f"A namespace cannot be deleted with a service in it, and this one of {whose} is in {namespace_id}.",
        ("servicediscovery", "delete-service", "--id", row["Id"]),
        amounts=(Amount(1, "Cloud Map service", "Cloud Map services"), *([instances] if instances.count else [])),
        clear=type_name if maker == account else "",
        lost="the service, and its instances" if maker == account else "",
    )


def _others_registered(looks: Looks, ours: Ours, services: Ids) -> list[tuple[str, Blocker]]:
    """Instances in services of ours that are no tasks of our clusters."""
    own = [service for service in services_of(looks, ours) if service.id in services]
    found = looks.each(lambda service: registered(looks, service), own)
    tasks = {
        (service.id, task)
        for service, instances in zip(own, found)
        for name in ours.clusters
        for task in task_instances(instances, ours.place.cluster(name), trusted=True)
    }
    return [
        (service.id, _other_instance(service, item, ours.place.account))
        for service, instances in zip(own, found)
        for item in instances
        if (service.id, item.id) not in tasks
    ]


def _other_instance(service: Service, item: Instance, account: str) -> Blocker:
    foreign = item.account not in (None, account)
    maker = f"account {item.account}" if foreign else ""
    where = f"and this one of {maker or 'others'} is in {service.name}"
    return Blocker(
        _INSTANCE,
        item.id,
        maker,
        f"A Cloud Map service cannot be deleted with an instance in it, {where}.",
        deregister_command(f"{service.id}/{item.id}"),
        amounts=(Amount(1, *WORDS),),
        clear="" if foreign else SERVICE,
        lost="" if foreign else "its registration",
    )


def _clear_service(work: Work, service_id: str) -> list[Amount]:
    """Deregister what is in one of our services. Nothing, if some of it is of another account, which would keep it."""
    cloud_map = CloudMap(work.client("servicediscovery"))
    asked: set[str] = set()

    def left() -> list[str]:
        try:
            there = work.looks.tried(lambda: cloud_map.instances(service_id))
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return []  # no service
        strangers = [item for item in there if item.account not in (None, work.account)]
        foreign = [f"{item.id} of account {item.account}" for item in strangers]
        if foreign:
            raise NotCleared(f"Only who has registered them can deregister from {service_id}: {', '.join(foreign)}.")
        for item in there:
            if not work.stopped():
                unless((), lambda item=item: work.looks.tried(lambda: cloud_map.deregister(service_id, item.id)))
                asked.add(item.id)
                work.told([Amount(len(asked), *WORDS)])
        return [item.id for item in there]

    wait(work, _PATIENCE, left, f"until nothing is registered in {service_id}")
    return [Amount(len(asked), *WORDS)] if asked else []


def _clear_namespace(work: Work, namespace_id: str, type_name: str) -> list[Amount]:
    """Delete the services in one of our namespaces that no stack owns, with their instances. Nothing, if a service of
    another account or stack would keep it."""
    filters = [{"Name": "NAMESPACE_ID", "Values": [namespace_id], "Condition": "EQ"}]
    rows = listed(work, "servicediscovery:ListServices", "Services", Filters=filters)
    owners = {row["Id"]: owner_of(work, SERVICE, row["Id"]) for row in rows}
    own = owner_of(work, type_name, namespace_id)
    keep = [
        row["Name"]
        for row in rows
        if owners[row["Id"]] not in ("", own) or row.get("CreatedByAccount", work.account) != work.account
    ]
    if keep:
        raise NotCleared(f"Services of other stacks or accounts are in {namespace_id}: {', '.join(sorted(keep))}.")
    services = instances = 0

    def done() -> list[Amount]:
        several = [Amount(services, "Cloud Map service", "Cloud Map services"), Amount(instances, *WORDS)]
        return [amount for amount in several if amount.count]

    for row in rows:
        if owners[row["Id"]] or work.stopped():
            continue
        instances += sum(amount.count for amount in _clear_service(work, row["Id"]))
        if not work.stopped():
            services += unless((), lambda row=row: call(work, "servicediscovery:DeleteService", Id=row["Id"]))
        work.told(done())
    return done()


# DeregisterInstance takes those of Route 53:
# https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-api-permissions-ref.html
_DEREGISTERS = (
    "route53:DeleteHealthCheck",
    "route53:GetHealthCheck",
    "route53:UpdateHealthCheck",
    "servicediscovery:DeregisterInstance",
    "servicediscovery:ListInstances",
)


def _namespace(kind: str, arn: str = "") -> ResourceType:
    name = f"AWS::ServiceDiscovery::{kind}"
    detect = partial(_others_in, type_name=name)
    return ResourceType(
        held_by=detect,
        name=name,
        command=by("servicediscovery delete-namespace --id"),
        lookup=_listed("Namespaces"),
        arn=arn,
        clearing=Clearing(
            detect=detect,
            clear=partial(_clear_namespace, type_name=name),
            detects=("ecs:DescribeServices", "servicediscovery:ListServices"),
            clears=(
                *_DEREGISTERS,
                "cloudformation:DescribeStackResources",
                "ecs:DescribeServices",
                "servicediscovery:DeleteService",
                "servicediscovery:ListServices",
            ),
            lost="the services of others in it, and their instances",
            source="https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html",
        ),
    )


def _listed(listing: str) -> Lookup:
    return Lookup(
        action=f"servicediscovery:List{listing}",
        ask=lambda ids: {},
        there=lambda answer, ids: (item["Id"] for item in answer[listing]),
        most=1000,
    )


TYPES = (
    _namespace("HttpNamespace"),
    _namespace("PrivateDnsNamespace", "servicediscovery:namespace"),
    _namespace("PublicDnsNamespace"),
    ResourceType(
        name=SERVICE,
        command=by("servicediscovery delete-service --id"),
        lookup=_listed("Services"),
        arn="servicediscovery:service",
        held_by=_others_registered,
        clearing=Clearing(
            detect=_others_registered,
            clear=_clear_service,
            detects=("servicediscovery:ListInstances", "servicediscovery:ListServices"),
            clears=_DEREGISTERS,
            lost="the instances that others have registered in it",
            source="https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html",
        ),
    ),
)
