# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is refused before anything is asked for, each in words for the user. No AWS."""

from __future__ import annotations

import math
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from . import configuration as c
from . import types as t
from .types import Brief
from .types import ServiceView


def of_service(service: ServiceView | None, cluster: str, name: str) -> str:
    """Why this service cannot be deployed; empty if it can."""
    if service is None:
        return f"There is no service {name} in the cluster {cluster}."
    if service.status != "ACTIVE":
        return f"The service {name} is {service.status}: it has been deleted."
    if service.controller == "CODE_DEPLOY":
        return f"CodeDeploy deploys the service {name}. Start the deployment there: UpdateService takes none for it."
    if service.controller != "ECS":
        return f"The service {name} has an {service.controller} deployment controller, which alone deploys it."
    return ""


def of_configuration(service: ServiceView, made: Mapping[str, Any], has_completed: bool) -> str:
    """Why a deployment with this configuration could not come to an end."""
    breaker = made["deploymentCircuitBreaker"]
    rolling = c.strategy(made) == c.ROLLING
    if breaker.get("enable") and not rolling:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
        return f"The circuit breaker works with rolling deployments only, and {service.name} has {made['strategy']}."
    if breaker.get("enable") and breaker.get("rollback") and not has_completed:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
        return (
            f"No deployment of {service.name} has been completed yet, so that the circuit breaker has nothing to go "
            "back to: with a failure it would stall. Switch it off for this one, or take failure out of rollback_on."
        )
    minimum, maximum = made["minimumHealthyPercent"], made["maximumPercent"]
    desired = service.desired_count
    if rolling and desired:
        more = math.floor(desired * maximum / 100) - desired
        fewer = desired - math.ceil(desired * minimum / 100)
        if more <= 0 and fewer <= 0:
            return (
                f"With minimum_healthy_percent {minimum}, maximum_percent {maximum} and {desired} desired tasks ECS "
                "can neither stop one nor start one: the deployment would never end."
            )
    return ""


def of_probes(service: ServiceView) -> str:
    """Why probes could not switch back."""
    return (
        f"No deployment of {service.name} has been completed yet, so that there is nothing to go back to when a probe "
        "fails. Release it once without probes, or take probe out of rollback_on."
    )


def of_strategy(service: ServiceView, strategy: str) -> str:
    """Why the service cannot be deployed with this strategy.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment-implementation.html
    """
    if strategy == c.ROLLING:
        return ""
    how = strategy.lower()
    if service.single:
        return (
            f"{service.name} cannot be deployed with the strategy {how}: {', '.join(map(_group, service.single))} has "
            "no alternate target group. Give its load balancer an advancedConfiguration first, with an alternate "
            "target group, a production listener rule and a role."
        )
    if not service.groups and not service.connected:
        if service.registered:
            return (
                f"{service.name} cannot be deployed with the strategy {how}: its tasks are found through Cloud Map, "
                "and AWS documents this strategy with a load balancer, Service Connect or VPC Lattice only."
            )
        if strategy != "BLUE_GREEN":
            return (
                f"{service.name} cannot be deployed with the strategy {how}: it has neither a load balancer nor "
                "Service Connect, so that there is no traffic to shift."
            )
    return ""


def of_alarms(names: Sequence[str], states: Mapping[str, str]) -> str:
    """Why these alarms cannot watch over a deployment. ``states``: of those that there are."""
    missing = sorted(set(names) - states.keys())
    if missing:
        return f"There is no alarm {', '.join(missing)}."
    alarming = sorted(name for name in names if states[name] == "ALARM")
    if alarming:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
        return (
            f"{', '.join(alarming)}: in ALARM already. ECS ignores such an alarm for the whole deployment. Wait until "
            "it is OK, or leave it out."
        )
    return ""


def of_another(ongoing: Brief, runs: str) -> str:
    """That another deployment is under way. ``runs``: the task definition that it leads to, empty if not known."""
    return (
        f"Another deployment is under way{f', to {short(runs)}' if runs else ''}: {ongoing.arn} is {ongoing.status}. "
        "Wait for its end, or stop it with state rolled_back."
    )


def of_later(name: str, arn: str) -> str:
    """That there is more to lose than the deployment that was named."""
    return (
        f"Another deployment of {name} has begun since {arn}: nothing was brought back, as that would undo the other "
        "one. Use state rolled_back without deployment if that is meant."
    )


def of_definition(name: str, status: str) -> str:
    """Why a task definition cannot be deployed."""
    if status == "ACTIVE":
        return ""
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    return f"The task definition {name} is {status}: ECS takes it for no deployment. Register it anew."


def newest_ongoing(history: Iterable[Brief]) -> Brief | None:
    """The deployment that is under way; of one that was superseded the newer counts."""
    newest = next(iter(history), None)
    return newest if newest is not None and newest.status in t.ONGOING else None


def _group(arn: str) -> str:
    return arn.split("/")[-2]


def short(arn: str) -> str:
    """The last part of an ARN, which of a task definition is family and revision."""
    return arn.rsplit("/", 1)[-1]
