# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of the emulator with what releases need: rules with weights, alarms, metric filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks


def balanced(account: Account, blue: int, green: int, priority: int = 5) -> dict[str, Any]:
    """Resources: a load balancer whose listener and rule send by these weights."""
    kind = "AWS::ElasticLoadBalancingV2::"
    group = {"Protocol": "HTTP", "Port": 80, "VpcId": account.vpc, "TargetType": "ip"}
    shares = (("Blue", blue), ("Green", green))
    weights = [{"TargetGroupArn": {"Ref": name}, "Weight": weight} for name, weight in shares]
    forward = [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}]
    header = {"HttpHeaderName": "x-workshop-version", "Values": ["new"]}
    return {
        "Blue": {"Type": f"{kind}TargetGroup", "Properties": {"Name": "blue", **group}},
        "Green": {"Type": f"{kind}TargetGroup", "Properties": {"Name": "green", **group}},
        "Balancer": {"Type": f"{kind}LoadBalancer", "Properties": {"Name": "soup", "Subnets": account.subnets[:2]}},
        "Listener": {
            "Type": f"{kind}Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "Balancer"}, "Protocol": "HTTP", "Port": 80, "DefaultActions": forward,
            },
        },
        "Rule": {
            "Type": f"{kind}ListenerRule",
            "Properties": {
                "ListenerArn": {"Ref": "Listener"}, "Priority": priority, "Actions": forward,
                "Conditions": [{"Field": "http-header", "HttpHeaderConfig": header}],
            },
        },
    }  # fmt: skip


def rules(account: Account) -> list[tuple[str, list[int]]]:
    """Priority and weights of each rule of the listener."""
    balancer = account.elbv2.describe_load_balancers(Names=["soup"])["LoadBalancers"][0]["LoadBalancerArn"]
    listener = account.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    return [
        (rule["Priority"], [item["Weight"] for item in rule["Actions"][0]["ForwardConfig"]["TargetGroups"]])
        for rule in account.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    ]


def test_a_stack_has_rules_with_weights_and_sets_them_again(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenerrule.html;
    an update resets what somebody else has set: https://github.com/aws/aws-cdk/issues/36649"""
    account.network()
    stack = stacks.create("lb", balanced(account, 1, 0))
    assert rules(account) == [("5", [1, 0]), ("default", [1, 0])]
    stacks.update("lb", balanced(account, 3, 1, priority=7))
    assert rules(account) == [("7", [3, 1]), ("default", [3, 1])]
    stacks.delete("lb")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert set(stacks.resources(stack).values()) == {"DELETE_COMPLETE"}
    assert account.elbv2.describe_target_groups()["TargetGroups"] == []


def watched(threshold: int, **properties: Any) -> dict[str, Any]:
    """Resources: a log group, a metric filter that counts its errors, and an alarm."""
    transformation = {
        "MetricName": "errors", "MetricNamespace": "Soups", "MetricValue": "1",
        "Dimensions": [{"Key": "Path", "Value": "$.path"}],
    }  # fmt: skip
    return {
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "soups"}},
        "Errors": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "LogGroupName": {"Ref": "Group"},
                "FilterPattern": "{ $.status = 5* }",
                "MetricTransformations": [transformation],
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "errors", "Namespace": "Soups", "MetricName": "errors", "Statistic": "Sum", "Period": 60,
                "EvaluationPeriods": 1, "Threshold": threshold, "ComparisonOperator": "GreaterThanThreshold",
                "Dimensions": [{"Name": "Path", "Value": "/register"}], **properties,
            },
        },
    }  # fmt: skip


def test_a_stack_has_alarms_and_metric_filters(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html;
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html"""
    cloudwatch = account.emulator.client("cloudwatch")
    stack = stacks.create("watch", watched(9))
    (found,) = account.logs.describe_metric_filters(logGroupName="soups")["metricFilters"]
    assert found["metricTransformations"][0]["dimensions"] == {"Path": "$.path"}
    changed = watched(2, TreatMissingData="notBreaching")
    changed["Errors"]["Properties"]["FilterPattern"] = "{ $.status = 502 }"
    stacks.update("watch", changed)
    (found,) = account.logs.describe_metric_filters()["metricFilters"]
    assert found["filterPattern"] == "{ $.status = 502 }"
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["Threshold"], alarm["StateValue"]) == ("errors", 2, "INSUFFICIENT_DATA")
    now = int(account.emulator.clock.epoch() * 1000)
    account.logs.create_log_stream(logGroupName="soups", logStreamName="web")
    line = '{"status": 502, "path": "/register"}'
    account.logs.put_log_events(
        logGroupName="soups", logStreamName="web", logEvents=[{"timestamp": now, "message": line}] * 3
    )
    account.emulator.clock.advance(60)
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
    stacks.delete("watch")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert account.logs.describe_metric_filters()["metricFilters"] == []


@pytest.mark.parametrize("stat", ["Maximum", "p99"])
def test_a_stack_has_an_alarm_on_a_query(account: Account, stacks: Stacks, stat: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html"""
    metric = {"Namespace": "Soups", "MetricName": "seconds"}
    query = {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}, "ReturnData": True}
    rule = {"EvaluationPeriods": 1, "Threshold": 2, "ComparisonOperator": "GreaterThanThreshold"}
    stacks.create("watch", {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [query], **rule}}})
    cloudwatch = account.emulator.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="Soups", MetricData=[{"MetricName": "seconds", "Value": 15}])
    account.emulator.clock.advance(60)
    assert [item["StateValue"] for item in cloudwatch.describe_alarms()["MetricAlarms"]] == ["ALARM"]
