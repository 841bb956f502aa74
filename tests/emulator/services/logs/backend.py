# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch Logs: groups that others write to come back when they are deleted.

Flow logs and Container Insights create a missing log group themselves, and still deliver for a while after they have
been switched off (terraform-aws-modules/terraform-aws-vpc#435, ministryofjustice/opg-digideps#1325).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.exceptions import JsonRESTError
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend, logs_backends

from ...world import utcnow, world
from ..swap import Swaps
from . import filters
from .insights import MalformedQuery, Query, row
from .patterns import InvalidPattern, Matches, matcher

#: AWS seconds for which what was recorded before the end of a writer is still delivered.
_LATE_DELIVERY = 60.0
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html
_IS_PROTECTED = "Cannot delete log group with deletion protection enabled. Disable deletion protection first."


#: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
_GROUPS_OF_A_QUERY = 50
#: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html, in milliseconds
_TOO_OLD, _TOO_NEW = 14 * 24 * 3600 * 1000, 2 * 3600 * 1000


@dataclass
class RunningQuery:
    """A query of Insights: its results are there at ``due``, in AWS seconds, unless it is stopped before."""

    id: str
    text: str
    groups: list[str]
    due: float
    results: list[list[dict[str, str]]]
    scanned: int
    stopped: bool = False

    @property
    def status(self) -> str:
        if self.stopped:
            return "Cancelled"
        return "Complete" if world.clock.now() >= self.due else "Running"


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
        from .responses import urls  # responses import the backend

        return urls

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
            for item in self.filters.get_matching_filters(log_group_name=log_group_name):
                self.filters.delete_filter(item["filterName"], log_group_name)
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

    # events

    def write(self, log_group_name: str, log_stream_name: str, message: str, epoch: float) -> None:
        """A line of something inside AWS, at this time; lost where there is no such group."""
        group = self.groups.get(log_group_name)
        if group is None:
            return
        if log_stream_name not in group.streams:
            group.create_log_stream(log_stream_name)
        self._take(log_group_name, log_stream_name, [{"timestamp": int(epoch * 1000), "message": message}])

    def put_log_events(
        self, log_group_name: str, log_stream_name: str, log_events: list[dict[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
        if log_group_name not in self.groups:
            raise ResourceNotFoundException()
        times = [event["timestamp"] for event in log_events]
        if times != sorted(times):
            raise InvalidParameterException(
                "Log events in a single PutLogEvents request must be in chronological order."
            )
        now = int(world.clock.epoch() * 1000)
        rejected = {}
        old = sum(time < now - _TOO_OLD for time in times)
        new = sum(time > now + _TOO_NEW for time in times)
        if old:
            rejected["tooOldLogEventEndIndex"] = old
        if new:
            rejected["tooNewLogEventStartIndex"] = len(times) - new
        return self._take(log_group_name, log_stream_name, log_events[old : len(times) - new]), rejected

    def _take(self, log_group_name: str, log_stream_name: str, log_events: list[dict[str, Any]]) -> str:
        group = self.groups[log_group_name]
        token = group.put_log_events(log_stream_name, log_events)
        stream = group.streams[log_stream_name]
        stream.last_ingestion_time = utcnow()
        for event in stream.events[len(stream.events) - len(log_events) :]:
            event.ingestion_time = int(world.clock.epoch() * 1000)
        own = self.filters.get_matching_filters(log_group_name=log_group_name)
        cloudwatch = cloudwatch_backends[self.account_id][self.region_name]
        for namespace, data in filters.counted(own, log_events):
            cloudwatch.put_metric_data(namespace, data)
        return token

    def filter_log_events(
        self,
        log_group_name: str,
        log_stream_names: list[str],
        start_time: int,
        end_time: int,
        limit: int | None,
        next_token: str | None,
        filter_pattern: str,
        interleaved: bool,
    ) -> tuple[list[dict[str, Any]], str | None, list[dict[str, Any]]]:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html"""
        fits = _matcher(filter_pattern or "")
        events, token, streams = super().filter_log_events(
            log_group_name, log_stream_names, start_time, end_time, limit, next_token, "", True
        )
        # A page may have fewer events than the limit, or none, and a token.
        return [event for event in events if fits(event["message"])], token, streams

    # metric filters

    def put_metric_filter(
        self, filter_name: str, filter_pattern: str, log_group_name: str, metric_transformations: Any
    ) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""
        if log_group_name not in self.groups:
            raise ResourceNotFoundException()
        _matcher(filter_pattern)
        self.filters.delete_filter(filter_name, log_group_name)
        super().put_metric_filter(filter_name, filter_pattern, log_group_name, metric_transformations)

    def delete_metric_filter(self, filter_name: str | None = None, log_group_name: str | None = None) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteMetricFilter.html"""
        found = self.filters.get_matching_filters(log_group_name=log_group_name)
        if all(item["filterName"] != filter_name for item in found):
            raise ResourceNotFoundException("The specified metric filter does not exist.")
        super().delete_metric_filter(filter_name, log_group_name)

    # Insights

    def ask(self, names: Iterable[str], start: int, end: int, text: str, limit: int | None) -> RunningQuery:
        """Start a query; ``start`` and ``end`` in seconds, both included.

        https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
        """
        groups = [name.removesuffix(":*").partition(":log-group:")[2] or name for name in names]
        if not 0 < len(groups) <= _GROUPS_OF_A_QUERY or end < start:
            raise InvalidParameterException("Invalid query: 1 to 50 log groups, and an end time after the start time.")
        missing = [name for name in groups if name not in self.groups]
        if missing:
            raise ResourceNotFoundException(f"Log group '{missing[0]}' does not exist.")
        try:
            query = Query(text if limit is None else f"{text} | limit {limit}")
        except MalformedQuery as error:
            raise JsonRESTError("MalformedQueryException", str(error)) from error
        rows = [
            row(event.timestamp, event.ingestion_time, event.message, stream.log_stream_name,
                f"{self.account_id}:{name}", str(event.event_id))
            for name in groups
            for stream in self.groups[name].streams.values()
            for event in stream.events
            if start * 1000 <= event.timestamp <= end * 1000 + 999
        ]  # fmt: skip
        due = world.clock.now() + world.durations.draw("logs.query")
        asked = RunningQuery(str(uuid.uuid4()), text, groups, due, query.run(rows), len(rows))
        self.queries[asked.id] = asked
        return asked

    def asked(self, query_id: str) -> RunningQuery:
        if query_id not in self.queries:
            raise ResourceNotFoundException(f"Query {query_id} does not exist.")
        return self.queries[query_id]


def _matcher(pattern: str) -> Matches:
    try:
        return matcher(pattern)
    except InvalidPattern as error:
        raise InvalidParameterException("Invalid filter pattern") from error


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
