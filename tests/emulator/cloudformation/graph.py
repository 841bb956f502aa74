# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource of a template depends on which.

Ref, Fn::GetAtt and Fn::Sub make dependencies, DependsOn states them:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


def dependencies(template: dict[str, Any]) -> dict[str, set[str]]:
    """Logical id -> the logical ids of the same template that it needs."""
    resources: dict[str, Any] = template.get("Resources", {})
    needs = {}
    for logical_id, resource in resources.items():
        explicit = resource.get("DependsOn", [])
        found = {explicit} if isinstance(explicit, str) else set(explicit)
        found.update(references(resource.get("Properties", {})))
        needs[logical_id] = {name for name in found if name in resources and name != logical_id}
    return needs


def dependants(template: dict[str, Any]) -> dict[str, set[str]]:
    """Logical id -> the logical ids that need it, and so have to be deleted before it."""
    needs = dependencies(template)
    needed_by: dict[str, set[str]] = {logical_id: set() for logical_id in needs}
    for logical_id, needed in needs.items():
        for name in needed:
            needed_by[name].add(logical_id)
    return needed_by


def references(value: Any) -> Iterator[str]:
    """Names that a piece of a template refers to: resources, but also parameters and pseudo parameters."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                yield item.split(".")[0] if isinstance(item, str) else item[0]
            elif key == "Fn::Sub":
                text = item if isinstance(item, str) else item[0]
                local = set() if isinstance(item, str) else set(item[1])
                yield from (name for name in _sub_names(text) if name not in local)
                if not isinstance(item, str):
                    yield from references(item[1])
            else:
                yield from references(item)


def _sub_names(text: str) -> Iterator[str]:
    for name in _SUB.findall(text):
        yield name.strip().split(".")[0]


def imports(template: dict[str, Any]) -> Iterator[Any]:
    """The arguments of every Fn::ImportValue in Resources, Outputs and Conditions."""

    def walk(value: Any) -> Iterator[Any]:
        if isinstance(value, list):
            for item in value:
                yield from walk(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "Fn::ImportValue":
                    yield item
                yield from walk(item)

    for section in ("Resources", "Outputs", "Conditions"):
        yield from walk(template.get(section) or {})
