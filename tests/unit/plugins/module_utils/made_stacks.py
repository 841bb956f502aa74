# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks for tests of the order, as small as the signal that a test is about."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import Order, Said, ordered
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.signals import found
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.template import Reading
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Part, Stack
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import (
    StackParameter,
    StackResource,
    StackView,
)

DAY = datetime(2026, 11, 1, tzinfo=timezone.utc)
ACCOUNT = "123456789012"


def arn(service: str, name: str, region: str = "eu-central-1") -> str:
    """The ARN of something in the account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{name}"


def stack_id(name: str) -> str:
    """The id of a stack."""
    return arn("cloudformation", f"stack/{name}/00000000")


def ref(name: str) -> dict[str, str]:
    """Ref."""
    return {"Ref": name}


def res(kind: str, physical_id: str, **properties: Any) -> tuple[str, str, dict[str, Any]]:
    """A resource: its type without C(AWS::), its physical id, and its properties."""
    return (kind if kind.startswith("Custom::") else f"AWS::{kind}", physical_id, properties)


def ssm(name: str, value: Any) -> tuple[str, str, dict[str, Any]]:
    """An SSM parameter."""
    return res("SSM::Parameter", name, Name=name, Value=value)


def part(
    name: str,
    resources: dict[str, tuple[str, str, dict[str, Any]]] | None = None,
    *,
    parameters: dict[str, str | tuple[str, str]] | None = None,
    outputs: dict[str, tuple[Any, str] | tuple[Any, str, str]] | None = None,
    template: bool = True,
    more: dict[str, Any] | None = None,
    day: int = 0,
    **view: Any,
) -> Part:
    """A stack as it is read.

    parameters: values, or pairs of the name in Systems Manager and what was there. outputs: expression, value, and the
    name of the export, if any. template: whether it could be read. more: other sections of the template. day: when it
    was made.
    """
    resources, parameters, outputs = resources or {}, parameters or {}, outputs or {}
    body = {
        "Parameters": {
            key: {"Type": "AWS::SSM::Parameter::Value<String>" if isinstance(value, tuple) else "String"}
            for key, value in parameters.items()
        },
        "Resources": {key: {"Type": kind, "Properties": given} for key, (kind, _id, given) in resources.items()},
        "Outputs": {key: {"Value": value[0]} for key, value in outputs.items()},
        **(more or {}),
    }
    return Part(
        StackView(
            stack_id(name),
            name,
            "CREATE_COMPLETE",
            created=DAY + timedelta(days=day),
            outputs={key: value[1] for key, value in outputs.items()},
            exports={value[2]: key for key, value in outputs.items() if len(value) > 2},
            parameters=tuple(
                StackParameter(key, *value) if isinstance(value, tuple) else StackParameter(key, value)
                for key, value in parameters.items()
            ),
            **view,
        ),
        tuple(
            StackResource(key, physical_id, kind, "CREATE_COMPLETE")
            for key, (kind, physical_id, _properties) in resources.items()
        ),
        body if template else None,
    )


def stack(*arguments: Any, **options: Any) -> Stack:
    """A stack without nested ones."""
    return Stack((part(*arguments, **options),))


def order_of(*stacks: Stack, said: tuple[Said, ...] = (), outside: tuple[Stack, ...] = ()) -> Order:
    """The order that these stacks show."""
    parts = [item for each in (*stacks, *outside) for item in each.parts]
    exports = {name: item.view.outputs[key] for item in parts for name, key in item.view.exports.items()}
    readings = {item.view.stack_id: Reading(item, exports) for item in parts}
    return ordered(stacks, found(stacks, outside, readings), said)


def shown(order: Order) -> set[tuple[str, str, str]]:
    """The edges: what goes later, after what, and the signal."""
    return {(edge.stack, edge.after, edge.signal) for edge in order.edges}
