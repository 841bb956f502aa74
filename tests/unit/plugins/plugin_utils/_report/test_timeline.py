# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.timeline import Axis, timeline
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import live, report, stack, task


def rows(made: dict) -> dict[str, dict]:
    drawn = timeline(made)
    return {row["name"]: row for phase in drawn["phases"] for group in phase["groups"] for row in group["rows"]}


def test_bars_share_one_axis():
    made = report()  # from 5 s to 77 s after the start
    assert rows(made)["shop-service-web"]["bar"] == {"x": 0.0, "width": 55.56}
    assert rows(made)["shop-vpc"]["bar"] == {"x": 72.22, "width": 27.78}
    drawn = timeline(made)
    assert drawn["span"] == "1 min 12 s"
    assert [mark["label"] for mark in drawn["marks"]] == ["0:00", "0:15", "0:30", "0:45", "1:00"]
    assert [(phase["label"], phase["spent"]) for phase in drawn["phases"]] == [
        ("Phase 1", "40 s"),
        ("Phase 2", "10 s"),
        ("Phase 3", "20 s"),
    ]


@pytest.mark.parametrize("seconds", [0, 0.4, 1, 3, 59, 61, 600, 5000, 100_000, 10_000_000])
def test_axis_has_few_marks_and_everything_is_on_it(seconds):
    made = report(stacks=[stack("shop-vpc", began=5, seconds=seconds)], tasks=[])
    assert 1 <= len(timeline(made)["marks"]) <= 7 or seconds > 600_000
    assert all(0 <= mark["at"] <= 100 for mark in timeline(made)["marks"])
    drawn = rows(made)["shop-vpc"]["bar"]
    assert 0 <= drawn["x"] < drawn["x"] + drawn["width"] <= 100.001 and drawn["width"] >= 0.6


def test_task_is_drawn_with_the_stack_of_its_service():
    made = report(tasks=[task(1, lingered=True), task(2, group="family:debug"), task(3, group="service:other")])
    assert [item["lingered"] for item in rows(made)["shop-service-web"]["tasks"]] == [True]
    assert rows(made)["shop-service-web"]["notes"] == ["lingered"]
    assert rows(made)["shop-service-api"]["tasks"] == []
    assert [item["name"] for item in timeline(made)["tasks"]] == [
        "task 00000000 (family:debug)",
        "task 00000000 (service:other)",
    ]


def test_crowd_of_tasks_shows_those_that_lingered_first():
    made = report(tasks=[*(task(number) for number in range(20)), task(99, lingered=True)])
    assert [item["lingered"] for item in rows(made)["shop-service-web"]["tasks"]] == [True, False, False, False]


def test_what_was_never_asked_for_has_a_row_without_a_bar():
    made = report({"stacks": [live("shop-vpc")]}, stacks=[stack("shop-cluster", "cluster")])
    assert rows(made)["shop-vpc"] | {"label": ""} == {
        "name": "shop-vpc",
        "state": "left",
        "bar": None,
        "spent": "–",
        "notes": ["left"],
        "tasks": [],
        "label": "",
    }
    assert timeline(made)["absent"] == 2


def test_nothing_deleted_draws_nothing():
    assert timeline(report(operation="verify", stacks=[], tasks=[])) is None
    assert timeline(samples.build({**samples.given(), "stacks": [], "groups": []}, samples.START)) is None


def test_row_of_another_clock_does_not_break_the_axis():
    assert len(Axis([]).marks()) == 2
    assert (
        rows(report(stacks=[stack("shop-vpc", began_at="yesterday")] + [stack("shop-cluster")]))["shop-vpc"]["bar"]
        is None
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (3661, "1 h 1 min"), (-3, "0 s")],
)
def test_duration(seconds, words):
    assert duration(seconds) == words
