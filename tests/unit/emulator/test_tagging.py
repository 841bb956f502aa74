# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Resource Groups Tagging API finds of stacks on the emulator."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

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
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.42.0.0/24"}},
    "Firewall": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "soup", "VpcId": {"Ref": "Vpc"}},
    },
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Endpoint": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "ServiceName": "com.amazonaws.eu-central-1.s3",
            "RouteTableIds": [{"Ref": "Routes"}],
        },
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
    "FlowLog": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": {"Ref": "Vpc"},
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogGroupName": {"Ref": "Group"},
            "DeliverLogsPermissionArn": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
    "Definition": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"Family": "soup", "ContainerDefinitions": [{"Name": "soup", "Image": "i", "Memory": 128}]},
    },
    "Mesh": {"Type": "AWS::AppMesh::Mesh", "Properties": {"MeshName": "soup"}},
    "Node": {
        "Type": "AWS::AppMesh::VirtualNode",
        "Properties": {"MeshName": {"Fn::GetAtt": ["Mesh", "MeshName"]}, "VirtualNodeName": "soup", "Spec": {}},
    },
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
    "ec2:subnet",
    "ec2:security-group",
    "ec2:internet-gateway",
    "ec2:route-table",
    "ec2:vpc-endpoint",
    "ec2:vpc-flow-log",
    "ecs:task-definition",
    "appmesh:mesh",
    "ssm:parameter",
    "elasticloadbalancing:targetgroup",
}


NEVER = {"dynamodb", "iam"}


def arns(account: Account, stack: str, **options: Any) -> list[str]:
    """ARNs of what carries the stack's tag."""
    pages = account.emulator.client("resourcegroupstaggingapi").get_paginator("get_resources")
    filters = [{"Key": "aws:cloudformation:stack-name", "Values": [stack]}]
    found_pages = pages.paginate(TagFilters=filters, **options)
    return [item["ResourceARN"] for one in found_pages for item in one["ResourceTagMappingList"]]


def found(account: Account, stack: str) -> set[str]:
    """``service:type`` of what carries the stack's tag."""
    return {
        arn.split(":")[2] + ":" + arn.split(":", 5)[5].replace("/", ":").split(":")[0] for arn in arns(account, stack)
    }


def refused(account: Account, **arguments: Any) -> tuple[str, str]:
    """Code and message of GetResources's error."""
    with pytest.raises(ClientError) as caught:
        account.emulator.client("resourcegroupstaggingapi").get_resources(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def everything(account: Account, stacks: Stacks) -> str:
    """A stack with one resource of each kind; its id."""
    return stacks.create("one", RESOURCES, Capabilities=["CAPABILITY_IAM"])


def test_resources_of_a_stack_are_found_by_its_tag(account: Account, everything: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html

    Not tables of DynamoDB and services of ECS, whose schemas say ``cloudFormationSystemTags: false``, and never roles.
    """
    assert everything
    assert found(account, "one") == TYPES
    assert not {kind.split(":")[0] for kind in found(account, "one")} & NEVER
    assert found(account, "two") == set()


def test_deleted_resources_are_shown_for_a_while(account: Account, stacks: Stacks, everything: str) -> None:
    """ "Tagged or previously tagged" (API_GetResources); seen for twenty minutes: aws/aws-cli#4173, boto/boto3#3341."""
    stacks.delete("one")
    assert stacks.end(everything) == "DELETE_COMPLETE"
    assert "ec2:subnet" in found(account, "one")
    account.emulator.clock.advance(400)
    assert found(account, "one") == {"ecs:task-definition"}


def test_an_inactive_task_definition_keeps_its_tags(account: Account, stacks: Stacks, everything: str) -> None:
    """INACTIVE ones stay: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html"""
    account.emulator.faults.tagging_lag(0)
    stacks.delete("one")
    stacks.end(everything)
    assert arns(account, "one") == ["arn:aws:ecs:eu-central-1:123456789012:task-definition/soup:1"]


def test_how_long_the_deleted_are_shown_can_be_set(account: Account, stacks: Stacks) -> None:
    account.emulator.faults.tagging_lag(50)
    stack = stacks.create("one", {"Gateway": RESOURCES["Gateway"]})
    stacks.delete("one")
    stacks.end(stack)
    account.emulator.clock.advance(40)
    assert found(account, "one") == {"ec2:internet-gateway"}
    account.emulator.clock.advance(10)
    assert found(account, "one") == set()


def test_what_was_deleted_by_hand_is_shown_too(account: Account, stacks: Stacks) -> None:
    stacks.create("one", {"Gateway": RESOURCES["Gateway"]})
    gateway = arns(account, "one")[0].rpartition("/")[2]
    account.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    assert found(account, "one") == {"ec2:internet-gateway"}
    account.emulator.clock.advance(400)
    assert found(account, "one") == set()


def test_a_retained_resource_keeps_its_tags(account: Account, stacks: Stacks) -> None:
    """aws-attribute-deletionpolicy.html: Retain leaves the resource as it is."""
    stack = stacks.create("one", {"Gateway": {**RESOURCES["Gateway"], "DeletionPolicy": "Retain"}})
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    account.emulator.clock.advance(4000)
    assert found(account, "one") == {"ec2:internet-gateway"}
    assert len(account.ec2.describe_internet_gateways()["InternetGateways"]) == 1


def test_pages_of_resources(account: Account, everything: str) -> None:
    """API_GetResources, ResourcesPerPage and PaginationToken"""
    assert everything
    whole = arns(account, "one")
    assert arns(account, "one", PaginationConfig={"PageSize": 3}) == whole
    assert len(whole) == len(set(whole)) == len(TYPES) + 1  # a mesh and its node


def test_what_get_resources_refuses(account: Account) -> None:
    """API_TagFilter: 20 values at most; text as in prometheus/cloudwatch_exporter#440"""
    code, message = refused(account, TagFilters=[{"Key": "k", "Values": [str(number) for number in range(21)]}])
    assert code == "InvalidParameterException"
    assert "at 'tagFilters.1.member.values' failed to satisfy constraint" in message
    assert refused(account, ResourcesPerPage=101)[0] == "InvalidParameterException"
    assert refused(account, PaginationToken="x")[0] == "PaginationTokenExpiredException"
    both = {"ResourceARNList": ["arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1"], "TagFilters": [{"Key": "k"}]}
    assert refused(account, **both)[0] == "InvalidParameterException"


def test_filters_by_type(account: Account, everything: str) -> None:
    """API_GetResources, ResourceTypeFilters"""
    assert everything
    assert {arn.split(":")[2] for arn in arns(account, "one", ResourceTypeFilters=["ec2"])} == {"ec2"}
    subnets = arns(account, "one", ResourceTypeFilters=["ec2:subnet"])
    assert len(subnets) == 1 and ":subnet/" in subnets[0]


def test_the_tags_of_the_stack_are_on_its_resources(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html"""
    stack = stacks.create("one", {"Cluster": RESOURCES["Cluster"]}, Tags=[{"Key": "course", "Value": "main"}])
    cluster = account.ecs.describe_clusters(clusters=[CLUSTER], include=["TAGS"])["clusters"][0]
    tags = {item["key"]: item["value"] for item in cluster["tags"]}
    assert tags["course"] == "main"
    assert tags["aws:cloudformation:stack-id"] == stack
    assert tags["aws:cloudformation:logical-id"] == "Cluster"


def test_a_load_balancer_is_tagged_where_classic_ones_were_looked_at(account: Account, stacks: Stacks) -> None:
    account.emulator.client("elb").describe_load_balancers()
    account.network()
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": account.subnets[:2]}}
    stack = stacks.create("one", {"Balancer": balancer})
    (row,) = account.elbv2.describe_load_balancers()["LoadBalancers"]
    (tagged,) = account.elbv2.describe_tags(ResourceArns=[row["LoadBalancerArn"]])["TagDescriptions"]
    assert {item["Key"]: item["Value"] for item in tagged["Tags"]}["aws:cloudformation:stack-id"] == stack
