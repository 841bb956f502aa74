# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Update of stacks: instant, each resource whose resolved properties have changed."""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import parse_and_update_resource, resource_class_from_type
from moto.core.common_models import CloudFormationModel
from moto.core.utils import utcnow

from .deletion import delete_at_once
from .exports import check_unique, drop_exports, freeze_outputs
from .records import ResourceRecord, records, set_resource, set_stack
from .stacks import (
    SERVICE_ERRORS,
    adopt,
    as_resource,
    check_role,
    create_resource,
    is_wanted,
    message_of,
    new_model,
    order,
    remove,
    resolve,
)
from .templates import check_types


def update(
    backend: CloudFormationBackend,
    stack: Stack,
    template: str,
    parameters: dict[str, Any],
    tags: dict[str, str] | None = None,
    role_arn: str | None = None,
    token: str | None = None,
) -> None:
    """Update a stack. ValidationError "No updates are to be performed." if nothing would change.

    A changed value behind an ``AWS::SSM::Parameter::Value`` counts as a change:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
    """
    if not stack.status.endswith("_COMPLETE") or stack.status in ("ROLLBACK_COMPLETE", "DELETE_COMPLETE"):
        raise ValidationError(
            message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.",
        )
    check_role(stack.account_id, stack.region_name, role_arn or stack.role_arn)
    new = variant(backend, stack, template, parameters)
    check_types(new)
    if is_same(stack, new) and tags in (None, stack.tags):
        raise ValidationError(message="No updates are to be performed.")
    stack.client_request_token = token
    _apply(backend, stack, new, tags, role_arn)


def variant(backend: CloudFormationBackend, stack: Stack, template: str, parameters: dict[str, Any]) -> Stack:
    """The stack as it would be with another template and parameters; nothing is built."""
    return Stack(
        stack_id=stack.stack_id,
        name=stack.name,
        template=template,
        parameters=parameters,
        account_id=stack.account_id,
        region_name=stack.region_name,
        cross_stack_resources=backend.exports,
    )


def is_same(stack: Stack, new: Stack) -> bool:
    """Whether template and values of parameters are equal. To what it has built, moto adds properties of its own."""
    return (
        Stack.parse_template(new.template) == Stack.parse_template(stack.template)
        and new.resource_map.resolved_parameters == stack.resource_map.resolved_parameters
    )


def _apply(
    backend: CloudFormationBackend, stack: Stack, new: Stack, tags: dict[str, str] | None, role_arn: str | None
) -> None:
    """Make ``stack`` what ``new`` (never built) describes."""
    set_stack(stack, "UPDATE_IN_PROGRESS", event_reason="User Initiated")
    stack.last_updated_time = utcnow()
    old_models = stack.resource_map._parsed_resources
    stack.template = new.template
    stack.template_dict = new.template_dict
    stack.description = new.template_dict.get("Description")
    stack.parameters = new.parameters
    stack.role_arn = role_arn or stack.role_arn
    if tags is not None:
        stack.tags = tags
    new.resource_map._parsed_resources.update(
        {record.logical_id: old_models.get(record.logical_id) for record in records(stack).values()}
    )
    stack.resource_map = new.resource_map
    stack.output_map = new.output_map
    stack.cross_stack_resources = stack.resource_map.cross_stack_resources = backend.exports
    drop_exports(backend, stack)
    try:
        for logical_id in order(stack):
            _bring_up_to_date(stack, logical_id)
        for logical_id in reversed(_unwanted(stack)):
            remove(stack, records(stack)[logical_id])
            del records(stack)[logical_id]
            stack.resource_map._parsed_resources.pop(logical_id, None)
        freeze_outputs(stack)
        check_unique(backend, stack)
    except SERVICE_ERRORS as error:
        set_stack(stack, "UPDATE_ROLLBACK_FAILED", message_of(error))
        return
    set_stack(stack, "UPDATE_COMPLETE")


def _unwanted(stack: Stack) -> list[str]:
    resources = stack.template_dict["Resources"]
    return [name for name in records(stack) if name not in resources or not is_wanted(stack, name)]


def _bring_up_to_date(stack: Stack, logical_id: str) -> None:
    record = records(stack).get(logical_id)
    if record is None:
        create_resource(stack, logical_id)
        return
    record.policy = stack.template_dict["Resources"][logical_id].get("DeletionPolicy", "Delete")
    if not is_wanted(stack, logical_id) or record.model is None:
        return
    properties = resolve(stack, logical_id)
    if properties == record.properties:
        return
    set_resource(stack, record, "UPDATE_IN_PROGRESS")
    try:
        model = _updated_model(stack, record)
    except SERVICE_ERRORS as error:
        set_resource(stack, record, "UPDATE_FAILED", message_of(error))
        raise
    record.properties = properties
    adopt(stack, record, model)
    set_resource(stack, record, "UPDATE_COMPLETE")


def _updated_model(stack: Stack, record: ResourceRecord) -> CloudFormationModel:
    model_class = resource_class_from_type(record.type)
    if hasattr(model_class.update_from_cloudformation_json, "__isabstractmethod__"):
        delete_at_once(as_resource(stack, record))
        return new_model(stack, record.logical_id)
    model = parse_and_update_resource(
        record.logical_id,
        stack.template_dict["Resources"][record.logical_id],
        stack.resource_map,
        account_id=stack.account_id,
        region_name=stack.region_name,
    )
    stack.resource_map._parsed_resources[record.logical_id] = model
    return model
