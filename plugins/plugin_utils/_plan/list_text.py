# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The workshops that there are, for a terminal."""

from __future__ import annotations

import json
import shlex
from datetime import datetime
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import LABEL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import MARGIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import apart
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import folded
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed

REASONS = 4  # of those for which stacks belong to a workshop
_KINDS = {
    "tasks": "running task",
    "instances": "running instance",
    "ecs_services": "ECS service",
    "nat_gateways": "NAT gateway",
}
_BY = {
    "tag": "by a tag that they have",
    "prefix": "by how their names begin",
    "edges": "by what they use of each other",
}


def commands(workshops: Sequence[Row], playbook: str, variables: Mapping[str, Any]) -> list[str]:
    """For each workshop what shows its plan, for a POSIX shell. ``variables``: what is set besides."""
    return [
        shlex.join(["ansible-playbook", playbook, "-e", json.dumps({
            "workshop_scope": row["scope"], "workshop_region": row["region"], **variables
        }), "--check"])
        for row in workshops
    ]  # fmt: skip


def list_lines(found: Row, plans: Sequence[str], *, width: int, now: datetime, host: str = "") -> list[Line]:
    """Lines and their colours.

    :param plans: the command of each workshop. It is not wrapped, so that it can be copied.
    :param width: columns of the terminal
    :param now: aware
    :param host: named in the heading, where there are several
    """
    heading = f"{there(found)}{f' [{host}]' if host else ''}"
    lines: list[Line] = [(line, PLAIN) for line in folded(heading, width)]
    for row, plan in zip(found["workshops"], plans):
        lines += apart(_workshop_lines(row, plan, width, now))
    left_out = [f"{row['stack']} ({row['region']})" for row in found["left_out"]]
    if left_out:
        text = f"of no workshop, as they prepare an account or go with what made them: {listed(left_out)}"
        lines += apart(wrapped("besides", text, width))
    return lines + apart(_gap_lines(found["gaps"], width))


def there(found: Row) -> str:
    """How many workshops there are, and where."""
    rows, regions = found["workshops"], found["regions"]
    looked = counted(len(regions), "region")
    if not rows:
        return f"No workshop in {', '.join(regions) if len(regions) < 4 else looked}"
    inhabited = len({row["region"] for row in rows})
    return f"{counted(len(rows), 'workshop')} in {inhabited} of {looked}"


def _workshop_lines(row: Row, plan: str, width: int, now: datetime) -> Iterator[Line]:
    yield one_line(f"{row['name']} in {row['region']}"), PLAIN
    number = len(row["stacks"])
    by = f", {_BY[row['by']]}" if row["by"] in _BY and number > 1 else ""
    age = f"; {words.age(row['made'], now)}" if row["made"] else ""
    yield from wrapped("stacks", f"{number}{by}{age}", width)
    unsure = row["not_counted"] or row["not_known"]
    yield from wrapped("runs", _runs(row), width, WARNING if unsure else PLAIN)
    for number, item in enumerate(_told(row["joined"])):
        yield from wrapped("" if number else "joined", item, width)
    if row["linked"]:
        yield from wrapped("linked", f"with {listed(row['linked'])}, which seem to be of others", width)
    yield " " * MARGIN + "plan".ljust(LABEL) + one_line(plan), PLAIN


def _told(joined: Sequence[Row]) -> Iterator[str]:
    """Why stacks belong that have nothing in common with the others, each reason once."""
    by_reason: dict[str, list[str]] = {}
    for item in joined:
        by_reason.setdefault(item["because"], []).append(item["stack"])
    for because, names in list(by_reason.items())[:REASONS]:
        yield f"{listed(names)}: {because or 'called as others are that belong to it'}"
    if len(by_reason) > REASONS:
        yield f"and more for {counted(len(by_reason) - REASONS, 'other reason')}"


def _runs(row: Row) -> str:
    parts = []
    for kind, number in row["runs"].items():
        one = _KINDS.get(kind, kind[:-1].replace("_", " "))
        parts.append(counted(number, one))
    parts += [f"{kind} unknown" for kind in row["not_known"]]
    if row["not_counted"]:
        parts.append(f"unknown in {listed(row['not_counted'])}")
    return ", ".join(parts) or "nothing that costs money by the hour is known"


def _gap_lines(gaps: Sequence[Row], width: int) -> Iterator[Line]:
    for number, gap in enumerate(gaps):
        denied = "not allowed to look" if gap["denied"] else "could not look"
        text = f"{gap['region']}: {denied} ({gap['action']}): {gap['message'].rstrip('.')}."
        yield from wrapped("" if number else "GAPS", text, width, WARNING)
    if gaps:
        yield from wrapped("", "So there may be more than is shown here.", width, WARNING)
