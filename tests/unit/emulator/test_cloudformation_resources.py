# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource types that moto lacks: App Mesh, service-linked role, flow log, and tables that take their time."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MESH = {"Type": "AWS::AppMesh::Mesh", "Properties": {"MeshName": "m"}}
LISTENER = {"PortMapping": {"Port": 8080, "Protocol": "http"}}


def _in_mesh(kind, name, spec, **more):
    return {
        "Type": f"AWS::AppMesh::{kind}",
        "Properties": {"MeshName": "m", f"{kind}Name": name, "Spec": spec, **more},
    }


def _structure():
    """A service on a router, with a route to a node."""
    return {
        "Router": _in_mesh("VirtualRouter", "router", {"Listeners": [LISTENER]}),
        "Service": _in_mesh(
            "VirtualService",
            "service.local",
            {"Provider": {"VirtualRouter": {"VirtualRouterName": {"Fn::GetAtt": ["Router", "VirtualRouterName"]}}}},
        ),
        "Node": _in_mesh(
            "VirtualNode",
            "node",
            {
                "Listeners": [LISTENER],
                "ServiceDiscovery": {"AWSCloudMap": {"NamespaceName": "local", "ServiceName": "service"}},
            },
        ),
        "Route": _in_mesh(
            "Route",
            "route",
            {
                "HttpRoute": {
                    "Match": {"Prefix": "/"},
                    "Action": {
                        "WeightedTargets": [{"VirtualNode": {"Fn::GetAtt": ["Node", "VirtualNodeName"]}, "Weight": 1}]
                    },
                }
            },
            VirtualRouterName={"Fn::GetAtt": ["Router", "VirtualRouterName"]},
        ),
    }


@pytest.fixture
def mesh(stacks):
    """The ids of a mesh stack and of one with what is in the mesh."""
    return stacks.create("mesh", {"Mesh": MESH}), stacks.create("structure", _structure())


def test_the_mesh_is_in_app_mesh(emulator, stacks, mesh):
    client = emulator.client("appmesh")
    assert [entry["meshName"] for entry in client.list_meshes()["meshes"]] == ["m"]
    node = client.describe_virtual_node(meshName="m", virtualNodeName="node")["virtualNode"]
    assert node["spec"]["serviceDiscovery"]["awsCloudMap"]["serviceName"] == "service"
    route = client.describe_route(meshName="m", virtualRouterName="router", routeName="route")["route"]
    assert route["spec"]["httpRoute"]["action"]["weightedTargets"] == [{"virtualNode": "node", "weight": 1}]
    arn = "arn:aws:appmesh:eu-central-1:123456789012:mesh/m/virtualRouter/router/route/route"
    summaries = stacks.client.list_stack_resources(StackName="structure")["StackResourceSummaries"]
    assert arn in [summary["PhysicalResourceId"] for summary in summaries]


def test_structure_then_mesh(emulator, stacks, mesh):
    for stack_id in reversed(mesh):
        stacks.delete(stack_id)
        assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert not emulator.client("appmesh").list_meshes()["meshes"]


def test_a_mesh_with_children_cannot_go(stacks, mesh):
    """API_DeleteMesh: all resources in the mesh have to be deleted first; ResourceInUseException"""
    stacks.delete("mesh")
    assert stacks.end(mesh[0]) == "DELETE_FAILED"
    assert "Service: AppMesh" in stacks.reason(mesh[0], "Mesh")


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("delete_mesh", {"meshName": "m"}),
        ("delete_virtual_router", {"meshName": "m", "virtualRouterName": "router"}),
        ("delete_virtual_node", {"meshName": "m", "virtualNodeName": "node"}),
    ],
)
def test_app_mesh_refuses_directly_too(emulator, stacks, mesh, operation, arguments):
    """API_DeleteVirtualRouter: routes first; API_DeleteVirtualNode: what uses it first"""
    with pytest.raises(ClientError) as caught:
        getattr(emulator.client("appmesh"), operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"


def test_after_app_mesh_is_gone_retaining_goes_round_by_round(emulator, stacks, mesh):
    """What stands in the way of a retained resource fails next: routes, then nodes and services, then routers."""
    emulator.faults.app_mesh_gone()
    rounds = []
    stacks.delete("structure")
    while stacks.end(mesh[1]) == "DELETE_FAILED":
        failed = sorted(name for name, status in stacks.resources(mesh[1]).items() if status == "DELETE_FAILED")
        rounds.append(failed)
        stacks.delete("structure", RetainResources=failed)
    assert rounds == [["Route", "Service"], ["Node", "Router"]]
    assert set(stacks.resources(mesh[1]).values()) == {"DELETE_SKIPPED"}


def test_a_retained_route_keeps_its_node(emulator, stacks, mesh):
    emulator.faults.fail_resource("structure", "Route", "Internal Failure")
    stacks.delete("structure")
    stacks.end(mesh[1])
    stacks.delete("structure", RetainResources=["Route"])
    assert stacks.end(mesh[1]) == "DELETE_FAILED"
    assert "route route uses it" in stacks.reason(mesh[1], "Node")
    assert "still has routes" in stacks.reason(mesh[1], "Router")


def test_update_of_a_route(emulator, stacks, mesh):
    resources = _structure()
    resources["Second"] = _in_mesh("VirtualNode", "second", {"Listeners": [LISTENER]})
    targets = resources["Route"]["Properties"]["Spec"]["HttpRoute"]["Action"]["WeightedTargets"]
    targets.append({"VirtualNode": {"Fn::GetAtt": ["Second", "VirtualNodeName"]}, "Weight": 1})
    stacks.update("structure", resources)
    assert stacks.status("structure") == "UPDATE_COMPLETE"
    route = emulator.client("appmesh").describe_route(meshName="m", virtualRouterName="router", routeName="route")
    assert len(route["route"]["spec"]["httpRoute"]["action"]["weightedTargets"]) == 2


ROLE = {"Type": "AWS::IAM::ServiceLinkedRole", "Properties": {"AWSServiceName": "ecs.amazonaws.com"}}


def test_service_linked_role(emulator, stacks):
    stack_id = stacks.create("one", {"Role": ROLE})
    (role,) = emulator.client("iam").list_roles(PathPrefix="/aws-service-role/")["Roles"]
    assert role["RoleName"] == "AWSServiceRoleForECS"
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert not emulator.client("iam").list_roles(PathPrefix="/aws-service-role/")["Roles"]


def test_service_linked_role_that_exists_already(emulator, stacks):
    """API_CreateServiceLinkedRole, InvalidInput"""
    emulator.client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    stack_id = stacks.create("one", {"Role": ROLE})
    assert stacks.status(stack_id) == "ROLLBACK_COMPLETE"
    assert emulator.client("iam").list_roles(PathPrefix="/aws-service-role/")["Roles"]


def test_service_linked_role_in_use_in_another_region(emulator, stacks):
    """AmazonECS developerguide using-service-linked-roles.html: no cluster in any region"""
    emulator.client("ecs", "us-east-1").create_cluster(clusterName="elsewhere")
    stack_id = stacks.create("one", {"Role": ROLE})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert "us-east-1:123456789012:cluster/elsewhere" in stacks.reason(stack_id, "Role")


def test_service_linked_role_in_use_by_fault(emulator, stacks):
    emulator.faults.service_linked_role_in_use()
    stack_id = stacks.create("one", {"Role": ROLE})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    stacks.delete("one", RetainResources=["Role"])
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_deletion_of_a_service_linked_role_is_a_task(emulator):
    """API_DeleteServiceLinkedRole, API_GetServiceLinkedRoleDeletionStatus"""
    client = emulator.client("iam")
    client.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    task = client.delete_service_linked_role(RoleName="AWSServiceRoleForECS")["DeletionTaskId"]

    def status():
        return client.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"]

    assert status() == "IN_PROGRESS"
    emulator.wait_until(lambda: status() == "SUCCEEDED", 60)


def test_a_table_is_deleting_before_it_is_gone(emulator):
    """API_DeleteTable"""
    client = emulator.client("dynamodb")
    client.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
    )
    assert client.delete_table(TableName="t")["TableDescription"]["TableStatus"] == "DELETING"
    assert client.describe_table(TableName="t")["Table"]["TableStatus"] == "DELETING"
    emulator.wait_until(lambda: not client.list_tables()["TableNames"], 60)


def test_flow_log(emulator, stacks):
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    flow_log = {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": {"Ref": "Vpc"},
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogGroupName": "g",
            "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/r",
        },
    }
    stack_id = stacks.create("one", {"Vpc": vpc, "Log": flow_log})
    assert emulator.client("ec2").describe_flow_logs()["FlowLogs"]
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert not emulator.client("ec2").describe_flow_logs()["FlowLogs"]
