# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.machine import MAX_STOPS
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.machine import TaskMachine
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import ServiceView
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import TaskView


def task(number=1, service="web", last="RUNNING", desired="RUNNING", group=None):
    return TaskView(f"arn:task/shop/{number}", f"service:{service}" if group is None else group, last, desired)


@pytest.fixture
def machine(clock):
    return TaskMachine(["web"], clock, patience=10)


def scaled(machine, desired=2):
    machine.observe_services([ServiceView("web", "ACTIVE", desired)])
    for name in machine.to_scale():
        machine.scaled(name)


def test_services_are_scaled_before_their_tasks_are_stopped(machine):
    machine.observe_services([ServiceView("web", "ACTIVE", 2)])
    machine.observe_tasks([task()])
    assert machine.to_scale() == ["web"] and machine.to_stop() == []
    machine.scaled("web")
    assert machine.to_scale() == [] and machine.to_stop() == ["arn:task/shop/1"]


@pytest.mark.parametrize(
    "view",
    [ServiceView("web", "ACTIVE", 0), ServiceView("web", "DRAINING", 2), ServiceView("web", "ACTIVE", 2, "DAEMON")],
)
def test_services_that_cannot_or_need_not_be_scaled(machine, view):
    machine.observe_services([view])
    assert machine.to_scale() == []


def test_a_service_that_does_not_exist(machine):
    machine.observe_services([])
    machine.observe_complete()
    assert machine.complete
    assert [state.as_result() for state in machine.services.values()] == [
        {"name": "web", "desired_count_before": 0, "desired_count": 0, "status": "MISSING", "problem": ""}
    ]


@pytest.mark.parametrize("other", ["web2", "my-web", "WEB", "", "web:1"])
def test_tasks_of_other_services_are_not_touched(machine, other):
    scaled(machine)
    machine.observe_tasks([task(service=other)])
    assert machine.to_stop() == [] and machine.alive() == []


@pytest.mark.parametrize("group", ["family:web", "web", "service", "xservice:web", ""])
def test_standalone_tasks_are_not_touched_when_services_are_given(machine, group):
    scaled(machine)
    machine.observe_tasks([task(group=group)])
    assert machine.to_stop() == []


def test_standalone_tasks_are_stopped_in_a_whole_cluster(clock):
    machine = TaskMachine(None, clock, patience=10)
    machine.observe_services([])
    machine.observe_tasks([task(group="family:web")])
    assert machine.to_stop() == ["arn:task/shop/1"]


def test_the_last_status_decides(machine):
    scaled(machine)
    machine.observe_tasks([task(last="DEPROVISIONING", desired="STOPPED"), task(2, last="STOPPED", desired="STOPPED")])
    machine.observe_complete()
    assert [item.arn for item in machine.alive()] == ["arn:task/shop/1"] and not machine.complete
    assert machine.to_stop() == []
    machine.observe_tasks([task(last="STOPPED", desired="STOPPED")])
    machine.observe_complete()
    assert machine.complete
    assert [item.action for item in machine.tasks.values()] == ["already_stopping"]


def test_lingering_tasks_are_stopped_again_and_again(machine, clock):
    scaled(machine)
    machine.observe_tasks([task()])
    machine.stop_asked("arn:task/shop/1")
    asked = 0
    for second in range(31):
        clock.now += 1
        machine.observe_tasks([task(last="DEACTIVATING", desired="STOPPED")])
        for arn in machine.to_stop():
            machine.stop_asked(arn)
            asked += 1
    assert asked == 3


def test_a_lingering_task_found_is_stopped_at_once(machine):
    scaled(machine)
    machine.observe_tasks([task(last="DEACTIVATING", desired="STOPPED")])
    assert machine.to_stop() == ["arn:task/shop/1"]


def test_vanished_tasks_count_as_ended(machine):
    scaled(machine)
    machine.observe_tasks([task()])
    machine.observe_missing(["arn:task/shop/1", "arn:task/shop/unheard-of"])
    machine.observe_complete()
    assert machine.complete and machine.tasks["arn:task/shop/1"].last_status == "MISSING"


def test_a_task_that_comes_late_makes_the_services_be_looked_at_again(machine):
    scaled(machine)
    machine.observe_complete()
    assert machine.complete and not machine.look_at_services
    machine.observe_tasks([task(7)])
    assert machine.look_at_services and not machine.complete
    machine.observe_services([ServiceView("web", "ACTIVE", 1)])
    assert machine.to_stop() == [] and machine.to_scale() == ["web"]


def test_at_most_a_hundred_stops_at_once(machine):
    scaled(machine)
    machine.observe_tasks([task(number) for number in range(250)])
    assert len(machine.to_stop()) == MAX_STOPS
    for arn in machine.to_stop():
        machine.stop_asked(arn)
    assert len(machine.to_stop()) == MAX_STOPS


def test_a_cluster_that_goes_takes_its_tasks_along(machine):
    scaled(machine)
    machine.observe_tasks([task()])
    machine.observe_no_cluster()
    assert machine.complete and machine.alive() == []


def test_registries_of_services_without_tasks(machine):
    machine.observe_services([ServiceView("web", "ACTIVE", 0, registries=("srv-1",))])
    assert machine.registries(idle=True) == ["srv-1"] and machine.registries(idle=False) == []
    machine.observe_tasks([task()])
    assert machine.registries(idle=True) == [] and machine.registries(idle=False) == ["srv-1"]


def test_seconds_go_from_the_first_look_to_the_end(machine, clock):
    scaled(machine)
    machine.observe_tasks([task()])
    clock.now += 12.34
    machine.observe_tasks([task(last="STOPPED")])
    assert machine.tasks["arn:task/shop/1"].as_result()["seconds"] == 12.3


def test_what_comes_under_a_released_name_is_somebody_elses(machine):
    scaled(machine)
    machine.observe_tasks([task()])
    machine.release("web")
    machine.observe_services([ServiceView("web", "ACTIVE", 2)])
    machine.observe_tasks([task(), task(2)])
    assert machine.to_scale() == [] and machine.to_stop() == ["arn:task/shop/1"]


def test_a_released_cluster_has_no_strays(clock):
    machine = TaskMachine([], clock, patience=10, whole=True, strays=True)
    machine.observe_services([])
    machine.observe_tasks([task(group="family:app")])
    machine.release("")
    machine.observe_tasks([task(2, group="family:app")])
    assert machine.to_stop() == ["arn:task/shop/1"]
