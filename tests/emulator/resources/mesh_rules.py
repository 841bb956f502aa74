# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What App Mesh refuses to delete, and the virtual services that moto does not have.

https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DeleteMesh.html, API_DeleteVirtualRouter.html,
API_DeleteVirtualNode.html and API_DeleteVirtualService.html name the rules and ResourceInUseException.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.appmesh.dataclasses.mesh import Mesh
from moto.appmesh.exceptions import MeshError
from moto.appmesh.models import AppMeshBackend

from ..patching import Patches

_moto_delete_mesh = AppMeshBackend.delete_mesh
_moto_delete_router = AppMeshBackend.delete_virtual_router
_moto_delete_node = AppMeshBackend.delete_virtual_node


class ResourceInUse(MeshError):
    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ResourceInUseException", message)


class VirtualServiceNotFound(MeshError):
    code = 404

    def __init__(self, mesh_name: str, name: str) -> None:
        super().__init__("NotFoundException", f"The mesh {mesh_name} does not have a virtual service named {name}.")


def virtual_services(mesh: Mesh) -> dict[str, dict[str, Any]]:
    """The specs of the virtual services of a mesh, by name."""
    return vars(mesh).setdefault("virtual_services", {})


def _values(value: Any, key: str) -> Iterator[Any]:
    """Every value of ``key`` anywhere inside of ``value``."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from _values(item, key)


def check_mesh(mesh: Mesh) -> None:
    if mesh.virtual_routers or mesh.virtual_nodes or mesh.virtual_gateways or virtual_services(mesh):
        raise ResourceInUse(f"Mesh {mesh.mesh_name} cannot be deleted because it still contains resources.")


def check_router(mesh: Mesh, name: str) -> None:
    if name in mesh.virtual_routers and mesh.virtual_routers[name].routes:
        raise ResourceInUse(f"Virtual router {name} cannot be deleted because it still has routes.")
    for service, spec in virtual_services(mesh).items():
        if name in _values(spec, "virtualRouterName"):
            raise ResourceInUse(f"Virtual router {name} cannot be deleted because virtual service {service} uses it.")


def check_node(mesh: Mesh, name: str) -> None:
    for router in mesh.virtual_routers.values():
        for route in router.routes.values():
            if name in _values(route.spec.to_dict(), "virtualNode"):
                raise ResourceInUse(f"Virtual node {name} cannot be deleted because route {route.route_name} uses it.")
    for service, spec in virtual_services(mesh).items():
        if name in _values(spec, "virtualNodeName"):
            raise ResourceInUse(f"Virtual node {name} cannot be deleted because virtual service {service} uses it.")


def check_service(mesh: Mesh, name: str) -> None:
    for node in mesh.virtual_nodes.values():
        if name in _values(node.spec.to_dict().get("backends", []), "virtualServiceName"):
            raise ResourceInUse(
                f"Virtual service {name} cannot be deleted because virtual node {node.virtual_node_name} uses it."
            )


def delete_virtual_service(backend: AppMeshBackend, mesh_name: str, name: str) -> None:
    mesh = backend.describe_mesh(mesh_name, None)
    if name not in virtual_services(mesh):
        raise VirtualServiceNotFound(mesh_name, name)
    check_service(mesh, name)
    del virtual_services(mesh)[name]


def _delete_mesh(backend: AppMeshBackend, mesh_name: str) -> Any:
    if mesh_name in backend.meshes:
        check_mesh(backend.meshes[mesh_name])
    return _moto_delete_mesh(backend, mesh_name)


def _delete_router(backend: AppMeshBackend, mesh_name: str, mesh_owner: str | None, virtual_router_name: str) -> Any:
    if mesh_name in backend.meshes:
        check_router(backend.meshes[mesh_name], virtual_router_name)
    return _moto_delete_router(backend, mesh_name, mesh_owner, virtual_router_name)


def _delete_node(backend: AppMeshBackend, mesh_name: str, mesh_owner: str | None, virtual_node_name: str) -> Any:
    if mesh_name in backend.meshes:
        check_node(backend.meshes[mesh_name], virtual_node_name)
    return _moto_delete_node(backend, mesh_name, mesh_owner, virtual_node_name)


def install(patches: Patches) -> None:
    patches.set(AppMeshBackend, "delete_mesh", _delete_mesh)
    patches.set(AppMeshBackend, "delete_virtual_router", _delete_router)
    patches.set(AppMeshBackend, "delete_virtual_node", _delete_node)
