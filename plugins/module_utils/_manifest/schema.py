# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The form of a manifest, as a JSON schema, and what in one is not of that form.

docs/manifest.schema.json is the same, for editors and other programs. https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import difflib
import re
from typing import Any
from typing import Iterator
from typing import Mapping

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_STACK = "^[A-Za-z][A-Za-z0-9-]{0,127}$"
_STACK_NAME = {
    "type": "string",
    "pattern": _STACK,
    "description": "a letter, then letters, digits and hyphens, at most 128 characters",
}
_TEXT = {"type": "string", "minLength": 1}
_SCALAR = {"type": ["string", "number", "boolean"]}
_TAGS = {"type": "object", "additionalProperties": _SCALAR}


def _reference(kind: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {kind: {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9-]*\.[A-Za-z0-9]+$"}},
        "required": [kind],
        "additionalProperties": False,
    }


_VALUE = {
    "anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}, _reference("output"), _reference("resource")],
    "description": "text, a number, a list of them, {output: STACK.KEY} or {resource: STACK.LOGICAL_ID}",
}
_PARAMETERS = {"type": "object", "additionalProperties": _VALUE}
_ENTRY = {
    "type": "object",
    "properties": {
        "name": _STACK_NAME,
        "template": _TEXT,
        "parameters": _PARAMETERS,
        "parameter_files": {"type": "array", "items": _TEXT},
        "capabilities": {
            "type": "array",
            "items": {"enum": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]},
        },
        "tags": _TAGS,
        "role_arn": {
            "anyOf": [
                {"type": "string", "pattern": "^arn:[a-z-]+:iam::[0-9]{12}:role/.+$"},
                _reference("output"),
                _reference("resource"),
            ],
            "description": "the ARN of a role, {output: STACK.KEY} or {resource: STACK.LOGICAL_ID}",
        },
        "termination_protection": {"type": "boolean"},
        "after": {"type": "array", "items": _STACK_NAME},
    },
    "required": ["name", "template"],
    "additionalProperties": False,
}
_SCOPE = {
    "type": "object",
    "properties": {
        "prefix": _TEXT,
        "tags": _TAGS,
        "names": {"type": "array", "items": _TEXT},
        "except": {"type": "array", "items": _TEXT},
    },
    "additionalProperties": False,
}
_ITEM = {
    "type": "object",
    "properties": {"table": _TEXT, "item": {"type": "object"}, "item_file": _TEXT},
    "required": ["table"],
    "additionalProperties": False,
}
_XRAY_GROUP = {
    "type": "object",
    "properties": {"name": _TEXT, "filter_expression": _TEXT},
    "required": ["name"],
    "additionalProperties": False,
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1, "description": "a number from 0 to 1"}
_PRIORITY = {"type": "integer", "minimum": 1, "maximum": 9999, "description": "a whole number from 1 to 9999"}
_XRAY_SAMPLING_RULE = {
    "type": "object",
    "properties": {
        "rule_name": {"type": "string", "pattern": "^.{1,32}$", "description": "at most 32 characters"},
        "priority": _PRIORITY,
        "fixed_rate": _SHARE,
        "reservoir_size": {"type": "integer", "minimum": 0, "description": "a whole number, 0 or more"},
        "service_name": _TEXT,
        "service_type": _TEXT,
        "host": _TEXT,
        "http_method": _TEXT,
        "url_path": _TEXT,
        "resource_arn": _TEXT,
    },
    "required": ["rule_name", "priority", "fixed_rate", "reservoir_size"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The manifest of a workshop",
    "type": "object",
    "properties": {
        "name": {
            "type": "string",
            "pattern": "^[A-Za-z](-?[A-Za-z0-9]){0,99}$",
            "description": "a letter, then letters, digits and hyphens, at most 100 characters",
        },
        "scope": _SCOPE,
        "tags": _TAGS,
        "stacks": {"type": "array", "minItems": 1, "items": _ENTRY},
        "items": {"type": "array", "items": _ITEM},
        "xray_group": _XRAY_GROUP,
        "xray_sampling_rules": {"type": "array", "items": _XRAY_SAMPLING_RULE},
    },
    "required": ["name", "stacks"],
    "additionalProperties": False,
}
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
}
_CALLED = {"object": "a mapping", "array": "a list", "string": "text", "boolean": "true or false", "number": "a number",
           "integer": "a whole number"}  # fmt: skip

Found = tuple[tuple, str]


def misfits(data: Any, schema: Mapping[str, Any], path: tuple = ()) -> Iterator[Found]:
    """Where ``data`` is not of the form of SCHEMA, or of a part of it, as a path of keys and indexes, and what is wrong
    there. Of JSON schema, this knows the words that SCHEMA uses."""
    wrong = _wrong(data, schema)
    if wrong:
        yield path, f"{_named(path)} {wrong}."
    elif isinstance(data, dict):
        yield from _in_mapping(data, schema, path)
    elif isinstance(data, list):
        for number, item in enumerate(data):
            yield from misfits(item, schema.get("items", {}), (*path, number))


def _wrong(data: Any, schema: Mapping[str, Any]) -> str:
    """What is wrong with the value itself."""
    takes = schema.get("description", "")
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_is(data, name) for name in types):
        return f"takes {takes or ' or '.join(_CALLED[name] for name in types)}, not {_shown(data)}"
    if not schema.get("minimum", data) <= data <= schema.get("maximum", data) if "minimum" in schema else False:
        return f"takes {takes}, not {_shown(data)}"
    if "enum" in schema and data not in schema["enum"]:
        return f"takes one of {', '.join(schema['enum'])}, not {_shown(data)}"
    if "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), data):
        return f"takes {takes or 'STACK.NAME'}, not {_shown(data)}"
    if len(data) < schema.get("minLength", 0) if isinstance(data, str) else False:
        return "is empty"
    if len(data) < schema.get("minItems", 0) if isinstance(data, list) else False:
        return "is empty"
    if "anyOf" in schema and all(next(misfits(data, form), None) for form in schema["anyOf"]):
        return f"takes {takes}, not {_shown(data)}"
    return ""


def _in_mapping(data: Mapping[str, Any], schema: Mapping[str, Any], path: tuple) -> Iterator[Found]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for key in schema.get("required", ()):
        if key not in data:
            yield path, f"{_named(path)} lacks {key}."
    for key, value in data.items():
        if key in known:
            yield from misfits(value, known[key], (*path, key))
        elif others is False:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
            yield (*path, key), f"there is no {'.'.join(str(part) for part in (*path, key))}. {hint}"
        else:
            yield from misfits(value, others, (*path, key))


def _is(data: Any, name: str) -> bool:
    if isinstance(data, bool) and name != "boolean":
        return False
    return isinstance(data, _TYPES[name])


def _named(path: tuple) -> str:
    return ".".join(str(part) for part in path) or "the manifest"


def _shown(data: Any) -> str:
    if isinstance(data, (dict, list)):
        return "a mapping" if isinstance(data, dict) else "a list"
    return repr(data) if data is not None else "nothing"
