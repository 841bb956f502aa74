# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import machine as m
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.machine import DeploymentMachine
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.types import Brief
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.types import DeploymentView
from hypothesis import given, settings
from hypothesis import strategies as st


def machine(clock, **more):
    return DeploymentMachine("web:2", ["old"], clock, 60, **more)


def seen(status, arn="new"):
    return DeploymentView(arn, status)


def test_it_is_found_by_what_it_leads_to(clock):
    one = machine(clock)
    newer = [Brief("new2", "IN_PROGRESS", "r3"), Brief("new", "STOPPED", "r2")]
    one.observe_list([*newer, Brief("old", "SUCCESSFUL", "r1")])
    assert one.to_find() and one.to_resolve() == ["r2", "r3"]
    one.observe_revisions({"r3": "web:3", "r2": "web:2"})
    assert one.arn == "new" and not one.to_find() and one.to_resolve() == []


def test_one_that_ecs_does_not_show_yet_is_looked_for_again(clock):
    one = machine(clock)
    one.observe_list([Brief("old", "SUCCESSFUL", "r1")])
    assert one.to_find() and one.to_resolve() == [] and one.to_stop() == ""
    one.observe_list([Brief("other", "PENDING", "r3")])
    one.observe_revisions({"r3": "web:3"})
    assert one.to_find() and one.to_resolve() == []


@pytest.mark.parametrize("status", sorted(t.ONGOING))
def test_it_goes_on(clock, status):
    one = machine(clock, arn="new")
    one.observe(seen(status))
    one.observe_time()
    assert not one.finished() and one.to_stop() == ""


@pytest.mark.parametrize(
    ("status", "back", "outcome"),
    [
        (t.SUCCESSFUL, False, m.DONE),
        (t.STOPPED, False, m.FAILED),
        (t.ROLLED_BACK, False, m.FAILED),
        (t.ROLLBACK_FAILED, False, m.FAILED),
        (t.SUCCESSFUL, True, m.FAILED),
        (t.STOPPED, True, m.FAILED),
        (t.ROLLED_BACK, True, m.DONE),
        (t.ROLLBACK_FAILED, True, m.FAILED),
    ],
)
def test_its_end(clock, status, back, outcome):
    one = machine(clock, arn="new", back=back)
    one.observe(seen(status))
    assert one.outcome == outcome and one.went_back() is (status == t.ROLLED_BACK)


def test_a_state_that_nobody_knows_of_is_no_success(clock):
    one = machine(clock, arn="new")
    one.observe(seen("DONE_SOMEHOW"))
    assert one.outcome == m.FAILED


def test_it_is_gone(clock):
    one = machine(clock, arn="new")
    one.observe(None)
    assert one.outcome == m.GONE


@pytest.mark.parametrize("status", sorted(t.ONGOING))
def test_only_what_still_goes_forward_is_rolled_back_and_once(clock, status):
    one = machine(clock, arn="new", back=True)
    assert one.to_stop() == ""  # not seen yet
    one.observe(seen(status))
    assert one.to_stop() == ("new" if status in t.STOPPABLE else "")
    one.stopped()
    assert one.to_stop() == ""


def test_when_the_time_is_over_it_fails(clock):
    one = machine(clock, arn="new")
    one.observe(seen("IN_PROGRESS"))
    clock.now += 60
    one.observe_time()
    assert one.outcome == m.LATE and one.to_stop() == "" and not one.late


def test_when_the_time_is_over_it_is_rolled_back_and_has_as_long_again(clock):
    one = machine(clock, arn="new", return_late=True)
    one.observe(seen("IN_PROGRESS"))
    clock.now += 60
    one.observe_time()
    assert not one.finished() and one.late and one.to_stop() == "new" and one.time_left() == 60
    one.stopped()
    one.observe(seen("ROLLBACK_IN_PROGRESS"))
    clock.now += 60
    one.observe_time()
    assert one.outcome == m.LATE


def test_one_that_ecs_rolls_back_already_is_waited_for_no_longer(clock):
    one = machine(clock, arn="new", return_late=True)
    one.observe(seen("ROLLBACK_IN_PROGRESS"))
    clock.now += 60
    one.observe_time()
    assert one.outcome == m.LATE and not one.late


def test_one_that_was_not_found_in_time_is_rolled_back_when_it_is(clock):
    one = machine(clock, return_late=True)
    clock.now += 60
    one.observe_time()
    assert not one.finished() and one.to_stop() == ""
    one.arn = "new"
    one.observe(seen("IN_PROGRESS"))
    assert one.to_stop() == "new"


def test_a_refusal_to_roll_back_ends_it_unless_it_has_ended(clock):
    one = machine(clock, arn="new", back=True)
    one.observe(seen("IN_PROGRESS"))
    one.not_stopped("no")
    assert one.to_stop() == "" and not one.finished()
    one.observe(seen("IN_PROGRESS"))
    assert one.outcome == m.FAILED and one.stop_problem == "no"
    one = machine(clock, arn="new", back=True)
    one.observe(seen("IN_PROGRESS"))
    one.not_stopped("no")
    one.observe(seen(t.ROLLED_BACK))
    assert one.outcome == m.DONE


def test_it_is_told_once_of_what_has_changed(clock):
    told = []
    one = machine(clock, arn="new", told=told.append)
    for status in ("PENDING", "PENDING", "IN_PROGRESS"):
        one.observe(seen(status))
    assert [view.status for view in told] == ["PENDING", "IN_PROGRESS"]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


STATUSES = st.sampled_from([*sorted(t.ONGOING), t.SUCCESSFUL, t.STOPPED, t.ROLLED_BACK, t.ROLLBACK_FAILED])


@settings(max_examples=300)
@given(st.lists(st.tuples(st.none() | STATUSES, st.integers(0, 50)), max_size=12), st.booleans(), st.booleans())
def test_whatever_is_seen_only_its_own_success_is_one(looks, back, return_late):
    """And it ends in time, asks at most once, and asks for nothing after its end."""
    clock = Clock()
    one = machine(clock, arn="new", back=back, return_late=return_late)
    asked, last = 0, None
    for status, seconds in looks:
        clock.now += seconds
        last = status
        one.observe(seen(status) if status else None)
        if not one.finished() and one.to_stop():
            assert status in t.STOPPABLE and (back or one.late)
            asked += 1
            one.stopped()
        one.observe_time()
        if one.finished():
            break
    assert asked <= 1
    assert (one.outcome == m.DONE) == (one.finished() and last == (t.ROLLED_BACK if back else t.SUCCESSFUL))
    for _turn in range(2):
        clock.now += 60
        one.observe_time()
    assert one.finished() and not (asked and not back and not return_late)


def test_it_is_followed_on_after_it_was_successful(clock):
    one = machine(clock, arn="new", hold=30)
    one.observe(seen(t.SUCCESSFUL))
    assert one.holds() and not one.finished() and one.time_left() == 30
    clock.sleep(29)
    one.observe(seen(t.SUCCESSFUL))
    one.observe_time()
    assert one.holds() and one.time_left() == 1
    clock.sleep(1)
    one.observe_time()
    assert one.outcome == m.DONE and not one.holds()


@pytest.mark.parametrize(
    ("hold", "back", "outcome"), [(30, True, m.UNWANTED), (0, True, m.UNWANTED), (30, False, m.FAILED)]
)
def test_one_that_was_successful_and_must_not_stay(clock, hold, back, outcome):
    one = machine(clock, arn="new", hold=hold)
    one.observe(seen(t.SUCCESSFUL))
    one.give_up(back)
    assert one.outcome == outcome and one.to_stop() == ""


def test_one_under_way_that_must_not_stay_is_rolled_back_with_the_time_again(clock):
    one = machine(clock, arn="new", hold=30)
    one.observe(seen("IN_PROGRESS"))
    clock.sleep(50)
    one.give_up(True)
    assert one.to_stop() == "new" and one.time_left() == 60
    one.stopped()
    one.observe(seen(t.ROLLED_BACK))
    assert one.outcome == m.FAILED and one.went_back()


def test_one_under_way_that_is_only_told_of_is_not_stopped(clock):
    one = machine(clock, arn="new", hold=30)
    one.observe(seen("IN_PROGRESS"))
    one.give_up(False)
    assert one.outcome == m.FAILED and one.to_stop() == ""


def test_one_that_ends_before_it_can_be_stopped_is_unwanted(clock):
    one = machine(clock, arn="new", hold=30)
    one.observe(seen("IN_PROGRESS"))
    one.give_up(True)
    one.not_stopped("it has ended")
    one.observe(seen(t.SUCCESSFUL))
    assert one.outcome == m.UNWANTED


def test_another_deployment_ends_its_trial(clock):
    one = machine(clock, arn="new", hold=30)
    one.observe(seen(t.SUCCESSFUL))
    one.observe_others("new")
    assert one.holds()
    one.observe_others("newer")
    assert one.outcome == m.REPLACED
    one.give_up(True)
    assert one.outcome == m.REPLACED


def test_its_trial_goes_on_while_a_probe_is_in_doubt_but_not_for_ever(clock):
    one = machine(clock, arn="new", hold=10)
    one.observe(seen(t.SUCCESSFUL))
    one.doubt(30)
    clock.sleep(11)
    one.observe_time()
    assert one.holds() and one.time_left() == 29
    one.doubt(0)
    one.observe_time()
    assert one.outcome == m.DONE
    other = machine(clock, arn="new", hold=10)
    other.observe(seen(t.SUCCESSFUL))
    other.doubt(30)
    clock.sleep(40)
    other.observe_time()
    assert other.outcome == m.DONE
