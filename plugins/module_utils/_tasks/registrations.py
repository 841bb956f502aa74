# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Cloud Map instances that tasks left behind: they keep their Cloud Map service, and so its namespace, from being
deleted."""

from __future__ import annotations

from typing import Callable

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._resources.cloudmap import CloudMap
from .._resources.cloudmap import task_instances
from .._resources.leftover import FAILED
from .reader import TaskReader

MAX_ASKS = 3
GIVE_UP = 30.0  # seconds since the first of them, at least: Cloud Map takes its time, however often anyone looks


class Registrations:
    """Sweeps Cloud Map services whose ECS service has no task left. ``patience``: seconds before an instance is asked
    for again."""

    def __init__(self, registry: CloudMap, tasks: TaskReader, clock: Callable[[], float], patience: float) -> None:
        self._registry = registry
        self._tasks = tasks
        self._clock = clock
        self._patience = patience
        self._asks: dict[tuple[str, str], list[float]] = {}
        self._operations: dict[tuple[str, str], str] = {}
        self._refusals: dict[tuple[str, str], str] = {}
        self._clean: set[str] = set()
        self._lost: dict[str, list[float]] = {}
        self.problems: dict[str, str] = {}

    def deregistered(self) -> list[dict[str, str]]:
        """What was asked for, sorted."""
        asked = sorted(key for key, asks in self._asks.items() if asks)
        return [{"service_id": service, "instance_id": instance} for service, instance in asked]

    def to_sweep(self, service_ids: list[str]) -> list[str]:
        """Those of the Cloud Map services that are not known to be free of left instances."""
        return [item for item in service_ids if item not in self._clean and item not in self.problems]

    def forget(self, service_ids: list[str]) -> None:
        """Their ECS services have tasks: look again when those ended."""
        self._clean.difference_update(service_ids)

    def orphans(self, service_id: str) -> list[str]:
        """Instances of a Cloud Map service that are tasks which ended. Others are none of our business."""
        try:
            instances = self._registry.instances(service_id)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return []  # deleted meanwhile, and with it its instances
        # The service of a running workshop names it, so that its namespace is believed to be ours.
        candidates = task_instances(instances, self._tasks.cluster_arn, trusted=True)
        ended = self._tasks.ended(candidates)
        return [item for item in candidates if item in ended]

    def sweep(self, service_id: str) -> bool:
        """Ask for the orphans of a Cloud Map service. True when something was asked for."""
        orphans = self.orphans(service_id)
        if not orphans:
            self._clean.add(service_id)
        asked = [instance for instance in orphans if self._deregister(service_id, instance)]
        self._lost.pop(service_id, None)
        return bool(asked)

    def not_swept(self, service_id: str, error: AwsCallError) -> None:
        """It could not be looked at, or not asked for. What does not pass, or not within a while, is a problem."""
        now = self._clock()
        lost = self._lost.setdefault(service_id, [])
        lost.append(now)
        if not survivable(error) or (len(lost) >= MAX_ASKS and now - lost[0] >= GIVE_UP):
            self.problems[service_id] = error.advice()

    def _deregister(self, service_id: str, instance_id: str) -> bool:
        key = (service_id, instance_id)
        now = self._clock()
        asks = self._asks.setdefault(key, [])
        if asks and now - asks[-1] < self._patience:
            return False
        if len(asks) >= MAX_ASKS:
            if now - asks[0] < GIVE_UP:
                return False
            cause = self._cause(key)
            self.problems[service_id] = f"Instance {instance_id} stays registered in {service_id}. {cause}".strip()
            return False
        try:
            self._operations[key] = self._registry.deregister(service_id, instance_id)
        except AwsCallError as error:
            # Gone meanwhile, or refused for now: the next look at the list tells.
            if error.kind != MISSING and error.code != "ResourceInUse":
                raise
            self._refusals[key] = error.advice()
        asks.append(now)
        return True

    def _cause(self, key: tuple[str, str]) -> str:
        """Why an instance is still there, if that is known."""
        if not self._operations.get(key):
            return self._refusals.get(key, "")
        outcome = self._registry.operation(self._operations[key])
        return outcome.reason if outcome and outcome.action == FAILED else ""
