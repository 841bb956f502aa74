# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation of the emulator: moto's parsing, and AWS's way of creating, updating and above all deleting."""

from __future__ import annotations

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack, cloudformation_backends

from ..patching import Patches
from ..world import ACCOUNT_ID, world
from . import change_sets, exports, nested, responses, templates
from .records import set_stack
from .stacks import live_stack


def install(patches: Patches) -> None:
    """Put our engine in the place of moto's. Call after the classes of all resource types are defined."""
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()
    templates.install(patches)
    exports.install(patches)
    responses.install(patches)
    change_sets.install(patches)
    nested.install(patches)


def set_stack_status(
    region: str, name: str, status: str, reason: str | None = None, then: tuple[float, str] | None = None
) -> None:
    """Put a live stack into a status. LookupError if there is no such stack.

    ``then``: AWS seconds and the status in which the operation ends, unless something else has begun by then.
    """
    with world.lock:
        stack = live_stack(cloudformation_backends[ACCOUNT_ID][region], name)
        if stack is None:
            raise LookupError(f"no stack {name} in {region}")
        set_stack(stack, status, reason)
        if then is not None:
            world.clock.call_later(then[0], _end, stack, status, then[1])


def _end(stack: Stack, before: str, status: str) -> None:
    if stack.status == before:
        set_stack(stack, status)
