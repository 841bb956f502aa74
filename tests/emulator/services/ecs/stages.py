# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle stages of deployments that are not rolling, with the hooks that hold them up.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ...world import utcnow, world
from . import traffic
from .errors import InvalidParameter
from .history import HookRun, ServiceDeployment

#: AWS seconds until a function that is not done is asked again.
_CALLBACK = 30.0
_MINUTES = 1440
#: Stages at which a deployment cannot be paused.
_NO_PAUSE = {"TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"}


def check(configuration: Mapping[str, Any]) -> None:
    """Raises InvalidParameterException for hooks that cannot be.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
    """
    for hook in configuration.get("lifecycleHooks") or []:
        stages = set(hook.get("lifecycleStages") or ())
        pauses = hook.get("targetType") == "PAUSE"
        if not stages:
            raise InvalidParameter("lifecycleStages must be provided for a deployment lifecycle hook.")
        if pauses and stages & _NO_PAUSE:
            raise InvalidParameter(f"PAUSE hooks cannot be configured at {sorted(stages & _NO_PAUSE)[0]}.")
        if not pauses and not hook.get("hookTargetArn"):
            raise InvalidParameter("hookTargetArn must be provided for an AWS_LAMBDA lifecycle hook.")


def begin(deployment: ServiceDeployment, fail: Callable[[ServiceDeployment, str], None]) -> None:
    """From the first stage on. ``fail`` is called with the reason when a hook says so."""
    deployment.hook_failed = fail
    _pass(deployment, "PRE_SCALE_UP", _scale_up)


def scaled_up(deployment: ServiceDeployment) -> None:
    """The tasks of the new revision are well."""
    _pass(deployment, "POST_SCALE_UP", _shift_test)


def act(deployment: ServiceDeployment, hook_id: str, action: str) -> None:
    """ContinueServiceDeployment. Raises InvalidParameterException for a hook that waits for nobody.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
    """
    hook = next((item for item in deployment.hooks if item.id == hook_id), None)
    if hook is None or hook.status != "AWAITING_ACTION":
        raise InvalidParameter("The specified lifecycle hook is not awaiting an action.")
    _ends(deployment, hook, "SUCCEEDED" if action == "CONTINUE" else "FAILED")


def cancel(deployment: ServiceDeployment) -> None:
    """The deployment has left its stages: nobody is waited for any more."""
    deployment.then = None
    for hook in deployment.hooks:
        if hook.timeout is not None:
            hook.timeout.cancel()
    deployment.hooks = []


def _pass(deployment: ServiceDeployment, stage: str, then: Callable[[ServiceDeployment], None]) -> None:
    """Enter a stage, and go on when all of its hooks have let it."""
    if deployment.status != "IN_PROGRESS":
        return
    deployment.stage = stage
    deployment.then = then
    deployment.updated_at = utcnow()
    world.note("deployment", deployment.service.name, stage)
    wanted = [
        hook for hook in deployment.configuration.get("lifecycleHooks") or [] if stage in hook["lifecycleStages"]
    ]
    deployment.hooks = [_hook(deployment, hook) for hook in wanted]
    for hook in list(deployment.hooks):
        if hook.status == "IN_PROGRESS":
            _invoke(deployment, hook)
    _look(deployment)


def _hook(deployment: ServiceDeployment, given: Mapping[str, Any]) -> HookRun:
    timeout = given.get("timeoutConfiguration") or {}
    minutes = int(timeout.get("timeoutInMinutes", _MINUTES))
    pauses = given.get("targetType") == "PAUSE"
    hook = HookRun(
        target_type="PAUSE" if pauses else "AWS_LAMBDA",
        target_arn=None if pauses else given["hookTargetArn"],
        status="AWAITING_ACTION" if pauses else "IN_PROGRESS",
        expires_at=utcnow() + timedelta(minutes=minutes),
        timeout_action=timeout.get("action", "ROLLBACK"),
    )
    hook.timeout = world.clock.call_later(60.0 * minutes, _times_out, deployment, hook)
    world.note("hook", deployment.service.name, hook.status, str(deployment.stage))
    return hook


def _invoke(deployment: ServiceDeployment, hook: HookRun) -> None:
    """The emulator runs no functions: what they answer is a switch, and one of which nothing is said has failed.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
    """
    if hook not in deployment.hooks or hook.status != "IN_PROGRESS":
        return
    status = world.faults.hook_status(str(hook.target_arn)) or "FAILED"
    if status == "IN_PROGRESS":
        world.clock.call_later(_CALLBACK, _invoke, deployment, hook)
    else:
        _ends(deployment, hook, status)


def _times_out(deployment: ServiceDeployment, hook: HookRun) -> None:
    _ends(deployment, hook, "TIMED_OUT")


def _ends(deployment: ServiceDeployment, hook: HookRun, status: str) -> None:
    if hook not in deployment.hooks:
        return
    hook.status = status
    if hook.timeout is not None:
        hook.timeout.cancel()
    world.note("hook", deployment.service.name, status, str(deployment.stage))
    _look(deployment)


def _look(deployment: ServiceDeployment) -> None:
    failed = next((hook for hook in deployment.hooks if hook.failed), None)
    if failed is not None:
        what = failed.target_arn or "paused deployment"
        reason = f"Service deployment lifecycle hook failed at {deployment.stage}: {what}: {failed.status}."
        if deployment.hook_failed is not None:
            deployment.hook_failed(deployment, reason)
    elif deployment.then is not None and all(hook.passed for hook in deployment.hooks):
        then, deployment.then = deployment.then, None
        then(deployment)


def _scale_up(deployment: ServiceDeployment) -> None:
    deployment.stage = "SCALE_UP"
    world.note("deployment", deployment.service.name, "SCALE_UP")
    deployment.service.backend.wake(deployment.service)


def _shift_test(deployment: ServiceDeployment) -> None:
    """The test listener sends everything to the new revision, the production one still nothing."""
    traffic.send(deployment.service, deployment.target, 100.0, test=True)
    _pass(deployment, "TEST_TRAFFIC_SHIFT", _shifted_test)


def _shifted_test(deployment: ServiceDeployment) -> None:
    steps = traffic.steps(deployment.configuration)
    _pass(deployment, "POST_TEST_TRAFFIC_SHIFT", lambda _same: _next(deployment, steps))


def _next(deployment: ServiceDeployment, steps: list[tuple[float, float]]) -> None:
    """The next share of the production traffic; when all are done, the bake time, in which both run."""
    deployment.baking = None
    if steps:
        _pass(deployment, "PRE_PRODUCTION_TRAFFIC_SHIFT", lambda _same: _shift(deployment, steps))
    else:
        _pass(deployment, "POST_PRODUCTION_TRAFFIC_SHIFT", _bake)


def _shift(deployment: ServiceDeployment, steps: list[tuple[float, float]]) -> None:
    share, seconds = steps[0]
    traffic.send(deployment.service, deployment.target, share)

    def shifted(_same: ServiceDeployment) -> None:
        deployment.baking = world.clock.call_later(seconds, _next, deployment, steps[1:])

    _pass(deployment, "PRODUCTION_TRAFFIC_SHIFT", shifted)


def _bake(deployment: ServiceDeployment) -> None:
    deployment.stage = "BAKE_TIME"
    world.note("deployment", deployment.service.name, "BAKE_TIME")
    seconds = 60.0 * deployment.configuration.get("bakeTimeInMinutes", 0)
    deployment.baking = world.clock.call_later(seconds, _clean_up, deployment)


def _clean_up(deployment: ServiceDeployment) -> None:
    deployment.baking = None
    if deployment.status == "IN_PROGRESS":
        deployment.stage = "CLEAN_UP"
        world.note("deployment", deployment.service.name, "CLEAN_UP")
        deployment.service.backend.wake(deployment.service)
