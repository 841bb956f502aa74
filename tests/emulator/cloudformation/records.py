# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Status of stacks and of their resources, and the events that report them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.cloudformation.models import Event, Stack
from moto.core.utils import utcnow

from ..world import world

#: What XML 1.0 cannot hold, and so no answer of CloudFormation: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
GONE = frozenset({"DELETE_COMPLETE", "DELETE_SKIPPED"})


@dataclass
class ResourceRecord:
    """A resource of a stack as DescribeStackResources shows it. ``policy``: its DeletionPolicy."""

    logical_id: str
    physical_id: str
    type: str
    model: Any
    properties: dict[str, Any]
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    timestamp: datetime = field(default_factory=utcnow)
    policy: str = "Delete"


#: Called with stack and record when a stack has deleted a resource.
on_gone: list[Callable[[Stack, ResourceRecord], None]] = []


def records(stack: Stack) -> dict[str, ResourceRecord]:
    """The records of a stack, in the order of its template."""
    return vars(stack).setdefault("resource_records", {})


def set_resource(stack: Stack, record: ResourceRecord, status: str, reason: str | None = None) -> None:
    """Give a resource a status: in its record, in the events and in the timeline."""
    record.status = status
    record.reason = reason = _fit(reason)
    record.timestamp = utcnow()
    add_event(stack, record.logical_id, record.physical_id, record.type, status, reason)
    world.note("resource", f"{stack.name}/{record.logical_id}", status, reason or record.type)
    if status == "DELETE_COMPLETE":
        for call in on_gone:
            call(stack, record)


def set_stack(stack: Stack, status: str, reason: str | None = None, *, event_reason: str | None = None) -> None:
    """Give a stack a status: in its description, in the events and in the timeline."""
    stack.status = status
    stack.stack_status_reason = reason = _fit(reason)
    add_event(stack, stack.name, stack.stack_id, "AWS::CloudFormation::Stack", status, event_reason or reason)
    world.note("stack", stack.name, status, reason or "")


def _fit(reason: str | None) -> str | None:
    return _NO_XML.sub("", reason) if reason else reason


def add_event(
    stack: Stack, logical_id: str, physical_id: str, resource_type: str, status: str, reason: str | None
) -> None:
    event = Event(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=logical_id,
        physical_resource_id=physical_id,
        resource_type=resource_type,
        resource_status=status,
        resource_status_reason=reason,
        resource_properties=None,
    )
    if not world.faults.events_lack_tokens:
        event.client_request_token = getattr(stack, "client_request_token", None)
    stack.events.append(event)
