# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Where the services of the map, the bars of the waterfall and those of the timeline are."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import change_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import clock
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import short
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment

Row = dict[str, Any]

WIDE, TALL = 150, 42  # of a service, in pixels
ACROSS, DOWN = 206, 58  # from one to the next
LONGEST = 19  # letters of a name
NODES = 40  # of a map, at most
NARROWEST = 0.8  # percent of a bar


def service_map(found: Mapping[str, Any]) -> Row | None:
    """Services from the client at the left on, what fails at the top of its column. None if no calls are known."""
    edges = [edge for edge in found["edges"] if edge["source"] != edge["target"]]
    if not edges:
        return None
    nodes = sorted(found["nodes"], key=lambda node: (not node["faulty"], node["name"] != "client", -node["requests"]))
    shown = {node["name"]: node for node in nodes[:NODES]}
    edges = [edge for edge in edges if edge["source"] in shown and edge["target"] in shown]
    levels = _levels(list(shown), edges)
    columns: dict[int, list[str]] = {}
    for name in shown:  # in the order of nodes: what fails first
        columns.setdefault(levels[name], []).append(name)
    places = {
        name: {"x": 2 + ACROSS * level, "y": 2 + DOWN * row}
        for level, column in columns.items()
        for row, name in enumerate(column)
    }
    return {
        "width": ACROSS * max(columns) + WIDE + 4,
        "height": DOWN * max(map(len, columns.values())) - DOWN + TALL + 4,
        "nodes": [
            {**node, **places[name], "label": _label(name), "share": _share(node)} for name, node in shown.items()
        ],
        "edges": sorted(
            ({**edge, "path": _path(places[edge["source"]], places[edge["target"]])} for edge in edges),
            key=lambda edge: edge["faulty"],
        ),
        "left_out": len(nodes) - len(shown),
    }


def waterfall(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with place and width of their bars, in percent. What was never closed reaches to the end."""
    end = max([row["start"] + (row["seconds"] or 0.0) for row in rows] or [0.0]) or 1.0
    drawn = []
    for row in rows:
        left = min(100 * row["start"] / end, 100 - NARROWEST)
        width = 100 - left if row["seconds"] is None else max(100 * row["seconds"] / end, NARROWEST)
        spent = "not ended" if row["seconds"] is None else f"{row['seconds']:.2f} s"
        drawn.append({**row, "x": round(left, 2), "width": round(min(width, 100 - left), 2), "spent": spent})
    return drawn


def timeline(cluster: Mapping[str, Any]) -> Row | None:
    """Bars of requests, and where deployments and failures begin, in percent of the time. None if there is neither."""
    begin, end = moment(cluster["start"]), moment(cluster["end"])
    if begin is None or end is None or not (cluster["timeline"] or cluster["deployments"]):
        return None
    span = max((end - begin).total_seconds(), 1.0)

    def place(text: str | None) -> float | None:
        time = moment(text)
        at = None if time is None else 100 * (time - begin).total_seconds() / span
        return round(at, 2) if at is not None and 0 <= at <= 100 else None

    most = max([row["requests"] for row in cluster["timeline"]] or [0]) or 1
    bars = []
    for row in cluster["timeline"]:
        x = place(row["at"])
        if x is not None:
            tall, bad = 100 * row["requests"] / most, 100 * row["failed"] / most
            bars.append({"x": x, "width": round(80 * row["seconds"] / span, 2), "tall": tall, "bad": bad, **row})
    deployments = []
    for row in sorted(cluster["deployments"], key=lambda item: str(item["started_at"])):
        x = place(row["started_at"])
        if x is not None:
            told = f"{clock(row['started_at'])} {row['service']}: {change_of(row)} ({row['status']})"
            deployments.append({"x": x, "number": len(deployments) + 1, "told": told, "arn": short(row["arn"])})
    begins = [
        {"x": x, "service": finding["service"], "at": clock(finding["since"])}
        for finding in cluster["findings"]
        if (x := place(finding["since"])) is not None
    ]
    return {"bars": bars, "deployments": deployments, "begins": begins, "from": clock(cluster["start"]),
            "to": clock(cluster["end"]), "most": most}  # fmt: skip


def _levels(names: Sequence[str], edges: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How far each is from what nobody calls; the way back of a circle does not count."""
    called: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        called[edge["source"]].append(edge["target"])
    targets = {edge["target"] for edge in edges}
    levels = {name: 0 for name in names if name not in targets} or {names[0]: 0}
    waiting = list(levels)
    while waiting:
        name = waiting.pop(0)
        for target in called[name]:
            if target not in levels:
                levels[target] = levels[name] + 1
                waiting.append(target)
    return {name: levels.get(name, 0) for name in names}


def _path(source: Mapping[str, Any], target: Mapping[str, Any]) -> str:
    x, y, to_x, to_y = source["x"] + WIDE, source["y"] + TALL // 2, target["x"], target["y"] + TALL // 2
    if to_x <= x:  # back, or to one in the same column: below both
        low = max(y, to_y) + TALL // 2 + 6
        return f"M{x} {y}C{x + 40} {low} {to_x - 40} {low} {to_x} {to_y}"
    bend = (to_x - x) // 2
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _label(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _share(node: Mapping[str, Any]) -> str:
    if not node["requests"]:
        return ""
    return f"{node['failed']} of {node['requests']} failed" if node["failed"] else f"{node['requests']} requests"
