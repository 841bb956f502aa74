# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of a metric by periods.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")


@dataclass(frozen=True)
class Metric:
    """One metric: other dimensions are another one. ``unit``: None for any."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    unit: str | None = None

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Iterable[Any], unit: str | None = None) -> Metric:
        """``dimensions``: as moto has them, or as the API gives them."""
        pairs = (
            (item["Name"], item["Value"]) if isinstance(item, Mapping) else (item.name, item.value)
            for item in dimensions
        )
        return cls(namespace, name, frozenset(pairs), unit or None)

    def has(self, datum: Any) -> bool:
        return (
            (datum.namespace, datum.name) == (self.namespace, self.name)
            and self.unit in (None, datum.unit)
            and frozenset((item.name, item.value) for item in datum.dimensions) == self.dimensions
        )


def aligned(moment: datetime, period: float) -> datetime:
    """The beginning of the period in which this is; all times are in UTC, without a time zone."""
    seconds = moment.replace(tzinfo=timezone.utc).timestamp()
    return datetime.fromtimestamp(seconds // period * period, timezone.utc).replace(tzinfo=None)


def periods(start: datetime, end: datetime, period: float) -> list[datetime]:
    """The beginnings of the periods from ``start`` on until ``end``."""
    found, moment = [], start
    while moment < end:
        found.append(moment)
        moment += timedelta(seconds=period)
    return found


def statistic(data: Iterable[Any], name: str) -> float | None:
    """A statistic such as Sum or p99 of some data; None where there are none."""
    single, sets = [], []
    for item in data:
        if isinstance(item, MetricAggregatedDatum):
            sets.append(item)
        elif isinstance(item, MetricDatum):
            single.append(float(item.value))
    if not single and not sets:
        return None
    total = math.fsum([*single, *(item.sum for item in sets)])
    count = len(single) + sum(item.sample_count for item in sets)
    percentile = _PERCENTILE.fullmatch(name)
    if percentile:
        ordered = sorted(single)
        return ordered[max(math.ceil(len(ordered) * float(percentile[1]) / 100) - 1, 0)] if ordered else None
    return {
        "Sum": total,
        "SampleCount": float(count),
        "Average": total / count,
        "Minimum": min([*single, *(item.min for item in sets)]),
        "Maximum": max([*single, *(item.max for item in sets)]),
    }[name]
