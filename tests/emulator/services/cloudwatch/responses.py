# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of CloudWatch that moto lacks: composite alarms, and what has become of alarms."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from moto.cloudwatch import urls as cloudwatch_urls
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from ..swap import url_module

_PAGE = 100


class CloudWatchAnswers(CloudWatchResponse):
    """moto's answers, and more."""

    def put_composite_alarm(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"""
        self.cloudwatch_backend.put_metric_alarm(
            self._get_param("AlarmName"), None, None, None, None, None, None, None,
            self._get_param("AlarmDescription"), [], self._get_param("AlarmActions", []),
            ok_actions=self._get_param("OKActions", []),
            insufficient_data_actions=self._get_param("InsufficientDataActions", []),
            actions_enabled=self._get_param("ActionsEnabled", True),
            rule=self._get_param("AlarmRule"), tags=self._get_param("Tags", []),
        )  # fmt: skip
        return EmptyResult()

    def describe_alarms(self) -> ActionResult:
        """Only metric alarms, unless others are asked for.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        """
        answer = super().describe_alarms()
        shown: Any = answer.result
        types = self._get_param("AlarmTypes") or ["MetricAlarm"]
        kinds = {"MetricAlarms": "MetricAlarm", "CompositeAlarms": "CompositeAlarm"}
        return ActionResult({name: items if kinds[name] in types else [] for name, items in shown.items()})

    def describe_alarm_history(self) -> ActionResult:
        """Changes of state, the newest first.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
        """
        name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
        start, end = _moment(self._get_param("StartDate")), _moment(self._get_param("EndDate"))
        found = [
            item
            for item in self.cloudwatch_backend.alarm_history
            if name in (None, item["AlarmName"])
            and kind in (None, item["HistoryItemType"])
            and (start is None or item["Timestamp"] >= start)
            and (end is None or item["Timestamp"] <= end)
        ]
        if self._get_param("ScanBy") != "TimestampAscending":
            found.reverse()
        return ActionResult({"AlarmHistoryItems": found[: int(self._get_param("MaxRecords") or _PAGE)]})


def _moment(given: Any) -> datetime | None:
    """As moto keeps times: in UTC, without a time zone."""
    if given is None or given.tzinfo is None:
        return given
    return given.astimezone(timezone.utc).replace(tzinfo=None)


urls = url_module(cloudwatch_urls.url_bases, {path: CloudWatchAnswers.dispatch for path in cloudwatch_urls.url_paths})
