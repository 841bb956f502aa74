# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time in the emulator: its own rules, which the figures of every other test depend on."""

from __future__ import annotations

import threading
import time

import pytest

from tests.emulator.clock import Clock
from tests.emulator.durations import TABLE, Durations


@pytest.fixture
def clock():
    running = Clock(threading.RLock(), 0.001)
    running.start()
    yield running
    running.stop()


def test_calls_come_in_order_of_time(clock):
    done = threading.Event()
    seen = []
    clock.call_later(30, done.set)
    clock.call_later(20, seen.append, "second")
    clock.call_later(10, seen.append, "first")
    assert done.wait(5)
    assert seen == ["first", "second"]


def test_a_call_sees_the_moment_it_was_due_and_counts_from_there(clock):
    """A machine that is late must not make what AWS does longer."""
    done = threading.Event()
    seen = []

    def tick(left):
        seen.append(clock.now())
        time.sleep(0.01)
        if left:
            clock.call_later(5, tick, left - 1)
        else:
            done.set()

    clock.call_later(5, tick, 3)
    assert done.wait(5)
    assert [later - earlier for earlier, later in zip(seen, seen[1:])] == pytest.approx([5, 5, 5])


def test_a_cancelled_call_never_comes(clock):
    done = threading.Event()
    seen = []
    clock.call_later(5, seen.append, "cancelled").cancel()
    clock.call_later(10, done.set)
    assert done.wait(5)
    assert not seen


def test_clear_forgets_what_is_scheduled(clock):
    done = threading.Event()
    seen = []
    clock.call_later(5, seen.append, "forgotten")
    clock.clear()
    clock.call_later(20, done.set)
    assert done.wait(5)
    assert not seen


def test_a_fault_in_one_call_stops_no_other(clock, capsys):
    done = threading.Event()
    clock.call_later(1, [].pop)
    clock.call_later(2, done.set)
    assert done.wait(5)
    assert isinstance(clock.errors[0], IndexError)
    assert "pop from empty list" in capsys.readouterr().err


def test_a_held_clock_stands_still_until_it_is_advanced(clock):
    seen = []
    clock.pause()
    held = clock.now()
    clock.call_later(10, seen.append, "first")
    clock.call_later(20, seen.append, "second")
    time.sleep(0.05)
    assert (clock.now(), seen) == (held, [])
    clock.advance(10)
    assert (clock.now(), seen) == (held + 10, ["first"])
    clock.sleep(5)
    assert clock.now() == held + 15
    assert clock.step()
    assert (clock.now(), seen) == (held + 20, ["first", "second"])
    assert not clock.step()


def test_a_step_runs_all_of_one_moment_and_what_follows_from_it_at_once(clock):
    seen = []
    clock.pause()
    clock.call_later(5, clock.call_later, 0, seen.append, "followed")
    clock.call_later(5, seen.append, "same moment")
    clock.call_later(6, seen.append, "later")
    clock.call_later(7, seen.append, "cancelled").cancel()
    assert clock.step(until=clock.now() + 5)
    assert seen == ["same moment", "followed"]
    assert not clock.step(until=clock.now() + 0.5)
    assert clock.step()
    assert not clock.step()
    assert seen == ["same moment", "followed", "later"]


def test_a_held_clock_goes_on_from_where_it_was(clock):
    done = threading.Event()
    clock.pause()
    clock.advance(500)
    clock.call_later(20, done.set)
    held = clock.now()
    clock.resume()
    assert done.wait(5)
    assert held + 20 <= clock.now() < held + 5000
    with pytest.raises(RuntimeError, match="not held"):
        clock.advance(1)


def test_no_thread_is_left_after_stop():
    clock = Clock(threading.RLock(), 1.0)
    clock.start()
    clock.call_later(1000, print)
    clock.stop()
    assert "emulator-clock" not in [thread.name for thread in threading.enumerate()]


def test_the_scale_is_real_seconds_per_aws_second():
    clock = Clock(threading.RLock(), 0.5)
    before = clock.now()
    clock.sleep(0.1)
    assert clock.now() - before == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("scale", [0, -1])
def test_the_scale_must_be_above_zero(scale):
    with pytest.raises(ValueError, match="time_scale"):
        Clock(threading.RLock(), scale)


def test_without_a_seed_durations_are_medians():
    assert Durations().draw("ec2.vpc") == TABLE["ec2.vpc"][0]


def test_drawn_durations_depend_on_seed_key_and_name_only():
    first, second = Durations(seed=7), Durations(seed=7)
    second.draw("ec2.subnet", "other")
    assert first.draw("ec2.vpc", "a") == second.draw("ec2.vpc", "a")
    assert first.draw("ec2.vpc", "a") != first.draw("ec2.vpc", "a")


def test_drawn_durations_have_the_median_and_the_slow_value_of_the_table():
    durations = Durations(seed=1)
    drawn = sorted(durations.draw("dynamodb.table", str(number)) for number in range(1000))
    median, slow = TABLE["dynamodb.table"]
    assert drawn[500] == pytest.approx(median, rel=0.1)
    assert drawn[950] == pytest.approx(slow, rel=0.15)


def test_a_duration_can_be_fixed():
    durations = Durations()
    durations.set("ec2.vpc", 99)
    assert durations.draw("ec2.vpc") == 99
    with pytest.raises(KeyError):
        durations.set("no.such.key", 1)


def test_time_can_be_skipped(clock: Clock) -> None:
    """A clock that runs goes on running, one that is held stays so."""
    seen: list[float] = []
    clock.call_later(1000.0, lambda: seen.append(clock.now()))
    before = clock.now()
    clock.skip(5000.0)
    assert seen and not clock.held
    assert clock.now() >= before + 5000.0
    clock.pause()
    clock.skip(10.0)
    assert clock.held
