# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""CloudFormation's type and physical id of a resource, from its ARN."""

from __future__ import annotations

# What CloudFormation calls a resource, see "Return values" of each type: its ARN, or the last part of it.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
_BY_ARN = {
    "ecs:service": "AWS::ECS::Service",
    "ecs:task-definition": "AWS::ECS::TaskDefinition",
    "elasticloadbalancing:listener": "AWS::ElasticLoadBalancingV2::Listener",
    "elasticloadbalancing:loadbalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "elasticloadbalancing:targetgroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
}
_BY_NAME = {
    "dynamodb:table": "AWS::DynamoDB::Table",
    "ec2:internet-gateway": "AWS::EC2::InternetGateway",
    "ec2:route-table": "AWS::EC2::RouteTable",
    "ec2:security-group": "AWS::EC2::SecurityGroup",
    "ec2:subnet": "AWS::EC2::Subnet",
    "ec2:vpc": "AWS::EC2::VPC",
    "ec2:vpc-endpoint": "AWS::EC2::VPCEndpoint",
    "ec2:vpc-flow-log": "AWS::EC2::FlowLog",
    "ecs:cluster": "AWS::ECS::Cluster",
    "iam:role": "AWS::IAM::Role",
    "servicediscovery:namespace": "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "servicediscovery:service": "AWS::ServiceDiscovery::Service",
}
_MESH = {
    "mesh": "AWS::AppMesh::Mesh",
    "route": "AWS::AppMesh::Route",
    "virtualNode": "AWS::AppMesh::VirtualNode",
    "virtualRouter": "AWS::AppMesh::VirtualRouter",
    "virtualService": "AWS::AppMesh::VirtualService",
}


def resource_of(arn: str) -> tuple[str, str]:
    """Type and physical id. A type that is not known here is told as in ``sqs:queue``, with the ARN as the id."""
    service, path = arn.split(":")[2], arn.split(":", 5)[-1]
    if service == "appmesh":
        return _MESH.get(path.split("/")[-2], "appmesh:resource"), arn
    if service == "logs":
        return "AWS::Logs::LogGroup", path.removeprefix("log-group:").removesuffix(":*")
    if service == "ssm":
        # A name with a slash in it begins with one:
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
        name = path.removeprefix("parameter/")
        return "AWS::SSM::Parameter", f"/{name}" if "/" in name else name
    kind = f"{service}:{path.replace(':', '/').split('/')[0]}"
    if kind in _BY_ARN:
        return _BY_ARN[kind], arn
    if kind in _BY_NAME:
        return _BY_NAME[kind], path.rsplit("/", 1)[-1]
    return kind, arn
