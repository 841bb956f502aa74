# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.rate import Rate


def test_never_more_calls_within_the_window(clock):
    rate = Rate(3, 1.0, clock, clock.sleep)
    moments = []
    for pause in [0, 0, 0.1, 0, 0, 0, 0.7, 0, 0, 5, 0, 0, 0]:
        clock.now += pause
        rate.wait()
        moments.append(clock.now)
    assert all(fourth - first >= 1.0 - 1e-9 for first, fourth in zip(moments, itertools.islice(moments, 3, None)))


def test_calls_that_are_rare_do_not_wait(clock):
    rate = Rate(3, 1.0, clock, clock.sleep)
    for _unused in range(9):
        rate.wait()
        clock.now += 0.34
    assert clock.slept == []
