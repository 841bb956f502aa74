# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._watch import CALM_TICKS
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch import Watch


class Thing:
    def __init__(self, ticks, changes=(), phrase="thing"):
        self.left = ticks
        self.changes = list(changes)
        self.phrase = phrase

    def tick(self):
        self.left -= 1
        return self.changes.pop(0) if self.changes else False

    def finished(self):
        return self.left <= 0

    def waiting_for(self):
        return [] if self.finished() else [self.phrase]


def watch(clock, *things, interval=2.0, timeout=100.0, tell=lambda text: None):
    return Watch(things, interval, timeout, clock, clock.sleep, tell)


def test_nothing_to_wait_for_needs_no_sleep(clock):
    assert watch(clock, Thing(1)).run()
    assert clock.slept == []


def test_all_have_to_finish(clock):
    assert watch(clock, Thing(1), Thing(4)).run()
    assert len(clock.slept) == 3


def test_the_interval_grows_five_times_at_most_and_shrinks_on_a_change(clock):
    ticks = CALM_TICKS + 20
    assert watch(clock, Thing(ticks + 10, [False] * ticks + [True]), timeout=10_000).run()
    assert clock.slept[:CALM_TICKS] == [2.0] * CALM_TICKS
    assert clock.slept[:ticks] == sorted(clock.slept[:ticks])
    assert max(clock.slept) == 10.0 and clock.slept[ticks] == 2.0


def test_the_time_limit_is_kept(clock):
    assert not watch(clock, Thing(10**9), timeout=33.0).run()
    assert sum(clock.slept) == pytest.approx(33.0)
    assert min(clock.slept) > 0


def test_it_tells_what_it_waits_for_now_and_then(clock):
    told = []
    watch(clock, Thing(30, phrase="a 1/2"), Thing(30, phrase="b"), timeout=60, tell=told.append).run()
    assert 2 <= len(told) <= 4 and told[0] == "a 1/2 · b"
