# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of CloudWatch Logs that moto lacks, or answers otherwise."""

from __future__ import annotations

import json

from moto.logs import urls as logs_urls
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from ..swap import url_module


class LogsAnswers(LogsResponse):
    """moto's answers, with deletion protection, and with queries that take their time."""

    def start_query(self) -> str:
        given = [self._get_param(name) for name in ("logGroupName", "logGroupNames", "logGroupIdentifiers")]
        ways = [item for item in given if item]
        if len(ways) != 1:
            raise InvalidParameterException("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers.")
        names = [ways[0]] if isinstance(ways[0], str) else ways[0]
        start, end = self._get_int_param("startTime"), self._get_int_param("endTime")
        query = self.logs_backend.ask(names, start, end, self._get_param("queryString"), self._get_param("limit"))
        return json.dumps({"queryId": query.id})

    def get_query_results(self) -> str:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html"""
        query = self.logs_backend.asked(self._get_param("queryId"))
        results = query.results if query.status == "Complete" else []
        counts = {"recordsMatched": float(len(results)), "recordsScanned": float(query.scanned), "bytesScanned": 0.0}
        answer = {"queryLanguage": "CWLI", "results": results, "statistics": counts, "status": query.status}
        return json.dumps(answer)

    def stop_query(self) -> str:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html"""
        query = self.logs_backend.asked(self._get_param("queryId"))
        if query.status != "Running":
            raise InvalidParameterException("Specified queryId has already finished, or it is not running.")
        query.stopped = True
        return json.dumps({"success": True})

    def describe_queries(self) -> str:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html"""
        name, status = self._get_param("logGroupName"), self._get_param("status")
        shown = [
            {"queryId": query.id, "queryString": query.text, "status": query.status, "logGroupName": query.groups[0]}
            for query in self.logs_backend.queries.values()
            if (name is None or name in query.groups) and status in (None, query.status)
        ]
        return json.dumps({"queries": shown})

    def put_log_group_deletion_protection(self) -> str:
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html
        group = self.logs_backend.groups.get(self._get_param("logGroupIdentifier"))
        if group is None:
            raise ResourceNotFoundException()
        group.deletion_protection = self._get_param("deletionProtectionEnabled")
        return ""

    def describe_log_groups(self) -> str:
        answer = json.loads(super().describe_log_groups())
        for item in answer["logGroups"]:
            group = self.logs_backend.groups.get(item["logGroupName"])
            item["deletionProtectionEnabled"] = getattr(group, "deletion_protection", False)
        return json.dumps(answer)


urls = url_module(logs_urls.url_bases, {path: LogsAnswers.dispatch for path in logs_urls.url_paths})
