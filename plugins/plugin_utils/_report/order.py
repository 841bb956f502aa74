# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""In which order the stacks went, and why."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import levels
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import reduced
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import SAID
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import SIGNALS
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Edge
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import find_cycle

Row = dict[str, Any]

_NONE: Row = {"levels": [], "edges": []}


def order_rows(rows: Sequence[Row], there: Collection[str], known: Sequence[Row]) -> Row:
    """Levels and edges among the stacks that were there. Of an edge that follows from others nothing is said.

    :param rows: results of cloudformation_stacks, with what each comes C(after)
    :param there: names of the stacks that were there
    :param known: the edges that were found, with their evidence
    """
    after = {row["name"]: [name for name in row.get("after") or [] if name in there] for row in rows}
    after = {name: needs for name, needs in after.items() if name in there}
    # Rows of different runs may contradict each other.
    if not any(after.values()) or find_cycle(after):
        return _NONE
    said = {(name, other): Edge(name, other, SAID, "", "") for name, needs in after.items() for other in needs}
    found = [edge for row in known if (edge := _edge(row)) and (edge.stack, edge.after) in said]
    shown = {(edge.stack, edge.after) for edge in found}
    edges = reduced([*found, *(edge for pair, edge in said.items() if pair not in shown)])
    return {
        "levels": [list(level) for level in levels(there, edges)],
        "edges": [
            {"stack": edge.stack, "after": edge.after, "evidence": edge.evidence, "certain": edge.certain}
            for edge in edges
        ],
    }


def _edge(row: Mapping[str, Any]) -> Edge | None:
    if not row.get("stack") or not row.get("after"):
        return None
    signal = row["signal"] if row.get("signal") in SIGNALS else SAID
    return Edge(row["stack"], row["after"], signal, "", str(row.get("evidence") or ""), row.get("certain") is not False)
