# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups on the emulator: those that come back, what is written to them, and how it is found."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

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


def write(account: Account, *messages: str, stream: str = "web/app/1", group: str = GROUP) -> None:
    """Lines of now."""
    if group not in groups(account):
        account.logs.create_log_group(logGroupName=group)
    described = account.logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)["logStreams"]
    if not described:
        account.logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int(world.clock.epoch() * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    account.logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def test_events_are_filtered_by_their_pattern(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html"""
    write(account, "GET / 200", "POST /register 400")
    account.emulator.clock.advance(60)
    write(account, "ERROR x509: unknown authority", stream="web/app/2")
    found = account.logs.filter_log_events(logGroupName=GROUP, filterPattern='?400 ?"x509:"')["events"]
    assert [(item["logStreamName"], item["message"]) for item in found] == [
        ("web/app/1", "POST /register 400"), ("web/app/2", "ERROR x509: unknown authority"),
    ]  # fmt: skip
    assert found[1]["ingestionTime"] == found[1]["timestamp"] == found[0]["timestamp"] + 60000
    since = int((world.clock.epoch() - 30) * 1000)
    assert len(account.logs.filter_log_events(logGroupName=GROUP, startTime=since)["events"]) == 1
    pages = account.logs.get_paginator("filter_log_events").paginate(
        logGroupName=GROUP, filterPattern="ERROR", PaginationConfig={"PageSize": 1}
    )
    assert [len(one["events"]) for one in pages] == [0, 0, 1]
    with pytest.raises(ClientError, match="InvalidParameterException.*Invalid filter pattern"):
        account.logs.filter_log_events(logGroupName=GROUP, filterPattern="{ $.a")


def test_events_too_old_or_too_new_are_rejected(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
    write(account, "now")
    now = int(world.clock.epoch() * 1000)
    hour = 3600 * 1000
    events = [{"timestamp": now + age, "message": "x"} for age in (-15 * 24 * hour, -hour, hour, 3 * hour)]
    answer = account.logs.put_log_events(logGroupName=GROUP, logStreamName="web/app/1", logEvents=events)
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3}
    assert len(account.logs.filter_log_events(logGroupName=GROUP)["events"]) == 3
    with pytest.raises(ClientError, match="chronological"):
        account.logs.put_log_events(logGroupName=GROUP, logStreamName="web/app/1", logEvents=events[::-1])


def metric(account: Account, name: str) -> list[tuple[float, float]]:
    """Sum and count of each minute of a metric of the last hour."""
    now = datetime.fromtimestamp(world.clock.epoch(), timezone.utc)
    answer = account.emulator.client("cloudwatch").get_metric_statistics(
        Namespace="Soups", MetricName=name, StartTime=now - timedelta(hours=1), EndTime=now + timedelta(minutes=1),
        Period=60, Statistics=["Sum", "SampleCount"],
    )  # fmt: skip
    return [(item["Sum"], item["SampleCount"]) for item in answer["Datapoints"]]


def put_filter(account: Account, pattern: str, **transformation: Any) -> None:
    transformation = {"metricName": "errors", "metricNamespace": "Soups", "metricValue": "1", **transformation}
    account.logs.put_metric_filter(
        logGroupName=GROUP, filterName="errors", filterPattern=pattern, metricTransformations=[transformation]
    )


def test_metric_filters_count_what_is_written_from_then_on(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html"""
    write(account, "ERROR before")
    put_filter(account, "ERROR")
    write(account, "ERROR one", "fine", "ERROR two")
    assert metric(account, "errors") == [(2, 2)]
    account.emulator.clock.advance(120)
    put_filter(account, "{ $.status = 502 }", metricValue="$.took", defaultValue=0)
    assert len(account.logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]) == 1
    write(account, "ERROR three")
    account.emulator.clock.advance(120)
    write(account, json.dumps({"status": 502, "took": 2.5}), json.dumps({"status": 502}))
    assert metric(account, "errors") == [(2, 2), (0, 1), (2.5, 1)]
    account.logs.delete_metric_filter(logGroupName=GROUP, filterName="errors")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.logs.delete_metric_filter(logGroupName=GROUP, filterName="errors")


def test_a_metric_filter_needs_its_group_and_goes_with_it(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        put_filter(account, "ERROR")
    account.logs.create_log_group(logGroupName=GROUP)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        put_filter(account, "{ $.a")
    put_filter(account, "ERROR")
    account.logs.delete_log_group(logGroupName=GROUP)
    assert account.logs.describe_metric_filters()["metricFilters"] == []


def test_the_dimensions_of_a_metric_filter_come_from_the_event(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html"""
    account.logs.create_log_group(logGroupName=GROUP)
    put_filter(account, "{ $.status = 502 }", dimensions={"Path": "$.path"})
    write(account, json.dumps({"status": 502, "path": "/register"}), json.dumps({"status": 502}))
    (found,) = account.emulator.client("cloudwatch").list_metrics(Namespace="Soups")["Metrics"]
    assert found["Dimensions"] == [{"Name": "Path", "Value": "/register"}]


def test_a_query_takes_its_time(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html"""
    write(account, "ERROR one", "fine")
    now = int(world.clock.epoch())
    arn = account.logs.describe_log_groups()["logGroups"][0]["arn"]
    for of in ({"logGroupName": GROUP}, {"logGroupNames": [GROUP]}, {"logGroupIdentifiers": [arn.removesuffix(":*")]}):
        text = "fields @message, @logStream | filter @message like /ERROR/"
        query = account.logs.start_query(startTime=now - 60, endTime=now, queryString=text, **of)["queryId"]
        assert account.logs.get_query_results(queryId=query)["status"] == "Running"
        account.emulator.clock.advance(3)
        answer = account.logs.get_query_results(queryId=query)
        assert answer["status"] == "Complete"
        (found,) = [{item["field"]: item["value"] for item in one} for one in answer["results"]]
        assert found.pop("@ptr") and found == {"@message": "ERROR one", "@logStream": "web/app/1"}
        assert (answer["statistics"]["recordsMatched"], answer["statistics"]["recordsScanned"]) == (1, 2)
    query = account.logs.start_query(
        logGroupName=GROUP, startTime=now - 7200, endTime=now - 3600, queryString="fields @message", limit=3
    )["queryId"]
    assert account.logs.stop_query(queryId=query)["success"]
    account.emulator.clock.advance(3)
    answer = account.logs.get_query_results(queryId=query)
    assert (answer["status"], answer["results"]) == ("Cancelled", [])
    with pytest.raises(ClientError, match="InvalidParameterException"):
        account.logs.stop_query(queryId=query)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"queryString": "find it"}, "MalformedQueryException"),
        ({"logGroupName": "none"}, "ResourceNotFoundException"),
        ({"endTime": 1}, "InvalidParameterException"),
        ({"logGroupNames": ["a"]}, "InvalidParameterException"),
    ],
)
def test_queries_that_are_refused(account: Account, settings: dict[str, Any], code: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html#API_StartQuery_Errors"""
    account.logs.create_log_group(logGroupName=GROUP)
    good = {"logGroupName": GROUP, "startTime": 10, "endTime": 20, "queryString": "fields @message"}
    with pytest.raises(ClientError, match=code):
        account.logs.start_query(**{**good, **settings})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.logs.get_query_results(queryId="12ab3456-12ab-123a-789e-1234567890ab")
