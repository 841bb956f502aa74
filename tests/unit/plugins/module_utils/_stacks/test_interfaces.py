# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of EC2's answers about network interfaces, and the request that is sent."""

from __future__ import annotations

import boto3
import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.interfaces import interfaces
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.interfaces import told
from botocore.stub import Stubber

REQUEST = {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}
ELB = {
    "NetworkInterfaceId": "eni-2",
    "Description": "ELB app/shop/1",
    "RequesterId": "amazon-elb",
    "OwnerId": "123456789012",
    "SubnetId": "subnet-1",
    "Status": "in-use",
    "VpcId": "vpc-1",
}
BARE = {"NetworkInterfaceId": "eni-1", "OwnerId": "123456789012", "SubnetId": "subnet-1", "VpcId": "vpc-1"}


@pytest.fixture
def ec2():
    return boto3.client("ec2", region_name="eu-central-1", aws_access_key_id="k", aws_secret_access_key="s")


@pytest.fixture
def stubber(ec2):
    with Stubber(ec2) as stubber:
        yield stubber


def test_all_pages_are_read_and_sorted(ec2, stubber):
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB], "NextToken": "2"}, REQUEST)
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [BARE]}, REQUEST | {"NextToken": "2"})
    rows = interfaces(ec2, ["vpc-1"])
    assert [(row["id"], row["owner"]) for row in rows] == [("eni-1", "123456789012"), ("eni-2", "amazon-elb")]


def test_an_error_is_not_an_empty_network(ec2, stubber):
    stubber.add_client_error("describe_network_interfaces", "UnauthorizedOperation", "You may not.", 403)
    with pytest.raises(AwsCallError, match="UnauthorizedOperation") as caught:
        interfaces(ec2, ["vpc-1"])
    assert "ec2:DescribeNetworkInterfaces" in caught.value.advice()


def test_each_interface_is_told_with_its_owner_and_subnet(ec2, stubber):
    assert told([]) == ""
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB]}, REQUEST)
    assert told(interfaces(ec2, ["vpc-1"])) == (
        "1 network interface is left in vpc-1: eni-2 (ELB app/shop/1), owner amazon-elb, subnet subnet-1, in-use"
    )
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB] + [BARE] * 6}, REQUEST)
    text = told(interfaces(ec2, ["vpc-1"]))
    assert text.startswith("7 network interfaces are left in vpc-1: eni-1 (no description)")
    assert text.endswith("; and 2 more")


def test_a_description_cannot_drive_a_terminal(ec2, stubber):
    nasty = BARE | {"Description": "Lambda \x9b31m\n<b>"}
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [nasty]}, REQUEST)
    assert "(Lambda 31m <b>)" in told(interfaces(ec2, ["vpc-1"]))
