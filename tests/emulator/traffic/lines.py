# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks that handle a request write into their logs: a line for it, and one for why it fails."""

from __future__ import annotations

from moto.ecs.models import ecs_backends

from ..services.ecs import output
from ..services.ecs.task import Task
from ..world import world
from .records import Hop, Request


def write(request: Request) -> None:
    """The lines of one request, each at the time at which its task has answered."""
    for index, hop in enumerate(request.hops):
        task = _task(hop)
        if task is None:
            continue
        for line in _lines(request, index, hop):
            output.write(task, line, hop.image, hop.started + hop.seconds)


def _lines(request: Request, index: int, hop: Hop) -> list[str]:
    asked = f"{request.method} {request.path}"
    answered = str(hop.status) if hop.status else "no answer"
    lines = [f"{asked} {answered} {hop.seconds:.3f}s"]
    if 0 < hop.status < 400:
        return lines
    said = world.faults.said_by(hop.image)
    if said:
        return [*said, *lines]
    called = " ".join(hop.dependency or ())
    if hop.cause is not None:
        return [f"ERROR {asked}: {called + ': ' if called else ''}{hop.cause[0]}: {hop.cause[1]}", *lines]
    failed = (other for other in request.hops if other.parent == index and not 0 < other.status < 400)
    return [*(f"ERROR {asked}: {other.service} answered {other.status or 'nothing'}" for other in failed), *lines]


def _task(hop: Hop) -> Task | None:
    """The task, if ECS still knows it."""
    region, account_id, cluster = hop.task.split(":")[3], hop.task.split(":")[4], hop.task.split("/")[1]
    return ecs_backends[account_id][region].tasks.get(cluster, {}).get(hop.task)
