# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of ECS tasks on the emulator."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account, about, task_id


def test_a_task_goes_through_the_documented_statuses(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html"""
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "STOPPED")
    times = kitchen.times("task", task_id(arn))
    assert list(times) == ["RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]
    assert times["STOPPED"] - times["DEACTIVATING"] == about(45 + 15 + 15)


def test_a_task_that_is_told_to_stop_is_listed_as_stopped_at_once(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html (desiredStatus)"""
    world.durations.set("ec2.interface.task", 300)
    arn = kitchen.run_task()
    kitchen.wait_for_status(arn, "RUNNING")
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    assert kitchen.listed() == []
    assert kitchen.listed(desiredStatus="STOPPED") == [arn]
    task = kitchen.describe_task(arn)
    assert task["desiredStatus"] == "STOPPED"
    assert task["lastStatus"] != "STOPPED"


def test_stop_task_keeps_the_reason(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html"""
    arn = kitchen.run_task()
    kitchen.wait_for_status(arn, "RUNNING")
    kitchen.ecs.stop_task(cluster=CLUSTER, task=task_id(arn), reason="cleaning up")
    task = kitchen.describe_task(arn)
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "cleaning up")


def test_stop_task_of_an_unknown_task(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html#API_StopTask_Errors"""
    with pytest.raises(ClientError, match="InvalidParameterException.*The referenced task was not found"):
        kitchen.ecs.stop_task(cluster=CLUSTER, task="0" * 32)


def test_stop_task_is_quicker_than_draining(kitchen: Account) -> None:
    """The workshop's advice for slow deletions, https://github.com/cuddlekube/workshop/blob/master/step5.md"""
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")
    times = kitchen.times("task", task_id(arn))
    assert times["STOPPED"] - times["DEACTIVATING"] == about(5 + 15 + 15)


def test_the_interface_goes_with_the_task(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html"""
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    interface = kitchen.interfaces()[0]
    details = {item["name"]: item["value"] for item in kitchen.describe_task(arn)["attachments"][0]["details"]}
    assert details["networkInterfaceId"] == interface["NetworkInterfaceId"]
    assert interface["Status"] == "in-use"
    assert interface["SubnetId"] in kitchen.subnets
    assert [group["GroupId"] for group in interface["Groups"]] == [kitchen.group]
    assert interface["Description"].startswith("arn:aws:ecs:eu-central-1:123456789012:attachment/")
    assert interface["RequesterManaged"] and interface["Association"]["PublicIp"]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "STOPPED")
    assert kitchen.interfaces() == []
    gone = kitchen.times("interface", interface["NetworkInterfaceId"])["deleted"]
    assert gone == about(kitchen.times("task", task_id(arn))["STOPPED"])


def test_a_standalone_task_starts_and_belongs_to_its_family(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html"""
    world.durations.set("ecs.task.start", 300)
    arn = kitchen.run_task(startedBy="somebody")
    assert kitchen.status(arn) == "PROVISIONING"
    assert kitchen.describe_task(arn)["group"] == "family:app"
    assert kitchen.listed(family="app") == kitchen.listed(startedBy="somebody") == [arn]
    assert kitchen.listed(startedBy="nobody") == []
    assert len(kitchen.interfaces()) == 1
    kitchen.wait_for_status(arn, "RUNNING")


def test_a_task_that_has_not_started_yet_is_stopped_without_draining(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html"""
    world.durations.set("ecs.task.start", 600)
    arn = kitchen.run_task()
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")
    assert list(kitchen.times("task", task_id(arn))) == ["PROVISIONING", "DEPROVISIONING", "STOPPED"]


def test_a_stopped_task_is_missing_after_an_hour(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html"""
    assert world.durations.draw("ecs.task.forget") == 3600
    world.durations.set("ecs.task.forget", 60)
    arn = kitchen.run_task()
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")
    kitchen.emulator.wait_until(lambda: kitchen.ecs.describe_tasks(cluster=CLUSTER, tasks=[arn])["failures"], 300)
    answer = kitchen.ecs.describe_tasks(cluster=CLUSTER, tasks=[arn])
    assert answer["tasks"] == []
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]
    assert kitchen.listed(desiredStatus="STOPPED") == []


def test_pages_and_limits_of_tasks(kitchen: Account) -> None:
    """ListTasks: 100 a page; DescribeTasks: 100 a call.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """
    kitchen.service("soup", desired=120)
    first = kitchen.ecs.list_tasks(cluster=CLUSTER)
    assert len(first["taskArns"]) == 100
    second = kitchen.ecs.list_tasks(cluster=CLUSTER, nextToken=first["nextToken"])
    assert len(second["taskArns"]) == 20 and "nextToken" not in second
    assert len(set(first["taskArns"] + second["taskArns"])) == 120
    assert len(kitchen.ecs.describe_tasks(cluster=CLUSTER, tasks=first["taskArns"])["tasks"]) == 100
    with pytest.raises(ClientError, match="InvalidParameterException"):
        kitchen.ecs.describe_tasks(cluster=CLUSTER, tasks=first["taskArns"] + second["taskArns"])


def test_tasks_of_a_missing_cluster(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html#API_ListTasks_Errors"""
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        kitchen.ecs.list_tasks(cluster="elsewhere")


def test_containers_that_ignore_sigterm_are_killed_after_thirty_seconds(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html (SIGKILL after 30 s)"""
    kitchen.emulator.faults.ignore_sigterm(["soup"])
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "STOPPED")
    times = kitchen.times("task", task_id(arn))
    assert times["DEPROVISIONING"] - times["STOPPING"] == about(30)
    assert kitchen.describe_task(arn)["containers"][0]["exitCode"] == 137


def test_lingering_tasks_stay_until_stop_task(kitchen: Account) -> None:
    """The workshop's known fault, https://github.com/cuddlekube/workshop/blob/master/step5.md"""
    kitchen.emulator.faults.linger()
    kitchen.service("soup")
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.wait_for_status(arn, "DEACTIVATING")
    kitchen.emulator.clock.sleep(200)
    assert kitchen.status(arn) == "DEACTIVATING"
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.wait_for_status(arn, "STOPPED")


def test_a_task_whose_role_is_deleted_never_ends(kitchen: Account) -> None:
    """https://github.com/aws/aws-cli/issues/1334"""
    iam = kitchen.emulator.client("iam")
    role = iam.create_role(RoleName="task", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    kitchen.service("soup", taskDefinition=kitchen.define("app", taskRoleArn=role))
    arn = kitchen.listed()[0]
    iam.delete_role(RoleName="task")
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    kitchen.emulator.clock.sleep(200)
    assert kitchen.status(arn) == "DEACTIVATING"
    iam.create_role(RoleName="task", AssumeRolePolicyDocument="{}")
    kitchen.wait_for_status(arn, "STOPPED")
