# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stack owns an ECS service, what that stack's template has the service run, and where it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._deployment.reader import DeploymentReader
from .._deployment.types import ServiceView
from .._resources.owner import beside
from .._resources.ours import Resource
from .._stacks.listing import StackLister
from .._stacks.reader import StackReader
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackResource
from .._stacks.types import StackView

SERVICE = "AWS::ECS::Service"
DIRECT = "direct"
SSM = "ssm"
NONE = "none"
# The placeholder of a whole text, as in !Sub "${TaskDefinition}".
_WHOLE = re.compile(r"\$\{(\w+)\}\Z")


@dataclass(frozen=True)
class Found:
    """A service that a stack owns."""

    stack: str
    cluster: str
    name: str

    def as_result(self) -> dict[str, str]:
        return {"stack": self.stack, "cluster": self.cluster, "service": self.name}


@dataclass(frozen=True)
class Source:
    """Where a template takes the task definition of its service from. ``kind``: how; ``parameter``: of the stack,
    ``value``: what that has now, the name of an SSM parameter if the kind is SSM. ``says``: the task definition that
    comes of it, empty if that is not known. ``otherwise``: why there is no parameter."""

    kind: str
    parameter: str = ""
    value: str = ""
    says: str = ""
    otherwise: str = ""


class ServiceStacks:
    """``clients``: makes a boto3 client from the name of its service. ``parse``: makes the mapping of a template in
    YAML, and raises ValueError. Every call raises :class:`AwsCallError`."""

    def __init__(self, clients: Callable[[str], Any], parse: Callable[[str], Mapping[str, Any]]) -> None:
        self._clients = clients
        self._parse = parse

    def owned(self, stacks: Sequence[str]) -> list[Found]:
        """The services of these stacks, sorted. Stacks that are not there have none."""
        reader, found = StackReader(self._clients("cloudformation")), []
        for stack in stacks:
            try:
                resources = reader.resources(stack)
            except AwsCallError as error:
                if error.kind != MISSING:
                    raise
                continue
            for item in resources:
                # arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME
                parts = item.physical_id.rsplit("/", 2)
                if item.type == SERVICE and item.status != DELETE_COMPLETE and len(parts) == 3:
                    found.append(Found(stack, parts[1], parts[2]))
        return sorted(found, key=lambda item: (item.name, item.cluster))

    def service(self, cluster: str, name: str) -> ServiceView | None:
        return DeploymentReader(self._clients, cluster, name).service()

    def owner(self, service: ServiceView) -> StackView | None:
        """The stack that owns it; None if none does."""
        client = self._clients("cloudformation")
        name = beside(client, service.arn).get(Resource(SERVICE, service.arn))
        return StackLister(client).by_id(name) if name else None

    def source(self, stack: StackView, service: ServiceView) -> Source:
        """Where the stack takes the task definition of the service from."""
        client = self._clients("cloudformation")
        resources = StackReader(client).resources(stack.stack_id)
        logical_id = next((item.logical_id for item in resources if item.physical_id == service.arn), "")
        with aws_call("cloudformation:GetTemplate"):
            written = client.get_template(StackName=stack.stack_id, TemplateStage="Processed")["TemplateBody"]
        try:
            template = self._parse(written) if isinstance(written, str) else written
        except ValueError as error:
            return Source(NONE, otherwise=f"its template could not be read: {error}")
        return source_of(template, logical_id, stack, resources)

    def values(self, names: Sequence[str]) -> dict[str, str]:
        """What SSM parameters have now, by name; without those that are not there."""
        found: dict[str, str] = {}
        for start in range(0, len(names), 10):
            with aws_call("ssm:GetParameters"):
                answer = self._clients("ssm").get_parameters(Names=list(names[start : start + 10]))
            found.update((item["Name"], item["Value"]) for item in answer["Parameters"])
        return found


def source_of(
    template: Mapping[str, Any], logical_id: str, stack: StackView, resources: Sequence[StackResource]
) -> Source:
    """Where a template takes the task definition of the service with this logical id from."""
    given = template.get("Resources", {}).get(logical_id, {}).get("Properties", {}).get("TaskDefinition")
    if isinstance(given, str):
        return Source(NONE, says=given, otherwise=f"its template has {given} written into it")
    name = _referred(given)
    declared = template.get("Parameters", {}).get(name)
    if declared is not None:
        now = next((item for item in stack.parameters if item.name == name), None)
        value = now.value if now else ""
        if str(declared.get("Type", "")).startswith("AWS::SSM::Parameter::Value"):
            return Source(SSM, name, value, (now and now.resolved) or "")
        return Source(DIRECT, name, value, value)
    made = next((item for item in resources if item.logical_id == name), None)
    if made is not None:
        told = f"its template makes the task definition itself, as {name}"
        return Source(NONE, says=made.physical_id, otherwise=told)
    return Source(NONE, otherwise="its template does not take the task definition from one of its parameters alone")


def same_definition(one: str, other: str) -> bool:
    """Whether two names of a task definition, as an ARN or as family and revision, are of the same."""
    return bool(one) and one.rsplit("/", 1)[-1] == other.rsplit("/", 1)[-1]


def in_the_form_of(value: str, arn: str) -> str:
    """A task definition as a parameter is to have it that has this value now."""
    return arn if value.startswith("arn:") else arn.rsplit("/", 1)[-1]


def _referred(given: Any) -> str:
    """The logical id that a value is taken from whole; empty if it is made otherwise."""
    if not isinstance(given, Mapping) or len(given) != 1:
        return ""
    if isinstance(given.get("Ref"), str):
        return given["Ref"]
    text = given.get("Fn::Sub")
    match = _WHOLE.match(text) if isinstance(text, str) else None
    return match[1] if match else ""
