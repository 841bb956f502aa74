# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is somebody else's, or was made by hand, and keeps a stack from going."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Iterable
from typing import Mapping

Row = dict[str, Any]
_TEXTS = ("stack_name", "type", "id", "name", "reason", "how_to_remove")


def blockers(rows: Iterable[Mapping[str, Any]], left: Collection[str]) -> list[Row]:
    """Those of stacks that are left, each once, in their order; what did not hold its stack up is not told.

    :param rows: of all looks, the latest last
    :param left: names of the stacks that are left
    """
    found = {(row.get("stack_name"), row.get("type"), row.get("id")): row for row in rows}
    return [
        {key: str(row.get(key) or "") for key in _TEXTS}
        | {"owner": row.get("owner") or None, "certain": row.get("certain") is not False}
        for row in found.values()
        if row.get("stack_name") in left
    ]


def unsaid(stack: str, reason: str, rows: Iterable[Row]) -> list[Row]:
    """Those of a stack whose command its reason does not give."""
    mine = [row for row in rows if row["stack_name"] == stack]
    return [row for row in mine if not row["how_to_remove"] or row["how_to_remove"] not in reason]


def words(row: Row) -> str:
    """What it is, whose, and why it is in the way."""
    name = f" ({row['name']})" if row["name"] and row["name"] not in row["id"] else ""
    owner = f" of {row['owner']}" if row["owner"] else ""
    return ": ".join(filter(None, [f"{row['type']} {row['id']}{name}{owner}", row["reason"]]))
