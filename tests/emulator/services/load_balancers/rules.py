# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of listeners: what Elastic Load Balancing refuses, and moto does not.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeListenerRule

_MOST_RULES = 100
_MOST_VALUES = 5
_MOST_GROUPS = 5


class Rules(ELBv2Backend):
    """A backend whose rules keep to ELB's limits."""

    def create_rule(
        self,
        listener_arn: str,
        conditions: list[dict[str, Any]],
        priority: int,
        actions: list[dict[str, Any]],
        tags: list[dict[str, str]] | None = None,
    ) -> FakeListenerRule:
        if not 1 <= int(priority) <= 50000:
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
            raise ELBClientError("ValidationError", f"Priority '{priority}' must be between 1 and 50000")
        balancer = self.load_balancers[self.describe_listeners(None, [listener_arn])[0].load_balancer_arn]
        if sum(len(listener.rules) - 1 for listener in balancer.listeners.values()) >= _MOST_RULES:
            raise ELBClientError(
                "TooManyRules", f"The maximum number of rules has been reached for the load balancer '{balancer.arn}'"
            )
        self._check(conditions, actions, balancer.arn)
        rule = super().create_rule(listener_arn, conditions, int(priority), actions, tags)
        self._associate()
        return rule

    def modify_rule(self, rule_arn: str, conditions: list[dict[str, Any]], actions: list[dict[str, Any]]) -> Any:
        rule = self.describe_rules(None, [rule_arn])[0]
        self._check(conditions, actions, self.describe_listeners(None, [rule.listener_arn])[0].load_balancer_arn)
        modified = super().modify_rule(rule_arn, conditions, actions)
        self._associate()
        return modified

    def delete_rule(self, arn: str) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html"""
        if self.describe_rules(None, [arn])[0].is_default:
            raise ELBClientError("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
        super().delete_rule(arn)
        self._associate()

    def modify_listener(self, *args: Any, **kwargs: Any) -> Any:
        listener = super().modify_listener(*args, **kwargs)
        self._associate()
        return listener

    def _check(
        self, conditions: Iterable[Mapping[str, Any]], actions: Iterable[Mapping[str, Any]], balancer: str
    ) -> None:
        if sum(map(_values, conditions)) > _MOST_VALUES:
            # https://github.com/aws/aws-cdk/issues/10065
            raise ELBClientError("ValidationError", f"A rule can only have '{_MOST_VALUES}' condition values")
        for action in actions:
            groups = (action.get("ForwardConfig") or {}).get("TargetGroups", [])
            if len(groups) > _MOST_GROUPS:
                raise ELBClientError("TooManyTargetGroups", f"An action can have at most {_MOST_GROUPS} target groups")
            for group in groups:
                if not 0 <= int(group.get("Weight", 1)) <= 999:
                    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
                    raise ELBClientError("ValidationError", f"Weight '{group['Weight']}' must be between 0 and 999")
            for arn in self._get_target_group_arns_from(dict(action)):
                known = self.target_groups.get(arn)
                if known is not None and set(known.load_balancer_arns) - {balancer}:
                    # https://github.com/hashicorp/terraform-provider-aws/issues/22005
                    raise ELBClientError(
                        "TargetGroupAssociationLimit",
                        f"The following target groups cannot be associated with more than one load balancer: {arn}",
                    )

    def _associate(self) -> None:
        """Have each target group name the load balancers whose rules use it, and no others.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
        """
        using: dict[str, list[str]] = {arn: [] for arn in self.target_groups}
        for balancer in self.load_balancers.values():
            rules = [rule for listener in balancer.listeners.values() for rule in listener.rules.values()]
            for action in [action for rule in rules for action in rule.actions]:
                for arn in self._get_target_group_arns_from(action.data):
                    if balancer.arn not in using.setdefault(arn, []):
                        using[arn].append(balancer.arn)
        for arn, group in self.target_groups.items():
            group.load_balancer_arns = using[arn]


def _values(condition: Mapping[str, Any]) -> int:
    configs = [value for value in condition.values() if isinstance(value, Mapping)]
    return sum(len(config.get("Values") or []) for config in configs) or len(condition.get("Values") or [])
