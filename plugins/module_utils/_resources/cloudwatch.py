# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon CloudWatch."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Outcome
from .leftover import Removal
from .ours import Ours
from .resource import Lookup
from .resource import ResourceType
from .resource import by


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """Alarms on metrics whose names begin so."""
    prefix = ours.alarm_prefix
    if not prefix:
        return []
    return [
        Leftover(
            "alarm",
            alarm["AlarmName"],
            alarm["AlarmName"],
            owned_as=alarm["AlarmName"],
            details={"namespace": alarm.get("Namespace", ""), "metric_name": alarm.get("MetricName", "")},
        )
        for alarm in looks.listing("cloudwatch:DescribeAlarms", "MetricAlarms", prefix, AlarmNamePrefix=prefix)
    ]


def _delete(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
    with aws_call("cloudwatch:DeleteAlarms"):
        client.delete_alarms(AlarmNames=[items[0].id])
    return {}


TYPES = (
    ResourceType(
        name="AWS::CloudWatch::Alarm",
        command=by("cloudwatch delete-alarms --alarm-names"),
        lookup=Lookup(
            action="cloudwatch:DescribeAlarms",
            ask=lambda ids: {"AlarmNames": list(ids)},
            there=lambda answer, ids: (alarm["AlarmName"] for alarm in answer["MetricAlarms"]),
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
            most=100,
        ),
        arn="cloudwatch:alarm",
        arn_id=lambda arn: arn.split(":", 6)[-1],
        leftover=LeftoverKind(
            name="alarm",
            words=("CloudWatch alarm", "CloudWatch alarms"),
            find=_find,
            by_name=True,
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
            # One a call: none of several is deleted where one of them is missing.
            removal=Removal("cloudwatch:DeleteAlarms", _delete, absent="ResourceNotFound"),
        ),
    ),
)
