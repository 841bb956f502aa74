# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a survey looks for, and the values its parts exchange."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping
from typing import Sequence

from .._resources.registry import KINDS
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import DELETE_SKIPPED
from .._stacks.types import StackResource
from .._stacks.types import StackView

#: Statuses of resources that a stack does not own any more.
LET_GO = (DELETE_COMPLETE, DELETE_SKIPPED)

#: The options of modules that describe a scope, as Ansible checks them, and as documented in the fragment "scope".
SCOPE_SPEC: dict[str, Any] = {
    "stacks": {"type": "list", "elements": "str", "default": []},
    "kept": {"type": "list", "elements": "str", "default": []},
    "prefix": {"type": "str", "default": ""},
    "xray_group": {"type": "str"},
    "xray_sampling_rules": {"type": "list", "elements": "str", "default": []},
    "ssm_path": {"type": "str"},
    "alarm_prefix": {"type": "str"},
    "tags": {"type": "dict", "default": {}},
    "verify": {"type": "bool", "default": False},
    "kinds": {"type": "list", "elements": "str", "choices": sorted(KINDS)},
    "verify_kinds": {"type": "list", "elements": "str", "choices": sorted(KINDS)},
    "inventory": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "stack_id": {"type": "str", "required": True},
            "live": {"type": "bool", "required": True},
            "creation_time": {"type": "str"},
            "deletion_time": {"type": "str"},
            "resources": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "logical_id": {"type": "str", "required": True},
                    "type": {"type": "str", "required": True},
                    "physical_id": {"type": "str", "required": True},
                    "status": {"type": "str", "required": True},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Scope:
    """What to look for. What is empty is not looked at. ``kept``: stacks of the workshop that are not in its part that
    is meant. ``caller``: whether who asks is told. ``kinds``: the kinds of
    leftovers that are looked for, all if None; with ``verify`` those of ``verify_kinds``. ``blockers``: whether what
    keeps the stacks is looked for. ``inventory``: rows of an
    earlier look. ``only_leftovers``: whether nothing is told beside them."""

    stacks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    prefix: str = ""
    xray_group: str = ""
    xray_sampling_rules: tuple[str, ...] = ()
    ssm_path: str = ""
    alarm_prefix: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    verify: bool = False
    verify_if_nothing: bool = False
    inventory: tuple[Mapping[str, Any], ...] = ()
    kinds: tuple[str, ...] | None = None
    verify_kinds: tuple[str, ...] | None = None
    only_leftovers: bool = False
    blockers: bool = False
    caller: bool = True

    def wants(self, kind: str) -> bool:
        """Whether leftovers of this kind are looked for."""
        kinds = self.verify_kinds if self.verify else self.kinds
        return kinds is None or kind in kinds


def scope_of(options: Mapping[str, Any]) -> Scope:
    """The scope that options of the same names describe; what is missing or None has its default."""
    given = {name: options[name] for name in Scope.__dataclass_fields__ if options.get(name) is not None}
    return Scope(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


@dataclass(frozen=True)
class Entry:
    """One stack of the scope. ``deletion_time``, ``creation_time``: ISO 8601. ``resources``: with those of stacks
    nested in it, whose logical ids begin with that of the nested stack and a slash; None if they could not be read."""

    name: str
    stack_id: str
    live: bool
    deletion_time: str | None
    resources: tuple[StackResource, ...] | None
    creation_time: str | None = None

    def row(self) -> dict[str, Any]:
        """As it is returned."""
        resources = self.resources
        return {
            "name": self.name,
            "stack_id": self.stack_id,
            "live": self.live,
            "creation_time": self.creation_time,
            "deletion_time": self.deletion_time,
            "resources": None if resources is None else [_resource_row(item) for item in resources],
        }


@dataclass
class Stacks:
    """What a listing of stacks says.

    ``live``: the rows that are returned, by name. ``names``: of all live stacks, by id. ``nested``: names of those that
    are part of another. ``views``: all live stacks. ``gone``: deleted stacks that were asked for, newest first.
    ``ever``: names of all stacks, also of those deleted within 90 days, without nested ones; None if they were not
    listed. ``inventory``: what stacks of the scope own.
    """

    live: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    nested: set[str] = field(default_factory=set)
    views: tuple[StackView, ...] = ()
    gone: tuple[StackView, ...] = ()
    ever: tuple[str, ...] | None = None
    inventory: Sequence[Entry] = ()


def _resource_row(item: StackResource) -> dict[str, str]:
    return {
        "logical_id": item.logical_id,
        "type": item.type,
        "physical_id": item.physical_id,
        "status": item.status,
    }
