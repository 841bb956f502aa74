# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics and alarms on the emulator."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator
from tests.emulator.services.cloudwatch.composite import holds
from tests.emulator.services.cloudwatch.evaluation import Rule, evaluate
from tests.emulator.world import world

MISSING = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"
TREATED = ("missing", "ignore", "breaching", "notBreaching")
KEPT = "as it was"
#: The tables of this page: data points, state by how missing ones are treated.
ALL_OF_THREE = [
    ("0-X-X", "OK", "OK", "OK", "OK"),
    ("0----", "OK", "OK", "OK", "OK"),
    ("-----", "INSUFFICIENT_DATA", KEPT, "ALARM", "OK"),
    ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("--X--", "ALARM", KEPT, "ALARM", "OK"),
    ("----X", KEPT, KEPT, "ALARM", "OK"),
    ("---X-", KEPT, KEPT, "ALARM", "OK"),
]
TWO_OF_THREE = [
    ("0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("00X0X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0-X--", "OK", "OK", "ALARM", "OK"),
    ("----0", "OK", "OK", "ALARM", "OK"),
    ("---X-", "ALARM", KEPT, "ALARM", "OK"),
]


@pytest.mark.parametrize(
    ("points", "needed", "missing", "state"),
    [
        (row[0], needed, missing, state)
        for needed, rows in ((3, ALL_OF_THREE), (2, TWO_OF_THREE))
        for row in rows
        for missing, state in zip(TREATED, row[1:])
    ],
)
def test_the_state_of_an_alarm(points: str, needed: int, missing: str, state: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (both tables; "the
    alarm does not go immediately into ALARM state when the data is - - - - X")"""
    values = [{"0": 1.0, "X": 9.0, "-": None}[point] for point in points]
    rule = Rule("GreaterThanThreshold", 5.0, 3, needed, missing)
    assert evaluate(values, rule, KEPT)[0] == state


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", [6]),
        ("GreaterThanOrEqualToThreshold", [5, 6]),
        ("LessThanThreshold", [4]),
        ("LessThanOrEqualToThreshold", [4, 5]),
    ],
)
def test_comparisons(comparison: str, breaching: list[int]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    rule = Rule(comparison, 5.0, 1, 1)
    assert [value for value in (4, 5, 6) if evaluate([value], rule, "OK")[0] == "ALARM"] == breaching


class Watch:
    """An alarm on the metric Soups/errors, and what is said of it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.cloudwatch = emulator.client("cloudwatch")
        # Just after the beginning of a minute
        emulator.clock.advance(61 - world.clock.epoch() % 60)

    def alarm(self, **settings: Any) -> None:
        self.cloudwatch.put_metric_alarm(
            **{
                "AlarmName": "errors", "Namespace": "Soups", "MetricName": "errors", "Statistic": "Sum", "Period": 60,
                "EvaluationPeriods": 1, "Threshold": 2, "ComparisonOperator": "GreaterThanThreshold", **settings,
            }
        )  # fmt: skip

    def put(self, value: float, **settings: Any) -> None:
        self.cloudwatch.put_metric_data(
            Namespace="Soups", MetricData=[{"MetricName": "errors", "Value": value, **settings}]
        )

    def described(self) -> dict[str, Any]:
        return self.cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]

    def after(self, aws_seconds: float) -> str:
        """Its state then."""
        self.emulator.clock.advance(aws_seconds)
        return self.described()["StateValue"]


@pytest.fixture
def watch(emulator: Emulator) -> Watch:
    return Watch(emulator)


def test_an_alarm_fires_at_the_end_of_a_period_and_ends(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html"""
    watch.alarm(TreatMissingData="notBreaching")
    assert watch.described()["StateValue"] == "INSUFFICIENT_DATA"
    assert watch.after(61) == "OK"
    watch.put(2)
    watch.put(1)
    assert watch.after(56) == "OK"
    assert watch.after(4) == "ALARM"
    described = watch.described()
    assert described["StateReason"] == (
        "Threshold Crossed: 1 out of the last 1 datapoints [3.0] was greater than the threshold (2.0) "
        "(minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert described["StateUpdatedTimestamp"].timestamp() == pytest.approx(world.clock.epoch(), abs=2)
    # Looks further back where data are missing
    assert watch.after(240) == "OK"
    states = [event.status for event in watch.emulator.timeline.select("alarm", "errors")]
    assert states == ["OK", "ALARM", "OK"]


def test_some_of_the_last_periods(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html (M out of N)"""
    watch.alarm(EvaluationPeriods=3, DatapointsToAlarm=2)
    seen = []
    for value in (0, 9, 0, 9, 0, 0):
        watch.put(value)
        seen.append(watch.after(60))
    assert seen == ["OK", "OK", "OK", "ALARM", "OK", "OK"]


def test_without_any_data_the_state_by_hand_stays_and_with_data_it_goes(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html"""
    watch.alarm()
    watch.cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a test")
    assert watch.after(600) == "ALARM"
    watch.put(0)
    assert watch.after(60) == "OK"
    assert watch.after(600) == "INSUFFICIENT_DATA"
    assert watch.described()["StateReason"] == "Insufficient Data: 1 datapoint was unknown."


def test_an_alarm_that_is_changed_keeps_its_state(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    watch.alarm()
    watch.put(9)
    assert watch.after(60) == "ALARM"
    watch.alarm(Threshold=20)
    assert watch.described()["StateValue"] == "ALARM"
    watch.put(9)
    assert watch.after(60) == "OK"


def test_a_period_of_ten_seconds_is_looked_at_every_ten(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html"""
    watch.alarm(Period=10)
    watch.put(9)
    assert watch.after(11) == "ALARM"


def test_a_longer_period_slides_by_minutes(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html"""
    watch.alarm(Period=300)
    watch.put(2)
    watch.emulator.clock.advance(240)
    watch.put(2)
    assert watch.after(60) == "ALARM"


def test_dimensions_and_unit_make_a_metric(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html"""
    pan = [{"Name": "Pan", "Value": "big"}]
    watch.alarm(Dimensions=pan, Unit="Count", TreatMissingData="notBreaching")
    for settings in ({}, {"Dimensions": [*pan, {"Name": "Lid", "Value": "no"}]}, {"Dimensions": pan}):
        watch.put(9, **settings)
    assert watch.after(61) == "OK"
    watch.put(9, Dimensions=pan, Unit="Count")
    assert watch.after(60) == "ALARM"


def test_an_alarm_on_one_query_and_a_percentile(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html"""
    stat = {"Metric": {"Namespace": "Soups", "MetricName": "errors"}, "Period": 60, "Stat": "p90"}
    watch.cloudwatch.put_metric_alarm(
        AlarmName="errors", EvaluationPeriods=1, Threshold=2, ComparisonOperator="GreaterThanThreshold",
        Metrics=[{"Id": "m1", "MetricStat": stat, "ReturnData": True}],
    )  # fmt: skip
    for value in (1, 1, 1, 1, 1, 1, 1, 1, 1, 9):
        watch.put(value)
    assert watch.after(60) == "OK"
    for value in (1, 1, 1, 1, 1, 1, 1, 1, 9, 9):
        watch.put(value)
    assert watch.after(60) == "ALARM"


def test_a_deleted_alarm_is_not_evaluated(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html"""
    watch.alarm(TreatMissingData="breaching")
    watch.cloudwatch.delete_alarms(AlarmNames=["errors"])
    watch.emulator.clock.advance(120)
    assert not watch.emulator.timeline.select("alarm")


def test_statistics_are_of_whole_periods_of_one_metric(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html"""
    pan = [{"Name": "Pan", "Value": "big"}]
    began = datetime.fromtimestamp(world.clock.epoch(), timezone.utc)
    for value in (1, 2):
        watch.put(value)
        watch.put(10, Dimensions=pan)
        watch.emulator.clock.advance(50)
    asked = {"StartTime": began, "EndTime": began + timedelta(minutes=2)}
    answer = watch.cloudwatch.get_metric_statistics(
        Namespace="Soups", MetricName="errors", Period=60, Statistics=["Sum", "Average", "SampleCount"], **asked
    )
    assert [(item["Sum"], item["Average"], item["SampleCount"]) for item in answer["Datapoints"]] == [(3, 1.5, 2)]
    assert answer["Datapoints"][0]["Timestamp"] == began.replace(microsecond=0, second=0)
    stat = {"Metric": {"Namespace": "Soups", "MetricName": "errors", "Dimensions": pan}, "Period": 60, "Stat": "Sum"}
    queries = [
        {"Id": "all", "MetricStat": stat, "ReturnData": False},
        {"Id": "same", "Expression": "all"},
        {"Id": "most", "MetricStat": {**stat, "Stat": "Maximum"}},
    ]
    answer = watch.cloudwatch.get_metric_data(MetricDataQueries=queries, **asked)
    assert {item["Id"]: item["Values"] for item in answer["MetricDataResults"]} == {"most": [10], "same": [20]}


def test_an_alarm_made_of_others(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html"""
    watch.alarm(TreatMissingData="notBreaching")
    watch.alarm(AlarmName="other", MetricName="others", TreatMissingData="notBreaching")
    cloudwatch = watch.cloudwatch
    arn = watch.described()["AlarmArn"]
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=f'ALARM("{arn}") AND (NOT OK(other) OR TRUE)')

    def state() -> str:
        answer = cloudwatch.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])
        return answer["CompositeAlarms"][0]["StateValue"]

    watch.emulator.clock.advance(61)
    assert state() == "OK"
    watch.put(9)
    watch.emulator.clock.advance(60)
    assert state() == "ALARM"
    watch.emulator.clock.advance(240)
    assert state() == "OK"
    assert [event.status for event in watch.emulator.timeline.select("alarm", "both")] == ["OK", "ALARM", "OK"]
    assert cloudwatch.describe_alarms(AlarmNames=["both"])["CompositeAlarms"] == []


def test_what_has_become_of_an_alarm(watch: Watch) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html"""
    watch.alarm()
    for value in (0, 9):
        watch.put(value)
        watch.emulator.clock.advance(60)
    items = watch.cloudwatch.describe_alarm_history(AlarmName="errors", HistoryItemType="StateUpdate")
    assert [item["HistorySummary"] for item in items["AlarmHistoryItems"]] == [
        "Alarm updated from OK to ALARM", "Alarm updated from INSUFFICIENT_DATA to OK",
    ]  # fmt: skip
    since = datetime.fromtimestamp(world.clock.epoch() - 30, timezone.utc)
    for asked in ({"StartDate": since}, {"MaxRecords": 1}, {"EndDate": since, "ScanBy": "TimestampAscending"}):
        assert len(watch.cloudwatch.describe_alarm_history(**asked)["AlarmHistoryItems"]) == 1


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ("ALARM(a)", True),
        ("OK(a)", False),
        ("NOT ALARM(a) OR INSUFFICIENT_DATA('c')", True),
        ("ALARM(a) AND OK(b) AND NOT ALARM(none)", True),
        ("FALSE OR (ALARM(a) AND (ALARM(b) OR FALSE))", False),
    ],
)
def test_rules_of_alarms(rule: str, met: bool) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)"""
    assert holds(rule, {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA"}.get) is met


@pytest.mark.parametrize("rule", ["ALARM(a", "(ALARM(a)", "ALARM(a) OK(b)", "AND", "NOT", "alarm(a)"])
def test_what_is_no_rule_of_an_alarm(watch: Watch, rule: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)"""
    with pytest.raises(ClientError, match="ValidationError"):
        watch.cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=rule)
