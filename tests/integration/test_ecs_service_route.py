# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_service_route against the emulator, in this process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.routes import MARKED, Fork

WRITES = ("CreateRule", "ModifyRule", "SetRulePriorities", "DeleteRule", "AddTags")
WEB = {"cluster": "shop", "service": "web", "new_service": "web-new"}


@pytest.fixture
def fork(aws) -> Fork:
    return Fork(aws)


@pytest.fixture
def route(aws, inside):
    """A run whose calls alone are counted."""

    def call(**options: Any) -> dict[str, Any]:
        aws.calls.clear()
        given = {name: value for name, value in {**WEB, **options}.items() if value is not None}
        return inside("ecs_service_route", diff=True, **given)

    return call


def writes(aws) -> dict[str, int]:
    counts = {name: aws.calls.by_action.get(f"elasticloadbalancing:{name}", 0) for name in WRITES}
    return {name: count for name, count in counts.items() if count}


def test_marked_requests_and_a_share_and_back(aws, fork, route):
    before = fork.rules()
    predicted = route(check=True, conditions=MARKED)
    assert predicted["changed"] and predicted["rules"][0]["rule_arn"] is None and fork.rules() == before

    made = route(conditions=MARKED)
    rule = made["rules"][0]
    assert made["changed"] and made["diff"] == predicted["diff"] and rule["conditions"] == MARKED
    assert (rule["kind"], rule["priority"], made["new_target_health"]["healthy"]) == ("marked", 49999, 1)
    assert fork.rules() == {**before, "49999": (rule["rule_arn"], {fork.new: 1})}
    assert made["lines"] == ["port 80, priority 49999: x-version: new -> 100.0% to web-new (weight 1)"]
    assert not route(conditions=MARKED)["changed"] and not writes(aws)

    both = route(conditions=MARKED, weights={"current": 90, "new": 10})
    shared = both["rules"][1]
    assert both["rules"][0] == rule and (shared["kind"], shared["priority"]) == ("shared", 50000)
    assert fork.rules()["50000"][1] == {fork.old: 90, fork.new: 10} and writes(aws) == {"CreateRule": 1}
    assert not route(conditions=MARKED, weights={"current": 90, "new": 10})["changed"]

    more = route(weights={"current": 1, "new": 1})
    assert more["changed"] and writes(aws) == {"ModifyRule": 1, "DeleteRule": 1}
    assert fork.rules() == {**before, "50000": (shared["rule_arn"], {fork.old: 1, fork.new: 1})}
    assert "90.0% to web" not in more["diff"]["after"] and "50.0% to web-new" in more["diff"]["after"]

    assert route(check=True, state="absent")["changed"] and len(fork.rules()) == 3
    gone = route(state="absent")
    assert gone["changed"] and gone["rules"] == [] and fork.rules() == before
    assert not route(state="absent")["changed"] and not writes(aws)


def test_other_values_take_the_place_of_those_before(aws, fork, route):
    first = route(conditions=MARKED)["rules"][0]["rule_arn"]
    upper = {"http_header_name": "X-Version", "values": ["new"]}
    assert not route(conditions=[{"field": "http-header", "http_header_config": upper}])["changed"]
    query = [{"field": "query-string", "query_string_config": {"values": [{"key": "version", "value": "new"}]}}]
    second = route(conditions=query)
    assert second["changed"] and second["rules"][0]["rule_arn"] != first and len(second["rules"]) == 1
    assert second["lines"][0].endswith("query-string: version=new -> 100.0% to web-new (weight 1)")
    assert not route(conditions=query)["changed"]


def test_requests_of_others_are_not_taken_from_them(aws, fork, route):
    """The service is behind a rule of its own, between two of others."""
    admin = fork.group("admin")
    fork.rule(10, {"Field": "path-pattern", "Values": ["/admin/*"]}, admin)
    fork.rule(20, {"Field": "path-pattern", "Values": ["/shop/*"]}, fork.old)
    fork.elb.modify_listener(
        ListenerArn=fork.listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": admin}]
    )
    made = route(conditions=MARKED, weights={"current": 3, "new": 1})
    assert [rule["priority"] for rule in made["rules"]] == [18, 19]
    shop = {"field": "path-pattern", "path_pattern_config": {"values": ["/shop/*"]}}
    assert [rule["conditions"] for rule in made["rules"]] == [[shop, *MARKED], [shop]]

    # Somebody moves their rule in front of ours: it would lose requests to it.
    fork.elb.set_rule_priorities(RulePriorities=[{"RuleArn": fork.rules()["10"][0], "Priority": 19 - 4}])
    fork.rule(17, {"Field": "path-pattern", "Values": ["/api/*"]}, admin)
    assert not route(conditions=MARKED, weights={"current": 3, "new": 1})["changed"]
    ours = made["rules"][0]["rule_arn"]
    fork.elb.set_rule_priorities(RulePriorities=[{"RuleArn": ours, "Priority": 16}])
    aws.faults.deny("elasticloadbalancing:SetRulePriorities")
    denied = route(conditions=MARKED, weights={"current": 3, "new": 1})
    assert denied["failed"] and "elasticloadbalancing:SetRulePriorities" in denied["msg"] and not denied["changed"]
    aws.faults.allow("elasticloadbalancing:SetRulePriorities")
    back = route(conditions=MARKED, weights={"current": 3, "new": 1})
    assert writes(aws) == {"SetRulePriorities": 1} and [rule["priority"] for rule in back["rules"]] == [18, 19]

    fork.elb.set_rule_priorities(RulePriorities=[{"RuleArn": fork.rules()["17"][0], "Priority": 18 - 8}])
    assert route(state="absent")["changed"]
    fork.rule(19, {"Field": "path-pattern", "Values": ["/a/*"]}, admin)
    full = route(conditions=MARKED)
    assert full["failed"] and "No priority is free between 19 and 20" in full["msg"] and not writes(aws)


def test_rules_of_others_stay(aws, fork, route):
    """Also where they are as ours would be, and where they have a tag that looks like ours."""
    like_ours = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-version", "Values": ["old"]}}
    fork.rule(49999, like_ours, fork.new)
    tagged = fork.rule(50, {"Field": "path-pattern", "Values": ["/x"]}, fork.new)
    fork.elb.add_tags(ResourceArns=[tagged], Tags=[{"Key": "workshop.lifecycle:route", "Value": "shop/website/marked"}])
    before = fork.rules()
    made = route(conditions=MARKED)
    assert [rule["priority"] for rule in made["rules"]] == [50000]
    assert route(state="absent")["changed"] and fork.rules() == before


def test_two_workshops_behind_one_listener_take_no_route_from_each_other(aws, fork, route):
    """Their services have the same name, in clusters of their own."""
    fork.shop.ecs.create_cluster(clusterName="shop-2")
    theirs, new = fork.group("web-2"), fork.group("web-2-new")
    fork.rule(20, {"Field": "host-header", "Values": ["two.example"]}, theirs)
    fork.rule(30, {"Field": "host-header", "Values": ["newer.invalid"]}, new)
    fork.serve("web", theirs, cluster="shop-2")
    two = {"cluster": "shop-2", "new_service": None, "new_target_group_arn": new}
    assert route(conditions=MARKED, **two)["changed"]
    before = fork.rules()
    mine = route(conditions=MARKED)
    assert mine["changed"] and writes(aws) == {"CreateRule": 1}
    assert route(state="absent")["changed"] and fork.rules() == before
    other = route(service=None, target_group_arn=theirs, state="absent", new_service=None)
    assert not other["changed"] and fork.rules() == before
    assert "is of the route shop-2/web: take it away by that" in str(other["warnings"])
    assert route(state="absent", **two)["changed"] and not route(state="absent", **two).get("warnings")


def test_what_is_in_the_way_is_refused(aws, fork, route):
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Version", "Values": ["new", "other"]}}
    theirs = fork.rule(7, header, fork.old)
    result = route(conditions=MARKED)
    assert result["failed"] and theirs in result["msg"] and "(priority 7, X-Version: new or other)" in result["msg"]
    fork.elb.delete_rule(RuleArn=theirs)
    fork.rule(7, {"Field": "path-pattern", "Values": ["*"]}, fork.old)
    result = route(conditions=MARKED, weights={"current": 1, "new": 1})
    assert result["failed"] and "takes all those requests" in result["msg"] and not writes(aws)


REFUSED = [
    ({}, "conditions, weights, or both"),
    ({"weights": {"current": 0, "new": 0}}, "weights are 0 for both"),
    ({"weights": {"current": 1000, "new": 0}}, "weights.current must be 0 to 999, not 1000"),
    ({"conditions": [{**MARKED[0], "path_pattern_config": {"values": ["/"]}}]}, "takes http_header_config, not"),
    ({"conditions": [{"field": "source-ip"}]}, "takes source_ip_config, not nothing"),
    ({"conditions": [{"field": "path-pattern", "path_pattern_config": {"values": []}}]}, "has no values"),
    ({"conditions": [{"field": "path-pattern", "path_pattern_config": {"values": list("abcdef")}}]}, "have 6 values"),
    ({"service": "nobody", "conditions": MARKED}, "There is no service nobody in the cluster shop"),
    ({"new_service": "nobody", "conditions": MARKED}, "There is no service nobody in the cluster shop"),
    ({"new_service": "web", "conditions": MARKED}, "sends all requests to"),
    ({"account_id": "210987654321", "conditions": MARKED}, "account_id is 210987654321"),
    ({"scope": {"prefix": "shop-"}, "conditions": MARKED}, "is owned by no stack, so nothing says"),
    ({"scope": {"prefix": "s"}, "conditions": MARKED}, "fewer than 3 characters"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED)
def test_what_could_not_end_well_is_refused(aws, fork, route, options, words):
    before = fork.rules()
    result = route(**options)
    assert result["failed"] and words in result["msg"] and not writes(aws) and fork.rules() == before


def test_target_groups_that_nobody_would_answer_from(aws, fork, route):
    empty = fork.group("empty", address="")
    fork.rule(41, {"Field": "host-header", "Values": ["empty.invalid"]}, empty)
    lonely = fork.group("lonely")
    other_vpc = aws.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    abroad = fork.group("abroad", vpc=other_vpc)
    taken = fork.group("taken")
    fork.listen(80, fork.balance("other"), taken)

    def to(group: str, **options: Any) -> dict[str, Any]:
        return route(new_service=None, new_target_group_arn=group, conditions=MARKED, **options)

    assert "The target group empty is empty: its requests would get 503" in to(empty)["msg"]
    assert "is in no load balancer, which checks no target in it then (1 registered)" in to(lonely)["msg"]
    assert f"abroad is in {other_vpc}" in to(abroad, force=True)["msg"]
    assert "taken is used by" in to(taken, force=True)["msg"]
    assert "TargetGroupNotFound" in to(f"{lonely}0")["msg"]
    fork.fall_ill(fork.new)
    sick = route(conditions=MARKED)
    assert "No target of web-new is healthy (1 registered): unhealthy: Target.ResponseCodeMismatch" in sick["msg"]
    assert not writes(aws)
    for group in (empty, lonely, fork.new):
        forced = to(group, force=True)
        assert not forced["failed"] and forced["changed"] and forced["warnings"], forced["msg"]
        assert to(group, force=True, state="absent")["changed"]


def test_a_service_without_a_load_balancer_is_told_what_does_it(aws, fork, route):
    fork.shop.service("register", 0)
    result = route(service="register", conditions=MARKED)
    assert result["failed"] and "app_mesh_route" in result["msg"] and "x-amzn-ecs-blue-green-test" in result["msg"]


def test_a_rule_that_does_more_than_to_forward(aws, fork, route):
    log_in = {
        "Type": "authenticate-cognito", "Order": 1,
        "AuthenticateCognitoConfig": {"UserPoolArn": "arn:x", "UserPoolClientId": "c", "UserPoolDomain": "d"},
    }  # fmt: skip
    fork.rule(9, {"Field": "path-pattern", "Values": ["/in/*"]}, fork.old, before=[log_in])
    result = route(conditions=MARKED)
    assert result["failed"] and "would leave that out, as a log-in" in result["msg"] and not writes(aws)


def test_every_listener_of_the_load_balancer_or_those_given(aws, fork, route):
    second, third = fork.listen(81), fork.listen(82, group=fork.new)
    both = route(conditions=MARKED)
    assert [rule["listener_arn"] for rule in both["rules"]] == [fork.listener, second]
    assert len(fork.rules(third)) == 1
    only = route(conditions=MARKED, listener_arns=[second])
    assert not only["changed"] and [rule["listener_arn"] for rule in only["rules"]] == [second]
    fork.shop.ecs.delete_service(cluster="shop", service="web", force=True)
    fork.elb.delete_listener(ListenerArn=second)
    gone = route(state="absent", listener_arns=[second, fork.listener])
    assert gone["changed"] and len(fork.rules()) == 2 and gone["rules"] == []


@pytest.fixture
def ecs_shifts(aws, still, fork) -> str:
    """A service with blue/green deployments behind the listener; the ARN of its production rule."""
    blue, green = fork.group("blue"), fork.group("green")
    rule = fork.rule(5, {"Field": "path-pattern", "Values": ["/green/*"]}, blue)
    fork.elb.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": [
        {"TargetGroupArn": blue, "Weight": 100}, {"TargetGroupArn": green, "Weight": 0}]}}])  # fmt: skip
    role = "arn:aws:iam::123456789012:role/ecs"
    fork.serve("shifting", blue, alternateTargetGroupArn=green, productionListenerRule=rule, roleArn=role)
    aws.wait_until(lambda: deployments(fork)[0]["status"] == "SUCCESSFUL")
    fork.green = green
    return rule


def deployments(fork) -> list[dict[str, Any]]:
    return fork.shop.ecs.list_service_deployments(cluster="shop", service="shifting")["serviceDeployments"]


def test_weights_that_ecs_sets_itself(aws, fork, route, ecs_shifts):
    marked = {"service": "shifting", "new_service": None, "new_target_group_arn": fork.green, "conditions": MARKED}
    weights = {**marked, "weights": {"current": 9, "new": 1}}
    fork.shop.ecs.update_service(cluster="shop", service="shifting", forceNewDeployment=True, desiredCount=1)
    assert deployments(fork)[0]["status"] in ("PENDING", "IN_PROGRESS")
    before = fork.rules()["5"]
    result = route(**weights)
    assert result["failed"] and f"ECS sets the weights of the rule {ecs_shifts} itself" in result["msg"]
    assert not writes(aws) and not route(**marked)["failed"] and fork.rules()["5"] == before
    aws.faults.deny("ecs:ListServiceDeployments")
    blind = route(**weights)
    assert blind["failed"] and "ecs:ListServiceDeployments" in blind["msg"] and "Nothing was touched" in blind["msg"]
    aws.faults.allow("ecs:ListServiceDeployments")
    aws.wait_until(lambda: deployments(fork)[0]["status"] == "SUCCESSFUL")
    result = route(**weights)
    assert not result["failed"] and "take the route away before" in result["warnings"][0]
    assert aws.calls.by_action["ecs:ListServiceDeployments"]


ACTIONS = {
    "ecs:DescribeServices": 0,
    "elasticloadbalancing:DescribeTargetGroups": 0,
    "elasticloadbalancing:DescribeTargetHealth": 0,
    "elasticloadbalancing:DescribeListeners": 0,
    "elasticloadbalancing:DescribeRules": 0,
    "elasticloadbalancing:DescribeTags": 0,
    "elasticloadbalancing:CreateRule": 0,
    "elasticloadbalancing:ModifyRule": 2,
    "elasticloadbalancing:DeleteRule": 2,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_what_may_not_be_done_is_named(aws, fork, route, action):
    """``ACTIONS``: how many rules there have to be for it to be called."""
    if ACTIONS[action]:
        route(conditions=MARKED, weights={"current": 1, "new": 1})
    before = fork.rules()
    aws.faults.deny(action)
    options = {"state": "absent"} if action.endswith("DeleteRule") else {"weights": {"current": 2, "new": 1}}
    result = route(conditions=MARKED, **options)
    aws.faults.allow(action)
    assert result["failed"] and action in result["msg"] and fork.rules() == before
    writing = action.rpartition(":")[2] in WRITES
    assert ("Nothing was changed" if writing else "Nothing was touched") in result["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_who_may_not_ask_whose_a_listener_is_touches_none(aws, fork, route, state):
    route(conditions=MARKED)
    before = fork.rules()
    aws.faults.deny("cloudformation:DescribeStackResources")
    result = route(weights={"current": 1, "new": 1}, scope={"prefix": "shop-"}, state=state)
    aws.faults.allow("cloudformation:DescribeStackResources")
    assert result["failed"] and "cloudformation:DescribeStackResources" in result["msg"] and fork.rules() == before


def test_what_changes_meanwhile(aws, fork, route):
    create = "elasticloadbalancing:CreateRule"
    aws.faults.refuse(create, "PriorityInUse", "Priority '49999' is currently in use", times=1)
    result = route(conditions=MARKED)
    assert result["changed"] and writes(aws) == {"CreateRule": 2}, result.get("msg")

    aws.faults.refuse(create, "TooManyRules", "The maximum number of rules has been reached", times=1)
    result = route(conditions=MARKED, weights={"current": 1, "new": 1})
    assert result["failed"] and "may have 100 rules" in result["msg"]

    aws.faults.refuse("elasticloadbalancing:DeleteRule", "RuleNotFound", "One or more rules not found", times=1)
    assert not route(state="absent")["failed"]

    aws.faults.refuse(create, "PriorityInUse", "Priority '49999' is currently in use", times=5)
    result = route(weights={"current": 1, "new": 1})
    assert result["failed"] and "Somebody else changed the rules" in result["msg"]

    second = fork.listen(81)
    aws.faults.refuse(create, "ListenerNotFound", "One or more listeners not found", times=1)
    route(state="absent")
    result = route(conditions=MARKED, listener_arns=[second])
    assert result["failed"] and "The listener was deleted meanwhile" in result["msg"] and not result["changed"]


def test_a_run_that_ends_halfway_says_how_far_it_came(aws, fork, route):
    """And the next one goes on from there: a rule has its tag from its first moment."""
    second, third = fork.listen(81), fork.listen(82)
    for number in range(98):
        fork.rule(number + 1, {"Field": "path-pattern", "Values": [f"/{number}"]}, fork.new, listener=third)
    before = fork.rules(second)
    result = route(conditions=MARKED, listener_arns=[fork.listener, second])
    assert result["failed"] and result["changed"] and "answered TooManyRules" in result["msg"]
    assert "By then: port 80, priority 49999: x-version: new" in result["msg"] and fork.rules(second) == before
    made = result["rules"][0]["rule_arn"]
    tags = fork.elb.describe_tags(ResourceArns=[made])["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "workshop.lifecycle:route", "Value": "shop/web/marked"}]

    fork.elb.delete_listener(ListenerArn=third)
    result = route(conditions=MARKED, listener_arns=[fork.listener, second])
    assert result["changed"] and writes(aws) == {"CreateRule": 1} and result["rules"][0]["rule_arn"] == made
