# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NAT gateways on the emulator.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks
from tests.unit.emulator.test_network_cloudformation import VPC, ids, ref, resource

WITH_GATEWAY: dict[str, Any] = {
    **VPC,
    "Address": {"DependsOn": "Attachment", **resource("EIP", Domain="vpc")},
    "Nat": {
        "DependsOn": "Attachment",
        **resource(
            "NatGateway", SubnetId=ref("Subnet"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}
        ),
    },
}


def _interfaces(account: Account, subnet: str) -> list[dict[str, Any]]:
    filters = [{"Name": "subnet-id", "Values": [subnet]}]
    return account.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


def test_its_interface_belongs_to_aws(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (nat_gateway)"""
    found = ids(stacks, stacks.create("net", WITH_GATEWAY))
    (interface,) = _interfaces(account, found["Subnet"])
    assert interface["Description"] == f"Interface for NAT Gateway {found['Nat']}"
    assert (interface["InterfaceType"], interface["Status"]) == ("nat_gateway", "in-use")
    assert (interface["RequesterManaged"], interface["Groups"]) == (True, [])
    assert interface["Association"]["PublicIp"] == found["Address"]
    with pytest.raises(ClientError, match="currently in use"):
        account.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    with pytest.raises(ClientError, match="InvalidIPAddress.InUse"):
        account.ec2.release_address(AllocationId=interface["Association"]["AllocationId"])


def test_its_interface_goes_only_with_it(account: Account, stacks: Stacks) -> None:
    stack = stacks.create("net", WITH_GATEWAY)
    found = ids(stacks, stack)
    stacks.delete("net")
    account.emulator.clock.advance(40)
    assert account.ec2.describe_nat_gateways(NatGatewayIds=[found["Nat"]])["NatGateways"][0]["State"] == "deleting"
    assert _interfaces(account, found["Subnet"])
    assert stacks.resources(stack)["Attachment"] == "CREATE_COMPLETE"
    assert stacks.end(stack, 300) == "DELETE_COMPLETE"
    assert account.ec2.describe_addresses()["Addresses"] == []


def test_by_hand_it_keeps_the_subnet_and_the_gateway(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html"""
    stack = stacks.create("net", VPC)
    found = ids(stacks, stack)
    allocation = account.ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = account.ec2.create_nat_gateway(SubnetId=found["Subnet"], AllocationId=allocation)["NatGateway"]
    stacks.delete("net")
    account.emulator.clock.advance(120)
    waiting = {name for name, status in stacks.resources(stack).items() if status == "DELETE_IN_PROGRESS"}
    assert {"Subnet", "Attachment"} <= waiting
    account.ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    assert stacks.end(stack, 300) == "DELETE_COMPLETE"
    assert [item["AllocationId"] for item in account.ec2.describe_addresses()["Addresses"]] == [allocation]


def test_it_is_shown_as_deleted_for_an_hour(account: Account) -> None:
    account.network()
    gateway = account.ec2.create_nat_gateway(SubnetId=account.subnets[0], ConnectivityType="private")["NatGateway"]
    account.ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    account.emulator.clock.advance(100)
    assert account.ec2.describe_nat_gateways()["NatGateways"][0]["State"] == "deleted"
    account.emulator.clock.advance(3600)
    assert account.ec2.describe_nat_gateways()["NatGateways"] == []
    with pytest.raises(ClientError, match="NatGatewayNotFound"):
        account.ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
