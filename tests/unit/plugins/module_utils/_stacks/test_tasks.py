# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.held import Held
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.inventory import Inventory
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import DONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.tasks import StackTasks
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.machine import TaskMachine
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import ServiceView
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import TaskView
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.progress import Progress
from tests.unit.plugins.fake_aws import FakeAws, refusal

ECS = "arn:aws:ecs:eu-central-1:123456789012"
DENIED = errors.AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:ListStackResources")


def resource(type_name, physical_id, status="CREATE_COMPLETE"):
    return t.StackResource(f"L-{physical_id}", physical_id, f"AWS::ECS::{type_name}", status)


def service(name, cluster="shop"):
    return resource("Service", f"{ECS}:service/{cluster}/{name}")


class Driver:
    """What is to be done in a cluster, with a machine that a test shows things to."""

    problem = None

    def __init__(self, clock, cluster, services, whole, strays):
        self.cluster = cluster
        self.asked = (sorted(services), whole, strays)
        self.machine = TaskMachine(services, clock, 10, whole=whole, strays=strays)

    def waiting_for(self):
        return [f"{task.group} runs" for task in self.machine.alive()]

    def show(self, services=(), *tasks):
        """``services``: names and statuses."""
        found = [ServiceView(name, status, arn=f"{ECS}:service/shop/{name}") for name, status in dict(services).items()]
        self.machine.observe_services(found)
        self.machine.observe_tasks(tasks)
        self.machine.observe_complete()


def task(group, number=1, last="RUNNING"):
    return TaskView(f"arn:task/shop/{number}", group, last)


class World:
    """Stacks by name, with what they own."""

    def __init__(self, clock, stop=True):
        self._clock = clock
        self.reads = []
        self.owned = {}
        self.states = {}
        self.aws = FakeAws({"ecs.describe_services": lambda cluster, services: {"services": []}})
        inventory = Inventory(self, self.states)
        self.tasks = StackTasks(self.aws, inventory, stop, self._driver, lambda look: look(), Progress(None))

    def stack(self, name, *resources, **more):
        self.states[name] = StackState(t.StackSpec(name, **more), stack_id=f"arn:{name}", phase="waiting")
        self.owned[f"arn:{name}"] = resources
        return self.states[name]

    def _driver(self, cluster, services, whole, strays):
        return Driver(self._clock, cluster, services, whole, strays)

    def resources(self, stack_id):
        self.reads.append(stack_id)
        if self.owned[stack_id] == (DENIED,):
            raise DENIED
        return self.owned[stack_id]

    def begin(self):
        self.tasks.begin(self.states.values())
        return {driver.cluster: driver for driver in self.tasks.drivers}

    def asked(self):
        return {cluster: driver.asked for cluster, driver in self.begin().items()}


@pytest.fixture
def world(clock):
    return World(clock)


GATE = ("tasks_stopped",)


def test_stopped_is_what_the_stacks_own(world):
    world.stack("a", service("web"), service("api"), resource("TaskDefinition", "x"))
    world.stack("b", service("jobs", "shared"), service("gone", "shop"), stop_tasks=None)
    world.stack("c", resource("Cluster", "shop"))
    world.stack("d", service("quiet"), stop_tasks=False)
    world.owned["arn:b"] = (world.owned["arn:b"][0], resource("Cluster", "old", "DELETE_COMPLETE"))
    assert world.asked() == {"shop": (["api", "web"], True, True), "shared": (["jobs"], False, False)}
    assert world.reads == ["arn:a", "arn:b", "arn:c"]


@pytest.mark.parametrize(("status", "taken"), [("INACTIVE", True), ("DRAINING", True), ("ACTIVE", False)])
def test_a_service_that_its_stack_has_deleted_may_still_have_tasks(world, status, taken):
    """One that is there again is somebody else's."""
    found = [{"serviceName": "web", "status": status, "serviceArn": f"{ECS}:service/shop/web"}]
    world.aws.answers["ecs.describe_services"] = {"services": found}
    world.stack("a", resource("Service", f"{ECS}:service/shop/web", "DELETE_COMPLETE"))
    assert world.asked() == ({"shop": (["web"], False, False)} if taken else {})


def test_what_an_earlier_look_saw_is_not_read_again(world):
    world.stack("a", resources=(service("web"),))
    assert world.asked() == {"shop": (["web"], False, False)} and world.reads == []


def test_a_stack_that_is_done_or_in_no_list_has_nothing_to_stop(world):
    """What it had may be somebody else's by now."""
    world.stack("a", service("web")).phase = DONE
    world.stack("b", service("web")).confirm = True
    assert world.asked() == {} and world.reads == []


def test_a_gate_looks_at_its_cluster_and_stops_nothing(clock):
    world = World(clock, stop=False)
    world.stack("a", service("web"))
    state = world.stack("b", resource("Cluster", "shop"), only_when=GATE)
    drivers = world.begin()
    assert drivers["shop"].asked == ([], True, False)
    assert "nobody has looked" in world.tasks.why_closed(state)
    drivers["shop"].show({}, task("family:x"))
    assert world.tasks.why_closed(state) == "1 task without a service"
    assert drivers["shop"].machine.to_stop() == []
    drivers["shop"].show({}, task("family:x", last="STOPPED"))
    assert world.tasks.why_closed(state) == ""


def test_a_gate_that_cannot_see_is_an_error(world):
    state = world.stack("a", resource("Cluster", "shop"), only_when=GATE)
    driver = world.begin()["shop"]
    driver.show()
    driver.problem = DENIED
    with pytest.raises(errors.AwsCallError):
        world.tasks.why_closed(state)


def test_a_stack_that_may_not_be_read_is_told_and_keeps_its_gate_closed(world):
    state = world.stack("a", DENIED, only_when=GATE)
    assert world.asked() == {}
    assert "Tasks of a are not stopped. cloudformation:ListStackResources" in world.tasks.problems[0]
    with pytest.raises(errors.AwsCallError):
        world.tasks.why_closed(state)


def test_credentials_that_have_ended_are_no_gap(world):
    world.stack("a")
    world.resources = lambda stack_id: None
    ended = errors.AwsCallError(errors.CREDENTIALS, "ExpiredToken", "no", "cloudformation:ListStackResources")

    def tried(look):
        raise ended

    world.tasks._tried = tried
    with pytest.raises(errors.AwsCallError):
        world.begin()


def test_services_of_others_keep_the_cluster_when_ours_have_ended(world):
    state = world.stack("a", resource("Cluster", "shop"), service("web"), only_when=GATE)
    driver = world.begin()["shop"]
    services = {"web": "ACTIVE", "payments": "ACTIVE"}
    driver.show(services, task("service:web"), task("service:payments", 2))
    assert world.tasks.why_closed(state) == "service:web runs"
    driver.show(services, task("service:web", last="STOPPED"), task("service:payments", 2))
    with pytest.raises(Held, match="payments") as held:
        world.tasks.why_closed(state)
    (row,) = held.value.blockers
    assert row["how_to_remove"] == (
        f"aws ecs delete-service --force --cluster shop --service {ECS}:service/shop/payments --region eu-central-1"
    )
    assert "runs 1 tasks" in row["reason"] and driver.machine.to_stop() == []
    assert world.tasks.foreign() == [
        {"cluster": "shop", "service": "payments", "status": "ACTIVE", "desired_count": 0, "tasks": 1}
    ]


def test_a_service_that_is_on_its_way_out_is_waited_for(world):
    state = world.stack("a", resource("Cluster", "shop"), only_when=GATE)
    driver = world.begin()["shop"]
    driver.show({"payments": "DRAINING"}, task("service:payments"))
    assert world.tasks.why_closed(state) == "payments: the service is there"
    assert driver.machine.to_stop() == []
    driver.show({"payments": "INACTIVE"})
    assert driver.machine.to_stop() == ["arn:task/shop/1"], "no service runs it any more"


def test_a_service_of_another_stack_of_the_run_is_waited_for_until_that_ends(world):
    state = world.stack("a", resource("Cluster", "shop"), only_when=GATE)
    other = world.stack("b", service("web"), stop_tasks=False)
    world.begin()["shop"].show({"web": "ACTIVE"})
    assert world.tasks.why_closed(state) == "web: the service is there" and world.tasks.foreign() == []
    other.phase, other.outcome = DONE, t.FAILED
    with pytest.raises(Held, match="of stack b"):
        world.tasks.why_closed(state)


def test_tasks_that_may_not_be_stopped_keep_the_cluster(world):
    state = world.stack("a", resource("Cluster", "shop"), only_when=GATE)
    driver = world.begin()["shop"]
    driver.show({}, task("family:x"))
    driver.machine.not_stopped("arn:task/shop/1", "ecs:StopTask answered AccessDenied")
    with pytest.raises(Held, match="ecs:StopTask answered AccessDenied"):
        world.tasks.why_closed(state)


@pytest.mark.parametrize("there", [True, False])
def test_an_old_arn_names_no_cluster(world, there):
    """It is looked for in the clusters that are known."""
    arn = f"{ECS}:service/old"
    found = [{"serviceName": "old", "status": "ACTIVE", "serviceArn": arn if there else f"{ECS}:service/x/old"}]
    world.aws.answers["ecs.describe_services"] = {"services": found}
    world.stack("a", resource("Service", arn), resource("Cluster", "shop"))
    assert world.asked() == {"shop": (["old"] if there else [], True, True)}
    assert [arn in problem for problem in world.tasks.problems] == [True] * (not there)


def test_an_old_arn_that_may_not_be_looked_for_is_left_alone(world):
    world.aws.answers["ecs.describe_services"] = refusal("AccessDeniedException")
    world.stack("a", resource("Service", f"{ECS}:service/old"), resource("Cluster", "shop"))
    assert world.asked() == {"shop": ([], True, True)} and "left alone" in world.tasks.problems[0]
