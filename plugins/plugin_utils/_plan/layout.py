# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Lines for a terminal: columns, wrapped words, colours. Everything shown is made harmless first."""

from __future__ import annotations

import textwrap
from typing import Iterable
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line

MARGIN = 2
LABEL = 11  # columns for what a line is about

PLAIN, WARNING, ERROR = "plain", "warning", "error"
Line = tuple[str, str]


def wrapped(label: str, text: str, width: int, colour: str = PLAIN) -> list[Line]:
    """A label, and beside it the text in as many lines as it takes. Words are not broken: names stay whole."""
    start = " " * MARGIN + label.ljust(LABEL)
    lines = textwrap.wrap(
        one_line(text),
        width=max(width, len(start) + 20),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [(line, colour) for line in lines]


def listed(label: str, items: Iterable[str], width: int, colour: str = PLAIN) -> list[Line]:
    """Several texts below each other, with the label beside the first."""
    lines: list[Line] = []
    for item in items:
        lines += wrapped("" if lines else label, item, width, colour)
    return lines


def apart(lines: Iterable[Line]) -> list[Line]:
    """The lines after an empty one; none if there are none."""
    found = list(lines)
    return [("", PLAIN), *found] if found else []


def folded(text: str, width: int) -> list[str]:
    """The text in lines of this width; words are not broken."""
    return textwrap.wrap(one_line(text), width=max(width, 20), break_long_words=False, break_on_hyphens=False)


def columns(cells: Sequence[str], room: int) -> list[str]:
    """Cells in rows, as many beside each other as there is room for, read from left to right."""
    if not cells:
        return []
    broad = max(map(len, cells)) + 2
    beside = max(1, (room + 2) // broad)
    rows = [cells[start : start + beside] for start in range(0, len(cells), beside)]
    return ["".join(cell.ljust(broad) for cell in row).rstrip() for row in rows]


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows in aligned columns, two blanks between them; columns numbered in C(right) are flush right."""
    clean = [[one_line(cell) for cell in row] for row in rows]
    wide = [max(map(len, column)) for column in zip(*clean)]
    flush = set(right)
    return [
        "  ".join(
            cell.rjust(wide[number]) if number in flush else cell.ljust(wide[number]) for number, cell in enumerate(row)
        ).rstrip()
        for row in clean
    ]
