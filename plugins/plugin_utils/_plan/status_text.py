# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The status of a workshop on one screen."""

from __future__ import annotations

from datetime import datetime
from typing import Iterator
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import LABEL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import MARGIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import apart
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import table
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import GAP
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import NO_BREAKER
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import NO_ROLLBACK
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import STUCK
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import gap_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import held_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import left_items
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import reason
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import removed_items
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import where_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted


_PERCENT = "MinimumHealthyPercent 100, MaximumPercent 200"
_BREAKER = "DeploymentCircuitBreaker {Enable: true, Rollback: true}"
#: What is said of one service and of several, and what to set.
_SETTINGS = {
    STUCK: (
        "can neither start nor stop a task in a deployment, until somebody stops one by hand",
        "can neither start nor stop a task in a deployment, until somebody stops one by hand",
        _PERCENT,
    ),
    GAP: (
        "stops all its tasks in a deployment before new ones start",
        "stop all their tasks in a deployment before new ones start",
        _PERCENT,
    ),
    NO_BREAKER: ("has no circuit breaker", "have no circuit breaker", _BREAKER),
    NO_ROLLBACK: (
        "does not go back when its circuit breaker opens",
        "do not go back when their circuit breaker opens",
        _BREAKER,
    ),
}


def status_lines(status: Row, *, width: int, now: datetime, host: str = "", command: str = "") -> list[Line]:
    """Lines and their colours.

    :param width: columns of the terminal
    :param now: aware
    :param host: named in the heading, where there are several
    :param command: what to run to end the workshop
    """
    return [
        (one_line(f"Status of {words.subject(status)}{f' [{host}]' if host else ''}"), PLAIN),
        *where_lines(status, width),
        *wrapped("workshop", _workshop(status, now), width),
        *listed("site", status["sites"], width),
        *apart(_group_lines(status, width)),
        *apart(_service_lines(status["services"])),
        *apart(list(_settings_lines(status["ecs_service_settings"], width))),
        *apart(
            [
                *listed("leftover", removed_items(status["remove"]), width),
                *listed("other", left_items(status["left"]), width),
                *held_lines(status["blockers"], width),
                *gap_lines(status["gaps"], "there may be more than is shown here", width),
            ]
        ),
        *apart([_next(status, command)]),
    ]


def there(status: Row) -> str:
    """How many stacks are there."""
    if status["seen"] is False:
        return words.never_seen(status)
    if words.hides_stacks(status["gaps"]):
        return "stacks unknown"
    found = sum(sum(group["statuses"].values()) for group in status["groups"])
    total = sum(group["stacks"] for group in status["groups"])
    return f"{found or 'none'} of {counted(total, 'stack')}"


def _workshop(status: Row, now: datetime) -> str:
    found = any(group["statuses"] for group in status["groups"])
    known = status["seen"] is not False and not words.hides_stacks(status["gaps"])
    return there(status) + (f"; {words.age(status['made'], now)}" if found and known and status["made"] else "")


def _group_lines(status: Row, width: int) -> Iterator[Line]:
    if not any(group["statuses"] for group in status["groups"]):
        return
    rows = [("phase", "group", "stacks", "status")]
    rows += [
        (
            str(group["phase"]),
            group["group"],
            f"{sum(group['statuses'].values())}/{group['stacks']}",
            _statuses(group),
        )
        for group in status["groups"]
    ]
    head, *lines = table(rows, right=(2,))
    yield " " * MARGIN + head, PLAIN
    for line, group in zip(lines, status["groups"]):
        yield " " * MARGIN + line, _colour(group)
        for stack in group["unusual"]:
            why = f": {reason(stack)}" if reason(stack) else ""
            colour = ERROR if stack["status"].endswith("_FAILED") else WARNING
            yield from wrapped("", f"{stack['name']} {stack['status']}{why}", width, colour)


def _statuses(group: Row) -> str:
    single = len(group["statuses"]) == 1
    parts = [status if single else f"{number} {status}" for status, number in group["statuses"].items()]
    if group["protected"]:
        parts.append(f"{group['protected']} protected")
    return ", ".join(parts) or "-"


def _colour(group: Row) -> str:
    if any(stack["status"].endswith("_FAILED") for stack in group["unusual"]):
        return ERROR
    return WARNING if group["unusual"] or group["protected"] else PLAIN


def _service_lines(services: Sequence[Row]) -> Iterator[Line]:
    if not services:
        return
    rows = [("service", "running", "pending", "desired", "")]
    rows += [
        (
            row["name"],
            str(row["running"]),
            str(row["pending"]),
            "-" if row["desired"] is None else str(row["desired"]),
            _remark(row),
        )
        for row in services
    ]
    for line, row in zip(table(rows, right=(1, 2, 3)), [None, *services]):
        settled = row is None or (row["running"] == row["desired"] and not _remark(row))
        yield " " * MARGIN + line, PLAIN if settled else WARNING


def _settings_lines(settings: Sequence[Row], width: int) -> Iterator[Line]:
    """What the next deployment comes to by what is set, and what to set instead."""
    label = "settings"
    for problem, (one, many, instead) in _SETTINGS.items():
        names = [row["name"] for row in settings if problem in row["problems"]]
        if names:
            told = f"{counted(len(names), 'service')} {one if len(names) == 1 else many}: {', '.join(names)}."
            yield from wrapped(label, f"{told} Set {instead}.", width, WARNING)
            label = ""


def _remark(row: Row) -> str:
    odd = [f"{number} {status}" for status, number in row["tasks"].items() if status not in ("RUNNING", "PENDING")]
    if row["status"] is None:
        return ", ".join(["tasks of no service", *odd])
    others = [row["of_others"]] if row["of_others"] else []
    return ", ".join([row["status"]] * (row["status"] != "ACTIVE") + odd + others)


def _next(status: Row, command: str) -> Line:
    """What to do now. A command is not wrapped, so that it can be copied."""
    if status["found"]:
        label, text = "to end it", command
    elif status["anything"]:
        label, text = "next", "allow what is named above, and look again"
    elif status["seen"] is False:
        label, text = "next", "look whether name, account and region are right"
    else:
        more = " that a teardown would remove" if status["left"] else ""
        label, text = "next", f"nothing to do: nothing of it is there{more}"
    return " " * MARGIN + label.ljust(LABEL) + one_line(text), PLAIN
