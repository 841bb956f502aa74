# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFormation calls, with the rights of its caller, to delete a resource.

``handlers.delete.permissions`` of the types' schemas, without what serves properties that are not used here
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html). AWS::AppMesh::*,
AWS::IAM::Policy and the namespaces of Cloud Map have no public schema: theirs are the calls that the services offer.
"""

from __future__ import annotations

_DELETE: dict[str, tuple[str, ...]] = {
    "AWS::CloudFormation::Stack": ("cloudformation:DeleteStack", "cloudformation:DescribeStacks"),
    "AWS::CloudFormation::CustomResource": ("lambda:InvokeFunction",),
    "AWS::Cognito::UserPool": ("cognito-idp:DeleteUserPool",),
    "AWS::Cognito::UserPoolClient": ("cognito-idp:DeleteUserPoolClient",),
    "AWS::Cognito::UserPoolDomain": ("cognito-idp:DeleteUserPoolDomain", "cognito-idp:DescribeUserPoolDomain"),
    "AWS::DynamoDB::Table": ("dynamodb:DeleteTable", "dynamodb:DescribeTable"),
    "AWS::EC2::EIP": ("ec2:ReleaseAddress", "ec2:DescribeAddresses"),
    "AWS::EC2::FlowLog": ("ec2:DeleteFlowLogs", "ec2:DescribeFlowLogs"),
    "AWS::EC2::InternetGateway": ("ec2:DeleteInternetGateway", "ec2:DescribeInternetGateways"),
    "AWS::EC2::NatGateway": ("ec2:DeleteNatGateway", "ec2:DescribeNatGateways"),
    "AWS::EC2::Route": ("ec2:DeleteRoute", "ec2:DescribeRouteTables"),
    "AWS::EC2::RouteTable": ("ec2:DeleteRouteTable", "ec2:DescribeRouteTables"),
    "AWS::EC2::SecurityGroup": ("ec2:DeleteSecurityGroup", "ec2:DescribeSecurityGroups", "ec2:DescribeInstances"),
    "AWS::EC2::Subnet": ("ec2:DeleteSubnet", "ec2:DescribeSubnets"),
    "AWS::EC2::SubnetRouteTableAssociation": (
        "ec2:DisassociateRouteTable",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
    ),
    "AWS::EC2::VPC": ("ec2:DeleteVpc", "ec2:DescribeVpcs"),
    "AWS::EC2::VPCEndpoint": ("ec2:DeleteVpcEndpoints", "ec2:DescribeVpcEndpoints"),
    "AWS::EC2::VPCGatewayAttachment": ("ec2:DetachInternetGateway", "ec2:DescribeInternetGateways"),
    "AWS::ECS::Cluster": ("ecs:DeleteCluster", "ecs:DescribeClusters"),
    "AWS::ECS::Service": ("ecs:DeleteService", "ecs:DescribeServices"),
    "AWS::ECS::TaskDefinition": ("ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition"),
    "AWS::ElasticLoadBalancingV2::Listener": (
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DescribeListeners",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DescribeLoadBalancers",
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DescribeTargetGroups",
    ),
    "AWS::IAM::Policy": ("iam:DeleteRolePolicy", "iam:GetRolePolicy"),
    "AWS::IAM::Role": (
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
    ),
    "AWS::IAM::ServiceLinkedRole": (
        "iam:DeleteServiceLinkedRole",
        "iam:GetServiceLinkedRoleDeletionStatus",
        "iam:GetRole",
    ),
    # ec2:DescribeNetworkInterfaces is asked for too, but only makes it wait: services/functions.py
    "AWS::Lambda::Function": ("lambda:DeleteFunction", "lambda:GetFunction"),
    "AWS::Logs::LogGroup": ("logs:DeleteLogGroup", "logs:DescribeLogGroups"),
    "AWS::SSM::Parameter": ("ssm:DeleteParameter",),
    "AWS::ServiceDiscovery::HttpNamespace": (
        "servicediscovery:DeleteNamespace",
        "servicediscovery:GetOperation",
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": (
        "servicediscovery:DeleteNamespace",
        "servicediscovery:GetOperation",
    ),
    "AWS::ServiceDiscovery::Service": ("servicediscovery:DeleteService", "servicediscovery:GetService"),
}


def delete_actions(resource_type: str) -> tuple[str, ...]:
    """The actions that a deletion needs, the deleting one first, such as ``ecs:DeleteCluster``."""
    if resource_type.startswith("Custom::"):
        resource_type = "AWS::CloudFormation::CustomResource"
    if resource_type in _DELETE:
        return _DELETE[resource_type]
    service, name = resource_type.split("::")[1:3]
    return (f"{service.lower()}:Delete{name}",)
