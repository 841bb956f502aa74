# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a person reads of a deployment while it goes on, and when it did not succeed."""

from __future__ import annotations

from collections import Counter
from typing import Sequence

from .._watch.progress import Progress
from . import types as t
from .refusals import short
from .types import DeploymentView
from .types import StoppedTask
from .types import TargetHealth


def tell(progress: Progress, service: str, view: DeploymentView) -> None:
    """One line whenever the deployment has changed."""
    failed = view.status in (t.STOPPED, t.ROLLED_BACK, t.ROLLBACK_FAILED)
    status = "successful" if view.status == t.SUCCESSFUL else "failed" if failed else "deploying"
    progress.tell("deployment", service, status, f"{service}: {progress_of(view)}")


def progress_of(view: DeploymentView) -> str:
    """How it stands, in a few words."""
    stage = f" ({view.stage})" if view.stage and view.ongoing else ""
    parts = [f"deployment {short(view.arn)} {view.status}{stage}", f"{view.running} of {view.requested} tasks run"]
    if view.failed:
        most = f" (at most {view.threshold})" if view.threshold else ""
        parts.append(f"{view.failed} failed{most}")
    if view.alarms:
        parts.append(f"alarm {', '.join(view.alarms)}")
    return ", ".join(parts)


def failure(
    service: str,
    definition: str,
    view: DeploymentView,
    stopped: Sequence[StoppedTask],
    unhealthy: Sequence[TargetHealth],
    instead: str,
) -> str:
    """Why it did not succeed. ``instead``: what the service runs, or is brought to, now."""
    how = {
        t.ROLLED_BACK: "was rolled back",
        t.STOPPED: "was stopped",
        t.ROLLBACK_FAILED: "failed, and so did its rollback",
    }.get(view.status, f"is {view.status}")
    reasons = list(dict.fromkeys(filter(None, (view.reason, view.rollback_reason))))
    why = " ".join(map(_sentence, reasons)) or "ECS gives no reason."
    parts = [f"The deployment of {service} to {short(definition)} {how}: {why}"]
    parts.extend(details(view, stopped, unhealthy))
    if instead:
        parts.append(instead)
    return " ".join(parts)


def details(view: DeploymentView, stopped: Sequence[StoppedTask], unhealthy: Sequence[TargetHealth]) -> list[str]:
    """Alarms, stopped tasks and targets, a sentence each."""
    parts = []
    if view.alarms:
        parts.append(f"In ALARM: {', '.join(view.alarms)}.")
    for reason, number in Counter(map(_of_task, stopped)).most_common():
        parts.append(f"{number} {'task' if number == 1 else 'tasks'} stopped: {_sentence(reason)}")
    for words, number in Counter(map(_of_target, unhealthy)).most_common():
        parts.append(f"{number} {'target' if number == 1 else 'targets'} {_sentence(words)}")
    return parts


def late(service: str, definition: str, view: DeploymentView | None, seconds: float) -> str:
    """That the time ran out."""
    how = "ECS has not shown it" if view is None else progress_of(view)
    return f"The deployment of {service} to {short(definition)} has not ended within {seconds:g} s: {how}."


def _of_task(task: StoppedTask) -> str:
    codes = ", ".join(f"{name} {code}" for name, code in sorted(task.exit_codes.items()))
    reason = task.reason or task.code or "no reason given"
    return f"{reason} (exit codes: {codes})" if codes else reason


def _of_target(health: TargetHealth) -> str:
    return f"{health.state} in {health.group.split('/')[-2]}: {health.description or health.reason}"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
