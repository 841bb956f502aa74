# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.driver import StackDriver
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.driver import Stopped
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.machine import StackMachine
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import KEEN
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import SLOW
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import STEADY


class FakeReader:
    """Lists and reads stacks that take two looks to go.

    ``errors``: what the next calls of a method raise instead of answering.
    """

    def __init__(self, *names):
        self.stacks = {name: t.StackView(f"arn:{name}", name, "CREATE_COMPLETE") for name in names}
        self.left = {}
        self.present = ()
        self.pages = 1
        self.calls = []
        self.errors = {}

    def _called(self, method):
        self.calls.append(method)
        waiting = self.errors.get(method)
        if waiting:
            raise waiting.pop(0)

    def _set(self, name, status):
        self.stacks[name] = t.StackView(f"arn:{name}", name, status)

    def _progress(self, name):
        if name in self.left:
            self.left[name] -= 1
            if self.left[name] <= 0:
                self._set(name, "DELETE_COMPLETE")

    def described(self, names=()):
        self._called("described")
        for name in self.left:
            self._progress(name)
        return {name: view for name, view in self.stacks.items() if view.status != "DELETE_COMPLETE"}

    def by_id(self, stack_id):
        self._called("by_id")
        name = stack_id.removeprefix("arn:")
        self._progress(name)
        return self.stacks[name]

    def deleted(self, stack_ids):
        self._called("deleted")
        gone = [view for view in self.stacks.values() if view.status == "DELETE_COMPLETE"]
        return [view for view in gone if view.stack_id in stack_ids]

    def delete(self, request):
        self._called("delete")
        self._set(request.name, "DELETE_IN_PROGRESS")
        self.left[request.name] = 2

    def resources(self, stack_id):
        self._called("resources")
        return [t.StackResource("Service", "s", "AWS::ECS::Service", "DELETE_IN_PROGRESS")]

    def there(self, resources):
        self._called("there")
        return {item: item.physical_id in self.present for item in resources}


class FakeGates:
    """``closed``: the answers to the next looks, a text or an error; open when there is none."""

    def __init__(self, *closed):
        self.closed = list(closed)
        self.prepared = []
        self.left = []

    def prepare(self, states):
        self.prepared.append([state.spec.name for state in states])

    def let_go(self, states):
        self.left += [state.spec.name for state in states]

    def why_closed(self, state):
        if not self.closed:
            return ""
        answer = self.closed.pop(0)
        if isinstance(answer, errors.AwsCallError):
            raise answer
        return answer


def error(kind, action="cloudformation:DescribeStacks"):
    return errors.AwsCallError(kind, "Code", "message", action)


@pytest.fixture
def play(clock):
    def make(reader, *, awaited=None, **after):
        specs = [t.StackSpec(name, tuple(others), "web") for name, others in after.items()]
        numbers = itertools.count()
        machine = StackMachine(specs, t.Options(), clock, lambda: str(next(numbers)))
        driver = StackDriver(machine, reader, reader, FakeGates(), reader.there, awaited)
        driver.begin()
        return driver

    def run(driver, ticks=20):
        for tick in range(ticks):
            if driver.finished():
                break
            clock.now += 2
            driver.tick()
        return {state.spec.name: state.outcome for state in driver.machine.states.values()}

    make.run = run
    return make


def test_one_look_per_tick_at_the_stack_that_goes(play):
    reader = FakeReader("a", "b", "c")
    driver = play(reader, a=[], b=["a"], c=["b"])
    assert play.run(driver) == {"a": t.GONE, "b": t.GONE, "c": t.GONE}
    assert reader.calls.count("by_id") == 6 and reader.calls.count("delete") == 3 and "deleted" not in reader.calls
    assert reader.calls.count("described") == 1


def test_many_that_went_at_once_are_seen_in_one_list_of_the_deleted(play):
    reader = FakeReader("a", "b", "c", "d")
    driver = play(reader, a=[], b=[], c=[], d=["a", "b", "c"])
    assert set(play.run(driver).values()) == {t.GONE}
    assert reader.calls.count("deleted") == 1 and reader.calls.count("by_id") == 2, "only d, by itself"


@pytest.mark.parametrize(("kind", "tries"), [(errors.DENIED, 1), (errors.TRANSIENT, 2)])
def test_without_that_list_each_is_asked_for_by_its_id(play, kind, tries):
    reader = FakeReader("a", "b", "c", "x", "y", "z")
    reader.errors = {"deleted": [error(kind, "cloudformation:ListStacks")] * tries}
    driver = play(reader, a=[], b=[], c=[], x=["a", "b", "c"], y=["a"], z=["a"])
    assert set(play.run(driver).values()) == {t.GONE}
    assert reader.calls.count("by_id") == 6 and reader.calls.count("deleted") == tries
    assert driver.survived == (tries if kind == errors.TRANSIENT else 0)


def test_few_stacks_among_many_are_asked_for_by_id(play):
    reader = FakeReader("a")
    reader.pages = 3
    driver = play(reader, a=[])
    driver.tick()
    driver.tick()
    assert reader.calls == ["described", "delete", "by_id"]


def test_passing_errors_are_survived_and_counted(play):
    reader = FakeReader("a", "b", "c")
    driver = play(reader, a=[], b=[], c=["a", "b"])
    reader.errors = {
        "described": [error(errors.TRANSIENT), error(errors.UNREACHABLE)],
        "delete": [error(errors.TRANSIENT)],
        "by_id": [error(errors.TRANSIENT)],
    }
    assert play.run(driver) == {"a": t.GONE, "b": t.GONE, "c": t.GONE}
    assert driver.survived == 4


@pytest.mark.parametrize("kind", [errors.CREDENTIALS, errors.DENIED, errors.OTHER])
def test_looking_on_may_become_impossible(play, kind):
    reader = FakeReader("a", "b")
    driver = play(reader, a=[], b=[])
    driver.tick()
    reader.errors = {"described": [error(kind)]}
    with pytest.raises(Stopped):
        driver.tick()


def test_a_denied_deletion_does_not_stop_the_others(play):
    reader = FakeReader("a", "b")
    driver = play(reader, a=[], b=[])
    reader.errors = {"delete": [error(errors.DENIED, "cloudformation:DeleteStack")]}
    assert play.run(driver) == {"a": t.FAILED, "b": t.GONE}
    assert "Allow the IAM action cloudformation:DeleteStack" in driver.machine.states["a"].reason


class Exporting(FakeReader):
    """``vpc`` can not go while what imports from it stands: stacks, or nested ones, as ``roots`` says."""

    def __init__(self, *names, importers=(), roots=None):
        super().__init__(*names)
        self.imports = list(importers)
        self.roots = roots or {}

    def by_id(self, stack_id):
        name = stack_id.removeprefix("arn:")
        if name in self.roots or name == "other":
            self._called("by_id")
            root = self.roots.get(name, "")
            gone = root and self.stacks[root].status == "DELETE_COMPLETE"
            return None if gone else t.StackView(f"arn:{name}", name, "CREATE_COMPLETE", root_id=root and f"arn:{root}")
        return super().by_id(stack_id)

    def standing(self):
        roots = {name: self.roots.get(name, name) for name in self.imports}
        gone = [name for name, view in self.stacks.items() if view.status == "DELETE_COMPLETE"]
        return [name for name, root in roots.items() if root not in gone]

    def importers(self, export):
        self._called("importers")
        return self.standing()

    def delete(self, request):
        if request.name == "vpc" and self.standing():
            words = f"Export x cannot be deleted as it is in use by {self.standing()[0]}"
            raise errors.AwsCallError(errors.EXPORT_IN_USE, "ValidationError", words, "cloudformation:DeleteStack")
        super().delete(request)


def test_an_exporter_goes_when_its_importers_are_gone(play):
    reader = Exporting("vpc", "web", "api", importers=["web", "api"])
    driver = play(reader, vpc=[], web=[], api=[])
    assert set(play.run(driver).values()) == {t.GONE}
    assert driver.machine.states["vpc"].importers == ("web", "api") and reader.calls.count("importers") == 1


def test_a_nested_importer_goes_with_its_root(play):
    reader = Exporting("vpc", "web", importers=["web-Inner-1ABC"], roots={"web-Inner-1ABC": "web"})
    driver = play(reader, vpc=[], web=[])
    assert play.run(driver) == {"vpc": t.GONE, "web": t.GONE}


def test_an_importer_outside_is_named_although_only_the_list_knows_it(play):
    reader = Exporting("vpc", "web", importers=["web", "other"])
    driver = play(reader, vpc=[], web=[])
    assert play.run(driver) == {"vpc": t.REFUSED, "web": t.GONE}
    assert "Delete other first" in driver.machine.states["vpc"].reason


@pytest.mark.parametrize("kind", [errors.DENIED, errors.TRANSIENT])
def test_without_the_list_the_words_tell(play, kind):
    reader = Exporting("vpc", importers=["other"])
    driver = play(reader, vpc=[])
    reader.errors = {"importers": [error(kind, "cloudformation:ListImports")] * 30}
    assert play.run(driver, ticks=30) == {"vpc": t.REFUSED}
    reason = driver.machine.states["vpc"].reason
    assert "Delete other first" in reason and "cloudformation:ListImports answered" in reason
    assert reader.calls.count("importers") == (1 if kind == errors.DENIED else 11)


def test_what_is_left_behind_is_read_again_after_an_error_but_not_for_ever(play):
    reader = FakeReader("a", "b")
    driver = play(reader, a=[], b=[])
    reader.errors = {"resources": [error(errors.TRANSIENT)]}
    play.run(driver)
    assert driver.finished() and reader.calls.count("resources") == 3

    driver = play(FakeReader("a"), a=[])
    driver._reader.errors = {"resources": [error(errors.TRANSIENT) for attempt in range(99)]}
    assert play.run(driver) == {"a": t.GONE} and driver.finished()
    assert driver.machine.states["a"].retained is None


def test_a_stack_behind_a_gate_is_asked_for_when_it_opens(play, clock):
    reader = FakeReader("a")
    machine = StackMachine([t.StackSpec("a", only_when=("gate",))], t.Options(), clock, lambda: "token")
    gates = FakeGates("busy", error(errors.TRANSIENT), "still busy")
    driver = StackDriver(machine, reader, reader, gates, reader.there)
    driver.begin()
    for reason in ("busy", "busy", "still busy"):
        driver.tick()
        assert machine.why_waiting(machine.states["a"]) == reason and "delete" not in reader.calls
    assert play.run(driver) == {"a": t.GONE}


def test_a_gate_that_may_not_be_looked_at_fails_the_stack_and_what_comes_after(play, clock):
    specs = [t.StackSpec("a", only_when=("gate",)), t.StackSpec("b", ("a",)), t.StackSpec("c")]
    reader = FakeReader("a", "b", "c")
    denied = error(errors.DENIED, "ec2:DescribeNetworkInterfaces")
    machine = StackMachine(specs, t.Options(), clock, lambda: "token")
    driver = StackDriver(machine, reader, reader, FakeGates(denied), reader.there)
    driver.begin()
    assert play.run(driver) == {"a": t.FAILED, "b": t.SKIPPED, "c": t.GONE}
    assert "ec2:DescribeNetworkInterfaces" in driver.machine.states["a"].reason


@pytest.fixture(name="behind")
def _behind(clock):
    """Makes a driver of one stack behind a gate with these answers, after which it is open."""

    def make(*closed):
        reader = FakeReader("a")
        machine = StackMachine([t.StackSpec("a", only_when=("gate",))], t.Options(), clock, lambda: "token")
        driver = StackDriver(machine, reader, reader, FakeGates(*closed), reader.there)
        driver.begin()
        return driver

    return make


def test_a_gate_that_cannot_be_seen_for_a_minute_fails_the_stack(play, behind):
    """EC2 may be out of reach for as long as the stack may take."""
    driver = behind(*[error(errors.UNREACHABLE, "ec2:DescribeNetworkInterfaces")] * 1000)
    assert play.run(driver, ticks=29) == {"a": ""}
    assert play.run(driver, ticks=5) == {"a": t.FAILED}
    assert "ec2:DescribeNetworkInterfaces" in driver.machine.states["a"].reason


def test_a_gate_that_is_seen_again_has_its_minute_anew(play, behind):
    lost = [error(errors.UNREACHABLE)] * 20
    driver = behind(*lost, "an interface is left", *lost, "one is left", *lost)
    assert play.run(driver, ticks=80) == {"a": t.GONE}


def test_when_time_is_over_the_gate_is_named(play, clock):
    options = t.Options(timeout=60)
    machine = StackMachine([t.StackSpec("a", only_when=("gate",))], options, clock, lambda: "token")
    reader = FakeReader("a")
    driver = StackDriver(machine, reader, reader, FakeGates(*["1 network interface is left"] * 9), reader.there)
    driver.begin()
    driver.tick()
    assert driver.time_left() == 60
    clock.now += 60
    driver.tick()
    assert machine.states["a"].reason == "Not gone after 60 s: 1 network interface is left"


@pytest.mark.parametrize("present", [(), ("vpc-1|igw-1",)])
def test_what_says_that_it_is_gone_is_looked_up(play, present):
    reader = FakeReader("a")
    reader.present = present
    driver = play(reader, a=[])
    driver.tick()
    reader._set("a", "DELETE_FAILED")
    reader.left.clear()
    reason = "The vpc ID 'vpc-1' does not exist"
    rows = [t.StackResource("A", "vpc-1|igw-1", "AWS::EC2::VPCGatewayAttachment", "DELETE_FAILED", reason)]
    reader.resources = lambda stack_id: rows
    reader.events = lambda stack_id: []
    driver.tick()
    assert reader.calls.count("there") == 1 and reader.calls.count("delete") == (1 if present else 2)
    assert driver.machine.states["a"].proven_gone == (set() if present else {"vpc-1|igw-1"})


def test_expired_credentials_while_asking_stop_everything(play):
    reader = FakeReader("a", "b")
    driver = play(reader, a=[], b=[])
    reader.errors = {"delete": [error(errors.CREDENTIALS)]}
    with pytest.raises(Stopped):
        driver.tick()


def test_when_time_is_over_the_resources_are_named(play):
    reader = FakeReader("a", "b")
    driver = play(reader, a=[], b=["a"])
    driver.tick()
    reader.left["a"] = 99
    driver.tick()
    reasons = driver.explain(driver.machine.pending())
    assert reasons == {"a": "DELETE_IN_PROGRESS, still deleting Service (AWS::ECS::Service)"}
    assert driver.waiting_for() == ["web 0/2 gone", "a: DELETE_IN_PROGRESS", "b: waits for a"]


class FakeAwaited:
    def look(self, states):
        self.looked_at = [state.spec.name for state in states]

    def words(self, state):
        return "waits for the function of Filled" if state.spec.name == "a" else ""


def test_a_function_that_does_not_answer_is_named_while_it_is_waited_and_when_time_is_over(play):
    reader, awaited = FakeReader("a", "b"), FakeAwaited()
    driver = play(reader, a=[], b=["a"], awaited=awaited)
    driver.tick()
    assert awaited.looked_at == ["a", "b"]
    reader.left["a"] = 99
    driver.tick()
    assert driver.waiting_for()[1] == "a: DELETE_IN_PROGRESS, waits for the function of Filled"
    reasons = driver.explain(driver.machine.pending())
    assert reasons["a"].endswith("Service (AWS::ECS::Service). CloudFormation waits for the function of Filled")


def test_while_everything_is_throttled_a_tick_tries_only_a_few_stacks_and_others_next(play):
    names = [f"s{number}" for number in range(8)]
    reader = FakeReader(*names)
    reader.errors = {"delete": [error(errors.TRANSIENT) for number in range(6)]}
    driver = play(reader, **dict.fromkeys(names, ()))
    driver.tick()
    assert reader.calls.count("delete") == 3
    driver.tick()
    assert reader.calls.count("delete") == 6 and driver.survived == 6
    assert set(play.run(driver, ticks=40).values()) == {t.GONE}


def test_when_time_is_over_a_passing_error_ends_the_questions(play):
    reader = FakeReader("a", "b", "c")
    driver = play(reader, a=[], b=[], c=[])
    driver.tick()
    driver.tick()
    reader.errors = {"resources": [error(errors.TRANSIENT) for number in range(3)]}
    assert list(driver.explain(driver.machine.pending())) == ["a"] and reader.calls.count("resources") == 1


def test_what_others_wait_for_is_asked_about_first_and_they_go_at_once(play):
    class Named(FakeReader):
        def by_id(self, stack_id):
            self.asked.append(stack_id)
            return super().by_id(stack_id)

        def delete(self, request):
            self.asked.append(f"delete {request.name}")
            super().delete(request)

    reader = Named("task", "service", "vpc")
    reader.asked = []
    reader.errors = {"deleted": [error(errors.DENIED, "cloudformation:ListStacks")]}
    driver = play(reader, task=[], service=[], vpc=["service"])
    play.run(driver)
    assert reader.asked[2:5] == ["arn:service", "delete vpc", "arn:task"]


@pytest.mark.parametrize(
    ("stacks", "newest", "calm"),
    [
        pytest.param({"web": [], "vpc": ["web"]}, "web", (40, KEEN), id="one-end-lets-the-next-go"),
        pytest.param({"web": [], "table": [], "vpc": ["web"]}, "table", (70, KEEN), id="nobody-waits-for-the-newest"),
        pytest.param({"web": [], "api": [], "vpc": ["web", "api"]}, "web", (40, SLOW), id="two-have-to-end"),
        pytest.param(
            {"mesh": [], "nodes": ["mesh"], "web": [], "api": [], "vpc": ["web", "api"], "logs": ["vpc"]},
            "mesh",
            (40, STEADY),
            id="a-longer-chain-waits-for-something-else",
        ),
    ],
)
def test_how_long_it_has_been_calm_and_what_is_awaited(play, clock, stacks, newest, calm):
    driver = play(FakeReader(*stacks), **stacks)
    driver.tick()
    assert driver.calm() == (0, STEADY), "the answers still say CREATE_COMPLETE"
    for state in driver.machine.states.values():
        state.begun_at = clock.now
    clock.now += 30
    driver.machine.states[newest].begun_at = clock.now
    clock.now += 40
    driver.tick()
    assert driver.calm() == calm


@pytest.mark.parametrize(("age", "calm"), [(10, (0, KEEN)), (40, (40, STEADY))])
def test_while_the_last_ones_are_new_they_are_watched_closely(play, clock, age, calm):
    reader = FakeReader("logs")
    driver = play(reader, logs=[])
    driver.tick()
    driver.machine.states["logs"].begun_at = clock.now
    clock.now += age
    driver.tick()
    assert driver.calm() == calm


def test_a_stack_that_may_be_asked_for_is_not_calm(play, clock):
    driver = play(FakeReader("vpc"), vpc=[])
    driver._gates.closed = ["1 network interface is left"] * 5
    state = driver.machine.states["vpc"]
    state.spec = replace(state.spec, only_when=("network_interfaces_gone",))
    driver.tick()
    clock.now += 60
    driver.tick()
    assert driver.calm() == (0, STEADY)


def test_stacks_that_wait_for_others_are_not_looked_at(play):
    reader = FakeReader("web", "vpc")
    driver = play(reader, web=[], vpc=["web"])
    driver.tick()
    reader.calls.clear()
    driver.tick()
    assert "described" not in reader.calls and reader.calls.count("by_id") == 1


def test_what_the_gates_need_is_made_once_all_that_can_go_was_asked_for(play):
    driver = play(FakeReader("web", "vpc"), web=[], vpc=["web"])
    driver.tick()
    assert driver._gates.prepared == [["web", "vpc"]]
    assert driver.machine.states["web"].asked
