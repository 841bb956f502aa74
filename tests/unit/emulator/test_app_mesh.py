# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App Mesh: its own answers, and what may become of it after its end."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.emulator import Emulator
from tests.unit.emulator.stacks import Stacks

SERVICE = "soup.kitchen.local"


@pytest.fixture
def mesh(stacks: Stacks) -> str:
    """A stack with a mesh and a virtual service; its id."""
    return stacks.create(
        "mesh",
        {
            "Mesh": {"Type": "AWS::AppMesh::Mesh", "Properties": {"MeshName": "m"}},
            "Service": {
                "Type": "AWS::AppMesh::VirtualService",
                "DependsOn": "Mesh",
                "Properties": {"MeshName": "m", "VirtualServiceName": SERVICE, "Spec": {}},
            },
        },
    )


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("describe_mesh", {"meshName": "none"}),
        ("describe_virtual_router", {"meshName": "m", "virtualRouterName": "none"}),
        ("describe_virtual_node", {"meshName": "m", "virtualNodeName": "none"}),
        ("describe_virtual_service", {"meshName": "m", "virtualServiceName": "none"}),
        ("describe_virtual_service", {"meshName": "none", "virtualServiceName": "none"}),
        ("describe_route", {"meshName": "m", "virtualRouterName": "none", "routeName": "none"}),
    ],
)
def test_what_is_missing(emulator: Emulator, mesh: str, operation: str, arguments: dict[str, Any]) -> None:
    """NotFoundException: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DescribeVirtualService.html"""
    assert mesh
    with pytest.raises(ClientError) as caught:
        getattr(emulator.client("appmesh"), operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == "NotFoundException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_virtual_services_are_described_and_listed(emulator: Emulator, mesh: str) -> None:
    """https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_ListVirtualServices.html"""
    assert mesh
    client = emulator.client("appmesh")
    listed = client.list_virtual_services(meshName="m")["virtualServices"]
    described = client.describe_virtual_service(meshName="m", virtualServiceName=SERVICE)["virtualService"]
    assert [item["virtualServiceName"] for item in listed] == [SERVICE]
    assert described["metadata"]["arn"] == listed[0]["arn"]
    assert described["status"] == {"status": "ACTIVE"}


def test_a_mesh_is_listed_by_its_arn(emulator: Emulator, stacks: Stacks, mesh: str) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html; Ref is the ARN"""
    resources = stacks.client.list_stack_resources(StackName=mesh)["StackResourceSummaries"]
    physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    listed = emulator.client("appmesh").list_meshes()["meshes"]
    assert [(item["arn"], item["meshOwner"]) for item in listed] == [(physical["Mesh"], "123456789012")]


def test_after_the_end_its_calls_are_refused(emulator: Emulator, mesh: str) -> None:
    """A guess: AWS says only that console and resources cannot be accessed (what-is-app-mesh.html)."""
    emulator.faults.app_mesh_gone()
    with pytest.raises(ClientError, match="ForbiddenException"):
        emulator.client("appmesh").describe_mesh(meshName="m")
    assert mesh


def test_after_the_end_its_calls_get_no_answer(emulator: Emulator, mesh: str) -> None:
    """The other guess."""
    emulator.faults.app_mesh_gone(calls="unreachable")
    with pytest.raises(ConnectionClosedError):
        emulator.client("appmesh").describe_mesh(meshName="m")
    emulator.client("ecs").list_clusters()
    assert mesh


def test_deletions_may_fail_while_its_calls_work(emulator: Emulator, stacks: Stacks, mesh: str) -> None:
    emulator.faults.app_mesh_gone(calls="answered")
    emulator.client("appmesh").describe_mesh(meshName="m")
    stacks.delete("mesh")
    assert stacks.end(mesh) == "DELETE_FAILED"
    assert stacks.resources(mesh) == {"Mesh": "CREATE_COMPLETE", "Service": "DELETE_FAILED"}
    with pytest.raises(ValueError, match="denied"):
        emulator.faults.app_mesh_gone(calls="perhaps")
