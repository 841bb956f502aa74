# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Where the stacks and the edges of the report's graph are, in pixels."""

from __future__ import annotations

from os.path import commonprefix
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.timeline import state

Row = dict[str, Any]

WIDTH = 1040  # of the page's column
LETTER = 7.2  # of a name, on the average
LONGEST = 34  # letters of a name that are shown
TALL, PITCH = 22, 28  # of a stack, and from one to the next
SIDE = 34  # room for the sign before a name, and after it
GAP = 56, 150  # between two levels, at least and at most
SWEEPS = 6


def graph(report: Mapping[str, Any]) -> Row | None:
    """Stacks from those that went first, at the left, to those that went last, and what each waited for. None if none
    waited."""
    order = report["order"]
    if not order["edges"]:
        return None
    tied = {edge[end] for edge in order["edges"] for end in ("stack", "after")}
    columns = _untangled([[name for name in level if name in tied] for level in order["levels"]], order["edges"])
    states = {stack["name"]: state(stack) for stack in report["stacks"]}
    start = _common([name for level in order["levels"] for name in level])
    labels = {name: _short(name[len(start) :]) for name in tied}
    wide = [round(SIDE + LETTER * max(len(labels[name]) for name in column)) for column in columns]
    between = round(min(max((WIDTH - sum(wide)) / (len(columns) - 1), GAP[0]), GAP[1]))
    most = max(len(column) for column in columns)
    nodes: dict[str, Row] = {}
    for number, column in enumerate(columns):
        x, top = 1 + sum(wide[:number]) + between * number, round((most - len(column)) * PITCH / 2) + 1
        for row, name in enumerate(column):
            place = {"x": x, "y": top + row * PITCH, "width": wide[number]}
            nodes[name] = {"name": name, "label": labels[name], "state": states[name], **place}
    return {
        "width": sum(wide) + between * (len(columns) - 1) + 2,
        "height": (most - 1) * PITCH + TALL + 2,
        "tall": TALL,
        "nodes": list(nodes.values()),
        "edges": [
            {
                **edge,
                "path": _path(nodes[edge["after"]], nodes[edge["stack"]]),
                "held": states[edge["after"]] != "gone",
            }
            for edge in order["edges"]
        ],
        "levels": len(columns),
        "start": start,
        "alone": [name for level in order["levels"] for name in level if name not in tied],
        "perhaps": any(not edge["certain"] for edge in order["edges"]),
        "reasons": [edge for edge in order["edges"] if edge["evidence"]],
    }


def _untangled(levels: Sequence[Sequence[str]], edges: Sequence[Row]) -> list[list[str]]:
    """The same levels, each sorted so that stacks are near to what they wait for, and to what waits for them."""
    columns = [list(level) for level in levels]
    before: dict[str, list[str]] = {name: [] for level in levels for name in level}
    behind: dict[str, list[str]] = {name: [] for level in levels for name in level}
    for edge in edges:
        before[edge["stack"]].append(edge["after"])
        behind[edge["after"]].append(edge["stack"])
    for sweep in range(SWEEPS):
        near = behind if sweep % 2 else before
        places = {name: (row + 0.5) / len(column) for column in columns for row, name in enumerate(column)}
        for column in columns[::-1] if sweep % 2 else columns:
            means = {name: [places[other] for other in near[name]] or [places[name]] for name in column}
            column.sort(key=lambda name: (sum(means[name]) / len(means[name]), name))
            places.update({name: (row + 0.5) / len(column) for row, name in enumerate(column)})
    return columns


def _path(first: Row, then: Row) -> str:
    """From the end of what goes first to the beginning of what goes then."""
    x, y, to_x, to_y = first["x"] + first["width"], first["y"] + TALL // 2, then["x"], then["y"] + TALL // 2
    bend = (to_x - x) // 2
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _common(names: Sequence[str]) -> str:
    """What all names begin with, up to a dash."""
    start = commonprefix(list(names)) if len(names) > 1 else ""
    return start[: start.rfind("-") + 1]


def _short(name: str) -> str:
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"
