# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images whose containers end, or do not come to listen, on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account, about


def balanced(kitchen: Account, **settings: Any) -> str:
    """The service soup behind a listener, checked every 10 s and given up after 2; ARN of its target group."""
    group = kitchen.elbv2.create_target_group(
        Name="soup", Protocol="HTTP", Port=80, VpcId=kitchen.vpc, TargetType="ip", HealthCheckIntervalSeconds=10,
        UnhealthyThresholdCount=2,
    )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
    kitchen.listen(group)
    balancing = [{"targetGroupArn": group, "containerName": "app", "containerPort": 80}]
    kitchen.service("soup", loadBalancers=balancing, **settings)
    return group


def health(kitchen: Account, group: str) -> list[dict[str, str]]:
    found = kitchen.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return [item["TargetHealth"] for item in found]


def stopped(kitchen: Account) -> dict[str, Any]:
    """The first task that stopped."""
    kitchen.emulator.wait_until(lambda: kitchen.listed(desiredStatus="STOPPED"), 600)
    arn = kitchen.listed(desiredStatus="STOPPED")[0]
    kitchen.wait_for_status(arn, "STOPPED")
    return kitchen.describe_task(arn)


def test_a_container_that_is_out_of_memory_is_killed(kitchen: Account) -> None:
    """https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors"""
    world.faults.break_image("example/app", "memory")
    kitchen.service("soup")
    task = stopped(kitchen)
    assert (task["stopCode"], task["stoppedReason"]) == (
        "EssentialContainerExited", "Essential container in task exited",
    )  # fmt: skip
    (container,) = task["containers"]
    assert container["exitCode"] == 137
    assert container["reason"] == "OutOfMemoryError: Container killed due to memory usage"


def test_a_container_that_lacks_disk_space_exits(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"""
    options = {"awslogs-group": "soups", "awslogs-region": "eu-central-1", "awslogs-create-group": "true"}
    kitchen.ecs.register_task_definition(
        family="app", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[
            {"name": "app", "image": "example/app", "logConfiguration": {"logDriver": "awslogs", "options": options}}
        ],
    )  # fmt: skip
    world.faults.break_image("example/app", "disk")
    kitchen.service("soup")
    task = stopped(kitchen)
    (container,) = task["containers"]
    assert container["exitCode"] == 1 and "reason" not in container
    event = kitchen.logs.filter_log_events(logGroupName="soups")["events"][0]
    assert event["message"] == "fatal: write /var/lib/app/data: no space left on device"
    assert event["logStreamName"] == f"ecs/app/{task['taskArn'].rpartition('/')[2]}"


def test_a_slow_start_within_the_grace_period_comes_well(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html"""
    world.faults.break_image("example/app", "slow", after=60)
    group = balanced(kitchen, healthCheckGracePeriodSeconds=90)
    assert kitchen.describe_service("soup")["healthCheckGracePeriodSeconds"] == 90
    kitchen.emulator.wait_until(lambda: health(kitchen, group), 100)
    assert health(kitchen, group)[0]["State"] == "initial"
    began = world.clock.now()
    kitchen.emulator.wait_until(lambda: health(kitchen, group)[0]["State"] == "healthy", 200)
    assert world.clock.now() - began == about(60)
    assert not kitchen.listed(desiredStatus="STOPPED")


@pytest.mark.parametrize(("how", "after"), [("slow", 60), ("port", 0)])
def test_a_task_that_does_not_listen_in_time_is_replaced(kitchen: Account, how: str, after: float) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html;
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html"""
    world.faults.break_image("example/app", how, after)
    group = balanced(kitchen)
    kitchen.emulator.wait_until(lambda: health(kitchen, group) and health(kitchen, group)[0]["State"] != "initial", 200)
    assert health(kitchen, group) == [
        {"State": "unhealthy", "Reason": "Target.FailedHealthChecks", "Description": "Health checks failed"}
    ]
    assert stopped(kitchen)["stoppedReason"] == f"Task failed ELB health checks in (target-group {group})"


def test_a_wrong_port_that_nobody_checks_is_not_noticed(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-healthcheck.html"""
    world.faults.break_image("example/app", "port")
    kitchen.service("soup")
    kitchen.emulator.clock.sleep(600)
    assert kitchen.describe_service("soup")["runningCount"] == 1
    assert not kitchen.ecs.list_tasks(cluster=CLUSTER, desiredStatus="STOPPED")["taskArns"]
