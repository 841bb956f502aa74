# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many traces were in a group, as CloudWatch's metric ApproximateTraceCount, once a minute.

It is the only one that X-Ray publishes of a group.
https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html#xray-console-group-cloudwatch
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone

from moto.cloudwatch.models import cloudwatch_backends

from ...world import world

_MINUTE = 60


class GroupCounts:
    """Of one account and region."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region
        self._counts: Counter[tuple[str, int]] = Counter()
        self._due = False

    def count(self, group: str, moment: float) -> None:
        """One more trace in ``group``, told within a minute."""
        self._counts[group, int(moment) // _MINUTE * _MINUTE] += 1
        if not self._due:
            self._due = True
            world.clock.call_later(_MINUTE, self._publish)

    def _publish(self) -> None:
        self._due = False
        counts, self._counts = self._counts, Counter()
        for (group, minute), count in counts.items():
            datum = {
                "MetricName": "ApproximateTraceCount",
                "Dimensions": [{"Name": "GroupName", "Value": group}],
                "Timestamp": datetime.fromtimestamp(minute, timezone.utc).replace(tzinfo=None),
                "Value": count,
                "Unit": "Count",
            }
            cloudwatch_backends[self._account_id][self._region].put_metric_data("AWS/X-Ray", [datum])
