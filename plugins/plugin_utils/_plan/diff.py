# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The plan as a comparison: what is there before a teardown, and what is there after it."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.words import kind
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened


def plan_diff(plan: Row) -> dict[str, str]:
    """As C(--diff) shows it. What may be retained is taken for gone, as the plan is that it goes."""
    staying = [f"{kind(row['kind'])} {row['name']}" for row in plan["left"]]
    return {
        "before_header": f"{plan['workshop']} now",
        "after_header": f"{plan['workshop']} after a teardown",
        "before": _text([*_going(plan), *staying]),
        "after": _text(staying),
    }


def _going(plan: Row) -> Iterator[str]:
    for phase in plan["phases"]:
        for group in phase["groups"]:
            yield from (f"stack {stack['name']} {stack['status']}" for stack in group["stacks"])
    for row in plan["stop"]:
        for status, count in row["statuses"].items():
            yield f"ECS tasks of {row['service'] or row['group']}: {count} {status}"
    yield from (f"{kind(row['kind'])} {row['name']}" for row in plan["remove"])


def _text(lines: list[str]) -> str:
    return "".join(f"{shortened(line)}\n" for line in lines)
