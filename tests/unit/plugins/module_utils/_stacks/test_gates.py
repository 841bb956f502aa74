# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import NETWORK_INTERFACES_GONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import TASKS_STOPPED
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import Gates


class Reader:
    """A stack with a VPC, and one that went already."""

    def __init__(self):
        self.calls = 0

    def resources(self, stack_id):
        self.calls += 1
        return [
            t.Resource("Vpc", "vpc-1", "AWS::EC2::VPC", "CREATE_COMPLETE"),
            t.Resource("Old", "vpc-0", "AWS::EC2::VPC", "DELETE_COMPLETE"),
            t.Resource("Subnet", "subnet-1", "AWS::EC2::Subnet", "CREATE_COMPLETE"),
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
    return t.StackState(t.StackSpec("a", only_when=gates), stack_id="arn:a/1")


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
