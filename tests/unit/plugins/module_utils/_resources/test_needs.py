# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which references matter when all is deleted, by type."""

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.holders import holds
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.needs import (
    joined,
    takes_names_of,
    why_not,
)
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.written import writes

MATTERS = [
    # network
    ("EC2::VPCPeeringConnection", "PeerVpcId", "EC2::VPC"),
    ("EC2::TransitGatewayAttachment", "SubnetIds", "EC2::Subnet"),
    ("EC2::TransitGatewayAttachment", "TransitGatewayId", "EC2::TransitGateway"),
    ("EC2::VPCEndpoint", "SecurityGroupIds", "EC2::SecurityGroup"),
    ("EC2::SecurityGroupIngress", "SourceSecurityGroupId", "EC2::SecurityGroup"),
    ("EC2::NatGateway", "AllocationId", "EC2::EIP"),
    ("Lambda::Function", "VpcConfig.SubnetIds", "EC2::Subnet"),
    ("Lambda::EventSourceMapping", "SourceAccessConfigurations.URI", "EC2::SecurityGroup"),
    ("EFS::MountTarget", "FileSystemId", "EFS::FileSystem"),
    ("EFS::MountTarget", "SubnetId", "EC2::Subnet"),
    ("OpenSearchService::Domain", "VPCOptions.SubnetIds", "EC2::Subnet"),
    ("MSK::Cluster", "BrokerNodeGroupInfo.ClientSubnets", "EC2::Subnet"),
    ("MSK::Cluster", "ConfigurationInfo.Arn", "MSK::Configuration"),
    ("ElastiCache::ReplicationGroup", "CacheSubnetGroupName", "ElastiCache::SubnetGroup"),
    ("RDS::DBInstance", "DBParameterGroupName", "RDS::DBParameterGroup"),
    ("EKS::Nodegroup", "ClusterName", "EKS::Cluster"),
    # load balancers and names
    ("AutoScaling::AutoScalingGroup", "TargetGroupARNs", "ElasticLoadBalancingV2::TargetGroup"),
    ("ElasticLoadBalancingV2::ListenerRule", "ListenerArn", "ElasticLoadBalancingV2::Listener"),
    ("ElasticLoadBalancingV2::Listener", "Certificates.CertificateArn", "CertificateManager::Certificate"),
    ("EC2::VPCEndpointService", "NetworkLoadBalancerArns", "ElasticLoadBalancingV2::LoadBalancer"),
    ("ApiGateway::VpcLink", "TargetArns", "ElasticLoadBalancingV2::LoadBalancer"),
    ("CloudFront::Distribution", "DistributionConfig.ViewerCertificate.AcmCertificateArn",
     "CertificateManager::Certificate"),
    ("CloudFront::Distribution", "DistributionConfig.Origins.OriginAccessControlId", "CloudFront::OriginAccessControl"),
    ("CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.LambdaFunctionARN",
     "Lambda::Version"),
    ("CloudFront::Distribution", "DistributionConfig.WebACLId", "WAFv2::WebACL"),
    ("WAFv2::WebACLAssociation", "WebACLArn", "WAFv2::WebACL"),
    ("Route53::RecordSet", "HostedZoneId", "Route53::HostedZone"),
    ("ApiGateway::BasePathMapping", "RestApiId", "ApiGateway::RestApi"),
    ("ApiGateway::UsagePlan", "ApiStages.ApiId", "ApiGateway::RestApi"),
    ("ApiGatewayV2::ApiMapping", "ApiId", "ApiGatewayV2::Api"),
    # who writes
    ("CloudFront::Distribution", "DistributionConfig.Logging.Bucket", "S3::Bucket"),
    ("KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration.BucketARN", "S3::Bucket"),
    ("CodePipeline::Pipeline", "ArtifactStore.Location", "S3::Bucket"),
    ("S3::Bucket", "LoggingConfiguration.DestinationBucketName", "S3::Bucket"),
    ("Lambda::Function", "Environment.Variables.BUCKET", "S3::Bucket"),
    ("CodeBuild::Project", "Environment.EnvironmentVariables.Value", "S3::Bucket"),
    ("EC2::FlowLog", "LogGroupName", "Logs::LogGroup"),
    # roles, policies, keys
    ("IAM::ManagedPolicy", "Roles", "IAM::Role"),
    ("IAM::Role", "ManagedPolicyArns", "IAM::ManagedPolicy"),
    ("IAM::Role", "PermissionsBoundary", "IAM::ManagedPolicy"),
    ("IAM::InstanceProfile", "Roles", "IAM::Role"),
    ("AutoScaling::LaunchConfiguration", "IamInstanceProfile", "IAM::InstanceProfile"),
    ("StepFunctions::StateMachine", "RoleArn", "IAM::Role"),
    ("Logs::LogGroup", "KmsKeyId", "KMS::Key"),
    # what is inside another
    ("Events::Rule", "EventBusName", "Events::EventBus"),
    ("Kinesis::StreamConsumer", "StreamARN", "Kinesis::Stream"),
    ("Cognito::UserPoolDomain", "UserPoolId", "Cognito::UserPool"),
    ("SSM::Association", "Name", "SSM::Document"),
    # what joins or deletes by itself
    ("AutoScaling::LaunchConfiguration", "UserData", "ECS::Cluster"),
    ("EC2::LaunchTemplate", "LaunchTemplateData.UserData", "EKS::Cluster"),
    ("CloudFormation::CustomResource", "TableName", "DynamoDB::Table"),
    ("Custom::Thing", "Environment", "DynamoDB::Table"),
    ("", "Any", "EC2::VPC"),
    ("", "Any", "SNS::Topic"),
]
MATTERS_NOT = [
    ("Lambda::EventSourceMapping", "EventSourceArn", "SQS::Queue"),
    ("Lambda::EventSourceMapping", "EventSourceArn", "DynamoDB::Table"),
    ("Lambda::EventSourceMapping", "EventSourceArn", "Kinesis::Stream"),
    ("Lambda::Function", "Layers", "Lambda::LayerVersion"),
    ("Lambda::Function", "Environment.Variables.TABLE", "DynamoDB::Table"),
    ("Lambda::Function", "Environment.Variables.VPC", "EC2::VPC"),
    ("Lambda::Permission", "SourceArn", "Events::Rule"),
    ("Lambda::Permission", "SourceArn", "S3::Bucket"),
    ("Events::Rule", "Targets.Arn", "Lambda::Function"),
    ("Events::Rule", "EventPattern.resources", "CodeCommit::Repository"),
    ("StepFunctions::StateMachine", "DefinitionString", "Lambda::Function"),
    ("SNS::Subscription", "Endpoint", "SQS::Queue"),
    ("S3::Bucket", "NotificationConfiguration.QueueConfigurations.Queue", "SQS::Queue"),
    ("AppSync::DataSource", "DynamoDBConfig.TableName", "DynamoDB::Table"),
    ("ApiGateway::Authorizer", "ProviderARNs", "Cognito::UserPool"),
    ("ApiGateway::Method", "Integration.Uri", "Lambda::Function"),
    ("CodePipeline::Pipeline", "Stages.Actions.Configuration.ProjectName", "CodeBuild::Project"),
    ("ECS::Service", "TaskDefinition", "ECS::TaskDefinition"),
    ("ECS::TaskDefinition", "ContainerDefinitions.Image", "ECR::Repository"),
    ("CloudFront::Distribution", "DistributionConfig.Origins.DomainName", "S3::Bucket"),
    ("CloudFront::Distribution", "DistributionConfig.Origins.DomainName", "ElasticLoadBalancingV2::LoadBalancer"),
    ("Route53::RecordSet", "AliasTarget.DNSName", "ElasticLoadBalancingV2::LoadBalancer"),
    ("Route53::RecordSetGroup", "RecordSets.AliasTarget.DNSName", "CloudFront::Distribution"),
    ("Route53::RecordSet", "ResourceRecords", "EC2::EIP"),
    ("WAFv2::WebACLAssociation", "ResourceArn", "ElasticLoadBalancingV2::LoadBalancer"),
    ("Cognito::UserPoolClient", "CallbackURLs", "CloudFront::Distribution"),
    ("RDS::DBInstance", "MasterUserPassword", "SecretsManager::Secret"),
    ("EC2::SecurityGroup", "SecurityGroupIngress.CidrIp", "EC2::VPC"),
    ("Events::EventBusPolicy", "Statement.Resource", "SQS::Queue"),
    ("S3::BucketPolicy", "PolicyDocument.Statement.Resource", "S3::Bucket"),
    ("KMS::Key", "KeyPolicy.Statement.Principal.AWS", "IAM::Role"),
    ("CloudFormation::Stack", "Parameters.VpcId", "EC2::VPC"),
    ("CloudWatch::Alarm", "AlarmActions", "SNS::Topic"),
    ("Logs::MetricFilter", "LogGroupName", "Logs::LogGroup"),
    ("FIS::ExperimentTemplate", "RoleArn", "IAM::Role"),
    ("SSM::Document", "Content.assumeRole", "IAM::Role"),
    ("AutoScaling::LaunchConfiguration", "UserData", "S3::Bucket"),
    ("", "Any", "SSM::Parameter"),
]


def because(user: str, path: str, used: str) -> str:
    def full(name: str) -> str:
        return f"AWS::{name}" if name and not name.startswith("Custom::") else name

    return why_not(full(user), path.split("."), {full(used)})


@pytest.mark.parametrize(("user", "path", "used"), MATTERS)
def test_what_has_to_be_gone_first(user: str, path: str, used: str) -> None:
    assert not because(user, path, used)


@pytest.mark.parametrize(("user", "path", "used"), MATTERS_NOT)
def test_what_goes_as_it_comes(user: str, path: str, used: str) -> None:
    assert because(user, path, used)


def test_code_of_others_may_need_what_it_is_given() -> None:
    assert holds("Custom::Seed", "AWS::DynamoDB::Table")
    assert holds("Other::Maker::Thing", "AWS::DynamoDB::Table")
    assert not holds("AWS::New::Thing", "AWS::DynamoDB::Table")


@pytest.mark.parametrize(
    ("user", "path", "types"),
    [
        ("ECS::Service", ("Cluster",), {"ECS::Cluster"}),
        ("EC2::LaunchTemplate", ("LaunchTemplateData", "IamInstanceProfile", "Name"), {"IAM::InstanceProfile"}),
        ("CodePipeline::Pipeline", ("ArtifactStore", "Location"), {"S3::Bucket"}),
        ("RDS::DBInstance", ("DBParameterGroupName",), {"Neptune::DBParameterGroup", "RDS::DBParameterGroup"}),
        ("ApiGatewayV2::ApiMapping", ("DomainName",), {"ApiGateway::DomainName", "ApiGatewayV2::DomainName"}),
        ("CertificateManager::Certificate", ("DomainName",), set()),
        ("Glue::Crawler", ("DatabaseName",), {"Glue::Database"}),
        ("RDS::DBCluster", ("DatabaseName",), set()),
        ("New::Thing", ("Name",), set()),
        ("New::Thing", ("Any", "Name"), set()),
        ("New::Thing", (), set()),
    ],
)
def test_properties_that_take_a_name(user: str, path: tuple[str, ...], types: set[str]) -> None:
    assert takes_names_of(f"AWS::{user}", path) == {f"AWS::{name}" for name in types}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config", "shop"),
        ("ECS_CLUSTER='shop'\n", "shop"),
        ("/etc/eks/bootstrap.sh shop --kubelet-extra-args x", "shop"),
    ],
)
def test_what_instances_join(text: str, name: str) -> None:
    assert [found for _types, found in joined(("LaunchTemplateData", "UserData"), text)] == [name]
    assert not joined(("Environment",), text)


@pytest.mark.parametrize(
    ("user", "physical_id", "groups"),
    [
        ("ApiGateway::RestApi", "a1b2c3", ["API-Gateway-Execution-Logs_a1b2c3/"]),
        ("AppSync::GraphQLApi", "arn:aws:appsync:eu-central-1:123456789012:apis/x1", ["/aws/appsync/apis/x1"]),
        ("AppRunner::Service", "arn:aws:apprunner:eu-central-1:1:service/web/0a", ["/aws/apprunner/web/0a/"]),
        ("EKS::Cluster", "shop", ["/aws/eks/shop/", "/aws/containerinsights/shop/"]),
        ("RDS::DBInstance", "db", ["/aws/rds/instance/db/"]),
        ("Synthetics::Canary", "look", ["/aws/lambda/cwsyn-look-"]),
        ("Lambda::Function", "", []),
        ("New::Thing", "x", []),
    ],
)
def test_where_aws_writes(user: str, physical_id: str, groups: list[str]) -> None:
    assert writes(f"AWS::{user}", physical_id) == groups
