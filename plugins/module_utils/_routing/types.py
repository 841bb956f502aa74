# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that the routing of a service and its surroundings exchange."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping

TAG = "workshop.lifecycle:route"  # with this a rule is one of ours, and no other is ever changed
MARKED = "marked"  # kinds of rules: of requests that meet conditions, and of a share of all requests
SHARED = "shared"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
LAST = 50000  # the highest priority of a rule; the default action comes after it
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_VALUES = 5

Condition = Mapping[str, Any]  # in ELBv2's form, made comparable by conditions.canonical


@dataclass(frozen=True)
class Rule:
    """A rule of a listener. ``priority``: of the default action one after :data:`LAST`. ``groups``: weights by the ARNs
    of target groups that it forwards to. ``plain``: whether it forwards, and does nothing beside that. ``mark``: the
    value of our tag, empty if it is not ours."""

    arn: str
    listener: str
    priority: int
    conditions: tuple[Condition, ...] = ()
    groups: Mapping[str, int] = field(default_factory=dict)
    plain: bool = True
    mark: str = ""

    @property
    def is_default(self) -> bool:
        return self.priority > LAST

    @property
    def live(self) -> tuple[str, ...]:
        """The target groups that get requests."""
        return tuple(arn for arn, weight in self.groups.items() if weight)


@dataclass(frozen=True)
class Wanted:
    """A rule that there is to be, in front of ``origin``."""

    origin: Rule
    kind: str
    conditions: tuple[Condition, ...]
    groups: Mapping[str, int]


@dataclass(frozen=True)
class Listener:
    """``balancer``: ARN of its load balancer."""

    arn: str
    port: int
    protocol: str
    balancer: str


@dataclass(frozen=True)
class Group:
    """A target group. ``balancers``: ARNs of load balancers that use it."""

    arn: str
    name: str
    vpc: str
    protocol: str
    balancers: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """The targets of a target group: how many there are, how many get requests for being healthy, and what is said of
    the others, as ``state: reason``."""

    registered: int
    healthy: int
    others: tuple[str, ...] = ()

    def as_result(self) -> dict[str, Any]:
        return {"registered": self.registered, "healthy": self.healthy, "others": list(self.others)}


@dataclass(frozen=True)
class Service:
    """What DescribeServices says of a service. ``groups``: ARNs of its target groups. ``alternates``: of the groups
    between which ECS shifts its requests in a deployment, by the first one. ``rules``: ARNs of the rules whose weights
    ECS sets for that."""

    name: str
    status: str
    groups: tuple[str, ...]
    alternates: Mapping[str, str]
    rules: tuple[str, ...]
    connected: bool
