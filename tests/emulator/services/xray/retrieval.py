# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transaction Search: spans go to the log group aws/spans, and whole traces are retrieved from there.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Transaction-Search.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from moto.logs.models import logs_backends
from moto.moto_api._internal import mock_random

from ...world import world
from .entities import Document, Trace
from .errors import InvalidRequest, NotFound

SPANS = "aws/spans"
_STREAM = "default"
#: https://docs.aws.amazon.com/xray/latest/api/API_StartTraceRetrieval.html
_MOST_IDS = 100


@dataclass(frozen=True)
class Retrieval:
    """Complete ``due`` AWS seconds after the start of the clock."""

    due: float
    traces: list[Trace]


class TransactionSearch:
    """Of one account and region; off at the start."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region
        self.destination = "XRay"
        #: Percent of the traces that X-Ray indexes, so that their summaries are found.
        self.indexed = 1.0
        self._seen = 0
        self._retrievals: dict[str, Retrieval] = {}

    @property
    def on(self) -> bool:
        return self.destination == "CloudWatchLogs"

    def send_to(self, destination: str | None) -> None:
        """https://docs.aws.amazon.com/xray/latest/api/API_UpdateTraceSegmentDestination.html"""
        if destination not in ("XRay", "CloudWatchLogs"):
            raise InvalidRequest("Destination must be XRay or CloudWatchLogs")
        self.destination = destination
        logs = logs_backends[self._account_id][self._region]
        if self.on and SPANS not in logs.groups:
            logs.create_log_group(SPANS, {})
            logs.create_log_stream(SPANS, _STREAM)

    def described(self) -> dict[str, str]:
        return {"Destination": self.destination, "Status": "ACTIVE"}

    def write(self, document: Document) -> None:
        logs = logs_backends[self._account_id][self._region]
        if SPANS in logs.groups:
            moment = int(float(document["start_time"]) * 1000)
            logs.put_log_events(SPANS, _STREAM, [{"timestamp": moment, "message": json.dumps(document)}])

    def indexes(self) -> bool:
        """Whether the next new trace is indexed: each n-th by the percentage."""
        self._seen += 1
        return int(self._seen * self.indexed / 100) > int((self._seen - 1) * self.indexed / 100)

    def start(self, given: dict[str, Any], traces: dict[str, Trace]) -> str:
        """Token of a retrieval. NotFound without the log group."""
        ids = given.get("TraceIds") or []
        if not ids or len(ids) > _MOST_IDS:
            raise InvalidRequest(f"TraceIds must have 1 to {_MOST_IDS} items")
        if given["StartTime"] > given["EndTime"]:
            raise InvalidRequest("StartTime must not be later than EndTime")
        if SPANS not in logs_backends[self._account_id][self._region].groups:
            raise NotFound(f"Log group {SPANS} does not exist")
        found = [traces[one] for one in ids if one in traces and traces[one].in_logs]
        found = [one for one in found if given["StartTime"] <= one.end and one.start <= given["EndTime"]]
        token = mock_random.get_random_hex(64)
        seconds = world.durations.draw("xray.retrieval", token)
        self._retrievals[token] = Retrieval(world.clock.now() + seconds, found)
        return token

    def retrieved(self, given: dict[str, Any]) -> tuple[str, list[Trace]]:
        """Status and traces, none of them before it is COMPLETE."""
        retrieval = self._retrievals.get(given.get("RetrievalToken", ""))
        if retrieval is None:
            raise NotFound("Retrieval token does not exist")
        if given.get("TraceFormat", "XRAY") != "XRAY":
            raise InvalidRequest("Only the format XRAY is known here")
        if world.clock.now() < retrieval.due:
            return "RUNNING", []
        return "COMPLETE", retrieval.traces

    def cancel(self, given: dict[str, Any]) -> None:
        if self._retrievals.pop(given.get("RetrievalToken", ""), None) is None:
            raise NotFound("Retrieval token does not exist")
