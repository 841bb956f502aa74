# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The lines of a service's log that tell of a failure. All calls raise :class:`AwsCallError`."""

from __future__ import annotations

import time
from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Mapping

from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .secrets import without_secrets
from .types import Line

MOST = 50  # lines of a service
PATIENCE = 20.0  # seconds for a query
# What Logs Insights takes for a regular expression, and the same for FilterLogEvents, which has words alone:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
_TELLING = (
    "(?i)(error|exception|fatal|panic|traceback|denied|not authorized|throttl|x509|certificate|refused|timed out|"
    "timeout|no such host|no space left|out of memory|cannot|failed)"
)
_WORDS = (
    "?error ?Error ?ERROR ?exception ?Exception ?fatal ?FATAL ?panic ?Traceback ?denied ?Denied ?authorized ?hrottl "
    '?x509 ?certificate ?refused ?timeout ?Timeout ?"timed out" ?"no such host" ?"No space" ?memory ?failed ?Failed'
)


class LogReader:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable[[str], Any], sleep: Callable[[float], None] = time.sleep) -> None:
        self._logs = clients("logs")
        self._sleep = sleep

    def queried(self, group: str, prefix: str, start: float, end: float) -> list[Line]:
        """Lines of streams whose names begin with ``prefix``, the earliest first, by Logs Insights."""
        of_streams = f"filter @logStream like /^{_literal(prefix)}/ | " if prefix else ""
        query = (
            f"fields @timestamp, @logStream, @message | {of_streams}filter @message like /{_TELLING}/ "
            f"| sort @timestamp asc | limit {MOST}"
        )
        with aws_call("logs:StartQuery"):
            started = self._logs.start_query(
                logGroupName=group, startTime=int(start), endTime=int(end) + 1, queryString=query, limit=MOST
            )
        waited = 0.0
        while True:
            with aws_call("logs:GetQueryResults"):
                answer = self._logs.get_query_results(queryId=started["queryId"])
            if answer["status"] == "Complete":
                rows = ({item["field"]: item.get("value", "") for item in row} for row in answer["results"])
                return [line for row in rows if (line := _of_query(row))]
            if answer["status"] not in ("Scheduled", "Running") or waited >= PATIENCE:
                raise AwsCallError(
                    OTHER, answer["status"], f"the query is {answer['status']} after {waited:g} s",
                    "logs:GetQueryResults",
                )  # fmt: skip
            self._sleep(0.5)
            waited += 0.5

    def filtered(self, group: str, prefix: str, start: float, end: float) -> list[Line]:
        """The same by FilterLogEvents, which needs no query and reads at most a few pages."""
        given: dict[str, Any] = {"logStreamNamePrefix": prefix} if prefix else {}
        found: list[Line] = []
        for _page in range(5):
            with aws_call("logs:FilterLogEvents"):
                answer = self._logs.filter_log_events(
                    logGroupName=group, startTime=int(start * 1000), endTime=int(end * 1000) + 1, limit=MOST,
                    filterPattern=_WORDS, **given,
                )  # fmt: skip
            found += [
                Line(item["timestamp"] / 1000, item.get("logStreamName", ""), without_secrets(item.get("message", "")))
                for item in answer["events"]
            ]
            if not answer.get("nextToken") or len(found) >= MOST:
                break
            given["nextToken"] = answer["nextToken"]
        return found[:MOST]


def _of_query(row: Mapping[str, str]) -> Line | None:
    try:  # "2026-11-26 10:42:07.123", in UTC
        moment = datetime.strptime(row["@timestamp"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=timezone.utc)
    except (KeyError, ValueError):
        return None
    return Line(moment.timestamp(), row.get("@logStream", ""), without_secrets(row.get("@message", "")))


def _literal(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else f"\\{char}" for char in text)
