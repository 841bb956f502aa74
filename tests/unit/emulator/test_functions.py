# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda's functions, their interfaces, and the custom resources that call them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks

TOKEN = "arn:aws:lambda:eu-central-1:123456789012:function:cleaner"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
CLEANED = {"Type": "Custom::Cleaner", "Properties": {"ServiceToken": TOKEN, "Bucket": "mine"}}


def role(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "worker", "AssumeRolePolicyDocument": TRUST, **properties},
    }


def function(name: str = "cleaner", **properties: Any) -> dict[str, Any]:
    code = {"ZipFile": "def handler(event, context): return {}"}
    fixed = {"FunctionName": name, "Handler": "index.handler", "Runtime": "python3.12", "Code": code}
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {**fixed, "Role": "arn:aws:iam::123456789012:role/worker", **properties},
    }


@pytest.fixture
def network(account: Account) -> Account:
    return account.network()


def in_network(account: Account, **properties: Any) -> dict[str, Any]:
    config = {"SubnetIds": account.subnets[:2], "SecurityGroupIds": [account.group]}
    return function(VpcConfig=config, **properties)


def test_a_function_has_an_interface_in_each_subnet(network: Account, stacks: Stacks) -> None:
    """As recorded in test_security_group_used of cloud-custodian/cloud-custodian: requester-managed is false"""
    stacks.create("one", {"Role": role(), "Function": in_network(network, Role={"Fn::GetAtt": ["Role", "Arn"]})},
                  Capabilities=CAPABILITIES)
    shown = network.interfaces()
    assert sorted(interface["SubnetId"] for interface in shown) == sorted(network.subnets[:2])
    assert {(i["InterfaceType"], i["RequesterManaged"], i["Status"]) for i in shown} == {("lambda", False, "in-use")}
    assert all(i["Description"].startswith("AWS Lambda VPC ENI-cleaner-") for i in shown)
    assert all("InstanceId" not in i["Attachment"] for i in shown)


def test_cloudformation_waits_for_the_interfaces(network: Account, stacks: Stacks) -> None:
    """aws-cloudformation/cloudformation-coverage-roadmap#392: the role is needed until then, and goes afterwards"""
    resources = {"Role": role(), "Function": in_network(network, Role={"Fn::GetAtt": ["Role", "Arn"]})}
    stack_id = stacks.create("one", resources, Capabilities=CAPABILITIES)
    stacks.delete("one")
    network.emulator.clock.advance(600)
    assert stacks.resources(stack_id) == {"Role": "CREATE_COMPLETE", "Function": "DELETE_IN_PROGRESS"}
    assert not network.emulator.client("lambda").list_functions()["Functions"]
    assert len(network.interfaces()) == 2
    network.emulator.clock.advance(280)
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert not network.interfaces()


def test_cloudformation_does_not_wait_for_what_it_may_not_see(network: Account, stacks: Stacks) -> None:
    """aws-properties-lambda-function-vpcconfig.html: it needs ec2:DescribeNetworkInterfaces of its caller"""
    stacks.create("roles", {"Role": role()}, Capabilities=CAPABILITIES)
    stack_id = stacks.create("one", {"Function": in_network(network)})
    network.emulator.faults.deny("ec2:DescribeNetworkInterfaces")
    stacks.delete("one")
    assert stacks.end(stack_id, 100) == "DELETE_COMPLETE"
    network.emulator.faults.allow("ec2:DescribeNetworkInterfaces")
    assert len(network.interfaces()) == 2


def test_without_the_role_the_interfaces_stay(network: Account, stacks: Stacks) -> None:
    """awslabs/aws-support-tools#174; after 45 minutes CloudFormation leaves them behind: serverless/serverless#7633"""
    stacks.create("roles", {"Role": role()}, Capabilities=CAPABILITIES)
    stack_id = stacks.create("one", {"Function": in_network(network)})
    stacks.delete("one")
    stacks.delete("roles")
    network.emulator.clock.advance(2690)
    assert stacks.status(stack_id) == "DELETE_IN_PROGRESS"
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert {interface["Status"] for interface in network.interfaces()} == {"available"}


def test_out_of_its_vpc_a_function_lets_go(network: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""
    stacks.create("one", {"Role": role(), "Function": in_network(network, Role={"Fn::GetAtt": ["Role", "Arn"]})},
                  Capabilities=CAPABILITIES)
    client = network.emulator.client("lambda")
    client.update_function_configuration(FunctionName="cleaner", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})
    assert network.interfaces()
    network.emulator.wait_until(lambda: not network.interfaces(), 3000)


@pytest.fixture
def cleaner(stacks: Stacks) -> str:
    stacks.create("roles", {"Role": role()}, Capabilities=CAPABILITIES)
    return stacks.create("functions", {"Function": function()})


def test_a_custom_resource_goes_while_its_function_is_there(stacks: Stacks, cleaner: str) -> None:
    """template-custom-resources.html"""
    output = {"Outputs": {"Bucket": {"Value": {"Fn::GetAtt": ["Cleaned", "Bucket"]}}}}
    stack_id = stacks.create("one", {"Cleaned": CLEANED}, output)
    assert stacks.show(stack_id)["Outputs"][0]["OutputValue"] == "mine"
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


@pytest.mark.parametrize("kind", ["Custom::Cleaner", "AWS::CloudFormation::CustomResource"])
def test_without_its_function_a_custom_resource_fails(stacks: Stacks, cleaner: str, kind: str) -> None:
    stack_id = stacks.create("one", {"Cleaned": {**CLEANED, "Type": kind}})
    stacks.delete("functions")
    stacks.end(cleaner)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert f"Function not found: {TOKEN}" in stacks.reason(stack_id, "Cleaned")
    stacks.delete("one", RetainResources=["Cleaned"])
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


@pytest.mark.parametrize(("timeout", "seconds"), [(None, 3600), (60, 60)])
def test_a_function_that_cannot_work_lets_cloudformation_wait(
    emulator: Emulator, stacks: Stacks, cleaner: str, timeout: int | None, seconds: int
) -> None:
    """aws/copilot-cli#4868 has the words; ServiceTimeout: aws-resource-cloudformation-customresource.html"""
    properties = {**CLEANED["Properties"], **({"ServiceTimeout": timeout} if timeout else {})}
    stack_id = stacks.create("one", {"Cleaned": {**CLEANED, "Properties": properties}})
    emulator.client("iam").delete_role(RoleName="worker")
    stacks.delete("one")
    since = emulator.clock.now()
    assert stacks.end(stack_id, 8000) == "DELETE_FAILED"
    assert emulator.clock.now() - since == pytest.approx(seconds, abs=20)
    assert "CloudFormation did not receive a response from your Custom Resource" in stacks.reason(stack_id, "Cleaned")


def test_a_function_that_is_not_there_makes_no_custom_resource(stacks: Stacks) -> None:
    stack_id = stacks.create("one", {"Cleaned": CLEANED})
    assert stacks.status(stack_id) == "ROLLBACK_COMPLETE"


def test_a_service_token_of_a_topic_is_refused(stacks: Stacks) -> None:
    """AWS takes them, the emulator does not"""
    token = "arn:aws:sns:eu-central-1:123456789012:topic"
    stacks.create("one", {"Cleaned": {"Type": "Custom::Topic", "Properties": {"ServiceToken": token}}})
    events = stacks.client.describe_stack_events(StackName="one")["StackEvents"]
    assert any("The emulator lacks custom resources" in event.get("ResourceStatusReason", "") for event in events)


@pytest.mark.parametrize("may_log", [True, False])
def test_a_function_that_is_called_writes_a_log_if_it_may(emulator: Emulator, stacks: Stacks, may_log: bool) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html: it makes the log group itself"""
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    stacks.create("roles", {"Role": role(ManagedPolicyArns=[arn] if may_log else [])}, Capabilities=CAPABILITIES)
    stacks.create("functions", {"Function": function()})
    stacks.create("one", {"Cleaned": CLEANED})
    groups = [group["logGroupName"] for group in emulator.client("logs").describe_log_groups()["logGroups"]]
    assert groups == (["/aws/lambda/cleaner"] if may_log else [])
