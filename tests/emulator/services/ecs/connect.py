# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Connect: the Cloud Map services that ECS makes for a service, in the namespace that it names.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectServiceResource.html. That ECS deletes them
with the service is said nowhere. Its own role may delete the Cloud Map services that it has made, which have the tag
AmazonECSManaged: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSServiceRolePolicy.html
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.servicediscovery.models import servicediscovery_backends

from ...world import world
from .errors import InvalidParameter

if TYPE_CHECKING:
    from .service import Service

_TAGS = [{"Key": "AmazonECSManaged", "Value": "true"}]


def begin(service: Service) -> None:
    """Make a Cloud Map service for each name under which the service is found."""
    configuration = service.service_connect_configuration
    if not configuration.get("enabled"):
        return
    backend = _cloud_map(service)
    name = configuration.get("namespace", "")
    namespace = next((item for item in backend.namespaces.values() if name in (item.name, item.arn)), None)
    if namespace is None:
        raise InvalidParameter(f"Namespace {name} not found.")
    for item in configuration.get("services", []):
        discovery_name = item.get("discoveryName") or item["portName"]
        made = backend.create_service(
            name=discovery_name,
            namespace_id=namespace.id,
            creator_request_id=str(uuid.uuid4()),
            description="Managed by Amazon ECS",
            dns_config=None,
            health_check_config=None,
            health_check_custom_config=None,
            tags=_TAGS,
            service_type="HTTP",
        )
        service.connected[discovery_name] = made.arn


def end(service: Service) -> None:
    """Delete them again, unless they are told to stay, or something is registered in one."""
    if world.faults.keeps_connected(service.name):
        return
    for arn in service.connected.values():
        try:
            _cloud_map(service).delete_service(arn.rpartition("/")[2])
        except JsonRESTError:
            continue


def shown(service: Service) -> dict[str, Any]:
    """What a deployment shows of it."""
    if not service.connected:
        return {}
    resources = [{"discoveryName": name, "discoveryArn": arn} for name, arn in service.connected.items()]
    return {
        "serviceConnectConfiguration": service.service_connect_configuration,
        "serviceConnectResources": resources,
    }


def _cloud_map(service: Service) -> Any:
    return servicediscovery_backends[service.backend.account_id][service.region_name]
