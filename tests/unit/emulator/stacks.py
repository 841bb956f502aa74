# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short ways to work with CloudFormation in tests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator


class Stacks:
    """CloudFormation with templates as dictionaries of resources."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = emulator.client("cloudformation")

    @staticmethod
    def parameter(name: str, value: Any = "value", **rest: Any) -> dict[str, Any]:
        """An SSM parameter: the simplest resource."""
        return {"Type": "AWS::SSM::Parameter", "Properties": {"Name": name, "Type": "String", "Value": value}, **rest}

    def create(
        self, name: str, resources: dict[str, Any], template: dict[str, Any] | None = None, **options: Any
    ) -> str:
        body = json.dumps({"Resources": resources, **(template or {})})
        return self.client.create_stack(StackName=name, TemplateBody=body, **options)["StackId"]

    def update(
        self, name: str, resources: dict[str, Any], template: dict[str, Any] | None = None, **options: Any
    ) -> None:
        body = json.dumps({"Resources": resources, **(template or {})})
        self.client.update_stack(StackName=name, TemplateBody=body, **options)

    def show(self, name_or_id: str) -> dict[str, Any]:
        return self.client.describe_stacks(StackName=name_or_id)["Stacks"][0]

    def status(self, name_or_id: str) -> str:
        return self.show(name_or_id)["StackStatus"]

    def resources(self, stack_id: str) -> dict[str, str]:
        summaries = self.client.list_stack_resources(StackName=stack_id)["StackResourceSummaries"]
        return {summary["LogicalResourceId"]: summary["ResourceStatus"] for summary in summaries}

    def reason(self, stack_id: str, logical_id: str) -> str:
        detail = self.client.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        return detail["StackResourceDetail"].get("ResourceStatusReason", "")

    def delete(self, name_or_id: str, **options: Any) -> None:
        self.client.delete_stack(StackName=name_or_id, **options)

    def end(self, stack_id: str, aws_seconds: float = 4000.0) -> str:
        """Wait until the stack is not being deleted any more; its status."""
        self.emulator.wait_until(lambda: self.status(stack_id) != "DELETE_IN_PROGRESS", aws_seconds)
        return self.status(stack_id)

    def error(self, operation: str, **options: Any) -> tuple[str, str]:
        """Code and message of the error that a call has to end with."""
        with pytest.raises(ClientError) as caught:
            getattr(self.client, operation)(**options)
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]
