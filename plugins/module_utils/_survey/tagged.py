# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What bears a workshop's tags and is in no stack: whose it is, whether it is there, and why it may have to stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Collection
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._clearing.finding import can_switch
from .._clearing.finding import contents
from .._clearing.finding import protections
from .._resources.blocker import amounts_told
from .._resources.leftover import Leftover
from .._resources.lookup import Lookups
from .._resources.ours import Ours
from .._resources.registry import how_to_remove
from .._resources.registry import resource_at
from .._resources.resource import Resource
from .._resources.tagged import REMOVABLE
from .._resources.tagged import TAGGED
from .._resources.tagged import bears
from .._scope.costs import KINDS
from .._stacks.types import name_of
from .owners import Owners
from .types import Stacks
from .verify import keys

_STACK = "aws:cloudformation:stack-id"
# Tags of AWS that do not say that a resource is another's part: stacks are looked at, and these say who made it, or
# from what. All others do, as aws:autoscaling:groupName and aws:backup:source-resource.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
_HARMLESS = re.compile(r"aws:(cloudformation:|createdBy\Z|ec2launchtemplate:)")
# https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags
_KUBERNETES = re.compile(r"([a-z0-9.-]*\.)?(kubernetes\.io|k8s\.io|k8s\.aws|karpenter\.sh|eks\.amazonaws\.com)/|eks:")
_COSTS = KINDS.keys() | {"AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::EC2::VPCEndpoint", "AWS::FSx::FileSystem"}

#: Types of which one is deleted only while nothing is in it.
_NOT_BY_FORCE = ("AWS::ECR::Repository", "AWS::S3::Bucket")

_BY_HAND = "nothing here removes this type"
_FILLED = "it is not empty ({})"
_PROTECTED = "it is protected from deletion"
_REPLICA = "it is a part of what is in {} as well, where a stack may own it"
_AWS = "AWS has made it for something else, as its tag {} says"
_OF_KUBERNETES = "Kubernetes has made it, as its tag {} says"
_LEFT = "the stack {} had it, which is gone and kept it"
_UNSEEN = "the tagging API lists it, which also lists what is gone, and it was not looked up: {}"


@dataclass
class Found:
    """``free``: what no live stack owns, and is there, or cannot be looked up. ``owned``: what stacks of others own,
    each with the name of its stack."""

    free: list[Leftover] = field(default_factory=list)
    owned: list[tuple[Leftover, str]] = field(default_factory=list)


class TaggedLook:
    """``ours``: with the tags. ``told``: what is told as something else already."""

    def __init__(self, looks: Looks, stacks: Stacks, ours: Ours, owners: Owners, region: str) -> None:
        self._looks = looks
        self._stacks = stacks
        self._ours = ours
        self._owners = owners
        self._region = region
        self._ours_keys = {key for item in (*ours.owned, *ours.had) for key in keys(item)}
        self._inventory = {entry.stack_id for entry in stacks.inventory}
        self._roots = {view.stack_id: name_of(view.root_id) if view.nested else view.name for view in stacks.views}

    def take(self, found: Sequence[Leftover], told: Collection[Resource]) -> Found:
        """What is nobody's, sorted out of what the tagging API has listed. Where it could not be looked at whose it is,
        whether it is there, whether it still has the tags, or where else it is, it is neither: that is a gap."""
        others = [item for item in found if not self._is_known(item, told)]
        owners = self._looks.each(self._owner, others)
        nobodys = [item for item, owner in zip(others, owners) if owner == ""]
        lookups = Lookups(self._looks)
        there = lookups.there(resource_at(item.id) for item in nobodys)
        seen = [item for item in nobodys if there[resource_at(item.id)] or resource_at(item.id) in lookups.reasons]
        tags = self._looks.each(self._tags, seen)
        bearing = [(item, own) for item, own in zip(seen, tags) if own is not None and bears(own, self._ours.tags)]
        places = self._looks.each(self._elsewhere, [item for item, _own in bearing])
        mine = [pair for pair, place in zip(bearing, places) if place is not None]
        parts = {
            resource_at(item.id): (_REPLICA.format(place), "")
            for (item, _own), place in zip(bearing, places)
            if place
        }
        held = {**self._held([resource_at(item.id) for item, _own in mine]), **parts}
        free = [
            self._described(item, _why_kept(own, lookups.reasons.get(resource_at(item.id), "")), held)
            for item, own in mine
        ]
        return Found(
            sorted(free, key=lambda item: (item.details["type"], item.name, item.id)),
            [(self._described(item, "", {}), owner) for item, owner in zip(others, owners) if owner],
        )

    def _is_known(self, item: Leftover, told: Collection[Resource]) -> bool:
        """Whether a stack of the workshop owns or had it, which is told then, or it is another kind of leftover."""
        resource, stack_id = resource_at(item.id), item.details["tags"].get(_STACK, "")
        ours = bool(keys(resource) & self._ours_keys) or resource in told
        return ours or stack_id in self._inventory or self._roots.get(stack_id, "") in self._names()

    def _names(self) -> set[str]:
        return {entry.name for entry in self._stacks.inventory if entry.live}

    def _owner(self, item: Leftover) -> str | None:
        """As :meth:`Owners.owner`. Many types have no tag of their stack, as tables of DynamoDB and services of ECS."""
        stack_id = item.details["tags"].get(_STACK)
        if stack_id:
            return self._roots.get(stack_id, "")
        resource = resource_at(item.id)
        # What an unknown type's physical id is, nobody knows; it is mostly one of these.
        ids = [resource.physical_id] if "::" in resource.type else [item.id, re.split("[/:]", item.id)[-1]]
        owners = [self._owners.of_anything(physical_id) for physical_id in ids]
        return next(filter(None, owners), None if None in owners else "")

    def _tags(self, item: Leftover) -> Mapping[str, str] | None:
        """As its own service tells them of what may be removed: the tagging API shows for a while what somebody has
        taken away, and what of the same name is gone.

        https://github.com/aws/aws-sdk/issues/302
        """
        resource = resource_at(item.id)
        row = REMOVABLE.get(resource.type)
        if row is None:
            return item.details["tags"]
        own = row.tags.of(self._looks, item.id, resource.physical_id)
        return own if own is None else {**_system(item.details["tags"]), **own}

    def _elsewhere(self, item: Leftover) -> str | None:
        resource = resource_at(item.id)
        row = REMOVABLE.get(resource.type)
        return row.elsewhere(self._looks, resource.physical_id) if row else ""

    def _held(self, resources: Sequence[Resource]) -> dict[Resource, tuple[str, str]]:
        """Why some that could be removed can not be as they are, and the command that changes that, if it takes one
        more. Where that may not be looked at, it shows when they are removed."""
        wanted = [item for item in resources if item.type in REMOVABLE]
        if not wanted or not self._ours.place.account:
            return {}
        with Looks(self._looks.clients) as own:
            filled = contents(own, self._ours, [item for item in wanted if item.type in _NOT_BY_FORCE])
            locked = protections(own, self._ours, [item for item in wanted if can_switch(item.type)])
        held = {found.resource: (_FILLED.format(amounts_told(found.blocker.amounts)), "") for found in filled}
        for found in locked:
            held[found.resource] = (_PROTECTED, found.blocker.row("", self._region)["how_to_remove"])
        return held

    def _described(self, item: Leftover, kept: str, held: Mapping[Resource, tuple[str, str]]) -> Leftover:
        resource = resource_at(item.id)
        by_hand, first = held.get(resource, ("" if resource.type in REMOVABLE else _BY_HAND, ""))
        details: dict[str, Any] = {
            "type": resource.type,
            "physical_id": resource.physical_id,
            "costs": resource.type in _COSTS,
        }
        details |= {"kept": kept} if kept else {"by_hand": by_hand} if by_hand else {}
        details["how_to_remove"] = " && ".join(filter(None, [first, how_to_remove(resource, self._region)]))
        return Leftover(TAGGED, _name(resource.physical_id), item.id, details=details)


def _why_kept(tags: Mapping[str, str], unseen: str) -> str:
    """Why it stays although it has the tags, and no live stack. ``unseen``: why it was not looked up."""
    if _STACK in tags:
        return _LEFT.format(name_of(tags[_STACK]) or tags[_STACK])
    for key in sorted(tags):
        if _KUBERNETES.match(key):
            return _OF_KUBERNETES.format(key)
        if key.startswith("aws:") and not _HARMLESS.match(key):
            return _AWS.format(key)
    return _UNSEEN.format(unseen) if unseen else ""


def _system(tags: Mapping[str, str]) -> dict[str, str]:
    """Those that AWS sets, which nobody else can take away."""
    return {key: value for key, value in tags.items() if key.startswith("aws:")}


def _name(physical_id: str) -> str:
    """Of an ARN, what comes after the kind of resource, or all of its end."""
    if not physical_id.startswith("arn:"):
        return physical_id
    end = physical_id.split(":", 5)[-1]
    return re.split("[/:]", end, maxsplit=1)[-1]
