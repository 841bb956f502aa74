# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls DeleteStack and UpdateTerminationProtection: what AWS accepts, and what it refuses."""

from __future__ import annotations

import re
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack

from ..world import world
from .engine import Request, StackDeletion
from .exports import in_use
from .records import records, set_stack
from .stacks import check_role, create, forget

_NAME = re.compile(r"^([a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*)$")
#: AWS seconds that DELETE_IN_PROGRESS lasts when an export in use makes the deletion fail.
_CANCELLED_AFTER = 2.0


def check_name(name: str | None) -> str:
    """ValidationError unless it has the form of a stack's name or id."""
    if not name or not _NAME.match(name):
        raise ValidationError(
            message=(
                f"1 validation error detected: Value '{name or ''}' at 'stackName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"
            )
        )
    return name


def find(backend: CloudFormationBackend, name_or_id: str) -> Stack | None:
    """A live stack by name or id, or a deleted one by its id."""
    for stack in (*backend.stacks.values(), *backend.deleted_stacks.values()):
        if stack.stack_id == name_or_id or stack.name == name_or_id and stack.stack_id in backend.stacks:
            return stack
    return None


def get_stack(backend: CloudFormationBackend, name_or_id: str) -> Stack:
    """As ``find``, but a ValidationError if there is none."""
    stack = find(backend, name_or_id)
    if stack is None:
        raise ValidationError(message=f"Stack with id {name_or_id} does not exist")
    return stack


def delete_stack(backend: CloudFormationBackend, name_or_id: str, **options: Any) -> None:
    """DeleteStack; ``options``: retain (list), mode, express, role_arn, token, caller.

    A stack that does not exist is no error, one that is being deleted goes on being deleted.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
    """
    stack = find(backend, check_name(name_or_id))
    if stack is None or stack.status == "DELETE_COMPLETE":
        return
    _check_allowed(stack, options)
    if stack.status == "DELETE_IN_PROGRESS" or getattr(stack, "deletion_is_due", False):
        return
    check_role(stack.account_id, stack.region_name, options.get("role_arn") or stack.role_arn)
    blocked = in_use(backend, stack)
    if blocked and world.faults.export_in_use_shows == "refuse":
        raise ValidationError(message=blocked)
    options.setdefault("caller", world.caller)
    if world.faults.deletions_begin_after:
        stack.deletion_is_due = True
        world.clock.call_later(world.faults.deletions_begin_after, _begin, backend, stack, blocked, options)
        return
    _begin(backend, stack, blocked, options)


def _begin(backend: CloudFormationBackend, stack: Stack, blocked: str | None, options: dict[str, Any]) -> None:
    stack.deletion_is_due = False
    before = stack.status
    stack.role_arn = options.get("role_arn") or stack.role_arn
    stack.caller = options["caller"]
    stack.client_request_token = options.get("token")
    stack.deletion_mode = options.get("mode")
    stack.stale_reads = [before] * world.faults.stale_read_count
    if blocked:
        set_stack(stack, "DELETE_IN_PROGRESS", event_reason="User Initiated")
        after = before if world.faults.export_in_use_shows == "bounce" else "DELETE_FAILED"
        world.clock.call_later(_CANCELLED_AFTER, set_stack, stack, after, blocked)
        return
    request = Request(
        retain=frozenset(options.get("retain") or ()),
        force=options.get("mode") == "FORCE_DELETE_STACK",
        express=bool(options.get("express")),
    )
    StackDeletion(stack, request, lambda deletion: _ended(backend, deletion)).start()


def _check_allowed(stack: Stack, options: dict[str, Any]) -> None:
    if stack.enable_termination_protection:
        raise ValidationError(
            message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )
    # aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws#573
    if stack.status.startswith(("UPDATE_", "IMPORT_")) and stack.status.endswith("_IN_PROGRESS"):
        raise ValidationError(
            message=f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}"
        )
    if options.get("mode") == "FORCE_DELETE_STACK" and stack.status != "DELETE_FAILED":
        raise ValidationError(
            message=(
                f"Invalid operation on stack [{stack.stack_id}]. Stack needs to be in DELETE_FAILED state when "
                "deletionMode is FORCE_DELETE_STACK"
            )
        )
    if options.get("retain"):
        _check_retained(stack, options["retain"])


def _check_retained(stack: Stack, retain: list[str]) -> None:
    """rebuy-de/aws-nuke#244 and #270 show when AWS refuses."""
    if stack.status != "DELETE_FAILED":
        raise ValidationError(
            message=(
                f"Invalid operation on stack [{stack.stack_id}]. When you delete a stack, specify which resources to "
                "retain only when the stack is in the DELETE_FAILED state."
            )
        )
    unknown = [name for name in retain if name not in records(stack)]
    if unknown:
        raise ValidationError(
            message=f"The specified resources to retain do not exist in the stack: [{', '.join(unknown)}]"
        )
    if any(records(stack)[name].status != "DELETE_FAILED" for name in retain):
        raise ValidationError(
            message=(
                "The specified resources to retain must be in a valid state. Do not specify resources that are in the "
                "DELETE_COMPLETE state."
            )
        )


def _ended(backend: CloudFormationBackend, deletion: StackDeletion) -> None:
    stack = deletion.stack
    if stack.status != "DELETE_COMPLETE":
        return
    forget(backend, stack)
    again = world.faults.take_recreation(stack.name)
    if again is not None:
        template = again.template or stack.template
        parameters = {} if again.template else stack.parameters
        world.clock.call_later(again.seconds, create, backend, stack.name, template, parameters)


def update_termination_protection(backend: CloudFormationBackend, name_or_id: str, enabled: bool) -> Stack:
    """UpdateTerminationProtection. ValidationError for a stack that does not exist or is deleted."""
    stack = find(backend, check_name(name_or_id))
    if stack is None:
        raise ValidationError(message=f"Stack [{name_or_id}] does not exist")
    if stack.status.startswith("DELETE_") and stack.status != "DELETE_FAILED":
        raise ValidationError(
            message=f"Stack [{stack.stack_id}] is in {stack.status} state and termination protection cannot be changed"
        )
    stack.enable_termination_protection = enabled
    return stack
