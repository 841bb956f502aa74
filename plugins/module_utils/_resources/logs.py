# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon CloudWatch Logs."""

from __future__ import annotations

from datetime import datetime
from os.path import commonprefix
from typing import Any
from typing import Collection

from .._aws.looks import Looks
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import delete_by
from .ours import Ours
from .ours import Resource
from .protection import Protection
from .protection import one_call
from .resource import Lookup
from .resource import ResourceType
from .resource import by
from .written import groups

LOG_GROUP = "AWS::Logs::LogGroup"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/container-insights-ECS-lifecycle-events.html
_OF_CLUSTERS = ("/aws/ecs/containerinsights/{}/", "/aws/events/ecs/containerinsights/{}/")
TELLING = 4  # characters with which names begin alike, so that one listing finds few others


_OLDER = "It is older than the stack that had its {}, so that others may have made it."
_NO_AGE = "Nobody knows whether it is older than the stack that had its {}."


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """Log groups that stacks had, and those that are made for their clusters and for other resources of theirs."""
    names = ours.had_ids(LOG_GROUP)
    prefixes = tuple(start.format(cluster) for start in _OF_CLUSTERS for cluster in ours.clusters)
    made = groups(ours.writers)
    starts = [*_starts(names), *prefixes, *(start for root, several in made for start in _starts(several, len(root)))]
    writers = {name: writer for _root, several in made for name, writer in several.items()}

    def starting(start: str) -> list[dict[str, Any]]:
        return looks.listing("logs:DescribeLogGroups", "logGroups", start, logGroupNamePrefix=start)

    found = {}
    for group in (group for page in looks.each(starting, dict.fromkeys(starts)) for group in page):
        name = group.get("logGroupName", "")
        details = {"retention_in_days": group.get("retentionInDays"), "stored_bytes": group.get("storedBytes", 0)}
        writer = next((writers[key] for key in _keys(name) if key in writers), None)
        if writer and name not in names:
            details["of"] = f"{writer.type} {writer.physical_id}"
            why = _why_kept(group, ours.writers[writer], writer)
            details.update({"kept": why} if why else {})
        if writer or name in names or name.startswith(prefixes):
            found[name] = Leftover("log_group", name, name, owned_as=name, details=details)
    return list(found.values())


def _starts(names: Collection[str], root: int = 0) -> list[str]:
    """With what to list, for groups whose names have the first ``root`` characters in common with those of others."""
    common = commonprefix(list(names))
    return [common] if len(common) >= root + TELLING else list(names)


def _keys(name: str) -> list[str]:
    """Under what a group can be known: its name, and what it begins with, up to each slash."""
    return [name, *(name[: place + 1] for place, letter in enumerate(name) if letter == "/")]


def _why_kept(group: dict[str, Any], since: str, writer: Resource) -> str:
    """Why a group is not removed although AWS writes to it for what a stack had; empty if it is. AWS writes to one that
    is there before, of whomever: its age tells. ``since``: when the first of the stacks was made."""
    kind = writer.type.removeprefix("AWS::")
    if not since:
        return _NO_AGE.format(kind)
    older = group.get("creationTime", 0) < datetime.fromisoformat(since).timestamp() * 1000
    return _OLDER.format(kind) if older else ""


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
            of_writers=True,
            comes_back=True,
        ),
    ),
)
