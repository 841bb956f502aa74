# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creation of stacks: instant, resource by resource in order of dependency."""

from __future__ import annotations

import warnings
from graphlib import TopologicalSorter
from typing import Any

from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import (
    generate_resource_name,
    parse_and_create_resource,
    parse_resource,
    resource_class_from_type,
)
from moto.cloudformation.utils import generate_stack_id, get_stack_from_s3_url
from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

from ..roles import find_role, is_known
from ..world import world
from .deletion import Refused, Resource, delete_at_once
from .exports import check_unique, drop_exports, freeze_outputs
from .graph import dependencies
from .records import GONE, ResourceRecord, records, set_resource, set_stack
from .tags import tag
from .templates import check_types

#: AWS seconds for which a deleted stack is still found by its id: 90 days.
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html, API_ListStackResources.html
_REMEMBERED = 90 * 86400.0
#: What moto's resources raise when a service refuses.
SERVICE_ERRORS = (ServiceException, HTTPException, Refused)


def create(
    backend: CloudFormationBackend, name: str, template: str, parameters: dict[str, Any], **details: Any
) -> Stack:
    """Create a stack; AlreadyExistsException if a live one has the name, ValidationError for a bad template.

    When a resource cannot be created, the stack ends as ``on_failure`` in ``details`` says: ROLLBACK, DO_NOTHING or
    DELETE.
    """
    on_failure = details.pop("on_failure", "ROLLBACK")
    token = details.pop("token", None)
    existing = live_stack(backend, name)
    if existing is not None and existing.status != "REVIEW_IN_PROGRESS":
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    stack = Stack(
        stack_id=existing.stack_id if existing else generate_stack_id(name, backend.region_name, backend.account_id),
        name=name,
        template=template,
        parameters=parameters,
        account_id=backend.account_id,
        region_name=backend.region_name,
        cross_stack_resources=backend.exports,
        **details,
    )
    check_types(stack)
    check_role(stack.account_id, stack.region_name, stack.role_arn)
    stack.client_request_token = token
    if existing is not None:
        stack.events = existing.events
    backend.stacks[stack.stack_id] = stack
    build(backend, stack, on_failure)
    return stack


def build(backend: CloudFormationBackend, stack: Stack, on_failure: str = "ROLLBACK") -> None:
    """Create the resources of a stack that has none yet."""
    # moto gives a stack a dictionary of its own while there are no exports
    stack.cross_stack_resources = stack.resource_map.cross_stack_resources = backend.exports
    stack.last_updated_time = None
    set_stack(stack, "CREATE_IN_PROGRESS", event_reason="User Initiated")
    try:
        for logical_id in order(stack):
            create_resource(stack, logical_id)
        freeze_outputs(stack)
        check_unique(backend, stack)
    except SERVICE_ERRORS as error:
        _creation_failed(backend, stack, on_failure, message_of(error))
        return
    set_stack(stack, "CREATE_COMPLETE")


def check_role(account_id: str, region: str, role_arn: str | None) -> None:
    """ValidationError unless CloudFormation can work with this role, if there is one.

    The words: tests/aws/services/cloudformation/api/test_update_stack.snapshot.json of localstack/localstack; for a
    deletion https://gist.github.com/sivaramsajeev/9d47d8b89c2a818e296f825b5bd1155f.
    """
    role = find_role(account_id, region, role_arn) if role_arn else None
    if role_arn and (role is None or not is_known(role)):
        raise ValidationError(message=f"Role {role_arn} is invalid or cannot be assumed")


def review(backend: CloudFormationBackend, name: str) -> Stack:
    """An empty stack in REVIEW_IN_PROGRESS, as a change set for a new stack makes it."""
    stack = Stack(
        stack_id=generate_stack_id(name, backend.region_name, backend.account_id),
        name=name,
        template={},
        parameters={},
        account_id=backend.account_id,
        region_name=backend.region_name,
    )
    backend.stacks[stack.stack_id] = stack
    set_stack(stack, "REVIEW_IN_PROGRESS", event_reason="User Initiated")
    return stack


def template_at(url: str, account_id: str, region: str) -> str:
    """The template body in S3."""
    return get_stack_from_s3_url(url, account_id=account_id, partition=get_partition(region))


def live_stack(backend: CloudFormationBackend, name: str) -> Stack | None:
    """The stack that has the name now; deleted ones have lost it."""
    return next((stack for stack in backend.stacks.values() if stack.name == name), None)


def message_of(error: Exception) -> str:
    """What moto's or our error says."""
    return str(getattr(error, "message", None) or error)


def order(stack: Stack) -> list[str]:
    needs = dependencies(stack.template_dict)
    return list(TopologicalSorter({name: sorted(needs[name]) for name in sorted(needs)}).static_order())


def is_wanted(stack: Stack, logical_id: str) -> bool:
    condition = stack.template_dict["Resources"][logical_id].get("Condition")
    return not condition or bool(stack.resource_map.lazy_condition_map[condition])


def create_resource(stack: Stack, logical_id: str) -> None:
    if not is_wanted(stack, logical_id):
        return
    definition = stack.template_dict["Resources"][logical_id]
    record = ResourceRecord(logical_id, "", definition["Type"], None, {}, "CREATE_IN_PROGRESS")
    record.policy = definition.get("DeletionPolicy") or default_policy(definition)
    records(stack)[logical_id] = record
    try:
        record.properties = resolve(stack, logical_id)
        set_resource(stack, record, "CREATE_IN_PROGRESS")
        if resource_class_from_type(record.type) is None:
            record.physical_id = generate_resource_name(record.type, stack.name, logical_id)
        else:
            adopt(stack, record, new_model(stack, logical_id))
    except SERVICE_ERRORS as error:
        set_resource(stack, record, "CREATE_FAILED", message_of(error))
        raise
    set_resource(stack, record, "CREATE_COMPLETE")


def default_policy(definition: dict[str, Any]) -> str:
    """The DeletionPolicy of a resource whose template gives none: a database of its own, or a cluster of them, leaves a
    snapshot.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    alone = "DBClusterIdentifier" not in definition.get("Properties", {})
    database = definition["Type"] == "AWS::RDS::DBCluster" or (definition["Type"] == "AWS::RDS::DBInstance" and alone)
    return "Snapshot" if database else "Delete"


def new_model(stack: Stack, logical_id: str) -> Any:
    model = parse_and_create_resource(
        logical_id,
        stack.template_dict["Resources"][logical_id],
        stack.resource_map,
        account_id=stack.account_id,
        region_name=stack.region_name,
    )
    stack.resource_map._parsed_resources[logical_id] = model
    return model


def adopt(stack: Stack, record: ResourceRecord, model: Any) -> None:
    record.model = model
    # Some of moto's types have none.
    record.physical_id = getattr(model, "physical_resource_id", None) or generate_resource_name(
        record.type, stack.name, record.logical_id
    )
    tag(stack, record)


def resolve(stack: Stack, logical_id: str) -> dict[str, Any]:
    """The properties of a resource with every function and reference resolved."""
    definition = stack.template_dict["Resources"][logical_id]
    if resource_class_from_type(definition["Type"]) is None:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _model_class, resolved, _type = parse_resource(definition, stack.resource_map)
    return resolved.get("Properties", {})


def _creation_failed(backend: CloudFormationBackend, stack: Stack, on_failure: str, reason: str) -> None:
    failed = [record.logical_id for record in records(stack).values() if record.status == "CREATE_FAILED"]
    summary = f"The following resource(s) failed to create: [{', '.join(failed)}]. " if failed else reason
    freeze_outputs(stack, none=True)
    if on_failure == "DO_NOTHING":
        set_stack(stack, "CREATE_FAILED", summary)
        return
    set_stack(stack, "DELETE_IN_PROGRESS" if on_failure == "DELETE" else "ROLLBACK_IN_PROGRESS", summary)
    for record in reversed(list(records(stack).values())):
        remove(stack, record, created_now=True)
    if on_failure == "DELETE":
        forget(backend, stack)
    else:
        set_stack(stack, "ROLLBACK_COMPLETE")


def forget(backend: CloudFormationBackend, stack: Stack) -> None:
    """Make a stack a deleted one, found by its id only, and drop its exports."""
    if stack.status != "DELETE_COMPLETE":
        stack.deletion_time = utcnow()
        set_stack(stack, "DELETE_COMPLETE")
    stack.ghost_reads = world.faults.ghost_read_count
    backend.stacks.pop(stack.stack_id, None)
    backend.deleted_stacks[stack.stack_id] = stack
    drop_exports(backend, stack)
    world.clock.call_later(_REMEMBERED, backend.deleted_stacks.pop, stack.stack_id, None)


def remove(stack: Stack, record: ResourceRecord, *, created_now: bool = False) -> None:
    """Delete a resource at once, as part of a roll back or an update, unless its DeletionPolicy keeps it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html:
    RetainExceptOnCreate does not keep what was ``created_now``.
    """
    if record.status in GONE:
        return
    kept = record.policy == "Retain" or record.policy == "RetainExceptOnCreate" and not created_now
    if kept and record.model is not None:
        set_resource(stack, record, "DELETE_SKIPPED")
        return
    if record.model is not None:
        delete_at_once(as_resource(stack, record))
    set_resource(stack, record, "DELETE_COMPLETE")


def as_resource(stack: Stack, record: ResourceRecord) -> Resource:
    return Resource(
        stack_name=stack.name,
        stack_id=stack.stack_id,
        logical_id=record.logical_id,
        physical_id=record.physical_id,
        type=record.type,
        model=record.model,
        properties=record.properties,
        account_id=stack.account_id,
        region=stack.region_name,
        caller=stack.role_arn or getattr(stack, "caller", ""),
        policy=record.policy,
    )
