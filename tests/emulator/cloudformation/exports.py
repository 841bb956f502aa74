# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs and exports of stacks, and who imports them."""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import clean_json

from ..patching import Patches
from .graph import imports

_moto_outputs: property = Stack.outputs
_moto_exports = Stack.exports


def install(patches: Patches) -> None:
    """Answer outputs as they were at the end of the creation or update: moto makes them anew for every answer."""
    patches.set(Stack, "outputs", property(lambda stack: getattr(stack, "frozen_outputs", None)))
    patches.set(Stack, "exports", property(lambda stack: getattr(stack, "frozen_exports", [])))


def freeze_outputs(stack: Stack, *, none: bool = False) -> None:
    stack.frozen_exports = [] if none else _moto_exports.fget(stack)
    stack.frozen_outputs = None if none else _moto_outputs.fget(stack)


def check_unique(backend: CloudFormationBackend, stack: Stack) -> None:
    """Enter the exports of a stack. ValidationError if another stack has one of these names."""
    for export in stack.exports:
        owner = backend.exports.get(export.name)
        if owner is not None and owner.exporting_stack_id != stack.stack_id:
            stack.frozen_exports = []
            name = owner.exporting_stack_id.split("/")[1]
            raise ValidationError(message=f"Export with name {export.name} is already exported by stack {name}")
    for export in stack.exports:
        backend.exports[export.name] = export


def drop_exports(backend: CloudFormationBackend, stack: Stack) -> None:
    for name in [name for name, export in backend.exports.items() if export.exporting_stack_id == stack.stack_id]:
        del backend.exports[name]


def importers(backend: CloudFormationBackend, export_name: str) -> list[str]:
    """Names of the live stacks that import an export."""
    return [
        stack.name
        for stack in backend.stacks.values()
        if any(clean_json(argument, stack.resource_map) == export_name for argument in _imports(stack))
    ]


def _imports(stack: Stack) -> list[Any]:
    """Arguments of the template's Fn::ImportValue, read once for each template."""
    kept = vars(stack).get("kept_imports")
    if kept is None or kept[0] is not stack.template_dict:
        kept = stack.kept_imports = (stack.template_dict, list(imports(stack.template_dict)))
    return kept[1]


def in_use(backend: CloudFormationBackend, stack: Stack) -> str | None:
    """Why a stack cannot be deleted, if another one imports from it: aws/aws-cdk#604, ansible/ansible#60606."""
    for export in stack.exports:
        names = [name for name in importers(backend, export.name) if name != stack.name]
        if names:
            listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
            return f"Export {export.name} cannot be deleted as it is in use by {listed}"
    return None
