# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a VPC from being deleted on the emulator, made by hand beside a stack.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.emulator.services import network
from tests.emulator.world import world
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks

#: Puts something into a VPC; returns what takes it away.
Maker = Callable[[Account], Callable[[], object]]


def _group(town: Account) -> Callable[[], object]:
    made = town.ec2.create_security_group(GroupName="by-hand", Description="by hand", VpcId=town.vpc)["GroupId"]
    return lambda: town.ec2.delete_security_group(GroupId=made)


def _subnet(town: Account) -> Callable[[], object]:
    made = town.ec2.create_subnet(VpcId=town.vpc, CidrBlock="10.42.9.0/24")["Subnet"]["SubnetId"]
    return lambda: town.ec2.delete_subnet(SubnetId=made)


def _route_table(town: Account) -> Callable[[], object]:
    made = town.ec2.create_route_table(VpcId=town.vpc)["RouteTable"]["RouteTableId"]
    return lambda: town.ec2.delete_route_table(RouteTableId=made)


def _acl(town: Account) -> Callable[[], object]:
    made = town.ec2.create_network_acl(VpcId=town.vpc)["NetworkAcl"]["NetworkAclId"]
    return lambda: town.ec2.delete_network_acl(NetworkAclId=made)


def _internet_gateway(town: Account) -> Callable[[], object]:
    made = town.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    town.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=town.vpc)
    return lambda: town.ec2.detach_internet_gateway(InternetGatewayId=made, VpcId=town.vpc)


def _egress_gateway(town: Account) -> Callable[[], object]:
    answer = town.ec2.create_egress_only_internet_gateway(VpcId=town.vpc)["EgressOnlyInternetGateway"]
    made = answer["EgressOnlyInternetGatewayId"]
    return lambda: town.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=made)


def _vpn_gateway(town: Account) -> Callable[[], object]:
    made = town.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    town.ec2.attach_vpn_gateway(VpnGatewayId=made, VpcId=town.vpc)
    return lambda: town.ec2.detach_vpn_gateway(VpnGatewayId=made, VpcId=town.vpc)


def _endpoint(town: Account) -> Callable[[], object]:
    answer = town.ec2.create_vpc_endpoint(VpcId=town.vpc, ServiceName="com.amazonaws.eu-central-1.s3")
    made = answer["VpcEndpoint"]["VpcEndpointId"]
    return lambda: town.ec2.delete_vpc_endpoints(VpcEndpointIds=[made])


def _peering(town: Account) -> Callable[[], object]:
    other = town.ec2.create_vpc(CidrBlock="10.43.0.0/16")["Vpc"]["VpcId"]
    answer = town.ec2.create_vpc_peering_connection(VpcId=town.vpc, PeerVpcId=other)["VpcPeeringConnection"]
    made = answer["VpcPeeringConnectionId"]
    town.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made)
    return lambda: town.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=made)


def _asked_for(town: Account) -> Callable[[], object]:
    made = network.put_foreign_peering(town.vpc)
    return lambda: town.ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=made)


MAKERS = [
    _group,
    _subnet,
    _route_table,
    _acl,
    _internet_gateway,
    _egress_gateway,
    _vpn_gateway,
    _endpoint,
    _peering,
    _asked_for,
]


@pytest.mark.parametrize("make", MAKERS)
def test_it_keeps_the_vpc(account: Account, make: Maker) -> None:
    """Gateways gruntwork-io/cloud-nuke#345, the others #584; peerings hashicorp/terraform-provider-aws#3118"""
    account.vpc = account.ec2.create_vpc(CidrBlock="10.42.0.0/16")["Vpc"]["VpcId"]
    take_away = make(account)
    with pytest.raises(ClientError, match=f"DependencyViolation.*The vpc '{account.vpc}' has dependencies"):
        account.ec2.delete_vpc(VpcId=account.vpc)
    take_away()
    account.ec2.delete_vpc(VpcId=account.vpc)


@pytest.mark.parametrize("make", MAKERS)
def test_it_fails_a_stack_after_many_attempts(account: Account, stacks: Stacks, make: Maker) -> None:
    """https://github.com/convox/rack/issues/1090 (16 minutes and more)"""
    world.durations.set("cloudformation.dependency_retry", 60)
    stack = stacks.create("net", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.42.0.0/16"}}})
    summaries = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    account.vpc = summaries[0]["PhysicalResourceId"]
    take_away = make(account)
    stacks.delete("net")
    account.emulator.clock.advance(50)
    assert stacks.status(stack) == "DELETE_IN_PROGRESS"
    assert stacks.end(stack) == "DELETE_FAILED"
    assert f"The vpc '{account.vpc}' has dependencies and cannot be deleted" in stacks.reason(stack, "Vpc")
    take_away()
    stacks.delete("net")
    assert stacks.end(stack) == "DELETE_COMPLETE"


def test_what_a_vpc_has_asked_for_goes_with_it(account: Account) -> None:
    """https://docs.aws.amazon.com/vpc/latest/peering/delete-vpc-peering-connection.html"""
    asking, asked = (account.ec2.create_vpc(CidrBlock=f"10.{net}.0.0/16")["Vpc"]["VpcId"] for net in (42, 43))
    account.ec2.create_vpc_peering_connection(VpcId=asking, PeerVpcId=asked)
    account.ec2.delete_vpc(VpcId=asking)
    (peering,) = account.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    assert peering["Status"]["Code"] == "deleted"
    account.ec2.delete_vpc(VpcId=asked)
    of_both = [{"Name": "vpc-id", "Values": [asking, asked]}]
    assert account.ec2.describe_network_acls(Filters=of_both)["NetworkAcls"] == []


def test_peerings_are_found_by_filters(account: Account) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcPeeringConnections.html (Filter.N)"""
    mine = account.ec2.create_vpc(CidrBlock="10.42.0.0/16")["Vpc"]["VpcId"]
    peering = network.put_foreign_peering(mine)

    def found(name: str, value: str) -> list[str]:
        answer = account.ec2.describe_vpc_peering_connections(Filters=[{"Name": name, "Values": [value]}])
        return [item["VpcPeeringConnectionId"] for item in answer["VpcPeeringConnections"]]

    assert found("accepter-vpc-info.vpc-id", mine) == [peering]
    assert found("requester-vpc-info.vpc-id", mine) == []
    assert found("requester-vpc-info.owner-id", "210987654321") == [peering]
    assert found("status-code", "pending-acceptance") == [peering]
