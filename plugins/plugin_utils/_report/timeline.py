# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Where the bars of the report's timeline are, in percent of its width."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import BROKEN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_unseen
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment

Row = dict[str, Any]

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)  # seconds between marks
MARKS = 6  # at most
NARROWEST = 0.6  # percent; what takes no time can still be seen
LANES = 4  # tasks drawn for one stack


class Axis:
    """From the first beginning to the last end of some rows."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        times = [time for row in rows for key in ("began", "ended") if (time := moment(row[key]))]
        self.begin: datetime | None = min(times, default=None)
        self.seconds = max((max(times) - min(times)).total_seconds(), 1.0) if times else 1.0

    def marks(self) -> list[Row]:
        """Round times on the axis: place and label."""
        step = next((step for step in STEPS if self.seconds / step <= MARKS), 86400)
        return [
            {"at": round(100 * second / self.seconds, 2), "label": f"{second // 60}:{second % 60:02d}"}
            for second in range(0, int(self.seconds) + 1, step)
        ]

    def place(self, row: Mapping[str, Any]) -> Row | None:
        """Place and width; None for what never began."""
        began, ended = moment(row["began"]), moment(row["ended"])
        if not began or not ended or not self.begin:
            return None
        width = max(100 * (ended - began).total_seconds() / self.seconds, NARROWEST)
        left = 100 * (began - self.begin).total_seconds() / self.seconds
        return {"x": round(min(left, 100 - NARROWEST), 2), "width": round(min(width, 100 - left), 2)}


def timeline(report: Mapping[str, Any]) -> Row | None:
    """Phases with their groups, their stacks and their tasks; None if nothing was deleted."""
    shown = [stack for stack in report["stacks"] if stack["outcome"] != "absent" or is_left(stack)]
    began = [row for row in [*shown, *report["tasks"]] if row["began"]]
    if not any(stack["began"] for stack in shown):
        return None
    axis = Axis(began)
    owned: set[str] = set()
    groups = []
    for group in report["groups"]:
        rows = []
        for stack in shown:
            if stack["group"] == group["group"]:
                mine = [task for task in report["tasks"] if _belongs(task, stack, report["workshop"])]
                owned.update(task["task_arn"] for task in mine)
                rows.append(_stack_row(stack, mine, axis))
        if rows:
            groups.append({**group, "rows": rows, "spent": duration(group["seconds"])})
    others = [task for task in report["tasks"] if task["task_arn"] not in owned and task["began"]]
    return {
        "marks": axis.marks(),
        "phases": _phases(groups, {phase["phase"]: phase["seconds"] for phase in report["phases"]}),
        "tasks": [_task_row(task, axis) for task in others],
        "span": duration(axis.seconds),
        "lingered": any(task["lingered"] for task in report["tasks"]),
        "failed": any(state(stack) == "failed" for stack in shown),
        "absent": len(report["stacks"]) - len(shown),
    }


def state(stack: Mapping[str, Any]) -> str:
    """How a stack is drawn: ``gone``, ``failed`` or ``left``."""
    if stack["outcome"] in BROKEN or (is_left(stack) and str(stack["status"]).endswith("_FAILED")):
        return "failed"
    return "left" if is_left(stack) or is_unseen(stack) else "gone"


def _belongs(task: Mapping[str, Any], stack: Mapping[str, Any], workshop: str) -> bool:
    """Whether a task is of the service of this stack: the stack of a service carries the service's name."""
    service = task["service"]
    return bool(service) and stack["name"] in (f"{workshop}-service-{service}", f"{workshop}-{service}", service)


def _phases(groups: Sequence[Row], seconds: Mapping[int, float]) -> list[Row]:
    phases: dict[int | None, list[Row]] = {}
    for group in groups:
        phases.setdefault(group["phase"], []).append(group)
    return [
        {
            "label": "Besides" if number is None else f"Phase {number}",
            "spent": duration(seconds[number]) if number in seconds and seconds[number] else "",
            "groups": members,
        }
        for number, members in sorted(phases.items(), key=lambda item: (item[0] is None, item[0] or 0))
    ]


def _stack_row(stack: Row, tasks: Sequence[Row], axis: Axis) -> Row:
    lingered = sum(task["lingered"] for task in tasks)
    drawn = sorted(tasks, key=lambda task: not task["lingered"])[:LANES]
    spent = duration(stack["seconds"]) if stack["began"] else "–"
    notes = [stack["outcome"]] if state(stack) != "gone" else []
    notes += ["lingered" if lingered == 1 else f"{lingered} lingered"] if lingered else []
    return {
        "name": stack["name"],
        "state": state(stack),
        "bar": axis.place(stack),
        "spent": spent,
        "notes": [note.replace("_", " ") for note in notes],
        "tasks": [row for task in drawn if (row := _task_row(task, axis))["bar"]],
        "label": ", ".join([stack["name"], stack["outcome"], spent, *notes]),
    }


def _task_row(task: Row, axis: Axis) -> Row:
    name = f"task {task['task_arn'].rsplit('/', 1)[-1][:8]} ({task['group']})"
    return {
        "name": name,
        "bar": axis.place(task),
        "spent": duration(task["seconds"]),
        "lingered": task["lingered"],
        "there": task["there"],
    }
