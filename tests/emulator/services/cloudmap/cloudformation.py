# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ServiceDiscovery::* of CloudFormation, which moto does not know.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-servicediscovery-privatednsnamespace.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-servicediscovery-httpnamespace.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-servicediscovery-service.html
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.servicediscovery.models import servicediscovery_backends

from ...cloudformation.deletion import Context, Refused, Resource, register
from ...world import world
from ..models import StackResource
from .backend import CloudMapBackend

#: CloudFormation's attempts to delete a namespace with services
#: (aws-cloudformation/cloudformation-coverage-roadmap#580).
_NAMESPACE_ATTEMPTS = 3


def _backend(account_id: str, region: str) -> CloudMapBackend:
    return servicediscovery_backends[account_id][region]  # type: ignore[return-value]


class _Namespace(StackResource):
    """Common to the kinds of namespaces: Ref is the id."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "Id", "HostedZoneId")

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> Any:
        namespace = _backend(account_id, region_name).get_namespace(original_resource.physical_resource_id)
        namespace.description = cloudformation_json["Properties"].get("Description")
        return original_resource

    @classmethod
    def _made(cls, account_id: str, region: str, operation_id: str) -> Any:
        backend = _backend(account_id, region)
        namespace = backend.get_namespace(backend.operations[operation_id].targets["NAMESPACE"])
        zone = (namespace.dns_properties or {}).get("HostedZoneId", "")
        return cls(namespace.id, {"Arn": namespace.arn, "Id": namespace.id, "HostedZoneId": zone})


class PrivateDnsNamespaceResource(_Namespace, StackResource.base):
    """A namespace with a private hosted zone."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ServiceDiscovery::PrivateDnsNamespace"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> Any:
        properties = cloudformation_json["Properties"]
        operation_id = _backend(account_id, region_name).create_private_dns_namespace(
            name=properties["Name"],
            creator_request_id=str(uuid.uuid4()),
            description=properties.get("Description"),
            vpc=properties["Vpc"],
            tags=properties.get("Tags"),
            properties=properties.get("Properties", {}),
        )
        return cls._made(account_id, region_name, operation_id)


class HttpNamespaceResource(_Namespace, StackResource.base):
    """A namespace without DNS."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ServiceDiscovery::HttpNamespace"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> Any:
        properties = cloudformation_json["Properties"]
        operation_id = _backend(account_id, region_name).create_http_namespace(
            properties["Name"], str(uuid.uuid4()), properties.get("Description"), properties.get("Tags")
        )
        return cls._made(account_id, region_name, operation_id)


class ServiceResource(StackResource, StackResource.base):
    """A service; Ref is its id."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ServiceDiscovery::Service"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "Id", "Name")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> Any:
        properties = cloudformation_json["Properties"]
        service = _backend(account_id, region_name).create_service(
            name=resource_name,
            namespace_id=properties.get("NamespaceId"),
            creator_request_id=str(uuid.uuid4()),
            description=properties.get("Description"),
            dns_config=properties.get("DnsConfig"),
            health_check_config=properties.get("HealthCheckConfig"),
            health_check_custom_config=properties.get("HealthCheckCustomConfig"),
            tags=properties.get("Tags"),
            service_type=properties.get("Type"),
        )
        return cls(service.id, {"Arn": service.arn, "Id": service.id, "Name": service.name})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> Any:
        service = _backend(account_id, region_name).get_service(original_resource.physical_resource_id)
        service.update(cloudformation_json["Properties"])
        return original_resource


class NamespaceDeletion:
    """Asks, and waits for the operation; some refusals are met with further attempts."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = _backend(resource.account_id, resource.region)
        if resource.physical_id not in backend.namespaces:
            return 0.0
        context.memory["attempts"] = context.memory.get("attempts", 0) + 1
        try:
            context.memory["operation"] = backend.delete_namespace(resource.physical_id)
        except JsonRESTError as error:
            retry = context.memory["attempts"] < _NAMESPACE_ATTEMPTS
            raise Refused(error.error_type, error.message, service="ServiceDiscovery", retry=retry) from error
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        return resource.physical_id not in _backend(resource.account_id, resource.region).namespaces


class ServiceDeletion:
    """Deletes the service; with instances registered that fails at once."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("cloudmap.service", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = _backend(resource.account_id, resource.region)
        if resource.physical_id in backend.services:
            try:
                backend.delete_service(resource.physical_id)
            except JsonRESTError as error:
                raise Refused(error.error_type, error.message, service="ServiceDiscovery", retry=False) from error
        return True


def register_handlers() -> None:
    """Have CloudFormation delete Cloud Map resources the way Cloud Map lets them go."""
    for kind in ("PrivateDnsNamespace", "HttpNamespace"):
        register(f"AWS::ServiceDiscovery::{kind}", NamespaceDeletion())
    register("AWS::ServiceDiscovery::Service", ServiceDeletion())
