# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import Gates
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import NETWORK_INTERFACES_GONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import TASKS_STOPPED
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import interfaces
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import told
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState


class Reader:
    """A stack with a VPC, and one that went already."""

    def __init__(self):
        self.calls = 0

    def resources(self, stack_id):
        self.calls += 1
        return [
            t.StackResource("Vpc", "vpc-1", "AWS::EC2::VPC", "CREATE_COMPLETE"),
            t.StackResource("Old", "vpc-0", "AWS::EC2::VPC", "DELETE_COMPLETE"),
            t.StackResource("Subnet", "subnet-1", "AWS::EC2::Subnet", "CREATE_COMPLETE"),
        ]


class Ec2:
    """Answers one look after the other."""

    def __init__(self, *looks):
        self.looks = list(looks)
        self.asked = []

    def get_paginator(self, name):
        assert name == "describe_network_interfaces"
        return self

    def paginate(self, Filters):
        self.asked.append(Filters[0]["Values"])
        return [{"NetworkInterfaces": [{"NetworkInterfaceId": item, "VpcId": "vpc-1"} for item in self.looks.pop(0)]}]


def state(*gates):
    return StackState(t.StackSpec("a", only_when=gates), stack_id="arn:a/1")


def test_no_interface_may_be_left_in_the_vpc_of_the_stack():
    reader, ec2 = Reader(), Ec2(["eni-1"], [])
    gates = Gates(reader, lambda: ec2, list)
    assert "eni-1" in gates.why_closed(state(NETWORK_INTERFACES_GONE))
    assert gates.why_closed(state(NETWORK_INTERFACES_GONE)) == ""
    assert ec2.asked == [["vpc-1"], ["vpc-1"]] and reader.calls == 1


def test_the_client_for_a_gate_is_made_beforehand_and_once():
    made = []
    gates = Gates(Reader(), lambda: made.append(1) or Ec2([]), list)
    gates.prepare([state(), state(TASKS_STOPPED)])
    assert made == []
    gates.prepare([state(), state(NETWORK_INTERFACES_GONE)])
    gates.prepare([state(NETWORK_INTERFACES_GONE)])
    assert gates.why_closed(state(NETWORK_INTERFACES_GONE)) == ""
    assert made == [1]


def test_tasks_have_to_have_ended():
    running = ["web: 1 task RUNNING for 3 s"]
    gates = Gates(Reader(), lambda: pytest.fail("nobody asked for EC2"), lambda: running)
    assert gates.why_closed(state(TASKS_STOPPED)) == "web: 1 task RUNNING for 3 s"
    assert gates.why_closed(state()) == ""
    running.clear()
    assert gates.why_closed(state(TASKS_STOPPED)) == ""


def test_what_can_not_be_looked_at_is_an_error():
    class Denied(Reader):
        def resources(self, stack_id):
            raise errors.AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:ListStackResources")

    with pytest.raises(errors.AwsCallError):
        Gates(Denied(), Ec2, list).why_closed(state(NETWORK_INTERFACES_GONE))


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
