# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a load balancer sends a request: to which target group, and there to which task.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends

from ..services.ecs.task import Task


class Balancing:
    """Whose turn it is: everything goes by count, nothing by chance."""

    def __init__(self) -> None:
        self._owed: dict[tuple[Any, ...], dict[str, int]] = {}
        self._turns: Counter[str] = Counter()

    def clear(self) -> None:
        self._owed.clear()
        self._turns.clear()

    def group_of(self, rule: Any, action: Any) -> str:
        """ARN of the target group whose turn it is, by its weight.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
        """
        weights = _weights(action)
        if len(weights) == 1:
            return next(iter(weights))
        total = sum(weights.values())
        owed = self._owed.setdefault((rule.arn, *weights.items()), dict.fromkeys(weights, 0))
        for arn, weight in weights.items():
            owed[arn] += weight
        chosen = max(weights, key=lambda arn: owed[arn])
        owed[chosen] -= total
        return chosen

    def target_of(self, account_id: str, region: str, group_arn: str) -> str | None:
        """Address of the healthy target whose turn it is. Where none is healthy, any; None where none is registered.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        """
        health = elbv2_backends[account_id][region].describe_target_health(group_arn, [])
        healthy = [item.instance_id for item in health if item.status == "healthy"]
        chosen = self.turn(group_arn, healthy or [item.instance_id for item in health])
        return None if chosen is None else str(chosen)

    def turn(self, of: str, items: list[Any]) -> Any:
        """The next of these items; None if there are none."""
        if not items:
            return None
        self._turns[of] += 1
        return items[(self._turns[of] - 1) % len(items)]


def task_at(account_id: str, region: str, address: str) -> Task | None:
    """The task that has this address."""
    return next((task for task in tasks(account_id, region) if address == _address(task)), None)


def tasks(account_id: str, region: str) -> Iterator[Task]:
    """The tasks whose containers run."""
    for by_arn in ecs_backends[account_id][region].tasks.values():
        for task in by_arn.values():
            if isinstance(task, Task) and runs(task):
                yield task


def runs(task: Task) -> bool:
    return task.last_status in ("RUNNING", "DEACTIVATING", "STOPPING")


def _address(task: Task) -> str | None:
    return None if task.interface is None else str(task.interface.private_ip_address)


def _weights(action: Any) -> dict[str, int]:
    groups = (action.data.get("ForwardConfig") or {}).get("TargetGroups")
    if groups:
        return {item["TargetGroupArn"]: int(item.get("Weight", 1)) for item in groups}
    return {action.data["TargetGroupArn"]: 1}
