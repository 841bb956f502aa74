# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of each contender as an SVG picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .contenders import CONTENDERS
from .figures import LIMIT, Figures
from .table import title

WIDTH, LEFT, RIGHT = 960, 275, 70
LANE, GAP, HEAD, FOOT = 2.5, 14, 34, 26
FONT = "font-family='system-ui, sans-serif'"
#: What the names of the stacks hold behind the name of the workshop, and the colour of such stacks.
COLOURS = {
    "service-": ("services", "#2a6fb0"),
    "task-": ("task definitions", "#8fb8de"),
    "appmesh": ("App Mesh", "#9467bd"),
    "dynamodb": ("DynamoDB", "#7f7f7f"),
    "alb": ("load balancer", "#e08214"),
    "cloudmap": ("Cloud Map", "#2ca02c"),
    "ecs": ("cluster", "#d62728"),
    "vpc": ("VPC", "#17a2a2"),
    "logs": ("logs", "#8c6d31"),
}


def plot(found: Sequence[Figures]) -> str:
    """One panel for each number of lingering services, of the first seed: a bar per stack, the limit as a line."""
    panels: list[tuple[int, list[Figures]]] = []
    for lingering in sorted({item.lingering for item in found}):
        first: dict[str, Figures] = {}
        for item in sorted(found, key=lambda item: (item.seed or 0, -item.time_scale)):
            if item.lingering == lingering:
                first.setdefault(item.contender, item)
        panels.append((lingering, [first[key] for key in [LIMIT, *CONTENDERS] if key in first]))
    body: list[str] = []
    top = 30.0
    for lingering, members in panels:
        top = _panel(body, top, lingering, members)
    top = _legend(body, top)
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {top:.0f}' width='{WIDTH}' height='{top:.0f}'>"
        f"<rect width='100%' height='100%' fill='white'/>"
    )
    return "\n".join([head, *body, "</svg>\n"])


def _panel(body: list[str], top: float, lingering: int, members: Sequence[Figures]) -> float:
    longest = max(item.corrected for item in members)
    scale = (WIDTH - LEFT - RIGHT) / longest
    heading = f"Lingering tasks in {lingering} of 8 services" if lingering else "No faults"
    body.append(_text(12, top, heading, 15, "bold"))
    rows = top + HEAD - 14
    bottom = rows
    for item in members:
        height = max(len(item.spans), 1) * LANE
        body.append(_text(12, bottom + height / 2 + 4, title(item.contender), 12))
        ordered = sorted(item.spans.items(), key=lambda pair: (pair[1][0], pair[0]))
        for lane, (name, spans) in enumerate(ordered):
            colour = _colour(name)
            for start, end in spans:
                body.append(
                    f"<rect x='{LEFT + start * scale:.1f}' y='{bottom + lane * LANE:.1f}' fill='{colour}' "
                    f"width='{max((end - start) * scale, 0.5):.1f}' height='{LANE - 0.4:.1f}'>"
                    f"<title>{escape(name)}: {start:.0f} to {end:.0f} s</title></rect>"
                )
        end = LEFT + item.corrected * scale
        body.append(_line(end, bottom, end, bottom + height, "#333", ""))
        body.append(_text(end + 4, bottom + height / 2 + 4, f"{item.corrected:.0f} s", 12))
        bottom += height + GAP
    for item in members:
        if item.contender == LIMIT:
            at = LEFT + item.corrected * scale
            body.append(_line(at, rows - 4, at, bottom - GAP + 4, "#d62728", " stroke-dasharray='4 3'"))
    step = next((step for step in (10, 20, 60, 120, 300, 600, 1200) if longest / step <= 12), 3600)
    for tick in range(0, int(longest) + 1, step):
        body.append(_line(LEFT + tick * scale, bottom - 6, LEFT + tick * scale, bottom - 2, "#333", ""))
        body.append(_text(LEFT + tick * scale, bottom + 10, f"{tick}", 10, anchor="middle"))
    body.append(_text(WIDTH - RIGHT + 8, bottom + 10, "s of AWS", 10))
    return bottom + HEAD + FOOT


def _legend(body: list[str], top: float) -> float:
    x = 12.0
    for text, colour in COLOURS.values():
        body.append(f"<rect x='{x:.0f}' y='{top - 22:.0f}' width='10' height='10' fill='{colour}'/>")
        body.append(_text(x + 14, top - 13, text, 11))
        x += 30 + 6.8 * len(text)
    body.append(_text(x, top - 13, "- - least possible", 11))
    return top


def _colour(stack: str) -> str:
    rest = stack.partition("-")[2]
    return next((colour for prefix, (_title, colour) in COLOURS.items() if rest.startswith(prefix)), "#bbbbbb")


def _text(x: float, y: float, text: str, size: int, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' font-weight='{weight}' text-anchor='{anchor}' "
        f"fill='#222'>{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}'{more}/>"
