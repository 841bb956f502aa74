# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VPC and a load balancer in stacks on the emulator.

Target group attributes:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-targetgroup.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.services import network
from tests.emulator.world import world
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::EC2::{kind}", "Properties": properties}


VPC = {
    "Vpc": resource("VPC", CidrBlock="10.42.0.0/16"),
    "Gateway": resource("InternetGateway"),
    "Attachment": resource("VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
    "Table": resource("RouteTable", VpcId=ref("Vpc")),
    "Route": {
        "DependsOn": "Attachment",
        **resource("Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
    },
    "Subnet": resource("Subnet", VpcId=ref("Vpc"), CidrBlock="10.42.1.0/24"),
    "Association": resource("SubnetRouteTableAssociation", SubnetId=ref("Subnet"), RouteTableId=ref("Table")),
    "Endpoint": resource(
        "VPCEndpoint",
        VpcId=ref("Vpc"),
        ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
        RouteTableIds=[ref("Table")],
    ),
    "Group": resource("SecurityGroup", VpcId=ref("Vpc"), GroupDescription="tasks"),
}


def ids(stacks: Stacks, stack: str) -> dict[str, str]:
    summaries = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in summaries}


def test_a_vpc_goes_with_all_its_parts(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html"""
    stack = stacks.create("net", VPC)
    vpc = ids(stacks, stack)["Vpc"]
    in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    tables = account.ec2.describe_route_tables(Filters=in_vpc)["RouteTables"]
    assert [item for table in tables for item in table["Associations"] if item.get("SubnetId")]
    stacks.delete("net")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert account.ec2.describe_subnets(Filters=in_vpc)["Subnets"] == []
    assert account.ec2.describe_vpc_endpoints(Filters=in_vpc)["VpcEndpoints"] == []
    assert all(item["VpcId"] != vpc for item in account.ec2.describe_vpcs()["Vpcs"])
    assert all(item["VpcId"] != vpc for item in account.ec2.describe_route_tables()["RouteTables"])
    assert account.ec2.describe_internet_gateways()["InternetGateways"] == []


@pytest.mark.parametrize("public", [False, True])
def test_cloudformation_goes_on_trying_while_an_interface_is_left(
    account: Account, stacks: Stacks, public: bool
) -> None:
    """https://github.com/convox/rack/issues/1090 (16 minutes and more)"""
    stack = stacks.create("net", VPC)
    found = ids(stacks, stack)
    interface = network.put_foreign_interface(found["Subnet"], group_ids=[found["Group"]], public=public)
    stacks.delete("net")
    account.emulator.clock.sleep(120)
    statuses = stacks.resources(stack)
    waiting = {name for name, status in statuses.items() if status == "DELETE_IN_PROGRESS"}
    assert {"Subnet", "Group"} <= waiting
    assert ("Attachment" in waiting) is public
    network.remove_foreign_interface(interface)
    assert stacks.end(stack, 300) == "DELETE_COMPLETE"


def test_in_the_end_it_fails_with_the_reason(account: Account, stacks: Stacks) -> None:
    """https://github.com/convox/rack/issues/1090"""
    assert world.durations.draw("cloudformation.dependency_retry") == 960
    world.durations.set("cloudformation.dependency_retry", 60)
    stack = stacks.create("net", VPC)
    subnet = ids(stacks, stack)["Subnet"]
    network.put_foreign_interface(subnet)
    stacks.delete("net")
    assert stacks.end(stack) == "DELETE_FAILED"
    assert f"The subnet '{subnet}' has dependencies and cannot be deleted" in stacks.reason(stack, "Subnet")
    assert stacks.resources(stack)["Vpc"] != "DELETE_COMPLETE"


def test_a_load_balancers_group_waits_for_its_interfaces(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html"""
    account.network()
    prefix = "AWS::ElasticLoadBalancingV2::"
    resources = {
        "Access": resource("SecurityGroup", VpcId=account.vpc, GroupDescription="front"),
        "Balancer": {
            "Type": f"{prefix}LoadBalancer",
            "Properties": {"Subnets": account.subnets, "SecurityGroups": [ref("Access")], "Name": "front"},
        },
        "Targets": {
            "Type": f"{prefix}TargetGroup",
            "Properties": {
                "Port": 8080,
                "Protocol": "HTTP",
                "VpcId": account.vpc,
                "TargetType": "ip",
                "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "10"}],
            },
        },
        "Listener": {
            "Type": f"{prefix}Listener",
            "Properties": {
                "LoadBalancerArn": ref("Balancer"),
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref("Targets")}],
            },
        },
    }
    stack = stacks.create("front", resources)
    group = ids(stacks, stack)["Targets"]
    attributes = account.elbv2.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "10"} in attributes
    stacks.delete("front")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert account.interfaces() == []
    timeline = stacks.emulator.timeline
    waited = (
        timeline.first("resource", "front/Access", "DELETE_COMPLETE").time
        - timeline.first("resource", "front/Balancer", "DELETE_COMPLETE").time
    )
    assert 38 <= waited <= 38 + 16
    assert timeline.first("resource", "front/Targets", "DELETE_COMPLETE").time - timeline.first(
        "resource", "front/Listener", "DELETE_COMPLETE"
    ).time == pytest.approx(1)
