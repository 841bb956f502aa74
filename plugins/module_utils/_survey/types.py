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

LOG_GROUP = "log_group"
XRAY_GROUP = "xray_group"
XRAY_SAMPLING_RULE = "xray_sampling_rule"
CLOUD_MAP_INSTANCE = "cloud_map_instance"
TASK_DEFINITION = "task_definition"
SSM_PARAMETER = "ssm_parameter"
KINDS = (CLOUD_MAP_INSTANCE, LOG_GROUP, SSM_PARAMETER, TASK_DEFINITION, XRAY_GROUP, XRAY_SAMPLING_RULE)


@dataclass(frozen=True)
class Scope:
    """What to look for. What is empty is not looked at."""

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
    caller: bool = True


def scope_of(options: Mapping[str, Any]) -> Scope:
    """The scope that options of the same names describe; what is missing or None has its default."""
    given = {name: options[name] for name in Scope.__dataclass_fields__ if options.get(name) is not None}
    return Scope(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


@dataclass(frozen=True)
class Found:
    """A resource outside the workshop's stacks, as far as known yet.

    ``id`` is what it is deleted by, ``physical_id`` what CloudFormation would call it if a stack owned it, empty for
    what no stack can own. ``service_id``: the Cloud Map service of an instance.
    """

    kind: str
    name: str
    id: str
    physical_id: str = ""
    service_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """As it is returned."""
        return {
            "kind": self.kind,
            "name": self.name,
            "id": self.id,
            "service_id": self.service_id,
            "details": self.details,
        }


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
