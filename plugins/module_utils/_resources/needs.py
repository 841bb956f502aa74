# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What has to be gone before what: which references between resources AWS cares about when they are deleted, and what
holds without one. Tables by type; what no table names, nor ``holders``, is taken to hold."""

from __future__ import annotations

import re
from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from .holders import holds
from .holders import is_custom
from .registry import TYPES

TASK_DEFINITION = "AWS::ECS::TaskDefinition"
PARAMETER_TYPE = "AWS::SSM::Parameter"
IAM_ROLE = "AWS::IAM::Role"

# These only speak of other resources, and are deleted whether those are there or not.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
# https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html takes filters with it
# https://docs.aws.amazon.com/fis/latest/APIReference/API_DeleteExperimentTemplate.html
_HOLD_NOTHING = frozenset(
    (
        "AWS::ApplicationInsights::Application",
        "AWS::Backup::BackupSelection",
        "AWS::Budgets::Budget",
        "AWS::CDK::Metadata",
        "AWS::CloudFormation::WaitConditionHandle",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::AnomalyDetector",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::FIS::ExperimentTemplate",
        "AWS::Lambda::Permission",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::QueryDefinition",
        "AWS::Logs::SubscriptionFilter",
        "AWS::ResourceGroups::Group",
        "AWS::SSM::Document",
        "AWS::XRay::Group",
        PARAMETER_TYPE,
        TASK_DEFINITION,
    )
)
# Properties, at any depth, whose words AWS hands on without caring what they name.
_WORDS = frozenset(
    (
        "AliasTarget",
        "AssumeRolePolicyDocument",
        "CallbackURLs",
        "CidrBlock",
        "CidrIp",
        "CidrIpv6",
        "DashboardBody",
        "Description",
        "DestinationCidrBlock",
        "Environment",
        "EnvironmentVariables",
        "EventPattern",
        "KeyPolicy",
        "LogoutURLs",
        "Metadata",
        "PolicyDocument",
        "ResourceRecords",
        "Statement",
        "Tags",
        "UserData",
        "Variables",
    )
)
# What code that is told of one may put something into as long as it runs: a bucket that is not empty is not deleted,
# and a log group comes back.
_FILLED = frozenset(("AWS::S3::Bucket", "AWS::Logs::LogGroup"))
_TOLD = frozenset(("Environment", "EnvironmentVariables", "Variables"))
# What instances that are told of one join, and hold as long as they are there: ClusterContainsContainerInstances,
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
_JOINED = frozenset(("AWS::ECS::Cluster", "AWS::EKS::Cluster"))
# Properties of one type that are read when it is made, and never again.
_READ_ONCE: Mapping[str, frozenset[str]] = {
    "AWS::AppMesh::VirtualNode": frozenset(("Spec",)),
    "AWS::CloudFormation::Stack": frozenset(("TemplateURL",)),
    "AWS::EC2::Instance": frozenset(("ImageId",)),
    "AWS::IAM::Role": frozenset(("Policies",)),
    "AWS::Lambda::Function": frozenset(("Code",)),
    "AWS::Lambda::LayerVersion": frozenset(("Content",)),
    "AWS::RDS::DBCluster": frozenset(("MasterUserPassword", "MasterUsername")),
    "AWS::RDS::DBInstance": frozenset(("MasterUserPassword", "MasterUsername")),
    "AWS::Serverless::Function": frozenset(("CodeUri",)),
}
# Properties of one type, at any depth, that say where something is found, or hand it on to what uses it.
_PASSED_ON: Mapping[str, frozenset[str]] = {
    "AWS::CloudFormation::Stack": frozenset(("Parameters",)),
    "AWS::CloudFront::Distribution": frozenset(("DomainName", "Id", "TargetOriginId")),
}
#: What a task definition hands on to those that run it: their tasks log, mount and act until they have ended.
HANDED_ON = frozenset((IAM_ROLE, "AWS::EFS::AccessPoint", "AWS::EFS::FileSystem", *_FILLED))
#: Types that are taken by their bare name, however short, by properties of these names.
BY_NAME: Mapping[str, frozenset[str]] = {
    name: frozenset(f"AWS::{item}" for item in types.split())
    for name, types in {
        "ApiId": "ApiGatewayV2::Api",
        "ApplicationName": "CodeDeploy::Application ElasticBeanstalk::Application",
        "AutoScalingGroupName": "AutoScaling::AutoScalingGroup",
        "Bucket": "S3::Bucket",
        "BucketName": "S3::Bucket",
        "CacheParameterGroupName": "ElastiCache::ParameterGroup",
        "CacheSubnetGroupName": "ElastiCache::SubnetGroup",
        "Cluster": "ECS::Cluster",
        "ClusterName": "ECS::Cluster EKS::Cluster",
        "ClusterParameterGroupName": "Redshift::ClusterParameterGroup",
        "ClusterSubnetGroupName": "Redshift::ClusterSubnetGroup",
        "DBClusterIdentifier": "DocDB::DBCluster Neptune::DBCluster RDS::DBCluster",
        "DBClusterParameterGroupName": "DocDB::DBClusterParameterGroup Neptune::DBClusterParameterGroup "
        "RDS::DBClusterParameterGroup",
        "DBInstanceIdentifier": "RDS::DBInstance",
        "DBParameterGroupName": "Neptune::DBParameterGroup RDS::DBParameterGroup",
        "DBSubnetGroupName": "DocDB::DBSubnetGroup Neptune::DBSubnetGroup RDS::DBSubnetGroup",
        "DatabaseName": "Glue::Database",
        "DestinationBucketName": "S3::Bucket",
        "DomainName": "ApiGateway::DomainName ApiGatewayV2::DomainName",
        "EventBusName": "Events::EventBus",
        "FunctionName": "Lambda::Function",
        "GlobalClusterIdentifier": "RDS::GlobalCluster",
        "Groups": "IAM::Group",
        "HostedZoneId": "Route53::HostedZone",
        "HostedZoneName": "Route53::HostedZone",
        "IamInstanceProfile": "IAM::InstanceProfile",
        "IdentityPoolId": "Cognito::IdentityPool",
        "InstanceProfileName": "IAM::InstanceProfile",
        "KMSMasterKeyID": "KMS::Alias KMS::Key",
        "KeyId": "KMS::Alias KMS::Key",
        "KeyName": "EC2::KeyPair",
        "KmsKeyId": "KMS::Alias KMS::Key",
        "KmsMasterKeyId": "KMS::Alias KMS::Key",
        "LaunchConfigurationName": "AutoScaling::LaunchConfiguration",
        "LaunchTemplateId": "EC2::LaunchTemplate",
        "Location": "S3::Bucket",
        "LogGroup": "Logs::LogGroup",
        "LogGroupName": "Logs::LogGroup",
        "MeshName": "AppMesh::Mesh",
        "NamespaceId": "ServiceDiscovery::HttpNamespace ServiceDiscovery::PrivateDnsNamespace "
        "ServiceDiscovery::PublicDnsNamespace",
        "OptionGroupName": "RDS::OptionGroup",
        "OutputS3BucketName": "S3::Bucket",
        "ParameterGroupName": "DAX::ParameterGroup MemoryDB::ParameterGroup",
        "PlacementGroupName": "EC2::PlacementGroup",
        "ProjectName": "CodeBuild::Project",
        "ReplicationGroupId": "ElastiCache::ReplicationGroup",
        "ReplicationSubnetGroupIdentifier": "DMS::ReplicationSubnetGroup",
        "RepositoryName": "CodeCommit::Repository ECR::Repository",
        "RestApiId": "ApiGateway::RestApi",
        "Role": "IAM::Role",
        "RoleName": "IAM::Role",
        "Roles": "IAM::Role",
        "S3Bucket": "S3::Bucket",
        "S3BucketName": "S3::Bucket",
        "StreamName": "Kinesis::Stream",
        "SubnetGroupName": "DAX::SubnetGroup MemoryDB::SubnetGroup",
        "TableName": "DynamoDB::Table",
        "TargetKeyId": "KMS::Key",
        "UserName": "IAM::User",
        "UserPoolId": "Cognito::UserPool",
        "Users": "IAM::User",
        "WorkGroup": "Athena::WorkGroup",
        "awslogs-group": "Logs::LogGroup",
    }.items()
}
# Of these, properties of that name take one only in resources of the same service; elsewhere they are called so, too.
_OF_ONE_SERVICE = frozenset(("ApplicationName", "DatabaseName", "DomainName", "Groups", "UserName", "Users"))
#: Properties in which such a name may stand, in one that says which kind of name it is.
_PARTS_OF_NAMES = frozenset(("Arn", "Id", "Name"))
#: The property that others call one by, besides its physical id.
CALLED: Mapping[str, str] = {"AWS::Route53::HostedZone": "Name"}
# Of which cluster instances say that they are, in what they run when they start.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_container_instance.html
# https://docs.aws.amazon.com/eks/latest/userguide/launch-workers.html
_JOINS = (
    (re.compile(r"\bECS_CLUSTER=[\"']?([\w-]+)"), frozenset(("AWS::ECS::Cluster",))),
    (re.compile(r"\bbootstrap\.sh\s+[\"']?([\w-]+)"), frozenset(("AWS::EKS::Cluster",))),
)
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
    properties, something of the types ``used``. Empty if it does, or if nobody knows. ``user``: empty if it is not
    known."""
    if user in _HOLD_NOTHING:
        return f"{short(user)} holds nothing that it names"
    words = [] if is_custom(user) else [name for name in path if name in _WORDS]
    if words and not _matters(path, words, used):
        return f"what is named in {words[0]} is not held by it"
    if path and path[0] in _READ_ONCE.get(user, ()):
        return f"{path[0]} of {short(user)} is read when it is made, and not again"
    passed = [name for name in path if name in _PASSED_ON.get(user, ())]
    if passed:
        return f"{passed[0]} of {short(user)} does not hold what it names"
    if used and not any(holds(user, item) for item in used):
        return f"{short(sorted(used)[0])} goes whoever uses it"
    return ""


def may_fill(path: Sequence[str], used: str) -> bool:
    """Whether code that is told of something, at the end of a path of properties, may put something into it, which is
    all that holds it then."""
    words = [name for name in path if name in _WORDS]
    return bool(words) and words[0] in _TOLD and used in _FILLED


def _matters(path: Sequence[str], words: Sequence[str], used: Collection[str]) -> bool:
    """Whether code that is told of something holds it by what it does."""
    joins = words[0] == "UserData" and not _JOINED.isdisjoint(used)
    return joins or any(may_fill(path, item) for item in used)


def takes_names_of(user: str, path: Sequence[str]) -> frozenset[str]:
    """The types by whose bare names a property of a resource is given, at the end of a path of properties."""
    ends = [name for name in path[-2:] if name not in _PARTS_OF_NAMES]
    types = BY_NAME.get(ends[-1], frozenset()) if ends else frozenset()
    if not types or ends[-1] not in _OF_ONE_SERVICE:
        return types
    return frozenset(item for item in types if _service(item) == _service(user))


def _service(type_name: str) -> str:
    return type_name.rpartition("::")[0].removesuffix("V2")


def joined(path: Sequence[str], text: str) -> list[tuple[frozenset[str], str]]:
    """What instances join by what they run when they start: types, of one of which that is the name."""
    if "UserData" not in path:
        return []
    return [(types, name) for pattern, types in _JOINS for name in pattern.findall(text)]


def short(name: str) -> str:
    """A type as a person reads it: C(ECS::Service)."""
    return name.removeprefix("AWS::")
