# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The calls of X-Ray, as values of this collection. All raise :class:`AwsCallError`."""

from __future__ import annotations

import json
import math
import time
from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .result import PERIOD
from .secrets import without_secrets
from .types import Exceptional
from .types import RootCause
from .types import Step
from .types import Summary

LONGEST = 6 * 3600.0  # of a graph: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html
PARTS = 6  # of the time, so that a sample is not of its beginning alone
PAGES = 40  # of a part, since pages may be empty where others have many requests
TRACES_PER_CALL = 5  # https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html
RETRIEVED_PER_CALL = 100  # https://docs.aws.amazon.com/xray/latest/api/API_StartTraceRetrieval.html
NAMES_PER_EXPRESSION = 10
RETRIEVAL = 30.0  # seconds to wait for traces that are in CloudWatch Logs


class TraceReader:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable[[str], Any], sleep: Callable[[float], None] = time.sleep) -> None:
        self._xray = clients("xray")
        self._sleep = sleep

    def summaries(
        self, names: Sequence[str], start: float, end: float, most: int, failed: bool
    ) -> tuple[dict[str, Summary], bool]:
        """Requests to services of these names, by their ids, and whether there were more. ``failed``: only those in
        which one of the services has failed, even where its caller took no harm."""
        expressions = [_expression(batch, failed) for batch in batches(names, NAMES_PER_EXPRESSION)]
        if len(expressions) == 1 and end - start <= LONGEST:
            read, more = self._part(expressions[0], start, end, most)
            if not more:
                return {item["Id"]: _summary(item, failed) for item in read}, False
        found: dict[str, Summary] = {}
        more = False
        parts = _parts(start, end)
        for number, (begin, until) in enumerate(parts):
            for order, expression in enumerate(expressions):
                left = (len(parts) - number) * len(expressions) - order
                quota = max((most - len(found)) // left, 1)
                read, cut = self._part(expression, begin, until, quota)
                found.update((item["Id"], _summary(item, failed)) for item in read)
                more = more or cut
        return found, more

    def _part(self, expression: str, start: float, end: float, most: int) -> tuple[list[Mapping[str, Any]], bool]:
        found: list[Mapping[str, Any]] = []
        given: dict[str, Any] = {}
        for _page in range(PAGES):
            with aws_call("xray:GetTraceSummaries"):
                answer = self._xray.get_trace_summaries(
                    StartTime=_moment(start), EndTime=_moment(end), FilterExpression=expression, **given
                )
            found.extend(answer["TraceSummaries"])
            token = answer.get("NextToken")
            if not token or len(found) >= most:
                return found[:most], bool(token) or len(found) > most
            given = {"NextToken": token}
        return found, True

    def in_logs(self) -> bool:
        """Whether traces go to CloudWatch Logs, from where they have to be retrieved."""
        if not hasattr(self._xray, "get_trace_segment_destination"):
            return False  # since botocore 1.35.67, and with an older one they can not be retrieved
        with aws_call("xray:GetTraceSegmentDestination"):
            return self._xray.get_trace_segment_destination().get("Destination") == "CloudWatchLogs"

    def documents(self, ids: Sequence[str]) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """The segments of traces, by their ids."""
        found: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for batch in batches(ids, TRACES_PER_CALL):
            with aws_call("xray:BatchGetTraces"):
                for page in self._xray.get_paginator("batch_get_traces").paginate(TraceIds=batch):
                    for trace in page["Traces"]:
                        more = _documents(item["Document"] for item in trace.get("Segments", ()))
                        found[trace["Id"]] = (*found.get(trace["Id"], ()), *more)
        return found

    def retrieved(self, ids: Sequence[str], start: float, end: float) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """The same where traces are in CloudWatch Logs."""
        found: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for batch in batches(ids, RETRIEVED_PER_CALL):
            with aws_call("xray:StartTraceRetrieval"):
                token = self._xray.start_trace_retrieval(
                    TraceIds=batch, StartTime=_moment(start), EndTime=_moment(end)
                )["RetrievalToken"]
            for trace in self._retrieval(token):
                documents = _documents(item["Document"] for item in trace.get("Spans", ()))
                found[trace["Id"]] = (*found.get(trace["Id"], ()), *documents)
        return found

    def _retrieval(self, token: str) -> list[Mapping[str, Any]]:
        waited = 0.0
        while True:
            traces: list[Mapping[str, Any]] = []
            given: dict[str, Any] = {}
            while True:
                with aws_call("xray:ListRetrievedTraces"):
                    answer = self._xray.list_retrieved_traces(RetrievalToken=token, TraceFormat="XRAY", **given)
                traces.extend(answer.get("Traces", ()))
                if not answer.get("NextToken"):
                    break
                given = {"NextToken": answer["NextToken"]}
            status = answer.get("RetrievalStatus")
            if status == "COMPLETE":
                return traces
            if status not in ("SCHEDULED", "RUNNING") or waited >= RETRIEVAL:
                raise AwsCallError(
                    OTHER, str(status), f"the retrieval of traces is {status} after {waited:g} s",
                    "xray:ListRetrievedTraces",
                )  # fmt: skip
            self._sleep(1.0)
            waited += 1.0

    def graph(self, start: float, end: float) -> dict[str, Any]:
        """Who calls whom, and how often that failed: nodes and edges."""
        with aws_call("xray:GetServiceGraph"):
            pages = self._xray.get_paginator("get_service_graph").paginate(
                StartTime=_moment(start), EndTime=_moment(end)
            )
            services = [item for page in pages for item in page["Services"]]
        return _graph(services)

    def statistics(self, name: str, start: float, end: float) -> list[dict[str, Any]]:
        """How many requests a service had in each minute, and how many of them failed."""
        rows = []
        for begin, until in _parts(start, end, 1):
            with aws_call("xray:GetTimeSeriesServiceStatistics"):
                pages = self._xray.get_paginator("get_time_series_service_statistics").paginate(
                    StartTime=_moment(begin), EndTime=_moment(until), EntitySelectorExpression=_service(name),
                    Period=PERIOD,
                )  # fmt: skip
                rows += [item for page in pages for item in page["TimeSeriesServiceStatistics"]]
        return [
            {"at": item["Timestamp"].timestamp(), **_counts(item.get("ServiceSummaryStatistics") or {})}
            for item in rows
        ]


def window(moment: float, start: float, end: float) -> tuple[float, float]:
    """At most as long as a graph may be, around a moment, between start and end."""
    if end - start <= LONGEST:
        return start, end
    begin = min(max(moment - LONGEST / 2, start), end - LONGEST)
    return begin, begin + LONGEST


def _parts(start: float, end: float, least: int = PARTS) -> list[tuple[float, float]]:
    number = max(least, math.ceil((end - start) / LONGEST))
    width = (end - start) / number
    return [(start + width * order, start + width * (order + 1)) for order in range(number)]


def _service(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'service("{escaped}")'


def _expression(names: Iterable[str], failed: bool) -> str:
    # A plain "fault" misses what the caller of the service has handled:
    # https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
    inner = " {fault = true OR error = true}" if failed else ""
    return " OR ".join(f"{_service(name)}{inner}" for name in names)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


def _summary(item: Mapping[str, Any], failed: bool) -> Summary:
    causes = [_root_cause(cause, True) for cause in item.get("FaultRootCauses") or ()]
    causes += [_root_cause(cause, False) for cause in item.get("ErrorRootCauses") or ()]
    started = item.get("StartTime") or item.get("MatchedEventTime")
    return Summary(
        id=item["Id"],
        # The id tells it as well, to the second.
        at=started.timestamp() if started else float(int(item["Id"].split("-")[1], 16)),
        seconds=item.get("ResponseTime"),
        services=frozenset(one["Name"] for one in item.get("ServiceIds") or () if one.get("Name")),
        failed=failed or bool(item.get("HasFault") or item.get("HasError")),
        partial=bool(item.get("IsPartial")),
        causes=tuple(cause for cause in causes if cause.steps),
    )


def _root_cause(cause: Mapping[str, Any], fault: bool) -> RootCause:
    steps = tuple(_step(service) for service in cause.get("Services") or ())
    return RootCause(steps, fault, bool(cause.get("ClientImpacting", True)))


def _step(service: Mapping[str, Any]) -> Step:
    path = service.get("EntityPath") or ()
    name = service.get("Name") or "?"
    told = next((entity for entity in reversed(path) if entity.get("Exceptions")), path[-1] if path else {})
    exception = (told.get("Exceptions") or [{}])[-1]
    return Step(
        service=name,
        inferred=bool(service.get("Inferred")),
        entity=told.get("Name") or name,
        exception=Exceptional(exception.get("Name") or "", without_secrets(exception.get("Message") or "")),
    )


def _documents(texts: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """Documents; what is none is left out, as a service may send anything."""
    found = []
    for text in texts:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            found.append(document)
    return tuple(found)


def _counts(statistics: Mapping[str, Any]) -> dict[str, int]:
    errors = (statistics.get("ErrorStatistics") or {}).get("TotalCount") or 0
    faults = (statistics.get("FaultStatistics") or {}).get("TotalCount") or 0
    return {"requests": statistics.get("TotalCount") or 0, "failed": errors + faults}


def _graph(services: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = {
        item["ReferenceId"]: "client" if item.get("Type") == "client" else item.get("Name") or "?" for item in services
    }
    nodes: dict[str, dict[str, Any]] = {}
    edges = []
    for item in services:
        counts = _counts(item.get("SummaryStatistics") or {})
        node = nodes.setdefault(
            names[item["ReferenceId"]],
            {"name": names[item["ReferenceId"]], "type": item.get("Type") or "", "requests": 0, "failed": 0},
        )
        node["requests"] += counts["requests"]
        node["failed"] += counts["failed"]
        for edge in item.get("Edges") or ():
            if edge.get("ReferenceId") in names:
                target = names[edge["ReferenceId"]]
                edges.append(
                    {"source": node["name"], "target": target, **_counts(edge.get("SummaryStatistics") or {})}
                )
    return {"nodes": list(nodes.values()), "edges": edges}
