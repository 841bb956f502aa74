# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers on the emulator."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.world import world
from tests.unit.emulator.account import Account, about


@pytest.fixture
def town(account: Account) -> Account:
    """An account with a VPC."""
    return account.network()


def balancer(town: Account) -> str:
    answer = town.elbv2.create_load_balancer(Name="front", Subnets=town.subnets, SecurityGroups=[town.group])
    return answer["LoadBalancers"][0]["LoadBalancerArn"]


def test_a_load_balancer_has_an_interface_in_each_subnet(town: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html

    Description and requester as quoted in https://github.com/alantech/iasql/pull/654
    """
    arn = balancer(town)
    interfaces = town.interfaces()
    assert sorted(item["SubnetId"] for item in interfaces) == sorted(town.subnets)
    assert {item["RequesterId"] for item in interfaces} == {"amazon-elb"}
    assert {item["Description"] for item in interfaces} == {"ELB " + arn.partition("loadbalancer/")[2]}
    assert all(item["Association"]["PublicIp"] for item in interfaces)


def test_its_interfaces_outlive_it(town: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html"""
    assert world.durations.draw("ec2.interface.alb") == 38
    world.durations.set("ec2.interface.alb", 200)
    arn = balancer(town)
    town.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    with pytest.raises(ClientError, match="LoadBalancerNotFound"):
        town.elbv2.describe_load_balancers(LoadBalancerArns=[arn])
    assert len(town.interfaces()) == 3
    with pytest.raises(ClientError, match="DependencyViolation"):
        town.ec2.delete_security_group(GroupId=town.group)
    interface = town.interfaces()[0]["NetworkInterfaceId"]
    town.emulator.wait_until(lambda: not town.interfaces(), 400)
    gone = town.times("interface", interface)["deleted"]
    assert gone - town.times("load_balancer", "front")["deleted"] == about(200)
    town.ec2.delete_security_group(GroupId=town.group)


def test_deleting_it_again_is_no_error(town: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    arn = balancer(town)
    town.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    town.elbv2.delete_load_balancer(LoadBalancerArn=arn)


def test_deletion_protection(town: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html"""
    arn = balancer(town)
    town.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
    )
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        town.elbv2.delete_load_balancer(LoadBalancerArn=arn)


def test_a_target_group_in_use_is_not_deleted(town: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"""
    arn = balancer(town)
    group = town.elbv2.create_target_group(Name="soup", Protocol="HTTP", Port=80, VpcId=town.vpc, TargetType="ip")[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    town.elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=actions)
    with pytest.raises(ClientError, match="ResourceInUse"):
        town.elbv2.delete_target_group(TargetGroupArn=group)
    town.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    town.elbv2.delete_target_group(TargetGroupArn=group)


@pytest.fixture
def listener(town: Account) -> tuple[str, str]:
    """ARNs of a listener and of its target group, which has the target 10.0.0.9."""
    group = group_of(town, "soup")
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    answer = town.elbv2.create_listener(
        LoadBalancerArn=balancer(town), Protocol="HTTP", Port=80, DefaultActions=actions
    )
    return answer["Listeners"][0]["ListenerArn"], group


def group_of(town: Account, name: str) -> str:
    answer = town.elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=town.vpc, TargetType="ip")
    arn = answer["TargetGroups"][0]["TargetGroupArn"]
    town.elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.0.0.9", "Port": 80}])
    return arn


def make_rule(town: Account, listener: str, *groups: str, priority: int = 1, weight: int = 1, paths: int = 1) -> str:
    tuples = [{"TargetGroupArn": group, "Weight": weight} for group in groups]
    return town.elbv2.create_rule(
        ListenerArn=listener, Priority=priority, Conditions=[{"Field": "path-pattern", "Values": ["/a"]}] if paths == 1
        else [{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{number}" for number in range(paths)]}}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": tuples}}],
    )["Rules"][0]["RuleArn"]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"weight": 1000}, "ValidationError.*999"),
        ({"priority": 50001}, "ValidationError.*50000"),
        ({"paths": 6}, "A rule can only have '5' condition values"),
        ({"groups": 6}, "TooManyTargetGroups"),
    ],
)
def test_rules_that_are_refused(town: Account, listener: tuple[str, str], options: dict[str, int], code: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html

    The words for condition values are those of https://github.com/aws/aws-cdk/issues/10065
    """
    given = dict(options)
    groups = [group_of(town, f"g{number}") for number in range(given.pop("groups", 1))]
    with pytest.raises(ClientError, match=code):
        make_rule(town, listener[0], *groups, **given)
    assert len(town.elbv2.describe_rules(ListenerArn=listener[0])["Rules"]) == 1


def test_a_load_balancer_has_a_hundred_rules(town: Account, listener: tuple[str, str]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"""
    for number in range(1, 101):
        make_rule(town, *listener, priority=number)
    with pytest.raises(ClientError, match="TooManyRules"):
        make_rule(town, *listener, priority=200)


def test_a_target_group_is_of_one_load_balancer_as_long_as_a_rule_uses_it(
    town: Account, listener: tuple[str, str]
) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/22005

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
    """
    group = group_of(town, "stew")

    def seen() -> tuple[int, str]:
        found = town.elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"]
        health = town.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]
        return len(found), health["TargetHealth"]["State"]

    assert seen() == (0, "unused")
    rule = make_rule(town, listener[0], group)
    assert seen() == (1, "healthy")
    other = town.elbv2.create_load_balancer(Name="other", Subnets=town.subnets, SecurityGroups=[town.group])
    actions = [{"Type": "forward", "TargetGroupArn": group_of(town, "salad")}]
    elsewhere = town.elbv2.create_listener(
        LoadBalancerArn=other["LoadBalancers"][0]["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=actions
    )["Listeners"][0]["ListenerArn"]
    with pytest.raises(ClientError, match="TargetGroupAssociationLimit"):
        make_rule(town, elsewhere, group)
    town.elbv2.delete_rule(RuleArn=rule)
    assert seen() == (0, "unused")


def test_rules_that_are_not_deleted(town: Account, listener: tuple[str, str]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html"""
    rule = make_rule(town, *listener)
    town.elbv2.delete_rule(RuleArn=rule)
    with pytest.raises(ClientError, match="RuleNotFound"):
        town.elbv2.delete_rule(RuleArn=rule)
    default = town.elbv2.describe_rules(ListenerArn=listener[0])["Rules"][0]["RuleArn"]
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        town.elbv2.delete_rule(RuleArn=default)
