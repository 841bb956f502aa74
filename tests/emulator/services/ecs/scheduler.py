# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service scheduler: keeps as many tasks as desired, replaces, rolls over, drains.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from __future__ import annotations

import math

from ...world import world
from . import connect, life, rollout
from .service import Service
from .task import STOPPING_STATUSES, Task


def wake(service: Service, key: str = "ecs.service.schedule") -> None:
    """Have the scheduler look at the service after the time it takes to notice. Only the earliest look is due."""
    seconds = world.durations.draw(key, service.name)
    if service.scheduled is not None:
        if service.scheduled.due <= world.clock.now() + seconds:
            return
        service.scheduled.cancel()
    service.scheduled = world.clock.call_later(seconds, _look, service)


def task_changed(task: Task) -> None:
    """A task of a service went on: the service may be drained, or have to replace it."""
    service = task.service
    if service is None:
        return
    if service.status == "DRAINING":
        _finish(service)
    elif service.status == "ACTIVE":
        if len(service.wanted) != service.desired_count or len(service.rounds) > 1:
            wake(service, "ecs.service.replace")
        rollout.look(service)


def reconcile(service: Service, *, at_once: bool = False) -> None:
    """Start and stop tasks until the service has what it wants. ``at_once``: new tasks run without delay."""
    if not service.on_fargate or service.status == "INACTIVE":
        return
    wanted = service.wanted
    current = [task for task in wanted if task.deployment_id == service.primary.id]
    old = [task for task in wanted if task.deployment_id != service.primary.id]
    desired = service.desired_count if service.status == "ACTIVE" else 0
    ongoing = service.ongoing
    keeps_old = ongoing is not None and ongoing.keeps_old
    _stop(service, _superfluous(service, desired, current, [] if keeps_old else old))
    most = 2 * desired if keeps_old else math.floor(desired * service.deployment_configuration["maximumPercent"] / 100)
    room = most - len(service.wanted)
    held = service.primary.failed or (ongoing is not None and not ongoing.launches)
    missing = 0 if held else min(desired - len(current), room)
    for _number in range(missing):
        life.start(service.backend.new_task_of(service), at_once=at_once)
    if missing > 0:
        service.say(f"has started {missing} tasks.")
    service.rounds = [
        deployment
        for deployment in service.rounds
        if deployment is service.primary or any(task.deployment_id == deployment.id for task in service.wanted)
    ]
    _settle(service)
    rollout.look(service)


def scaled_to_zero(service: Service) -> None:
    """With the fault on, a task that was being placed at this moment shows up later."""
    late = world.faults.take_late_task(service.name)
    if late is not None:
        service.expects_late_task = True
        world.clock.call_later(late, _appear_late, service)


def drain(service: Service) -> None:
    """The service is being deleted: no more tasks; INACTIVE when the last one stops.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    service.status = "DRAINING"
    world.note("service", service.name, "DRAINING")
    if service.wanted:
        wake(service)
    _finish(service)


def _look(service: Service) -> None:
    service.scheduled = None
    reconcile(service)
    if service.status == "DRAINING":
        _finish(service)


def _superfluous(service: Service, desired: int, current: list[Task], old: list[Task]) -> list[Task]:
    """The tasks to stop now: old ones as far as enough healthy ones remain, then what exceeds the desired count."""
    if desired == 0:
        return current + old
    minimum = math.ceil(desired * service.deployment_configuration["minimumHealthyPercent"] / 100)
    healthy = sum(task.healthy for task in current + old)
    chosen = old[: max(healthy - minimum, 0)]
    excess = len(current) - desired
    return chosen + (current[-excess:] if excess > 0 else [])


def _stop(service: Service, tasks: list[Task]) -> None:
    for task in tasks:
        life.drain(task, f"Scaling activity initiated by (deployment {service.primary.id})")
    if tasks:
        service.say(f"has stopped {len(tasks)} running tasks.")


def _appear_late(service: Service) -> None:
    service.expects_late_task = False
    life.start(service.backend.new_task_of(service), at_once=True)
    wake(service, "ecs.service.replace")


def _finish(service: Service) -> None:
    if not service.expects_late_task and all(task.last_status in STOPPING_STATUSES for task in service.tasks):
        service.status = "INACTIVE"
        connect.end(service)
        world.note("service", service.name, "INACTIVE")


def _settle(service: Service) -> None:
    steady = service.running_count == service.desired_count == len(service.wanted)
    if steady and not service.steady:
        service.say("has reached a steady state.")
    service.steady = steady
