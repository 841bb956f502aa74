# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that brings stacks to what a manifest says, told what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.machine import Due, Machine
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.verdict import verdict
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackView

NOW = datetime(2026, 11, 26, tzinfo=timezone.utc)


def view(name: str, status: str, tag: str = "shop", number: int = 1, updated: int = 0) -> StackView:
    return StackView(
        stack_id=f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/{number}",
        name=name,
        status=status,
        reason="because" if "ROLLBACK" in status else "",
        tags={"workshop:lifecycle": tag} if tag else {},
        updated=NOW + timedelta(seconds=updated) if updated else None,
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def machine(clock: Clock, *views: StackView, replace: bool = False, **after: tuple[str, ...]) -> Machine:
    found = Machine(after or {"a": (), "b": ("a",), "c": ()}, "shop", replace, [], 60, clock)
    found.first({item.name: item for item in views})
    return found


def due(found: Machine) -> list[tuple[str, str]]:
    return [(item.name, item.operation) for item in found.due()]


def ask(found: Machine, clock: Clock) -> None:
    for item in found.due():
        stack = item.view or view(item.name, "")
        found.asked(item.name, item.operation, stack.stack_id)


def statuses(found: Machine) -> dict[str, str]:
    return {name: state.status for name, state in found.states.items()}


def test_a_stack_is_asked_for_when_all_stand_that_it_comes_after(clock: Clock) -> None:
    found = machine(clock)
    assert due(found) == [("a", "create"), ("c", "create")]
    ask(found, clock)
    assert due(found) == []
    found.observe({"a": view("a", "CREATE_IN_PROGRESS"), "c": view("c", "CREATE_COMPLETE")})
    assert due(found) == [] and statuses(found) == {"a": "pending", "b": "pending", "c": "created"}
    clock.now = 31
    found.observe({"a": view("a", "CREATE_COMPLETE")})
    assert due(found) == [("b", "create")] and found.states["a"].seconds == 31
    assert not found.finished()


def test_a_failure_waits_for_its_reason_and_takes_along_what_comes_after_it(clock: Clock) -> None:
    found = machine(clock)
    ask(found, clock)
    found.observe({"a": view("a", "ROLLBACK_COMPLETE"), "c": view("c", "CREATE_COMPLETE")})
    assert [state.name for state in found.unexplained()] == ["a"] and not found.finished()
    found.states["a"].explained = True
    assert due(found) == [] and statuses(found) == {"a": "failed", "b": "skipped", "c": "created"}
    assert found.states["b"].reason == "it comes after a" and found.finished()


def test_an_update_that_does_not_show_yet_is_not_taken_for_its_end(clock: Clock) -> None:
    before = view("a", "UPDATE_COMPLETE", updated=1)
    found = machine(clock, before, a=())
    assert found.due() == [Due("a", "update", before)]
    found.asked("a", "update", before.stack_id)
    found.observe({"a": before})
    assert statuses(found) == {"a": "pending"}
    found.observe({"a": replace(before, status="UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")})
    assert statuses(found) == {"a": "pending"}
    found.observe({"a": before})
    assert statuses(found) == {"a": "updated"}


@pytest.mark.parametrize(
    ("after", "status"), [("UPDATE_COMPLETE", "updated"), ("UPDATE_ROLLBACK_COMPLETE", "failed")]
)
def test_an_update_that_has_ended_at_once_is_seen_by_its_time(clock: Clock, after: str, status: str) -> None:
    before = view("a", after, updated=1)
    found = machine(clock, before, a=())
    found.asked("a", "update", before.stack_id)
    found.observe({"a": view("a", after, updated=2)})
    assert statuses(found) == {"a": status}


def test_a_status_that_stays_is_believed_at_last(clock: Clock) -> None:
    before = view("a", "UPDATE_COMPLETE", updated=1)
    found = machine(clock, before, a=())
    ask(found, clock)
    for _look in range(4):
        assert statuses(found) == {"a": "pending"}
        found.observe({"a": before})
    assert statuses(found) == {"a": "updated"}


def test_what_an_earlier_run_has_begun_is_waited_for_and_then_updated(clock: Clock) -> None:
    found = machine(clock, view("a", "CREATE_IN_PROGRESS"), a=())
    assert due(found) == [] and found.states["a"].joined and [item.name for item in found.under_way()] == ["a"]
    found.observe({"a": view("a", "CREATE_COMPLETE")})
    assert due(found) == [("a", "update")]
    found.unchanged("a")
    assert statuses(found) == {"a": "unchanged"} and found.finished()


def test_what_ends_badly_while_it_is_waited_for_is_refused(clock: Clock) -> None:
    found = machine(clock, view("a", "ROLLBACK_IN_PROGRESS"), a=())
    due(found)
    found.observe({"a": view("a", "ROLLBACK_COMPLETE")})
    assert due(found) == [] and statuses(found) == {"a": "refused"}


def test_a_dead_stack_is_deleted_by_its_id_and_made_anew(clock: Clock) -> None:
    dead = view("a", "ROLLBACK_COMPLETE")
    found = machine(clock, dead, replace=True, a=())
    assert due(found) == [("a", "delete")]
    found.asked("a", "delete", dead.stack_id)
    found.observe({"a": view("a", "DELETE_IN_PROGRESS")})
    found.observe({})
    assert due(found) == [], "not in a list is not gone"
    found.gone("a")
    assert due(found) == [("a", "create")]
    found.asked("a", "create", view("a", "", number=2).stack_id)
    found.observe({"a": view("a", "CREATE_COMPLETE", number=2)})
    assert statuses(found) == {"a": "replaced"}


@pytest.mark.parametrize("before", ["ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_a_dead_stack_that_does_not_go_has_failed(clock: Clock, before: str) -> None:
    dead = view("a", before)
    found = machine(clock, dead, replace=True, a=())
    ask(found, clock)
    found.observe({"a": dead})
    found.observe({"a": view("a", "DELETE_IN_PROGRESS")})
    assert statuses(found) == {"a": "pending"}
    found.observe({"a": view("a", "DELETE_FAILED")})
    assert statuses(found) == {"a": "failed"} and found.unexplained()


def test_what_is_asked_for_and_never_shows_has_been_deleted(clock: Clock) -> None:
    found = machine(clock, a=())
    ask(found, clock)
    for _look in range(3):
        found.observe({})
        assert statuses(found) == {"a": "pending"}
    found.observe({"a": view("a", "CREATE_COMPLETE", number=9)})
    assert statuses(found) == {"a": "failed"}
    assert found.states["a"].reason == "somebody else has deleted it meanwhile"


@pytest.mark.parametrize("joined", [True, False])
def test_a_wait_that_runs_out_says_for_what(clock: Clock, joined: bool) -> None:
    found = machine(clock, *([view("a", "CREATE_IN_PROGRESS")] if joined else []))
    ask(found, clock)
    clock.now = 60
    found.observe({"a": view("a", "CREATE_IN_PROGRESS"), "c": view("c", "CREATE_COMPLETE")})
    assert due(found) == [] and statuses(found) == {"a": "timed_out", "b": "skipped", "c": "created"}
    assert found.states["a"].reason == "it is still CREATE_IN_PROGRESS after 60 s"


def test_one_that_is_there_and_does_not_show_is_not_waited_for_without_end(clock: Clock) -> None:
    found = machine(clock, a=())
    found.hold("a")
    clock.now = 60
    found.observe({})
    assert statuses(found) == {"a": "timed_out"} and found.states["a"].reason == "it is still not there after 60 s"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("CREATE_COMPLETE", "update"),
        ("UPDATE_ROLLBACK_COMPLETE", "update"),
        ("UPDATE_IN_PROGRESS", "wait"),
        ("DELETE_IN_PROGRESS", "wait"),
        ("ROLLBACK_FAILED", "refuse"),
        ("REVIEW_IN_PROGRESS", "refuse"),
        ("UPDATE_ROLLBACK_FAILED", "refuse"),
    ],
)
def test_what_is_to_become_of_a_stack(status: str, kind: str) -> None:
    assert verdict(view("a", status), "shop", False, []).kind == kind
    assert verdict(view("a", status, tag=""), "shop", True, []).kind == "refuse"
    assert verdict(view("a", status, tag=""), "shop", False, ["a"]).kind == kind


def test_one_that_can_only_be_brought_back_is_never_replaced() -> None:
    assert verdict(view("a", "ROLLBACK_FAILED"), "shop", True, []).kind == "replace"
    assert verdict(view("a", "UPDATE_ROLLBACK_FAILED"), "shop", True, []).kind == "refuse"
    said = verdict(view("a", "CREATE_COMPLETE", tag="blue"), "shop", False, [])
    assert "of the workshop blue" in said.reason
