# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The verdict, the line that sums it up, and the list of what keeps it from being clean."""

from __future__ import annotations

from typing import Any
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import commands as commands
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

CLEAN = "clean"
LEFTOVERS = "leftovers"
FAILED = "failed"
_REMOVAL = {"left": "", "failed": "could not be removed"}  # statuses by action

Row = dict[str, Any]


def left(report: Mapping[str, Any]) -> list[Row]:
    """What is left and should not be: stacks, tasks, leftovers of kinds that are removed, tagged resources."""
    region = report["region"]
    reasons = {group["group"]: group["reason"] for group in report["groups"]}
    items = [
        _item(
            "stack",
            stack["name"],
            stack["status"],
            _why(stack) or reasons.get(stack["group"], ""),
            commands.delete_stack(stack, region),
        )
        for stack in report["stacks"]
        if is_left(stack)
    ]
    items += [
        _item("task", task["task_arn"], task["last_status"], _of(task), commands.stop_task(task["task_arn"], region))
        for task in report["tasks"]
        if task["there"]
    ]
    items += [
        _item(item["kind"], item["name"], _REMOVAL[item["action"]], item["reason"], item["how_to_remove"])
        for item in report["leftovers"]
        if item["action"] in _REMOVAL
    ]
    items += [
        _item("tagged_resource", item["arn"], item["type"], _tag_reason(item), item["how_to_remove"])
        for item in report["tagged_resources"]
    ]
    return items


def verdict(report: Mapping[str, Any]) -> str:
    """``failed``, ``leftovers`` or ``clean``."""
    broken = any(is_left(stack) and str(stack["status"]).endswith("_FAILED") for stack in report["stacks"])
    if broken or report["gaps"] or report["failed_steps"] or failures(report):
        return FAILED
    return LEFTOVERS if report["left"] else CLEAN


def failures(report: Mapping[str, Any]) -> dict[str, str]:
    """The groups that failed, and the other steps, with their reasons. A step that failed because of a stack that is
    left is not among them: the stack's group is."""
    groups = {group["group"]: group["reason"] for group in report["groups"] if group["outcome"] == "failed"}
    stacks = [item for item in report["left"] if item["kind"] == "stack"]
    steps = {step["step"]: step["reason"] for step in report["failed_steps"] if not _explained(step["reason"], stacks)}
    return groups | steps


def unexplained(report: Mapping[str, Any]) -> dict[str, str]:
    """The failures whose reason is not that of something that is left, where it is shown anyway."""
    return {name: reason for name, reason in failures(report).items() if not _explained(reason, report["left"])}


def _explained(reason: str, items: list[Row]) -> bool:
    return any(item["reason"] and item["reason"] in reason for item in items)


def summary(report: Mapping[str, Any]) -> str:
    """One line that says why the verdict is what it is."""
    workshop = report["workshop"]
    parts = []
    if report["left"]:
        parts.append(f"{workshop} is not wholly gone. Left: {_counts(report['left'])}.")
    elif report["gaps"]:
        parts.append(f"Whether {workshop} is wholly gone could not be seen.")
    elif report["verdict"] != CLEAN:
        parts.append(f"Nothing of {workshop} is left, but not all went well.")
    if failures(report):
        parts.append(f"Failed: {', '.join(failures(report))}.")
    if report["gaps"]:
        parts.append(f"Could not be looked at: {', '.join(gap['action'] for gap in report['gaps'])}.")
    if parts:
        return " ".join(parts)
    gone = sum(stack["outcome"] == "gone" for stack in report["stacks"])
    done = f": {counted(gone, 'stack')} gone" if gone else ""
    kept = sum(item["action"] == "kept" for item in report["leftovers"])
    exceptions = [f"{len(report['retained'])} retained on purpose"] if report["retained"] else []
    exceptions += [f"{kept} kept"] if kept else []
    return f"Nothing of {workshop} is left{done}{''.join(f', {text}' for text in exceptions)}."


def _counts(items: list[Row]) -> str:
    kinds = dict.fromkeys(item["kind"] for item in items)
    return ", ".join(counted(sum(item["kind"] == kind for item in items), kind_name(kind)) for kind in kinds)


def kind_name(kind: str) -> str:
    """The words for a kind of thing that is left."""
    return KINDS[kind].leftover.words[0] if kind in KINDS else kind.replace("_", " ")


def _item(kind: str, name: str, status: str | None, reason: str, how: str) -> Row:
    return {"kind": kind, "name": name, "status": status or "", "reason": reason, "how_to_remove": how}


def _of(task: Row) -> str:
    return f"of service {task['service']}" if task["service"] else f"started as {task['group']}"


def _why(stack: Row) -> str:
    causes = [
        f"{item['logical_id']} ({item['type']}): {item['reason']}"
        for item in stack["failed_resources"]
        if item["reason"] and item["reason"] not in stack["reason"]
    ]
    if stack["there"] is None:
        return "; ".join(filter(None, [stack["reason"], "stacks could not be looked at"]))
    if stack["outcome"] == "gone":
        return "it was deleted, and there is one of this name again"
    return ". ".join(text.rstrip(".") for text in [stack["reason"], *causes] if text)


def _tag_reason(item: Row) -> str:
    unsure = "" if item["confirmed"] else "; whether it still exists could not be looked up"
    return f"still carries the tag of stack {item['stack_name']}{unsure}"
