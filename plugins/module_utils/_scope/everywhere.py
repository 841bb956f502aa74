# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which workshops there are, in several regions."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .._aws.rate import Rate
from .._stacks.listing import StackLister
from .costs import counted
from .groups import TAG_KEYS
from .groups import Workshop
from .groups import grouped
from .match import Scope
from .match import is_bootstrap
from .match import why_not
from .reader import ScopeReader
from .reader import whole
from .signals import found
from .template import Reading
from .types import PARAMETER
from .types import Stack

AT_ONCE = 4  # regions, each of which has rates of its own


@dataclass
class _Region:
    """What one region has. ``error``: what kept all looks from it."""

    workshops: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    error: AwsCallError | None = None


def enabled_regions(looks: Looks) -> list[str]:
    """The regions that the account has enabled, sorted; none, with a gap, if that may not be asked."""
    return sorted(item["RegionName"] for item in looks.listing("ec2:DescribeRegions", "Regions"))


class WorkshopsRun:
    """``looks_in``: makes, of the name of a region, what looks at it. ``tag_keys``: see ``groups``, in lower case."""

    def __init__(self, looks_in: Callable[[str], Looks], tag_keys: Sequence[str] = TAG_KEYS) -> None:
        self._looks_in = looks_in
        self._tag_keys = tag_keys

    def take(self, regions: Sequence[str]) -> dict[str, Any]:
        """What is returned. Raises :class:`AwsCallError` if each region has one that is no denial of a single call."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="region") as pool:
            answers = list(pool.map(self._region, regions))
        errors = [answer.error for answer in answers if answer.error is not None]
        if errors and len(errors) == len(answers):
            raise errors[0]
        return {
            "workshops": [row for answer in answers for row in answer.workshops],
            "regions": list(regions),
            "gaps": [{**gap, "region": region} for region, answer in zip(regions, answers) for gap in answer.gaps],
        }

    def _region(self, region: str) -> _Region:
        with self._looks_in(region) as looks:
            try:
                rows = self._workshops(region, looks)
                return _Region(rows, looks.gaps())
            except AwsCallError as error:
                looks.note(error)
                return _Region([], looks.gaps(), error)

    def _workshops(self, region: str, looks: Looks) -> list[dict[str, Any]]:
        lister = StackLister(looks.clients("cloudformation"), Rate().wait)
        live = looks.needed(lambda: lister.described(None)) or {}
        all_stacks = whole(live.values())
        stacks = ScopeReader(looks, json.loads).owned(
            [stack for stack in all_stacks.values() if not why_not(stack.view, False)[0]]
        )
        read = {stack.name: stack for stack in stacks}
        readings = {part.view.stack_id: Reading(part, {}) for stack in stacks for part in stack.parts}
        edges = found(stacks, [], readings).edges
        # Without a template nobody knows what a stack does with a parameter. That it has it is enough here.
        links = {frozenset((edge.stack, edge.after)) for edge in edges if edge.certain or edge.signal == PARAMETER}
        deploying = [
            stack.name
            for stack in stacks
            if any(is_bootstrap(readings[part.view.stack_id].ssm_parameters()) for part in stack.parts)
        ]
        groups = grouped(list(live.values()), links, deploying, self._tag_keys)
        return [_row(item, region, [read[name] for name in item.stacks]) for item in groups]


def _row(workshop: Workshop, region: str, stacks: Sequence[Stack]) -> dict[str, Any]:
    parts = [part for stack in stacks for part in stack.parts]
    made = [stack.view.created for stack in stacks if stack.view.created is not None]
    return {
        "name": workshop.name,
        "region": region,
        "by": workshop.by,
        "scope": _given(workshop.scope),
        "stacks": list(workshop.stacks),
        "joined": list(workshop.joined),
        "linked": list(workshop.linked),
        "made": min(made).isoformat() if made else None,
        "runs": counted(item for part in parts for item in part.resources or ()),
        "not_counted": sorted(part.view.name for part in parts if part.resources is None),
    }


def _given(scope: Scope) -> dict[str, Any]:
    """A scope as a user gives it."""
    given = {
        "prefix": scope.prefix,
        "tags": dict(scope.tags),
        "names": list(scope.names),
        "except": list(scope.excepted),
    }
    return {key: value for key, value in given.items() if value}
