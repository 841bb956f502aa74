# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the AWS command line, as far as the documentation uses it: one call by boto3, to the emulator."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name


def aws(arguments: list[str]) -> str:
    """Make the call, every option of which takes values; what it answers."""
    service, command, *rest = arguments
    client = boto3.client(service)
    operations = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    shape = client.meta.service_model.operation_model(operations[command]).input_shape
    members = {xform_name(name, "-"): name for name in shape.members}
    given: dict[str, list[str]] = {}
    for word in rest:
        if word.startswith("--"):
            values = given.setdefault(members[word[2:]], [])
        else:
            values.append(_value(word))
    parameters = {name: _typed(shape.members[name].type_name, values) for name, values in given.items()}
    answer = getattr(client, xform_name(operations[command]))(**parameters)
    return f"{operations[command]} of boto3: {sorted(set(answer) - {'ResponseMetadata'})}"


def _value(word: str) -> str:
    return Path(word.removeprefix("file://")).read_text(encoding="utf-8") if word.startswith("file://") else word


def _typed(kind: str, values: list[str]) -> Any:
    if kind == "list":
        return values
    return {"boolean": bool, "integer": int}.get(kind, str)(*values[:1] or [True])


if __name__ == "__main__":
    words = sys.argv[1:]
    print(f"[stand-in] aws {' '.join(words)}: {aws(words)}", flush=True)
