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

#: The options of modules that describe a scope, as Ansible checks them, and as documented in the fragment "scope".
SCOPE_SPEC: dict[str, Any] = {
    "stacks": {"type": "list", "elements": "str", "default": []},
    "prefix": {"type": "str", "default": ""},
    "cluster": {"type": "str"},
    "services": {"type": "list", "elements": "str", "default": []},
    "log_groups": {"type": "list", "elements": "str", "default": []},
    "log_group_prefixes": {"type": "list", "elements": "str", "default": []},
    "xray_group": {"type": "str"},
    "xray_sampling_rules": {"type": "list", "elements": "str", "default": []},
    "namespace": {"type": "str"},
    "task_families": {"type": "list", "elements": "str", "default": []},
    "ssm_path": {"type": "str"},
    "verify": {"type": "bool", "default": False},
    "known_stack_ids": {"type": "list", "elements": "str", "default": []},
}
SCOPE_REQUIRED_BY = {"namespace": ["cluster"]}


def scope_problem(options: Mapping[str, Any]) -> str:
    """What is wrong with such options together; empty if nothing is."""
    if options["services"] and not options["cluster"]:
        return "services needs cluster: the name of the ECS cluster of these services."
    return ""


@dataclass(frozen=True)
class Scope:
    """What to look for. What is empty is not looked at. ``caller``: whether who asks is told. ``kinds``: the kinds of
    leftovers that are looked for, all if None. ``only_leftovers``: whether nothing is told beside them."""

    stacks: tuple[str, ...] = ()
    prefix: str = ""
    cluster: str = ""
    services: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    log_group_prefixes: tuple[str, ...] = ()
    xray_group: str = ""
    xray_sampling_rules: tuple[str, ...] = ()
    namespace: str = ""
    task_families: tuple[str, ...] = ()
    ssm_path: str = ""
    verify: bool = False
    verify_if_nothing: bool = False
    known_stack_ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None
    only_leftovers: bool = False
    caller: bool = True


def scope_of(options: Mapping[str, Any]) -> Scope:
    """The scope that options of the same names describe; what is missing or None has its default."""
    given = {name: options[name] for name in Scope.__dataclass_fields__ if options.get(name) is not None}
    return Scope(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


@dataclass
class Stacks:
    """What a listing of stacks says.

    ``live``: the rows that are returned, by name. ``names``: of all live stacks, by id. ``nested``: names of those that
    are part of another. ``deleted``: names of deleted stacks that were asked for, by id, newest first.
    """

    live: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    nested: set[str] = field(default_factory=set)
    deleted: dict[str, str] = field(default_factory=dict)
