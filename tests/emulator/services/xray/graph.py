# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service graphs and statistics: https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from .entities import Entity, Trace
from .errors import InvalidRequest
from .filters import Selection

#: Name and type of a node.
_Node = tuple[str, str]


def statistics(entities: Iterable[Entity]) -> dict[str, Any]:
    """Of those that are complete: https://docs.aws.amazon.com/xray/latest/api/API_ServiceStatistics.html"""
    done = [entity for entity in entities if entity.end is not None]
    faults = [entity for entity in done if entity.has("fault")]
    errors = [entity for entity in done if not entity.ok and not entity.has("fault")]
    throttles = [entity for entity in errors if entity.has("throttle")]
    return {
        "OkCount": len(done) - len(faults) - len(errors),
        "ErrorStatistics": {
            "ThrottleCount": len(throttles),
            "OtherCount": len(errors) - len(throttles),
            "TotalCount": len(errors),
        },
        "FaultStatistics": {"OtherCount": len(faults), "TotalCount": len(faults)},
        "TotalCount": len(done),
        "TotalResponseTime": round(sum(entity.seconds for entity in done), 6),
    }


def histogram(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    counts: dict[float, int] = {}
    for entity in entities:
        if entity.end is not None:
            seconds = round(entity.seconds, 3)
            counts[seconds] = counts.get(seconds, 0) + 1
    return [{"Value": seconds, "Count": count} for seconds, count in counts.items()]


def _times(entities: list[Entity]) -> dict[str, float]:
    ends = [entity.start if entity.end is None else entity.end for entity in entities]
    return {"StartTime": min(entity.start for entity in entities), "EndTime": max(ends)}


def _node(entity: Entity) -> _Node:
    return entity.service_name, entity.service_type or ""


def _client(root: Entity) -> _Node:
    """Clients bear the name of what they called, as in the example of the developer guide.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-servicegraph
    """
    return root.service_name, "client"


def services(traces: Iterable[Trace], account_id: str) -> list[dict[str, Any]]:
    """The nodes that these traces touched, with their edges."""
    segments: dict[_Node, list[Entity]] = {}
    edges: dict[_Node, dict[_Node, list[Entity]]] = {}
    roots: set[_Node] = set()
    for trace in traces:
        for root in trace.roots:
            roots.add(_node(root))
            segments.setdefault(_client(root), []).append(root)
            edges.setdefault(_client(root), {}).setdefault(_node(root), []).append(root)
        for segment in trace.services:
            segments.setdefault(_node(segment), []).append(segment)
            if segment.parent is not None:
                called = edges.setdefault(_node(segment.parent.segment), {})
                called.setdefault(_node(segment), []).append(segment.parent)
    numbers = {node: number for number, node in enumerate(segments)}
    found = []
    for node, number in numbers.items():
        name, kind = node
        client = kind == "client"
        described = {
            "ReferenceId": number,
            "Name": name,
            "Names": [name],
            **({"Type": kind} if kind else {}),
            "State": "active" if node in roots else "unknown",
            **_times(segments[node]),
            "Edges": [_edge(numbers[target], calls) for target, calls in edges.get(node, {}).items()],
        }
        if node in roots:
            described["Root"] = True
        if not client:
            described["AccountId"] = account_id
            described["SummaryStatistics"] = statistics(segments[node])
            described["DurationHistogram"] = described["ResponseTimeHistogram"] = histogram(segments[node])
        found.append(described)
    return found


def _edge(number: int, calls: list[Entity]) -> dict[str, Any]:
    return {
        "ReferenceId": number,
        **_times(calls),
        "SummaryStatistics": statistics(calls),
        "ResponseTimeHistogram": histogram(calls),
        "Aliases": [],
    }


def series(
    traces: Iterable[Trace], start: float, end: float, period: int, chosen: Selection, edge: bool
) -> list[dict[str, Any]]:
    """Periods in which something chosen ended; AWS does not say whether it tells of the others.

    https://docs.aws.amazon.com/xray/latest/api/API_GetTimeSeriesServiceStatistics.html
    """
    if period < 60 or period % 60:
        raise InvalidRequest("Period must be a multiple of 60 seconds")
    windows: dict[float, list[Entity]] = {}
    for trace in traces:
        for entity in chosen(trace):
            if entity.end is not None and start <= entity.end < end:
                windows.setdefault(math.floor(entity.end / period) * period, []).append(entity)
    name = "EdgeSummaryStatistics" if edge else "ServiceSummaryStatistics"
    return [
        {"Timestamp": moment, name: statistics(entities), "ResponseTimeHistogram": histogram(entities)}
        for moment, entities in sorted(windows.items())
    ]
