# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which share of the requests a service's revisions get, by the weights of its load balancer's production rule.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto.elbv2.models import elbv2_backends

if TYPE_CHECKING:
    from .history import Revision
    from .service import Service

_MINUTE = 60.0


def steps(configuration: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Percentages of the traffic for the new revision, each with the AWS seconds until the next.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
    """
    strategy = configuration.get("strategy")
    if strategy == "CANARY":
        canary = configuration.get("canaryConfiguration") or {}
        bake = canary.get("canaryBakeTimeInMinutes", 10) * _MINUTE
        return [(float(canary.get("canaryPercent", 5.0)), bake), (100.0, 0.0)]
    if strategy == "LINEAR":
        linear = configuration.get("linearConfiguration") or {}
        step, bake = float(linear.get("stepPercent", 10.0)), linear.get("stepBakeTimeInMinutes", 6) * _MINUTE
        shares = [step * number for number in range(1, int(100 / step) + 1)]
        return [*((share, bake) for share in shares if share < 100), (100.0, 0.0)]
    return [(100.0, 0.0)]


def group_of(load_balancer: Mapping[str, Any], alternate: bool) -> str | None:
    """ARN of the target group of a revision."""
    advanced = load_balancer.get("advancedConfiguration") or {}
    other = advanced.get("alternateTargetGroupArn")
    return other if alternate and other else load_balancer.get("targetGroupArn")


def send(service: Service, revision: Revision, percent: float, test: bool = False) -> None:
    """Send this share to the revision, and what is left to the others; ``test``: of a test listener, if it has one."""
    listeners = "testListenerRule" if test else "productionListenerRule"
    if test and not any((item.get("advancedConfiguration") or {}).get(listeners) for item in service.load_balancers):
        return
    weight = "test_weight" if test else "weight"
    for other in service.rounds:
        setattr(other, weight, 100.0 - percent)
    setattr(revision, weight, percent)
    backend = elbv2_backends[service.backend.account_id][service.region_name]
    for load_balancer in service.load_balancers:
        advanced = load_balancer.get("advancedConfiguration") or {}
        rule, other = advanced.get(listeners), group_of(load_balancer, not revision.alternate)
        if not rule or not backend.describe_rules(None, [rule]):
            continue
        groups = [(group_of(load_balancer, revision.alternate), percent), (other, 100.0 - percent)]
        weights = [{"TargetGroupArn": arn, "Weight": int(weight)} for arn, weight in groups]
        backend.modify_rule(rule, [], [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}])
