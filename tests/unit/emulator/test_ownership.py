# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFormation on the emulator tells of whose a resource is, and what of it stays when its stack goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import CLUSTER, Account
from tests.unit.emulator.stacks import Stacks

TABLE: dict[str, Any] = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": "soup",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
LOGS: dict[str, Any] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "soup"}}
RETAINED = {"DeletionPolicy": "Retain"}
DAY = 86400.0


def _rows(stacks: Stacks, stack_id: str) -> list[tuple[str, str, str]]:
    summaries = stacks.client.list_stack_resources(StackName=stack_id)["StackResourceSummaries"]
    return [(row["ResourceType"], row["PhysicalResourceId"], row["ResourceStatus"]) for row in summaries]


def test_two_stacks_with_resources_of_one_id(stacks: Stacks) -> None:
    """A physical id is unique only within its type: ListStackResources tells both.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceSummary.html
    """
    table, logs = stacks.create("table", {"Table": TABLE}), stacks.create("logs", {"Logs": LOGS})
    assert _rows(stacks, table) == [("AWS::DynamoDB::Table", "soup", "CREATE_COMPLETE")]
    assert _rows(stacks, logs) == [("AWS::Logs::LogGroup", "soup", "CREATE_COMPLETE")]
    owned = stacks.client.describe_stack_resources(PhysicalResourceId="soup")["StackResources"]
    assert [row["StackName"] for row in owned] == ["table"]
    stacks.delete("table")
    assert stacks.end(table) == "DELETE_COMPLETE"
    owned = stacks.client.describe_stack_resources(PhysicalResourceId="soup")["StackResources"]
    assert [row["StackName"] for row in owned] == ["logs"]


def test_an_owner_that_is_not_found(emulator: Emulator, stacks: Stacks) -> None:
    """Text: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html"""
    stack = stacks.create("logs", {"Logs": LOGS})
    emulator.faults.hide_owner("soup")
    message = ("ValidationError", "Stack for soup does not exist")
    assert stacks.error("describe_stack_resources", PhysicalResourceId="soup") == message
    assert stacks.resources(stack) == {"Logs": "CREATE_COMPLETE"}
    emulator.faults.clear()
    assert stacks.client.describe_stack_resources(PhysicalResourceId="soup")["StackResources"]


def test_a_retained_table_stays(emulator: Emulator, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    stack = stacks.create("table", {"Table": {**TABLE, **RETAINED}})
    stacks.delete("table")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert _rows(stacks, stack) == [("AWS::DynamoDB::Table", "soup", "DELETE_SKIPPED")]
    shown = stacks.client.describe_stack_resources(StackName=stack)["StackResources"]
    assert [row["ResourceStatus"] for row in shown] == ["DELETE_SKIPPED"]
    assert emulator.client("dynamodb").list_tables()["TableNames"] == ["soup"]


def test_a_retained_vpc_stays_with_what_is_in_it(emulator: Emulator, stacks: Stacks) -> None:
    """aws-attribute-deletionpolicy.html"""
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.42.0.0/16"}, **RETAINED}
    subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.42.1.0/24"}}
    stack = stacks.create("net", {"Vpc": vpc, "Subnet": {**subnet, **RETAINED}})
    (vpc_id,) = [identifier for kind, identifier, _status in _rows(stacks, stack) if kind == "AWS::EC2::VPC"]
    stacks.delete("net")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert stacks.resources(stack) == {"Vpc": "DELETE_SKIPPED", "Subnet": "DELETE_SKIPPED"}
    assert emulator.client("ec2").describe_vpcs(VpcIds=[vpc_id])["Vpcs"]


def test_a_retained_load_balancer_stays(account: Account, stacks: Stacks) -> None:
    """aws-attribute-deletionpolicy.html"""
    account.network()
    balancer = {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {"Subnets": account.subnets, "SecurityGroups": [account.group]},
        **RETAINED,
    }
    stack = stacks.create("alb", {"Balancer": balancer})
    stacks.delete("alb")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    ((_type, arn, status),) = _rows(stacks, stack)
    assert status == "DELETE_SKIPPED"
    assert [item["LoadBalancerArn"] for item in account.elbv2.describe_load_balancers()["LoadBalancers"]] == [arn]
    assert len(account.interfaces()) == 3


@pytest.mark.parametrize("status", ["DELETE_FAILED", "UPDATE_COMPLETE"])
def test_another_status_in_a_deleted_stack(emulator: Emulator, stacks: Stacks, status: str) -> None:
    """A guess: every value of ResourceStatus may stand there (API_StackResourceSummary)"""
    stack = stacks.create("one", {"Below": stacks.parameter("/below"), "Table": {**TABLE, "DependsOn": "Below"}})
    emulator.faults.leave_behind("one", "Table", status)
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert stacks.resources(stack) == {"Below": "DELETE_COMPLETE", "Table": status}
    assert emulator.client("dynamodb").list_tables()["TableNames"] == ["soup"]


def test_deleted_stacks_are_remembered_for_ninety_days(emulator: Emulator, stacks: Stacks) -> None:
    """API_ListStacks and API_ListStackResources: 90 days

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
    """
    stack = stacks.create("one", {"P": stacks.parameter("/p"), "Table": {**TABLE, **RETAINED}})
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    emulator.clock.skip(89 * DAY)
    assert [item["StackId"] for item in stacks.client.list_stacks()["StackSummaries"]] == [stack]
    assert stacks.resources(stack) == {"P": "DELETE_COMPLETE", "Table": "DELETE_SKIPPED"}
    emulator.clock.skip(2 * DAY)
    assert stacks.client.list_stacks()["StackSummaries"] == []
    for operation in ("describe_stacks", "list_stack_resources", "describe_stack_resources"):
        assert stacks.error(operation, StackName=stack) == ("ValidationError", f"Stack with id {stack} does not exist")
    assert emulator.client("dynamodb").list_tables()["TableNames"] == ["soup"]


def test_events_without_tokens(emulator: Emulator, stacks: Stacks) -> None:
    """With them: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html"""
    stack = stacks.create("one", {"P": stacks.parameter("/p")}, ClientRequestToken="first")
    emulator.faults.events_without_tokens()
    emulator.faults.fail_resource("one", "P", "Internal Failure")
    stacks.delete("one", ClientRequestToken="second")
    assert stacks.end(stack) == "DELETE_FAILED"
    events = stacks.client.describe_stack_events(StackName=stack)["StackEvents"]
    tokens = [(event["ResourceStatus"].partition("_")[0], event.get("ClientRequestToken")) for event in events]
    assert set(tokens) == {("CREATE", "first"), ("DELETE", None)}


def test_one_more_service_keeps_the_cluster_of_a_stack(account: Account, stacks: Stacks) -> None:
    """https://github.com/aws/amazon-ecs-cli/issues/368

    As CloudFormation tells it: https://github.com/aws-samples/aws-scalable-big-blue-button-example/issues/79
    """
    stack = stacks.create("one", {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": CLUSTER}}})
    account.network().define("app")
    account.service("payments", desired=0)
    stacks.delete("one")
    assert stacks.end(stack, 60) == "DELETE_FAILED"
    reason = stacks.reason(stack, "Cluster")
    assert "DeleteClusters SDK Error: The Cluster cannot be deleted while Services are active." in reason
    assert "Error Code: ClusterContainsServicesException" in reason
    account.ecs.delete_service(cluster=CLUSTER, service="payments")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"


def test_a_service_of_a_stack_in_the_cluster_of_another(account: Account, stacks: Stacks) -> None:
    """Ref is the service's ARN, with cluster and service in it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
    """
    account.network().define("app")
    stacks.create("theirs", {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": CLUSTER}}})
    network = account.network_configuration["awsvpcConfiguration"]
    service = {
        "Type": "AWS::ECS::Service",
        "Properties": {
            "Cluster": CLUSTER,
            "ServiceName": "soup",
            "TaskDefinition": "app",
            "DesiredCount": 2,
            "LaunchType": "FARGATE",
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {name[0].upper() + name[1:]: value for name, value in network.items()}
            },
        },
    }
    ours = stacks.create("ours", {"Service": service})
    account.service("payments")
    arn = f"arn:aws:ecs:eu-central-1:123456789012:service/{CLUSTER}/soup"
    assert _rows(stacks, ours) == [("AWS::ECS::Service", arn, "CREATE_COMPLETE")]
    groups = [account.describe_task(task)["group"] for task in account.listed()]
    assert sorted(groups) == ["service:payments", "service:soup", "service:soup"]
    stacks.delete("ours")
    assert stacks.end(ours) == "DELETE_COMPLETE"
    assert [account.describe_task(task)["group"] for task in account.listed()] == ["service:payments"]


def test_revisions_of_one_family_belong_to_different_stacks(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html"""
    definition = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"Family": "soup", "ContainerDefinitions": [{"Name": "soup", "Image": "i", "Memory": 128}]},
    }
    theirs = stacks.create("theirs", {"Definition": definition})
    ours = stacks.create("ours", {"Definition": definition})
    arns = [rows[0][1].rpartition("/")[2] for rows in (_rows(stacks, theirs), _rows(stacks, ours))]
    assert arns == ["soup:1", "soup:2"]
    stacks.delete("theirs")
    assert stacks.end(theirs) == "DELETE_COMPLETE"
    inactive = account.ecs.list_task_definitions(status="INACTIVE")["taskDefinitionArns"]
    active = account.ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    assert [arn.rpartition("/")[2] for arn in (*inactive, *active)] == ["soup:1", "soup:2"]
