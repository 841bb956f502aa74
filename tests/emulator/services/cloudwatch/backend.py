# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's CloudWatch, with alarms that evaluate.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.metric_data_expression_parser import parse_expression
from moto.cloudwatch.models import Alarm, CloudWatchBackend

from ...world import utcnow, world
from .composite import holds
from .evaluation import MORE, Rule, evaluate
from .series import Metric, aligned, periods, statistic

#: AWS seconds between two evaluations, of metrics of high resolution and of others.
_HIGH_RESOLUTION, _STANDARD = 10.0, 60.0


class CloudWatch(CloudWatchBackend):
    """Metrics and alarms of one account and region. Alarms of expressions keep their state."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._fed: set[Metric] = set()
        self.alarm_history: list[dict[str, Any]] = []

    @property
    def _url_module(self) -> Any:
        from .responses import urls  # responses import moto's, which look for the backend

        return urls

    # metrics

    def put_metric_data(self, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html"""
        for item in metric_data:
            # Without a time it is that of AWS.
            item.setdefault("Timestamp", utcnow())
            self._fed.add(Metric.of(namespace, item["MetricName"], item.get("Dimensions", ())))
        super().put_metric_data(namespace, metric_data)

    def get_metric_statistics(
        self,
        namespace: str,
        metric_name: str,
        start_time: datetime,
        end_time: datetime,
        period: int,
        stats: list[str],
        dimensions: list[dict[str, str]],
        unit: str | None = None,
    ) -> list[Any]:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html"""
        # For what it refuses.
        super().get_metric_statistics(namespace, metric_name, start_time, end_time, period, stats, dimensions, unit)
        metric = Metric.of(namespace, metric_name, dimensions, unit)
        shown = []
        for moment in periods(aligned(start_time, period), end_time, period):
            data = self._data(metric, moment, moment + timedelta(seconds=period))
            if data:
                values = {_underscored(name): statistic(data, name) for name in stats or ()}
                shown.append(SimpleNamespace(timestamp=moment, unit=data[0].unit, **values))
        return shown

    def get_metric_data(
        self,
        queries: list[dict[str, Any]],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"""
        super().get_metric_data([], start_time, end_time, scan_by)  # for what it refuses
        answers: list[dict[str, Any]] = []
        for query in sorted(queries, key=lambda item: "Expression" in item):
            if "Expression" in query:
                values, timestamps = parse_expression(query["Expression"], answers)
            else:
                values, timestamps = self._queried(query["MetricStat"], start_time, end_time)
            answer = {"id": query["Id"], "label": query.get("Label") or query["Id"], "status_code": "Complete"}
            answers.append({**answer, "values": values, "timestamps": timestamps})
        if scan_by == "TimestampDescending":
            for answer in answers:
                answer.update(values=answer["values"][::-1], timestamps=answer["timestamps"][::-1])
        hidden = {query["Id"] for query in queries if not query.get("ReturnData", True)}
        return [answer for answer in answers if answer["id"] not in hidden]

    def _queried(self, asked: dict[str, Any], start: datetime, end: datetime) -> tuple[list[Any], list[datetime]]:
        given, period = asked["Metric"], int(asked["Period"])
        metric = Metric.of(given["Namespace"], given["MetricName"], given.get("Dimensions", ()), asked.get("Unit"))
        values: list[Any] = []
        timestamps = []
        for moment in periods(aligned(start, period), end, period):
            value = statistic(self._data(metric, moment, moment + timedelta(seconds=period)), asked["Stat"])
            if value is not None:
                values.append(value)
                timestamps.append(moment)
        return values, timestamps

    def _data(self, metric: Metric, start: datetime, end: datetime) -> list[Any]:
        return [item for item in self.get_all_metrics() if start <= item.timestamp < end and metric.has(item)]

    # alarms

    def put_metric_alarm(self, name: str, *args: Any, **kwargs: Any) -> Alarm:
        """A new one has no data yet; one that is there keeps its state.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        """
        before = self.alarms.get(name)
        if kwargs.get("rule"):
            self._holds(kwargs["rule"])
        alarm = super().put_metric_alarm(name, *args, **kwargs)
        alarm.state_value = "INSUFFICIENT_DATA" if before is None else before.state_value
        alarm.configuration_updated_timestamp = alarm.state_updated_timestamp = utcnow()
        if before is not None:
            alarm.state_reason, alarm.state_updated_timestamp = before.state_reason, before.state_updated_timestamp
        self._evaluate_later(alarm)
        return alarm

    def set_alarm_state(self, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
        alarm = self.alarms.get(alarm_name)
        before = "" if alarm is None else alarm.state_value
        super().set_alarm_state(alarm_name, reason, reason_data, state_value)
        if before != state_value:
            self._entered(self.alarms[alarm_name], before)

    def _evaluate_later(self, alarm: Alarm) -> None:
        """At the end of the next minute, or 10 seconds."""
        step = _HIGH_RESOLUTION if alarm.period and int(alarm.period) < _STANDARD else _STANDARD
        world.clock.call_later(step - world.clock.epoch() % step, self._evaluate, alarm)

    def _evaluate(self, alarm: Alarm) -> None:
        if self.alarms.get(alarm.name) is not alarm:
            return
        self._evaluate_later(alarm)
        if alarm.rule:
            self._combine(alarm)
        watched = _watched(alarm)
        if watched is None:
            return
        metric, name, period = watched
        missing = alarm.treat_missing_data or "missing"
        if missing == "missing" and Metric(metric.namespace, metric.name, metric.dimensions) not in self._fed:
            # What somebody sets by hand lasts as long as the metric has no data at all; on AWS not even so long.
            return
        wanted = int(alarm.evaluation_periods)
        rule = Rule(
            str(alarm.comparison_operator),
            float(alarm.threshold),
            wanted,
            int(alarm.datapoints_to_alarm or wanted),
            missing,
        )
        # By whole seconds: this is called at the end of a minute, but for rounding.
        end = aligned(utcnow() + timedelta(seconds=0.5), 1)
        ends = [end - timedelta(seconds=period * number) for number in range(wanted + MORE, -1, -1)]
        data = self._data(metric, ends[0], end)
        points = [
            statistic((item for item in data if start <= item.timestamp < stop), name)
            for start, stop in zip(ends, ends[1:])
        ]
        state, reason = evaluate(points, rule, alarm.state_value)
        self._enter(alarm, state, reason)

    def _enter(self, alarm: Alarm, state: str, reason: str) -> None:
        before = alarm.state_value
        if state != before:
            alarm.update_state(reason, "{}", state)
            self._entered(alarm, before)

    def _entered(self, alarm: Alarm, before: str) -> None:
        """It has a new state: those that are made of it may have one, too."""
        alarm.state_updated_timestamp = utcnow()
        self.alarm_history.append(
            {
                "AlarmName": alarm.name,
                "AlarmType": "CompositeAlarm" if alarm.rule else "MetricAlarm",
                "Timestamp": utcnow(),
                "HistoryItemType": "StateUpdate",
                "HistorySummary": f"Alarm updated from {before} to {alarm.state_value}",
            }
        )
        world.note("alarm", alarm.name, alarm.state_value, alarm.state_reason)
        for other in [item for item in self.alarms.values() if item.rule and item is not alarm]:
            self._combine(other)

    def _combine(self, alarm: Alarm) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html"""
        state = "ALARM" if self._holds(str(alarm.rule)) else "OK"
        self._enter(alarm, state, f"The rule is {'met' if state == 'ALARM' else 'not met'}: {alarm.rule}")

    def _holds(self, rule: str) -> bool:
        def state(name: str) -> str | None:
            found = self.alarms.get(name.rpartition(":alarm:")[2])
            return None if found is None else found.state_value

        try:
            return holds(rule, state)
        except ValueError as error:
            raise ValidationError("AlarmRule is not valid: " + str(error)) from error


def _watched(alarm: Alarm) -> tuple[Metric, str, float] | None:
    """The metric of an alarm, its statistic and its period in AWS seconds; None where it has no single one."""
    if alarm.metric_name:
        metric = Metric.of(alarm.namespace, alarm.metric_name, alarm.dimensions, alarm.unit)
        return metric, alarm.statistic or str(alarm.extended_statistic), float(alarm.period)
    queries = alarm.metric_data_queries or []
    if len(queries) != 1 or queries[0].metric_stat is None:
        return None
    stat = queries[0].metric_stat
    metric = Metric.of(stat.metric.namespace, stat.metric.metric_name, stat.metric.dimensions, stat.unit)
    return metric, stat.stat, float(stat.period)


def _underscored(name: str) -> str:
    return {"SampleCount": "sample_count"}.get(name, name.lower())
