# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs against a CloudFormation that keeps its rules: killed, rivalled, throttled, they still end, truly."""

from __future__ import annotations

import itertools
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils import _stack_types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stack_driver import StackDriver
from ansible_collections.workshop.lifecycle.plugins.module_utils._stack_machine import StackMachine
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils.simulated import CloudFormation, Stack, Thing

NAMES = ("a", "b", "c")
MESH, PLAIN = "AWS::AppMesh::Route", "AWS::EC2::Subnet"
FOR_EVER = 99
OPTIONS = t.Options(retain_on_failure=("AWS::AppMesh::*",))
TOKENS = itertools.count()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class World:
    """An account with three stacks, its clock, and whatever runs are under way."""

    def __init__(self, data: Any, hopeless: bool = False) -> None:
        self.data = data
        self.clock = Clock()
        self.troubles = data.draw(st.integers(0, 12), label="calls that fail")
        self.edges = {
            name: tuple(other for other in NAMES[:index] if data.draw(st.booleans()))
            for index, name in enumerate(NAMES)
        }
        stacks = [Stack(name, self._things(hopeless), seconds=data.draw(st.integers(1, 4))) for name in NAMES]
        self.cloud = CloudFormation(stacks, self._luck, lambda: data.draw(st.integers(0, 3)))

    def _things(self, hopeless: bool) -> dict[str, Thing]:
        draw = self.data.draw
        passing = st.lists(st.sampled_from(("Internal Failure", "DependencyViolation")), max_size=1)
        final = draw(st.sampled_from((0, 0, FOR_EVER))) if hopeless else 0
        return {
            "Mesh": Thing(MESH, ["App Mesh is gone"] * draw(st.sampled_from((0, FOR_EVER)))),
            "Route": Thing(MESH, ["App Mesh is gone"] * draw(st.sampled_from((0, FOR_EVER))), needs=("Mesh",)),
            "Subnet": Thing(PLAIN, draw(passing) or ["not authorized"] * final),
        }

    def _luck(self) -> str | None:
        if not self.troubles:
            return None
        what = self.data.draw(st.sampled_from((None, None, "before", "after")))
        self.troubles -= what is not None
        return what

    def run(self) -> StackDriver:
        """A run that has had its first look."""
        specs = [t.StackSpec(name, after) for name, after in self.edges.items()]
        machine = StackMachine(specs, OPTIONS, self.clock, lambda: f"token-{next(TOKENS)}")
        machine.begin({name: view for name, view in self._first_look().items()})
        return StackDriver(machine, self.cloud)

    def _first_look(self) -> dict[str, t.StackView]:
        self.cloud._luck, luck = (lambda: None), self.cloud._luck
        try:
            return self.cloud.list_live()
        finally:
            self.cloud._luck = luck

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
            if state.outcome in t.WENT:
                assert truth[name].status == t.DELETE_COMPLETE
            else:
                assert truth[name].status != t.DELETE_COMPLETE, state.reason
        for request in self.cloud.deletions:
            for other in self.edges[request.name]:
                assert truth[other].status == t.DELETE_COMPLETE
            for name in request.retain:
                assert truth[request.name].things[name].type == MESH


def outcomes(driver: StackDriver) -> set[str]:
    return {state.outcome for state in driver.machine.states.values()}


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_fails_the_run_ends_and_tells_the_truth(data: Any) -> None:
    world = World(data, hopeless=True)
    driver = world.run()
    world.go_on(driver)
    world.check(driver)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_runs_that_are_killed_at_any_moment_are_finished_by_the_next(data: Any) -> None:
    world = World(data)
    for number in range(data.draw(st.integers(1, 4), label="kills")):
        world.go_on(world.run(), ticks=data.draw(st.integers(0, 12)))
    last = world.run()
    world.go_on(last)
    world.check(last)
    assert outcomes(last) <= t.WENT


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_two_runs_at_once_both_end_well(data: Any) -> None:
    world = World(data)
    first = world.run()
    world.go_on(first, ticks=data.draw(st.integers(0, 8), label="head start"))
    second = world.run()
    world.go_on(first, second)
    for driver in (first, second):
        world.check(driver)
        assert outcomes(driver) <= t.WENT
