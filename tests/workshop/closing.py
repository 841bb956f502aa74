# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that ends a rehearsal, from what the emulator recorded and still has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulator import Emulator

# Title of a group, and what the names of its stacks start with behind the name of the workshop.
GROUPS = (
    ("ECS services", "service-"),
    ("task definitions", "task-"),
    ("App Mesh", "appmesh"),
    ("DynamoDB", "dynamodb"),
    ("load balancer", "alb"),
    ("Cloud Map", "cloudmap"),
    ("Service Connect", "connect"),
    ("ECS cluster", "ecs"),
    ("VPC", "vpc"),
    ("logs", "logs"),
)
HEADER = ("group", "stacks", "gone", "began", "ended", "tasks stopped")


@dataclass(frozen=True)
class Row:
    """One group of stacks: how many there were and went, and when (AWS seconds, from the beginning of the teardown)."""

    title: str
    stacks: int
    gone: int
    began: float | None
    ended: float | None

    def cells(self, stopped: int | None) -> tuple[str, ...]:
        """The row as text; ``stopped`` None where the group has no tasks."""
        return (
            self.title,
            str(self.stacks),
            str(self.gone),
            "-" if self.began is None else f"{self.began:.0f}",
            "-" if self.ended is None else f"{self.ended:.0f}",
            "" if stopped is None else str(stopped),
        )


def rows(emulator: Emulator, name: str, stacks: Iterable[str], since: float) -> list[Row]:
    """How each group of stacks went after ``since`` (AWS seconds). Groups without a stack are left out."""
    events = [event for event in emulator.timeline.select("stack") if event.time >= since]
    found = []
    for title, prefix in GROUPS:
        members = [stack for stack in stacks if stack.startswith(f"{name}-{prefix}")]
        began = [e.time - since for e in events if e.name in members and e.status == "DELETE_IN_PROGRESS"]
        ended = {e.name: e.time - since for e in events if e.name in members and e.status == "DELETE_COMPLETE"}
        if members:
            last = max(ended.values()) if len(ended) == len(members) else None
            found.append(Row(title, len(members), len(ended), min(began, default=None), last))
    return found


def tasks_stopped(emulator: Emulator, since: float) -> int:
    """How many ECS tasks came to an end after ``since`` (AWS seconds)."""
    return sum(event.time >= since for event in emulator.timeline.select("task", status="STOPPED"))


def table(found: list[Row], stopped: int) -> str:
    """The rows as text, times in AWS seconds."""
    lines = [HEADER, *(row.cells(stopped if row.title == GROUPS[0][0] else None) for row in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def left_over(remaining: dict[str, list[str]]) -> str:
    """What is left, one line per kind, or a line that says that nothing is and what was looked for."""
    lines = [f"  {kind}: {', '.join(names)}" for kind, names in remaining.items() if names]
    if lines:
        return "Left:\n" + "\n".join(lines)
    return f"Left: nothing. Looked for {', '.join(remaining)}."
