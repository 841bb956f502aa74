# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the modules return about services, tasks and Cloud Map instances."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .driver import TaskDriver
from .types import STOPPED
from .._watch.times import ago_to_iso


def rows(drivers: Sequence[TaskDriver]) -> dict[str, list[dict[str, Any]]]:
    """Services in the order given, tasks by group and ARN, instances by service and id."""
    tasks = [
        {
            **task.as_result(),
            "problem": task.problem or driver.machine.problem_of(task),
            "began_at": ago_to_iso(driver.machine.age(task)),
        }
        for driver in drivers
        for task in driver.machine.tasks.values()
    ]
    return {
        "services": [state.as_result() for driver in drivers for state in driver.machine.services.values()],
        "tasks": sorted(tasks, key=lambda row: (row["group"], row["task_arn"])),
        "deregistered_instances": [item for driver in drivers for item in driver.registrations.deregistered()],
    }


def predicted(drivers: Sequence[TaskDriver]) -> dict[str, list[dict[str, Any]]]:
    """The same as it would be after the work. Reads Cloud Map, changes nothing."""
    result = rows(drivers)
    for service in result["services"]:
        service["desired_count"] = 0
    for task in result["tasks"]:
        task["last_status"] = STOPPED
    result["deregistered_instances"] = [
        {"service_id": service_id, "instance_id": instance}
        for driver in drivers
        for service_id in driver.machine.registries(idle=True)
        for instance in driver.registrations.orphans(service_id)
    ]
    return result


def would_change(result: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether a prediction has anything to do. Tasks that are stopping already are not a change."""
    return bool(
        any(service["desired_count_before"] for service in result["services"])
        or any(task["action"] == "stopped" for task in result["tasks"])
        or result["deregistered_instances"]
    )


def diff_texts(result: dict[str, list[dict[str, Any]]]) -> tuple[str, str]:
    """Before and after, a line for each service and task."""
    before, after = [], []
    for service in result["services"]:
        before.append(f"service {service['name']}: desired count {service['desired_count_before']}\n")
        after.append(f"service {service['name']}: desired count {service['desired_count']}\n")
    for task in result["tasks"]:
        before.append(f"task {task['task_arn']} ({task['group']}): {task['last_status_before']}\n")
        after.append(f"task {task['task_arn']} ({task['group']}): {task['last_status']}\n")
    return "".join(before), "".join(after)
