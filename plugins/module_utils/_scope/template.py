# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the resources of one stack use, read in its template with the stack's own parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._resources.ours import Place
from .._resources.needs import CALLED
from .._resources.needs import PARAMETER_TYPE
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackResource
from .match import is_bootstrap
from .types import PARAMETER
from .types import SSM_PARAMETER
from .types import Part
from .types import Stack
from .values import UNKNOWN
from .values import Evaluator
from .values import Source
from .values import Value
from .values import leaves


@dataclass(frozen=True)
class Use:
    """A text in a resource. ``path``: the properties that lead to it; of a stack without a template that can be read,
    the parameter alone, and no type."""

    logical_id: str
    type: str
    path: tuple[str, ...]
    value: Value

    @property
    def where(self) -> str:
        """For a person."""
        return ".".join(filter(None, (self.logical_id, *self.path)))


class Reading:
    """``exports``: values by the name of an export."""

    def __init__(self, part: Part, exports: Mapping[str, str]) -> None:
        self._part = part
        self._template = part.template or {}
        self.resources = {
            item.logical_id: item
            for item in part.resources or ()
            if item.physical_id and item.status != DELETE_COMPLETE
        }
        self._evaluator = Evaluator(
            self._template,
            {item.name: item for item in part.view.parameters},
            {name: item.physical_id for name, item in self.resources.items()},
            _pseudo(part),
            exports,
        )

    @cached_property
    def uses(self) -> list[Use]:
        """All texts in resources that are there."""
        if self._part.template is None:
            return list(self._given())
        return [
            Use(name, str(body.get("Type", "")), path, value)
            for name, body in self.there().items()
            for path, value in leaves(self._evaluator.node(body.get("Properties") or {}))
        ]

    def in_rules(self) -> Iterator[Source]:
        """What parameters of this stack are read from, whether a resource uses them or not."""
        for item in self._part.view.parameters:
            node = self._evaluator.ref(item.name)
            yield from node.sources if isinstance(node, Value) else ()

    def behind_output(self, key: str) -> list[StackResource]:
        """The resources whose id or attribute an output is."""
        body = (self._template.get("Outputs") or {}).get(key)
        return self._behind(body.get("Value") if isinstance(body, Mapping) else None)

    def behind_parameter(self, logical_id: str) -> list[StackResource]:
        """The resources whose id or attribute an SSM parameter of this stack holds."""
        body = self._bodies().get(logical_id) or {}
        return self._behind((body.get("Properties") or {}).get("Value"))

    def is_known(self) -> bool:
        """Whether the template could be read."""
        return self._part.template is not None

    def there(self) -> dict[str, Mapping[str, Any]]:
        """What the template says of the resources that are there, by their logical ids."""
        return {name: body for name, body in self._bodies().items() if self._is_there(name, body)}

    def ssm_parameters(self) -> dict[str, str]:
        """Logical ids of the SSM parameters, by their names."""
        return {item.physical_id: name for name, item in self.resources.items() if item.type == PARAMETER_TYPE}

    def called(self, logical_id: str, type_name: str) -> str:
        """What others call a resource, besides its physical id; empty if that is not known."""
        properties = self._bodies().get(logical_id, {}).get("Properties")
        raw = properties.get(CALLED.get(type_name, "")) if isinstance(properties, Mapping) else None
        name = self._evaluator.value(raw).text.rstrip(".") if raw is not None else ""
        return "" if UNKNOWN in name else name

    def _behind(self, raw: Any) -> list[StackResource]:
        own = self._evaluator.value(raw).own if raw is not None else ()
        return [self.resources[name] for name in own if name in self.resources]

    def _bodies(self) -> Mapping[str, Mapping[str, Any]]:
        bodies = self._template.get("Resources") or {}
        return {name: body for name, body in bodies.items() if isinstance(body, Mapping)}

    def _is_there(self, name: str, body: Mapping[str, Any]) -> bool:
        if self._part.resources is not None:
            return name in self.resources
        return "Condition" not in body or self._evaluator.holds(str(body["Condition"])) is not False

    def _given(self) -> Iterator[Use]:
        """What can be said without a template: the values of parameters."""
        for item in self._part.view.parameters:
            kind = PARAMETER if item.resolved is None else SSM_PARAMETER
            text = item.value if item.resolved is None else item.resolved
            yield Use("", "", (item.name,), Value(text, (Source(kind, item.value, text, item.name),)))


def readings_of(stacks: Sequence[Stack]) -> dict[str, Reading]:
    """Of each part of the stacks, by stack id."""
    parts = [part for stack in stacks for part in stack.parts]
    exports = {name: part.view.outputs.get(key, "") for part in parts for name, key in part.view.exports.items()}
    return {part.view.stack_id: Reading(part, exports) for part in parts}


def deploys(stack: Stack, readings: Mapping[str, Reading]) -> bool:
    """Whether it is one with which the CDK deploys others."""
    return any(is_bootstrap(readings[part.view.stack_id].ssm_parameters()) for part in stack.parts)


def _pseudo(part: Part) -> dict[str, str]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html"""
    place = Place.of(part.view.stack_id)
    return {
        "AWS::AccountId": place.account,
        "AWS::Partition": place.partition,
        "AWS::Region": place.region,
        "AWS::StackId": part.view.stack_id,
        "AWS::StackName": part.view.name,
        "AWS::URLSuffix": "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com",
    }
