# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever lingers, comes late, is replaced or stays registered: in the end nothing runs, nobody else was touched."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.registrations import Registrations
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.driver import TaskDriver
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.machine import TaskMachine
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils.simulated_tasks import Cluster, Service, Task

OURS, OTHERS = ("web", "api"), ("web2",)
GROUPS = ("service:web", "service:api", "service:web2", "family:app")
LATEST = 4  # ticks after which a late task has shown up
TROUBLES = 10  # ticks at most in which nothing can be looked at


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class World:
    """A cluster with two services of ours, one of somebody else's, standalone tasks, and a run."""

    def __init__(self, data: Any, wanted: tuple[str, ...] | None, owned: bool = False) -> None:
        draw = data.draw
        self.clock = Clock()
        self.troubles = draw(st.integers(0, TROUBLES), label="calls that fail")
        self._data = data
        tasks = [
            Task(number, draw(st.sampled_from(GROUPS)), draw(st.booleans()), draw(st.booleans()))
            for number in range(draw(st.integers(0, 6)))
        ]
        for task in tasks:
            if draw(st.booleans(), label="told to stop already"):
                task.desired, task.last = "STOPPED", draw(st.sampled_from(("DEACTIVATING", "DEPROVISIONING")))
        services = [
            Service(name, draw(st.integers(0, 3)), draw(st.sampled_from(("ACTIVE", "ACTIVE", "DRAINING"))),
                    draw(st.sampled_from((None, *range(LATEST)))))
            for name in OURS + OTHERS
        ]  # fmt: skip
        for service in services:
            if service.status == "DRAINING":
                service.desired = 0
        self.cluster = Cluster(services, tasks, self._luck)
        machine = TaskMachine(wanted, self.clock, 6, whole=owned, strays=owned)
        registrations = Registrations(self.cluster, self.cluster, self.clock, 6)  # type: ignore[arg-type]
        self.driver = TaskDriver(machine, self.cluster, registrations, self.clock, 0, 0)  # type: ignore[arg-type]

    def _luck(self) -> bool:
        if not self.troubles:
            return False
        unlucky = self._data.draw(st.sampled_from((False, False, True)))
        self.troubles -= unlucky
        return unlucky

    def tick(self) -> None:
        self.clock.now += 2
        self.cluster.tick()
        self.driver.tick()


@pytest.mark.parametrize("wanted", [OURS, None], ids=["services", "whole cluster"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_in_the_end_nothing_runs_and_nobody_else_was_touched(wanted: tuple[str, ...] | None, data: Any) -> None:
    world = World(data, wanted)
    ours = set(GROUPS) if wanted is None else {f"service:{name}" for name in wanted}
    for number in range(400):
        world.tick()
        if world.driver.finished() and number > LATEST + TROUBLES:
            running = [task for task in world.cluster.everything if task.group in ours and task.last != "STOPPED"]
            assert not running, "finished while something of it still runs"
            break
    assert world.driver.finished() and world.driver.problem is None, "it does not end"
    for name in OURS if wanted else OURS + OTHERS:
        service = world.cluster.all[name]
        assert service.desired == 0
        # Without names, a service that is being deleted is in no list; only its tasks tell of it, while they run.
        assert not service.instances or (wanted is None and service.status == "DRAINING")
    assert {task.group for task in world.cluster.stopped_by_us} <= ours
    if wanted:
        assert not set(world.cluster.scaled) & set(OTHERS)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_in_a_cluster_of_ours_only_what_no_live_service_runs_is_stopped_besides(data: Any) -> None:
    world = World(data, OURS, owned=True)
    stranger = world.cluster.all["web2"]
    wants, goes = stranger.desired, data.draw(st.booleans(), label="the stranger's service goes")
    for number in range(400):
        if number == 5 and goes:
            stranger.status, stranger.desired = "INACTIVE", 0
        before = len(world.cluster.stopped_by_us)
        world.tick()
        ours = {f"service:{name}" for name in OURS} | {"family:app"}
        ours |= {"service:web2"} if stranger.status == "INACTIVE" else set()
        assert {task.group for task in world.cluster.stopped_by_us[before:]} <= ours
        if world.driver.finished() and number > max(LATEST + TROUBLES, 5):
            break
    assert world.driver.finished() and world.driver.problem is None, "it does not end"
    assert "web2" not in world.cluster.scaled
    running = [task.group for task in world.cluster.everything if task.last != "STOPPED"]
    assert set(running) <= {"service:web2"}
    if not goes:
        assert stranger.desired == wants
        seen = [view.name for view in world.driver.machine.foreign()]
        assert seen == ["web2"] or (stranger.status == "DRAINING" and not running)
