# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is asked of CloudFormation to make stacks. Every call raises :class:`AwsCallError`."""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Mapping

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.text import one_line
from .._stacks.types import StackView
from .types import OUTPUT
from .types import TAG
from .types import Entry
from .types import Reference
from .types import Text

_NESTED = "AWS::CloudFormation::Stack"
_CANCELLED = ("Resource creation cancelled", "Resource update cancelled")


class MissingReference(ValueError):
    """What a stack takes of another is not there."""


class StackMaker:
    """``workshop``: the name that stacks get in their tag."""

    def __init__(self, client: Any, workshop: str) -> None:
        self._client = client
        self._workshop = workshop

    def arguments(self, entry: Entry, view: StackView | None, views: Mapping[str, StackView]) -> dict[str, Any]:
        """Of CreateStack, UpdateStack and CreateChangeSet. ``view``: of the stack, None if it is not there; tags that
        others have given it stay. Raises :class:`MissingReference`."""
        kept = {key: value for key, value in (view.tags if view else {}).items() if not key.startswith("aws:")}
        tags = {**kept, **(entry.tags or {}), TAG: self._workshop}
        given = {name: self._text(value, views) for name, value in (entry.parameters or {}).items()}
        arguments: dict[str, Any] = {
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            "Capabilities": list(entry.capabilities),
        }
        role = self._text(entry.role_arn, views)
        if role:
            arguments["RoleARN"] = role
        arguments |= {"TemplateBody": entry.body} if entry.body else {"TemplateURL": entry.template}
        return arguments

    def create(self, entry: Entry, arguments: Mapping[str, Any], token: str) -> str:
        """The id of the new stack."""
        with aws_call("cloudformation:CreateStack"):
            return self._client.create_stack(
                StackName=entry.name,
                EnableTerminationProtection=bool(entry.protected),
                ClientRequestToken=token,
                **arguments,
            )["StackId"]

    def update(self, stack_id: str, arguments: Mapping[str, Any], token: str) -> bool:
        """Whether there is anything to update."""
        try:
            with aws_call("cloudformation:UpdateStack"):
                self._client.update_stack(StackName=stack_id, ClientRequestToken=token, **arguments)
        except AwsCallError as error:
            if error.code == "ValidationError" and "No updates are to be performed" in error.message:
                return False
            raise
        return True

    def delete(self, stack_id: str) -> None:
        """Ask for the deletion."""
        with aws_call("cloudformation:DeleteStack"):
            self._client.delete_stack(StackName=stack_id)

    def protect(self, stack_id: str, protected: bool) -> None:
        """Switch termination protection."""
        with aws_call("cloudformation:UpdateTerminationProtection"):
            self._client.update_termination_protection(StackName=stack_id, EnableTerminationProtection=protected)

    def validate(self, entry: Entry) -> None:
        """Have CloudFormation read the template."""
        template = {"TemplateBody": entry.body} if entry.body else {"TemplateURL": entry.template}
        with aws_call("cloudformation:ValidateTemplate"):
            self._client.validate_template(**template)

    def why_failed(self, stack_id: str) -> str:
        """The reason of the resource that failed first, in the newest operation; empty if no event says it. In a nested
        stack, of what failed there."""
        first: Mapping[str, Any] | None = None
        for event in self._events(stack_id):
            own = event.get("PhysicalResourceId") == stack_id
            status, reason = event.get("ResourceStatus", ""), one_line(event.get("ResourceStatusReason", ""))
            if own and status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
                # "ROLLBACK_IN_PROGRESS" is no beginning
                break
            if not own and status.endswith("_FAILED") and not reason.startswith(_CANCELLED):
                first = event
        if first is None:
            return ""
        nested = first.get("PhysicalResourceId", "")
        inner = self.why_failed(nested) if first.get("ResourceType") == _NESTED and nested else ""
        said = inner or one_line(first.get("ResourceStatusReason", ""))
        return f"{first['LogicalResourceId']} ({first.get('ResourceType', '')}): {said}"

    def _events(self, stack_id: str) -> Iterator[Mapping[str, Any]]:
        with aws_call("cloudformation:DescribeStackEvents"):
            for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack_id):
                yield from page["StackEvents"]

    def _text(self, value: Text, views: Mapping[str, StackView]) -> str:
        if not isinstance(value, Reference):
            return value
        view = views.get(value.stack)
        if view is None:
            raise MissingReference(f"{value.stack} is not there yet, of which it takes the {value.kind} {value.key}")
        if value.kind == OUTPUT:
            if value.key not in view.outputs:
                has = ", ".join(view.outputs) or "none"
                raise MissingReference(f"{value.stack} has no output {value.key}; it has {has}")
            return view.outputs[value.key]
        with aws_call("cloudformation:DescribeStackResource"):
            detail = self._client.describe_stack_resource(StackName=view.stack_id, LogicalResourceId=value.key)
        return detail["StackResourceDetail"].get("PhysicalResourceId", "")
