# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The calls of ECS and of the load balancers, as values of this collection. Every call raises :class:`AwsCallError`
when it does not succeed."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import aws_call
from .conditions import canonical
from .types import LAST
from .types import TAG
from .types import Group
from .types import Health
from .types import Listener
from .types import Rule
from .types import Service

TAGS_PER_CALL = 20  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
ELB = "elasticloadbalancing"


class RouteReader:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable[[str], Any]) -> None:
        self._clients = clients
        self._elb = clients("elbv2")

    def service(self, cluster: str, name: str) -> Service | None:
        """The service, one that is being deleted as well, or None if there is none."""
        with aws_call("ecs:DescribeServices"):
            found = self._clients("ecs").describe_services(cluster=cluster, services=[name])["services"]
        if not found:
            return None
        service = found[0]
        balancers = [item for item in service.get("loadBalancers", []) if "targetGroupArn" in item]
        advanced = {item["targetGroupArn"]: item.get("advancedConfiguration", {}) for item in balancers}
        other = "alternateTargetGroupArn"
        alternates = {group: more[other] for group, more in advanced.items() if other in more}
        primary = next((item for item in service.get("deployments", []) if item["status"] == "PRIMARY"), {})
        return Service(
            name=service["serviceName"],
            status=service["status"],
            groups=tuple(advanced),
            alternates=alternates,
            rules=tuple(filter(None, (more.get("productionListenerRule", "") for more in advanced.values()))),
            connected=bool(primary.get("serviceConnectConfiguration", {}).get("enabled")),
        )

    def group(self, arn: str) -> Group:
        with aws_call(f"{ELB}:DescribeTargetGroups"):
            found = self._elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        return Group(
            arn=found["TargetGroupArn"],
            name=found["TargetGroupName"],
            vpc=found.get("VpcId", ""),
            protocol=found.get("Protocol", ""),
            balancers=tuple(found.get("LoadBalancerArns", [])),
        )

    def health(self, arn: str) -> Health:
        with aws_call(f"{ELB}:DescribeTargetHealth"):
            found = self._elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        states = [item["TargetHealth"] for item in found]
        others = [f"{item['State']}: {item.get('Reason', 'no reason')}" for item in states if not _used(item)]
        return Health(len(states), len(states) - len(others), tuple(dict.fromkeys(others)))

    def listeners(self, *, balancer: str = "", arns: Sequence[str] = ()) -> list[Listener]:
        """All of a load balancer, or those of these ARNs."""
        given = {"LoadBalancerArn": balancer} if balancer else {"ListenerArns": list(arns)}
        with aws_call(f"{ELB}:DescribeListeners"):
            pages = self._elb.get_paginator("describe_listeners").paginate(**given)
            found = [item for page in pages for item in page["Listeners"]]
        return [
            Listener(item["ListenerArn"], item.get("Port", 0), item.get("Protocol", ""), item["LoadBalancerArn"])
            for item in sorted(found, key=lambda item: (item.get("Port", 0), item["ListenerArn"]))
        ]

    def rules(self, listener: str) -> list[Rule]:
        """All rules of a listener, as their order is."""
        with aws_call(f"{ELB}:DescribeRules"):
            pages = self._elb.get_paginator("describe_rules").paginate(ListenerArn=listener)
            found = [item for page in pages for item in page["Rules"]]
        marks: dict[str, str] = {}
        for batch in batches([item["RuleArn"] for item in found if not item["IsDefault"]], TAGS_PER_CALL):
            with aws_call(f"{ELB}:DescribeTags"):
                answer = self._elb.describe_tags(ResourceArns=batch)["TagDescriptions"]
            for item in answer:
                marks.update({item["ResourceArn"]: tag["Value"] for tag in item["Tags"] if tag["Key"] == TAG})
        rules = [_rule(listener, item, marks.get(item["RuleArn"], "")) for item in found]
        return sorted(rules, key=lambda rule: rule.priority)

    def create(self, rule: Rule) -> str:
        """The ARN of a new rule, which has its tag from the beginning: there is no time at which it is nobody's."""
        with aws_call(f"{ELB}:CreateRule"):
            answer = self._elb.create_rule(
                ListenerArn=rule.listener,
                Priority=rule.priority,
                Conditions=[dict(item) for item in rule.conditions],
                Actions=_actions(rule.groups),
                Tags=[{"Key": TAG, "Value": rule.mark}],
            )
        return answer["Rules"][0]["RuleArn"]

    def modify(self, rule: Rule) -> None:
        with aws_call(f"{ELB}:ModifyRule"):
            self._elb.modify_rule(RuleArn=rule.arn, Actions=_actions(rule.groups))

    def move(self, rule: Rule) -> None:
        with aws_call(f"{ELB}:SetRulePriorities"):
            self._elb.set_rule_priorities(RulePriorities=[{"RuleArn": rule.arn, "Priority": rule.priority}])

    def delete(self, rule: Rule) -> None:
        with aws_call(f"{ELB}:DeleteRule"):
            self._elb.delete_rule(RuleArn=rule.arn)


def _used(health: Mapping[str, Any]) -> bool:
    """Whether a target gets requests, for being healthy or since nobody checks that."""
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
    return health["State"] == "healthy" or health.get("Reason") == "Target.HealthCheckDisabled"


def _actions(groups: Mapping[str, int]) -> list[dict[str, Any]]:
    tuples = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups.items()]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": tuples}}]


def _rule(listener: str, item: Mapping[str, Any], mark: str) -> Rule:
    actions = item["Actions"]
    groups: dict[str, int] = {}
    for action in actions:
        groups.update(_forwards(action))
    return Rule(
        arn=item["RuleArn"],
        listener=listener,
        priority=LAST + 1 if item["IsDefault"] else int(item["Priority"]),
        conditions=tuple(canonical(condition) for condition in item.get("Conditions", [])),
        groups=groups,
        plain=[action["Type"] for action in actions] == ["forward"] and not item.get("Transforms"),
        mark=mark,
    )


def _forwards(action: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    """The target groups of an action, each with its weight, which is 1 where it is left out."""
    tuples = action.get("ForwardConfig", {}).get("TargetGroups", [])
    if not tuples and action.get("TargetGroupArn"):
        return [(action["TargetGroupArn"], 1)]
    return [(item["TargetGroupArn"], item.get("Weight", 1)) for item in tuples]
