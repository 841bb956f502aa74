# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App Mesh's answers: its own error codes, and the virtual services that moto does not have.

https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DescribeVirtualService.html
https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_ListVirtualServices.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.appmesh import urls as appmesh_urls
from moto.appmesh.dataclasses.mesh import Mesh
from moto.appmesh.exceptions import MeshError
from moto.appmesh.models import AppMeshBackend
from moto.appmesh.responses import AppMeshResponse
from moto.core.utils import unix_time
from moto.utilities.utils import get_partition

from ..patching import Patches
from ..services.swap import url_module
from . import mesh_rules

_moto_init = MeshError.__init__
_moto_create_mesh = AppMeshBackend.create_mesh
_SERVICES = "{0}/v20190125/meshes/(?P<meshName>[^/]+)/virtualServices"


def _init(error: MeshError, error_type: str, message: str, **kwargs: Any) -> None:
    """moto has a code of its own for each kind; App Mesh has two."""
    if error_type.endswith("NotFound"):
        error_type, error.code = "NotFoundException", 404
    elif error_type.endswith("AlreadyTaken"):
        error_type, error.code = "ConflictException", 409
    _moto_init(error, error_type, message, **kwargs)


def _create_mesh(backend: AppMeshBackend, *args: Any, **kwargs: Any) -> Mesh:
    """Its ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html"""
    mesh = _moto_create_mesh(backend, *args, **kwargs)
    partition = get_partition(backend.region_name)
    mesh.metadata.arn = f"arn:{partition}:appmesh:{backend.region_name}:{backend.account_id}:mesh/{mesh.mesh_name}"
    mesh.metadata.mesh_owner = mesh.metadata.resource_owner = backend.account_id
    return mesh


def _summary(backend: AppMeshBackend, mesh: Mesh, name: str) -> dict[str, Any]:
    partition = get_partition(backend.region_name)
    return {
        "arn": f"arn:{partition}:appmesh:{backend.region_name}:{backend.account_id}"
        f":mesh/{mesh.mesh_name}/virtualService/{name}",
        "createdAt": unix_time(),
        "lastUpdatedAt": unix_time(),
        "meshName": mesh.mesh_name,
        "meshOwner": backend.account_id,
        "resourceOwner": backend.account_id,
        "version": 1,
        "virtualServiceName": name,
    }


def _describe_virtual_service(response: AppMeshResponse) -> str:
    backend = response.appmesh_backend
    mesh = backend.describe_mesh(response._get_param("meshName"), None)
    name = unquote(response._get_param("virtualServiceName"))
    services = mesh_rules.virtual_services(mesh)
    if name not in services:
        raise mesh_rules.VirtualServiceNotFound(mesh.mesh_name, name)
    metadata = _summary(backend, mesh, name)
    metadata["uid"] = name
    return json.dumps(
        {
            "meshName": metadata.pop("meshName"),
            "virtualServiceName": metadata.pop("virtualServiceName"),
            "metadata": metadata,
            "spec": services[name],
            "status": {"status": "ACTIVE"},
        }
    )


def _list_virtual_services(response: AppMeshResponse) -> str:
    backend = response.appmesh_backend
    mesh = backend.describe_mesh(response._get_param("meshName"), None)
    return json.dumps(
        {"virtualServices": [_summary(backend, mesh, name) for name in mesh_rules.virtual_services(mesh)]}
    )


def install(patches: Patches) -> None:
    paths = {
        f"{_SERVICES}$": AppMeshResponse.dispatch,
        f"{_SERVICES}/(?P<virtualServiceName>[^/]+)$": AppMeshResponse.dispatch,
    }
    urls = url_module(appmesh_urls.url_bases, {**paths, **appmesh_urls.url_paths})
    patches.set(AppMeshBackend, "_url_module", property(lambda _backend: urls))
    patches.set(MeshError, "__init__", _init)
    patches.set(AppMeshBackend, "create_mesh", _create_mesh)
    patches.set(AppMeshResponse, "describe_virtual_service", _describe_virtual_service)
    patches.set(AppMeshResponse, "list_virtual_services", _list_virtual_services)
