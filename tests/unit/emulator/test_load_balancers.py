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
