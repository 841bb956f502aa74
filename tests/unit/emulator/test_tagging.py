# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Resource Groups Tagging API finds of stacks on the emulator."""

from __future__ import annotations

from typing import Any

from tests.unit.emulator.account import CLUSTER, Account
from tests.unit.emulator.stacks import Stacks

RESOURCES: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.42.0.0/16"}},
    "Namespace": {
        "Type": "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "Properties": {"Name": "kitchen.local", "Vpc": {"Ref": "Vpc"}},
    },
    "Registry": {
        "Type": "AWS::ServiceDiscovery::Service",
        "Properties": {"Name": "soup", "NamespaceId": {"Ref": "Namespace"}},
    },
    "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": CLUSTER}},
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "soup"}},
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "soup",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    },
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/soup", "Type": "String", "Value": "hot"}},
    "Targets": {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {"Port": 80, "Protocol": "HTTP", "VpcId": {"Ref": "Vpc"}, "TargetType": "ip"},
    },
}
TYPES = {
    "ec2:vpc",
    "servicediscovery:namespace",
    "servicediscovery:service",
    "ecs:cluster",
    "logs:log-group",
    "dynamodb:table",
    "ssm:parameter",
    "elasticloadbalancing:targetgroup",
}


def found(account: Account, stack: str) -> set[str]:
    """``service:type`` of what carries the stack's tag."""
    pages = account.emulator.client("resourcegroupstaggingapi").get_paginator("get_resources")
    filters = [{"Key": "aws:cloudformation:stack-name", "Values": [stack]}]
    arns = [item["ResourceARN"] for one in pages.paginate(TagFilters=filters) for item in one["ResourceTagMappingList"]]
    return {arn.split(":")[2] + ":" + arn.split(":", 5)[5].replace("/", ":").split(":")[0] for arn in arns}


def test_resources_of_a_stack_are_found_by_its_tag(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html"""
    stack = stacks.create("one", RESOURCES)
    assert found(account, "one") == TYPES
    assert found(account, "two") == set()
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert found(account, "one") == set()


def test_the_tags_of_the_stack_are_on_its_resources(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html"""
    stack = stacks.create("one", {"Cluster": RESOURCES["Cluster"]}, Tags=[{"Key": "course", "Value": "main"}])
    cluster = account.ecs.describe_clusters(clusters=[CLUSTER], include=["TAGS"])["clusters"][0]
    tags = {item["key"]: item["value"] for item in cluster["tags"]}
    assert tags["course"] == "main"
    assert tags["aws:cloudformation:stack-id"] == stack
    assert tags["aws:cloudformation:logical-id"] == "Cluster"
