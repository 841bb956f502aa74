# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of single calls: permissions, rates, regions, connections."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.emulator import Emulator
from tests.emulator.limits import Limits, bucket_of
from tests.unit.emulator.stacks import Stacks


def error(call: Callable[..., Any], **arguments: Any) -> str:
    """The code of the error that a call has to end with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


def test_a_pattern_denies_every_action_of_a_service(emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html: wildcards, no case"""
    emulator.faults.deny("ecs:List*")
    ecs = emulator.client("ecs")
    assert error(ecs.list_clusters) == "AccessDeniedException"
    ecs.describe_clusters()
    emulator.faults.allow("ECS:list*")
    ecs.list_clusters()


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "action"),
    [
        ("resourcegroupstaggingapi", "get_resources", {}, "tag:GetResources"),
        ("iam", "list_account_aliases", {}, "iam:ListAccountAliases"),
        ("servicediscovery", "list_namespaces", {}, "servicediscovery:ListNamespaces"),
        ("elbv2", "describe_load_balancers", {}, "elasticloadbalancing:DescribeLoadBalancers"),
        ("appmesh", "describe_mesh", {"meshName": "m"}, "appmesh:DescribeMesh"),
        ("xray", "get_sampling_rules", {}, "xray:GetSamplingRules"),
        ("logs", "describe_log_groups", {}, "logs:DescribeLogGroups"),
        ("ssm", "describe_parameters", {}, "ssm:DescribeParameters"),
        ("dynamodb", "describe_table", {"TableName": "t"}, "dynamodb:DescribeTable"),
        ("ec2", "describe_flow_logs", {}, "ec2:DescribeFlowLogs"),
    ],
)
def test_actions_are_denied_and_counted_as_iam_spells_them(
    emulator: Emulator, service: str, operation: str, arguments: dict[str, str], action: str
) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/ (Actions of each service)"""
    emulator.faults.deny(action)
    code = error(getattr(emulator.client(service), operation), **arguments)
    assert code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
    assert emulator.calls.by_action == {action: 1}


def test_nobody_can_be_denied_to_ask_who_he_is(emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    emulator.faults.deny("sts:GetCallerIdentity")
    emulator.client("sts").get_caller_identity()


@pytest.mark.parametrize("action", ["ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition"])
def test_cloudformation_needs_the_callers_rights_to_delete(emulator: Emulator, stacks: Stacks, action: str) -> None:
    """``handlers.delete.permissions`` of the type's schema; a resource is DELETE_FAILED with the service's reason.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
    """
    definition = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": [{"Name": "soup", "Image": "i", "Memory": 128}]},
    }
    stack_id = stacks.create("one", {"Definition": definition})
    emulator.faults.deny(action)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert f"is not authorized to perform: {action}" in stacks.reason(stack_id, "Definition")
    assert "HandlerErrorCode: AccessDenied" in stacks.reason(stack_id, "Definition")
    emulator.faults.allow(action)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert emulator.calls.on_behalf["ecs:DeregisterTaskDefinition"] == 2
    assert "ecs:DeregisterTaskDefinition" not in emulator.calls.by_action


def test_deletions_under_way_go_on_when_the_callers_token_expires(emulator: Emulator, stacks: Stacks) -> None:
    """API_DeleteStack, RoleARN: CloudFormation uses a session of its own, generated from the user's credentials."""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    emulator.faults.expire_credentials(after_calls=0)
    assert error(stacks.client.describe_stacks) == "ExpiredToken"
    emulator.clock.advance(60)
    emulator.faults.clear()
    assert stacks.status(stack_id) == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("cloudformation", "list_stacks", "SignatureDoesNotMatch"),
        ("ecs", "list_clusters", "InvalidSignatureException"),
    ],
)
def test_a_region_that_does_not_exist(emulator: Emulator, service: str, operation: str, code: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"""
    assert error(getattr(emulator.client(service, region="eu-central-9"), operation)) == code
    getattr(emulator.client(service, region="ap-southeast-4"), operation)()


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("cloudformation", "list_stacks", "InvalidClientTokenId"),
        ("ecs", "list_clusters", "UnrecognizedClientException"),
        ("ec2", "describe_vpcs", "AuthFailure"),
    ],
)
def test_a_region_that_is_not_enabled(emulator: Emulator, service: str, operation: str, code: str) -> None:
    """https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""
    emulator.faults.disable_region("eu-central-1")
    assert error(getattr(emulator.client(service), operation)) == code


def test_a_connection_that_is_cut_before_the_call(emulator: Emulator) -> None:
    emulator.faults.cut_connections(1.0, before=True)
    with pytest.raises(ConnectionClosedError):
        emulator.client("ecs").create_cluster(clusterName="never")
    assert emulator.calls.log[-1].error == "ConnectionClosed"
    emulator.faults.clear()
    assert not emulator.client("ecs").list_clusters()["clusterArns"]


def test_only_some_answers_are_slow(emulator: Emulator) -> None:
    emulator.faults.slow(0.05, fraction=0.3)
    before = time.monotonic()
    for _number in range(20):
        emulator.client("sts").get_caller_identity()
    assert 0.05 <= time.monotonic() - before
    emulator.faults.slow(5.0, fraction=0.0)
    emulator.client("sts").get_caller_identity()


def test_rates_beyond_the_bucket_are_throttled(emulator: Emulator, stacks: Stacks) -> None:
    """Per account and region: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html"""
    emulator.faults.limits()
    ecs = emulator.client("ecs")
    for _number in range(5):
        ecs.delete_task_definitions(taskDefinitions=["soup:1"])
    assert error(ecs.delete_task_definitions, taskDefinitions=["soup:1"]) == "ThrottlingException"
    ecs.list_clusters()
    emulator.client("ecs", region="eu-west-1").delete_task_definitions(taskDefinitions=["soup:1"])
    emulator.clock.advance(1)
    ecs.delete_task_definitions(taskDefinitions=["soup:1"])
    for _number in range(10):
        stacks.client.describe_stacks()
    assert error(stacks.client.describe_stacks) == "Throttling"
    emulator.faults.limits(on=False)
    stacks.client.describe_stacks()


def test_a_bucket_is_shared_by_its_actions_and_never_over_full() -> None:
    """ "DescribeTasks and ListTasks": 100 at once, 20 a second"""
    now = [0.0]
    limits = Limits(lambda: now[0])
    taken = [limits.take("r", action) for action in ["ecs:DescribeTasks", "ecs:ListTasks"] * 51]
    assert taken == [True] * 100 + [False] * 2
    now[0] = 1.0
    assert sum(limits.take("r", "ecs:ListTasks") for _number in range(30)) == 20
    now[0] = 1000.0
    assert sum(limits.take("r", "ecs:ListTasks") for _number in range(200)) == 100


@pytest.mark.parametrize(
    ("action", "size", "refill"),
    [
        ("ecs:StopTask", 100, 40),
        ("ecs:UpdateService", 50, 5),
        ("ecs:DescribeServices", 100, 20),
        ("ecs:DeleteCluster", 20, 1),
        ("ec2:DescribeNetworkInterfaces", 100, 20),
        ("ec2:DeleteSubnet", 50, 5),
        ("cloudformation:DescribeStacks", 10, 5),
    ],
)
def test_sizes_of_buckets(action: str, size: int, refill: int) -> None:
    """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html and ECS's page; aws/aws-sam-cli#2671"""
    bucket = bucket_of(action)
    assert bucket is not None
    assert (bucket.size, bucket.refill) == (size, refill)


def test_no_bucket_where_aws_publishes_none() -> None:
    assert bucket_of("logs:DescribeLogGroups") is None


def test_a_denial_may_be_for_one_caller_alone(emulator: Emulator, stacks: Stacks) -> None:
    """The access key's id says who calls; CloudFormation deletes with the rights of whoever asked for it."""
    poor = boto3.client(
        "cloudformation",
        region_name="eu-central-1",
        endpoint_url=emulator.endpoint_url,
        aws_access_key_id="poor",
        aws_secret_access_key="b",
    )
    emulator.faults.deny("cloudformation:ListStacks", caller="poor")
    emulator.faults.deny("ssm:DeleteParameter", caller="poor")
    assert error(poor.list_stacks) == "AccessDenied"
    stacks.client.list_stacks()
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    poor.delete_stack(StackName="one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    poor.close()


def test_with_a_role_the_callers_rights_do_not_count(emulator: Emulator, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"""
    emulator.faults.deny("ssm:DeleteParameter", caller="emulator")
    emulator.client("iam").create_role(RoleName="deleter", AssumeRolePolicyDocument="{}")
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one", RoleARN="arn:aws:iam::123456789012:role/deleter")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_how_closely_calls_follow_each_other(emulator: Emulator, stacks: Stacks) -> None:
    for _second in range(3):
        for _number in range(4):
            stacks.client.list_stacks()
        emulator.client("ecs").list_clusters()
        emulator.clock.advance(1)
    assert emulator.calls.most_within(1, "cloudformation:ListStacks") == 4
    assert emulator.calls.most_within(2, "cloudformation:ListStacks", "eu-central-1") == 8
    assert emulator.calls.most_within(60) == 15
    assert emulator.calls.most_within(60, region="us-east-1") == 0
