# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What others have in VPCs of ours, and how what a machine has left there is cleared."""

from __future__ import annotations

import shlex
from typing import Any
from typing import Iterable

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .holding import in_vpc
from .machines import CLASSIC
from .machines import ENDPOINT
from .machines import GROUP
from .machines import INTERFACE
from .machines import LOOKS
from .machines import Made
from .machines import made_in
from .ours import Ours
from .resource import Ids
from .resource import Resource
from .security_group import rules_naming
from .steps import call
from .steps import call_with
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

VPC = "AWS::EC2::VPC"
_INSTANCE = "AWS::EC2::Instance"
_PATIENCE = 900.0
# Those of others are made by AWS, and go with what they were made for:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
_BY_HAND = frozenset(("interface", "efa", "efa-only", "trunk"))


def held_by(looks: Looks, ours: Ours, vpcs: Ids) -> list[tuple[str, Blocker]]:
    """What others have in our VPCs."""
    found = [(vpc, _of_row(row)) for vpc in vpcs for row in in_vpc(looks, vpc, set(ours.owned), "")]
    filters = [{"Name": "vpc-id", "Values": list(vpcs)}]
    interfaces = looks.listing("ec2:DescribeNetworkInterfaces", "NetworkInterfaces", ", ".join(vpcs), Filters=filters)
    return found + [(item["VpcId"], _of_interface(item)) for item in interfaces if _is_by_hand(item, ours)]


def _detect(looks: Looks, ours: Ours, vpcs: Ids) -> list[tuple[str, Blocker]]:
    """The same, but what machines have made there as what can be cleared, where nothing needs it any more."""
    made = {(vpc, item.type, item.id): item for vpc in vpcs for item in made_in(looks, ours, vpc)}
    others = held_by(looks, ours, vpcs)
    rest = [(vpc, blocker) for vpc, blocker in others if (vpc, blocker.type, blocker.id) not in made]
    return rest + [(vpc, _of_machine(item, vpc)) for (vpc, _type, _id), item in made.items()]


def _of_row(row: dict[str, Any]) -> Blocker:
    command = shlex.split(row["how_to_remove"])[1:]
    return Blocker(row["type"], row["id"], row["name"], row["reason"], tuple(command), row["owner"])


def _is_by_hand(item: dict[str, Any], ours: Ours) -> bool:
    """Whether neither AWS nor a stack of ours has made an interface. That AWS has not is said of some that it has, too,
    which have descriptions of their own; ECS attaches those of tasks to no instance.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    instance = item.get("Attachment", {}).get("InstanceId", "")
    if item.get("RequesterManaged") or item.get("InterfaceType", "interface") not in _BY_HAND:
        return False
    if item.get("Description", "").startswith(("AWS ", "arn:")) or (item.get("Attachment") and not instance):
        return False
    return not {Resource(INTERFACE, item["NetworkInterfaceId"]), Resource(_INSTANCE, instance)} & set(ours.owned)


def _of_interface(item: dict[str, Any]) -> Blocker:
    """An interface, or the instance that it goes with, which may be of an Auto Scaling group of ours."""
    instance = item.get("Attachment", {}).get("InstanceId", "")
    tags = {tag["Key"]: tag["Value"] for tag in item.get("TagSet", [])}
    name = tags.get("Name") or item.get("Description", "")
    reason = "A VPC cannot be deleted with {} of others in it, and this one is in " + item["VpcId"] + "."
    if instance:
        command = ("ec2", "terminate-instances", "--instance-ids", instance)
        return Blocker(_INSTANCE, instance, name, reason.format("an instance"), command, certain=False)
    key = item["NetworkInterfaceId"]
    command = ("ec2", "delete-network-interface", "--network-interface-id", key)
    return Blocker(INTERFACE, key, name, reason.format("a network interface"), command)


def _of_machine(item: Made, vpc: str) -> Blocker:
    return Blocker(
        item.type,
        item.id,
        item.name,
        f"A VPC cannot be deleted with {item.words[0]} of {item.maker} in it, and this one is in {vpc}.",
        item.command(),
        amounts=(Amount(1, *item.counted()),),
        clear=VPC if item.may_go else "",
        lost=f"{item.words[0]} of {item.maker}" if item.may_go else "",
        certain=item.holds,
    )


class _Clearing:
    """Of one VPC: what machines have made, and no stack owns."""

    def __init__(self, work: Work, vpc: str) -> None:
        self._work = work
        self._vpc = vpc
        self._owners: dict[Made, str] = {}
        self._seen: dict[Made, None] = {}

    def run(self) -> list[Amount]:
        """How much that was."""
        if not wait(self._work, _PATIENCE, self._left, f"until what machines have made in {self._vpc} is gone"):
            return []
        return self._amounts(self._seen)

    @staticmethod
    def _amounts(gone: Iterable[Made]) -> list[Amount]:
        """How much that is."""
        counts: dict[tuple[str, str], int] = {}
        for item in gone:
            counts[item.counted()] = counts.get(item.counted(), 0) + 1
        return [Amount(count, *words) for words, count in counts.items()]

    def _left(self) -> list[str]:
        """What is still there, all of which has been asked to go."""
        looks = self._work.looks
        gaps = looks.gaps()
        made = [item for item in made_in(looks, self._work.ours, self._vpc) if item.may_go and not self._owner(item)]
        if looks.gaps() != gaps:
            told = "; ".join(f"{gap['action']}: {gap['message']}" for gap in looks.gaps())
            raise NotCleared(f"What machines have made in {self._vpc} could not all be looked at. {told}")
        for item in made:
            self._seen.setdefault(item)
            if not self._work.stopped():
                self._remove(item, made)
        self._work.told(self._amounts(item for item in self._seen if item not in made))
        return [item.id for item in made]

    def _owner(self, item: Made) -> str:
        if item not in self._owners:
            self._owners[item] = owner_of(self._work, item.type, item.id)
        return self._owners[item]

    def _remove(self, item: Made, made: list[Made]) -> None:
        if item.type == GROUP:
            # Those of one machine name each other, and it has put rules into groups of ours. What others say of it
            # is theirs.
            groups = {other.id for other in made if other.type == GROUP}
            for rule in rules_naming([item.id], self._listed):
                if rule.group in groups or Resource(GROUP, rule.group) in self._work.ours.owned:
                    rule.revoke(self._work)
        if item.type == ENDPOINT:
            # What it could not do is in its answer, and seen with the next look.
            call(self._work, "ec2:DeleteVpcEndpoints", VpcEndpointIds=[item.id])
            return
        if item.type == CLASSIC:
            call_with(self._work, "elb", "elasticloadbalancing:DeleteLoadBalancer", LoadBalancerName=item.id)
            return
        action, parameter, passing = item.removal()
        unless(passing, lambda: call(self._work, action, **{parameter: item.id}))

    def _listed(self, action: str, key: str, **filters: Any) -> list[Any]:
        return listed(self._work, action, key, **filters)


CLEARING = Clearing(
    detect=_detect,
    clear=lambda work, vpc: _Clearing(work, vpc).run(),
    detects=(
        *LOOKS,
        "ec2:DescribeEgressOnlyInternetGateways",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
        "ec2:DescribeTransitGatewayVpcAttachments",
        "ec2:DescribeVpcPeeringConnections",
        "ec2:DescribeVpnGateways",
    ),
    clears=(
        *LOOKS,
        "cloudformation:DescribeStackResources",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteVpcEndpoints",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
    ),
    lost="what GuardDuty, Kubernetes, Lambda or EKS have left in it",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html",
)
