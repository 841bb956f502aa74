# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many things of other people, and one of each kind that was left behind."""

from __future__ import annotations

import time

import pytest

from tests.emulator import Emulator, crowd
from tests.unit.emulator.account import CLUSTER, Account
from tests.unit.emulator.stacks import Stacks
from tests.workshop.left_behind import API, LeftBehind, leave_behind


def test_a_crowd_is_there_at_once(kitchen: Account, stacks: Stacks) -> None:
    before = time.monotonic()
    crowd.put_stacks(600)
    crowd.put_log_groups(1000)
    crowd.put_tasks(300, CLUSTER)
    assert time.monotonic() - before < 5
    pages = stacks.client.get_paginator("describe_stacks").paginate()
    ids = {stack["StackId"] for page in pages for stack in page["Stacks"]}
    groups = kitchen.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/other/")
    tasks = kitchen.ecs.get_paginator("list_tasks").paginate(cluster=CLUSTER)
    assert len(ids) == 600
    assert sum(len(page["logGroups"]) for page in groups) == 1000
    assert sum(len(page["taskArns"]) for page in tasks) == 300
    assert kitchen.describe_task(kitchen.listed()[0])["lastStatus"] == "RUNNING"


def test_each_of_a_crowd_is_its_own(stacks: Stacks, kitchen: Account) -> None:
    names = crowd.put_stacks(3)
    tasks = crowd.put_tasks(2, CLUSTER)
    stack_id = stacks.show(names[1])["StackId"]
    stacks.delete(names[1])
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert [stacks.status(name) for name in (names[0], names[2])] == ["CREATE_COMPLETE"] * 2
    kitchen.ecs.stop_task(cluster=CLUSTER, task=tasks[0])
    kitchen.wait_for_status(tasks[0], "STOPPED")
    assert kitchen.status(tasks[1]) == "RUNNING"


@pytest.fixture
def left(emulator: Emulator) -> dict[str, LeftBehind]:
    """What was left behind, by kind, after all that is only remembered has been forgotten."""
    left = leave_behind(emulator)
    emulator.clock.advance(400)
    return left


def test_one_of_each_kind_is_left_behind(emulator: Emulator, stacks: Stacks, left: dict[str, LeftBehind]) -> None:
    assert stacks.status(left["stack"].name) == "DELETE_FAILED"
    assert "registered instances" in stacks.reason(left["stack"].id, "Registry")
    assert stacks.status(left["namespace_stack"].name) == "CREATE_COMPLETE"
    orphan = left["cloud_map_instance"]
    instances = emulator.client("servicediscovery").list_instances(ServiceId=orphan.parent)["Instances"]
    assert [instance["Id"] for instance in instances] == [orphan.id]
    assert emulator.client("iam").get_role(RoleName=left["retained"].id)
    gone = {s["StackName"] for s in stacks.client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]}
    assert gone == {left[kind].parent for kind in ("retained", "tagged", "task_definition")}
    groups = emulator.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == [left["log_group"].id]
    xray = emulator.client("xray")
    groups = [group["GroupName"] for group in xray.get_groups()["Groups"]]
    assert groups == [left["xray_group"].id, left["faults_group"].id]
    rules = {record["SamplingRule"]["RuleName"] for record in xray.get_sampling_rules()["SamplingRuleRecords"]}
    assert left["xray_sampling_rule"].id in rules
    alarms = emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == [left["alarm"].id]
    assert emulator.client("ssm").get_parameter(Name=left["ssm_parameter"].id)
    inactive = emulator.client("ecs").list_task_definitions(familyPrefix=API, status="INACTIVE")["taskDefinitionArns"]
    assert inactive == [left["task_definition"].id]


def test_the_subnet_left_behind_has_the_tags_of_a_stack_that_is_gone(
    emulator: Emulator, stacks: Stacks, left: dict[str, LeftBehind]
) -> None:
    filters = [{"Key": "aws:cloudformation:stack-name", "Values": [left["tagged"].parent]}]
    tagging = emulator.client("resourcegroupstaggingapi")
    mappings = tagging.get_resources(TagFilters=filters)["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in mappings] == [left["tagged"].name]
    tags = {tag["Key"]: tag["Value"] for tag in mappings[0]["Tags"]}
    assert "DELETE_SKIPPED" not in stacks.resources(tags["aws:cloudformation:stack-id"]).values()
    assert emulator.client("ec2").describe_subnets(SubnetIds=[left["tagged"].id])["Subnets"]


def test_what_was_left_behind_can_be_removed(emulator: Emulator, stacks: Stacks, left: dict[str, LeftBehind]) -> None:
    orphan = left["cloud_map_instance"]
    emulator.client("servicediscovery").deregister_instance(ServiceId=orphan.parent, InstanceId=orphan.id)
    emulator.clock.advance(60)
    for kind in ("stack", "namespace_stack"):
        stacks.delete(left[kind].id)
        assert stacks.end(left[kind].id) == "DELETE_COMPLETE"
