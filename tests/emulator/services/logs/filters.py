# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metric filters: what log events make of metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from .patterns import field_of, matcher


def counted(
    filters: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Namespace and data for PutMetricData of each filter that has something to say of these events.

    The default value stands for the events of a minute none of which fits: here for those that come at once.
    """
    events = list(events)
    for item in filters:
        fits = matcher(item["filterPattern"])
        fitting = [event for event in events if fits(event["message"])]
        for transformation in item["metricTransformations"]:
            data = [datum for event in fitting if (datum := _datum(transformation, event)) is not None]
            default = transformation.get("defaultValue")
            if not fitting and events and default is not None:
                data = [_at(transformation, float(default), events[-1]["timestamp"])]
            if data:
                yield transformation["metricNamespace"], data


def _datum(transformation: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any] | None:
    """None where the event lacks the value, or a dimension: such are not published."""
    document = _document(event["message"])
    value = transformation["metricValue"]
    try:
        number = float(field_of(document, value) if value.startswith("$") else value)
    except (TypeError, ValueError):
        return None
    dimensions = {
        name: field_of(document, selector) for name, selector in (transformation.get("dimensions") or {}).items()
    }
    if None in dimensions.values():
        return None
    datum = _at(transformation, number, event["timestamp"])
    datum["Dimensions"] = [{"Name": name, "Value": str(found)} for name, found in dimensions.items()]
    return datum


def _at(transformation: Mapping[str, Any], value: float, milliseconds: int) -> dict[str, Any]:
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc).replace(tzinfo=None)
    return {
        "MetricName": transformation["metricName"],
        "Value": value,
        "Unit": transformation.get("unit") or "None",
        "Timestamp": moment,
        "Dimensions": [],
    }


def _document(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return {}
