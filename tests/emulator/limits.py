# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often an account may call, per region: token buckets with AWS's own sizes.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
DescribeStacks: about five a second (aws/aws-sam-cli#2671); the size of its bucket is an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bucket:
    """``size`` tokens at most, ``refill`` new ones each second."""

    name: str
    size: float
    refill: float


def _table() -> dict[str, Bucket]:
    buckets = {
        Bucket("ecs cluster modify", 20, 1): "CreateCluster DeleteCluster PutClusterCapacityProviders UpdateCluster "
        "UpdateClusterSettings",
        Bucket("ecs cluster read", 50, 20): "DescribeClusters ListClusters",
        Bucket("ecs task definition modify", 20, 1): "DeregisterTaskDefinition RegisterTaskDefinition",
        Bucket("ecs task definition read", 50, 20): "DescribeTaskDefinition ListTaskDefinitions "
        "ListTaskDefinitionFamilies",
        Bucket("ecs task definition deletion", 5, 1): "DeleteTaskDefinitions",
        Bucket("ecs tag modify", 20, 10): "TagResource UntagResource",
        Bucket("ecs tag read", 50, 20): "ListTagsForResource",
        Bucket("ecs cluster resource modify", 100, 40): "ExecuteCommand RunTask StartTask StopTask",
        Bucket("ecs cluster resource read", 100, 20): "DescribeContainerInstances DescribeTasks ListContainerInstances "
        "ListTasks",
        Bucket("ecs service modify", 50, 5): "CreateService DeleteService UpdateService",
        Bucket("ecs service read", 100, 20): "DescribeServices ListServices",
    }
    table = {f"ecs:{action}": bucket for bucket, actions in buckets.items() for action in actions.split()}
    table["cloudformation:DescribeStacks"] = Bucket("cloudformation:DescribeStacks", 10, 5)
    return table


_TABLE = _table()
_EC2_READ = ("Describe", "Get", "Search")


def bucket_of(action: str) -> Bucket | None:
    """The bucket that an action takes its token from; None where AWS publishes none."""
    service, _colon, name = action.partition(":")
    if service == "ec2":
        # EC2 fills a bucket for each action, of two sizes.
        return Bucket(action, 100, 20) if name.startswith(_EC2_READ) else Bucket(action, 50, 5)
    return _TABLE.get(action)


class Limits:
    """The buckets of all regions. ``now`` tells the time in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, region: str, action: str) -> bool:
        """Take a token; False if there is none left, and the call has to be throttled."""
        bucket = bucket_of(action)
        if bucket is None:
            return True
        now = self._now()
        tokens, since = self._left.get((region, bucket.name), (bucket.size, now))
        tokens = min(bucket.size, tokens + (now - since) * bucket.refill)
        granted = tokens >= 1
        self._left[region, bucket.name] = (tokens - 1 if granted else tokens, now)
        return granted
