# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS Cloud Map, and how instances that ECS tasks left behind are found and deregistered."""

from __future__ import annotations

import re
from typing import Any
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
from .resource import Ids
from .resource import Lookup
from .resource import ResourceType
from .resource import by

# ECS registers a task under its task id:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
_TASK_ID = re.compile(r"^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
_KIND = "cloud_map_instance"


class CloudMap:
    """Instances, by calls of a boto3 client. Every call raises :class:`AwsCallError` when it does not succeed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def instances(self, service_id: str) -> list[tuple[str, str]]:
        """Instances registered in a Cloud Map service: id, and name of the ECS cluster if ECS registered it."""
        found: list[tuple[str, str]] = []
        with aws_call("servicediscovery:ListInstances"):
            for page in self._client.get_paginator("list_instances").paginate(ServiceId=service_id):
                for item in page["Instances"]:
                    found.append((item["Id"], item.get("Attributes", {}).get("ECS_CLUSTER_NAME", "")))
        return sorted(found)

    def deregister(self, service_id: str, instance_id: str) -> str:
        """Begin to deregister an instance. The id of the operation, which goes on by itself; empty if an earlier one
        does, which is what DuplicateRequest means. After any other error nothing goes on.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html
        """
        try:
            with aws_call("servicediscovery:DeregisterInstance"):
                answer = self._client.deregister_instance(ServiceId=service_id, InstanceId=instance_id)
        except AwsCallError as error:
            if error.code != "DuplicateRequest":
                raise
            return ""
        return answer["OperationId"]

    def operation(self, operation_id: str) -> Outcome | None:
        """What became of an instance by this operation; None while it goes on."""
        # https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
        with aws_call("servicediscovery:GetOperation"):
            answer = self._client.get_operation(OperationId=operation_id)["Operation"]
        if answer.get("Status") == "SUCCESS":
            return Outcome(REMOVED)
        if answer.get("Status") != "FAIL":
            return None
        words = [answer[key] for key in ("ErrorCode", "ErrorMessage") if answer.get(key)]
        return Outcome(FAILED, f"servicediscovery:DeregisterInstance ended with {': '.join(words) or 'FAIL'}")


def task_instances(instances: Sequence[tuple[str, str]], cluster: str) -> list[str]:
    """The ids of those instances that are tasks, and may be such of this cluster. Others are none of our business: a
    task of another cluster is unknown in this one, which does not mean that it ended."""
    name = cluster.rsplit("/", 1)[-1]
    return [instance for instance, owner in instances if _TASK_ID.match(instance) and owner in ("", name)]


def _find(looks: Looks, namespace: str, cluster: str) -> list[Leftover]:
    """Instances of tasks of the cluster that ended, in the namespaces of this name: there can be one for each VPC."""
    if not namespace:
        return []
    client = CloudMap(looks.clients("servicediscovery"))
    services = [service for inside in _namespaces(looks, namespace) for service in _services(looks, inside)]

    def instances(service: dict[str, Any]) -> list[str]:
        found = looks.at(service["Name"], lambda: client.instances(service["Id"]))
        return task_instances(found or [], cluster)

    pairs = [
        (service, instance) for service, found in zip(services, looks.each(instances, services)) for instance in found
    ]
    ids = [instance for _service, instance in pairs]
    ended = looks.at(cluster, lambda: ended_tasks(looks.clients("ecs"), cluster, ids)) or set()
    return [
        Leftover(
            _KIND,
            f"{service['Name']}/{instance}",
            instance,
            service_id=service["Id"],
            details={"service": service["Name"], "namespace": namespace},
        )
        for service, instance in pairs
        if instance in ended
    ]


def _namespaces(looks: Looks, name: str) -> list[str]:
    filters = [{"Name": "NAME", "Values": [name], "Condition": "EQ"}]
    found = looks.listing("servicediscovery:ListNamespaces", "Namespaces", name, Filters=filters)
    return [item["Id"] for item in found]


def _services(looks: Looks, namespace_id: str) -> list[dict[str, Any]]:
    # A service that does not tell its count may have instances.
    # https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html
    filters = [{"Name": "NAMESPACE_ID", "Values": [namespace_id], "Condition": "EQ"}]
    services = looks.listing("servicediscovery:ListServices", "Services", namespace_id, Filters=filters)
    return [item for item in services if item.get("InstanceCount") != 0]


def _deregister(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
    (item,) = items
    return {item: Outcome(BEGUN, CloudMap(client).deregister(item.service_id or "", item.id))}


def _service_of(key: str) -> str:
    return key.partition("/")[0]


def _command(key: str) -> Ids:
    service, _slash, instance = key.partition("/")
    return ("servicediscovery", "deregister-instance", "--service-id", service, "--instance-id", instance)


def _listed(listing: str) -> Lookup:
    return Lookup(
        action=f"servicediscovery:List{listing}",
        ask=lambda ids: {},
        there=lambda answer, ids: (item["Id"] for item in answer[listing]),
        most=1000,
    )


def _namespace(kind: str, arn: str = "") -> ResourceType:
    return ResourceType(
        name=f"AWS::ServiceDiscovery::{kind}",
        command=by("servicediscovery delete-namespace --id"),
        lookup=_listed("Namespaces"),
        arn=arn,
    )


TYPES = (
    _namespace("HttpNamespace"),
    _namespace("PrivateDnsNamespace", "servicediscovery:namespace"),
    _namespace("PublicDnsNamespace"),
    ResourceType(
        name="AWS::ServiceDiscovery::Service",
        command=by("servicediscovery delete-service --id"),
        lookup=_listed("Services"),
        arn="servicediscovery:service",
    ),
    ResourceType(
        name=_KIND,
        command=_command,
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
            words=("Cloud Map instance", "Cloud Map instances"),
            options=("namespace", "cluster"),
            find=_find,
            removal=Removal(
                "servicediscovery:DeregisterInstance",
                _deregister,
                operation=lambda client, operation_id: CloudMap(client).operation(operation_id),
            ),
        ),
    ),
)
