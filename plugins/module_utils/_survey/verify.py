# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is still there of stacks that are gone: resources that carry their tags, and those left behind on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Collection
from typing import Sequence

from .._aws.looks import Looks
from .._resources.lookup import Lookups
from .._resources.registry import how_to_remove
from .._resources.registry import resource_at
from .._resources.resource import Resource
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
class Retained:
    """A resource that the deletion of its stack has left behind."""

    stack_name: str
    stack_id: str
    logical_id: str
    resource: Resource


class Verification:
    """Looks in two steps: what carries tags of the stacks, then what of it is there."""

    def __init__(self, looks: Looks, region: str) -> None:
        self._looks = looks
        self._region = region

    def tagged(self, names: Sequence[str]) -> list[Tagged]:
        """Resources with the tags of stacks of these names, live stacks or not, sorted by ARN."""
        batches = [names[start : start + VALUES_PER_FILTER] for start in range(0, len(names), VALUES_PER_FILTER)]
        pages = self._looks.each(self._tagged, batches)
        return sorted((item for page in pages for item in page), key=lambda item: item.arn)

    def rows(
        self, tagged: Sequence[Tagged], stacks: Stacks, known: Collection[str], gone: Collection[str], owners: Owners
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Tagged and retained resources that are there (or could not be looked up) and belong to no live stack, as they
        are returned. ``known``: ids of stacks that are not asked for what they left behind, unless something that
        carries their tags is there. ``gone``: ARNs that need not be looked up."""
        lookups = Lookups(self._looks)
        orphans = [item for item in tagged if item.stack_id not in stacks.names and item.arn not in gone]
        there = lookups.there(item.resource for item in orphans)
        orphans = [item for item in orphans if there[item.resource] is not False]
        suspects = {item.stack_id for item in orphans}
        retained = self._retained(
            [
                entry
                for entry in stacks.inventory
                if not entry.live and (entry.stack_id in suspects or entry.stack_id not in known)
            ]
        )
        there.update(lookups.there(item.resource for item in retained if item.resource not in there))
        left = [item for item in retained if there[item.resource] is not False]
        owned = self._looks.each(lambda item: owners.owner(item.resource.physical_id), left)
        on_purpose = {_key(item.resource) for item in retained}
        return (
            [self._tagged_row(item, there[item.resource]) for item in orphans if _key(item.resource) not in on_purpose],
            sorted(
                (self._retained_row(item, there[item.resource]) for item, owner in zip(left, owned) if not owner),
                key=lambda row: (row["stack_name"], row["logical_id"], row["stack_id"]),
            ),
        )

    def _retained(self, entries: Sequence[Entry]) -> list[Retained]:
        """What these deleted stacks have left behind. Of one resource the first stack's entry."""
        left: dict[Resource, Retained] = {}
        for entry in entries:
            for item in entry.resources or ():
                if item.status == "DELETE_SKIPPED" and item.physical_id:
                    resource = Resource(item.type, item.physical_id)
                    left.setdefault(resource, Retained(entry.name, entry.stack_id, item.logical_id, resource))
        return list(left.values())

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
            tags = {tag["Key"]: tag["Value"] for tag in item["Tags"]}
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

    def _retained_row(self, item: Retained, there: bool | None) -> dict[str, Any]:
        return {
            "stack_name": item.stack_name,
            "stack_id": item.stack_id,
            "logical_id": item.logical_id,
            "physical_id": item.resource.physical_id,
            "type": item.resource.type,
            "present": there,
            "how_to_remove": how_to_remove(item.resource, self._region),
        }


def _key(resource: Resource) -> tuple[str, str]:
    """Equal for one resource whose type is told once exactly and once from its ARN."""
    return ":".join(resource.type.split("::")[:2]), resource.physical_id
