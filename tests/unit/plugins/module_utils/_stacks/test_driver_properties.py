# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs against a CloudFormation that keeps its rules: killed, rivalled, throttled, they still end, truly."""

from __future__ import annotations

import itertools
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.driver import StackDriver
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.machine import StackMachine
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils.simulated import OUTSIDE, TOKENS_IN_EVENTS, CloudFormation, Stack, Thing

NAMES = ("a", "b", "c")
STATUSES = ("CREATE_COMPLETE", "ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS", t.DELETE_IN_PROGRESS, t.DELETE_FAILED)
MESH, PLAIN = "AWS::AppMesh::Route", "AWS::EC2::Subnet"
FOR_EVER = 99
OPTIONS = t.Options(retain_on_failure=("AWS::AppMesh::*",))
TOKENS = itertools.count()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Gates:
    """Each is closed for some looks. ``passed``: stacks whose gate was seen open at the last look."""

    def __init__(self, data: Any) -> None:
        self.left = {name: data.draw(st.integers(0, 4), label="looks at a closed gate") for name in NAMES}
        self.passed: set[str] = set()

    def prepare(self, states: list[StackState]) -> None:
        pass

    def why_closed(self, state: StackState) -> str:
        self.left[state.spec.name] -= 1
        if self.left[state.spec.name] >= 0:
            return "something is left in it"
        self.passed.add(state.spec.name)
        return ""


class World:
    """An account with three stacks, its clock, and whatever runs are under way.

    ``hopeless``: some of what is wrong does not pass.
    """

    def __init__(self, data: Any, hopeless: bool = False) -> None:
        self.data = data
        self.clock = Clock()
        self.gates = Gates(data)
        self.troubles = data.draw(st.integers(0, 12), label="calls that fail")
        self.edges = {
            name: tuple(other for other in NAMES[:index] if data.draw(st.booleans()))
            for index, name in enumerate(NAMES)
        }
        stacks = [self._stack(name, hopeless) for name in NAMES]
        tokens = data.draw(st.sampled_from(TOKENS_IN_EVENTS), label="tokens")
        self.cloud = CloudFormation(stacks, self._luck, lambda: data.draw(st.integers(0, 3)), tokens)

    def _stack(self, name: str, hopeless: bool) -> Stack:
        draw = self.data.draw
        passing = draw(st.lists(st.sampled_from(("Internal Failure", "DependencyViolation")), max_size=1))
        final = draw(st.sampled_from((0, 0, FOR_EVER))) if hopeless else 0
        gone = st.sampled_from((0, FOR_EVER))
        things = {
            "Mesh": Thing(MESH, ["App Mesh is gone"] * draw(gone)),
            "Route": Thing(MESH, ["App Mesh is gone"] * draw(gone), needs=("Mesh",)),
            "Subnet": Thing(PLAIN, passing or ["not authorized"] * final),
        }
        stack = Stack(name, things, ticks=draw(st.integers(1, 4)), status=draw(st.sampled_from(STATUSES)))
        if hopeless:
            stack.protected = draw(st.sampled_from((False, False, True)))
            importers = st.sampled_from((OUTSIDE, *(other for other in NAMES if other != name)))
            stack.used_by = tuple(draw(st.lists(importers, min_size=1, max_size=2, unique=True)))
        else:
            stack.used_by = NAMES[: NAMES.index(name)]  # none of which comes after it
        stack.export_shows = draw(st.sampled_from(("", "", "", "refuse", "bounce", "fail")))
        stack.enter(stack.status)
        stack.old, stack.left = "CREATE_COMPLETE", stack.ticks
        return stack

    def _luck(self) -> str | None:
        if not self.troubles:
            return None
        what = self.data.draw(st.sampled_from((None, None, "before", "after")))
        self.troubles -= what is not None
        return what

    def run(self) -> StackDriver:
        """A run that has had its first look."""
        specs = [t.StackSpec(name, after, only_when=("gate",)) for name, after in self.edges.items()]
        machine = StackMachine(specs, OPTIONS, self.clock, lambda: f"token-{next(TOKENS)}")
        machine.begin(self.cloud.listing())
        return StackDriver(machine, self.cloud, self.cloud, self.gates, dict.fromkeys)  # type: ignore[arg-type]

    def go_on(self, *drivers: StackDriver, ticks: int = 2000) -> None:
        """Until all of them have finished, or so many ticks."""
        for number in range(ticks):
            waiting = [driver for driver in drivers if not driver.finished()]
            if not waiting:
                return
            self.clock.now += 2
            self.cloud.tick()
            for driver in waiting:
                driver.tick()

    def check(self, driver: StackDriver) -> None:
        """What the run says is the truth."""
        assert driver.finished(), "it does not end"
        truth = {stack.name: stack for stack in self.cloud.everything if stack.number == 1}
        for name, state in driver.machine.states.items():
            if state.outcome in (*t.WENT, t.RECREATED):
                assert truth[name].status == t.DELETE_COMPLETE
            else:
                assert truth[name].status != t.DELETE_COMPLETE, state.reason
                assert state.reason
        for request in self.cloud.deletions:
            assert request.name in self.gates.passed
            for other in self.edges[request.name]:
                assert truth[other].status == t.DELETE_COMPLETE
            for name in request.retain:
                assert truth[request.name].things[name].type == MESH


def outcomes(driver: StackDriver) -> set[str]:
    return {state.outcome for state in driver.machine.states.values()}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_fails_the_run_ends_and_tells_the_truth(data: Any) -> None:
    world = World(data, hopeless=True)
    driver = world.run()
    world.go_on(driver)
    world.check(driver)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_runs_that_are_killed_at_any_moment_are_finished_by_the_next(data: Any) -> None:
    world = World(data)
    for number in range(data.draw(st.integers(1, 4), label="kills")):
        world.go_on(world.run(), ticks=data.draw(st.integers(0, 12)))
    last = world.run()
    world.go_on(last)
    world.check(last)
    assert outcomes(last) <= t.WENT


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_two_runs_at_once_both_end_well(data: Any) -> None:
    world = World(data)
    first = world.run()
    world.go_on(first, ticks=data.draw(st.integers(0, 8), label="head start"))
    second = world.run()
    world.go_on(first, second)
    for driver in (first, second):
        world.check(driver)
        assert outcomes(driver) <= t.WENT


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_somebody_makes_anew_is_never_deleted(data: Any) -> None:
    world = World(data)
    driver = world.run()
    while not driver.finished():
        world.go_on(driver, ticks=1)
        gone = [stack.name for stack in world.cloud.everything if stack.status == t.DELETE_COMPLETE]
        for name in gone:
            if name not in world.cloud.stacks and data.draw(st.booleans()):
                world.cloud.make_anew(name)
    world.troubles = 0
    driver.look_for_new_ones()
    world.check(driver)
    for stack in world.cloud.everything:
        if stack.number > 1:
            assert stack.status == "CREATE_COMPLETE"
            assert driver.machine.states[stack.name].outcome == t.RECREATED
    assert all(request.stack_id.endswith("/1") for request in world.cloud.deletions)
