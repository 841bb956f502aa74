# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What InterfaceWatch makes of EC2's answers, and the request that it sends."""

from __future__ import annotations

import boto3
import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._interfaces import InterfaceWatch
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


def test_done_only_when_a_look_found_nothing(ec2, stubber):
    watch = InterfaceWatch(ec2, ["vpc-1"], clock=lambda: 0.0)
    assert not watch.finished(), "nothing was looked at yet"
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB, BARE], "NextToken": "2"}, REQUEST)
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": []}, REQUEST | {"NextToken": "2"})
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": []}, REQUEST)

    assert watch.tick() and not watch.finished()
    assert [row["network_interface_id"] for row in watch.left] == ["eni-1", "eni-2"]
    assert [row["owner"] for row in watch.left] == ["123456789012", "amazon-elb"]
    assert watch.tick() and watch.finished()


def test_no_vpc_is_nothing_to_look_for(ec2, stubber):
    watch = InterfaceWatch(ec2, [], clock=lambda: 0.0)
    assert not watch.tick() and watch.finished()


def test_passing_errors_are_lived_with_and_never_mean_nothing_is_left(ec2, stubber):
    watch = InterfaceWatch(ec2, ["vpc-1"], clock=lambda: 0.0)
    stubber.add_client_error("describe_network_interfaces", "RequestLimitExceeded", "Request limit exceeded.", 503)
    assert not watch.tick() and not watch.finished() and watch.survived == 1
    assert "nothing could be seen" in watch.message(5)


def test_other_errors_come_through_with_the_action_to_allow(ec2, stubber):
    watch = InterfaceWatch(ec2, ["vpc-1"], clock=lambda: 0.0)
    stubber.add_client_error("describe_network_interfaces", "UnauthorizedOperation", "You may not.", 403)
    with pytest.raises(AwsCallError, match="UnauthorizedOperation") as caught:
        watch.tick()
    assert "ec2:DescribeNetworkInterfaces" in caught.value.advice()


def test_the_message_names_each_interface_its_owner_and_subnet(ec2, stubber):
    watch = InterfaceWatch(ec2, ["vpc-1"], clock=lambda: 7.0)
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB] + [BARE] * 3}, REQUEST)
    watch.tick()
    for words in ("eni-2 (ELB app/shop/1), owner amazon-elb, subnet subnet-1, in-use", "vpc-1 after 9 s", "eni-1"):
        assert words in watch.message(9)
    assert watch.waiting_for() == ["4 network interfaces for 0 s: eni-1, eni-1, eni-1, and 1 more"]
