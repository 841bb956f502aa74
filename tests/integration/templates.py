# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small CloudFormation templates for the tests of the modules."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator import Emulator


def parameters(stack: str, count: int = 1) -> dict[str, Any]:
    """SSM parameters P1, P2, …; each depends on the one before, so that they are deleted one by one, last first."""
    resources: dict[str, Any] = {}
    for number in range(1, count + 1):
        resources[f"P{number}"] = {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": f"/{stack}/{number}", "Type": "String", "Value": "x"},
        }
        if number > 1:
            resources[f"P{number}"]["DependsOn"] = f"P{number - 1}"
    return {"Resources": resources}


def network(address: int = 0) -> dict[str, Any]:
    """A VPC with one subnet."""
    return {
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": f"10.{address}.0.0/16"}},
            "Subnet": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.{address}.1.0/24"},
            },
        },
        "Outputs": {"Subnet": {"Value": {"Ref": "Subnet"}}},
    }


def mesh() -> dict[str, Any]:
    """An App Mesh mesh with a router and a route, and a parameter."""
    spec = {"Listeners": [{"PortMapping": {"Port": 80, "Protocol": "http"}}]}
    action = {"WeightedTargets": [{"VirtualNode": {"Ref": "NodeName"}, "Weight": 1}]}
    return {
        "Parameters": {"NodeName": {"Type": "String", "Default": "node"}},
        "Resources": {
            "Mesh": {"Type": "AWS::AppMesh::Mesh", "Properties": {"MeshName": "shop"}},
            "Router": {
                "Type": "AWS::AppMesh::VirtualRouter",
                "DependsOn": "Mesh",
                "Properties": {"MeshName": "shop", "VirtualRouterName": "router", "Spec": spec},
            },
            "Route": {
                "Type": "AWS::AppMesh::Route",
                "DependsOn": "Router",
                "Properties": {
                    "MeshName": "shop",
                    "VirtualRouterName": "router",
                    "RouteName": "route",
                    "Spec": {"HttpRoute": {"Match": {"Prefix": "/"}, "Action": action}},
                },
            },
            **parameters("mesh")["Resources"],
        },
    }


def exporter() -> dict[str, Any]:
    return {
        **parameters("exporter"),
        "Outputs": {"Value": {"Value": {"Ref": "P1"}, "Export": {"Name": "shop:Value"}}},
    }


def importer() -> dict[str, Any]:
    template = parameters("importer")
    template["Resources"]["P1"]["Properties"]["Value"] = {"Fn::ImportValue": "shop:Value"}
    return template


def service(name: str = "web") -> dict[str, Any]:
    """An ECS service with one task in the cluster ``shop``, registered in a Cloud Map namespace if one is given."""
    return {
        "Parameters": {"Subnet": {"Type": "String"}},
        "Resources": {
            "Definition": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {
                    "Family": name,
                    "NetworkMode": "awsvpc",
                    "RequiresCompatibilities": ["FARGATE"],
                    "Cpu": "256",
                    "Memory": "512",
                    "ContainerDefinitions": [{"Name": "app", "Image": "app"}],
                },
            },
            "Service": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "ServiceName": name,
                    "Cluster": "shop",
                    "TaskDefinition": {"Ref": "Definition"},
                    "DesiredCount": 1,
                    "LaunchType": "FARGATE",
                    "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [{"Ref": "Subnet"}]}},
                },
            },
        },
    }


def create(emulator: Emulator, name: str, template: dict[str, Any] | None = None, **parameter_values: str) -> str:
    """Make a stack (of one SSM parameter, if no template is given), wait for it; its id."""
    client = emulator.client("cloudformation")
    stack_id = client.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template or parameters(name)),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameter_values.items()],
        Capabilities=["CAPABILITY_IAM"],
    )["StackId"]
    emulator.wait_until(lambda: status(emulator, stack_id) == "CREATE_COMPLETE")
    return stack_id


def status(emulator: Emulator, name_or_id: str) -> str:
    return emulator.client("cloudformation").describe_stacks(StackName=name_or_id)["Stacks"][0]["StackStatus"]


def live(emulator: Emulator) -> list[str]:
    """Names of the stacks that are not deleted."""
    pages = emulator.client("cloudformation").get_paginator("describe_stacks").paginate()
    return sorted(stack["StackName"] for page in pages for stack in page["Stacks"])
