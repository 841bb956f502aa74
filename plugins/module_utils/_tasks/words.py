# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a person reads of tasks while they end, and when they did not."""

from __future__ import annotations

from typing import Sequence

from .._watch.progress import Progress
from .types import TaskState


def tell_task(progress: Progress, task: TaskState, what: str) -> None:
    """One line when a task is asked to stop, asked again, or has ended."""
    label = f"{task.service or task.group or 'task'}: task {task.id[:8]}"
    words = {
        "asked": f"stopping ({task.last_status})",
        "lingers": f"lingers in {task.last_status}, stopping it again",
        "ended": f"stopped after {(task.ended_at or task.seen_at) - task.seen_at:.0f} s",
    }
    progress.tell("task", task.service or task.group or task.id, what, f"{label} {words[what]}")


def tasks_message(tasks: Sequence[TaskState], seconds: float) -> str:
    """One message on the tasks that still run when the time is over."""
    parts = [f"{task.service or task.group}: {task.id} {task.last_status}" for task in tasks]
    return f"{len(tasks)} tasks still run after {seconds:g} s: {'; '.join(parts)}."
