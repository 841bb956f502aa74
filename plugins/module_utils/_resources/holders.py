# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Types of which it is known who can hold one. All others that use one are deleted before it or after it, as it comes:
an event source mapping without its queue, a target of a rule without its function."""

from __future__ import annotations

from typing import Mapping

_NOBODY: tuple[str, ...] = ()

# What the types of the holders begin with.
_HOLDERS: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteRestApi.html
    # "Please remove all base path mappings related to the RestApi": https://github.com/glomex/gcdt/issues/373
    "AWS::ApiGateway::RestApi": ("AWS::ApiGateway::",),
    # "Please remove all API mappings for the API": https://github.com/gruntwork-io/cloud-nuke/issues/370
    "AWS::ApiGatewayV2::Api": ("AWS::ApiGatewayV2::",),
    "AWS::AppSync::GraphQLApi": ("AWS::AppSync::",),
    # A distribution has to be disabled first, and what else asks it for pages does not count.
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html
    "AWS::CloudFront::Distribution": ("AWS::CloudFront::",),
    "AWS::CloudFormation::WaitConditionHandle": _NOBODY,
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
    "AWS::CloudWatch::Alarm": ("AWS::CloudWatch::CompositeAlarm",),
    "AWS::CodeBuild::Project": _NOBODY,
    "AWS::CodeCommit::Repository": _NOBODY,
    "AWS::CodePipeline::Pipeline": _NOBODY,
    # Its domain has to go first:
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
    "AWS::Cognito::IdentityPool": ("AWS::Cognito::",),
    "AWS::Cognito::UserPool": ("AWS::Cognito::",),
    "AWS::Cognito::UserPoolClient": ("AWS::Cognito::",),
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
    "AWS::DynamoDB::Table": _NOBODY,
    # Its images hold it, not those that pull them.
    # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html
    "AWS::ECR::Repository": _NOBODY,
    # "Existing tasks and services that reference an INACTIVE task definition continue to run without disruption":
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    "AWS::ECS::TaskDefinition": _NOBODY,
    # "If it is in use by another AWS service", such as an endpoint service:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "AWS::ElasticLoadBalancingV2::",
        "AWS::ApiGateway::VpcLink",
        "AWS::CloudFront::VpcOrigin",
        "AWS::EC2::VPCEndpointService",
        "AWS::GlobalAccelerator::",
    ),
    # "All rules associated with this event bus need to be deleted":
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html
    "AWS::Events::EventBus": ("AWS::Events::", "AWS::EventSchemas::"),
    "AWS::Events::Rule": _NOBODY,
    # "If this parameter is unset or false, and the stream has registered consumers, the call fails":
    # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html
    "AWS::Kinesis::Stream": ("AWS::Kinesis::",),
    "AWS::KinesisFirehose::DeliveryStream": _NOBODY,
    # Only its copies at CloudFront:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-delete-replicas.html
    "AWS::Lambda::Alias": ("AWS::CloudFront::",),
    "AWS::Lambda::Function": ("AWS::CloudFront::",),
    "AWS::Lambda::Version": ("AWS::CloudFront::",),
    # "A copy of the version remains in Lambda until no functions refer to it":
    # https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
    "AWS::Lambda::LayerVersion": _NOBODY,
    # https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html
    "AWS::SNS::Topic": ("AWS::SNS::",),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
    "AWS::SQS::Queue": ("AWS::SQS::QueueInlinePolicy", "AWS::SQS::QueuePolicy"),
    "AWS::SSM::Parameter": _NOBODY,
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    "AWS::SecretsManager::Secret": ("AWS::SecretsManager::",),
    "AWS::Serverless::Function": ("AWS::CloudFront::",),
    "AWS::StepFunctions::Activity": _NOBODY,
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    "AWS::StepFunctions::StateMachine": _NOBODY,
}


def holds(user: str, used: str) -> bool:
    """Whether one of type ``user`` may keep one of type ``used`` from being deleted, or need it to be deleted itself.
    ``user``: empty if it is not known. What those need that are not AWS's own, such as custom resources, nobody
    knows."""
    holders = _HOLDERS.get(used)
    if holders is None or user.startswith(holders):
        return True
    return bool(holders) if not user else is_custom(user)


def is_custom(type_name: str) -> bool:
    """Whether the code of somebody else deletes one."""
    return not type_name.startswith("AWS::") or type_name == "AWS::CloudFormation::CustomResource"
