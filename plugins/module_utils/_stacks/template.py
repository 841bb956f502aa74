# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a stack's template says that it keeps."""

from __future__ import annotations

import re
from typing import Any
from typing import Iterator
from typing import Mapping

from .._resources.templates import yaml_of

# "RetainExceptOnCreate behaves like Retain" when a stack is deleted:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
_KEPT = frozenset(("Retain", "RetainExceptOnCreate"))
_GOING = frozenset(("Delete", "Snapshot"))
# Where YAML says what stays, comments apart; what it merges from elsewhere may say so too.
_POLICY = re.compile(r"^(?! *#).*?(?:\bDeletionPolicy\b|<<\s*:)", re.MULTILINE)
_KEY = re.compile(r"""( *)["']?([A-Za-z0-9]+)["']?\s*:\s*["']?([A-Za-z]*)""")


def kept(template: str | Mapping[str, Any]) -> frozenset[str]:
    """Logical ids of the resources that stay when the stack goes. ``template``: as GetTemplate of boto3 returns it, a
    mapping if it is JSON, the text if it is YAML."""
    return frozenset(name for name, policy in _policies_of(template).items() if policy in _KEPT)


def perhaps_kept(template: str | Mapping[str, Any]) -> frozenset[str] | None:
    """The same with those of which it is not sure that they go. None if the template says more than is understood here,
    so that any of its resources may be one."""
    policies = _policies_of(template)
    if isinstance(template, str) and len(_POLICY.findall(template)) > sum(1 for _pair in _policies(template)):
        return None
    return frozenset(name for name, policy in policies.items() if policy not in _GOING)


def property_of(template: str | Mapping[str, Any], logical_id: str, name: str) -> str | None:
    """What it says of a property right under a resource's C(Properties), as text; None if nothing, and empty where that
    can not be told, as in YAML in flow style."""
    if isinstance(template, str):
        block = yaml_of(template, logical_id)
        line = re.compile(rf"""^( +)["']?{name}["']?\s*:\s*["']?([^"'#\n]*)""", re.MULTILINE)
        found = sorted(line.findall(block), key=lambda match: len(match[0]))
        if not found:
            return None if block and name not in block else ""
        return found[0][1].strip()
    said = template.get("Resources", {}).get(logical_id, {}).get("Properties", {}).get(name)
    return None if said is None else str(said)


def _policies_of(template: str | Mapping[str, Any]) -> dict[str, str]:
    if isinstance(template, str):
        return dict(_policies(template))
    resources: Mapping[str, Any] = template.get("Resources", {})
    return {name: str(body.get("DeletionPolicy", "Delete")) for name, body in resources.items()}


def _policies(text: str) -> Iterator[tuple[str, str]]:
    """From YAML in block style, without a parser of YAML, which Python has none of: what stands right under a resource
    is less indented than all else of it."""
    inside, outer, inner, name = False, 0, 0, ""
    for line in text.splitlines():
        match = _KEY.match(line)
        if not match:
            continue
        indent, key, value = len(match[1]), match[2], match[3]
        if not indent:
            inside, outer = key == "Resources", 0
        elif inside and indent <= (outer or indent):
            outer, inner, name = indent, 0, key
        elif inside:
            inner = inner or indent
            if indent == inner and key == "DeletionPolicy":
                yield name, value
