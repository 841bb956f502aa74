# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is somebody else's, or was made by hand, and keeps a stack from going."""

from __future__ import annotations

import json
from typing import Any
from typing import Collection
from typing import Iterable
from typing import Mapping

Row = dict[str, Any]
_TEXTS = ("stack_name", "type", "id", "name", "reason", "how_to_remove", "clear")


def blockers(rows: Iterable[Mapping[str, Any]], left: Collection[str]) -> list[Row]:
    """Those of stacks that are left, each once, in their order; what did not hold its stack up is not told.

    :param rows: of all looks, the latest last, with the names of their stacks
    :param left: names of the stacks that are left
    """
    found = {(row.get("stack_name"), row.get("type"), row.get("id")): row for row in rows}
    return [
        {key: str(row.get(key) or "") for key in _TEXTS}
        | {"owner": row.get("owner") or None, "certain": row.get("certain") is not False}
        for row in found.values()
        if row.get("stack_name") in left
    ]


def holding(item: Mapping[str, Any], rows: Iterable[Row]) -> list[Row]:
    """Those that keep one thing that is left, which only a stack can have."""
    return [row for row in rows if (item["kind"], item["name"]) == ("stack", row["stack_name"])]


def without(reason: str, rows: Iterable[Row]) -> str:
    """The reason of a stack without the things that are told beside it anyway."""
    places = [reason.find(f"{row['type']} {row['id']}") for row in rows]
    cut = min((place for place in places if place >= 0), default=len(reason))
    return reason[:cut].rstrip(" :") if cut < len(reason) else reason


def agreement(rows: Iterable[Row]) -> str:
    """What has a teardown clear them, all in one variable; empty where nothing of their types can be cleared."""
    types = list(dict.fromkeys(row["clear"] for row in rows if row["clear"]))
    return json.dumps({"workshop_clear": types}) if types else ""


def words(row: Row) -> str:
    """What it is, whose, and why it is in the way."""
    name = f" ({row['name']})" if row["name"] and row["name"] not in row["id"] else ""
    owner = f" of {row['owner']}" if row["owner"] else ""
    return ": ".join(filter(None, [f"{row['type']} {row['id']}{name}{owner}", row["reason"]]))
