# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Cloud Map instances that tasks left behind: they keep their Cloud Map service, and so its namespace, from being
deleted."""

from __future__ import annotations

import re
from typing import Callable

from .._aws.errors import AwsCallError
from .._aws.errors import MISSING
from .reader import RegistryReader
from .reader import TaskReader
from .types import ENDED

# ECS registers a task under its task id:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
_TASK_ID = re.compile(r"^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
MAX_ASKS = 3


class Registrations:
    """Sweeps Cloud Map services whose ECS service has no task left. ``patience``: seconds before an instance is asked
    for again."""

    def __init__(
        self, registry: RegistryReader, tasks: TaskReader, clock: Callable[[], float], patience: float
    ) -> None:
        self._registry = registry
        self._tasks = tasks
        self._clock = clock
        self._patience = patience
        self._asks: dict[tuple[str, str], list[float]] = {}
        self._operations: dict[tuple[str, str], str] = {}
        self._clean: set[str] = set()
        self.problems: dict[str, str] = {}

    def deregistered(self) -> list[dict[str, str]]:
        """What was asked for, sorted."""
        return [{"service_id": service, "instance_id": instance} for service, instance in sorted(self._asks)]

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
        candidates = [item for item, cluster in instances if _TASK_ID.match(item) and self._may_be_ours(cluster)]
        if not candidates:
            return []
        try:
            views, missing = self._tasks.tasks(candidates)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return candidates  # no cluster, no task
        ended = {view.arn.rsplit("/", 1)[-1] for view in views if view.last_status in ENDED}
        ended.update(arn.rsplit("/", 1)[-1] for arn in missing)
        return [item for item in candidates if item in ended]

    def _may_be_ours(self, cluster: str) -> bool:
        # A task of another cluster is unknown in ours, which does not mean that it ended.
        return cluster in ("", self._tasks.cluster.rsplit("/", 1)[-1])

    def sweep(self, service_id: str) -> bool:
        """Ask for the orphans of a Cloud Map service. True when something was asked for."""
        orphans = self.orphans(service_id)
        if not orphans:
            self._clean.add(service_id)
        asked = [instance for instance in orphans if self._deregister(service_id, instance)]
        return bool(asked)

    def _deregister(self, service_id: str, instance_id: str) -> bool:
        key = (service_id, instance_id)
        now = self._clock()
        asks = self._asks.setdefault(key, [])
        if asks and now - asks[-1] < self._patience:
            return False
        if len(asks) >= MAX_ASKS:
            cause = self._registry.operation_problem(self._operations[key]) if key in self._operations else ""
            self.problems[service_id] = f"Instance {instance_id} stays registered in {service_id}. {cause}".strip()
            return False
        try:
            self._operations[key] = self._registry.deregister(service_id, instance_id)
        except AwsCallError as error:
            # DuplicateRequest: it is being deregistered already.
            # https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html
            if error.kind != MISSING and error.code not in ("DuplicateRequest", "ResourceInUse"):
                raise
        asks.append(now)
        return True
