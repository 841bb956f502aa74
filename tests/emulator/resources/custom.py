# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom resources: a function answers for them, and they cannot go without it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
The code of functions does not run here: a function that is there, with its role and network, answers SUCCESS.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..services import functions
from ..services.models import StackResource
from ..world import world

#: AWS seconds after which CloudFormation stops waiting for an answer, unless ServiceTimeout says so
_TIMEOUT = 3600.0


class CustomResource(StackResource, StackResource.base):
    """``Custom::*`` too. An attribute has the value of the property of the same name, or is a text of its own."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CloudFormation::CustomResource"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        return self.attributes.get(attribute_name, f"{self.physical_resource_id}-{attribute_name}")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> CustomResource:
        properties = cloudformation_json["Properties"]
        function = _function(properties["ServiceToken"], account_id, region_name)
        if function is None:
            raise ValidationError(message=_missing(properties["ServiceToken"]))
        functions.invoked(function)
        return cls(resource_name, properties)

    def delete(self, account_id: str, region: str) -> None:
        """At once, when a creation is rolled back."""


def _function(token: str, account_id: str, region: str) -> LambdaFunction | None:
    """The function behind a ServiceToken. ValidationError for the ARN of anything else."""
    service = (token.split(":") + [""] * 3)[2]
    if service != "lambda":
        raise ValidationError(message=f"The emulator lacks custom resources with a ServiceToken of {service}: {token}")
    name = token.split(":")[6]
    known = lambda_backends[account_id][region]
    return next((function for function in known.list_functions() if function.function_name == name), None)


def _missing(token: str) -> str:
    """Lambda's answer when CloudFormation calls a function that is not there.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (ResourceNotFoundException); the words:
    serverless/serverless#4276. That CloudFormation hands them on as they are is a guess.
    """
    return (
        f"Function not found: {token} (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; "
        f"Request ID: {uuid.uuid4()})"
    )


class _Deletion:
    """The function is called; without an answer the deletion fails after an hour.

    aws/copilot-cli#4868 has the words, amazon-archives/gaming-analytics-pipeline#3 a function whose network has gone,
    aws-samples/aws-control-tower-securityhub-enabler#24 the hour.
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        token = resource.properties["ServiceToken"]
        function = _function(token, resource.account_id, resource.region)
        if function is None:
            raise Refused("ResourceNotFoundException", _missing(token), retry=False)
        context.memory["answers"] = functions.can_work(function)
        if not context.memory["answers"]:
            return float(resource.properties.get("ServiceTimeout", _TIMEOUT))
        functions.invoked(function)
        return world.durations.draw("cloudformation.custom_resource", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        if not context.memory["answers"]:
            raise Refused(
                "NotStabilized",
                "CloudFormation did not receive a response from your Custom Resource. Please check your logs for "
                f"requestId [{uuid.uuid4()}]. If you are using the Python cfn-response module, you may need to update "
                "your Lambda function code so that CloudFormation can attach the updated version.",
                retry=False,
            )
        return True


def install(patches: Patches) -> None:
    patches.set(parsing, "CustomModel", CustomResource)
    register("AWS::CloudFormation::CustomResource", _Deletion())
