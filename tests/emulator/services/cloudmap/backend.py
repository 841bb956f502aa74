# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Map that refuses to delete what is in use, and takes its time.

https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html
https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource
from moto.core.utils import unix_time
from moto.route53.models import route53_backends
from moto.servicediscovery.exceptions import ConflictingDomainExists, InstanceNotFound, NamespaceNotFound
from moto.servicediscovery.models import Namespace, Operation, Service, ServiceDiscoveryBackend, ServiceInstance
from moto.utilities.utils import get_partition

from ...world import world


class ResourceInUse(JsonRESTError):
    """For services the text of hashicorp/terraform-provider-aws#4853; the one for namespaces is made like it."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceInUse", message)


class DuplicateRequest(JsonRESTError):
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html#API_DeregisterInstance_Errors"""

    def __init__(self, operation_id: str) -> None:
        message = f"Another operation of type DeregisterInstance and id {operation_id} is in progress"
        super().__init__("DuplicateRequest", message)


class Instance(ServiceInstance):
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_InstanceSummary.html, API_Instance.html

    ``created_by``: the account that has registered it: not always the namespace's, if that is shared.
    https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-identify.html
    """

    def __init__(self, service_id: str, instance_id: str, attributes: dict[str, str], created_by: str) -> None:
        super().__init__(service_id, instance_id, attributes=attributes)
        self.created_by = created_by

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "CreatedByAccount": self.created_by}


class AsynchronousOperation(Operation):
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html"""

    def to_json(self, short: bool = False) -> dict[str, Any]:
        shown = super().to_json(short)
        if self.status == "FAIL" and not short:
            shown["ErrorCode"] = "INTERNAL_FAILURE"
            shown["ErrorMessage"] = "The operation failed because of an unknown error."
        return shown


class CloudMapBackend(ServiceDiscoveryBackend, TaggableResourcesMixin):
    """Namespaces, services and instances of one account and region."""

    SERVICE_NAMESPACE = "servicediscovery"

    @property
    def _url_module(self) -> Any:
        from .responses import urls  # responses import the backend

        return urls

    # namespaces

    def create_private_dns_namespace(
        self,
        name: str,
        creator_request_id: str,
        description: str,
        vpc: str,
        tags: list[dict[str, str]],
        properties: dict[str, Any],
    ) -> str:
        """Its hosted zone belongs to the VPC.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html
        """
        if any(namespace.name == name and namespace.vpc == vpc for namespace in self.namespaces.values()):
            raise ConflictingDomainExists(vpc)
        zone = self._route53.create_hosted_zone(
            f"{name}.",
            private_zone=True,
            vpcid=vpc,
            vpcregion=self.region_name,
            comment=f"Created by AWS Cloud Map namespace {name}",
        )
        namespace = Namespace(
            account_id=self.account_id,
            region=self.region_name,
            name=name,
            ns_type="DNS_PRIVATE",
            creator_request_id=creator_request_id,
            description=description,
            dns_properties={**(properties or {}).get("DnsProperties", {}), "HostedZoneId": zone.id.rpartition("/")[2]},
            http_properties={"HttpName": name},
            vpc=vpc,
        )
        self.namespaces[namespace.id] = namespace
        if tags:
            self.tagger.tag_resource(namespace.arn, tags)
        world.note("namespace", name, "created")
        return self._create_operation("CREATE_NAMESPACE", {"NAMESPACE": namespace.id})

    def delete_namespace(self, namespace_id: str) -> str:
        """Asynchronous; refused while services exist in it. A second call gets the same operation."""
        namespace = self.get_namespace(namespace_id)
        if any(service.namespace_id == namespace_id for service in self.services.values()):
            raise ResourceInUse("Namespace has associated services; delete the services before deleting the namespace.")
        for operation in self.operations.values():
            pending = operation.status in ("SUBMITTED", "PENDING")
            if pending and operation.operation_type == "DELETE_NAMESPACE":
                if operation.targets.get("NAMESPACE") == namespace_id:
                    return operation.id
        world.note("namespace", namespace.name, "deleting")
        return self._operate(
            "DELETE_NAMESPACE", {"NAMESPACE": namespace_id}, "cloudmap.namespace", self._remove_namespace, namespace
        )

    def _remove_namespace(self, namespace: Namespace) -> None:
        if self.namespaces.pop(namespace.id, None) is None:
            return
        zone_id = (namespace.dns_properties or {}).get("HostedZoneId")
        if zone_id:
            self._route53.zones.pop(zone_id, None)
        world.note("namespace", namespace.name, "deleted")

    @property
    def _route53(self) -> Any:
        return route53_backends[self.account_id][get_partition(self.region_name)]

    # services

    def create_service(self, name: str, namespace_id: str, *args: Any, **kwargs: Any) -> Service:
        dns_config = kwargs.get("dns_config") or {}
        namespace_id = namespace_id or dns_config.get("NamespaceId", "")
        if namespace_id not in self.namespaces:
            raise NamespaceNotFound(namespace_id)
        for service in self.services.values():
            if service.name == name and service.namespace_id == namespace_id:
                raise JsonRESTError("ServiceAlreadyExists", "Service already exists.")
        return super().create_service(name, namespace_id, *args, **kwargs)

    def delete_service(self, service_id: str) -> None:
        service = self.get_service(service_id)
        if service.instances:
            raise ResourceInUse(
                "Service contains registered instances; delete the instances before deleting the service"
            )
        super().delete_service(service_id)
        world.note("cloudmap_service", service.name, "deleted")

    # instances

    def register_instance(
        self, service_id: str, instance_id: str, creator_request_id: str, attributes: dict[str, str]
    ) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html"""
        self.get_service(service_id)
        return self._operate(
            "REGISTER_INSTANCE",
            {"INSTANCE": instance_id, "SERVICE": service_id},
            "cloudmap.instance.register",
            self.put_instance,
            service_id,
            instance_id,
            attributes,
        )

    def deregister_instance(self, service_id: str, instance_id: str) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html"""
        service = self.get_service(service_id)
        if all(instance.instance_id != instance_id for instance in service.instances):
            raise InstanceNotFound(instance_id)
        for operation in self.operations.values():
            if (
                operation.status == "PENDING"
                and operation.operation_type == "DEREGISTER_INSTANCE"
                and operation.targets == {"INSTANCE": instance_id, "SERVICE": service_id}
            ):
                raise DuplicateRequest(operation.id)
        fails = world.faults.take_failing_deregistration()
        return self._operate(
            "DEREGISTER_INSTANCE",
            {"INSTANCE": instance_id, "SERVICE": service_id},
            "cloudmap.instance.deregister",
            *((None,) if fails else (self.drop_instance, service_id, instance_id)),
        )

    def put_instance(
        self, service_id: str, instance_id: str, attributes: dict[str, str], created_by: str | None = None
    ) -> None:
        """Register now, for this account or another. The same id again replaces the instance."""
        service = self.services.get(service_id)
        if service is None:
            return
        service.instances = [instance for instance in service.instances if instance.instance_id != instance_id]
        service.instances.append(Instance(service_id, instance_id, attributes, created_by or self.account_id))
        service.instances_revision[instance_id] = service.instances_revision.get(instance_id, 0) + 1
        world.note("instance", f"{service.name}/{instance_id}", "registered")

    def drop_instance(self, service_id: str, instance_id: str) -> None:
        """Deregister now; nothing happens if it is not registered."""
        service = self.services.get(service_id)
        if service is None or all(instance.instance_id != instance_id for instance in service.instances):
            return
        service.instances = [instance for instance in service.instances if instance.instance_id != instance_id]
        service.instances_revision[instance_id] = service.instances_revision.get(instance_id, 0) + 1
        world.note("instance", f"{service.name}/{instance_id}", "deregistered")

    # tags

    def tag_resource(self, resource_arn: str, tags: Any) -> None:
        """``tags`` as the API has them, or as the tagging API gives them: a dict."""
        if isinstance(tags, dict):
            tags = self.tagger.convert_dict_to_tags_input(tags)
        self.tagger.tag_resource(resource_arn, tags)

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        for kind, items in (("namespace", self.namespaces), ("service", self.services)):
            for item in items.values():
                tags = self.tagger.get_tag_dict_for_resource(item.arn)
                yield TaggedResource(item.arn, tags, f"servicediscovery:{kind}")

    # operations

    def list_operations(self) -> list[Operation]:
        return list(self.operations.values())

    def _operate(self, kind: str, targets: dict[str, str], key: str, function: Any, *arguments: Any) -> str:
        """Start an asynchronous operation that ends with ``function(*arguments)``, or fails if that is None."""
        operation = AsynchronousOperation(operation_type=kind, targets=targets)
        operation.status = "PENDING"
        self.operations[operation.id] = operation

        def finish() -> None:
            operation.updated = unix_time()
            if function is None:
                operation.status = "FAIL"
                return
            function(*arguments)
            operation.status = "SUCCESS"

        items = (self.services.get(targets.get("SERVICE", "")), self.namespaces.get(targets.get("NAMESPACE", "")))
        name = "/".join(item.name for item in items if item is not None)
        world.clock.call_later(world.durations.draw(key, name), finish)
        return operation.id
