# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon CloudWatch Logs."""

from __future__ import annotations

from os.path import commonprefix
from typing import Any

from .._aws.looks import Looks
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import delete_by
from .ours import Ours
from .protection import Protection
from .protection import one_call
from .resource import Lookup
from .resource import ResourceType
from .resource import by

LOG_GROUP = "AWS::Logs::LogGroup"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/container-insights-ECS-lifecycle-events.html
_OF_CLUSTERS = ("/aws/ecs/containerinsights/{}/", "/aws/events/ecs/containerinsights/{}/")
TELLING = 4  # characters with which names begin alike, so that one listing finds few others


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """Log groups that stacks had, and those that are made for their clusters."""
    names = list(ours.had_ids(LOG_GROUP))
    prefixes = [start.format(cluster) for start in _OF_CLUSTERS for cluster in ours.clusters]
    common = commonprefix(list(names))
    starts = list(dict.fromkeys([*([common] if len(common) >= TELLING else names), *prefixes]))

    def starting(start: str) -> list[dict[str, Any]]:
        return looks.listing("logs:DescribeLogGroups", "logGroups", start, logGroupNamePrefix=start)

    found = {}
    for group in (group for page in looks.each(starting, starts) for group in page):
        name = group.get("logGroupName", "")
        if name in names or name.startswith(tuple(prefixes)):
            details = {"retention_in_days": group.get("retentionInDays"), "stored_bytes": group.get("storedBytes", 0)}
            found[name] = Leftover("log_group", name, name, owned_as=name, details=details)
    return list(found.values())


TYPES = (
    ResourceType(
        name=LOG_GROUP,
        command=by("logs delete-log-group --log-group-name"),
        lookup=Lookup(
            action="logs:DescribeLogGroups",
            ask=lambda ids: {"logGroupNamePrefix": ids[0]},
            there=lambda answer, ids: (group.get("logGroupName", "") for group in answer["logGroups"]),
        ),
        # Told from botocore 1.41.3 on, which older ones leave out of the answer:
        # https://github.com/boto/boto3/blob/develop/CHANGELOG.rst
        protection=Protection(
            action="logs:DescribeLogGroups",
            ask=lambda name: {"logGroupNamePrefix": name},
            on=lambda answer, name: any(
                group["logGroupName"] == name and group.get("deletionProtectionEnabled")
                for group in answer["logGroups"]
            ),
            lift=lambda name: (
                *("logs", "put-log-group-deletion-protection", "--log-group-identifier", name),
                "--no-deletion-protection-enabled",
            ),
            switch=one_call(
                "logs:PutLogGroupDeletionProtection",
                lambda name, on: {"logGroupIdentifier": name, "deletionProtectionEnabled": on},
            ),
            switches=("logs:PutLogGroupDeletionProtection",),
        ),
        arn="logs:log-group",
        arn_id=lambda arn: arn.split(":", 6)[-1].removesuffix(":*"),
        leftover=LeftoverKind(
            name="log_group",
            words=("log group", "log groups"),
            find=_find,
            removal=delete_by("logs:DeleteLogGroup", "logGroupName", absent="ResourceNotFoundException"),
            of_clusters=True,
            comes_back=True,
        ),
    ),
)
