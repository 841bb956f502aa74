# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module app_mesh_route against the emulator, in this process."""

from __future__ import annotations

from typing import Any

import pytest

ROUTER = {"mesh_name": "shop", "virtual_router_name": "register"}
V1, V2 = {"virtual_node": "v1", "weight": 100}, {"virtual_node": "v2", "weight": 0}
RETRY = {"maxRetries": 2, "perRetryTimeout": {"unit": "s", "value": 1}, "tcpRetryEvents": ["connection-error"]}


class Mesh:
    """A mesh with a router, whose one route leads all requests to v1."""

    def __init__(self, aws) -> None:
        self.client = aws.client("appmesh")
        self.client.create_mesh(meshName="shop")
        listeners = [{"portMapping": {"port": 8080, "protocol": "http"}}]
        self.client.create_virtual_router(meshName="shop", virtualRouterName="register", spec={"listeners": listeners})
        self.add("all", httpRoute={
            "match": {"prefix": "/"}, "retryPolicy": RETRY,
            "action": {"weightedTargets": [{"virtualNode": "v1", "weight": 100}, {"virtualNode": "v2", "weight": 0}]},
        })  # fmt: skip

    def add(self, name: str, **spec: Any) -> None:
        self.client.create_route(meshName="shop", virtualRouterName="register", routeName=name, spec=spec)

    def spec(self, name: str = "all") -> dict[str, Any]:
        found = self.client.describe_route(meshName="shop", virtualRouterName="register", routeName=name)
        return found["route"]["spec"]

    def names(self) -> list[str]:
        listed = self.client.list_routes(meshName="shop", virtualRouterName="register")["routes"]
        return sorted(route["routeName"] for route in listed)


@pytest.fixture
def mesh(aws) -> Mesh:
    return Mesh(aws)


@pytest.fixture
def route(inside):
    def call(name: str = "all", **options: Any) -> dict[str, Any]:
        return inside("app_mesh_route", diff=True, **{**ROUTER, "route_name": name, **options})

    return call


def test_weights_of_a_route_and_all_else_stays(mesh, route):
    half = [{**V1, "weight": 50}, {**V2, "weight": 50}]
    predicted = route(check=True, weighted_targets=half)
    assert predicted["changed"] and mesh.spec()["httpRoute"]["action"]["weightedTargets"][0]["weight"] == 100
    made = route(weighted_targets=half)
    assert made["changed"] and made["diff"] == predicted["diff"] and made["route"]["weighted_targets"] == half
    assert made["before"]["weighted_targets"] == [V1, V2]
    http = mesh.spec()["httpRoute"]
    assert [item["weight"] for item in http["action"]["weightedTargets"]] == [50, 50]
    assert http["retryPolicy"] == RETRY and http["match"]["prefix"] == "/"
    assert not route(weighted_targets=half)["changed"] and not route(weighted_targets=half[::-1])["changed"]
    assert route(weighted_targets=made["before"]["weighted_targets"])["changed"]
    assert [item["weight"] for item in mesh.spec()["httpRoute"]["action"]["weightedTargets"]] == [100, 0]


def test_a_route_for_marked_requests_comes_and_goes(mesh, route):
    marked = {
        "weighted_targets": [{**V2, "weight": 100}], "priority": 1,
        "match": {"headers": [{"name": "x-version", "exact": "new"}]},
    }  # fmt: skip
    assert route("marked", check=True, **marked)["route"]["arn"] is None and mesh.names() == ["all"]
    made = route("marked", **marked)
    assert made["changed"] and made["before"] is None and made["route"]["arn"].endswith("/route/marked")
    assert made["route"]["match"]["headers"] == [{"name": "x-version", "invert": False, "match": {"exact": "new"}}]
    spec = mesh.spec("marked")
    assert spec["priority"] == 1 and spec["httpRoute"]["match"]["headers"][0]["match"] == {"exact": "new"}
    assert not route("marked", **marked)["changed"]
    assert route("marked", match={"headers": [{"name": "x-version", "invert": True}]})["changed"]
    assert mesh.spec("marked")["httpRoute"]["match"]["headers"][0]["invert"] is True
    assert route("marked", check=True, state="absent")["changed"] and mesh.names() == ["all", "marked"]
    gone = route("marked", state="absent")
    assert gone["changed"] and gone["route"] is None and mesh.names() == ["all"]
    assert not route("marked", state="absent")["changed"]


REFUSED = [
    ({"weighted_targets": [{**V1, "weight": 101}]}, "A weight must be 0 to 100, not 101"),
    ({"weighted_targets": [V2]}, "say of no virtual node that it gets requests"),
    ({"priority": 1001}, "priority must be 0 to 1000, not 1001"),
    ({"route_name": "new"}, "weighted_targets say nothing of where its requests go"),
    ({"route_name": "raw", "match": {"prefix": "/"}}, "The route is a tcpRoute, and match is for routes of HTTP only"),
    ({"route_name": "new", "virtual_router_name": "none", "weighted_targets": [V1]}, "NotFoundException"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED)
def test_what_cannot_be_is_refused(mesh, route, options, words):
    mesh.add("raw", tcpRoute={"action": {"weightedTargets": [{"virtualNode": "v1", "weight": 1}]}})
    given = {"name": "all", **options}
    name = given.pop("route_name", given.pop("name"))
    result = route(name, **given)
    assert result["failed"] and words in result["msg"] and mesh.names() == ["all", "raw"]


@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("appmesh:DescribeRoute", {}),
        ("appmesh:UpdateRoute", {"weighted_targets": [{**V1, "weight": 1}]}),
        ("appmesh:CreateRoute", {"name": "new", "weighted_targets": [V1]}),
        ("appmesh:DeleteRoute", {"state": "absent"}),
    ],
)
def test_what_may_not_be_done_is_named(aws, mesh, route, action, options):
    aws.faults.deny(action)
    result = route(**options)
    aws.faults.allow(action)
    assert result["failed"] and action in result["msg"] and mesh.names() == ["all"]
    assert "AWS has ended App Mesh" not in result["msg"], "it answers, and says what is missing"


def test_where_app_mesh_is_not_to_be_had_any_more(aws, mesh, route):
    aws.faults.refuse("appmesh:DescribeRoute", "ForbiddenException", "App Mesh is not available", 403)
    result = route(weighted_targets=[V1])
    assert result["failed"] and "ForbiddenException" in result["msg"]
    assert "AWS has ended App Mesh on 2026-09-30" in result["msg"] and "Service Connect" in result["msg"]
