# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is still there of stacks that are gone: of what they had, and of what carries their tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Sequence

from .._aws.batches import batches
from .._aws.looks import Looks
from .._resources.lookup import Lookups
from .._resources.registry import TYPES
from .._resources.registry import how_to_remove
from .._resources.registry import resource_at
from .._resources.resource import Resource
from .._stacks.types import StackResource
from .owners import Owners
from .types import Entry
from .types import Stacks

# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagFilter.html
VALUES_PER_FILTER = 20
_NAME_TAG = "aws:cloudformation:stack-name"
_ID_TAG = "aws:cloudformation:stack-id"


@dataclass(frozen=True)
class Tagged:
    """A resource with the tags of a stack."""

    arn: str
    stack_name: str
    stack_id: str
    resource: Resource


@dataclass(frozen=True)
class Had:
    """A resource that a deleted stack had."""

    stack_name: str
    stack_id: str
    item: StackResource

    @property
    def resource(self) -> Resource:
        """By what it is looked up."""
        return Resource(self.item.type, self.item.physical_id)


@dataclass
class Proof:
    """What is there, as it is returned. ``owned``: what had been a deleted stack's and is another's now. ``ending``:
    what AWS deletes by itself, later."""

    remaining: list[dict[str, Any]]
    not_looked_up: list[dict[str, Any]]
    tagged: list[dict[str, Any]]
    owned: list[dict[str, Any]]
    ending: list[dict[str, Any]]


class Verification:
    """Looks in two steps: what carries tags of the stacks, then what is there of it and of what the stacks had."""

    def __init__(self, looks: Looks, region: str | None) -> None:
        self._looks = looks
        self._region = region or ""

    def tagged(self, names: Sequence[str]) -> list[Tagged]:
        """Resources with the tags of stacks of these names, live stacks or not, sorted by ARN."""
        pages = self._looks.each(self._tagged, batches(names, VALUES_PER_FILTER))
        return sorted((item for page in pages for item in page), key=lambda item: item.arn)

    def proof(self, tagged: Sequence[Tagged], stacks: Stacks, owners: Owners) -> Proof:
        """What is there of stacks that are gone, or could not be looked up, and belongs to no live stack. Whatever
        status CloudFormation shows of it: that a deletion was accepted is no proof, and what is there may have come
        back. What was looked up is not told a second time by its tags, which stay for a while."""
        had = _had(stacks.inventory)
        known = {key for item in had for key in keys(item.resource)}
        tags = [item for item in tagged if item.stack_id not in stacks.names]
        others = [item for item in tags if not keys(item.resource) & known]
        lookups = Lookups(self._looks)
        there = lookups.there([item.resource for item in (*had, *others)])
        left = [item for item in had if there[item.resource] is not False]
        whose = dict(zip(left, self._looks.each(lambda item: owners.owner(item.resource), left)))
        mine = [item for item in left if not whose[item]]
        return Proof(
            [self._remaining_row(item, there[item.resource]) for item in mine if item.resource not in lookups.reasons],
            [
                _unseen_row(item, tags, lookups.reasons[item.resource])
                for item in mine
                if item.resource in lookups.reasons
            ],
            [self._tagged_row(item, there[item.resource]) for item in others if there[item.resource] is not False],
            [_owned_row(item, whose[item] or "") for item in left if whose[item]],
            [_ending_row(item, lookups.ends[item.resource]) for item in had if item.resource in lookups.ends],
        )

    def _tagged(self, names: Sequence[str]) -> list[Tagged]:
        # "Returns all the tagged or previously tagged resources", also such as were deleted a while ago:
        # https://github.com/boto/boto3/issues/3341
        mappings = self._looks.listing(
            "tag:GetResources",
            "ResourceTagMappingList",
            ", ".join(names),
            TagFilters=[{"Key": _NAME_TAG, "Values": list(names)}],
            ResourcesPerPage=100,
        )
        found = []
        for item in mappings:
            tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}
            arn = item["ResourceARN"]
            if tags.get(_NAME_TAG) in names:
                found.append(Tagged(arn, tags[_NAME_TAG], tags.get(_ID_TAG, ""), resource_at(arn)))
        return found

    def _tagged_row(self, item: Tagged, there: bool | None) -> dict[str, Any]:
        return {
            "arn": item.arn,
            "type": item.resource.type,
            "stack_name": item.stack_name,
            "confirmed": bool(there),
            "how_to_remove": how_to_remove(item.resource, self._region),
        }

    def _remaining_row(self, item: Had, there: bool | None) -> dict[str, Any]:
        return {
            "stack_name": item.stack_name,
            "stack_id": item.stack_id,
            "logical_id": item.item.logical_id,
            "type": item.item.type,
            "physical_id": item.item.physical_id,
            "status": item.item.status,
            "present": there,
            "how_to_remove": how_to_remove(item.resource, self._region),
        }


def _had(inventory: Sequence[Entry]) -> list[Had]:
    """What stacks that are gone had, sorted by stack and logical id. Of one resource the newest stack's entry."""
    found: dict[Resource, Had] = {}
    for entry in inventory:
        for item in () if entry.live else entry.resources or ():
            if item.physical_id:
                one = Had(entry.name, entry.stack_id, item)
                found.setdefault(one.resource, one)
    return sorted(found.values(), key=lambda one: (one.stack_name, one.item.logical_id, one.stack_id))


def keys(resource: Resource) -> set[tuple[str, str]]:
    """Under what a resource can be found whose type is told once exactly and once from its ARN. Types that are not
    known here have the last part of an ARN for an id, or all of it."""
    words = resource.type.split(":")
    service = words[2] if words[0] == "AWS" else words[0]
    if resource.type in TYPES:
        return {(service, resource.physical_id)}
    return {(service.lower(), re.split("[/:]", resource.physical_id)[-1]), ("", resource.physical_id)}


def _unseen_row(item: Had, tags: Sequence[Tagged], reason: str) -> dict[str, Any]:
    return {
        "stack_name": item.stack_name,
        "type": item.item.type,
        "physical_id": item.item.physical_id,
        "tagged": any(keys(item.resource) & keys(one.resource) for one in tags),
        "why": reason,
    }


def _ending_row(item: Had, day: str) -> dict[str, Any]:
    return {
        "stack_name": item.stack_name,
        "type": item.item.type,
        "physical_id": item.item.physical_id,
        "ends": day,
    }


def _owned_row(item: Had, stack_name: str) -> dict[str, Any]:
    return {
        "kind": item.item.type,
        "name": item.item.physical_id,
        "id": item.item.physical_id,
        "service_id": None,
        "details": {},
        "stack_name": stack_name,
    }
