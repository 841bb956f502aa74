# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks inside of stacks: deleted with their root.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.models import Stack, cloudformation_backends

from ..patching import Patches
from . import requests, stacks
from .deletion import Context, Refused, Resource, register


class _NestedStack:
    """Deletes the nested stack like any other, and fails when that fails."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = cloudformation_backends[resource.account_id][resource.region]
        context.memory["stack"] = requests.find(backend, resource.physical_id)
        requests.delete_stack(backend, resource.physical_id, caller=resource.caller)
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        stack = context.memory["stack"]
        if stack is not None and stack.status == "DELETE_FAILED":
            message = f"Embedded stack {stack.stack_id} was not successfully deleted: {stack.stack_status_reason}"
            raise Refused("ResourceStatus", message, retry=False)
        return stack is None or stack.status == "DELETE_COMPLETE"


def _create(
    _class: type[Stack], name: str, definition: dict[str, Any], account_id: str, region: str, **details: Any
) -> Stack:
    backend = cloudformation_backends[account_id][region]
    properties = definition["Properties"]
    template = stacks.template_at(properties["TemplateURL"], account_id, region)
    parameters = {
        key: ",".join(value) if isinstance(value, list) else str(value)
        for key, value in properties.get("Parameters", {}).items()
    }
    parent = backend.stacks[details["StackId"]]
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    stack = stacks.create(backend, name, template, parameters, role_arn=parent.role_arn, tags={**parent.tags, **tags})
    if stack.status != "CREATE_COMPLETE":
        raise Refused("ResourceStatus", f"Embedded stack {stack.stack_id} was not successfully created", retry=False)
    stack.parent_id = parent.stack_id
    stack.root_id = getattr(parent, "root_id", parent.stack_id)
    return stack


def _attribute(stack: Stack, name: str) -> str:
    """Fn::GetAtt of a nested stack: ``Outputs.Name``.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    """
    for output in stack.outputs or []:
        if name == f"Outputs.{output['OutputKey']}":
            return output["OutputValue"]
    raise UnformattedGetAttTemplateException()


def install(patches: Patches) -> None:
    patches.set(Stack, "create_from_cloudformation_json", classmethod(_create))
    patches.set(Stack, "get_cfn_attribute", _attribute)
    patches.set(Stack, "has_cfn_attr", classmethod(lambda _class, name: name.startswith("Outputs.")))
    patches.set(Stack, "physical_resource_id", property(lambda stack: stack.stack_id))
    register("AWS::CloudFormation::Stack", _NestedStack())
