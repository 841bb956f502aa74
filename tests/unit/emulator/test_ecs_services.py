# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS services on the emulator: how many tasks they keep, and how they end."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account, about, task_id


def test_a_service_runs_its_tasks(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html"""
    kitchen.service("soup", desired=2)
    service = kitchen.describe_service("soup")
    assert (service["status"], service["desiredCount"], service["runningCount"]) == ("ACTIVE", 2, 2)
    task = kitchen.describe_task(kitchen.listed(serviceName="soup")[0])
    assert (task["group"], task["launchType"], task["lastStatus"]) == ("service:soup", "FARGATE", "RUNNING")
    assert task["startedBy"] == service["deployments"][0]["id"]


def test_a_stopped_task_is_replaced_while_the_service_is_active(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html (replaces stopped tasks)"""
    kitchen.service("soup")
    first = kitchen.listed()[0]
    kitchen.ecs.stop_task(cluster=CLUSTER, task=first)
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("soup")["runningCount"] == 1, 200)
    assert kitchen.listed() != [first]
    assert len(kitchen.listed()) == 1


def test_a_task_is_not_replaced_after_scaling_to_zero(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"""
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")
    kitchen.emulator.clock.sleep(60)
    assert kitchen.listed() == []
    assert kitchen.interfaces() == []


def test_scaling_up(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"""
    kitchen.service("soup", desired=0)
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=2)
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("soup")["runningCount"] == 2, 200)


def test_a_new_task_definition_rolls_over(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"""
    kitchen.service("soup", deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 0})
    old = kitchen.listed()[0]
    new_definition = kitchen.define("app")
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", taskDefinition="app")
    kitchen.emulator.wait_until(
        lambda: kitchen.listed() and kitchen.status(kitchen.listed()[0]) == "RUNNING" and kitchen.listed() != [old], 200
    )
    assert kitchen.describe_task(kitchen.listed()[0])["taskDefinitionArn"] == new_definition
    assert kitchen.status(old) != "RUNNING"
    service = kitchen.describe_service("soup")
    assert service["taskDefinition"] == new_definition
    assert [item["status"] for item in service["deployments"]] == ["PRIMARY"]


def test_delete_service_needs_force_while_scaled_above_zero(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html (force)"""
    kitchen.service("soup")
    with pytest.raises(ClientError, match="InvalidParameterException.*scaled above 0"):
        kitchen.ecs.delete_service(cluster=CLUSTER, service="soup")
    assert kitchen.describe_service("soup")["status"] == "ACTIVE"


def test_a_deleted_service_drains_and_is_inactive_before_its_interfaces_are_gone(kitchen: Account) -> None:
    """INACTIVE once all tasks are STOPPING or STOPPED; DRAINING ones are missing from ListServices.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    world.durations.set("ecs.task.deregister", 200)
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    answer = kitchen.ecs.delete_service(cluster=CLUSTER, service="soup", force=True)
    assert answer["service"]["status"] == "DRAINING"
    assert kitchen.ecs.list_services(cluster=CLUSTER)["serviceArns"] == []
    assert kitchen.describe_service("soup")["status"] == "DRAINING"
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("soup")["status"] == "INACTIVE", 600)
    inactive = kitchen.times("service", "soup")["INACTIVE"]
    task = kitchen.times("task", task_id(arn))
    assert inactive == about(task["STOPPING"])
    kitchen.wait_for_status(arn, "STOPPED")
    assert kitchen.describe_service("soup")["status"] == "INACTIVE"


def test_a_service_without_tasks_is_inactive_at_once(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html"""
    kitchen.service("soup", desired=0)
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup")
    assert kitchen.describe_service("soup")["status"] == "INACTIVE"


def test_what_an_ended_service_answers(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html#API_UpdateService_Errors"""
    kitchen.service("soup", desired=0)
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup")
    with pytest.raises(ClientError, match="ServiceNotActiveException"):
        kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    with pytest.raises(ClientError, match="ServiceNotFoundException"):
        kitchen.ecs.delete_service(cluster=CLUSTER, service="soup")
    with pytest.raises(ClientError, match="ServiceNotFoundException"):
        kitchen.ecs.update_service(cluster=CLUSTER, service="salad", desiredCount=0)


def test_the_name_of_a_draining_service_is_taken(kitchen: Account) -> None:
    """https://github.com/spinnaker/spinnaker/issues/5476"""
    world.durations.set("ecs.task.deregister", 600)
    kitchen.service("soup")
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup", force=True)
    with pytest.raises(ClientError, match="Unable to Start a service that is still Draining"):
        kitchen.service("soup")


def test_pages_and_limits_of_services(kitchen: Account) -> None:
    """ListServices: 10 a page unless told otherwise, 100 at most; DescribeServices: 10 a call, MISSING as failure.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
    """
    arns = [kitchen.service(f"dish-{number:02}", desired=0) for number in range(12)]
    first = kitchen.ecs.list_services(cluster=CLUSTER)
    second = kitchen.ecs.list_services(cluster=CLUSTER, nextToken=first["nextToken"])
    assert (len(first["serviceArns"]), len(second["serviceArns"])) == (10, 2)
    assert kitchen.ecs.list_services(cluster=CLUSTER, maxResults=100)["serviceArns"] == sorted(arns)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        kitchen.ecs.list_services(cluster=CLUSTER, maxResults=101)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        kitchen.ecs.describe_services(cluster=CLUSTER, services=arns)
    answer = kitchen.ecs.describe_services(cluster=CLUSTER, services=["dish-00", "none"])
    assert [service["serviceName"] for service in answer["services"]] == ["dish-00"]
    assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]


def test_tasks_leave_their_target_group_before_they_stop(kitchen: Account) -> None:
    """The longest deregistration delay counts.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    """
    group = kitchen.elbv2.create_target_group(
        Name="soup", Protocol="HTTP", Port=8080, VpcId=kitchen.vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    kitchen.elbv2.modify_target_group_attributes(
        TargetGroupArn=group, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "200"}]
    )
    kitchen.service("soup", loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    arn = kitchen.listed()[0]
    targets = kitchen.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [target["Target"]["Id"] for target in targets] == [kitchen.interfaces()[0]["PrivateIpAddress"]]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "DEACTIVATING")
    assert kitchen.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"] == []
    kitchen.wait_for_status(arn, "STOPPED")
    times = kitchen.times("task", task_id(arn))
    assert times["STOPPING"] - times["DEACTIVATING"] == about(200)


def test_tasks_are_instances_in_cloud_map(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html

    Attributes as in https://github.com/hashicorp/terraform-provider-aws/issues/4853
    """
    registry_id, registry_arn = kitchen.registry("soup")
    kitchen.service("soup", serviceRegistries=[{"registryArn": registry_arn}])
    arn = kitchen.listed()[0]
    assert kitchen.instances(registry_id) == [task_id(arn)]
    instance = kitchen.discovery.list_instances(ServiceId=registry_id)["Instances"][0]
    assert instance["Attributes"]["AWS_INSTANCE_IPV4"] == kitchen.interfaces()[0]["PrivateIpAddress"]
    assert instance["Attributes"]["ECS_SERVICE_NAME"] == "soup"
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "STOPPED")
    assert kitchen.instances(registry_id) == []


def test_orphaned_instances_outlive_their_task(kitchen: Account) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/4853"""
    kitchen.emulator.faults.orphan_instances(["soup"])
    registry_id, registry_arn = kitchen.registry("soup")
    kitchen.service("soup", serviceRegistries=[{"registryArn": registry_arn}])
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "STOPPED")
    assert kitchen.instances(registry_id) == [task_id(arn)]


def test_a_hanging_service_is_freed_by_nothing_while_it_hangs(kitchen: Account) -> None:
    """https://github.com/aws/aws-cli/issues/1334"""
    kitchen.emulator.faults.hang_service("soup")
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup", force=True)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.emulator.clock.sleep(300)
    assert kitchen.status(arn) == "DEACTIVATING"
    assert kitchen.describe_service("soup")["status"] == "DRAINING"
    kitchen.emulator.faults.clear()
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")


def test_a_late_task_shows_up_once_after_scaling_to_zero(kitchen: Account) -> None:
    """A task that was being placed: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html"""
    kitchen.emulator.faults.late_task(["soup"], seconds=60)
    kitchen.service("soup")
    first = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=first)
    kitchen.emulator.wait_until(lambda: any(arn != first for arn in kitchen.listed(desiredStatus="STOPPED")), 200)
    late = next(arn for arn in kitchen.listed(desiredStatus="STOPPED") if arn != first)
    kitchen.wait_for_status(late, "STOPPED")
    assert kitchen.listed() == []
