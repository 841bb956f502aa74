# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.probes import Answer
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.trial import Trial, takes_traffic
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.types import DeploymentView

from tests.unit.plugins.module_utils._deployment.test_probes import one


class Answers:
    """What has come and was not taken yet."""

    def __init__(self) -> None:
        self.waiting: list[Answer] = []

    def add(self, came: float, problem: str = "status 400") -> None:
        self.waiting.append(Answer(0, came, f"2026-10-01T16:00:{int(came):02}.000+00:00", 400, problem))

    def answers(self) -> list[Answer]:
        found, self.waiting = self.waiting, []
        return found

    def start(self) -> None: ...

    def stop(self) -> None: ...


def seen(status: str = "IN_PROGRESS", running: int = 0, **more: Any) -> DeploymentView:
    return DeploymentView("new", status, running=running, **more)


@pytest.mark.parametrize(
    ("view", "taken"),
    [
        (seen(), False),
        (seen(running=1), True),
        (seen(running=2, stage="SCALE_UP"), False),
        (seen(running=2, stage="TEST_TRAFFIC_SHIFT"), False),
        (seen(running=2, stage="PRODUCTION_TRAFFIC_SHIFT"), True),
        (seen(running=2, stage="BAKE_TIME"), True),
        (seen("ROLLBACK_IN_PROGRESS", running=2, stage="PRODUCTION_TRAFFIC_SHIFT"), True),
        (seen("SUCCESSFUL", running=2, stage="CLEAN_UP"), True),
        (seen("ROLLBACK_SUCCESSFUL", stage="BAKE_TIME"), False),
    ],
)
def test_when_a_version_takes_traffic(view: DeploymentView, taken: bool) -> None:
    assert takes_traffic(view) is taken


def test_only_what_comes_while_it_takes_traffic_judges(clock) -> None:
    answers = Answers()
    trial = Trial([one(failures=2)], answers, clock)
    answers.add(clock())
    trial.observe(seen())
    trial.listen()
    clock.sleep(5)
    answers.add(clock())
    trial.observe(seen())
    clock.sleep(2)
    answers.add(clock())  # it may be in service already
    clock.sleep(3)
    trial.observe(seen(running=1))
    trial.listen()
    assert not trial.verdict and trial.as_result()[0]["requests_before"] == 2
    answers.add(clock() + 1)
    trial.listen()
    assert trial.verdict.startswith("GET https://shop/orders failed 2 of 2 times")
    clock.sleep(7)
    trial.observe(seen("ROLLBACK_IN_PROGRESS"))
    answers.add(clock())
    trial.listen()
    assert trial.as_result()[0]["requests"] == 2 and trial.seconds == 12
    assert [event["kind"] for event in trial.events] == [
        "deployment", "in_service", "probe", "deployment", "out_of_service",
    ]  # fmt: skip


def test_the_way_back_ends_when_none_of_its_tasks_runs(clock) -> None:
    trial = Trial([], Answers(), clock)
    trial.observe(seen(t.SUCCESSFUL, running=2))
    clock.sleep(5)
    trial.observe_way_back(seen(source_running=2))
    clock.sleep(5)
    trial.observe_way_back(seen(source_running=0))
    clock.sleep(5)
    assert trial.seconds == 10
    trial.observe_way_back(seen(source_running=1))
    assert trial.seconds == 15


def test_an_alarm_is_told_once_and_judges(clock) -> None:
    trial = Trial([], Answers(), clock)
    trial.observe_alarms({"a": "OK", "b": "INSUFFICIENT_DATA"})
    assert not trial.verdict and trial.seconds == 0
    for _look in range(2):
        trial.observe_alarms({"a": "ALARM", "b": "OK"})
    assert trial.verdict == "In ALARM after the deployment had ended: a." and len(trial.events) == 1


def test_probes_that_say_little_are_told(clock) -> None:
    answers = Answers()
    trial = Trial([one()], answers, clock)
    answers.add(clock())
    trial.listen()
    assert [words.partition(" orders")[0] for words in trial.warnings()] == [
        "GET https://shop/orders failed 1 of 1 times before the new version took traffic.",
        "GET https://shop/orders was never answered while the new version took traffic.",
    ]


def test_one_whose_tasks_have_all_crashed_after_its_deployment_is_judged_by_what_users_get(clock) -> None:
    answers = Answers()
    trial = Trial([one(failures=2)], answers, clock)
    trial.observe(seen(t.SUCCESSFUL, running=2, requested=2))
    for _look in range(2):
        clock.sleep(5)
        answers.add(clock(), "status 503")
        trial.observe(seen(t.SUCCESSFUL, requested=2))
        trial.listen()
    assert "failed 2 of 2 times" in trial.verdict and trial.seconds == 10


def test_one_whose_tasks_come_and_go_is_judged_all_the_while_but_not_on_its_way_back(clock) -> None:
    answers = Answers()
    trial = Trial([one(failures=9)], answers, clock)
    trial.observe(seen(running=1, requested=2))
    for view in (seen(requested=2), seen("ROLLBACK_IN_PROGRESS", requested=2)):
        clock.sleep(5)
        answers.add(clock(), "status 503")
        trial.observe(view)
        trial.listen()
    assert trial.as_result()[0]["requests"] == 1


def test_a_trial_is_in_doubt_until_each_probe_could_have_failed_and_does_not_end_with_failures(clock) -> None:
    answers = Answers()
    trial = Trial([one(failures=3, timeout=2.0, interval=4.0)], answers, clock)
    trial.observe(seen(t.SUCCESSFUL, running=1))
    doubts = []
    for problem in ("", "", "", "status 400", "status 400", "", "status 400"):
        clock.sleep(5)
        answers.add(clock(), problem)
        trial.listen()
        doubts.append(trial.in_doubt())
    assert doubts == [True, True, False, True, True, False, True]
    assert trial.grace() >= 3 * 4 + 2  # seconds in which three answers are sure to come
    assert not Trial([], Answers(), clock).in_doubt() and Trial([], Answers(), clock).grace() == 0
