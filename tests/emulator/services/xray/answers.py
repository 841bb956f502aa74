# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of X-Ray: one method a path, named by the last part of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.xray import urls as xray_urls
from moto.xray.responses import XRayResponse

from ..pages import InvalidToken, page
from ..swap import url_module
from . import graph
from .entities import Trace
from .errors import InvalidRequest, check_range
from .filters import select
from .summaries import summary

if TYPE_CHECKING:
    from .backend import XRay

_PAGE = 100
#: Retrieved traces of one answer: https://docs.aws.amazon.com/xray/latest/api/API_ListRetrievedTraces.html
_RETRIEVED = 5
#: "Your custom time range can be a maximum of six hours":
#: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html#xray-console-group-apply
_LONGEST = 6 * 3600.0


class XRayAnswers(XRayResponse):
    """moto's answers where it has them and they are AWS's."""

    @property
    def _backend(self) -> XRay:
        return self.xray_backend  # type: ignore[return-value]

    @property
    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = self.request_params
        return given

    def _page(
        self, items: list[Any], key: Callable[[Any], str], limit: int = _PAGE
    ) -> tuple[list[Any], dict[str, str]]:
        """Items of this page, and what the answer says of the next one."""
        try:
            shown, token = page(items, self._given.get("NextToken"), limit, key)
        except InvalidToken as error:
            raise InvalidRequest("Invalid NextToken") from error
        return shown, {"NextToken": token} if token else {}

    def _listed(self, name: str, items: list[Any], key: Callable[[Any], str], **more: Any) -> str:
        shown, following = self._page(items, key)
        return json.dumps({name: shown, **more, **following})

    def _range(self) -> tuple[float, float]:
        start, end = self._given.get("StartTime"), self._given.get("EndTime")
        if start is None or end is None:
            raise InvalidRequest("StartTime and EndTime are required")
        check_range(start, end, _LONGEST)
        return start, end

    # groups

    def create_group(self) -> str:
        group = self._backend.groups.create(self._given)
        self._tag(group["GroupARN"])
        return json.dumps({"Group": group})

    def get_group(self) -> str:
        return json.dumps({"Group": self._backend.groups.find(self._given)})

    def groups(self) -> str:
        """GetGroups: https://docs.aws.amazon.com/xray/latest/api/API_GetGroups.html"""
        return self._listed("Groups", list(self._backend.groups.by_name.values()), lambda item: item["GroupName"])

    def update_group(self) -> str:
        return json.dumps({"Group": self._backend.groups.update(self._given)})

    def delete_group(self) -> str:
        group = self._backend.groups.delete(self._given)
        self._backend.tags.pop(group["GroupARN"], None)
        return "{}"

    # sampling rules

    def get_sampling_rules(self) -> str:
        records = list(self._backend.sampling.rules.values())
        return self._listed("SamplingRuleRecords", records, lambda item: item["SamplingRule"]["RuleName"])

    def create_sampling_rule(self) -> str:
        record = self._backend.sampling.create(self._given.get("SamplingRule") or {})
        self._tag(record["SamplingRule"]["RuleARN"])
        return json.dumps({"SamplingRuleRecord": record})

    def update_sampling_rule(self) -> str:
        return json.dumps(
            {"SamplingRuleRecord": self._backend.sampling.update(self._given.get("SamplingRuleUpdate") or {})}
        )

    def delete_sampling_rule(self) -> str:
        record = self._backend.sampling.delete(self._given)
        self._backend.tags.pop(record["SamplingRule"]["RuleARN"], None)
        return json.dumps({"SamplingRuleRecord": record})

    # tags of both: https://docs.aws.amazon.com/xray/latest/devguide/xray-tagging.html

    def _tag(self, arn: str) -> None:
        tags = self._backend.tagged(arn)
        tags.update({tag["Key"]: tag["Value"] for tag in self._given.get("Tags") or []})

    def tag_resource(self) -> str:
        self._tag(self._given.get("ResourceARN", ""))
        return "{}"

    def untag_resource(self) -> str:
        tags = self._backend.tagged(self._given.get("ResourceARN", ""))
        for key in self._given.get("TagKeys") or []:
            tags.pop(key, None)
        return "{}"

    def list_tags_for_resource(self) -> str:
        tags = self._backend.tagged(self._given.get("ResourceARN", ""))
        return json.dumps({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})

    # traces

    def trace_summaries(self) -> str:
        """GetTraceSummaries: https://docs.aws.amazon.com/xray/latest/api/API_GetTraceSummaries.html"""
        start, end = self._range()
        kind = self._given.get("TimeRangeType", "TraceId")
        test = self._backend.test(self._given.get("FilterExpression") or "")
        within = [trace for trace in self._backend.indexed if _within(trace, kind, start, end)]
        found = [trace for trace in self._sampled(within) if test(trace, None)]
        # "The first page contains the most recent results, closest to the end of the time frame."
        shown, following = self._page(found, lambda trace: f"{1e11 - trace.start:020.6f} {trace.id}")
        return json.dumps(
            {
                "TraceSummaries": [summary(trace, self.current_account) for trace in shown],
                "ApproximateTime": start,
                "TracesProcessedCount": len(within),
                **following,
            }
        )

    def _sampled(self, traces: list[Trace]) -> list[Trace]:
        """A subset where it is asked for: by the rate, or else, which AWS leaves open, each second one."""
        if not self._given.get("Sampling"):
            return traces
        rate = (self._given.get("SamplingStrategy") or {}).get("Value", 0.5)
        if not 0 <= rate <= 1:
            raise InvalidRequest("The value of a sampling strategy must be between 0 and 1")
        return [one for number, one in enumerate(traces, 1) if int(number * rate) > int((number - 1) * rate)]

    def traces(self) -> str:
        """BatchGetTraces: https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html"""
        ids = self._given.get("TraceIds") or []
        found = self._backend.batch(ids)
        known = {trace.id for trace in found}
        missing = [one for one in ids if one not in known]
        return json.dumps({"Traces": [_whole(trace, "Segments") for trace in found], "UnprocessedTraceIds": missing})

    def service_graph(self) -> str:
        """GetServiceGraph: https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html"""
        start, end = self._range()
        traces = [one for one in self._backend.in_group(self._given) if _within(one, "Event", start, end)]
        more = {"StartTime": start, "EndTime": end, "ContainsOldGroupVersions": False}
        return self._listed("Services", graph.services(traces, self.current_account), _number, **more)

    def trace_graph(self) -> str:
        """GetTraceGraph: https://docs.aws.amazon.com/xray/latest/api/API_GetTraceGraph.html"""
        traces = self._backend.batch(self._given.get("TraceIds") or [])
        return self._listed("Services", graph.services(traces, self.current_account), _number)

    def time_series_service_statistics(self) -> str:
        start, end = self._range()
        selector = self._given.get("EntitySelectorExpression")
        chosen = select(selector or "edge(,)", self._backend.groups.expression)
        edge = not selector or selector.lstrip().startswith("edge")
        traces = self._backend.in_group(self._given)
        found = graph.series(traces, start, end, self._given.get("Period") or 60, chosen, edge)
        more = {"ContainsOldGroupVersions": False}
        return self._listed("TimeSeriesServiceStatistics", found, lambda item: f"{item['Timestamp']:020.3f}", **more)

    # Transaction Search

    def get_trace_segment_destination(self) -> str:
        return json.dumps(self._backend.search.described())

    def update_trace_segment_destination(self) -> str:
        self._backend.search.send_to(self._given.get("Destination"))
        return json.dumps(self._backend.search.described())

    def start_trace_retrieval(self) -> str:
        return json.dumps({"RetrievalToken": self._backend.search.start(self._given, self._backend.traces)})

    def list_retrieved_traces(self) -> str:
        status, traces = self._backend.search.retrieved(self._given)
        shown, following = self._page(traces, lambda trace: trace.id, _RETRIEVED)
        whole = [_whole(trace, "Spans") for trace in shown]
        return json.dumps({"RetrievalStatus": status, "TraceFormat": "XRAY", "Traces": whole, **following})

    def get_retrieved_traces_graph(self) -> str:
        status, traces = self._backend.search.retrieved(self._given)
        found = [{"Service": one, "Links": []} for one in graph.services(traces, self.current_account)]
        return self._listed("Services", found, lambda item: _number(item["Service"]), RetrievalStatus=status)

    def cancel_trace_retrieval(self) -> str:
        self._backend.search.cancel(self._given)
        return "{}"


def _number(service: dict[str, Any]) -> str:
    return f"{service['ReferenceId']:09d}"


def _within(trace: Trace, kind: str, start: float, end: float) -> bool:
    """``TraceId``: by the time in its id; ``Event``: active meanwhile; ``Service``: a segment ended meanwhile.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-traces
    """
    if kind == "TraceId":
        return start <= trace.started < end
    if kind == "Event":
        return trace.start < end and trace.end >= start
    if kind == "Service":
        return any(one.end is not None and start <= one.end < end for one in trace.services)
    raise InvalidRequest("TimeRangeType must be TraceId, Event or Service")


def _whole(trace: Trace, name: str) -> dict[str, Any]:
    documents = [{"Id": document["id"], "Document": json.dumps(document)} for document in trace.segments]
    found = {"Id": trace.id, "Duration": round(trace.end - trace.start, 6), name: documents}
    return {**found, "LimitExceeded": False} if name == "Segments" else found


_PATHS = (
    "CancelTraceRetrieval",
    "CreateGroup",
    "CreateSamplingRule",
    "DeleteGroup",
    "DeleteSamplingRule",
    "GetGroup",
    "GetRetrievedTracesGraph",
    "GetSamplingRules",
    "GetTraceSegmentDestination",
    "Groups",
    "ListRetrievedTraces",
    "ListTagsForResource",
    "StartTraceRetrieval",
    "TagResource",
    "TimeSeriesServiceStatistics",
    "UntagResource",
    "UpdateGroup",
    "UpdateSamplingRule",
    "UpdateTraceSegmentDestination",
)
_known = [path.partition("/")[2].rstrip("$") for path in xray_urls.url_paths]
#: What moto looks for in a service's ``urls`` module.
URLS = url_module(xray_urls.url_bases, {f"{{0}}/{path}$": XRayAnswers.dispatch for path in (*_known, *_PATHS)})
