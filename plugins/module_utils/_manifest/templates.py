# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a template asks of whoever makes a stack of it, and what it gives to others and takes from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterator
from typing import Mapping

from .._resources.needs import PARAMETER_TYPE
from .._scope.types import DYNAMIC_REFERENCE
from .._scope.types import EXPORT
from .._scope.types import SSM_PARAMETER
from .._scope.types import STACK_OUTPUT
from .._scope.values import UNKNOWN
from .._scope.values import Evaluator
from .._scope.values import Value
from .._scope.values import leaves
from .._stacks.types import StackParameter
from .types import OUTPUT
from .types import Entry
from .types import Reference

LARGEST = 51_200  # bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
IAM = "CAPABILITY_IAM"
NAMED_IAM = "CAPABILITY_NAMED_IAM"
AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, each with the property by
# which it may be named.
_IAM_TYPES = {
    "AWS::IAM::AccessKey": "",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": "",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": "",
}
# Its value is the name of a parameter that has to be there:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
_SSM_TYPES = ("AWS::SSM::Parameter::Value<", "AWS::SSM::Parameter::Name")


@dataclass(frozen=True)
class Given:
    """What a stack gives to others, by which they name it: exports, and SSM parameters."""

    exports: frozenset[str]
    ssm: frozenset[str]


@dataclass(frozen=True)
class Taken:
    """Something that a stack takes: of ``kind`` EXPORT, SSM_PARAMETER or STACK_OUTPUT; ``words``: how, for a person."""

    kind: str
    name: str
    words: str


def parameters_of(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The parameters that a template declares."""
    declared = content.get("Parameters") or {}
    return {name: body for name, body in declared.items() if isinstance(body, Mapping)}


def resources_of(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Its resources."""
    found = content.get("Resources") or {}
    return {name: body for name, body in found.items() if isinstance(body, Mapping)}


def lacks(entry: Entry) -> tuple[str, str]:
    """The capability that is needed and not given, and why; both empty if none is."""
    content, given = entry.content or {}, set(entry.capabilities)
    if content.get("Transform") and AUTO_EXPAND not in given:
        return AUTO_EXPAND, "it has a Transform, which makes other resources of what is written"
    for name, body in resources_of(content).items():
        kind = str(body.get("Type", ""))
        if kind not in _IAM_TYPES:
            continue
        naming = _IAM_TYPES[kind]
        if naming and naming in (body.get("Properties") or {}) and NAMED_IAM not in given:
            return NAMED_IAM, f"{name} is an {kind} with a {naming}"
        if not given & {IAM, NAMED_IAM}:
            return IAM, f"{name} is an {kind}"
    return "", ""


class Reading:
    """A template with the parameters that the manifest gives it. ``region``: empty where it is not known."""

    def __init__(self, entry: Entry, region: str = "") -> None:
        self._content = entry.content or {}
        given = entry.parameters or {}
        values = {name: body.get("Default", "") for name, body in parameters_of(self._content).items()}
        values |= {name: UNKNOWN if isinstance(value, Reference) else value for name, value in given.items()}
        self._parameters = {name: StackParameter(name, str(value), None) for name, value in values.items()}
        pseudo = {"AWS::StackName": entry.name, "AWS::Region": region or UNKNOWN}
        self._evaluator = Evaluator(self._content, self._parameters, {}, pseudo, {})
        self._entry = entry

    def wanted(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The resources that a stack of it has: all but those whose condition is known not to be true."""
        for name, body in resources_of(self._content).items():
            if "Condition" not in body or self._evaluator.holds(str(body["Condition"])) is not False:
                yield name, body

    def given(self) -> Given:
        """What others may take."""
        outputs = [body for body in (self._content.get("Outputs") or {}).values() if isinstance(body, Mapping)]
        exports = {self._text((body.get("Export") or {}).get("Name")) for body in outputs}
        ssm = {
            self._text((body.get("Properties") or {}).get("Name"))
            for _name, body in self.wanted()
            if body.get("Type") == PARAMETER_TYPE
        }
        return Given(frozenset(exports - {""}), frozenset(ssm - {""}))

    def taken(self) -> Iterator[Taken]:
        """What it takes of others, whoever these are."""
        for reference in self._entry.references:
            yield Taken(STACK_OUTPUT, f"{reference.stack}/{reference.key}", f"the manifest gives it the {reference}")
        for name, body in parameters_of(self._content).items():
            value = self._parameters[name].value
            if str(body.get("Type", "")).startswith(_SSM_TYPES) and value and UNKNOWN not in value:
                yield Taken(SSM_PARAMETER, value, f"its parameter {name} reads the SSM parameter {value}")
        for name, body in self.wanted():
            for _path, value in leaves(self._evaluator.node(body.get("Properties") or {})):
                yield from _of_value(value, name)
        for value in self._parameters.values():
            yield from _of_value(_as_node(self._evaluator.node(value.value)), f"its parameter {value.name}")

    def _text(self, raw: Any) -> str:
        """Empty where there is none, or it is not known."""
        text = self._evaluator.value(raw).text if raw is not None else ""
        return "" if UNKNOWN in text else text


def outputs_of(content: Mapping[str, Any]) -> list[str]:
    """The keys of its outputs."""
    return list(content.get("Outputs") or {})


def has(content: Mapping[str, Any], reference: Reference) -> bool:
    """Whether a template has what is taken of its stack."""
    known = outputs_of(content) if reference.kind == OUTPUT else list(resources_of(content))
    return reference.key in known


def _as_node(node: Any) -> Value:
    return node if isinstance(node, Value) else Value()


def _of_value(value: Value, where: str) -> Iterator[Taken]:
    for source in value.sources:
        if source.kind == EXPORT and source.name and UNKNOWN not in source.name:
            yield Taken(EXPORT, source.name, f"{where} imports {source.name}")
        elif source.kind == DYNAMIC_REFERENCE and UNKNOWN not in source.name:
            yield Taken(SSM_PARAMETER, source.name, f"{where} resolves the SSM parameter {source.name}")
        elif source.kind == STACK_OUTPUT and UNKNOWN not in source.name:
            yield Taken(STACK_OUTPUT, source.name, f"{where} reads the output {source.name.replace('/', '.')}")
