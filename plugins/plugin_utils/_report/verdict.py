# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The verdict, the line that sums it up, and the list of what keeps it from being clean."""

from __future__ import annotations

from typing import Any
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import commands
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.blockers import agreement
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.blockers import without
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import was_there
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import LIST
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed

CLEAN = "clean"
LEFTOVERS = "leftovers"
FAILED = "failed"
LONG = 60  # characters of a reason that are not worth being read twice
_REMOVAL = {"left": "", "failed": "could not be removed"}  # statuses by action

Row = dict[str, Any]


def left(report: Mapping[str, Any]) -> list[Row]:
    """What is left and should not be: stacks, tasks, what deleted stacks left behind, leftovers of kinds that are
    removed, tagged resources."""
    region = report["region"]
    reasons = {group["group"]: group["reason"] for group in report["groups"]}
    items = [
        _item(
            "stack",
            stack["name"],
            stack["status"],
            without(_why(stack), report["blockers"]) or reasons.get(stack["group"], ""),
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
        _item(
            "resource",
            item["physical_id"] or item["logical_id"],
            item["status"],
            item["reason"],
            item["how_to_remove"],
            item["type"],
        )
        for item in report["left_behind"]
    ]
    items += [
        _item(item["kind"], item["name"], _REMOVAL[item["action"]], item["reason"], item["how_to_remove"], item["type"])
        for item in report["leftovers"]
        if item["action"] in _REMOVAL
    ]
    items += [
        _item("tagged_resource", item["arn"], item["type"], _tag_reason(item), item["how_to_remove"])
        for item in report["tagged_resources"]
    ]
    return items


def reasons_once(report: Mapping[str, Any]) -> list[str]:
    """The reasons of what is left, in its order. One that is long, and was told already, only names what had it."""
    first: dict[str, str] = {}
    told = []
    for item in report["left"]:
        name = first.setdefault(item["reason"], item["name"])
        again = len(item["reason"]) > LONG and name != item["name"]
        told.append(f"the same as of {name}" if again else item["reason"])
    return told


def verdict(report: Mapping[str, Any]) -> str:
    """``failed``, ``leftovers`` or ``clean``."""
    broken = any(is_left(stack) and str(stack["status"]).endswith("_FAILED") for stack in report["stacks"])
    if broken or never_seen(report) or report["gaps"] or report["failed_steps"] or failures(report):
        return FAILED
    return LEFTOVERS if report["left"] else CLEAN


def never_seen(report: Mapping[str, Any]) -> bool:
    """Whether nobody ever saw this workshop here, where it should have been."""
    return report["seen"] is False and not report["may_be_absent"]


def failures(report: Mapping[str, Any]) -> dict[str, str]:
    """The groups that failed, and the other steps, with their reasons. A step that failed because of a stack that is
    left is not among them: the stack's group is."""
    groups = {group["group"]: group["reason"] for group in report["groups"] if group["outcome"] == "failed"}
    stacks = _reasons(report, [item for item in report["left"] if item["kind"] == "stack"])
    steps = {step["step"]: step["reason"] for step in report["failed_steps"] if not _explained(step["reason"], stacks)}
    return groups | steps


def unexplained(report: Mapping[str, Any]) -> dict[str, str]:
    """The failures whose reason is not that of something that is left, where it is shown anyway."""
    reasons = _reasons(report, report["left"])
    return {name: reason for name, reason in failures(report).items() if not _explained(reason, reasons)}


def _reasons(report: Mapping[str, Any], items: list[Row]) -> list[str]:
    """Of what is left; of a stack also what it says itself, to which its resources may have more to add."""
    return [item["reason"] for item in items] + [stack["reason"] for stack in report["stacks"] if is_left(stack)]


def _explained(reason: str, reasons: list[str]) -> bool:
    return any(text and text in reason for text in reasons)


def subject(report: Mapping[str, Any]) -> str:
    """What the report is about."""
    return f"a part of {report['workshop']}" if report["part"] else str(report["workshop"])


def kept_stacks(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """The stacks of the workshop that stand, or may, since only a part of it was meant, by the reason."""
    found: dict[str, list[str]] = {}
    for row in report["part"]["kept"] if report["part"] else ():
        if row["there"] is not False:
            found.setdefault(row["reason"], []).append(row["name"])
    return found


def summary(report: Mapping[str, Any]) -> str:
    """One line that says why the verdict is what it is."""
    workshop = f"this part of {report['workshop']}" if report["part"] else report["workshop"]
    parts = []
    if never_seen(report):
        near = report["near_names"]
        parts.append(
            f"{report['workshop']} was never seen in this account and region: no stack of it is there, and none was "
            f"deleted within 90 days.{f' Similar names: {listed(near)}.' if near else ''}"
        )
    if report["left"]:
        parts.append(f"{_begin(workshop)} is not wholly gone. Left: {_counts(report['left'])}.")
    elif report["gaps"]:
        parts.append(f"Whether {workshop} is wholly gone could not be seen.")
    elif report["verdict"] != CLEAN and not never_seen(report):
        parts.append(f"Nothing of {workshop} is left, but not all went well.")
    if failures(report):
        parts.append(f"Failed: {', '.join(failures(report))}.")
    if report["gaps"]:
        parts.append(f"Could not be looked at: {', '.join(gap['action'] for gap in report['gaps'])}.")
    unseen = len(report["not_looked_up"])
    if parts and unseen:
        parts.append(f"Not looked up: {counted(unseen, 'resource')}.")
    parts = parts or [_clean(report, workshop)]
    if report["part"]:
        kept = [name for names in kept_stacks(report).values() for name in names]
        parts.append(f"A part of the workshop: {f'kept: {listed(kept)}' if kept else 'the rest is not there'}.")
    if report["other_stacks"]:
        parts.append(f"In no group, and left alone: {listed(report['other_stacks'])}.")
    return " ".join(parts)


def clean_numbers(report: Mapping[str, Any]) -> str:
    """How much is gone, kept and so on, in a few words; empty if there never was anything."""
    gone = sum(was_there(stack) for stack in report["stacks"])
    absent = sum(row["absent"] for row in report["looked_up"])
    numbers = {
        f"{counted(gone, 'stack')} gone": gone,
        f"{counted(absent, 'resource')} looked up and absent": absent,
        f"{len(report['not_looked_up'])} not looked up": report["not_looked_up"],
        f"{len(report['retained'])} retained on purpose": report["retained"],
        f"{sum(item['action'] == 'kept' for item in report['leftovers'])} kept": any(
            item["action"] == "kept" for item in report["leftovers"]
        ),
        "never seen in this account and region": report["seen"] is False,
    }
    return ", ".join(text for text, worth in numbers.items() if worth)


def _begin(text: str) -> str:
    """As the beginning of a sentence; names stay as they are."""
    return f"T{text[1:]}" if text.startswith("this part of ") else text


def _clean(report: Mapping[str, Any], workshop: str) -> str:
    told = clean_numbers(report)
    which = " that can be looked up" if report["not_looked_up"] else ""
    return f"Nothing of {workshop}{which} is left{f': {told}' if told else ''}."


def _counts(items: list[Row]) -> str:
    kinds = dict.fromkeys(item["kind"] for item in items)
    return ", ".join(counted(sum(item["kind"] == kind for item in items), kind_name(kind)) for kind in kinds)


def kind_name(kind: str) -> str:
    """The words for a kind of thing that is left."""
    return KINDS[kind].leftover.words[0] if kind in KINDS else kind.replace("_", " ")


def title(item: Mapping[str, Any]) -> str:
    """The words for what one thing that is left is."""
    return item["type"] or kind_name(item["kind"])


def _item(kind: str, name: str, status: str | None, reason: str, how: str, resource_type: str = "") -> Row:
    return {
        "kind": kind,
        "name": name,
        "type": resource_type,
        "status": status or "",
        "reason": reason,
        "how_to_remove": how,
    }


def _of(task: Row) -> str:
    whose = f"of service {task['service']}" if task["service"] else f"started as {task['group']}"
    return f"{whose}. {task['problem']}" if task["problem"] else whose


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
    if stack["appeared"] and not stack["reason"]:
        return "it was made after the plan was confirmed, and was left alone"
    return ". ".join(text.rstrip(".") for text in [stack["reason"], *causes] if text)


def _tag_reason(item: Row) -> str:
    unsure = "" if item["confirmed"] else "; whether it still exists could not be looked up"
    return f"still carries the tag of stack {item['stack_name']}{unsure}"


def next_step(report: Mapping[str, Any]) -> tuple[str, str]:
    """Words for what to do next if the verdict is not clean, and the command."""
    if never_seen(report):
        command = commands.playbook(report["operation"], report, "workshop_may_be_absent=true")
        words = f"Correct the name, the account or the region ({LIST}); or if it is right that nothing was ever there"
        return words, command
    return "A teardown goes on from here", commands.playbook("teardown", report)


CLEARS = "Or have a teardown clear what holds them, and lose it"


def clearing_step(report: Mapping[str, Any]) -> str:
    """The command of a teardown that first clears what holds the stacks that are left, as far as that can be cleared:
    one for all of them. Empty if nothing can."""
    setting = agreement(report["blockers"])
    return commands.playbook("teardown", report, setting) if setting else ""
