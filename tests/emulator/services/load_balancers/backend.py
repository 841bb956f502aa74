# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers with interfaces in their subnets, which outlive them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.elbv2 import urls as elbv2_urls
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import FakeHealthStatus, FakeListener, FakeLoadBalancer
from moto.utilities.tagging_service import TaggingService

from ...world import world
from ..network.interfaces import attach_managed, release
from .rules import Rules

#: State, reason code and words of what is not healthy.
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
_HEALTH = {
    "initial": ("initial", "Elb.InitialHealthChecking", "Initial health checks in progress"),
    "unhealthy": ("unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]"),
    "refused": ("unhealthy", "Target.FailedHealthChecks", "Health checks failed"),
    "unused": ("unused", "Target.NotInUse", "Target group is not configured to receive traffic"),
}


class LoadBalancingBackend(Rules):
    """Application and network load balancers of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._interfaces: dict[str, list[Any]] = {}
        self._failing: dict[tuple[str, str], tuple[str, str, str]] = {}

    @property
    def _url_module(self) -> Any:
        return elbv2_urls

    def create_load_balancer(self, *args: Any, **kwargs: Any) -> FakeLoadBalancer:
        balancer = super().create_load_balancer(*args, **kwargs)
        balancer.state = "active"
        balancer.scheme = balancer.scheme or "internet-facing"
        self._interfaces[balancer.arn] = [
            attach_managed(
                account_id=self.account_id,
                region=self.region_name,
                subnet_id=subnet.id,
                group_ids=list(balancer.security_groups or []),
                description="ELB " + balancer.arn.partition(":loadbalancer/")[2],
                requester="amazon-elb",
                public=balancer.scheme == "internet-facing",
            )
            for subnet in balancer.subnets
        ]
        world.note("load_balancer", balancer.name, "active")
        return balancer

    def delete_load_balancer(self, arn: str) -> None:
        """The load balancer is gone at once, with its listeners; its interfaces linger. Gone already: no error.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
        """
        balancer = self.load_balancers.get(arn)
        if balancer is None:
            return
        if str(balancer.attrs.get("deletion_protection.enabled")).lower() == "true":
            raise ELBClientError(
                "OperationNotPermitted",
                f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            )
        super().delete_load_balancer(arn)
        for group in self.target_groups.values():
            if arn in group.load_balancer_arns:
                group.load_balancer_arns.remove(arn)
        world.note("load_balancer", balancer.name, "deleted")
        # CloudFormation's names end in random characters.
        name = balancer.name.rpartition("-")[0]
        for interface in self._interfaces.pop(arn, []):
            world.clock.call_later(world.durations.draw("ec2.interface.alb", name), release, interface)

    def delete_listener(self, listener_arn: str) -> FakeListener:
        listener = super().delete_listener(listener_arn)
        world.note("listener", listener_arn.rpartition(":listener/")[2], "deleted")
        return listener

    def set_health(self, group_arn: str, target_id: str, state: str) -> None:
        """What the health checks of a target come to: initial, unhealthy by its answers, refused, or healthy."""
        if state == "healthy":
            self._failing.pop((group_arn, target_id), None)
        else:
            self._failing[group_arn, target_id] = _HEALTH[state]

    def describe_target_health(self, target_group_arn: str, targets: list[dict[str, Any]]) -> list[FakeHealthStatus]:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
        shown = super().describe_target_health(target_group_arn, targets)
        for health in shown:
            if not self.target_groups[target_group_arn].load_balancer_arns:
                health.status, health.reason, health.description = _HEALTH["unused"]
            failing = self._failing.get((target_group_arn, health.instance_id))
            if failing is not None and health.status == "healthy":
                health.status, health.reason, health.description = failing
        return shown

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        yield from super().iter_tagged_resources()
        for balancer in self.load_balancers.values():
            for arn in balancer.listeners:
                tags = self.tagging_service.get_tag_dict_for_resource(arn)
                yield TaggedResource(arn, tags, "elasticloadbalancing:listener")

    def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
        self.tagging_service.tag_resource(arn, TaggingService.convert_dict_to_tags_input(tags))

    def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
        self.tagging_service.untag_resource_using_names(arn, tag_keys)
