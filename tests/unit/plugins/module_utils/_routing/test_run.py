# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.reader import RouteReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.run import RouteRun

from tests.unit.plugins.fake_aws import FakeAws, refusal

OLD, NEW = "arn:targetgroup/web/1", "arn:targetgroup/web-new/2"
HEADER = {"Field": "http-header", "Values": [], "HttpHeaderConfig": {"HttpHeaderName": "x", "Values": ["new"]}}
PARAMS = {
    "cluster": None, "service": None, "target_group_arn": OLD, "new_service": None, "new_target_group_arn": NEW,
    "listener_arns": None, "conditions": [HEADER], "weights": None, "state": "present", "force": False,
}  # fmt: skip


def forward(*arns):
    """As DescribeRules shows it: one target group is told twice."""
    tuples = [{"TargetGroupArn": arn, "Weight": 1} for arn in arns]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": tuples}}
    return [{**action, "TargetGroupArn": arns[0]} if len(arns) == 1 else action]


def shown(priority, *arns, **more):
    return {
        "RuleArn": f"rule-{priority}", "Priority": str(priority), "IsDefault": priority == "default", "Conditions": [],
        "Actions": forward(*arns), **more,
    }  # fmt: skip


class Balancer:
    """A load balancer with a listener. ``taken``: priorities that somebody else takes just before we would."""

    def __init__(self, taken=()):
        self.rules = [shown("default", OLD)]
        self.taken = list(taken)
        self.aws = FakeAws({
            "elbv2.describe_target_groups": lambda TargetGroupArns: {"TargetGroups": [
                {"TargetGroupArn": arn, "TargetGroupName": arn, "VpcId": "v", "LoadBalancerArns": ["lb"]}
                for arn in TargetGroupArns]},
            "elbv2.describe_target_health": {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]},
            "elbv2.describe_listeners": {"Listeners": [
                {"ListenerArn": "l", "Port": 80, "Protocol": "HTTP", "LoadBalancerArn": "lb"}]},
            "elbv2.describe_rules": lambda ListenerArn: {"Rules": list(self.rules)},
            "elbv2.describe_tags": lambda ResourceArns: {"TagDescriptions": [
                {"ResourceArn": arn, "Tags": []} for arn in ResourceArns]},
            "elbv2.create_rule": self.create,
        })  # fmt: skip

    def create(self, Priority, **_more):
        if Priority in self.taken:
            self.rules.append(shown(Priority, NEW, Conditions=[{"Field": "path-pattern", "Values": [f"/{Priority}"]}]))
            return refusal("PriorityInUse", f"Priority '{Priority}' is currently in use")
        return {"Rules": [{"RuleArn": "made"}]}


def test_a_priority_that_is_taken_meanwhile_is_chosen_anew():
    balancer = Balancer(taken=[49999])
    run = RouteRun(PARAMS, balancer.aws, None, False)
    assert run.run() == "" and run.result()["rules"][0]["priority"] == 50000
    assert [call["Priority"] for call in balancer.aws.asked("elbv2.create_rule")] == [49999, 50000]
    assert balancer.aws.asked("elbv2.create_rule")[0]["Conditions"] == [
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x", "Values": ["new"]}}
    ]


def test_no_place_is_left_by_then():
    balancer = Balancer(taken=[49999, 50000])
    problem = RouteRun(PARAMS, balancer.aws, None, False).run()
    assert "No priority is free between 50000 and the last one" in problem and "Nothing was changed" in problem


def test_tags_are_asked_for_in_batches_and_not_of_the_default_action():
    balancer = Balancer()
    balancer.rules += [shown(number, NEW) for number in range(1, 42)]
    assert len(RouteReader(balancer.aws).rules("l")) == 42
    asked = [call["ResourceArns"] for call in balancer.aws.asked("elbv2.describe_tags")]
    assert [len(batch) for batch in asked] == [20, 20, 1] and "rule-default" not in sum(asked, [])


def test_a_rule_that_rewrites_is_not_plain():
    balancer = Balancer()
    balancer.rules = [shown("default", OLD, Transforms=[{"Type": "url-rewrite"}])]
    assert "does more than to forward" in RouteRun(PARAMS, balancer.aws, None, False).run()
