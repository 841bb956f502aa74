# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::AppMesh::* on moto's App Mesh.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppMesh.html
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from moto.appmesh.dataclasses.virtual_node import VirtualNodeSpec
from moto.appmesh.exceptions import MeshError
from moto.appmesh.models import AppMeshBackend, appmesh_backends
from moto.appmesh.utils.spec_parsing import build_route_spec, build_virtual_node_spec, port_mappings_from_router_spec
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..world import world
from . import mesh_rules

_CAPITALS = re.compile(r"^(?:[A-Z]+(?=[A-Z][a-z]|\d*$)|[A-Z])")


def _as_api(value: Any) -> Any:
    """Names of a template as the API spells them: ``AWSCloudMap`` -> ``awsCloudMap``, ``DNS`` -> ``dns``."""
    if isinstance(value, list):
        return [_as_api(item) for item in value]
    if isinstance(value, dict):
        return {_CAPITALS.sub(lambda match: match[0].lower(), key): _as_api(item) for key, item in value.items()}
    return value


class _InMesh:
    """What the five types share. Not a CloudFormationModel itself: moto looks at direct subclasses of that only."""

    kind = ""
    parent = ""

    def __init__(self, name: str, properties: dict[str, Any], account_id: str, region: str) -> None:
        self.name = name
        self.account_id = account_id
        self.region = region
        self.uid = str(uuid.uuid4())
        self.mesh_name = properties.get("MeshName", name)
        self.router_name = properties.get("VirtualRouterName", "")
        self.spec = _as_api(properties.get("Spec", {}))

    @property
    def backend(self) -> AppMeshBackend:
        return appmesh_backends[self.account_id][self.region]

    @classmethod
    def cloudformation_type(cls) -> str:
        return f"AWS::AppMesh::{cls.kind}"

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return f"{cls.kind}Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in {"Arn", "Id", "MeshName", "MeshOwner", "ResourceOwner", "Uid", f"{cls.kind}Name"} | (
            {"VirtualRouterName"} if cls.kind == "Route" else set()
        )

    @property
    def physical_resource_id(self) -> str:
        path = f"mesh/{self.mesh_name}"
        if self.kind == "Route":
            path += f"/virtualRouter/{self.router_name}"
        if self.kind != "Mesh":
            path += f"/{self.kind[0].lower()}{self.kind[1:]}/{self.name}"
        return f"arn:aws:appmesh:{self.region}:{self.account_id}:{path}"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        values = {
            "Arn": self.physical_resource_id,
            "Id": self.physical_resource_id,
            "Uid": self.uid,
            "MeshName": self.mesh_name,
            "MeshOwner": self.account_id,
            "ResourceOwner": self.account_id,
            "VirtualRouterName": self.router_name,
            f"{self.kind}Name": self.name,
        }
        if not self.has_cfn_attr(attribute_name):
            raise UnformattedGetAttTemplateException()
        return values[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Any:
        resource = cls(resource_name, cloudformation_json["Properties"], account_id, region_name)
        resource.create()
        return resource

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        named = cls.cloudformation_name_type() in cloudformation_json["Properties"]
        name = new_resource_name if named else original_resource.name
        resource = cls(name, cloudformation_json["Properties"], account_id, region_name)
        if resource.physical_resource_id == original_resource.physical_resource_id:
            resource.uid = original_resource.uid
            resource.update()
        else:
            resource.create()
            original_resource.delete(account_id, region_name)
        return resource

    def create(self) -> None:
        raise NotImplementedError

    def update(self) -> None:
        raise NotImplementedError

    def check(self) -> None:
        """Raises moto's MeshError if the service refuses to delete it now."""

    def delete(self, account_id: str, region: str) -> None:
        raise NotImplementedError


class MeshResource(_InMesh, CloudFormationModel):
    kind = "Mesh"

    def create(self) -> None:
        self.backend.create_mesh(None, self.name, self._egress(), None, [])

    def update(self) -> None:
        self.backend.update_mesh(None, self.name, self._egress(), None)

    def _egress(self) -> str:
        return self.spec.get("egressFilter", {}).get("type", "DROP_ALL")

    def check(self) -> None:
        mesh_rules.check_mesh(self.backend.describe_mesh(self.name, None))

    def delete(self, account_id: str, region: str) -> None:
        self.backend.delete_mesh(self.name)


class VirtualRouterResource(_InMesh, CloudFormationModel):
    kind = "VirtualRouter"

    def create(self) -> None:
        ports = port_mappings_from_router_spec(self.spec)
        self.backend.create_virtual_router(None, self.mesh_name, None, ports, [], self.name)

    def update(self) -> None:
        ports = port_mappings_from_router_spec(self.spec)
        self.backend.update_virtual_router(None, self.mesh_name, None, ports, self.name)

    def check(self) -> None:
        mesh_rules.check_router(self.backend.describe_mesh(self.mesh_name, None), self.name)

    def delete(self, account_id: str, region: str) -> None:
        self.backend.delete_virtual_router(self.mesh_name, None, self.name)


class VirtualNodeResource(_InMesh, CloudFormationModel):
    kind = "VirtualNode"

    def create(self) -> None:
        self.backend.create_virtual_node(None, self.mesh_name, None, self._node_spec(), [], self.name)

    def update(self) -> None:
        self.backend.update_virtual_node(None, self.mesh_name, None, self._node_spec(), self.name)

    def _node_spec(self) -> VirtualNodeSpec:
        cloud_map = self.spec.get("serviceDiscovery", {}).get("awsCloudMap")
        if cloud_map is not None:
            cloud_map.setdefault("attributes", [])  # optional in AWS, required by moto
        return build_virtual_node_spec(self.spec)

    def check(self) -> None:
        mesh_rules.check_node(self.backend.describe_mesh(self.mesh_name, None), self.name)

    def delete(self, account_id: str, region: str) -> None:
        self.backend.delete_virtual_node(self.mesh_name, None, self.name)


class VirtualServiceResource(_InMesh, CloudFormationModel):
    kind = "VirtualService"

    def create(self) -> None:
        mesh_rules.virtual_services(self.backend.describe_mesh(self.mesh_name, None))[self.name] = self.spec

    update = create

    def check(self) -> None:
        mesh_rules.check_service(self.backend.describe_mesh(self.mesh_name, None), self.name)

    def delete(self, account_id: str, region: str) -> None:
        mesh_rules.delete_virtual_service(self.backend, self.mesh_name, self.name)


class RouteResource(_InMesh, CloudFormationModel):
    kind = "Route"

    def create(self) -> None:
        spec = build_route_spec(self.spec)
        self.backend.create_route(None, self.mesh_name, None, self.name, spec, [], self.router_name)

    def update(self) -> None:
        spec = build_route_spec(self.spec)
        self.backend.update_route(None, self.mesh_name, None, self.name, spec, self.router_name)

    def delete(self, account_id: str, region: str) -> None:
        self.backend.delete_route(self.mesh_name, None, self.name, self.router_name)


class _Deletion:
    """Refused at once while something uses the resource; a resource that is gone already is as good as deleted."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        try:
            resource.model.check()
        except MeshError as error:
            _refuse_what_is_in_use(error)
            return 0.0
        return world.durations.draw("appmesh.resource", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        try:
            resource.model.delete(resource.account_id, resource.region)
        except MeshError as error:
            _refuse_what_is_in_use(error)
        return True


def _refuse_what_is_in_use(error: MeshError) -> None:
    """Raise Refused if that is why App Mesh did not delete; any other of its errors says that the resource is gone."""
    if isinstance(error, mesh_rules.ResourceInUse):
        raise Refused(error.error_type, error.message, service="AppMesh") from error


def install() -> None:
    for resource_class in (
        MeshResource,
        VirtualRouterResource,
        VirtualNodeResource,
        VirtualServiceResource,
        RouteResource,
    ):
        register(resource_class.cloudformation_type(), _Deletion())
