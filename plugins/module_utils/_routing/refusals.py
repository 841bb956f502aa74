# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is refused before anything is changed, each in words for the user. No AWS."""

from __future__ import annotations

from typing import Iterable
from typing import Mapping
from typing import Sequence

from . import conditions as c
from .types import MARKED
from .types import MOST_VALUES
from .types import Group
from .types import Health
from .types import Listener
from .types import Rule
from .types import Service
from .types import Wanted

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
MOST_WEIGHT = 999
INSTEAD = (
    "What does it instead is a blue/green deployment with Service Connect, which sends the requests that have the "
    "header of its test traffic rules, x-amzn-ecs-blue-green-test if there are none, to the new version while the "
    "deployment goes on; or an internal load balancer between the two services."
)
_BETWEEN = (
    "Requests between services never pass a load balancer, so that no rule of one can tell them apart. App Mesh did, "
    f"which AWS has ended on 2026-09-30; where it still answers, app_mesh_route does. {INSTEAD}"
)


def of_options(weights: Mapping[str, int] | None, conditions: Sequence[Mapping[str, object]], present: bool) -> str:
    """What is wrong with what is asked for; empty if nothing is."""
    if not present:
        return ""
    if weights is None and not conditions:
        return "Say which requests go to the new version: conditions, weights, or both."
    for name, weight in (weights or {}).items():
        if not 0 <= weight <= MOST_WEIGHT:
            return f"weights.{name} must be 0 to {MOST_WEIGHT}, not {weight}."
    if weights is not None and not sum(weights.values()):
        return "weights are 0 for both: the load balancer would answer every request with 503."
    return ""


def of_service(service: Service | None, cluster: str, name: str) -> str:
    """Why no requests can be led to or from this service."""
    if service is None:
        return f"There is no service {name} in the cluster {cluster}."
    if service.status != "ACTIVE":
        return f"The service {name} is {service.status}: it has been deleted."
    return of_groups(service)


def of_groups(service: Service) -> str:
    """Why it is not clear which target group is that of a service."""
    if not service.groups:
        how = " It has Service Connect." if service.connected else ""
        return f"{service.name} has no target group: no load balancer sends it requests.{how} {_BETWEEN}"
    if len(service.groups) > 1:
        return (
            f"{service.name} has {len(service.groups)} target groups. Give the one that is meant: "
            f"{', '.join(service.groups)}."
        )
    return ""


def lost(cluster: str, name: str) -> str:
    """That it is not known where the rules of a service are."""
    return (
        f"There is no service {name} in the cluster {cluster} any more, which would say on which listeners its rules "
        "are. Give listener_arns."
    )


def of_listener(listener: Listener) -> str:
    """Why a listener can have no rules."""
    if listener.protocol in ("HTTP", "HTTPS"):
        return ""
    return f"{listener.arn} listens to {listener.protocol}: only Application Load Balancers have rules."


def of_new_group(new: Group, current: Group, balancer: str) -> str:
    """Why requests cannot be led to this target group."""
    if new.vpc != current.vpc:
        return f"The target group {new.name} is in {new.vpc}, and the load balancer in {current.vpc}."
    others = [arn for arn in new.balancers if arn != balancer]
    if others:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
        return f"The target group {new.name} is used by {', '.join(others)}, and only one load balancer can use it."
    return ""


def of_health(new: Group, health: Health) -> str:
    """Why nobody would answer the requests, or nobody who is known to be well."""
    if health.healthy:
        return ""
    if not new.balancers:
        return (
            f"The target group {new.name} is in no load balancer, which checks no target in it then"
            f"{_registered(health)}. ECS makes no service with such a group. With force the rule is made, which takes "
            "the group into the load balancer."
        )
    if not health.registered:
        return f"The target group {new.name} is empty: its requests would get 503. Force it if tasks are to come."
    return (
        f"No target of {new.name} is healthy{_registered(health)}: {'; '.join(health.others)}. Force it if that is "
        "what you want to look at."
    )


def of_origins(found: Sequence[Rule], current: Group, listeners: Sequence[Listener]) -> str:
    """Why it is not known how requests come to a version."""
    if found:
        return ""
    looked = ", ".join(item.arn for item in listeners) or "no listener"
    return f"No rule sends requests to {current.name}. Looked at: {looked}."


def of_want(want: Wanted, new: str, before: Iterable[Rule]) -> str:
    """Why a rule would not do what it is for. ``before``: rules of others that take all its requests."""
    where = _where(want.origin)
    if not want.origin.plain:
        return f"{where} does more than to forward requests. A rule in front of it would leave that out, as a log-in."
    if list(want.origin.live) == [new]:
        return f"{where} sends all requests to {new} already."
    count = c.values(want.conditions)
    if count > MOST_VALUES:
        return f"The rule in front of {where} would have {count} values in its conditions, and may have {MOST_VALUES}."
    taking = [f"{rule.arn} (priority {rule.priority}, {c.told(rule.conditions)})" for rule in before]
    if taking:
        return f"In front of {where} somebody else's rule takes all those requests: {', '.join(taking)}."
    return ""


def of_share(origin: Rule, service: Service | None, ongoing: str) -> str:
    """Why a share of the requests cannot be said. ``ongoing``: the deployment of the service that is under way."""
    where = _where(origin)
    if service is not None and origin.arn in service.rules and ongoing:
        return (
            f"ECS sets the weights of {where} itself while it deploys {service.name}, and {ongoing} is under way. Wait "
            "for its end: a rule in front would take all requests from it, and it would deploy to nobody."
        )
    if len(origin.live) > 1:
        return f"{where} shares its requests between {', '.join(origin.live)} already."
    return ""


def of_owner(what: str, owner: str, ours: bool, needed: bool) -> str:
    """Why something is not touched, or not used. ``owner``: the stack that owns it, empty if none does."""
    if owner and not ours:
        return f"{what} is owned by the stack {owner}, which is not of this workshop. Nothing was touched."
    if needed and not owner:
        return f"{what} is owned by no stack, so nothing says that it is of this workshop. Nothing was touched."
    return ""


def told_of_ecs(want: Wanted, service: Service | None) -> str:
    """What a later deployment of the service does with such a rule; empty if nothing."""
    if service is None or want.origin.arn not in service.rules or want.kind == MARKED:
        return ""
    return (
        f"The next deployment of {service.name} sets weights that nobody meets while this rule is in front of them: "
        "take the route away before."
    )


def _where(origin: Rule) -> str:
    return f"the default action of {origin.listener}" if origin.is_default else f"the rule {origin.arn}"


def _registered(health: Health) -> str:
    return f" ({health.registered} registered)"
