# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of CloudFormation that answer differently from moto's."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult

from ..patching import Patches
from ..world import world
from . import arguments, requests, stacks, updates
from .exports import importers
from .records import GONE, ResourceRecord, records
from .rendering import described

#: AWS pages these at 1 MB or 100 entries; DescribeStacks pages are smaller, so that clients have to page.
STACKS_PAGE = 50
PAGE = 100


def _page(items: Sequence[Any], token: str | None, size: int) -> tuple[Sequence[Any], str | None]:
    start = int(token) if token else 0
    following = start + size
    return items[start:following], str(following) if following < len(items) else None


def create_stack(self: CloudFormationResponse) -> ActionResult:
    template = arguments.template(self)
    arguments.check_capabilities(self, template)
    on_failure = self._get_param("OnFailure")
    if on_failure is None:
        on_failure = "DO_NOTHING" if self._get_bool_param("DisableRollback", False) else "ROLLBACK"
    stack = stacks.create(
        self.cloudformation_backend,
        requests.check_name(self._get_param("StackName")),
        template,
        arguments.parameters(self),
        notification_arns=self._get_param("NotificationARNs", []),
        tags=arguments.tags(self),
        role_arn=self._get_param("RoleARN"),
        enable_termination_protection=self._get_bool_param("EnableTerminationProtection", False),
        timeout_in_mins=self._get_param("TimeoutInMinutes"),
        stack_policy_body=self._get_param("StackPolicyBody"),
        on_failure=on_failure,
        token=self._get_param("ClientRequestToken"),
    )
    return ActionResult({"StackId": stack.stack_id})


def update_stack(self: CloudFormationResponse) -> ActionResult:
    stack = arguments.existing_stack(self, "Stack [{}] does not exist")
    template = arguments.template(self, stack)
    arguments.check_capabilities(self, template)
    updates.update(
        self.cloudformation_backend,
        stack,
        template,
        arguments.parameters(self, stack),
        arguments.tags(self) or None,
        self._get_param("RoleARN"),
        self._get_param("ClientRequestToken"),
    )
    return ActionResult({"StackId": stack.stack_id})


def delete_stack(self: CloudFormationResponse) -> ActionResult:
    deployment = self._get_param("DeploymentConfig") or {}
    requests.delete_stack(
        self.cloudformation_backend,
        self._get_param("StackName"),
        retain=self._get_param("RetainResources", []),
        mode=self._get_param("DeletionMode"),
        express=deployment.get("Mode") == "EXPRESS",
        role_arn=self._get_param("RoleARN"),
        token=self._get_param("ClientRequestToken"),
    )
    return EmptyResult()


def update_termination_protection(self: CloudFormationResponse) -> ActionResult:
    stack = requests.update_termination_protection(
        self.cloudformation_backend,
        self._get_param("StackName"),
        self._get_bool_param("EnableTerminationProtection", False),
    )
    return ActionResult({"StackId": stack.stack_id})


def _as_seen(stack: Stack) -> Stack:
    """The stack, or what a stale read shows of it."""
    stale = getattr(stack, "stale_reads", None)
    if stack.status == "DELETE_COMPLETE" and stack.ghost_reads:
        stack.ghost_reads -= 1
        status = "DELETE_IN_PROGRESS"
    elif stale:
        status = stale.pop(0)
    else:
        return stack
    seen = copy.copy(stack)
    seen.status = status
    seen.stack_status_reason = None
    seen.deletion_time = None
    return seen


def _shown(backend: CloudFormationBackend) -> list[Stack]:
    """The live stacks, and deleted ones that stale reads still show; the youngest first."""
    ghosts = [stack for stack in backend.deleted_stacks.values() if stack.ghost_reads]
    return sorted([*backend.stacks.values(), *ghosts], key=lambda stack: stack.creation_time, reverse=True)


def describe_stacks(self: CloudFormationResponse) -> str:
    name = self._get_param("StackName")
    shown = _shown(self.cloudformation_backend)
    if name:
        named = [stack for stack in shown if stack.name == name]
        return described(self, [_as_seen(named[0] if named else arguments.existing_stack(self))])
    page, token = _page(shown, self._get_param("NextToken"), STACKS_PAGE)
    return described(self, [_as_seen(stack) for stack in page], token)


def list_stacks(self: CloudFormationResponse) -> ActionResult:
    """Deleted stacks too: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html"""
    backend = self.cloudformation_backend
    wanted = self._get_param("StackStatusFilter", [])
    arguments.check_statuses(wanted)
    found = [
        stack
        for stack in (*backend.stacks.values(), *backend.deleted_stacks.values())
        if not wanted or stack.status in wanted
    ]
    found.sort(key=lambda stack: stack.creation_time, reverse=True)
    page, token = _page(found, self._get_param("NextToken"), PAGE)
    return ActionResult({"StackSummaries": page, "NextToken": token})


def describe_stack_events(self: CloudFormationResponse) -> ActionResult:
    stack = arguments.existing_stack(self, "Stack [{}] does not exist")
    page, token = _page(stack.events[::-1], self._get_param("NextToken"), PAGE)
    return ActionResult({"StackEvents": page, "NextToken": token})


def _resource_view(stack: Stack, record: ResourceRecord) -> dict[str, Any]:
    return {
        "StackName": stack.name,
        "StackId": stack.stack_id,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Timestamp": record.timestamp,
        "LastUpdatedTimestamp": record.timestamp,
        "ResourceStatus": record.status,
        "ResourceStatusReason": record.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def _resource_views(stack: Stack, records_of_it: Iterable[ResourceRecord] | None = None) -> list[dict[str, Any]]:
    chosen = records(stack).values() if records_of_it is None else records_of_it
    return [_resource_view(stack, record) for record in chosen]


def list_stack_resources(self: CloudFormationResponse) -> ActionResult:
    page, token = _page(_resource_views(arguments.existing_stack(self)), self._get_param("NextToken"), PAGE)
    return ActionResult({"StackResourceSummaries": page, "NextToken": token})


def describe_stack_resources(self: CloudFormationResponse) -> ActionResult:
    """The first 100 resources of a stack that is named, or that owns a physical resource.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
    That a deleted stack does not own what it has left behind is a guess.
    """
    wanted = self._get_param("LogicalResourceId")
    physical = self._get_param("PhysicalResourceId")
    if bool(physical) == bool(self._get_param("StackName")):
        raise ValidationError(message="Either StackName or PhysicalResourceId must be specified, not both")
    stack = _owner(self.cloudformation_backend, physical) if physical else arguments.existing_stack(self)
    chosen = [record for record in records(stack).values() if wanted in (None, record.logical_id)]
    return ActionResult({"StackResources": _resource_views(stack, chosen[:PAGE])})


def _owner(backend: CloudFormationBackend, physical_id: str) -> Stack:
    """Of two resources with one id, such as a table and a log group, the one of the older stack: a guess."""
    for stack in backend.stacks.values() if not world.faults.hides_owner(physical_id) else ():
        if any(record.physical_id == physical_id and record.status not in GONE for record in records(stack).values()):
            return stack
    raise ValidationError(message=f"Stack for {physical_id} does not exist")


def describe_stack_resource(self: CloudFormationResponse) -> ActionResult:
    stack = arguments.existing_stack(self)
    logical_id = self._get_param("LogicalResourceId")
    if logical_id not in records(stack):
        raise ValidationError(message=f"Resource {logical_id} does not exist for stack {stack.name}")
    return ActionResult({"StackResourceDetail": _resource_view(stack, records(stack)[logical_id])})


def list_imports(self: CloudFormationResponse) -> ActionResult:
    name = self._get_param("ExportName")
    names = importers(self.cloudformation_backend, name)
    if not names:
        raise ValidationError(message=f"Export '{name}' is not imported by any stack.")
    return ActionResult({"Imports": names})


def get_template(self: CloudFormationResponse) -> ActionResult:
    stack = arguments.existing_stack(self, "Stack with id {} does not exist")
    body = stack.template
    return ActionResult({"TemplateBody": body if isinstance(body, str) else json.dumps(body)})


def validate_template(self: CloudFormationResponse) -> ActionResult:
    """That a template is one, and has resources. The words:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html (validation errors)
    """
    try:
        found = Stack.parse_template(arguments.template(self))
    except (yaml.YAMLError, ValueError) as error:  # moto takes for JSON what is no YAML
        raise ValidationError(message="Template format error: YAML not well-formed.") from error
    if not found.get("Resources"):
        raise ValidationError(message="Template format error: At least one Resources member must be defined.")
    declared = [{"ParameterKey": name} for name in found.get("Parameters", {})]
    return ActionResult({"Parameters": declared, "Capabilities": []})


def install(patches: Patches) -> None:
    for function in (
        validate_template,
        create_stack,
        update_stack,
        delete_stack,
        update_termination_protection,
        describe_stacks,
        list_stacks,
        describe_stack_events,
        list_stack_resources,
        describe_stack_resources,
        describe_stack_resource,
        list_imports,
        get_template,
    ):
        patches.set(CloudFormationResponse, function.__name__, function)
    patches.set(CloudFormationBackend, "delete_stack", requests.delete_stack)
    patches.set(CloudFormationBackend, "get_stack", requests.get_stack)
