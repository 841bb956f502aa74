# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch Logs: groups that others write to come back when they are deleted.

Flow logs and Container Insights create a missing log group themselves, and still deliver for a while after they have
been switched off (terraform-aws-modules/terraform-aws-vpc#435, ministryofjustice/opg-digideps#1325).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.logs import urls as logs_urls
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend, logs_backends
from moto.logs.responses import LogsResponse

from ..world import world
from .swap import Swaps, url_module

#: AWS seconds for which what was recorded before the end of a writer is still delivered.
_LATE_DELIVERY = 60.0
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html
_IS_PROTECTED = "Cannot delete log group with deletion protection enabled. Disable deletion protection first."


class Writer:
    """Something inside AWS that writes to a log group.

    :param retention_days: retention of a group that it creates
    :param may_create: whether it is allowed to create the group at this moment
    """

    def __init__(self, retention_days: int | None, may_create: Callable[[], bool]) -> None:
        self.retention_days = retention_days
        self.may_create = may_create
        self.ended: float | None = None

    def delivers(self) -> bool:
        """Whether it still has something to deliver now, and may."""
        due = self.ended is None or world.clock.now() < self.ended + _LATE_DELIVERY
        return due and self.may_create()


class Logs(LogsBackend):
    """moto's log groups, with writers."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.writers: dict[str, dict[str, Writer]] = {}

    @property
    def _url_module(self) -> Any:
        return _urls

    def create_log_group(self, log_group_name: str, tags: dict[str, str], **kwargs: Any) -> Any:
        group = super().create_log_group(log_group_name, tags, **kwargs)
        world.note("log_group", log_group_name, "created")
        return group

    def delete_log_group(self, log_group_name: str) -> None:
        """Gone with its tags: one that is created again has those that it is given.

        https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
        """
        group = self.groups.get(log_group_name)
        if getattr(group, "deletion_protection", False):
            raise JsonRESTError("ValidationException", _IS_PROTECTED)
        super().delete_log_group(log_group_name)
        if group is not None:
            self.tagger.delete_all_tags_for_resource(group.arn)
        world.note("log_group", log_group_name, "deleted")
        writers = self.writers.get(log_group_name)
        if writers:
            forced = world.faults.take_log_group_return(log_group_name)
            seconds = world.durations.draw("logs.log_group.return", log_group_name)
            world.clock.call_later(seconds, self.deliver, log_group_name, forced)

    def deliver(self, log_group_name: str, forced: bool = False) -> None:
        """Writers deliver what they have: the group is there again if it was not."""
        writers = list(self.writers.get(log_group_name, {}).values())
        if log_group_name in self.groups or not (forced or any(writer.delivers() for writer in writers)):
            return
        self.create_log_group(log_group_name, {})
        retention = [writer.retention_days for writer in writers if writer.retention_days]
        if retention:
            self.put_retention_policy(log_group_name, max(retention))


class LogsAnswers(LogsResponse):
    """moto's answers, with deletion protection."""

    def put_log_group_deletion_protection(self) -> str:
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html
        group = self.logs_backend.groups.get(self._get_param("logGroupIdentifier"))
        if group is None:
            raise ResourceNotFoundException()
        group.deletion_protection = self._get_param("deletionProtectionEnabled")
        return ""

    def describe_log_groups(self) -> str:
        answer = json.loads(super().describe_log_groups())
        for row in answer["logGroups"]:
            group = self.logs_backend.groups.get(row["logGroupName"])
            row["deletionProtectionEnabled"] = getattr(group, "deletion_protection", False)
        return json.dumps(answer)


_urls = url_module(logs_urls.url_bases, {path: LogsAnswers.dispatch for path in logs_urls.url_paths})


def install(swaps: Swaps) -> None:
    swaps.use(logs_backends, Logs)


def writer_starts(
    account_id: str,
    region: str,
    log_group_name: str,
    writer: str,
    *,
    retention_days: int | None = None,
    may_create: Callable[[], bool] = lambda: True,
) -> None:
    """``writer`` (an ARN or id) writes to the group from now on. The group is created if missing."""
    backend = logs_backends[account_id][region]
    backend.writers.setdefault(log_group_name, {})[writer] = Writer(retention_days, may_create)
    backend.deliver(log_group_name)


def writer_ends(account_id: str, region: str, log_group_name: str, writer: str) -> None:
    """``writer`` records nothing more; what it recorded is still delivered for a while."""
    known = logs_backends[account_id][region].writers.get(log_group_name, {})
    if writer in known:
        known[writer].ended = world.clock.now()
