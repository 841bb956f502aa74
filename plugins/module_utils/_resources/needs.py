# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What has to be gone before what: which references between resources AWS cares about when they are deleted, and what
holds without one. Tables by type; what no table names is taken to hold."""

from __future__ import annotations

from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from .registry import TYPES
from .resource import last_part

TASK_DEFINITION = "AWS::ECS::TaskDefinition"
PARAMETER_TYPE = "AWS::SSM::Parameter"
IAM_ROLE = "AWS::IAM::Role"

# These only speak of other resources, and are deleted whether those are there or not.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
_HOLD_NOTHING = frozenset(
    (
        "AWS::CDK::Metadata",
        "AWS::CloudFormation::WaitConditionHandle",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::ResourceGroups::Group",
        PARAMETER_TYPE,
        TASK_DEFINITION,
    )
)
# These are deleted although others use them. "Existing tasks and services that reference an INACTIVE task definition
# continue to run without disruption": the same page.
_NEVER_HELD = frozenset((PARAMETER_TYPE, TASK_DEFINITION))
# Properties, at any depth, whose words AWS hands on without caring what they name.
_WORDS = frozenset(
    (
        "AssumeRolePolicyDocument",
        "DashboardBody",
        "Description",
        "Environment",
        "EnvironmentVariables",
        "KeyPolicy",
        "Metadata",
        "PolicyDocument",
        "Tags",
        "UserData",
        "Variables",
    )
)
# Properties of one type that are read when it is made, and never again.
_READ_ONCE: Mapping[str, frozenset[str]] = {
    "AWS::AppMesh::VirtualNode": frozenset(("Spec",)),
    "AWS::CloudFormation::Stack": frozenset(("TemplateURL",)),
    "AWS::EC2::Instance": frozenset(("ImageId",)),
    "AWS::IAM::Role": frozenset(("Policies",)),
    "AWS::Lambda::Function": frozenset(("Code",)),
    "AWS::Lambda::LayerVersion": frozenset(("Content",)),
    "AWS::Serverless::Function": frozenset(("CodeUri",)),
}
#: What a task definition hands on to those that run it: their tasks log, mount and act until they have ended.
HANDED_ON = frozenset((IAM_ROLE, "AWS::EFS::AccessPoint", "AWS::EFS::FileSystem", "AWS::Logs::LogGroup"))
#: Types that are taken by their bare name, however short, by properties of these names.
BY_NAME: Mapping[str, frozenset[str]] = {
    name: frozenset(types.split())
    for name, types in {
        "ApiId": "AWS::ApiGatewayV2::Api",
        "AutoScalingGroupName": "AWS::AutoScaling::AutoScalingGroup",
        "Bucket": "AWS::S3::Bucket",
        "BucketName": "AWS::S3::Bucket",
        "CacheSubnetGroupName": "AWS::ElastiCache::SubnetGroup",
        "Cluster": "AWS::ECS::Cluster",
        "ClusterName": "AWS::ECS::Cluster AWS::EKS::Cluster",
        "DBClusterIdentifier": "AWS::RDS::DBCluster",
        "DBInstanceIdentifier": "AWS::RDS::DBInstance",
        "DBSubnetGroupName": "AWS::RDS::DBSubnetGroup",
        "EventBusName": "AWS::Events::EventBus",
        "FunctionName": "AWS::Lambda::Function",
        "HostedZoneId": "AWS::Route53::HostedZone",
        "IamInstanceProfile": "AWS::IAM::InstanceProfile",
        "InstanceProfileName": "AWS::IAM::InstanceProfile",
        "KeyName": "AWS::EC2::KeyPair",
        "LaunchConfigurationName": "AWS::AutoScaling::LaunchConfiguration",
        "LogGroupName": "AWS::Logs::LogGroup",
        "MeshName": "AWS::AppMesh::Mesh",
        "NamespaceId": "AWS::ServiceDiscovery::HttpNamespace AWS::ServiceDiscovery::PrivateDnsNamespace "
        "AWS::ServiceDiscovery::PublicDnsNamespace",
        "ProjectName": "AWS::CodeBuild::Project",
        "RepositoryName": "AWS::CodeCommit::Repository AWS::ECR::Repository",
        "RestApiId": "AWS::ApiGateway::RestApi",
        "Role": IAM_ROLE,
        "RoleName": IAM_ROLE,
        "Roles": IAM_ROLE,
        "S3Bucket": "AWS::S3::Bucket",
        "S3BucketName": "AWS::S3::Bucket",
        "TableName": "AWS::DynamoDB::Table",
        "UserPoolId": "AWS::Cognito::UserPool",
        "awslogs-group": "AWS::Logs::LogGroup",
    }.items()
}
# The log group that AWS writes to for one of a type, by its physical id. One that a stack owns has to outlive it, or it
# comes back. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
# https://docs.aws.amazon.com/codebuild/latest/userguide/getting-started-build-log-console.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
# https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
_WRITES: Mapping[str, Callable[[str], str]] = {
    "AWS::CodeBuild::Project": lambda name: f"/aws/codebuild/{name}",
    "AWS::ECS::Cluster": lambda name: f"/aws/ecs/containerinsights/{last_part(name)}/performance",
    "AWS::EKS::Cluster": lambda name: f"/aws/eks/{name}/cluster",
    "AWS::Lambda::Function": lambda name: f"/aws/lambda/{name}",
}

# What a resource is in, by type and physical id, as its own physical id says.
_IN: Mapping[str, Callable[[str], tuple[str, str] | None]] = {
    "AWS::EC2::Route": lambda key: ("AWS::EC2::RouteTable", key.partition("|")[0]),
    "AWS::EC2::VPCGatewayAttachment": lambda key: ("AWS::EC2::VPC", key.rpartition("|")[2]),
    "AWS::ECS::Service": lambda arn: ("AWS::ECS::Cluster", arn.split("/")[1]) if arn.count("/") > 1 else None,
}


def around(user: str, physical_id: str) -> tuple[str, str] | None:
    """Type and physical id of what a resource is in, as its own physical id says."""
    known = _IN.get(user)
    if known is not None:
        return known(physical_id)
    row = TYPES.get(user)
    outer = row.inside(physical_id) if row else None
    return (outer.type, outer.physical_id) if outer else None


def why_not(user: str, path: Sequence[str], used: Collection[str]) -> str:
    """Why it does not matter, when all is deleted, that a resource of type ``user`` has, at the end of a path of
    properties, something of the types ``used``. Empty if it does, or if nobody knows."""
    if user in _HOLD_NOTHING:
        return f"{short(user)} holds nothing that it names"
    words = [name for name in path if name in _WORDS]
    if words:
        return f"what is named in {words[0]} is not held by it"
    if path and path[0] in _READ_ONCE.get(user, ()):
        return f"{path[0]} of {short(user)} is read when it is made, and not again"
    if used and all(item in _NEVER_HELD for item in used):
        return f"{short(sorted(used)[0])} goes whoever uses it"
    return ""


def writes(user: str, physical_id: str) -> str:
    """The log group that AWS writes to for a resource; empty if none is known."""
    name = _WRITES.get(user)
    return name(physical_id) if name and physical_id else ""


def short(name: str) -> str:
    """A type as a person reads it: C(ECS::Service)."""
    return name.removeprefix("AWS::")
