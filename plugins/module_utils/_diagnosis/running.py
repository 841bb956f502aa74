# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What fails by what ECS, the load balancers, the logs and the alarms tell of one service. No AWS."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Sequence

from . import kinds
from .types import Deployed
from .types import Ended
from .types import Finding
from .types import Line
from .types import Seen
from .types import each_once

GAVE_UP = frozenset(("ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"))
# What ends a task without anything being wrong with it:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
_HARMLESS = ("UserInitiated", "SpotInterruption", "TerminationNotice")
_OF_SCALING = "Scaling activity initiated by"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_NOT_REACHED = ("Target.Timeout", "Target.FailedHealthChecks")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
_UNHEALTHY = re.compile(r"is unhealthy in .*due to \(reason (?P<reason>[^)]*)\)")
_NO_ANSWER = ("Request timed out", "Health checks failed")
_OF_EVENTS = (kinds.PLACEMENT, kinds.IMAGE, kinds.SECRET, kinds.START)


def findings(seen: Seen, start: float, end: float) -> list[Finding]:
    """All that is wrong with the tasks of a service from ``start`` to ``end``."""
    found = _of_tasks(seen, start, end)
    if not any(finding.kind in (kinds.HEALTH, kinds.PORT) for finding in found):
        found += _of_targets(seen)
    if not found:
        found = _of_events(seen, start, end) or _of_deployments(seen, start, end)
    return found


def of_log(seen: Seen, start: float, end: float) -> list[Finding]:
    """What the log alone tells, of kinds that are known."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in seen.lines or ():
        if start <= line.at <= end and (kind := kinds.kind_of_line(line.message)) != kinds.UNKNOWN:
            groups[kind].append(line)
    return [
        Finding(
            service=seen.name,
            kind=kind,
            source="logs",
            count=len(lines),
            since=min(line.at for line in lines),
            said=lines[-1].message,
            lines=tuple(each_once(lines)[:5]),
        )
        for kind, lines in groups.items()
    ]


def of_alarms(seen: Seen) -> list[Finding]:
    """Alarms that are on, of which nothing else tells why."""
    alarms = [alarm for alarm in seen.alarms or () if alarm.state == "ALARM"]
    return [
        Finding(
            service=seen.name, kind=kinds.ALARM, source="alarms", count=1, since=alarm.since, entity=alarm.name,
            said=alarm.reason,
        )
        for alarm in alarms
    ]  # fmt: skip


def is_failure(task: Ended) -> bool:
    """Whether a task ended since something was wrong with it."""
    if task.code in _HARMLESS or task.reason.startswith(_OF_SCALING):
        return False
    return bool(task.exit_codes and any(task.exit_codes.values())) or kinds.kind_of(task.reason) != kinds.UNKNOWN or (
        task.code in ("TaskFailedToStart", "EssentialContainerExited")
    )


def _of_tasks(seen: Seen, start: float, end: float) -> list[Finding]:
    failed = [task for task in seen.ended or () if is_failure(task) and (task.at is None or start <= task.at <= end)]
    logged = {_alike(task): told for task in failed if (told := _by_log(seen, task)) != kinds.UNKNOWN}
    groups: dict[tuple[str, str], list[Ended]] = defaultdict(list)
    for task in failed:
        kind = kinds.kind_of_end(task.reason, list(task.exit_codes.values()))
        if kind == kinds.CRASH:  # why is often in the log alone, and that of one task tells it of those like it
            kind = logged.get(_alike(task), kind)
        elif kind == kinds.HEALTH and _not_reached(seen):
            kind = kinds.PORT
        groups[(task.definition, kind)].append(task)
    return [_ended(seen, kind, definition, tasks) for (definition, kind), tasks in groups.items()]


def _alike(task: Ended) -> tuple[str, tuple[tuple[str, int], ...]]:
    """The same for tasks of one version that ended in the same way."""
    return task.definition, tuple(sorted(task.exit_codes.items()))


def _by_log(seen: Seen, task: Ended) -> str:
    told = (kinds.kind_of_line(line.message) for line in reversed(_lines(seen, task)))
    return next((kind for kind in told if kind != kinds.UNKNOWN), kinds.UNKNOWN)


def _not_reached(seen: Seen) -> bool:
    """Whether the load balancer gets no answer from the targets at all: by those that are unhealthy now, else by what
    ECS has said last."""
    reasons = {target.reason for target in seen.unhealthy or ()}
    if reasons:
        return reasons <= set(_NOT_REACHED)
    told = [found for event in seen.events if (found := _UNHEALTHY.search(event.message))]
    return bool(told) and told[0].group("reason") in _NO_ANSWER


def _lines(seen: Seen, task: Ended) -> list[Line]:
    """The lines of a task: the names of its streams end with its id."""
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
    key = task.arn.rsplit("/", 1)[-1]
    return [line for line in seen.lines or () if key and line.stream.endswith(key)]


def _ended(seen: Seen, kind: str, definition: str, tasks: Sequence[Ended]) -> Finding:
    times = [task.at for task in tasks if task.at is not None]
    last = max(tasks, key=lambda task: task.at or 0.0)
    codes = ", ".join(f"{name} {code}" for name, code in sorted(last.exit_codes.items()))
    unhealthy = next((item.description or item.reason for item in seen.unhealthy or ()), "")
    said = f"{last.reason or last.code} (exit codes: {codes})" if codes else last.reason or last.code
    if kind in (kinds.HEALTH, kinds.PORT) and unhealthy:
        said = f"{said}; {unhealthy}"
    lines = each_once(line for task in tasks for line in _lines(seen, task) if kinds.is_telling(line.message))
    since = min(times, default=None)
    return Finding(
        service=seen.name, kind=kind, source="tasks", count=len(tasks), since=since, exact=since is not None,
        said=said, definition=definition, lines=tuple(lines[-5:]), task=last.arn,
    )  # fmt: skip


def _of_targets(seen: Seen) -> list[Finding]:
    if not seen.unhealthy:
        return []
    first = seen.unhealthy[0]
    return [
        Finding(
            service=seen.name,
            kind=kinds.PORT if _not_reached(seen) else kinds.HEALTH,
            source="targets",
            count=len(seen.unhealthy),
            said=f"{first.reason}: {first.description}" if first.description else first.reason,
        )
    ]


def _of_events(seen: Seen, start: float, end: float) -> list[Finding]:
    groups: dict[str, list[float]] = defaultdict(list)
    said: dict[str, str] = {}
    for event in seen.events:
        kind = kinds.kind_of(event.message)
        if kind in _OF_EVENTS and start <= event.at <= end:
            groups[kind].append(event.at)
            said[kind] = event.message
    return [
        Finding(
            service=seen.name, kind=kind, source="events", count=len(times), since=min(times), exact=True,
            said=said[kind],
        )
        for kind, times in groups.items()
    ]  # fmt: skip


def _of_deployments(seen: Seen, start: float, end: float) -> list[Finding]:
    """Deployments that ECS gave up, of which nothing else is left to see."""
    return [
        Finding(
            service=seen.name, kind=_kind_of(item), source="deployment", count=item.failed or 1, since=item.started,
            exact=True, until=item.finished, said=item.reason, definition=item.definition, deployment=item,
        )
        for item in seen.deployments or ()
        if item.status in GAVE_UP and item.failed and start <= item.started <= end
    ]  # fmt: skip


def _kind_of(deployment: Deployed) -> str:
    kind = kinds.kind_of(deployment.reason)
    return kinds.CRASH if kind == kinds.UNKNOWN else kind
