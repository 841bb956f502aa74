# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The deployment configuration that a service is to have. No AWS."""

from __future__ import annotations

from typing import Any
from typing import Mapping

FAILURE = "failure"
ALARM = "alarm"
INTERRUPT = "interrupt"
PROBE = "probe"

_OFF = {"enable": False, "rollback": False}
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
_DEFAULTS: dict[str, Any] = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "deploymentCircuitBreaker": _OFF,
    "alarms": {"alarmNames": [], **_OFF},
}
ROLLING = "ROLLING"
LEAST_LINEAR = 3  # percent of the traffic in a step
# What ECS may show of a rolling service and only takes of others.
_OF_OTHERS = frozenset(("bakeTimeInMinutes", "canaryConfiguration", "linearConfiguration"))
# Of the strategies that shift the traffic in steps: their part of the configuration, its percentage and its minutes.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
_STEPS = {
    "CANARY": ("canaryConfiguration", "canaryPercent", "canaryBakeTimeInMinutes"),
    "LINEAR": ("linearConfiguration", "stepPercent", "stepBakeTimeInMinutes"),
}


def wanted(current: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The whole configuration, in ECS's form: what is there, with the options of the module over it.

    Circuit breaker and alarms that are on roll back as rollback_on says."""
    made = {**_DEFAULTS, **current}
    for option, name in (("maximum_percent", "maximumPercent"), ("minimum_healthy_percent", "minimumHealthyPercent")):
        if params[option] is not None:
            made[name] = params[option]
    _set_strategy(made, params)
    given = params["circuit_breaker"]
    if given is not None:
        made["deploymentCircuitBreaker"] = _breaker(made["deploymentCircuitBreaker"], given)
    if params["alarms"] is not None:
        made["alarms"] = {"alarmNames": list(params["alarms"]), "enable": bool(params["alarms"])}
    for name, reason in (("deploymentCircuitBreaker", FAILURE), ("alarms", ALARM)):
        monitor = made[name]
        made[name] = {**monitor, "rollback": bool(monitor.get("enable")) and reason in params["rollback_on"]}
    return made


def strategy(made: Mapping[str, Any]) -> str:
    """How tasks are replaced."""
    return str(made.get("strategy", ROLLING))


def misplaced(made: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """Which options the strategy does not take, or not so; empty if none."""
    how = strategy(made)
    wrong = [name for name in ("step_percent", "step_bake_time") if params[name] is not None and how not in _STEPS]
    if params["bake_time"] is not None and how == ROLLING:
        wrong.append("bake_time")
    if wrong:
        return f"{', '.join(wrong)} cannot be given with the strategy {how.lower()}."
    step = params["step_percent"]
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
    if how == "LINEAR" and step is not None and step < LEAST_LINEAR:
        return f"step_percent must be {LEAST_LINEAR} to 100 with the strategy linear, not {step}."
    return ""


def _set_strategy(made: dict[str, Any], params: Mapping[str, Any]) -> None:
    if params["strategy"] is not None:
        made["strategy"] = params["strategy"].upper()
    how = strategy(made)
    if how == ROLLING:
        return
    made["bakeTimeInMinutes"] = made.get("bakeTimeInMinutes", 0) if params["bake_time"] is None else params["bake_time"]
    for other, (part, percent, minutes) in _STEPS.items():
        if other != how:
            made.pop(part, None)
            continue
        given = {percent: params["step_percent"], minutes: params["step_bake_time"]}
        steps = {**made.get(part, {}), **{name: value for name, value in given.items() if value is not None}}
        if steps:
            made[part] = steps


def _breaker(current: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    made = {**current, "enable": given["enable"]}
    if given["threshold"] is not None:
        made["thresholdConfiguration"] = {"type": given["threshold_type"].upper(), "value": given["threshold"]}
    return made


def differs(current: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether ECS has to be told of it."""
    return _comparable({**_DEFAULTS, **current}) != _comparable(made)


def request(made: Mapping[str, Any]) -> dict[str, Any]:
    """What UpdateService is given: all of it, since nothing says that what is left out stays."""
    rolling = strategy(made) == ROLLING
    return {name: value for name, value in made.items() if not (rolling and name in _OF_OTHERS)}


def lines(current: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, str]:
    """What differs, before and after, a line for each setting."""
    old, new = _comparable({**_DEFAULTS, **current}), _comparable(made)
    names = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    before, after = ("".join(f"{name}: {shown.get(name)}\n" for name in names) for shown in (old, new))
    return before, after


def watched(made: Mapping[str, Any]) -> list[str]:
    """Names of the alarms that end a deployment."""
    return list(made["alarms"]["alarmNames"]) if made["alarms"].get("enable") else []


def _comparable(made: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"strategy": ROLLING, **made}
    if shown["strategy"] == ROLLING:
        shown = {name: value for name, value in shown.items() if name not in _OF_OTHERS}
    shown["alarms"] = {**made["alarms"], "alarmNames": sorted(made["alarms"].get("alarmNames", []))}
    return shown
