# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a task, from PROVISIONING to STOPPED, in AWS's order and time.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from __future__ import annotations

from typing import Any


from ...roles import role_exists
from ...switches.images import EXITS, ImageFault
from ...world import utcnow, world
from . import output, registration
from .task import STARTING_STATUSES, STOPPING_STATUSES, Task

#: AWS seconds between two looks of a task that waits for a deleted role.
_ROLE_INTERVAL = 30.0


def start(task: Task, *, at_once: bool) -> None:
    """Give the task its interface and run it, now or after the time AWS takes to pull images and start containers."""
    task.attach_interface()
    fault = task.fault
    if at_once and fault is None:
        _run(task)
        return
    _enter(task, "PROVISIONING")
    _after(task, "ecs.task.start", _pull_fails if fault is not None and fault.how == "pull" else _run)


def drain(task: Task, reason: str) -> None:
    """The service scheduler stops a task: it leaves target group and Cloud Map first, which takes its time."""
    if task.desired_status == "STOPPED":
        return
    _ask_to_stop(task, "ServiceSchedulerInitiated", reason)
    if task.last_status in STARTING_STATUSES:
        _deprovision(task)
        return
    _enter(task, "DEACTIVATING")
    registration.leave_target_groups(task)
    if world.faults.lingers(task.service_name) or world.faults.hangs(task.service_name):
        return
    seconds = max(world.durations.draw("ecs.task.deregister", task.service_name), registration.delay(task))
    task.pending = world.clock.call_later(seconds, _deactivated, task)


def stop(task: Task, reason: str | None) -> None:
    """StopTask: also frees a task that lingers in DEACTIVATING. A second call changes nothing.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    if task.freed or task.last_status in STOPPING_STATUSES:
        return
    if task.desired_status != "STOPPED":
        _ask_to_stop(task, "UserInitiated", reason or "Task stopped by user")
    if task.last_status in STARTING_STATUSES:
        _deprovision(task)
        return
    if task.last_status == "RUNNING":
        _enter(task, "DEACTIVATING")
        registration.leave_target_groups(task)
    if world.faults.hangs(task.service_name):
        return
    _cancel(task)
    task.freed = True
    _after(task, "ecs.task.deregister_stopped", _deactivated)


def _run(task: Task) -> None:
    task.started_at = utcnow()
    task.running_since = world.clock.now()
    fault = task.fault
    well = fault is None or fault.seems_well
    if fault is not None and fault.how in EXITS:
        world.clock.call_later(fault.after, _exits, task, fault)
    elif fault is not None and fault.how == "unhealthy":
        world.clock.call_later(fault.after, _unhealthy, task)
    elif fault is not None:
        well = not registration.groups_of(task)  # nobody checks
        if not well:
            _check(task, fault.after if fault.how == "slow" else float("inf"))
    task.health_status = "HEALTHY" if well else "UNKNOWN"
    task.roles = _existing_roles(task)
    registration.join(task)
    registration.show_health(task, "healthy" if well else "initial")
    if well:
        task.backend.task_healthy(task)
    _enter(task, "RUNNING")


def _check(task: Task, listens_after: float) -> None:
    """Its target groups check a task that does not listen yet: it has to by the time they give it, or that ECS does.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html
    """
    grace = task.service.health_check_grace_period_seconds if task.service else 0.0
    seconds = max(registration.check_time(task), grace)
    if listens_after <= seconds:
        world.clock.call_later(listens_after, _healthy, task)
    else:
        world.clock.call_later(seconds, _unhealthy, task)


def _healthy(task: Task) -> None:
    if task.desired_status == "STOPPED":
        return
    task.health_status = "HEALTHY"
    registration.show_health(task, "healthy")
    task.backend.task_healthy(task)
    task.backend.task_changed(task)


def _pull_fails(task: Task) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"""
    images = ", ".join(str(item.get("image")) for item in task.definition.container_definitions)
    task.container_reason = (
        f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {images}: "
        "not found"
    )
    _ask_to_stop(task, "TaskFailedToStart", task.container_reason)
    task.backend.task_failed(task)
    _deprovision(task)


def _exits(task: Task, fault: ImageFault) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"""
    if task.desired_status == "STOPPED":
        return
    if fault.line:
        output.write(task, fault.line)
    task.exit_code = 137 if fault.how == "memory" else 1
    if fault.how == "memory":
        # https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors
        task.container_reason = "OutOfMemoryError: Container killed due to memory usage"
    _ask_to_stop(task, "EssentialContainerExited", "Essential container in task exited")
    task.backend.task_failed(task)
    _deprovision(task)


def _unhealthy(task: Task) -> None:
    """The service's scheduler stops a task whose health check fails.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
    """
    if task.desired_status == "STOPPED":
        return
    task.health_status = "UNHEALTHY"
    registration.show_health(task, "unhealthy" if task.listens else "refused")
    if task.service is None:
        return
    groups = registration.groups_of(task)
    reason = f"Task failed ELB health checks in (target-group {groups[0]})" if groups else ""
    task.backend.task_failed(task)
    seconds = world.durations.draw("ecs.service.schedule", task.service_name)
    world.clock.call_later(seconds, drain, task, reason or "Task failed container health checks")


def _deactivated(task: Task) -> None:
    """Deregistered: the containers get SIGTERM, and SIGKILL after the stop timeout of 30 s."""
    if set(task.roles) - set(_existing_roles(task)):
        # Without its role a task never gets out of its service's registrations (aws/aws-cli#1334).
        task.pending = world.clock.call_later(_ROLE_INTERVAL, _deactivated, task)
        return
    registration.leave_cloud_map(task)
    task.stopping_at = task.stopping_at or utcnow()
    deaf = world.faults.ignores_sigterm(task.service_name)
    task.exit_code = 137 if deaf else 0
    _after(task, "ecs.task.kill" if deaf else "ecs.task.stop", _deprovision)
    _enter(task, "STOPPING")


def _deprovision(task: Task) -> None:
    """The containers are gone; the interface is detached and deleted."""
    _cancel(task)
    registration.leave_target_groups(task)
    task.execution_stopped_at = utcnow()
    if task.attachments:
        task.attachments[0]["status"] = "DETACHING"
    _after(task, "ec2.interface.task", _stopped)
    _enter(task, "DEPROVISIONING")


def _stopped(task: Task) -> None:
    task.release_interface()
    task.stopped_at = utcnow()
    task.gone_at = world.clock.now()
    task.health_status = "UNKNOWN"
    _after(task, "ecs.task.forget", _forget)
    _enter(task, "STOPPED")


def _forget(task: Task) -> None:
    """Stopped tasks are described for about an hour.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
    """
    task.backend.tasks.get(task.cluster_name, {}).pop(task.task_arn, None)
    world.note("task", task.label, "MISSING")


def _ask_to_stop(task: Task, code: str, reason: str) -> None:
    task.desired_status = "STOPPED"
    task.stop_code = code
    task.stopped_reason = reason
    task.stopping_at = utcnow()


def _enter(task: Task, status: str) -> None:
    task.last_status = status
    task.version += 1
    world.note("task", task.label, status, task.stopped_reason or "")
    task.backend.task_changed(task)


def _after(task: Task, key: str, function: Any) -> None:
    task.pending = world.clock.call_later(world.durations.draw(key, task.service_name), function, task)


def _cancel(task: Task) -> None:
    if task.pending is not None:
        task.pending.cancel()
        task.pending = None


def _existing_roles(task: Task) -> list[str]:
    """Those of the task's and its service's roles that exist in IAM."""
    wanted = [getattr(task.definition, name, None) for name in ("task_role_arn", "execution_role_arn")]
    wanted.append(task.service.role_arn if task.service else None)
    account_id, region = task.backend.account_id, task.backend.region_name
    return [arn for arn in wanted if arn and role_exists(account_id, region, arn)]
