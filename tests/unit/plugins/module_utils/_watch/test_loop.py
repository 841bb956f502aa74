# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import KEEN
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import SLOW
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import STEADY
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import Watch
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import pause


class Thing:
    def __init__(self, ticks, calm=(), phrase="thing"):
        self.left = ticks
        self.calms = list(calm)
        self.phrase = phrase

    def tick(self):
        self.left -= 1

    def calm(self):
        return self.calms.pop(0) if self.calms else 0.0, STEADY

    def finished(self):
        return self.left <= 0

    def waiting_for(self):
        return [] if self.finished() else [self.phrase]


class TimedThing(Thing):
    """It ends something by itself at the times of a clock."""

    def __init__(self, clock, *ends):
        super().__init__(10**9)
        self.clock = clock
        self.ends = list(ends)
        self.ticks = []

    def tick(self):
        self.ticks.append(self.clock())
        self.ends = [end for end in self.ends if end > self.clock()]

    def finished(self):
        return not self.ends

    def time_left(self):
        return min(self.ends, default=math.inf) - self.clock()


def watch(clock, *things, interval=2.0, timeout=100.0, tell=lambda text: None, timed=None):
    return Watch(things, interval, timeout, clock, clock.sleep, tell, timed)


def test_nothing_to_wait_for_needs_no_sleep(clock):
    assert watch(clock, Thing(1)).run()
    assert clock.slept == []


def test_all_have_to_finish(clock):
    assert watch(clock, Thing(1), Thing(4)).run()
    assert len(clock.slept) == 3


@pytest.mark.parametrize(
    ("calm", "seconds"), [(0, 2), (1, 4), (15, 4), (16, 2), (100, 2), (300, 6), (500, 10), (10**6, 10)]
)
def test_what_is_new_and_what_takes_long_is_looked_at_less_often(calm, seconds):
    assert pause(calm, STEADY, 2.0) == pytest.approx(seconds)


@pytest.mark.parametrize(("pace", "calm", "seconds"), [(KEEN, 0, 1), (KEEN, 10, 4), (KEEN, 20, 1), (SLOW, 20, 4)])
def test_an_end_that_ends_a_wait_is_looked_for_more_often(pace, calm, seconds):
    assert pause(calm, pace, 2.0) == pytest.approx(seconds)


def test_the_participant_with_the_newest_work_sets_the_pace(clock):
    assert watch(clock, Thing(4, [600, 600, 20]), Thing(4, [0, 600, 200])).run()
    assert clock.slept == [2.0, 10.0, 2.0]


def test_who_is_done_does_not_set_the_pace(clock):
    assert watch(clock, Thing(1, [0]), Thing(2, [600])).run()
    assert clock.slept == [10.0]


def test_the_time_limit_is_kept(clock):
    assert not watch(clock, Thing(10**9), timeout=33.0).run()
    assert sum(clock.slept) == pytest.approx(33.0)
    assert min(clock.slept) > 0


def test_who_has_a_time_of_its_own_is_looked_after_until_it_is_done(clock):
    timed = TimedThing(clock, clock.now + 50.5, clock.now + 201)
    assert not watch(clock, Thing(10**9), timeout=33.0, timed=timed).run()
    assert clock.now == pytest.approx(301)
    assert {150.5, 301.0} <= set(timed.ticks), "looked at exactly when it ends something"
    assert min(clock.slept) > 0.01

    timed = TimedThing(clock, clock.now + 10)
    assert not watch(clock, Thing(10**9), timeout=33.0, timed=timed).run()
    assert clock.now == pytest.approx(334), "the others have the time from the start"
    assert watch(clock, Thing(1), timeout=33.0, timed=TimedThing(clock, clock.now + 60)).run()


def test_it_tells_what_it_waits_for_now_and_then(clock):
    told = []
    watch(clock, Thing(30, phrase="a 1/2"), Thing(30, phrase="b"), timeout=60, tell=told.append).run()
    assert 2 <= len(told) <= 4 and told[0] == "a 1/2 · b"
