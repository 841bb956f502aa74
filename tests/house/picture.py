# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms as a staircase, and their arrows: to the right, then down. Readable on light and on dark pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.house.arrows import ROOMS, Arrow, room

STEP, ROW = 58, 44
#: From a room's own column, through which what uses it comes down, to its box's edges; and half the box's height.
LEFT, RIGHT, HALF = 94, 24, 15
MARGIN = 14
#: The rooms that stand together: where they are, their name, and the colour of their arrows on light and on dark.
GROUPS = (
    (("playbooks", "roles"), "what users call", "#8250df", "#a371f7"),
    (("plugins/lookup", "plugins/filter", "plugins/action", "plugins/modules"), "one job each", "#0969da", "#4493f8"),
    (("plugins/plugin_utils",), "plugin_utils: on the controller", "#bc4c00", "#db6d28"),
    (("plugins/module_utils",), "module_utils: the logic, without Ansible", "#1a7f37", "#3fb950"),
)
LEGEND = (
    "Right, then down: a room uses the one that a circle on its line leads to.",
    "In the circle: how often, each pair of files counted once.",
    "In a box: how many files it has. No line runs up.",
)
STYLE = """\
text { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 12px; fill: #1f2328 }
.words { font-family: system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #59636e }
.room { font-weight: 600 }
.files { fill: #59636e; text-anchor: end }
.count { font-size: 11px; text-anchor: middle; font-weight: 600 }
.line { fill: none; stroke: #afb8c1; stroke-width: 1.3 }
.head { fill: #8c959f }
.box, .dot { fill: #ffffff; stroke-width: 1.5 }
.page { fill: #ffffff }
.band { fill: #f3f5f7 }
"""
DARK = """\
text { fill: #e6edf3 }
.words, .files { fill: #9198a1 }
.line { stroke: #57606a }
.head { fill: #7d8590 }
.box, .dot { fill: #0d1117 }
.page { fill: #0d1117 }
.band { fill: #191f27 }
"""


def draw(parts: Sequence[Path], arrows: Sequence[Arrow]) -> str:
    """The picture as SVG. Arrows inside a room and arrows that run back are not in it."""
    sizes = Counter(ROOMS.index(room(part)) for part in parts)
    uses = Counter((ROOMS.index(room(arrow.source)), ROOMS.index(room(arrow.target))) for arrow in arrows)
    down = {pair: count for pair, count in sorted(uses.items()) if pair[0] < pair[1]}
    last = len(ROOMS) - 1
    width, height = _x(last) + RIGHT + 2 * MARGIN, _y(last) + HALF + 3 * MARGIN
    body = [*_bands(), *_lines(down)]
    for (source, target), count in down.items():
        body.append(f'<circle class="dot group{_group(source)}" cx="{_x(target)}" cy="{_y(source)}" r="10.5"/>')
        body.append(f'<text class="count" x="{_x(target)}" y="{_y(source) + 4}">{count}</text>')
    for index, name in enumerate(ROOMS):
        x, y = _x(index), _y(index)
        box = f'x="{x - LEFT}" y="{y - HALF}" width="{LEFT + RIGHT}" height="{2 * HALF}" rx="6"'
        body.append(f'<rect class="box group{_group(index)}" {box}/>')
        body.append(f'<text class="room" x="{x - LEFT + 9}" y="{y + 4}">{Path(name).name}</text>')
        body.append(f'<text class="files" x="{x + RIGHT - 9}" y="{y + 4}">{sizes[index]}</text>')
    top = height - MARGIN - 18 * len(LEGEND)
    body += [f'<text class="words" x="{MARGIN}" y="{top + 18 * at}">{line}</text>' for at, line in enumerate(LEGEND, 1)]
    light = STYLE + "\n".join(f".group{at} {{ stroke: {group[2]} }}" for at, group in enumerate(GROUPS))
    dark = DARK + "\n".join(f".group{at} {{ stroke: {group[3]} }}" for at, group in enumerate(GROUPS))
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        "<title>The rooms of workshop.lifecycle, and which uses which</title>",
        "<style>",
        light,
        f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}",
        "</style>",
        '<rect class="page" width="100%" height="100%"/>',
    ]
    return "\n".join([*head, *body, "</svg>\n"])


def _x(index: int) -> int:
    return MARGIN + 8 + LEFT + STEP * index


def _y(index: int) -> int:
    return MARGIN + 8 + HALF + ROW * index


def _group(index: int) -> int:
    place = Path(ROOMS[index])
    return next(at for at, group in enumerate(GROUPS) if any(place.is_relative_to(top) for top in group[0]))


def _bands() -> list[str]:
    """A ground for the rooms that stand together, with their name below it, where no line runs."""
    body = []
    for at, (_tops, words, _light, _dark) in enumerate(GROUPS):
        members = [index for index in range(len(ROOMS)) if _group(index) == at]
        x, y = _x(members[0]) - LEFT - 8, _y(members[0]) - HALF - 4
        width, height = _x(members[-1]) + RIGHT + 8 - x, _y(members[-1]) + HALF + 4 - y
        body.append(f'<rect class="band" x="{x}" y="{y}" width="{width}" height="{height}" rx="10"/>')
        body.append(f'<text class="words" x="{x + 8}" y="{y + height + 15}">{words}</text>')
    return body


def _lines(down: dict[tuple[int, int], int]) -> list[str]:
    body = []
    for source in sorted({pair[0] for pair in down}):
        end = max(target for start, target in down if start == source)
        body.append(f'<path class="line" d="M{_x(source) + RIGHT} {_y(source)}H{_x(end)}"/>')
    for target in sorted({pair[1] for pair in down}):
        top = min(source for source, end in down if end == target)
        x, end_y = _x(target), _y(target) - HALF
        body.append(f'<path class="line" d="M{x} {_y(top)}V{end_y - 6}"/>')
        body.append(f'<path class="head" d="M{x - 4} {end_y - 7}h8l-4 7z"/>')
    return body
