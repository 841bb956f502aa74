# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The look-up of types that have no row: Cloud Control, which reads what CloudFormation's registry can read.

https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-read.html
"""

from __future__ import annotations

from .._aws.errors import AwsCallError

ACTION = "cloudformation:GetResource"
ABSENT = "ResourceNotFoundException"
#: Where it says that it cannot read this type, or that more than the physical id identifies it.
UNREADABLE = frozenset(
    ("InvalidRequestException", "TypeNotFoundException", "UnsupportedActionException", "ValidationException")
)

NO_LOOK = "resources of this type cannot be looked up"
NO_IDENTIFIER = "Cloud Control takes more, or something else, than the physical id for it"
UNCERTAIN = "Cloud Control finds none by its physical id, but may know it by another"

#: Types that Cloud Control knows by their physical ids, so that not to be found there is to be absent. The physical id
#: is what "Ref" returns, see "Return values" of each type; the identifier is "primaryIdentifier" of its schema.
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
#: https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-identifier.html
IDENTIFIED = frozenset(
    (
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::CloudFront::Distribution",
        "AWS::CloudWatch::Alarm",
        "AWS::CodePipeline::Pipeline",
        "AWS::Cognito::UserPool",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::NetworkInterface",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::AccessPoint",
        "AWS::EFS::FileSystem",
        "AWS::EFS::MountTarget",
        "AWS::EKS::Cluster",
        "AWS::Events::Archive",
        "AWS::Events::EventBus",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::User",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::Route53::HealthCheck",
        "AWS::Route53::HostedZone",
        "AWS::S3::Bucket",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Document",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::StateMachine",
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
        "AWS::CodeBuild::Project",
        "AWS::IAM::AccessKey",
        "AWS::IAM::Policy",
        "AWS::IAM::UserToGroupAddition",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    )
)


def is_of_handler(error: AwsCallError) -> bool:
    """Whether it came from the service that Cloud Control asked, and not from itself.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    """
    return "HandlerErrorCode" in error.message or error.action != ACTION


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
    """Words of the AWS command with which a person removes one of the types that are ``IDENTIFIED``.

    https://docs.aws.amazon.com/cli/latest/reference/cloudcontrol/delete-resource.html
    """
    return ("cloudcontrol", "delete-resource", "--type-name", type_name, "--identifier", physical_id)
