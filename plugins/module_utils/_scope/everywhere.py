# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which workshops there are, in several regions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .._aws.rate import Rate
from .._stacks.listing import StackLister
from .costs import counted
from .groups import TAG
from .groups import TAG_KEYS
from .groups import Links
from .groups import Workshop
from .groups import grouped
from .match import DEPLOYS
from .match import Scope
from .match import why_not
from .reader import ScopeReader
from .reader import whole
from .running import Counts
from .running import RunningLook
from .signals import found
from .template import deploys
from .template import readings_of
from .types import PARAMETER
from .types import Part
from .types import Stack

AT_ONCE = 4  # regions, each of which has rates of its own


@dataclass(frozen=True)
class _Region:
    """What one region has. ``error``: what kept all looks from it."""

    workshops: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    error: AwsCallError | None = None


def enabled_regions(looks: Looks) -> list[str]:
    """The regions that the account has enabled, sorted; none, with a gap, if that may not be asked."""
    return sorted(item["RegionName"] for item in looks.listing("ec2:DescribeRegions", "Regions"))


class WorkshopsRun:
    """``looks_in``: makes, of the name of a region, what looks at it. ``parse``: as of :class:`ScopeReader`.
    ``tag_keys``: see ``groups``, in lower case.

    A region with N stacks, nested ones included, takes no more than 2 N calls of CloudFormation and those for the pages
    of all stacks; for what runs, one for ten ECS services, one for a hundred clusters and the pages of all instances.
    """

    def __init__(
        self,
        looks_in: Callable[[str], Looks],
        parse: Callable[[str], Mapping[str, Any]],
        tag_keys: Sequence[str] = TAG_KEYS,
    ) -> None:
        self._looks_in = looks_in
        self._parse = parse
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
            "left_out": [
                {**row, "region": region} for region, answer in zip(regions, answers) for row in answer.left_out
            ],
            "regions": list(regions),
            "gaps": [{**gap, "region": region} for region, answer in zip(regions, answers) for gap in answer.gaps],
        }

    def _region(self, region: str) -> _Region:
        with self._looks_in(region) as looks:
            try:
                return replace(self._look(region, looks), gaps=looks.gaps())
            except AwsCallError as error:
                looks.note(error)
                return _Region(gaps=looks.gaps(), error=error)

    def _look(self, region: str, looks: Looks) -> _Region:
        lister = StackLister(looks.clients("cloudformation"), Rate().wait)
        live = looks.needed(lambda: lister.described(None)) or {}
        there = whole(live.values())
        left_out = {name: because for name, stack in there.items() if (because := why_not(stack.view, False)[0])}
        reader = ScopeReader(looks, self._parse)
        stacks = reader.owned([stack for name, stack in there.items() if name not in left_out])
        readings = readings_of(stacks)
        deploying = [stack.name for stack in stacks if deploys(stack, readings)]
        left_out.update(dict.fromkeys(deploying, DEPLOYS))
        views = list(live.values())
        workshops = grouped(views, _links(stacks), deploying, self._tag_keys)
        # Only what somebody has said by tags needs no look at what uses what. Who uses a stack shows in the templates
        # of the users, so that it takes all of them.
        if len(workshops) > 1 and any(item.by != TAG for item in workshops):
            stacks = reader.templated(stacks)
            workshops = grouped(views, _links(stacks), deploying, self._tag_keys)
        read = {stack.name: stack for stack in stacks}
        own = [[part for name in item.stacks for part in read[name].parts] for item in workshops]
        running = RunningLook(looks).take([[item for part in parts for item in part.resources or ()] for parts in own])
        return _Region(
            [_row(item, region, parts, runs) for item, parts, runs in zip(workshops, own, running)],
            [{"stack": name, "because": because} for name, because in sorted(left_out.items())],
        )


def _links(stacks: Sequence[Stack]) -> Links:
    """What uses what. What does not matter for the order says all the same what belongs together."""
    seen = found(stacks, [], readings_of(stacks))
    # Without a template nobody knows what a stack does with a parameter. That it has it is enough here.
    edges = [edge for edge in seen.edges if edge.certain or edge.signal == PARAMETER]
    links: dict[tuple[str, str], str] = {}
    for edge in (*edges, *(item.edge for item in seen.dropped)):
        links.setdefault((edge.stack, edge.after), edge.evidence)
    return links


def _row(workshop: Workshop, region: str, parts: Sequence[Part], running: Counts) -> dict[str, Any]:
    made = [part.view.created for part in parts if part.view.created is not None]
    return {
        "name": workshop.name,
        "region": region,
        "by": workshop.by,
        "scope": _given(workshop.scope),
        "stacks": list(workshop.stacks),
        "joined": [{"stack": name, "because": because} for name, because in workshop.joined.items()],
        "linked": list(workshop.linked),
        "made": min(made).isoformat() if made else None,
        "runs": {
            **{kind: number for kind, number in running.items() if number},
            **counted(item for part in parts for item in part.resources or ()),
        },
        "not_counted": sorted(part.view.name for part in parts if part.resources is None),
        "not_known": [kind for kind, number in running.items() if number is None],
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
