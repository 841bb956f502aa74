# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of CloudFormation's calls."""

from __future__ import annotations

import functools

from botocore.session import get_session
from moto.cloudformation.exceptions import CloudFormationError, MissingParameterError, ValidationError
from moto.cloudformation.models import Stack
from moto.cloudformation.responses import CloudFormationResponse

from . import requests
from .templates import given_parameters, missing_capability


class InsufficientCapabilities(CloudFormationError):
    code = "InsufficientCapabilitiesException"


def existing_stack(response: CloudFormationResponse, wording: str = "Stack with id {} does not exist") -> Stack:
    name = requests.check_name(response._get_param("StackName"))
    stack = requests.find(response.cloudformation_backend, name)
    if stack is None:
        raise ValidationError(message=wording.format(name))
    return stack


def template(response: CloudFormationResponse, previous: Stack | None = None) -> str:
    if previous is not None and response._get_bool_param("UsePreviousTemplate", False):
        return previous.template
    url = response._get_param("TemplateURL")
    body = response._get_param("TemplateBody") or (response._get_stack_from_s3_url(url) if url else None)
    if not body:
        raise ValidationError(message="Either Template URL or Template Body must be specified.")
    return body


def parameters(response: CloudFormationResponse, previous: Stack | None = None) -> dict[str, str]:
    before = given_parameters(previous) if previous is not None else {}
    values = {}
    for parameter in response._get_param("Parameters", []):
        key = parameter["ParameterKey"]
        if parameter.get("UsePreviousValue"):
            if key not in before:
                raise MissingParameterError(key)
            values[key] = before[key]
        else:
            values[key] = parameter.get("ParameterValue", "")
    return values


def check_capabilities(response: CloudFormationResponse, template: str) -> None:
    missing = missing_capability(Stack.parse_template(template), response._get_param("Capabilities", []))
    if missing:
        raise InsufficientCapabilities(f"Requires capabilities : [{missing}]")


def tags(response: CloudFormationResponse) -> dict[str, str]:
    return {item["Key"]: item["Value"] for item in response._get_param("Tags", [])}


def check_statuses(wanted: list[str]) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html (StackStatusFilter)"""
    if wanted and not set(wanted) <= _statuses():
        raise ValidationError(
            message=f"1 validation error detected: Value '[{', '.join(wanted)}]' at 'stackStatusFilter' failed to "
            f"satisfy constraint: Member must satisfy enum value set: [{', '.join(sorted(_statuses()))}]"
        )


@functools.lru_cache
def _statuses() -> frozenset[str]:
    return frozenset(get_session().get_service_model("cloudformation").shape_for("StackStatus").enum)
