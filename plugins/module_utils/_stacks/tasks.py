# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The ECS tasks of what the stacks of a run own: those that are stopped, and what else keeps a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.errors import CREDENTIALS
from .._aws.errors import AwsCallError
from .._resources.registry import how_to_remove
from .._resources.resource import Resource
from .._tasks.driver import TaskDriver
from .._tasks.reader import TaskReader
from .._tasks.types import ServiceView
from .._watch.loop import STEADY
from .._watch.progress import Progress
from .held import Held
from .inventory import Inventory
from .state import DONE
from .state import StackState
from .types import DELETE_COMPLETE
from .types import RECREATED
from .types import StackResource
from .types import TASKS_STOPPED
from .types import WENT

CLUSTER = "AWS::ECS::Cluster"
SERVICE = "AWS::ECS::Service"


@dataclass
class _Cluster:
    """``services``: those to bring to 0. ``whole``: a stack of the run owns it. ``strays``: so that tasks which no live
    service runs are stopped as well."""

    services: list[str] = field(default_factory=list)
    whole: bool = False
    strays: bool = False


class StackTasks:
    """``clients``: makes a boto3 client from the name of its service. ``stop``: whether tasks are stopped where a stack
    does not say. ``driver``: makes what brings services of a cluster to 0, from the name of the cluster and arguments
    of :meth:`TaskDriver.of`. ``tried``: calls something, again for errors that may pass."""

    def __init__(
        self,
        clients: Callable[[str], Any],
        inventory: Inventory,
        stop: bool,
        driver: Callable[..., TaskDriver],
        tried: Callable[[Callable[[], list[StackResource]]], list[StackResource]],
        progress: Progress,
    ) -> None:
        self._clients = clients
        self._inventory = inventory
        self._stop = stop
        self._make = driver
        self._tried = tried
        self._progress = progress
        self._told: set[tuple[str, str]] = set()
        self._taken: list[tuple[StackState, str, str]] = []
        self._by_cluster: dict[str, TaskDriver] = {}
        self._unread: dict[str, AwsCallError] = {}
        self.problems: list[str] = []

    @property
    def drivers(self) -> list[TaskDriver]:
        return list(self._by_cluster.values())

    def begin(self, states: Iterable[StackState]) -> None:
        """Once it is known which stacks are there: find out what of theirs runs where. Raises :class:`AwsCallError`
        for credentials that have ended."""
        clusters: dict[str, _Cluster] = {}
        homeless: list[tuple[StackState, str]] = []
        for state in states:
            # What is in no list is gone, and what it had may be somebody else's by now.
            if state.phase == DONE or state.confirm:
                continue
            stop = self._stops(state)
            if stop or TASKS_STOPPED in state.spec.only_when:
                for item in self._resources(state):
                    self._take(state, item, stop, clusters, homeless)
        self._find(homeless, clusters)
        self._by_cluster = {
            name: self._make(name, item.services, whole=item.whole, strays=item.strays)
            for name, item in clusters.items()
        }

    def tick(self) -> None:
        """Let go of what stacks had that are gone, and tell what is left alone, as soon as it is seen. A participant of
        the watch loop, with nothing to wait for."""
        self._release()
        for row in self.foreign():
            key = (row["cluster"], row["service"])
            if key not in self._told:
                self._told.add(key)
                text = f"{row['service']}: left alone, as a service in {row['cluster']} that no stack here owns"
                self._progress.tell("task", row["service"], "foreign", text)

    def finished(self) -> bool:
        return True

    def waiting_for(self) -> list[str]:
        return []

    def calm(self) -> tuple[float, float]:
        return 0.0, STEADY

    def why_closed(self, state: StackState) -> str:
        """What runs in the clusters that a stack owns and may still end. Raises :class:`Held` for what will not, and
        :class:`AwsCallError` for what can not be seen."""
        if state.spec.name in self._unread:
            raise self._unread[state.spec.name]
        going: list[str] = []
        blockers: list[dict[str, Any]] = []
        stuck: list[str] = []
        for item in self._inventory.of(state):
            driver = self._by_cluster.get(item.physical_id)
            if item.type == CLUSTER and driver is not None:
                if driver.problem is not None:
                    raise driver.problem
                phrases, rows = self._keeping(driver, state)
                blockers += rows
                going += phrases
                stuck += driver.machine.stuck()
        if going:
            return "; ".join(going)
        if blockers or stuck:
            raise Held(blockers, "; ".join(stuck))
        return ""

    def foreign(self) -> list[dict[str, Any]]:
        """The live services in clusters that stacks of the run own, which no stack of it owns: left alone."""
        found = [(driver, view) for driver in self.drivers for view in driver.machine.foreign()]
        owned = self._owned_at_all() if found else {}
        return [
            {
                "cluster": driver.cluster,
                "service": view.name,
                "status": view.status,
                "desired_count": view.desired_count,
                "tasks": driver.machine.tasks_of(view.name),
            }
            for driver, view in found
            if Resource(SERVICE, view.arn) not in owned
        ]

    def _keeping(self, driver: TaskDriver, state: StackState) -> tuple[list[str], list[dict[str, Any]]]:
        """Phrases on what may still end in a cluster, and rows of what will not."""
        machine = driver.machine
        if not machine.looked:
            return [f"nobody has looked yet what runs in {driver.cluster}"], []
        going, rows = [] if machine.stuck() else driver.waiting_for(), []
        foreign = machine.foreign()
        owned = self._inventory.owned(self._inventory.others(state)) if foreign else {}
        for view in foreign:
            owner = owned.get(Resource(SERVICE, view.arn))
            if view.status != "ACTIVE" or (owner is not None and owner.phase != DONE):
                going.append(f"{view.name}: the service is there")
            else:
                rows.append(self._row(driver, view, owner))
        strays = machine.strays()
        if strays:
            going.append(f"{len(strays)} {'task' if len(strays) == 1 else 'tasks'} without a service")
        return going, rows

    def _release(self) -> None:
        """Once a stack is gone, a service or cluster of that name is another's: of one made anew, for instance."""
        for taken in list(self._taken):
            state, cluster, service = taken
            if state.outcome in (*WENT, RECREATED):
                self._taken.remove(taken)
                self._by_cluster[cluster].machine.release(service)

    def _row(self, driver: TaskDriver, view: ServiceView, owner: StackState | None) -> dict[str, Any]:
        count = driver.machine.tasks_of(view.name)
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
        reason = f"A cluster with services is not deleted, and this one runs {count} tasks in {driver.cluster}."
        return {
            "type": SERVICE,
            "id": view.arn,
            "name": view.name,
            "owner": None if owner is None else owner.spec.name,
            "reason": reason,
            "how_to_remove": how_to_remove(Resource(SERVICE, view.arn), view.arn.split(":")[3]),
        }

    def _stops(self, state: StackState) -> bool:
        return self._stop if state.spec.stop_tasks is None else state.spec.stop_tasks

    def _resources(self, state: StackState) -> Sequence[StackResource]:
        """With those that it has deleted."""
        try:
            return self._tried(lambda: self._inventory.ever(state))
        except AwsCallError as error:
            if error.kind == CREDENTIALS:
                raise
            self._unread[state.spec.name] = error
            if self._stops(state):
                self.problems.append(f"Tasks of {state.spec.name} are not stopped. {error.advice()}")
            return []

    def _take(
        self,
        state: StackState,
        item: StackResource,
        stop: bool,
        clusters: dict[str, _Cluster],
        homeless: list[tuple[StackState, str]],
    ) -> None:
        """Note what a resource of a stack makes it necessary to look at, and what there is stopped."""
        if item.type == CLUSTER and item.status != DELETE_COMPLETE:
            cluster = clusters.setdefault(item.physical_id, _Cluster())
            cluster.whole = True
            cluster.strays = cluster.strays or stop
            self._taken.append((state, item.physical_id, ""))
        elif item.type == SERVICE and stop:
            place, name = _parts(item.physical_id)
            # A service that its stack has deleted may have tasks that still run, and leave instances in Cloud Map. One
            # that is there again is somebody else's.
            if item.status == DELETE_COMPLETE:
                if place and any(view.status != "ACTIVE" for view in self._services(place, name)):
                    self._take_service(state, place, name, clusters)
            elif place:
                self._take_service(state, place, name, clusters)
            else:
                homeless.append((state, item.physical_id))

    def _take_service(self, state: StackState, cluster: str, name: str, clusters: dict[str, _Cluster]) -> None:
        clusters.setdefault(cluster, _Cluster()).services.append(name)
        self._taken.append((state, cluster, name))

    def _services(self, cluster: str, name: str) -> list[ServiceView]:
        """The service of this name in a cluster; none if it may not be looked at."""
        try:
            return TaskReader(self._clients("ecs"), cluster).services([name])
        except AwsCallError as error:
            if error.kind == CREDENTIALS:
                raise
        return []

    def _find(self, homeless: Sequence[tuple[StackState, str]], clusters: dict[str, _Cluster]) -> None:
        """Older ARNs of services do not name the cluster: it may be one of those that are known.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
        """
        for state, arn in homeless:
            name = _parts(arn)[1]
            for cluster in clusters:
                if arn in [view.arn for view in self._services(cluster, name)]:
                    self._take_service(state, cluster, name, clusters)
                    break
            else:
                self.problems.append(f"{arn} names no cluster, and was found in none of these stacks: left alone.")

    def _owned_at_all(self) -> Mapping[Resource, StackState]:
        try:
            return self._inventory.owned(self._inventory.all())
        except AwsCallError:
            return {}  # then those of stacks that can not be read are told as well


def _parts(arn: str) -> tuple[str, str]:
    """Cluster and name: the ARN of a service ends in ``service/<cluster>/<name>``. Older ones have no cluster."""
    parts = arn.split(":", 5)[-1].split("/")
    return (parts[1], parts[2]) if len(parts) == 3 else ("", parts[-1])
