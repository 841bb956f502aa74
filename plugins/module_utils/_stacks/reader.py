# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""CloudFormation calls about one stack, as values of this collection. Every call raises :class:`AwsCallError` when it
does not succeed."""

from __future__ import annotations

from typing import Any

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.text import one_line
from .template import kept
from .template import perhaps_kept
from .template import property_of
from .types import DELETE_IN_PROGRESS
from .types import Delete
from .types import StackResource
from .types import StackEvent


class StackReader:
    """Reads and asks through a boto3 CloudFormation client."""

    def __init__(self, client: Any, express: bool = False) -> None:
        self._client = client
        self._express = express

    def resources(self, stack_id: str) -> list[StackResource]:
        """All resources of a stack, sorted by logical id."""
        found = []
        with aws_call("cloudformation:ListStackResources"):
            for page in self._client.get_paginator("list_stack_resources").paginate(StackName=stack_id):
                for item in page["StackResourceSummaries"]:
                    found.append(
                        StackResource(
                            logical_id=item["LogicalResourceId"],
                            physical_id=item.get("PhysicalResourceId", ""),
                            type=item["ResourceType"],
                            status=item["ResourceStatus"],
                            reason=one_line(item.get("ResourceStatusReason", "")),
                            updated=item.get("LastUpdatedTimestamp"),
                        )
                    )
        return sorted(found, key=lambda item: item.logical_id)

    def kept(self, stack_id: str) -> frozenset[str]:
        """Logical ids of the resources that the stack's template says to keep."""
        return kept(self._template(stack_id))

    def perhaps_kept(self, stack_id: str) -> frozenset[str] | None:
        """The same with those of which the template does not surely say that they go; None if that may be any."""
        return perhaps_kept(self._template(stack_id))

    def property_of(self, stack_id: str, logical_id: str, name: str) -> str | None:
        """What the stack's template says of a property right under C(Properties), as text; None if nothing, and
        something that is no number where that follows from other things."""
        return property_of(self._template(stack_id), logical_id, name)

    def _template(self, stack_id: str) -> Any:
        with aws_call("cloudformation:GetTemplate"):
            return self._client.get_template(StackName=stack_id, TemplateStage="Processed")["TemplateBody"]

    def events(self, stack_id: str) -> list[StackEvent]:
        """The events of the stack itself, newest first, back to the start of its newest deletion and some more."""
        found = []
        with aws_call("cloudformation:DescribeStackEvents"):
            for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack_id):
                for event in page["StackEvents"]:
                    if event.get("PhysicalResourceId") != stack_id:
                        continue
                    found.append(
                        StackEvent(
                            status=event.get("ResourceStatus", ""),
                            reason=one_line(event.get("ResourceStatusReason", "")),
                            token=event.get("ClientRequestToken", ""),
                            id=event["EventId"],
                        )
                    )
                if any(event.status == DELETE_IN_PROGRESS for event in found):
                    break
        return found

    def importers(self, export: str) -> list[str]:
        """The names of the stacks that import an export, in the account and region of the stack that exports it."""
        found: list[str] = []
        try:
            with aws_call("cloudformation:ListImports"):
                for page in self._client.get_paginator("list_imports").paginate(ExportName=export):
                    found.extend(page.get("Imports", []))
        except AwsCallError as error:
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html does not say so.
            if "is not imported by any stack" not in error.message:
                raise
        return found

    def delete(self, request: Delete) -> None:
        """DeleteStack. A token that was used before means that the request had arrived: nothing is wrong then."""
        arguments: dict[str, Any] = {"StackName": request.stack_id, "ClientRequestToken": request.token}
        if request.retain:
            arguments["RetainResources"] = list(request.retain)
        if request.force:
            arguments["DeletionMode"] = "FORCE_DELETE_STACK"
        if self._express:
            arguments["DeploymentConfig"] = {"Mode": "EXPRESS"}
        if request.role_arn:
            arguments["RoleARN"] = request.role_arn
        try:
            with aws_call("cloudformation:DeleteStack"):
                self._client.delete_stack(**arguments)
        except AwsCallError as error:
            if error.code not in ("TokenAlreadyExistsException", "TokenAlreadyExists"):
                raise

    def unprotect(self, stack_id: str) -> None:
        """Switch the termination protection of a stack off."""
        with aws_call("cloudformation:UpdateTerminationProtection"):
            self._client.update_termination_protection(StackName=stack_id, EnableTerminationProtection=False)
