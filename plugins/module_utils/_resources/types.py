# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How each type of resource is looked up by its physical id, and removed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable
from typing import Iterable

from .look import Answer
from .look import Ids
from .look import Look
from .look import command
from .appmesh import MESH_TYPES


def _describe(
    client: str, operation: str, parameter: str, absent: str, remove: str, option: str, prefix: str = ""
) -> Look:
    """A call that takes one id, and fails with the code ``absent`` if there is no such resource."""
    return Look(
        client=client,
        action=f"{prefix or client}:{operation}",
        ask=lambda ids: {parameter: ids[0]},
        there=lambda answer, ids: ids,
        absent=frozenset((absent,)),
        remove=command(client, remove, option),
    )


def _ec2(operation: str, key: str, id_key: str, name: str, remove: str, parameter: str = "Filters") -> Look:
    # By filter and not by id: with an unknown id the call fails, whatever the other ids are.
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    return Look(
        client="ec2",
        action=f"ec2:{operation}",
        ask=lambda ids: {parameter: [{"Name": name, "Values": list(ids)}]},
        # A deleted endpoint is shown for a while:
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
        there=lambda answer, ids: (
            item[id_key] for item in answer[key] if str(item.get("State", "")).lower() != "deleted"
        ),
        most=100,
        remove=command("ec2", *remove.split()),
    )


def _elb(operation: str, parameter: str, absent: str, remove: str) -> Look:
    look = _describe("elbv2", operation, parameter, absent, *remove.split(), prefix="elasticloadbalancing")
    return replace(look, ask=lambda ids: {parameter: list(ids)})


def _cluster_of(arn: str) -> str:
    """The cluster in a service's ARN, which those of older services do not have.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
    """
    parts = arn.split("/")
    return parts[1] if len(parts) > 2 else "default"


def _active(key: str, id_key: str) -> Callable[[Answer, Ids], Iterable[str]]:
    # INACTIVE: deleted, shown for a while.
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
    return lambda answer, ids: (item[id_key] for item in answer[key] if item["status"] != "INACTIVE")


def _cloud_map(operation: str, key: str, remove: str) -> Look:
    return Look(
        client="servicediscovery",
        action=f"servicediscovery:{operation}",
        ask=lambda ids: {},
        there=lambda answer, ids: (item["Id"] for item in answer[key]),
        remove=command("servicediscovery", remove, "--id"),
        most=1000,
    )


_NAMESPACE = _cloud_map("ListNamespaces", "Namespaces", "delete-namespace")

TYPES: dict[str, Look] = {
    "AWS::DynamoDB::Table": _describe(
        "dynamodb", "DescribeTable", "TableName", "ResourceNotFoundException", "delete-table", "--table-name"
    ),
    "AWS::EC2::FlowLog": _ec2(
        "DescribeFlowLogs", "FlowLogs", "FlowLogId", "flow-log-id", "delete-flow-logs --flow-log-ids", "Filter"
    ),
    "AWS::EC2::InternetGateway": _ec2(
        "DescribeInternetGateways",
        "InternetGateways",
        "InternetGatewayId",
        "internet-gateway-id",
        "delete-internet-gateway --internet-gateway-id",
    ),
    "AWS::EC2::RouteTable": _ec2(
        "DescribeRouteTables", "RouteTables", "RouteTableId", "route-table-id", "delete-route-table --route-table-id"
    ),
    "AWS::EC2::SecurityGroup": _ec2(
        "DescribeSecurityGroups", "SecurityGroups", "GroupId", "group-id", "delete-security-group --group-id"
    ),
    "AWS::EC2::Subnet": _ec2("DescribeSubnets", "Subnets", "SubnetId", "subnet-id", "delete-subnet --subnet-id"),
    "AWS::EC2::VPC": _ec2("DescribeVpcs", "Vpcs", "VpcId", "vpc-id", "delete-vpc --vpc-id"),
    "AWS::EC2::VPCEndpoint": _ec2(
        "DescribeVpcEndpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        "vpc-endpoint-id",
        "delete-vpc-endpoints --vpc-endpoint-ids",
    ),
    "AWS::ECS::Cluster": Look(
        client="ecs",
        action="ecs:DescribeClusters",
        ask=lambda ids: {"clusters": list(ids)},
        there=_active("clusters", "clusterName"),
        remove=command("ecs", "delete-cluster", "--cluster"),
        most=100,
    ),
    "AWS::ECS::Service": Look(
        client="ecs",
        action="ecs:DescribeServices",
        ask=lambda ids: {"cluster": _cluster_of(ids[0]), "services": list(ids)},
        there=_active("services", "serviceArn"),
        remove=lambda arn: ("ecs", "delete-service", "--force", "--cluster", _cluster_of(arn), "--service", arn),
        most=10,
        absent=frozenset(("ClusterNotFoundException",)),
        alike=_cluster_of,
    ),
    "AWS::ECS::TaskDefinition": Look(
        client="ecs",
        action="ecs:ListTaskDefinitions",
        # INACTIVE and DELETE_IN_PROGRESS: nothing can be run with it any more.
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html
        ask=lambda ids: {"status": "ACTIVE"},
        there=lambda answer, ids: answer["taskDefinitionArns"],
        remove=command("ecs", "deregister-task-definition", "--task-definition"),
        most=1000,
    ),
    "AWS::ElasticLoadBalancingV2::Listener": _elb(
        "DescribeListeners", "ListenerArns", "ListenerNotFound", "delete-listener --listener-arn"
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _elb(
        "DescribeLoadBalancers", "LoadBalancerArns", "LoadBalancerNotFound", "delete-load-balancer --load-balancer-arn"
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _elb(
        "DescribeTargetGroups", "TargetGroupArns", "TargetGroupNotFound", "delete-target-group --target-group-arn"
    ),
    "AWS::IAM::Role": _describe("iam", "GetRole", "RoleName", "NoSuchEntity", "delete-role", "--role-name"),
    "AWS::IAM::ServiceLinkedRole": _describe(
        "iam", "GetRole", "RoleName", "NoSuchEntity", "delete-service-linked-role", "--role-name"
    ),
    "AWS::Logs::LogGroup": Look(
        client="logs",
        action="logs:DescribeLogGroups",
        ask=lambda ids: {"logGroupNamePrefix": ids[0]},
        there=lambda answer, ids: (group["logGroupName"] for group in answer["logGroups"]),
        remove=command("logs", "delete-log-group", "--log-group-name"),
    ),
    "AWS::SSM::Parameter": Look(
        client="ssm",
        action="ssm:DescribeParameters",
        ask=lambda ids: {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": list(ids)}]},
        there=lambda answer, ids: (parameter["Name"] for parameter in answer["Parameters"]),
        remove=command("ssm", "delete-parameter", "--name"),
        most=50,
    ),
    "AWS::ServiceDiscovery::HttpNamespace": _NAMESPACE,
    "AWS::ServiceDiscovery::PrivateDnsNamespace": _NAMESPACE,
    "AWS::ServiceDiscovery::PublicDnsNamespace": _NAMESPACE,
    "AWS::ServiceDiscovery::Service": _cloud_map("ListServices", "Services", "delete-service"),
    **MESH_TYPES,
}
