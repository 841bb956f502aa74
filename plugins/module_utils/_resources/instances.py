# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Cloud Map instances whose ECS task is gone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import aws_call
from .._tasks.registrations import Registrations
from .._aws.reading import Reading
from .._survey.tasks import Cluster
from .._survey.tasks import KnownTasks
from .._survey.types import CLOUD_MAP_INSTANCE
from .._survey.types import Found
from .._tasks.reader import RegistryReader
from .._tasks.types import TaskView


@dataclass(frozen=True)
class Registry:
    """A Cloud Map service in which something is registered."""

    id: str
    name: str


class Instances:
    """``clients``: makes a boto3 client from the name of its service. ``namespace``: name of the namespace."""

    def __init__(self, clients: Callable, reading: Reading, namespace: str) -> None:
        self._clients = clients
        self._reading = reading
        self._namespace = namespace

    def registries(self) -> list[Registry]:
        """The services with instances in the namespaces of this name: there can be one for each VPC."""
        namespaces = self._reading.read(self._namespaces, [])
        return [item for namespace in namespaces for item in self._reading.read(lambda: self._services(namespace), [])]

    def orphans(self, registries: Sequence[Registry], cluster: Cluster, running: Sequence[TaskView]) -> list[Found]:
        """Instances of tasks of the cluster that ended. ``running``: the tasks that are known not to have."""
        sweep = Registrations(
            RegistryReader(self._clients("servicediscovery")),
            KnownTasks(cluster.reader(), running),
            time.monotonic,
            patience=0,
        )
        found = self._reading.each(
            lambda registry: self._reading.read(lambda: sweep.orphans(registry.id), []), registries
        )
        return [
            Found(
                CLOUD_MAP_INSTANCE,
                f"{registry.name}/{instance}",
                instance,
                service_id=registry.id,
                details={"service": registry.name, "namespace": self._namespace},
            )
            for registry, instances in zip(registries, found)
            for instance in instances
        ]

    def _namespaces(self) -> list[str]:
        filters = [{"Name": "NAME", "Values": [self._namespace], "Condition": "EQ"}]
        return [item["Id"] for item in self._list("ListNamespaces", "list_namespaces", "Namespaces", filters)]

    def _services(self, namespace_id: str) -> list[Registry]:
        # A service that does not tell its count may have instances.
        # https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html
        filters = [{"Name": "NAMESPACE_ID", "Values": [namespace_id], "Condition": "EQ"}]
        services = self._list("ListServices", "list_services", "Services", filters)
        return [Registry(item["Id"], item["Name"]) for item in services if item.get("InstanceCount") != 0]

    def _list(self, action: str, call: str, key: str, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with aws_call(f"servicediscovery:{action}"):
            pages = self._clients("servicediscovery").get_paginator(call).paginate(Filters=filters)
            return [item for page in pages for item in page[key]]
