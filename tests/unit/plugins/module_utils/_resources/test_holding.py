# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore import xform_name
from botocore.validate import ParamValidator

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.holding import in_vpc
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from tests.unit.plugins.fake_aws import FakeAws, refusal

VPC = "vpc-1"
HERE = [{"VpcId": VPC, "State": "attached"}]
#: What a VPC goes with, and what is going.
HARMLESS = {
    "SecurityGroups": [{"GroupId": "sg-0", "GroupName": "default"}],
    "Subnets": [],
    "RouteTables": [{"RouteTableId": "rtb-0", "Associations": [{"Main": True}]}],
    "NetworkAcls": [{"NetworkAclId": "acl-0", "IsDefault": True}],
    "InternetGateways": [{"InternetGatewayId": "igw-0", "Attachments": [{"VpcId": VPC, "State": "detaching"}]}],
    "EgressOnlyInternetGateways": [
        {"EgressOnlyInternetGatewayId": "eigw-0", "Attachments": [{"VpcId": "vpc-2", "State": "attached"}]}
    ],
    "VpnGateways": [{"VpnGatewayId": "vgw-0", "VpcAttachments": [{"VpcId": VPC, "State": "detached"}]}],
    "NatGateways": [{"NatGatewayId": "nat-0", "State": "deleted"}],
    "VpcEndpoints": [{"VpcEndpointId": "vpce-0", "State": "Deleting"}],
    "VpcPeeringConnections": [{"VpcPeeringConnectionId": "pcx-0", "Status": {"Code": "active"}}],
    "TransitGatewayVpcAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-0", "State": "deleting"}],
}
BY_HAND = {
    "SecurityGroups": ({"GroupId": "sg-1", "GroupName": "by-hand"}, "delete-security-group --group-id sg-1"),
    "Subnets": ({"SubnetId": "subnet-1", "State": "available"}, "delete-subnet --subnet-id subnet-1"),
    "RouteTables": ({"RouteTableId": "rtb-1"}, "delete-route-table --route-table-id rtb-1"),
    "NetworkAcls": ({"NetworkAclId": "acl-1"}, "delete-network-acl --network-acl-id acl-1"),
    "InternetGateways": (
        {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": VPC, "State": "available"}]},
        "detach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1",
    ),
    "EgressOnlyInternetGateways": (
        {"EgressOnlyInternetGatewayId": "eigw-1", "Attachments": HERE},
        "delete-egress-only-internet-gateway --egress-only-internet-gateway-id eigw-1",
    ),
    "VpnGateways": (
        {"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": HERE},
        "detach-vpn-gateway --vpn-gateway-id vgw-1 --vpc-id vpc-1",
    ),
    "NatGateways": ({"NatGatewayId": "nat-1", "State": "available"}, "delete-nat-gateway --nat-gateway-id nat-1"),
    "VpcEndpoints": (
        {"VpcEndpointId": "vpce-1", "State": "Available"},
        "delete-vpc-endpoints --vpc-endpoint-ids vpce-1",
    ),
    "VpcPeeringConnections": (
        {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "pending-acceptance"}},
        "reject-vpc-peering-connection --vpc-peering-connection-id pcx-1",
    ),
    "TransitGatewayVpcAttachments": (
        {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "available"},
        "delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id tgw-attach-1",
    ),
}
TYPES = {
    "sg-1": "AWS::EC2::SecurityGroup",
    "subnet-1": "AWS::EC2::Subnet",
    "rtb-1": "AWS::EC2::RouteTable",
    "acl-1": "AWS::EC2::NetworkAcl",
    "igw-1": "AWS::EC2::InternetGateway",
    "eigw-1": "AWS::EC2::EgressOnlyInternetGateway",
    "vgw-1": "AWS::EC2::VPNGateway",
    "nat-1": "AWS::EC2::NatGateway",
    "vpce-1": "AWS::EC2::VPCEndpoint",
    "pcx-1": "AWS::EC2::VPCPeeringConnection",
    "tgw-attach-1": "AWS::EC2::TransitGatewayVpcAttachment",
}


def account(**more):
    """A VPC with what is harmless, and this besides."""
    lists = {key: items + more.get(key, []) for key, items in HARMLESS.items()}
    return FakeAws({f"ec2.{xform_name('Describe' + key)}": {key: items} for key, items in lists.items()})


def rows(aws, *owned, looks=None):
    with looks or Looks(aws, lambda seconds: None) as looks:
        return in_vpc(looks, VPC, owned, "eu-central-1")


@pytest.mark.parametrize("key", BY_HAND)
def test_what_is_in_it_by_hand_is_told_with_the_command(key):
    item, command = BY_HAND[key]
    (row,) = rows(account(**{key: [item]}))
    assert row["how_to_remove"] == f"aws ec2 {command} --region eu-central-1"
    assert (row["type"], row["owner"]) == (TYPES[row["id"]], None)
    assert VPC in row["reason"]


@pytest.mark.parametrize("key", BY_HAND)
def test_what_a_stack_owns_is_not_told(key):
    item, command = BY_HAND[key]
    (row,) = rows(account(**{key: [item]}))
    assert rows(account(**{key: [item]}), Resource(TYPES[row["id"]], row["id"])) == []
    assert rows(account(**{key: [item]}), Resource("AWS::DynamoDB::Table", row["id"])) == [row]


def test_an_attachment_to_a_transit_gateway_has_two_types():
    aws = account(TransitGatewayVpcAttachments=[BY_HAND["TransitGatewayVpcAttachments"][0]])
    assert rows(aws, Resource("AWS::EC2::TransitGatewayAttachment", "tgw-attach-1")) == []


@pytest.mark.parametrize(("name", "told"), [("IGW|vpc-1", 0), ("shop-Attachment-1X", 0), ("VGW|vpc-1", 1)])
def test_a_gateway_that_a_stack_attaches_is_detached_with_it(name, told):
    aws = account(InternetGateways=[BY_HAND["InternetGateways"][0]])
    assert len(rows(aws, Resource("AWS::EC2::VPCGatewayAttachment", name))) == told


def test_the_route_table_of_a_nat_gateway_goes_with_it():
    nat = {"NatGatewayId": "nat-1", "State": "available", "RouteTableId": "rtb-1"}
    aws = account(NatGateways=[nat], RouteTables=[{"RouteTableId": "rtb-1"}])
    assert [row["id"] for row in rows(aws)] == ["nat-1"]
    assert rows(aws, Resource("AWS::EC2::NatGateway", "nat-1")) == []


def test_what_is_a_stacks_is_told_with_it_and_goes_with_it():
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "shop"}, {"Key": "Name", "Value": "front \x1b[1m"}]
    (row,) = rows(account(Subnets=[{"SubnetId": "subnet-1", "Tags": tags}]))
    assert (row["owner"], row["name"]) == ("shop", "front [1m")
    assert row["how_to_remove"] == "aws cloudformation delete-stack --stack-name shop --region eu-central-1"


def test_what_can_not_be_listed_is_a_gap_and_the_rest_is_told():
    aws = account(Subnets=[{"SubnetId": "subnet-1"}])
    aws.answers["ec2.describe_vpc_endpoints"] = refusal("UnauthorizedOperation")
    looks = Looks(aws, lambda seconds: None)
    assert [row["id"] for row in rows(aws, looks=looks)] == ["subnet-1"]
    assert [gap["action"] for gap in looks.gaps()] == ["ec2:DescribeVpcEndpoints"]


def test_every_call_is_one_that_boto_knows_with_arguments_it_takes():
    aws = account()
    rows(aws)
    client = boto3.client("ec2", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    assert len(aws.calls) == len(HARMLESS)
    for name, arguments in aws.calls:
        operation = client.meta.method_to_api_mapping[name.removeprefix("ec2.")]
        shape = client.meta.service_model.operation_model(operation).input_shape
        assert not ParamValidator().validate(arguments, shape).has_errors(), name
