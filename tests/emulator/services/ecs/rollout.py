# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a service deployment goes on: to its end, or back to where it came from.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
AWS documents the states. The words of most reasons are nowhere in its documentation: those here are our own, save that
of the circuit breaker (https://github.com/aws/containers-roadmap/issues/1488).
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from ...world import utcnow, world
from . import stages, traffic
from .errors import DeploymentConflict
from .history import Revision, ServiceDeployment
from .service import Service
from .task import Task

#: AWS seconds between two looks at the alarms of a deployment.
_ALARM_INTERVAL = 5.0
_TRIPPED = "ECS deployment circuit breaker: tasks failed to start."


def begin(service: Service, revision: Revision) -> ServiceDeployment:
    """Start to bring the service to a revision. A deployment that is under way is stopped: it has been superseded.

    https://github.com/kayac/ecspresso/issues/899
    """
    before = service.ongoing
    if before is not None:
        _enter(before, "STOP_REQUESTED")
        world.clock.call_later(world.durations.draw("ecs.deployment.stop", service.name), _superseded, before)
    configuration = dict(service.deployment_configuration)
    deployment = ServiceDeployment(service, revision, list(service.rounds), configuration, [])
    deployment.watched = [name for name in deployment.alarms.get("alarmNames", []) if not _alarming(service, name)]
    if service.rounds:
        revision.alternate = service.rounds[0].alternate == deployment.rolling
    service.revisions.append(revision)
    service.rounds.insert(0, revision)
    service.history.insert(0, deployment)
    world.note("deployment", service.name, "PENDING")
    world.clock.call_later(world.durations.draw("ecs.deployment.begin", service.name), _start, deployment)
    return deployment


def create(service: Service, revision: Revision) -> None:
    """The first deployment of a service; it begins at once."""
    _start(begin(service, revision))


def look(service: Service) -> None:
    """Something has changed: the deployment under way may have come to its end."""
    deployment = service.ongoing
    if deployment is not None and deployment.stage == "SCALE_UP" and _scaled_up(service):
        stages.scaled_up(deployment)
    if deployment is None or not _steady(service):
        return
    if deployment.keeps_old:
        return
    if deployment.status == "ROLLBACK_IN_PROGRESS":
        _finish(deployment, "ROLLBACK_SUCCESSFUL")
    elif deployment.status == "IN_PROGRESS" and deployment.baking is None:
        seconds = _bake_time(deployment)
        if seconds and deployment.rolling:
            deployment.baking = world.clock.call_later(seconds, _baked, deployment)
        else:
            _finish(deployment, "SUCCESSFUL")


def task_failed(task: Task) -> None:
    """A task of a service ended by itself, or its health check failed."""
    service = task.service
    deployment = None if service is None else service.ongoing
    revision = next((item for item in service.rounds if item.id == task.deployment_id), None) if service else None
    if revision is not None:
        revision.failed_tasks += 1
    if deployment is None or revision is not service.primary:
        return
    if deployment.baking is not None and deployment.rolling:
        deployment.baking.cancel()
        deployment.baking = None
    if deployment.status == "ROLLBACK_IN_PROGRESS":
        deployment.rollback_failures += 1
        if deployment.rollback_failures >= deployment.threshold:
            revision.failed = True
            _finish(deployment, "ROLLBACK_FAILED", _TRIPPED)
        return
    deployment.failure_count += 1
    if deployment.status == "IN_PROGRESS" and deployment.breaker and deployment.failure_count >= deployment.threshold:
        deployment.tripped = revision.failed = True
        _fail(deployment, _TRIPPED, bool(deployment.breaker.get("rollback")))


def task_healthy(task: Task) -> None:
    """Resets the circuit breaker's count, unless it is told not to.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
    """
    deployment = task.service.ongoing if task.service else None
    if deployment is not None and deployment.target.id == task.deployment_id:
        if deployment.breaker.get("resetOnHealthyTask", True) and not deployment.tripped:
            deployment.failure_count = 0


def stop(deployment: ServiceDeployment, stop_type: str) -> None:
    """StopServiceDeployment. Raises ConflictException for one that has ended, or that has nothing to go back to.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
    """
    if not deployment.ongoing:
        raise DeploymentConflict()
    if deployment.status not in ("PENDING", "IN_PROGRESS"):
        return  # goes on with what it is at
    if stop_type == "ABORT":
        deployment.target.failed = True
        _enter(deployment, "STOP_REQUESTED")
        seconds = world.durations.draw("ecs.deployment.stop", deployment.service.name)
        world.clock.call_later(seconds, _stopped, deployment, "Service deployment stopped by user.")
        return
    if _completed(deployment) is None:
        raise DeploymentConflict()
    _request_rollback(deployment, "Service deployment rollback requested by user.")


def _start(deployment: ServiceDeployment) -> None:
    if deployment.status != "PENDING":
        return
    deployment.started_at = utcnow()
    _enter(deployment, "IN_PROGRESS")
    if not deployment.service.on_fargate:
        # Their tasks are left to moto, which runs none.
        _finish(deployment, "SUCCESSFUL")
        return
    if not deployment.rolling:
        stages.begin(deployment, _hook_failed)
    if deployment.watched:
        world.clock.call_later(_ALARM_INTERVAL, _look_at_alarms, deployment)
    look(deployment.service)


def _scaled_up(service: Service) -> bool:
    """Whether all tasks of the new revision are well, besides those of the old one."""
    ours = [task for task in service.wanted if task.deployment_id == service.primary.id]
    return len(ours) == service.desired_count and all(task.healthy for task in ours)


def _look_at_alarms(deployment: ServiceDeployment) -> None:
    if deployment.status != "IN_PROGRESS":
        return
    deployment.triggered = [name for name in deployment.watched if _alarming(deployment.service, name)]
    if not deployment.triggered:
        world.clock.call_later(_ALARM_INTERVAL, _look_at_alarms, deployment)
        return
    deployment.target.failed = True
    names = ", ".join(deployment.triggered)
    _fail(deployment, f"ECS deployment failed: alarm detected ({names}).", bool(deployment.alarms.get("rollback")))


def _hook_failed(deployment: ServiceDeployment, reason: str) -> None:
    deployment.target.failed = True
    _fail(deployment, reason, True)


def _alarming(service: Service, name: str) -> bool:
    alarm = _alarm(service, name)
    return alarm is not None and alarm.state_value == "ALARM"


def _alarm(service: Service, name: str) -> Any:
    return cloudwatch_backends[service.backend.account_id][service.region_name].alarms.get(name)


def _bake_time(deployment: ServiceDeployment) -> float:
    """ECS computes the time for which it goes on to watch the alarms from how these are configured.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """
    alarms = [alarm for name in deployment.watched if (alarm := _alarm(deployment.service, name)) is not None]
    return max((float(alarm.period or 60) * float(alarm.evaluation_periods or 1) for alarm in alarms), default=0.0)


def _baked(deployment: ServiceDeployment) -> None:
    deployment.baking = None
    if deployment.status == "IN_PROGRESS" and _steady(deployment.service):
        _finish(deployment, "SUCCESSFUL")


def _steady(service: Service) -> bool:
    wanted = service.wanted
    return (
        len(wanted) == service.desired_count
        and all(task.deployment_id == service.primary.id and task.healthy for task in wanted)
        and service.status == "ACTIVE"
    )


def _fail(deployment: ServiceDeployment, reason: str, roll_back: bool) -> None:
    service = deployment.service
    service.say(reason)
    if not roll_back:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html (stoppedAt)
        _enter(deployment, "STOP_REQUESTED", reason)
        world.clock.call_later(world.durations.draw("ecs.deployment.stop", service.name), _stopped, deployment, reason)
    elif _completed(deployment) is None:
        # "stalls": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
        deployment.reason = reason
    else:
        _request_rollback(deployment, reason)


def _request_rollback(deployment: ServiceDeployment, reason: str) -> None:
    deployment.reason = reason
    _enter(deployment, "ROLLBACK_REQUESTED", reason)
    seconds = world.durations.draw("ecs.deployment.rollback", deployment.service.name)
    world.clock.call_later(seconds, _roll_back, deployment, reason)


def _roll_back(deployment: ServiceDeployment, reason: str) -> None:
    """Back to the last completed revision; also where its task definition is INACTIVE by now:
    https://github.com/aws/containers-roadmap/issues/328"""
    back = _completed(deployment)
    if deployment.status != "ROLLBACK_REQUESTED" or back is None:
        return
    service = deployment.service
    back.failed = False
    service.rounds = [back, *(item for item in service.rounds if item is not back)]
    service.network_configuration = back.configuration["networkConfiguration"]
    service.platform_version = back.configuration["platformVersion"]
    traffic.send(service, back, 100.0)
    traffic.send(service, back, 100.0, test=True)
    deployment.rollback = {"reason": reason, "startedAt": utcnow(), "serviceRevisionArn": back.arn}
    _enter(deployment, "ROLLBACK_IN_PROGRESS", reason)
    service.backend.wake(service)


def _completed(deployment: ServiceDeployment) -> Revision | None:
    """The revision of the last deployment that completed before this one."""
    earlier = (item for item in deployment.service.history if item is not deployment)
    return next((item.target for item in earlier if item.status == "SUCCESSFUL"), None)


def _superseded(deployment: ServiceDeployment) -> None:
    _stopped(deployment, "Service deployment stopped: a new one was started.")


def _stopped(deployment: ServiceDeployment, reason: str) -> None:
    deployment.stopped_at = utcnow()
    _finish(deployment, "STOPPED", reason)


def _finish(deployment: ServiceDeployment, status: str, reason: str | None = None) -> None:
    if deployment.ongoing:
        deployment.finished_at = utcnow()
        traffic.send(deployment.service, deployment.service.primary, 100.0)
        _enter(deployment, status, reason)


def _enter(deployment: ServiceDeployment, status: str, reason: str | None = None) -> None:
    deployment.status = status
    if status != "IN_PROGRESS":
        stages.cancel(deployment)
    deployment.reason = reason or deployment.reason
    deployment.updated_at = utcnow()
    world.note("deployment", deployment.service.name, status, deployment.reason or "")
