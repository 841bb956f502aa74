# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's refusals on the emulator, and interfaces of AWS services."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.services import network
from tests.unit.emulator.account import Account


@pytest.fixture
def town(account: Account) -> Account:
    """An account with a VPC."""
    return account.network()


def test_a_subnet_with_an_interface_is_not_deleted(town: Account) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html

    Text: https://github.com/hashicorp/terraform-provider-aws/issues/1671
    """
    interface = network.put_foreign_interface(town.subnets[0])
    with pytest.raises(ClientError, match="DependencyViolation.*has dependencies and cannot be deleted"):
        town.ec2.delete_subnet(SubnetId=town.subnets[0])
    town.ec2.delete_subnet(SubnetId=town.subnets[1])
    network.remove_foreign_interface(interface)
    town.ec2.delete_subnet(SubnetId=town.subnets[0])


def test_a_security_group_in_use_is_not_deleted(town: Account) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/1671"""
    interface = network.put_foreign_interface(town.subnets[0], group_ids=[town.group])
    message = f"DependencyViolation.*resource {town.group} has a dependent object"
    with pytest.raises(ClientError, match=message):
        town.ec2.delete_security_group(GroupId=town.group)
    network.remove_foreign_interface(interface)
    town.ec2.delete_security_group(GroupId=town.group)


def test_a_security_group_that_another_names_is_not_deleted(town: Account) -> None:
    """https://github.com/gruntwork-io/cloud-nuke/issues/726"""
    other = town.ec2.create_security_group(GroupName="other", Description="other", VpcId=town.vpc)["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": town.group}]}
    town.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[permission])
    with pytest.raises(ClientError, match="has a dependent object"):
        town.ec2.delete_security_group(GroupId=town.group)
    town.ec2.delete_security_group(GroupId=other)
    town.ec2.delete_security_group(GroupId=town.group)


def test_a_gateway_is_not_detached_while_public_addresses_are_mapped(town: Account) -> None:
    """https://github.com/hashicorp/terraform/issues/497"""
    gateway = town.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    town.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=town.vpc)
    private = network.put_foreign_interface(town.subnets[0])
    public = network.put_foreign_interface(town.subnets[0], public=True)
    with pytest.raises(ClientError, match=f"DependencyViolation.*Network {town.vpc} has some mapped public address"):
        town.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=town.vpc)
    network.remove_foreign_interface(public)
    town.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=town.vpc)
    network.remove_foreign_interface(private)


def test_a_vpc_is_deleted_when_nothing_is_left_in_it(town: Account) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html

    Text: https://github.com/gruntwork-io/cloud-nuke/issues/345
    """
    gateway = town.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    town.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=town.vpc)
    endpoint = town.ec2.create_vpc_endpoint(VpcId=town.vpc, ServiceName="com.amazonaws.eu-central-1.s3")
    steps = [
        lambda: [town.ec2.delete_subnet(SubnetId=subnet) for subnet in town.subnets],
        lambda: town.ec2.delete_security_group(GroupId=town.group),
        lambda: town.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=town.vpc),
        lambda: town.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpoint"]["VpcEndpointId"]]),
    ]
    for step in steps:
        with pytest.raises(ClientError, match=f"DependencyViolation.*The vpc '{town.vpc}' has dependencies"):
            town.ec2.delete_vpc(VpcId=town.vpc)
        step()
    town.ec2.delete_vpc(VpcId=town.vpc)
    with pytest.raises(ClientError, match="InvalidVpcID.NotFound"):
        town.ec2.describe_vpcs(VpcIds=[town.vpc])


def test_an_interface_in_use_is_not_deleted(town: Account) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html (detach it first)"""
    interface = network.put_foreign_interface(town.subnets[0])
    with pytest.raises(ClientError, match="currently in use"):
        town.ec2.delete_network_interface(NetworkInterfaceId=interface)
    free = town.ec2.create_network_interface(SubnetId=town.subnets[0])["NetworkInterface"]["NetworkInterfaceId"]
    town.ec2.delete_network_interface(NetworkInterfaceId=free)
    with pytest.raises(ClientError, match="InvalidNetworkInterfaceID.NotFound"):
        town.ec2.delete_network_interface(NetworkInterfaceId=free)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "in-use"),
        ("requester-id", "AROAEXAMPLE:somebody-else"),
        ("requester-managed", "true"),
        ("interface-type", "interface"),
        ("description", "AWS Lambda VPC ENI-somebody-else"),
        ("attachment.status", "attached"),
    ],
)
def test_interfaces_are_found_by_filters(town: Account, name: str, value: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html"""
    interface = network.put_foreign_interface(town.subnets[0])
    filters = [{"Name": "vpc-id", "Values": [town.vpc]}, {"Name": name, "Values": [value]}]
    found = town.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert [item["NetworkInterfaceId"] for item in found] == [interface]
    filters[1]["Values"] = ["something else"]
    assert town.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"] == []


def test_interfaces_of_somebody_else_say_whose_they_are(town: Account) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html"""
    network.put_foreign_interface(town.subnets[1], description="RDSNetworkInterface", requester="amazon-rds")
    interface = town.interfaces()[0]
    assert (interface["Description"], interface["RequesterId"]) == ("RDSNetworkInterface", "amazon-rds")
    assert (interface["SubnetId"], interface["Status"]) == (town.subnets[1], "in-use")


def test_the_interface_of_somebodys_instance_names_the_account(town: Account) -> None:
    """RequesterId: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html"""
    image = town.ec2.describe_images()["Images"][0]["ImageId"]
    town.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=town.subnets[0])
    interface = town.interfaces()[0]
    assert (interface["RequesterId"], interface["Status"]) == ("123456789012", "in-use")


@pytest.mark.parametrize(
    ("operation", "argument", "identifier", "code"),
    [
        ("describe_vpcs", "VpcIds", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound"),
        ("describe_subnets", "SubnetIds", "subnet-0123456789abcdef0", "InvalidSubnetID.NotFound"),
        ("describe_security_groups", "GroupIds", "sg-0123456789abcdef0", "InvalidGroup.NotFound"),
        (
            "describe_internet_gateways",
            "InternetGatewayIds",
            "igw-0123456789abcdef0",
            "InvalidInternetGatewayID.NotFound",
        ),
        ("describe_route_tables", "RouteTableIds", "rtb-0123456789abcdef0", "InvalidRouteTableID.NotFound"),
        ("describe_vpc_endpoints", "VpcEndpointIds", "vpce-0123456789abcdef0", "InvalidVpcEndpointId.NotFound"),
        ("describe_flow_logs", "FlowLogIds", "fl-0123456789abcdef0", "InvalidFlowLogId.NotFound"),
    ],
)
def test_what_is_not_there(town: Account, operation: str, argument: str, identifier: str, code: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; with filters: nothing, no error"""
    with pytest.raises(ClientError) as caught:
        getattr(town.ec2, operation)(**{argument: [identifier]})
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("operation", "name", "identifier", "key"),
    [
        ("describe_vpcs", "vpc-id", "vpc-0123456789abcdef0", "Vpcs"),
        ("describe_subnets", "subnet-id", "subnet-0123456789abcdef0", "Subnets"),
        ("describe_security_groups", "group-id", "sg-0123456789abcdef0", "SecurityGroups"),
        ("describe_internet_gateways", "internet-gateway-id", "igw-0123456789abcdef0", "InternetGateways"),
        ("describe_route_tables", "route-table-id", "rtb-0123456789abcdef0", "RouteTables"),
        ("describe_vpc_endpoints", "vpc-endpoint-id", "vpce-0123456789abcdef0", "VpcEndpoints"),
        ("describe_flow_logs", "flow-log-id", "fl-0123456789abcdef0", "FlowLogs"),
    ],
)
def test_a_filter_by_id_finds_nothing_without_an_error(
    town: Account, operation: str, name: str, identifier: str, key: str
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html"""
    table = town.ec2.create_route_table(VpcId=town.vpc)["RouteTable"]["RouteTableId"]
    service = "com.amazonaws.eu-central-1.s3"
    town.ec2.create_vpc_endpoint(VpcId=town.vpc, ServiceName=service, RouteTableIds=[table])
    filters = [{"Name": name, "Values": [identifier]}]
    # DescribeFlowLogs alone spells its parameter in the singular.
    argument = "Filter" if operation == "describe_flow_logs" else "Filters"
    assert getattr(town.ec2, operation)(**{argument: filters})[key] == []


def test_an_endpoint_is_found_by_filters(town: Account) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html"""
    table = town.ec2.create_route_table(VpcId=town.vpc)["RouteTable"]["RouteTableId"]
    endpoint = town.ec2.create_vpc_endpoint(
        VpcId=town.vpc, ServiceName="com.amazonaws.eu-central-1.s3", RouteTableIds=[table]
    )["VpcEndpoint"]
    for name, value in (
        ("vpc-endpoint-id", endpoint["VpcEndpointId"]),
        ("vpc-id", town.vpc),
        ("service-name", endpoint["ServiceName"]),
        ("vpc-endpoint-type", "Gateway"),
    ):
        found = town.ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [value]}])["VpcEndpoints"]
        assert [item["VpcEndpointId"] for item in found] == [endpoint["VpcEndpointId"]]
