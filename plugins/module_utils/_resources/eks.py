# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What others have attached to EKS clusters of ours, and what keeps these: node groups and Fargate profiles.

"If you have managed node groups or Fargate profiles attached to the cluster, you must delete them first":
https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .ours import Resource
from .resource import Ids
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

CLUSTER = "AWS::EKS::Cluster"
_ABSENT = "ResourceNotFoundException"
_PATIENCE = 1800.0


@dataclass(frozen=True)
class _Kind:
    """``listing``: the call that lists them, and what its answer has them under. ``removal``: the call that deletes
    one, and its parameter for the name. ``command``: the AWS CLI's words for that."""

    type: str
    words: tuple[str, str]
    listing: tuple[str, str]
    removal: tuple[str, str]
    command: tuple[str, str]

    def ids(self, cluster: str, name: str) -> tuple[Resource, ...]:
        """What CloudFormation may call one."""
        return tuple(Resource(self.type, key) for key in (f"{cluster}/{name}", f"{cluster}|{name}", name))


_KINDS = (
    _Kind(
        "AWS::EKS::Nodegroup",
        ("node group", "node groups"),
        ("eks:ListNodegroups", "nodegroups"),
        ("eks:DeleteNodegroup", "nodegroupName"),
        ("delete-nodegroup", "--nodegroup-name"),
    ),
    # One at a time: https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteFargateProfile.html
    _Kind(
        "AWS::EKS::FargateProfile",
        ("Fargate profile", "Fargate profiles"),
        ("eks:ListFargateProfiles", "fargateProfileNames"),
        ("eks:DeleteFargateProfile", "fargateProfileName"),
        ("delete-fargate-profile", "--fargate-profile-name"),
    ),
)


def _detect(looks: Looks, ours: Ours, clusters: Ids) -> list[tuple[str, Blocker]]:
    """Node groups and Fargate profiles that are not ours."""
    asked = [(cluster, kind) for cluster in clusters for kind in _KINDS]
    found = looks.each(lambda pair: _names(looks, *pair), asked)
    return [
        (cluster, _blocker(kind, cluster, name))
        for (cluster, kind), names in zip(asked, found)
        for name in names
        if not any(resource in ours.owned for resource in kind.ids(cluster, name))
    ]


def _names(looks: Looks, cluster: str, kind: _Kind) -> list[str]:
    """Nothing if there is no such cluster, or, with a gap, if they can not be listed."""
    return looks.listing(*kind.listing, cluster, (_ABSENT,), clusterName=cluster)


def _blocker(kind: _Kind, cluster: str, name: str) -> Blocker:
    delete, option = kind.command
    return Blocker(
        kind.type,
        f"{cluster}/{name}",
        name,
        f"An EKS cluster cannot be deleted with a {kind.words[0]}, and {name} of others is attached to {cluster}.",
        ("eks", delete, "--cluster-name", cluster, option, name),
        amounts=(Amount(1, *kind.words),),
        clear=CLUSTER,
        lost=f"the {kind.words[0]}, and what runs on it",
    )


def _clear(work: Work, cluster: str) -> list[Amount]:
    """Delete the node groups and Fargate profiles that no stack owns, and wait until they are gone."""
    own = owner_of(work, CLUSTER, cluster)
    asked: dict[tuple[_Kind, str], None] = {}

    def amounts() -> list[Amount]:
        counts = [Amount(sum(kind is item for item, _name in asked), *kind.words) for kind in _KINDS]
        return [amount for amount in counts if amount.count]

    def left() -> list[str]:
        there = [(kind, name) for kind in _KINDS for name in _there(work, cluster, kind)]
        owners = {item: _owner(work, cluster, *item) for item in there}
        others = [name for (_kind, name), owner in owners.items() if owner not in ("", own)]
        if others:
            raise NotCleared(f"What other stacks own is attached to {cluster}: {', '.join(sorted(others))}.")
        free = [item for item, owner in owners.items() if not owner]
        for kind, name in free if not work.stopped() else ():
            action, parameter = kind.removal
            arguments = {"clusterName": cluster, parameter: name}
            # It goes already, or another Fargate profile does, which has to be gone first.
            passing = (_ABSENT, "ResourceInUseException")
            if unless(passing, lambda action=action, arguments=arguments: call(work, action, **arguments)):
                asked.setdefault((kind, name))
                work.told(amounts())
        return [name for _kind, name in free]

    wait(work, _PATIENCE, left, f"until what others have attached to {cluster} is gone")
    return amounts()


def _there(work: Work, cluster: str, kind: _Kind) -> list[str]:
    found: list[str] = []
    unless((_ABSENT,), lambda: found.extend(listed(work, *kind.listing, clusterName=cluster)))
    return found


def _owner(work: Work, cluster: str, kind: _Kind, name: str) -> str:
    owners: list[Any] = [owner_of(work, item.type, item.physical_id) for item in kind.ids(cluster, name)]
    return next(filter(None, owners), "")


CLEARING = Clearing(
    detect=_detect,
    clear=_clear,
    detects=("eks:ListFargateProfiles", "eks:ListNodegroups"),
    clears=(
        "cloudformation:DescribeStackResources",
        "eks:DeleteFargateProfile",
        "eks:DeleteNodegroup",
        "eks:ListFargateProfiles",
        "eks:ListNodegroups",
    ),
    lost="the node groups and Fargate profiles of others in it, and what runs on them",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html",
)
