# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS Cloud Map, and how instances that ECS tasks left behind are found and deregistered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Iterable
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .ecs import ended_tasks
from .leftover import BEGUN
from .leftover import FAILED
from .leftover import REMOVED
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Outcome
from .leftover import Removal
from .ours import Ours
from .ours import Place
from .resource import Ids
from .resource import Lookup
from .resource import ResourceType
from .resource import last_part

# ECS registers a task under its task id:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
_TASK_ID = re.compile(r"^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
_KIND = "cloud_map_instance"
SERVICE = "AWS::ServiceDiscovery::Service"
WORDS = ("Cloud Map instance", "Cloud Map instances")
_NAMESPACES = tuple(f"AWS::ServiceDiscovery::{kind}Namespace" for kind in ("Http", "PrivateDns", "PublicDns"))


@dataclass(frozen=True)
class Instance:
    """An instance: name and region of the ECS cluster if ECS registered it, and the account that did, None if that is
    not told."""

    id: str
    cluster: str = ""
    region: str = ""
    account: str | None = None


@dataclass(frozen=True)
class Service:
    """``in_ours``: whether its namespace is a stack's of ours, and our account's."""

    id: str
    name: str
    in_ours: bool
    empty: bool


class CloudMap:
    """Instances, by calls of a boto3 client. Every call raises :class:`AwsCallError` when it does not succeed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def instances(self, service_id: str) -> list[Instance]:
        """Instances registered in a Cloud Map service, sorted by id."""
        found: list[Instance] = []
        with aws_call("servicediscovery:ListInstances"):
            for page in self._client.get_paginator("list_instances").paginate(ServiceId=service_id):
                found.extend(_instance(item) for item in page["Instances"])
        return sorted(found, key=lambda item: item.id)

    def deregister(self, service_id: str, instance_id: str) -> str:
        """Begin to deregister an instance. The id of the operation, which goes on by itself; empty if an earlier one
        does, which is what DuplicateRequest means. After any other error nothing goes on.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html; a service stays while it has
        instances: https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html
        """
        try:
            with aws_call("servicediscovery:DeregisterInstance"):
                answer = self._client.deregister_instance(ServiceId=service_id, InstanceId=instance_id)
        except AwsCallError as error:
            if error.code != "DuplicateRequest":
                raise
            return ""
        return answer.get("OperationId", "")

    def operation(self, operation_id: str) -> Outcome | None:
        """What became of an instance by this operation; None while it goes on."""
        # https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
        with aws_call("servicediscovery:GetOperation"):
            answer = self._client.get_operation(OperationId=operation_id).get("Operation", {})
        if answer.get("Status") == "SUCCESS":
            return Outcome(REMOVED)
        if answer.get("Status") != "FAIL":
            return None
        words = [answer[key] for key in ("ErrorCode", "ErrorMessage") if answer.get(key)]
        return Outcome(FAILED, f"servicediscovery:DeregisterInstance ended with {': '.join(words) or 'FAIL'}")


def _instance(item: dict[str, Any]) -> Instance:
    attributes = item.get("Attributes", {})
    return Instance(
        item["Id"],
        cluster=attributes.get("ECS_CLUSTER_NAME", ""),
        region=attributes.get("REGION", ""),
        account=item.get("CreatedByAccount"),
    )


def task_instances(instances: Iterable[Instance], cluster: str, trusted: bool) -> list[str]:
    """The ids of those instances that are tasks of this cluster, by its ARN. Others are none of our business: a task of
    another cluster is unknown in this one, which does not mean that it ended. ECS tells neither the ARN of its cluster
    nor the account, so that name, region and account all have to fit.

    ``trusted``: what counts where the account is not told, as botocore before 1.40.10 never does. Without an ARN there
    is none.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    if not cluster:
        return []
    place, name = Place.of(cluster), last_part(cluster)
    return [
        item.id
        for item in instances
        if _TASK_ID.match(item.id)
        and (item.cluster, item.region) == (name, place.region)
        and (trusted if item.account is None else item.account == place.account)
    ]


def strangers(looks: Looks, items: Iterable[Leftover], account: str) -> dict[Leftover, str]:
    """Those instances that another account has registered, with that account."""
    asked = [item for item in items if item.kind == _KIND]

    def instances(service_id: str) -> list[Instance]:
        return looks.at(service_id, lambda: CloudMap(looks.clients("servicediscovery")).instances(service_id)) or []

    services = list(dict.fromkeys(item.service_id or "" for item in asked))
    found = dict(zip(services, looks.each(instances, services)))
    makers = {(key, it.id): it.account for key, several in found.items() for it in several}
    owner = {item: makers.get((item.service_id or "", item.id)) for item in asked}
    return {item: maker for item, maker in owner.items() if maker not in (None, account)}


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """Instances of tasks of our clusters that ended, in services that stacks own or had, and in namespaces that they
    own."""
    services = services_of(looks, ours) if ours.clusters else []
    instances_of = looks.each(lambda service: registered(looks, service), services)
    found: list[Leftover] = []
    for cluster in map(ours.place.cluster, ours.clusters):
        pairs = [
            (service, instance)
            for service, instances in zip(services, instances_of)
            for instance in task_instances(instances, cluster, service.in_ours)
        ]
        ids = [instance for _service, instance in pairs]
        ended = looks.at(cluster, lambda ids=ids, cluster=cluster: ended_tasks(looks.clients("ecs"), cluster, ids))
        found += [_leftover(service, instance) for service, instance in pairs if instance in (ended or ())]
    return found


def _leftover(service: Service, instance: str) -> Leftover:
    name = f"{service.name}/{instance}"
    return Leftover(_KIND, name, instance, service_id=service.id, details={"service": service.name})


def services_of(looks: Looks, ours: Ours) -> list[Service]:
    """Those that stacks own or had, if they are there, and what is in their namespaces, if it may have instances."""

    def inside(namespace_id: str) -> list[Service]:
        own = ours.place.account
        return [_service(row, row.get("ResourceOwner", own) == own) for row in services_in(looks, namespace_id)]

    found = [service for several in looks.each(inside, ours.owned_ids(*_NAMESPACES)) for service in several]
    others = {*ours.owned_ids(SERVICE), *ours.had_ids(SERVICE)} - {service.id for service in found}
    rows = looks.once("services", lambda: looks.listing("servicediscovery:ListServices", "Services")) if others else []
    found += [_service(row, False) for row in rows if row["Id"] in others]
    return [service for service in found if not service.empty]


def services_in(looks: Looks, namespace_id: str) -> list[dict[str, Any]]:
    """The services in a namespace, as they are listed."""
    filters = [{"Name": "NAMESPACE_ID", "Values": [namespace_id], "Condition": "EQ"}]
    action = "servicediscovery:ListServices"
    return looks.once(
        ("services", namespace_id), lambda: looks.listing(action, "Services", namespace_id, Filters=filters)
    )


def registered(looks: Looks, service: Service) -> list[Instance]:
    """The instances of a service; none, with a gap, if they can not be listed."""
    def instances() -> list[Instance]:
        return CloudMap(looks.clients("servicediscovery")).instances(service.id)

    return looks.once(("instances", service.id), lambda: looks.at(service.name, instances) or [])


def _service(row: dict[str, Any], in_ours: bool) -> Service:
    # A service that does not tell its count may have instances.
    # https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html
    return Service(row["Id"], row["Name"], in_ours, row.get("InstanceCount") == 0)


def _deregister(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
    (item,) = items
    return {item: Outcome(BEGUN, CloudMap(client).deregister(item.service_id or "", item.id))}


def _service_of(key: str) -> str:
    return key.partition("/")[0]


def deregister_command(key: str) -> Ids:
    """Words of the AWS command for an instance, by the ids of its service and its own."""
    service, _slash, instance = key.partition("/")
    return ("servicediscovery", "deregister-instance", "--service-id", service, "--instance-id", instance)


TYPES = (
    ResourceType(
        name=_KIND,
        command=deregister_command,
        lookup=Lookup(
            action="servicediscovery:ListInstances",
            ask=lambda keys: {"ServiceId": _service_of(keys[0])},
            there=lambda answer, keys: (f"{_service_of(keys[0])}/{item['Id']}" for item in answer["Instances"]),
            most=1000,
            absent=frozenset(("ServiceNotFound",)),
            alike=_service_of,
        ),
        leftover=LeftoverKind(
            name=_KIND,
            words=WORDS,
            find=_find,
            of_clusters=True,
            removal=Removal(
                "servicediscovery:DeregisterInstance",
                _deregister,
                operation=lambda client, operation_id: CloudMap(client).operation(operation_id),
            ),
        ),
    ),
)
