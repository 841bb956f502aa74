# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Security groups that rules of groups of others name, and so keep.

A group that "is referenced by another security group in the same VPC" is not deleted:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
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

GROUP = "AWS::EC2::SecurityGroup"
_LISTING = ("ec2:DescribeSecurityGroups", "SecurityGroups")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html: 200 values for a filter
_MOST = 200
_WORDS = ("rule of another security group", "rules of other security groups")
_DIRECTIONS = (
    ("ip-permission.group-id", "IpPermissions", "ec2:RevokeSecurityGroupIngress"),
    ("egress.ip-permission.group-id", "IpPermissionsEgress", "ec2:RevokeSecurityGroupEgress"),
)


@dataclass(frozen=True)
class Rule:
    """What of a rule names one group, which another group has. ``action``: the call that revokes just that."""

    group: str
    name: str
    names: str
    action: str
    permission: Mapping[str, Any]

    def revoke(self, work: Work) -> bool:
        """Whether it was there. Raises :class:`AwsCallError`."""
        gone = ("InvalidPermission.NotFound", "InvalidGroup.NotFound")
        return unless(gone, lambda: call(work, self.action, GroupId=self.group, IpPermissions=[self.permission]))

    def command(self) -> tuple[str, ...]:
        """Words of the AWS command for it."""
        way = "ingress" if self.action.endswith("Ingress") else "egress"
        permissions = json.dumps([self.permission])
        return ("ec2", f"revoke-security-group-{way}", "--group-id", self.group, "--ip-permissions", permissions)


def rules_naming(groups: Sequence[str], listing: Callable[..., list[Any]]) -> list[Rule]:
    """Rules of other groups that name one of these, and are in its VPC. ``listing``: lists, as :meth:`Looks.listing`
    does."""
    found = []
    for some in batches(list(groups), _MOST):
        for name, key, action in _DIRECTIONS:
            for item in listing(*_LISTING, Filters=[{"Name": name, "Values": list(some)}]):
                found += [rule for rule in _rules(item, key, action, some) if rule.names != item["GroupId"]]
    return found


def _rules(item: Mapping[str, Any], key: str, action: str, groups: Collection[str]) -> Iterable[Rule]:
    for permission in item.get(key) or ():
        for pair in permission.get("UserIdGroupPairs") or ():
            # Over a peering a rule goes stale, and keeps nothing:
            # https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
            if pair.get("GroupId") in groups and not pair.get("VpcPeeringConnectionId"):
                ports = {name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission}
                who = {name: pair[name] for name in ("GroupId", "UserId") if name in pair}
                permission_of_it = {**ports, "UserIdGroupPairs": [who]}
                yield Rule(item["GroupId"], item.get("GroupName", ""), pair["GroupId"], action, permission_of_it)


def _detect(looks: Looks, ours: Ours, groups: Ids) -> list[tuple[str, Blocker]]:
    """Rules of groups of others. Those of groups of ours go with these."""
    about = ", ".join(groups)
    rules = rules_naming(groups, lambda action, key, **filters: looks.listing(action, key, about, **filters))
    pairs: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        if Resource(GROUP, rule.group) not in ours.owned:
            pairs.setdefault((rule.names, rule.group), []).append(rule)
    return [(ours_id, _blocker(ours_id, several)) for (ours_id, _other), several in pairs.items()]


def _blocker(group: str, rules: Sequence[Rule]) -> Blocker:
    amount = Amount(len(rules), *_WORDS)
    other = rules[0].group
    return Blocker(
        GROUP,
        other,
        rules[0].name,
        f"A security group cannot be deleted while another group in its VPC names it, and {other} names {group}.",
        rules[0].command(),
        goes_with_owner=False,
        amounts=(amount,),
        clear=GROUP,
        lost=f"what the rules of {other} allow for {group}",
    )


def _clear(work: Work, group: str) -> list[Amount]:
    """Revoke, in groups that no stack owns, what names one of our groups, and nothing else of their rules."""
    rules = rules_naming([group], lambda action, key, **filters: listed(work, action, key, **filters))
    others = [rule for rule in rules if Resource(GROUP, rule.group) not in work.ours.owned]
    keep = [key for key in sorted({rule.group for rule in others}) if owner_of(work, GROUP, key)]
    if keep:
        raise NotCleared(f"Security groups of other stacks name {group}, and go with those stacks: {', '.join(keep)}.")
    revoked = 0
    for rule in others:
        if not work.stopped():
            revoked += rule.revoke(work)
            work.told([Amount(revoked, *_WORDS)])
    return [Amount(revoked, *_WORDS)] if revoked else []


CLEARING = Clearing(
    detect=_detect,
    clear=_clear,
    detects=("ec2:DescribeSecurityGroups",),
    clears=(
        "cloudformation:DescribeStackResources",
        "ec2:DescribeSecurityGroups",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
    ),
    lost="what rules of other groups allow for it",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html",
)
