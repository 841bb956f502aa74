# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Target groups to which rules that no stack owns send requests, and so keep them.

A target group is deleted "if it is not referenced by any actions":
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .ours import Resource
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless

GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_GROUPS = "elasticloadbalancing:DescribeTargetGroups"
_LISTENERS = "elasticloadbalancing:DescribeListeners"
_RULES = "elasticloadbalancing:DescribeRules"
_DELETE = "elasticloadbalancing:DeleteRule"
_ABSENT = ("TargetGroupNotFound", "LoadBalancerNotFound", "ListenerNotFound")
_WORDS = ("rule of a listener", "rules of listeners")

#: Lists, by IAM action and key of the answer; nothing where what is asked about is not there.
List = Callable[..., list[Any]]


def _using(group: str, ours: Ours, listing: List) -> list[str]:
    """ARNs of the rules that send requests to a target group, are of none of our stacks, and keep it. Those of a load
    balancer in its own stack go with that, and those of a listener whose default action needs it are gone before it."""
    found = []
    for balancer in _balancers(group, listing):
        owner = ours.owned.get(Resource(_BALANCER, balancer))
        if owner and owner == ours.owned.get(Resource(GROUP, group)):
            continue
        for listener in listing(_LISTENERS, "Listeners", LoadBalancerArn=balancer):
            rules = listing(_RULES, "Rules", ListenerArn=listener["ListenerArn"])
            using = [rule for rule in rules if group in _groups(rule["Actions"])]
            if not any(rule["IsDefault"] for rule in using):
                found += [rule["RuleArn"] for rule in using]
    return [rule for rule in found if Resource(RULE, rule) not in ours.owned]


def _balancers(group: str, listing: List) -> Iterable[str]:
    found = listing(_GROUPS, "TargetGroups", TargetGroupArns=[group])
    return [arn for item in found for arn in item.get("LoadBalancerArns", [])]


def _groups(actions: Iterable[Mapping[str, Any]]) -> set[str]:
    found = set()
    for action in actions:
        tuples = action.get("ForwardConfig", {}).get("TargetGroups", [])
        found |= {action.get("TargetGroupArn", ""), *(item["TargetGroupArn"] for item in tuples)}
    return found


def _detect(looks: Looks, ours: Ours, groups: Sequence[str]) -> list[tuple[str, Blocker]]:
    def of_group(group: str) -> list[tuple[str, Blocker]]:
        rules = _using(
            group, ours, lambda action, key, **given: looks.listing(action, key, group, _ABSENT, **given)
        )
        return [(group, _blocker(group, rule)) for rule in rules]

    return [pair for pairs in looks.each(of_group, groups) for pair in pairs]


def _blocker(group: str, rule: str) -> Blocker:
    return Blocker(
        RULE,
        rule,
        "/".join(rule.split("/")[-4:]),
        f"A target group cannot be deleted while a rule sends requests to it, and {rule} sends them to {group}.",
        ("elbv2", "delete-rule", "--rule-arn", rule),
        amounts=(Amount(1, *_WORDS),),
        clear=GROUP,
        lost="that rule: its requests go where they went without it",
    )


def _clear(work: Work, group: str) -> list[Amount]:
    rules = _using(group, work.ours, lambda action, key, **given: _listed(work, action, key, **given))
    keep = [f"{rule} of {owner}" for rule in rules for owner in [owner_of(work, RULE, rule)] if owner]
    if keep:
        raise NotCleared(f"Rules of other stacks send requests to {group}, and go with those: {', '.join(keep)}.")
    deleted = 0
    for rule in rules:
        if not work.stopped():
            deleted += unless(("RuleNotFound",), lambda rule=rule: call(work, _DELETE, RuleArn=rule))
            work.told([Amount(deleted, *_WORDS)])
    return [Amount(deleted, *_WORDS)] if deleted else []


def _listed(work: Work, action: str, key: str, **given: Any) -> list[Any]:
    found: list[Any] = []
    unless(_ABSENT, lambda: found.extend(listed(work, action, key, **given)))
    return found


CLEARING = Clearing(
    detect=_detect,
    clear=_clear,
    detects=(_GROUPS, _LISTENERS, _RULES),
    clears=("cloudformation:DescribeStackResources", _DELETE, _GROUPS, _LISTENERS, _RULES),
    lost="rules by which requests come to it, on listeners of other stacks",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html",
)
