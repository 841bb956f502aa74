# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How tasks handle a request: each does its calls, then answers as its image does."""

from __future__ import annotations

import json
from dataclasses import replace

from ..services.ecs.task import Task
from ..switches.answers import CUT, ImageAnswer
from ..world import world
from .balancing import Balancing, tasks
from .records import Hop

#: AWS seconds in which a task answers if nothing is said of its image.
_SECONDS = 0.1


def handle(task: Task, path: str, started: float, balancing: Balancing) -> tuple[list[Hop], str]:
    """What happens when this task gets a request: its hop, those that it leads to, and the body of its answer.

    A task of which another one gets no answer below 400 answers with 502 itself.
    """
    hops: list[Hop] = []
    body = _Handling(hops, path, balancing).by(task, None, started)
    return hops, body


class _Handling:
    def __init__(self, hops: list[Hop], path: str, balancing: Balancing) -> None:
        self._hops = hops
        self._path = path
        self._balancing = balancing

    def by(self, task: Task, parent: int | None, started: float) -> str:
        """Add the hop of this task, and after it those of the tasks that it calls."""
        images = [str(item.get("image")) for item in task.definition.container_definitions]
        image, said = world.faults.take_answer(images) or (images[0], None)
        index = len(self._hops)
        hop = Hop(task.service_name, task.task_arn, image, parent, 200, 0.0, started)
        self._hops.append(hop)
        now = started
        for callee in world.traffic.called_by(task.service_name, self._path):
            answered, now = self._call(task, callee, index, now)
            if answered is not None:
                self._hops[index] = replace(hop, status=502, seconds=now - started, cause=answered or None)
                return ""
        seconds = now - started + (said.after if said else _SECONDS)
        self._hops[index] = _answered(hop, said, seconds)
        own = json.dumps({"service": task.service_name, "image": image})
        return said.body or own if said else own

    def _call(self, task: Task, callee: str, parent: int, now: float) -> tuple[tuple[str, ...] | None, float]:
        """Why the call failed, None if it did not; and when it ended. Empty: the task that was called shows why."""
        backend = task.backend
        others = [
            other
            for other in tasks(backend.account_id, backend.region_name)
            if (other.service_name, other.cluster_name, other.desired_status) == (callee, task.cluster_name, "RUNNING")
        ]
        called = self._balancing.turn(callee, others)
        if called is None:
            return ("ConnectionError", f"{callee}: no address associated with this name"), now
        if not called.listens:
            return ("ConnectionRefusedError", f"{callee}: connection refused"), now
        index = len(self._hops)
        self.by(called, parent, now)
        hop = self._hops[index]
        failed = hop.status >= 400 or not hop.status
        return (() if failed else None), now + hop.seconds


def _answered(hop: Hop, said: ImageAnswer | None, seconds: float) -> Hop:
    if said is None:
        return replace(hop, seconds=seconds)
    status = 0 if said.status == CUT else int(said.status)
    return replace(hop, status=status, seconds=seconds, cause=said.cause, dependency=said.dependency)
