# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The order that was found in the stacks, and why each comes after what."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Iterator

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import reduced
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Edge
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

NAMED = 3  # stacks that are named before one that waits for them
TOLD = 6  # of what is told beside the order
PARTS = ("levels", "edges", "dropped", "outsiders", "strays", "survivors", "left_out", "doubts", "gaps")


def order_of(found: Row, planned: Collection[str]) -> dict[str, Any]:
    """What a plan keeps of the result of cloudformation_stacks_info: of edges, those between stacks that go."""
    edges = [edge for edge in found["edges"] if {edge["stack"], edge["after"]} <= set(planned)]
    return {**{part: found[part] for part in PARTS}, "edges": edges}


def order_lines(order: Row, width: int) -> Iterator[Line]:
    """Why each stack comes right after what, without what follows from that; then what else is to be known."""
    outsiders = [f"{_sentence(row)} It may hold {row['depends_on']}, or fail without it." for row in order["outsiders"]]
    left_out = [f"{row['stack']}: {row['because']}" for row in order["left_out"]]
    yield from listed("why", _reasons(order["edges"]), width)
    for gap in order["gaps"]:
        about = f" of {', '.join(_some(gap['about']))}" if gap["about"] else ""
        text = f"The order may lack something: {gap['action']}{about} was not to be had ({gap['message']})."
        yield from wrapped("GAPS", text, width, WARNING)
    yield from listed("outside", _some(outsiders), width, WARNING)
    yield from listed("survives", _some([_survivor(row) for row in order["survivors"]]), width, WARNING)
    yield from listed("doubt", _some(order["doubts"]), width, WARNING)
    yield from listed("not taken", _some(left_out), width, PLAIN)
    strays = [f"{row['stack']}: {row['because']}. If it belongs, name it in workshop_scope." for row in order["strays"]]
    yield from listed("stray", _some(strays), width, PLAIN)


def _reasons(edges: list[Row]) -> Iterator[str]:
    """One for each stack that waits: for what, and the evidence for the first of those."""
    after: dict[str, list[Edge]] = {}
    for edge in reduced([Edge(**row) for row in edges]):
        after.setdefault(edge.stack, []).append(edge)
    for stack, several in after.items():
        names = [edge.after for edge in several]
        more = len(names) - NAMED
        shown = names if more <= 1 else [*names[:NAMED], f"and {more} more"]
        first = several[0]
        perhaps = "" if first.certain else " (perhaps)"
        same = len(names) > 1 and len({edge.signal for edge in several}) == 1
        alike = "; the others alike" if same else ""
        yield f"{stack} after {', '.join(shown)}: {first.evidence.removesuffix(f' of {stack}')}{perhaps}{alike}"


def _survivor(row: Row) -> str:
    what = f"{row['type'].removeprefix('AWS::')} {shortened(row['physical_id'])} of {row['stack']}"
    snapshot = row["policy"] == "Snapshot"
    return f"{'a snapshot of ' if snapshot else ''}{what} ({row['policy']}){', which costs' if row['costs'] else ''}"


def _sentence(row: Row) -> str:
    return f"{row['evidence'][0].upper()}{row['evidence'][1:]}."


def _some(items: list[str]) -> list[str]:
    return items if len(items) <= TOLD + 1 else [*items[:TOLD], f"and {len(items) - TOLD} more"]
