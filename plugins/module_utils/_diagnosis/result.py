# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a diagnosis returns: data, without a sentence that could be made of it. No AWS."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Mapping
from typing import Sequence

from . import kinds
from . import running
from .entities import Entity
from .entities import trees
from .judge import judge
from .judge import words
from .types import Deployed
from .types import Finding
from .types import Limits
from .types import Material
from .types import Seen
from .way import faulty_way
from .way import path
from .way import waterfall

SCHEMA = "1.0"
PERIOD = 60  # seconds, of what X-Ray counts
BUCKETS = 48  # of the timeline
Row = dict[str, Any]


def result(material: Material, limits: Limits, graph: Row | None, gaps: Sequence[Row], notes: Sequence[str]) -> Row:
    """``graph``: nodes and edges as X-Ray tells them, None to take those of the requests that were read."""
    verdict, found, more = judge(material, limits)
    roots = {key: trees(documents) for key, documents in material.documents.items()}
    seen = {item.name: item for item in material.services}
    rows = [_finding(finding, seen[finding.service], roots, material) for finding in found]
    return {
        "schema_version": SCHEMA,
        "verdict": verdict,
        "start": iso(material.start),
        "end": iso(material.end),
        "services": [item.name for item in material.services],
        "findings": rows,
        "notes": [*more, *notes],
        "gaps": list(gaps),
        "looked_at": _looked_at(material),
        "requests": {
            "read": len(material.summaries or ()),
            "failed": sum(item.failed for item in material.summaries or ()),
            "sampled": material.sampled,
        },
        "deployments": [
            {"service": item.name, **deployment(one)} for item in material.services for one in item.deployments or ()
        ],
        "timeline": _timeline(material),
        "map": _map(graph, roots, rows, [item.trace_name for item in material.services]),
    }


def deployment(item: Deployed) -> Row:
    return {
        "arn": item.arn,
        "status": item.status,
        "started_at": iso(item.started),
        "finished_at": iso(item.finished),
        "task_definition": item.definition,
        "task_definition_before": item.before,
        "images": dict(item.images),
        "images_before": dict(item.images_before),
        "reason": item.reason,
    }


def iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds")


def ruled_out(finding: Finding, seen: Seen, material: Material) -> list[str]:
    """What was looked at and is not the cause."""
    told = []
    if finding.source not in ("tasks", "targets", "events"):
        failed = [task for task in seen.ended or () if running.is_failure(task)]
        if seen.desired and seen.running >= seen.desired:
            told.append("tasks healthy")
        if seen.balanced and seen.unhealthy == ():
            told.append("targets healthy")
        if seen.ended is not None and not failed:
            told.append("no stopped tasks")
    if seen.alarms and all(alarm.state == "OK" for alarm in seen.alarms):
        told.append("alarms OK")
    told += [f"deployment {short(item.arn)} ({why})" for item, why in finding.not_blamed]
    if seen.deployments == () or (
        seen.deployments
        and finding.deployment is None
        and not any(item.started >= material.start for item in seen.deployments)
    ):
        told.append("no deployment in this time")
    return told


def short(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _finding(finding: Finding, seen: Seen, roots: Mapping[str, list[Entity]], material: Material) -> Row:
    trace = roots.get(finding.example) or []
    way = faulty_way(trace, seen.trace_name) if finding.source == "traces" or finding.example else []
    blamed = finding.deployment
    over = blamed is not None and (blamed.status in running.GAVE_UP or blamed.definition not in ("", seen.definition))
    entity = finding.entity or (finding.service if finding.kind == kinds.SLOW else "")
    return {
        "service": finding.service,
        "kind": finding.kind,
        "source": finding.source,
        "count": finding.count,
        "of": finding.of,
        "since": iso(finding.since),
        "exact": finding.exact,
        "until": iso(finding.until),
        "before": None if finding.before is None else {"failed": finding.before[0], "of": finding.before[1]},
        "statistics": _statistics(finding, material.minutes.get(seen.trace_name, ())),
        "entity": finding.entity,
        "exception": {"type": finding.exception.type, "message": finding.exception.message}
        if finding.exception
        else None,
        "said": finding.said,
        "seconds": None if finding.seconds is None else {"before": finding.seconds[0], "now": finding.seconds[1]},
        "deployment": None
        if blamed is None
        else {**deployment(blamed), "seconds_before": round((finding.since or blamed.started) - blamed.started, 3)},
        "path": path(trace, way),
        "trace": {"id": finding.example, "rows": waterfall(trace, way)} if trace else None,
        "traces": list(finding.traces[:20]),
        "logs": [{"at": iso(line.at), "stream": line.stream, "message": line.message} for line in finding.lines],
        "handled_by": finding.handled_by,
        "effects": list(finding.effects),
        "ruled_out": ruled_out(finding, seen, material),
        "advice": kinds.remedy(finding.kind, entity, words(finding), short(seen.role)),
        "roll_back": blamed is not None and not over and bool(blamed.before),
        "rolled_back": over,
    }


def _statistics(finding: Finding, minutes: Sequence[Mapping[str, Any]]) -> Row | None:
    """What X-Ray counted before it began and since then: of all requests, where a sample was read."""
    if not minutes or finding.since is None:
        return None
    now = [row for row in minutes if row["at"] + PERIOD > finding.since]
    before = [row for row in minutes if row["at"] + PERIOD <= finding.since]
    return {
        name: {"failed": sum(row["failed"] for row in rows), "of": sum(row["requests"] for row in rows)}
        for name, rows in (("now", now), ("before", before))
    }


def _looked_at(material: Material) -> list[Row]:
    services = material.services
    rows: list[Row] = [{"source": "services", "count": len(services)}]
    if material.summaries is not None:
        rows.append({"source": "requests", "count": len(material.summaries)})
    for source, name in (("deployments", "deployments"), ("stopped tasks", "ended"), ("alarms", "alarms"),
                         ("log lines", "lines")):  # fmt: skip
        known = [getattr(item, name) for item in services if getattr(item, name) is not None]
        if known:
            rows.append({"source": source, "count": sum(map(len, known))})
    if any(item.balanced and item.unhealthy is not None for item in services):
        rows.append({"source": "unhealthy targets", "count": sum(len(item.unhealthy or ()) for item in services)})
    return rows


def _timeline(material: Material) -> list[Row]:
    """Requests and failures over time, in equal parts of the whole time."""
    width = max((material.end - material.start) / BUCKETS, 1.0)
    every: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    for summary in material.summaries or ():
        part = min(max(int((summary.at - material.start) / width), 0), BUCKETS - 1)
        every[part] += 1
        failed[part] += summary.failed
    return [
        {"at": iso(material.start + part * width), "seconds": width, "requests": every[part], "failed": failed[part]}
        for part in sorted(every)
    ]


def _map(graph: Row | None, roots: Mapping[str, list[Entity]], rows: Sequence[Row], names: Sequence[str]) -> Row:
    nodes: dict[str, Row] = {}
    edges: dict[tuple[str, str], Row] = {}
    for item in (graph or {}).get("nodes", ()):
        nodes[item["name"]] = {**item, "faulty": False}
    for item in (graph or {}).get("edges", ()):
        edges[(item["source"], item["target"])] = {**item, "faulty": False}
    if not nodes:
        for trees_ in roots.values():
            for root in trees_:
                _add(root, "client", nodes, edges)
    for row in rows:
        at = "client"
        for step in row["path"]:
            if not step["faulty"]:
                continue
            # X-Ray calls a table by its own name.
            name = step["resource"] if step["resource"] in nodes else step["name"]
            nodes.setdefault(name, _node(name))["faulty"] = True
            if name != at:
                edges.setdefault((at, name), _edge(at, name))["faulty"] = True
                at = name
        if not row["path"] and row["service"] in names:
            nodes.setdefault(row["service"], _node(row["service"]))["faulty"] = True
    for end in [name for pair in edges for name in pair]:
        nodes.setdefault(end, _node(end))
    return {"nodes": list(nodes.values()), "edges": list(edges.values())}


def _add(entity: Entity, above: str, nodes: dict[str, Row], edges: dict[tuple[str, str], Row]) -> None:
    if entity.segment or entity.called:
        nodes.setdefault(entity.name, _node(entity.name))
        if above != entity.name:
            edges.setdefault((above, entity.name), _edge(above, entity.name))
        above = entity.name
    for child in entity.children:
        _add(child, above, nodes, edges)


def _node(name: str) -> Row:
    return {"name": name, "type": "client" if name == "client" else "", "requests": 0, "failed": 0, "faulty": False}


def _edge(source: str, target: str) -> Row:
    return {"source": source, "target": target, "requests": 0, "failed": 0, "faulty": False}
