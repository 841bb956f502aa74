# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS App Mesh, which are looked up as long as that service can be reached.

AWS has ended it: https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html
"""

from __future__ import annotations

from .resource import Answer
from .resource import Ids
from .resource import Lookup
from .resource import Resource
from .resource import ResourceType
from .resource import whole

# What comes after which word of an ARN, as the API calls it and as the AWS CLI does.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html
_PARAMETERS = {
    "mesh": "meshName",
    "route": "routeName",
    "virtualNode": "virtualNodeName",
    "virtualRouter": "virtualRouterName",
    "virtualService": "virtualServiceName",
}
_OPTIONS = {
    "meshName": "--mesh-name",
    "routeName": "--route-name",
    "virtualNodeName": "--virtual-node-name",
    "virtualRouterName": "--virtual-router-name",
    "virtualServiceName": "--virtual-service-name",
}


def _names(arn: str) -> dict[str, str]:
    """The names in ``arn:aws:appmesh:REGION:ACCOUNT:mesh/MESH/virtualRouter/ROUTER/route/ROUTE``, outermost first."""
    words = arn.split(":", 5)[-1].split("/")
    return {_PARAMETERS.get(word, word): name for word, name in zip(words[::2], words[1::2])}


def _around(arn: str) -> dict[str, str]:
    """The names of what it is in: the arguments of the call that lists it."""
    return dict(list(_names(arn).items())[:-1])


def _mesh(arn: str) -> Resource | None:
    """DeleteMesh takes no mesh that holds anything.

    https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DeleteMesh.html
    """
    mesh = "/".join(arn.split("/")[:2])
    return Resource("AWS::AppMesh::Mesh", mesh) if mesh != arn else None


def _row(name: str, word: str, listing: str, key: str, command: str) -> ResourceType:
    def there(answer: Answer, ids: Ids) -> list[str]:
        return [item["arn"] for item in answer[key]]

    def remove(arn: str) -> Ids:
        words = [word for name, value in _names(arn).items() for word in (_OPTIONS.get(name, name), value)]
        return ("appmesh", command, *words)

    return ResourceType(
        name=f"AWS::AppMesh::{name}",
        command=remove,
        lookup=Lookup(
            action=f"appmesh:{listing}",
            ask=lambda ids: _around(ids[0]),
            there=there,
            most=1000,
            absent=frozenset(("NotFoundException",)),
            alike=lambda arn: str(_around(arn)),
            ended=True,
        ),
        arn=f"appmesh:{word}",
        arn_id=whole,
        inside=_mesh,
    )


TYPES = (
    _row("Mesh", "mesh", "ListMeshes", "meshes", "delete-mesh"),
    _row("Route", "route", "ListRoutes", "routes", "delete-route"),
    _row("VirtualNode", "virtualNode", "ListVirtualNodes", "virtualNodes", "delete-virtual-node"),
    _row("VirtualRouter", "virtualRouter", "ListVirtualRouters", "virtualRouters", "delete-virtual-router"),
    _row("VirtualService", "virtualService", "ListVirtualServices", "virtualServices", "delete-virtual-service"),
)
