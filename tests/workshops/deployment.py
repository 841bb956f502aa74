# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a stand-in workshop on the emulator, stack by stack, as its authors' pages would have a student do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .manifest import Manifest, Stack, read_manifest

if TYPE_CHECKING:
    from tests.emulator import Emulator


@dataclass(frozen=True)
class Deployed:
    """A workshop that stands; ``ids`` of its stacks by their names."""

    manifest: Manifest
    ids: dict[str, str]


def deploy(emulator: Emulator, name: str, order: Iterable[str] | None = None, region: str | None = None) -> Deployed:
    """Create the workshop; return when every stack is made and every ECS service runs its tasks.

    order: the names of its stacks as they are made, None for the manifest's own. RuntimeError if one fails.
    """
    manifest = read_manifest(name)
    maker = _Maker(emulator, manifest, region)
    stacks = {stack.name: stack for stack in manifest.stacks}
    ids = {stack_name: maker.make(stacks[stack_name]) for stack_name in (order or manifest.names)}
    emulator.wait_until(maker.tasks_run)
    return Deployed(manifest, ids)


class _Maker:
    def __init__(self, emulator: Emulator, manifest: Manifest, region: str | None) -> None:
        self._cloudformation = emulator.client("cloudformation", region=region)
        self._ecs = emulator.client("ecs", region=region)
        self._templates_url = ""
        if manifest.templates:
            bucket = f"{manifest.name}-templates"
            self._templates_url = f"https://{bucket}.s3.amazonaws.com"
            s3 = emulator.client("s3", region=region)
            s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region or emulator.region}
            )
            for path in manifest.templates:
                s3.put_object(Bucket=bucket, Key=path.name, Body=path.read_bytes())

    def make(self, stack: Stack) -> str:
        """Create the stack; its id."""
        body = stack.template.read_text(encoding="utf-8")
        for name, source in stack.literals.items():
            body = body.replace(f"@{name}@", self._text(source))
        parameters = [
            {"ParameterKey": key, "ParameterValue": self._text(source)} for key, source in stack.parameters.items()
        ]
        stack_id = self._cloudformation.create_stack(
            StackName=stack.name,
            TemplateBody=body,
            Parameters=parameters,
            Capabilities=list(stack.capabilities),
            Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
            **({"RoleARN": self._text(stack.role_from)} if stack.role_from else {}),
        )["StackId"]
        made = self._cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]
        if made["StackStatus"] != "CREATE_COMPLETE":
            events = self._cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
            reasons = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
            raise RuntimeError(f"{stack.name}: {made['StackStatus']}: {'; '.join(reasons)}")
        return stack_id

    def _text(self, source: Any) -> str:
        if isinstance(source, str):
            return source
        if "templates" in source:
            return self._templates_url
        if "resource" in source:
            detail = self._cloudformation.describe_stack_resource(
                StackName=source["stack"], LogicalResourceId=source["resource"]
            )
            return detail["StackResourceDetail"]["PhysicalResourceId"]
        outputs = self._cloudformation.describe_stacks(StackName=source["stack"])["Stacks"][0]["Outputs"]
        return next(output["OutputValue"] for output in outputs if output["OutputKey"] == source["output"])

    def tasks_run(self) -> bool:
        """Whether the services of all clusters run what they should."""
        return all(
            service["runningCount"] == service["desiredCount"]
            for cluster in self._ecs.list_clusters()["clusterArns"]
            for arn in self._ecs.list_services(cluster=cluster)["serviceArns"]
            for service in self._ecs.describe_services(cluster=cluster, services=[arn])["services"]
        )
