# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a template says about values that are kept elsewhere: ``{{resolve:ssm:…}}`` and Fn::GetStackOutput.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
Both are looked up when a stack is created or updated, and hold nothing afterwards.
"""

from __future__ import annotations

import re
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import cloudformation_backends
from moto.ssm import ssm_backends

_REFERENCE = re.compile(r"\{\{resolve:([^:}]+):([^}]+)\}\}")


def resolved(text: str, account_id: str, region: str) -> str:
    """The text with the values of the SSM parameters that it names. ValidationError for what is not there."""

    def value(match: re.Match[str]) -> str:
        service, name = match.groups()
        if service != "ssm":
            raise ValidationError(message=f"The emulator lacks dynamic references to {service}: {match[0]}")
        parameter = ssm_backends[account_id][region].get_parameter(name)
        if parameter is None:
            raise ValidationError(message=f"Parameters: [{name}] cannot be found.")
        return parameter.value

    return _REFERENCE.sub(value, text)


def stack_output(arguments: dict[str, Any], account_id: str, region: str) -> str:
    """The value of an output of another stack. ValidationError if there is no such stack or output."""
    if "RoleArn" in arguments:
        raise ValidationError(message="The emulator lacks Fn::GetStackOutput with a RoleArn.")
    backend = cloudformation_backends[account_id][arguments.get("Region") or region]
    name, output_name = arguments["StackName"], arguments["OutputName"]
    for stack in backend.stacks.values():
        if name in (stack.name, stack.stack_id):
            for output in stack.outputs or []:
                if output["OutputKey"] == output_name:
                    return output["OutputValue"]
            raise ValidationError(message=f"Output {output_name} of stack {name} does not exist")
    raise ValidationError(message=f"Stack with id {name} does not exist")
