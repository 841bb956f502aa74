# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources that no stack owns: leftovers, and what still carries the stacks' tags."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Iterable
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import TAGGED
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import commands

Row = dict[str, Any]
Key = tuple[str, str, str]


def leftovers(rows: Iterable[Row], seen: Iterable[Row], remove: Collection[str], region: str) -> list[Row]:
    """Every leftover once, with what was done about it.

    :param rows: results of workshop_leftovers, the latest last
    :param seen: the leftovers of the last look
    :param remove: the kinds that a teardown removes; others are kept
    """
    done: dict[Key, Row] = {}
    for row in rows:
        before = done.get(_key(row))
        if not before or row.get("action") != "absent" or before.get("action") != "removed":
            done[_key(row)] = row
    there = {_key(row): row for row in seen}
    result = []
    for key in sorted({*done, *there}, key=lambda key: (key[0], key[1], key[2])):
        action, reason = _fate(done.get(key), there.get(key), remove)
        item = {**done.get(key, {}), **there.get(key, {})}
        details = item.get("details") or {}
        command = details.get("how_to_remove") or commands.remove_leftover(item, region)
        result.append(
            {
                "kind": key[0],
                "name": item.get("name") or key[1],
                "id": key[1],
                "service_id": key[2] or None,
                "type": str(details.get("type") or "") if key[0] == TAGGED else "",
                "action": action,
                "reason": reason,
                "how_to_remove": command if action in ("failed", "kept", "left") else "",
            }
        )
    return result


def _key(row: Row) -> Key:
    return str(row.get("kind") or ""), str(row.get("id") or row.get("name") or ""), str(row.get("service_id") or "")


def _fate(row: Row | None, seen: Row | None, remove: Collection[str]) -> tuple[str, str]:
    action, reason = (row.get("action") or "", row.get("reason") or "") if row else ("", "")
    kept = (seen or {}).get("details", {}).get("kept")
    if kept:
        return "kept", kept
    if seen and seen.get("kind") not in remove:
        return "kept", "workshop_leftovers does not name its kind"
    if seen and action == "failed":
        return "failed", reason
    if seen:
        by_hand = (seen.get("details") or {}).get("by_hand") or ""
        return "left", "came back after it was removed" if action == "removed" else reason or by_hand
    if action == "failed":
        return "absent", f"gone at the last look; removing it had failed: {reason}"
    return action, reason


def may_come_back(rows: Iterable[Row], log_groups: Sequence[str], seen: Iterable[Row], source: str) -> list[Row]:
    """Log groups that may be put back after the last look, by what AWS delivers late.

    :param rows: results of workshop_leftovers
    :param log_groups: those that went with their stacks
    :param seen: the leftovers of the last look, which did come back
    """
    removed = [row["name"] for row in rows if row["kind"] == "log_group" and row.get("action") == "removed"]
    return [
        {
            "kind": "log_group",
            "name": name,
            "reason": "AWS delivers logs late and puts their log group back; verify looks for it again",
            "source": source,
        }
        for name in sorted({*removed, *log_groups} - {row["name"] for row in seen})
    ]


def tagged(seen: Iterable[Row], told: Iterable[Row]) -> list[Row]:
    """Resources that still carry a stack's tags, by ARN.

    :param told: resources of which is told already, by their stacks and physical ids
    """
    known = [(row["stack_name"], row["physical_id"]) for row in told if row["physical_id"]]
    return [
        {
            "arn": row["arn"],
            "type": row.get("type") or "",
            "stack_name": row.get("stack_name") or "",
            "confirmed": row.get("confirmed", True),
            "how_to_remove": row.get("how_to_remove") or "",
        }
        for row in sorted(seen, key=lambda row: row["arn"])
        if not any(stack == row.get("stack_name") and _names(row["arn"], ident) for stack, ident in known)
    ]


def _names(arn: str, physical_id: str) -> bool:
    """Whether a physical id, which may be an ARN or its last part, names this ARN."""
    plain = arn.removesuffix(":*")
    return plain == physical_id.removesuffix(":*") or plain.endswith((f":{physical_id}", f"/{physical_id}"))
