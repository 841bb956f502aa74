# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the functions of a template come to, as far as that is known without asking AWS.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping
from typing import Union

from .._stacks.types import StackParameter
from .types import EXPORT
from .types import PARAMETER
from .types import DYNAMIC_REFERENCE
from .types import SSM_PARAMETER
from .types import STACK_OUTPUT

UNKNOWN = "\0"  # stands in a text for what AWS alone knows; nothing that is looked for has it in it
_PLACE = re.compile(r"\$\{([^!}][^}]*)\}")
_KEPT = re.compile(r"\$\{!([^}]*)\}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
_RESOLVE = re.compile(r"\{\{resolve:ssm(?:-secure)?:([^:}]+)(?::\d+)?\}\}")
_SSM_TYPE = "AWS::SSM::Parameter::Value<"


@dataclass(frozen=True)
class Source:
    """From where a text comes: of which kind, see ``types``, and its name. ``text``: what it says itself.
    ``parameter``: through which parameter of the template."""

    kind: str
    name: str
    text: str = ""
    parameter: str = ""


@dataclass(frozen=True)
class Value:
    """A text. ``own``: logical ids of resources of the template itself that it names."""

    text: str = ""
    sources: tuple[Source, ...] = ()
    own: tuple[str, ...] = ()


Node = Union[Value, list, dict, None]


def joined(values: list[Value], between: str = "") -> Value:
    """One text of several."""
    return Value(
        between.join(value.text for value in values),
        tuple(dict.fromkeys(source for value in values for source in value.sources)),
        tuple(dict.fromkeys(name for value in values for name in value.own)),
    )


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Value]]:
    """All texts below a node, each with the names of the properties that lead to it."""
    if isinstance(node, Value):
        yield path, node
    elif isinstance(node, list):
        for item in node:
            yield from leaves(item, path)
    elif isinstance(node, dict):
        for key, item in node.items():
            yield from leaves(item, (*path, key))


class Evaluator:
    """``parameters``: of the stack, with their values. ``own``: physical ids by logical id. ``pseudo``: the values of
    AWS::Region and its like. ``exports``: values by the name of an export."""

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, StackParameter],
        own: Mapping[str, str],
        pseudo: Mapping[str, str],
        exports: Mapping[str, str],
    ) -> None:
        self._template = template
        self._parameters = parameters
        self._own = own
        self._pseudo = pseudo
        self._exports = exports
        self._conditions: dict[str, bool | None] = {}

    def node(self, raw: Any) -> Node:
        """What a part of the template comes to; None for AWS::NoValue."""
        if isinstance(raw, str):
            return _with_references(Value(raw))
        if isinstance(raw, (list, tuple)):
            return [item for item in map(self.node, raw) if item is not None]
        if not isinstance(raw, Mapping):
            return Value(str(raw).lower() if isinstance(raw, bool) else str(raw))
        if len(raw) == 1:
            ((name, argument),) = raw.items()
            if name in _FUNCTIONS:
                try:
                    return _FUNCTIONS[name](self, argument)
                except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                    # A form that AWS takes and that is not known here: what it is made of counts as it stands.
                    return self.node(argument)
            if name.startswith("Fn::"):
                return self.node(argument)
        return {str(key): self.node(item) for key, item in raw.items()}

    def value(self, raw: Any) -> Value:
        """The same as one text, the parts of a list with commas between them."""
        return joined([value for _path, value in leaves(self.node(raw))], ",")

    def holds(self, condition: str) -> bool | None:
        """Whether a condition of the template is true; None if that is not known."""
        if condition not in self._conditions:
            self._conditions[condition] = None  # one that is defined by itself is not known
            self._conditions[condition] = self._is_true((self._template.get("Conditions") or {}).get(condition))
        return self._conditions[condition]

    def _is_true(self, raw: Any) -> bool | None:
        if not isinstance(raw, Mapping) or len(raw) != 1:
            return None
        ((name, argument),) = raw.items()
        if name == "Condition":
            return self.holds(str(argument))
        if name == "Fn::Equals":
            left, right = (self.value(item).text for item in argument[:2])
            return None if UNKNOWN in left + right else left == right
        if name not in ("Fn::And", "Fn::Or", "Fn::Not"):
            return None
        answers = [self._is_true(item) for item in argument]
        if name == "Fn::Not":
            return None if answers[0] is None else not answers[0]
        decides = name == "Fn::Or"
        if decides in answers:
            return decides
        return None if None in answers else not decides

    def ref(self, name: Any) -> Node:
        """``Ref``."""
        if name == "AWS::NoValue":
            return None
        if name in self._pseudo:
            return Value(self._pseudo[name])
        if name in self._parameters:
            return _parameter(self._parameters[name], self._type(name))
        return Value(self._own.get(name) or UNKNOWN, own=(str(name),))

    def _type(self, parameter: str) -> str:
        slot = (self._template.get("Parameters") or {}).get(parameter)
        return str(slot.get("Type", "")) if isinstance(slot, Mapping) else ""

    def attribute(self, argument: Any) -> Node:
        """``Fn::GetAtt``."""
        name = argument.partition(".")[0] if isinstance(argument, str) else self.value(argument[0]).text
        return Value(UNKNOWN, own=(name,))

    def substituted(self, argument: Any) -> Node:
        """``Fn::Sub``."""
        text, given = (argument, {}) if isinstance(argument, str) else (argument[0], dict(argument[1]))
        pieces, end = [], 0
        for match in _PLACE.finditer(text):
            pieces += [Value(text[end : match.start()]), self._place(match[1].strip(), given)]
            end = match.end()
        pieces.append(Value(text[end:]))
        found = joined(pieces)
        return _with_references(Value(_KEPT.sub(r"${\1}", found.text), found.sources, found.own))

    def _place(self, name: str, given: Mapping[str, Any]) -> Value:
        if name in given:
            return self.value(given[name])
        node = self.attribute(name) if "." in name else self.ref(name)
        return node if isinstance(node, Value) else Value()

    def join(self, argument: Any) -> Node:
        """``Fn::Join``."""
        return _with_references(joined([value for _path, value in leaves(self.node(argument[1]))], str(argument[0])))

    def selected(self, argument: Any) -> Node:
        """``Fn::Select``."""
        items = self.node(argument[1])
        if isinstance(items, Value):
            items = _split(items, ",")
        index = self.value(argument[0]).text
        if isinstance(items, list) and index.isdigit() and int(index) < len(items):
            return items[int(index)]
        return items

    def split(self, argument: Any) -> Node:
        """``Fn::Split``."""
        return _split(self.value(argument[1]), str(argument[0]))

    def mapped(self, argument: Any) -> Node:
        """``Fn::FindInMap``."""
        found: Any = self._template.get("Mappings") or {}
        for key in argument[:3]:
            found = found.get(self.value(key).text) if isinstance(found, Mapping) else None
        if found is None and len(argument) > 3 and isinstance(argument[3], Mapping):
            found = argument[3].get("DefaultValue")
        return Value(UNKNOWN) if found is None else self.node(found)

    def chosen(self, argument: Any) -> Node:
        """``Fn::If``: both where it is not known which."""
        answer = self.holds(str(argument[0]))
        if answer is None:
            return self.node(argument[1:3])
        return self.node(argument[1 if answer else 2])

    def imported(self, argument: Any) -> Node:
        """``Fn::ImportValue``."""
        name = self.value(argument)
        text = self._exports.get(name.text, "")
        return Value(text or UNKNOWN, (Source(EXPORT, name.text, text),))

    def output(self, argument: Any) -> Node:
        """``Fn::GetStackOutput``, of a stack of this region."""
        stack, key = (self.value(argument.get(part, "")) for part in ("StackName", "OutputName"))
        region = self.value(argument.get("Region", self._pseudo.get("AWS::Region", "")))
        if region.text != self._pseudo.get("AWS::Region", ""):
            return Value(UNKNOWN)
        return Value(UNKNOWN, (Source(STACK_OUTPUT, f"{stack.text}/{key.text}"),))


_FUNCTIONS: dict[str, Callable[[Evaluator, Any], Node]] = {
    "Ref": Evaluator.ref,
    "Fn::GetAtt": Evaluator.attribute,
    "Fn::Sub": Evaluator.substituted,
    "Fn::Join": Evaluator.join,
    "Fn::Select": Evaluator.selected,
    "Fn::Split": Evaluator.split,
    "Fn::FindInMap": Evaluator.mapped,
    "Fn::If": Evaluator.chosen,
    "Fn::ImportValue": Evaluator.imported,
    "Fn::GetStackOutput": Evaluator.output,
}


def _parameter(parameter: StackParameter, kind: str) -> Value:
    if parameter.resolved is None and not kind.startswith(_SSM_TYPE):
        return Value(parameter.value, (Source(PARAMETER, parameter.name, parameter.value, parameter.name),))
    text = parameter.resolved or UNKNOWN
    return Value(text, (Source(SSM_PARAMETER, parameter.value, text, parameter.name),))


def _with_references(value: Value) -> Value:
    names = _RESOLVE.findall(value.text)
    if not names:
        return value
    sources = tuple(Source(DYNAMIC_REFERENCE, name) for name in names)
    return Value(_RESOLVE.sub(UNKNOWN, value.text), (*value.sources, *sources), value.own)


def _split(value: Value, at: str) -> list[Value]:
    return [Value(text, value.sources, value.own) for text in value.text.split(at)]
