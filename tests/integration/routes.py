# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two versions of a service behind one load balancer, for the tests of routes."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import elbv2_backends

from tests.emulator import Emulator
from tests.emulator.world import world
from tests.integration.clusters import Shop

MARKED = [{"field": "http-header", "http_header_config": {"http_header_name": "x-version", "values": ["new"]}}]


class Fork:
    """The services ``web``, to which the listener's default action leads, and ``web-new``, whose target group is in the
    load balancer by a rule that no request meets. Their targets are made by hand, and healthy."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.elb = aws.client("elbv2")
        self.shop = Shop(aws)
        ec2 = aws.client("ec2")
        other = ec2.create_subnet(VpcId=self.shop.vpc, CidrBlock="10.0.16.0/20")["Subnet"]["SubnetId"]
        self.subnets = [self.shop.subnet, other]
        self.old, self.new = self.group("web"), self.group("web-new")
        self.balancer = self.balance("front")
        self.listener = self.listen(80)
        self.own = self.rule(40, {"Field": "host-header", "Values": ["new.invalid"]}, self.new)
        self.serve("web", self.old)
        self.serve("web-new", self.new)

    def group(self, name: str, address: str = "10.0.0.9", vpc: str = "") -> str:
        """A target group, with a target if there is an address."""
        arn = self.elb.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=vpc or self.shop.vpc, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        if address:
            self.elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": address, "Port": 80}])
        return arn

    def fall_ill(self, group: str) -> None:
        """Its target is not healthy any more."""
        region, account = group.split(":")[3:5]
        with world.lock:
            elbv2_backends[account][region].set_health(group, "10.0.0.9", "unhealthy")

    def balance(self, name: str) -> str:
        return self.elb.create_load_balancer(Name=name, Subnets=self.subnets)["LoadBalancers"][0]["LoadBalancerArn"]

    def listen(self, port: int, balancer: str = "", group: str = "") -> str:
        return self.elb.create_listener(
            LoadBalancerArn=balancer or self.balancer, Protocol="HTTP", Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group or self.old}],
        )["Listeners"][0]["ListenerArn"]  # fmt: skip

    def rule(self, priority: int, condition: dict[str, Any], group: str, **more: Any) -> str:
        """A rule of somebody else."""
        return self.elb.create_rule(
            ListenerArn=more.get("listener", self.listener), Priority=priority, Conditions=[condition],
            Actions=[*more.get("before", []), {"Type": "forward", "TargetGroupArn": group, "Order": 9}],
        )["Rules"][0]["RuleArn"]  # fmt: skip

    def serve(self, name: str, group: str, cluster: str = "shop", **advanced: Any) -> None:
        """A service without tasks."""
        balancing = {"targetGroupArn": group, "containerName": "app", "containerPort": 80}
        self.shop.ecs.create_service(
            cluster=cluster, serviceName=name, taskDefinition="app", desiredCount=0, launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [self.shop.subnet]}},
            loadBalancers=[{**balancing, **({"advancedConfiguration": advanced} if advanced else {})}],
        )  # fmt: skip

    def rules(self, listener: str = "") -> dict[str, tuple[str, dict[str, int]]]:
        """The rules of a listener: ARN and weights by priority."""
        found = {}
        for rule in self.elb.describe_rules(ListenerArn=listener or self.listener)["Rules"]:
            weights = {}
            for action in rule["Actions"]:
                tuples = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
                weights.update(
                    {item["TargetGroupArn"]: item.get("Weight", 1) for item in tuples if "TargetGroupArn" in item}
                )
            found[str(rule["Priority"])] = (rule["RuleArn"], weights)
        return found
