# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The tasks that were stopped, and those that are still there."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Iterable

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import iso
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment

Row = dict[str, Any]


def tasks(rows: Iterable[Row], seen: Iterable[Row]) -> list[Row]:
    """Every task once, by group and ARN.

    :param rows: results of ecs_tasks; several looks at one task are put together
    :param seen: the tasks of the last look, none of which has ended; those of no stack of the workshop are passed over
    """
    found: dict[str, Row] = {}
    for row in rows:
        arn = row["task_arn"]
        found[arn] = _together(found[arn], _task(row)) if arn in found else _task(row)
    for row in seen:
        if row.get("stack_name", row) is None:  # somebody else's
            continue
        arn = row["task_arn"]
        task = found.setdefault(arn, _task({**row, "last_status_before": row.get("last_status"), "action": "left"}))
        task.update(there=True, last_status=row.get("last_status"))
    return sorted(found.values(), key=lambda task: (task["group"], task["task_arn"]))


def _task(row: Row) -> Row:
    group = str(row.get("group") or "")
    kind, separator, name = group.partition(":")
    began = moment(row.get("began_at"))
    return {
        "task_arn": row["task_arn"],
        "group": group,
        "service": name if separator and kind == "service" else "",
        "last_status_before": row.get("last_status_before"),
        "last_status": row.get("last_status"),
        "action": row.get("action") or "",
        "problem": str(row.get("problem") or ""),
        "lingered": bool(row.get("lingered")),
        "there": False,
        "began": iso(began),
        "ended": _end(began, row),
        "seconds": round(float(row.get("seconds") or 0), 1),
    }


def _end(began: datetime | None, row: Row) -> str | None:
    return iso(began + timedelta(seconds=float(row.get("seconds") or 0))) if began else None


def _together(first: Row, second: Row) -> Row:
    began = min((time for time in (first["began"], second["began"]) if time), default=None)
    ended = max((time for time in (first["ended"], second["ended"]) if time), default=None)
    start, end = moment(began), moment(ended)
    known = start is not None and end is not None
    return {
        **second,
        "last_status_before": first["last_status_before"],
        "action": "stopped" if "stopped" in (first["action"], second["action"]) else second["action"],
        "lingered": first["lingered"] or second["lingered"],
        "began": began,
        "ended": ended,
        "seconds": round((end - start).total_seconds(), 1) if known else max(first["seconds"], second["seconds"]),
    }
