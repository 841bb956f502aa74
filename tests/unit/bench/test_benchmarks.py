# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark reads off a run, and the limit it is measured against."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.benchmarks import figures, limit
from tests.benchmarks.figures import LIMIT, Figures
from tests.benchmarks.plot import plot
from tests.benchmarks.table import bars, table
from tests.emulator import Emulator
from tests.emulator.timeline import Timeline
from tests.workshop import deploy, whats_left


def run(contender: str, seconds: float, lingering: int = 0, **more: object) -> Figures:
    spans = {"cuddlekube-vpc": [(1.0, seconds)], "cuddlekube-service-feed-api": [(0.0, 1.0)]}
    return Figures(contender, 1, 1.0, lingering, seconds, seconds, spans=spans, **more)  # type: ignore[arg-type]


def test_time_in_several_spans_counts_once_and_none_after_the_end() -> None:
    assert figures.covered([(0, 2), (1, 3), (5, 9)], 6) == 4
    assert figures.covered([], 6) == 0


def test_work_counts_as_at_scale_1_and_waiting_as_it_is() -> None:
    # 10 s of work at scale 0.1 are one real second.
    assert figures.corrected(30, [(10, 30)], 0.1) == pytest.approx(21)
    assert figures.corrected(30, [(10, 30)], 1) == pytest.approx(30)


def test_a_stack_that_is_deleted_twice_has_two_spans() -> None:
    timeline = Timeline()
    steps = (10, "DELETE_IN_PROGRESS"), (20, "DELETE_FAILED"), (30, "DELETE_IN_PROGRESS"), (35, "DELETE_COMPLETE")
    for time, status in steps:
        timeline.add(time, "stack", "a", status)
    timeline.add(36, "stack", "b", "DELETE_IN_PROGRESS")
    assert figures.stack_spans(timeline, 10)["a"] == [(0, 10), (20, 25)]
    assert figures.in_deletion(timeline) == ["b"]


def test_interfaces_of_the_load_balancer_are_waited_for() -> None:
    timeline = Timeline()
    timeline.add(5, "load_balancer", "lb", "deleted")
    timeline.add(43, "interface", "eni-1", "deleted")
    assert figures.under_way(timeline, 0) == [(5, 43)]


def test_the_limit_deletes_everything_in_order_in_no_real_time() -> None:
    with Emulator(time_scale=1) as emulator:
        workshop = deploy(emulator)
        emulator.faults.linger()
        seconds = limit.delete(emulator, workshop)
        gone = {event.name: event.time for event in emulator.timeline.select("stack", status="DELETE_COMPLETE")}
        for stack, needed in limit.edges(workshop).items():
            begun = emulator.timeline.first("stack", stack, "DELETE_IN_PROGRESS").time
            assert all(gone[other] <= begun for other in needed)
        assert not whats_left(emulator)["stacks"]
    assert 100 < seconds < 150


def test_bars_compare_with_the_limit_of_the_same_durations() -> None:
    found = [run(LIMIT, 100), run("ours", 107, cpu=11.0), run(LIMIT, 100, 3), run("ours", 120, 3)]
    lines = bars(found).splitlines()
    assert any("no faults" in line and "1.070" in line and line.endswith(" met") for line in lines)
    assert any("three" in line and "1.200" in line and line.endswith("NOT MET") for line in lines)
    assert any("CPU" in line and line.endswith("NOT MET") for line in lines)


def test_what_depends_on_the_machine_is_told_beside_what_anything_takes_on_it() -> None:
    found = [run(LIMIT, 100), run("ours", 107, second={"seconds": 4.0}, one_module={"seconds": 2.5})]
    second, least = bars(found).splitlines()[-3:-1]
    assert "second run" in second and second.endswith("NOT MET")
    assert "one module" in least and "2.5 (2.5)" in least


def test_table_and_plot_show_every_contender() -> None:
    found = [run(LIMIT, 100), run("ours", 107), run("sceptre", 200, left={"log groups": ["x"]})]
    assert "1.07" in table(found) and "log groups" in table(found)
    text = "".join(ElementTree.fromstring(plot(found)).itertext())
    assert "sceptre" in text and "107 s" in text
