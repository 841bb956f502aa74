# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.driver import TaskDriver
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.machine import TaskMachine
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import ServiceView
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import TaskView
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import STEADY


class FakeReader:
    """One service with tasks that end two looks after they were told to."""

    cluster = "shop"

    def __init__(self, count=1):
        self.desired = count
        self.left = {f"arn:task/shop/{number}": None for number in range(count)}
        self.calls = []
        self.errors = {}

    def _called(self, method):
        self.calls.append(method)
        if self.errors.get(method):
            raise self.errors[method].pop(0)

    def service_names(self):
        return ["web"]

    def services(self, names):
        self._called("services")
        return [ServiceView("web", "ACTIVE", self.desired)] if "web" in names else []

    def scale_to_zero(self, name):
        self._called("scale_to_zero")
        self.desired = 0

    def task_arns(self, desired):
        self._called("task_arns")
        return [arn for arn, left in self.left.items() if (left is None) == (desired == "RUNNING")]

    def tasks(self, arns):
        self._called("tasks")
        views = []
        for arn in arns:
            left = self.left[arn]
            if left is not None:
                self.left[arn] = left = left - 1
            last = "RUNNING" if left is None else "STOPPED" if left <= 0 else "DEPROVISIONING"
            views.append(TaskView(arn, "service:web", last, "RUNNING" if left is None else "STOPPED"))
        return views, []

    def stop(self, arn):
        self._called("stop")
        self.left[arn] = 2


class NoRegistrations:
    problems: dict = {}

    def to_sweep(self, service_ids):
        return []

    def forget(self, service_ids):
        pass

    def deregistered(self):
        return []


def error(kind, code="Code", message="message"):
    return errors.AwsCallError(kind, code, message, "ecs:StopTask")


@pytest.fixture
def play(clock):
    def make(reader, services=("web",)):
        machine = TaskMachine(services, clock, patience=10)
        return TaskDriver(machine, reader, NoRegistrations(), clock, follow=4, rest=30)

    def run(driver, ticks=20):
        for tick in range(ticks):
            if driver.finished():
                break
            driver.tick()
            clock.now += 2
        return driver

    make.run = run
    return make


def test_from_running_to_stopped(play):
    reader = FakeReader(2)
    driver = play.run(play(reader))
    assert driver.finished() and driver.changed and not driver.problem
    assert reader.calls.count("scale_to_zero") == 1 and reader.calls.count("stop") == 2
    assert {task.last_status for task in driver.machine.tasks.values()} == {"STOPPED"}
    assert reader.calls.index("scale_to_zero") < reader.calls.index("stop")


def test_nothing_to_do_changes_nothing(play):
    driver = play.run(play(FakeReader(0)))
    assert driver.finished() and not driver.changed


def test_passing_errors_are_survived_and_counted(play):
    reader = FakeReader()
    reader.errors = {
        "services": [error(errors.TRANSIENT)],
        "scale_to_zero": [error(errors.UNREACHABLE)],
        "stop": [error(errors.TRANSIENT)],
        "task_arns": [error(errors.TRANSIENT)],
    }
    driver = play.run(play(reader))
    assert driver.finished() and not driver.problem and driver.survived == 4


@pytest.mark.parametrize("method", ["services", "task_arns", "tasks"])
def test_a_denied_look_ends_it_with_a_problem(play, method):
    reader = FakeReader()
    reader.errors = {method: [error(errors.DENIED)]}
    driver = play.run(play(reader))
    assert driver.finished() and driver.problem.kind == errors.DENIED


@pytest.mark.parametrize("method", ["scale_to_zero", "stop"])
@pytest.mark.parametrize("kind", [errors.DENIED, errors.OTHER])
def test_a_refusal_for_one_is_noted_and_ends_it_when_nothing_else_is_to_be_done(play, method, kind):
    reader = FakeReader()
    reader.errors = {method: [error(kind), error(kind)]}
    driver = play.run(play(reader))
    assert driver.finished() and driver.problem is None
    assert driver.machine.problems() == driver.machine.stuck() == [error(kind).advice()]
    asked = 1 if kind == errors.DENIED else 2
    assert reader.calls.count(method) == asked, "what is not known to be final is asked for once more"
    states = [*driver.machine.services.values(), *driver.machine.tasks.values()]
    assert [state.as_result()["problem"] for state in states].count(error(kind).advice()) == 1


def test_a_refusal_for_one_task_does_not_keep_the_others_from_being_stopped(play):
    reader = FakeReader(3)
    reader.errors = {"stop": [error(errors.DENIED)]}
    driver = play.run(play(reader))
    assert sorted(task.last_status for task in driver.machine.tasks.values()) == ["RUNNING", "STOPPED", "STOPPED"]
    assert driver.finished()


@pytest.mark.parametrize("method", ["scale_to_zero", "stop"])
def test_what_is_refused_once_is_asked_for_again(play, method):
    reader = FakeReader(2)
    reader.errors = {method: [error(errors.OTHER, "InvalidParameterException", "deployments are active")]}
    driver = play.run(play(reader))
    assert driver.finished() and driver.machine.problems() == []
    assert {task.last_status for task in driver.machine.tasks.values()} == {"STOPPED"}


@pytest.mark.parametrize("kind", [errors.TRANSIENT, errors.UNREACHABLE])
def test_an_error_that_one_task_always_meets_keeps_no_other_from_being_stopped(play, kind):
    class Broken(FakeReader):
        def stop(self, arn):
            self.calls.append(arn)
            if arn.endswith("/0"):
                raise error(kind)
            self.left[arn] = 2

    reader = Broken(3)
    driver = play.run(play(reader))
    last = {task.id: task.last_status for task in driver.machine.tasks.values()}
    assert last == {"0": "RUNNING", "1": "STOPPED", "2": "STOPPED"}
    assert not driver.finished() and driver.survived == reader.calls.count("arn:task/shop/0") > 2


def test_an_error_that_one_service_always_meets_keeps_no_other_from_being_scaled(play):
    class Broken(FakeReader):
        def services(self, names):
            return [ServiceView(name, "ACTIVE", 1) for name in names]

        def scale_to_zero(self, name):
            self.calls.append(name)
            if name == "a":
                raise error(errors.TRANSIENT)

    reader = Broken(0)
    play.run(play(reader, ("a", "b")), ticks=3)
    assert reader.calls.count("b") == 1 and reader.calls.count("a") == 3
    assert [name for name in reader.calls if name in "ab"] == ["a", "b", "a", "a"]


def test_of_many_that_meet_passing_errors_a_few_are_tried_in_a_look(play):
    class Broken(FakeReader):
        def stop(self, arn):
            self._called("stop")
            raise error(errors.TRANSIENT)

    reader = Broken(50)
    play(reader).tick()
    assert reader.calls.count("stop") == 3


@pytest.mark.parametrize("kind", [errors.DENIED, errors.OTHER, errors.UNREACHABLE, errors.CREDENTIALS])
def test_cloud_map_that_gives_no_answer_ends_no_task_stopping(play, kind):
    class Lost(NoRegistrations):
        noted: list = []

        def to_sweep(self, service_ids):
            return [] if len(self.noted) > 4 else ["srv-1"]

        def sweep(self, service_id):
            raise error(kind)

        def not_swept(self, service_id, met):
            self.noted.append((service_id, met.kind))

    reader = FakeReader(2)
    driver = play(reader)
    driver.registrations = Lost()
    driver.registrations.noted = noted = []
    play.run(driver)
    assert driver.finished() and driver.problem is None
    assert {task.last_status for task in driver.machine.tasks.values()} == {"STOPPED"}
    assert noted == [("srv-1", kind)] * 5


@pytest.mark.parametrize("method", ["services", "task_arns", "tasks"])
def test_a_cluster_that_goes_is_the_end(play, method):
    reader = FakeReader()
    reader.errors = {method: [error(errors.MISSING, "ClusterNotFoundException")]}
    driver = play.run(play(reader))
    assert driver.finished() and not driver.problem


def test_a_mere_look_at_a_cluster_that_is_not_there_finds_nothing(play):
    reader = FakeReader()
    reader.errors = {"services": [error(errors.MISSING, "ClusterNotFoundException"), error(errors.DENIED)]}
    driver = play(reader)
    driver.look()
    assert driver.machine.cluster_missing and driver.machine.services["web"].status == "MISSING"
    with pytest.raises(errors.AwsCallError):
        driver.look()


def test_a_service_deleted_meanwhile_is_fine(play):
    reader = FakeReader()
    reader.errors = {"scale_to_zero": [error(errors.MISSING, "ServiceNotActiveException")]}
    driver = play.run(play(reader))
    assert driver.finished() and not driver.problem
    assert driver.machine.services["web"].status == "DRAINING"


def test_a_task_forgotten_meanwhile_is_fine(play):
    reader = FakeReader()
    reader.errors = {"stop": [error(errors.OTHER, "InvalidParameterException", "The referenced task was not found.")]}
    driver = play.run(play(reader))
    assert driver.finished() and not driver.problem
    assert [task.last_status for task in driver.machine.tasks.values()] == ["MISSING"]


def test_ended_credentials_come_through(play):
    reader = FakeReader()
    reader.errors = {"tasks": [error(errors.CREDENTIALS)]}
    with pytest.raises(errors.AwsCallError):
        play.run(play(reader))


def test_when_all_ended_it_looks_again_now_and_then(play, clock):
    reader = FakeReader(0)
    driver = play.run(play(reader))
    calls = len(reader.calls)
    driver.tick()
    assert len(reader.calls) == calls
    clock.now += 31
    reader.left["arn:task/shop/late"] = None
    driver.tick()
    assert not driver.finished() and reader.calls.count("stop") == 1
    assert play.run(driver).finished()


def test_what_it_waits_for(play, clock):
    reader = FakeReader(2)
    driver = play(reader)
    driver.tick()
    clock.now += 40
    assert driver.waiting_for() == ["web: 2 tasks RUNNING for 40 s"]


def test_tasks_that_are_ending_are_looked_at_less_often(play, clock):
    class Slow(FakeReader):
        def stop(self, arn):
            self._called("stop")
            self.left[arn] = 1000

    reader = Slow(1)
    driver = play(reader)
    driver.tick()
    assert driver.calm() == (0, STEADY)
    reader.calls.clear()
    for _second in range(60):
        clock.now += 1
        driver.tick()
    assert 8 <= reader.calls.count("tasks") <= 15
    assert reader.calls.count("tasks") / 4 <= reader.calls.count("task_arns") <= reader.calls.count("tasks") / 2
    assert driver.calm() == (60, STEADY)


def test_without_its_cluster_what_is_registered_is_swept_and_that_is_all(play, clock):
    class Registered(NoRegistrations):
        swept = 0

        def to_sweep(self, service_ids):
            return [] if self.swept else ["srv-1"]

        def sweep(self, service_id):
            self.swept += 1
            return True

    reader = FakeReader(1)
    driver = play(reader)
    driver.registrations = registrations = Registered()
    reader.errors = {"services": [error(errors.MISSING)]}
    driver.tick()
    assert driver.finished() and driver.changed and registrations.swept == 1
    calls = len(reader.calls)
    clock.now += 600
    driver.tick()
    assert len(reader.calls) == calls
