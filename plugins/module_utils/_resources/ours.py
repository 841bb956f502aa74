# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is a workshop's: what its stacks own."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Mapping


@dataclass(frozen=True)
class Resource:
    """A resource by type, which is the name of a :class:`ResourceType`, and physical id."""

    type: str
    physical_id: str


@dataclass(frozen=True)
class Place:
    """Where stacks are."""

    partition: str = ""
    region: str = ""
    account: str = ""

    @classmethod
    def of(cls, arn: str) -> Place:
        """Where what has this ARN is."""
        _arn, partition, _service, region, account, _rest = arn.split(":", 5)
        return cls(partition, region, account)

    def cluster(self, name: str) -> str:
        """The ARN of an ECS cluster."""
        return f"arn:{self.partition}:ecs:{self.region}:{self.account}:cluster/{name}"


@dataclass(frozen=True)
class Ours:
    """``owned``: what live stacks of the workshop own, each with the name of its stack. ``had``: what they, or deleted
    ones, had before. ``clusters``: names of ECS clusters of both, without those that are somebody else's by now.
    ``writers``: the same of all that AWS writes logs for, each with when its stack was made, as ISO 8601 text, empty if
    nobody knows. The rest is what a person says: the names of an X-Ray group and of sampling rules, a path of SSM
    parameters, how the names of alarms begin, and the tags of whatever else was made for it."""

    owned: Mapping[Resource, str] = field(default_factory=dict)
    had: Mapping[Resource, str] = field(default_factory=dict)
    place: Place = Place()
    clusters: tuple[str, ...] = ()
    writers: Mapping[Resource, str] = field(default_factory=dict)
    xray_group: str = ""
    xray_sampling_rules: tuple[str, ...] = ()
    ssm_path: str = ""
    alarm_prefix: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def owned_ids(self, *types: str) -> dict[str, str]:
        """Physical ids of what is owned of these types, each with the name of its stack."""
        return {item.physical_id: stack for item, stack in self.owned.items() if item.type in types}

    def had_ids(self, *types: str) -> dict[str, str]:
        """The same of what they had before, and have no more."""
        return {item.physical_id: stack for item, stack in self.had.items() if item.type in types}
