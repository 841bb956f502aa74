# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The look-up of types that have no row: Cloud Control, which reads what CloudFormation's registry can read.

https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-read.html
"""

from __future__ import annotations

import re

from .._aws.errors import AwsCallError
from .ours import Resource

ACTION = "cloudformation:GetResource"
ABSENT = "ResourceNotFoundException"
#: Where it says that it cannot read this type, that more than the physical id identifies it, or that the type's read
#: handler failed in a way in which it fails again. Others pass, or nobody knows; they are gaps.
#: https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html#API_GetResource_Errors
#: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
#: https://github.com/aws/aws-sdk/issues/324 (HandlerInternalFailureException, of each resource of a type)
UNREADABLE = frozenset(
    (
        "GeneralServiceException",
        "HandlerInternalFailureException",
        "InvalidRequestException",
        "PrivateTypeException",
        "TypeNotFoundException",
        "UnsupportedActionException",
        "ValidationException",
    )
)

NO_LOOK = "resources of this type cannot be looked up"
NO_IDENTIFIER = "Cloud Control takes more, or something else, than the physical id for it"
UNCERTAIN = "Cloud Control finds none by its physical id, but may know it by another"

# Types that Cloud Control knows by their physical ids, so that not to be found there is to be absent. The physical id
# is what "Ref" returns, see "Return values" of each type; the identifier is "primaryIdentifier" of its schema.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
# https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-identifier.html
#: Those that are known by their ARNs.
BY_ARN = frozenset(
    (
        "AWS::AppRunner::Service",
        "AWS::AppRunner::VpcConnector",
        "AWS::AppSync::GraphQLApi",
        "AWS::AutoScaling::ScalingPolicy",
        "AWS::Batch::ComputeEnvironment",
        "AWS::Batch::JobQueue",
        "AWS::CodeStarConnections::Connection",
        "AWS::IAM::OIDCProvider",
        "AWS::Kinesis::StreamConsumer",
        "AWS::Lambda::Alias",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Version",
        "AWS::MSK::Cluster",
        "AWS::NetworkFirewall::FirewallPolicy",
        "AWS::NetworkFirewall::RuleGroup",
        "AWS::SNS::Subscription",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::Model",
        "AWS::SageMaker::NotebookInstance",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::Activity",
        "AWS::StepFunctions::StateMachine",
        "AWS::Transfer::Server",
    )
)
#: Those that are known by an id or a name that is theirs alone.
BY_ID = frozenset(
    (
        "AWS::ApiGateway::ApiKey",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGateway::VpcLink",
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::VpcLink",
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        "AWS::CloudFront::Distribution",
        "AWS::CloudTrail::Trail",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodeCommit::Repository",
        "AWS::CodeDeploy::Application",
        "AWS::CodePipeline::Pipeline",
        "AWS::Cognito::IdentityPool",
        "AWS::EC2::CustomerGateway",
        "AWS::EC2::DHCPOptions",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::KeyPair",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkInterface",
        "AWS::EC2::PlacementGroup",
        "AWS::EC2::TransitGateway",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::VPNConnection",
        "AWS::EC2::VPNGateway",
        "AWS::EFS::AccessPoint",
        "AWS::EFS::MountTarget",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ParameterGroup",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::SubnetGroup",
        "AWS::ElasticBeanstalk::Application",
        "AWS::ElasticBeanstalk::Environment",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::Events::ApiDestination",
        "AWS::Events::Archive",
        "AWS::Events::Connection",
        "AWS::Events::EventBus",
        "AWS::Glue::Crawler",
        "AWS::Glue::Job",
        "AWS::IAM::InstanceProfile",
        "AWS::KMS::Alias",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Neptune::DBInstance",
        "AWS::Neptune::DBSubnetGroup",
        "AWS::OpenSearchService::Domain",
        "AWS::Pipes::Pipe",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBProxy",
        "AWS::RDS::DBSubnetGroup",
        "AWS::RDS::OptionGroup",
        "AWS::Redshift::Cluster",
        "AWS::Redshift::ClusterSubnetGroup",
        "AWS::RedshiftServerless::Namespace",
        "AWS::RedshiftServerless::Workgroup",
        "AWS::Route53::HealthCheck",
        "AWS::SQS::Queue",
        "AWS::SSM::Document",
        "AWS::Synthetics::Canary",
    )
)

_DOCS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-{}.html"
#: Types that it is not asked for, and where "Return values" shows what their physical ids are. An answer to one would
#: be about something else, or none.
OTHERWISE = {
    # A whole ARN identifies a rule, or a name a job definition; their physical ids are the other of the two.
    "AWS::Batch::JobDefinition": _DOCS.format("batch-jobdefinition"),
    "AWS::Events::Rule": _DOCS.format("events-rule"),
    # Several parts identify these, and the physical id is one of them.
    "AWS::ApiGateway::Deployment": _DOCS.format("apigateway-deployment"),
    "AWS::ApiGateway::Method": _DOCS.format("apigateway-method"),
    "AWS::ApiGateway::Resource": _DOCS.format("apigateway-resource"),
    "AWS::ApiGateway::Stage": _DOCS.format("apigateway-stage"),
    "AWS::Cognito::UserPoolClient": _DOCS.format("cognito-userpoolclient"),
    "AWS::Cognito::UserPoolDomain": _DOCS.format("cognito-userpooldomain"),
    "AWS::EC2::EIP": _DOCS.format("ec2-eip"),
    "AWS::EC2::Route": _DOCS.format("ec2-route"),
    "AWS::EC2::VPCGatewayAttachment": _DOCS.format("ec2-vpcgatewayattachment"),
    "AWS::ECS::Service": _DOCS.format("ecs-service"),
    "AWS::Lambda::Permission": _DOCS.format("lambda-permission"),
    "AWS::Route53::RecordSet": _DOCS.format("route53-recordset"),
    # A name identifies it only in the default group.
    "AWS::Scheduler::Schedule": _DOCS.format("scheduler-schedule"),
}
#: Types without a read handler: https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/supported-resources.html
UNREAD = frozenset(
    (
        "AWS::CDK::Metadata",
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::WaitConditionHandle",
        "AWS::IAM::AccessKey",
        "AWS::IAM::Policy",
        "AWS::IAM::UserToGroupAddition",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    )
)

#: Types of both, by service and first word of their ARNs: "Resource types" of each service in
#: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
ARNS = {
    "apprunner:service": "AWS::AppRunner::Service",
    "batch:compute-environment": "AWS::Batch::ComputeEnvironment",
    "batch:job-queue": "AWS::Batch::JobQueue",
    "cloudfront:distribution": "AWS::CloudFront::Distribution",
    "ec2:customer-gateway": "AWS::EC2::CustomerGateway",
    "ec2:dhcp-options": "AWS::EC2::DHCPOptions",
    "ec2:egress-only-internet-gateway": "AWS::EC2::EgressOnlyInternetGateway",
    "ec2:launch-template": "AWS::EC2::LaunchTemplate",
    "ec2:network-acl": "AWS::EC2::NetworkAcl",
    "ec2:network-interface": "AWS::EC2::NetworkInterface",
    "ec2:transit-gateway": "AWS::EC2::TransitGateway",
    "ec2:vpc-peering-connection": "AWS::EC2::VPCPeeringConnection",
    "ec2:vpn-connection": "AWS::EC2::VPNConnection",
    "ec2:vpn-gateway": "AWS::EC2::VPNGateway",
    "elasticache:cluster": "AWS::ElastiCache::CacheCluster",
    "elasticache:replicationgroup": "AWS::ElastiCache::ReplicationGroup",
    "elasticfilesystem:access-point": "AWS::EFS::AccessPoint",
    "elasticloadbalancing:classic": "AWS::ElasticLoadBalancing::LoadBalancer",
    "events:event-bus": "AWS::Events::EventBus",
    "firehose:deliverystream": "AWS::KinesisFirehose::DeliveryStream",
    "glue:crawler": "AWS::Glue::Crawler",
    "glue:job": "AWS::Glue::Job",
    "kinesis:stream": "AWS::Kinesis::Stream",
    "lambda:event-source-mapping": "AWS::Lambda::EventSourceMapping",
    "rds:subgrp": "AWS::RDS::DBSubnetGroup",
    "redshift:cluster": "AWS::Redshift::Cluster",
    "sagemaker:endpoint": "AWS::SageMaker::Endpoint",
    "sagemaker:notebook-instance": "AWS::SageMaker::NotebookInstance",
    "secretsmanager:secret": "AWS::SecretsManager::Secret",
    "states:activity": "AWS::StepFunctions::Activity",
    "states:stateMachine": "AWS::StepFunctions::StateMachine",
    "transfer:server": "AWS::Transfer::Server",
}
#: Types that are known by their ARNs, by the service, where a name comes right after the account.
NAMED = {"sns": "AWS::SNS::Topic"}


def at(arn: str, words: str) -> Resource | None:
    """What an ARN names, of a type in these two tables; None for any other. ``words``: its service and first word."""
    type_name = ARNS.get(words) or NAMED.get(words.partition(":")[0])
    if type_name is None:
        return None
    return Resource(type_name, re.split("[/:]", arn)[-1] if type_name in BY_ID else arn)


def is_of_handler(error: AwsCallError) -> bool:
    """Whether it came from the service that Cloud Control asked, and not from itself.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    """
    return "HandlerErrorCode" in error.message or error.action != ACTION


def is_identified(type_name: str, physical_id: str) -> bool:
    """Whether it knows a resource by its physical id alone. What has no ARN yet, as a subscription that nobody has
    confirmed, is not known by what CloudFormation calls it instead."""
    return type_name in BY_ID or (type_name in BY_ARN and physical_id.startswith("arn:"))


def reason_not_to_ask(type_name: str) -> str:
    """Why Cloud Control is not asked for resources of a type; empty if it is."""
    if type_name in OTHERWISE:
        return NO_IDENTIFIER
    # What is known by an ARN alone has a type such as "sqs:queue"; a custom resource is known to its maker only. What
    # this read handler says of a nested stack that was deleted is written nowhere.
    nowhere = type_name.startswith("Custom::") or type_name == "AWS::CloudFormation::Stack" or "::" not in type_name
    if type_name in UNREAD or nowhere:
        return NO_LOOK
    return ""


def command(type_name: str, physical_id: str) -> tuple[str, ...]:
    """Words of the AWS command with which a person removes a resource that is known by its physical id.

    https://docs.aws.amazon.com/cli/latest/reference/cloudcontrol/delete-resource.html
    """
    return ("cloudcontrol", "delete-resource", "--type-name", type_name, "--identifier", physical_id)
