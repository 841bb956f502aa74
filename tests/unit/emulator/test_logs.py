# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups on the emulator that come back."""

from __future__ import annotations

from tests.emulator.world import world
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks

GROUP = "flows"


def flow_log(account: Account, group: str = GROUP) -> str:
    """A VPC with a flow log into a group; the id of the flow log."""
    account.network()
    role = account.emulator.client("iam").create_role(RoleName="flows", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    if group not in groups(account):
        account.logs.create_log_group(logGroupName=group)
    answer = account.ec2.create_flow_logs(
        ResourceIds=[account.vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=group,
        DeliverLogsPermissionArn=role,
    )
    return answer["FlowLogIds"][0]


def groups(account: Account) -> list[str]:
    return [group["logGroupName"] for group in account.logs.describe_log_groups()["logGroups"]]


def test_flow_logs_put_their_group_back(account: Account) -> None:
    """https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/435"""
    world.durations.set("logs.log_group.return", 100)
    flow_log(account)
    account.logs.delete_log_group(logGroupName=GROUP)
    assert groups(account) == []
    account.emulator.wait_until(lambda: groups(account) == [GROUP], 300)


def test_flow_logs_are_delivered_after_the_flow_log_is_deleted(account: Account) -> None:
    """https://github.com/terraform-aws-modules/terraform-aws-vpc/pull/550 (messages still in the queue)"""
    world.durations.set("logs.log_group.return", 5)
    account.ec2.delete_flow_logs(FlowLogIds=[flow_log(account)])
    account.logs.delete_log_group(logGroupName=GROUP)
    account.emulator.wait_until(lambda: groups(account) == [GROUP], 100)
    account.emulator.clock.sleep(60)
    account.logs.delete_log_group(logGroupName=GROUP)
    account.emulator.clock.sleep(100)
    assert groups(account) == []


def test_without_its_role_a_flow_log_creates_no_group(account: Account) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"""
    flow_log(account)
    account.emulator.client("iam").delete_role(RoleName="flows")
    account.logs.delete_log_group(logGroupName=GROUP)
    account.emulator.clock.sleep(100)
    assert groups(account) == []


def test_a_group_that_nobody_writes_to_stays_away(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html"""
    account.emulator.faults.log_groups_come_back()
    account.logs.create_log_group(logGroupName="quiet")
    account.logs.delete_log_group(logGroupName="quiet")
    account.emulator.clock.sleep(100)
    assert groups(account) == []


def test_the_fault_brings_a_group_back_as_often_as_told(account: Account) -> None:
    """https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/435"""
    account.emulator.faults.log_groups_come_back(times=2)
    account.ec2.delete_flow_logs(FlowLogIds=[flow_log(account)])
    account.emulator.client("iam").delete_role(RoleName="flows")
    for _time in range(2):
        account.logs.delete_log_group(logGroupName=GROUP)
        account.emulator.wait_until(lambda: groups(account) == [GROUP], 100)
    account.logs.delete_log_group(logGroupName=GROUP)
    account.emulator.clock.sleep(100)
    assert groups(account) == []


def test_a_group_of_a_stack_comes_back_as_well(account: Account, stacks: Stacks) -> None:
    """https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/435"""
    world.durations.set("logs.log_group.return", 50)
    stack = stacks.create("one", {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "other"}}})
    flow_log(account, "other")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    account.emulator.wait_until(lambda: groups(account) == ["other"], 200)
    (group,) = account.logs.describe_log_groups()["logGroups"]
    assert account.logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {}


def test_groups_are_found_by_prefix_in_pages(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html (50 a page)"""
    for number in range(53):
        account.logs.create_log_group(logGroupName=f"mine-{number:02}")
    account.logs.create_log_group(logGroupName="other")
    pages = list(account.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="mine-"))
    assert [len(one["logGroups"]) for one in pages] == [50, 3]
