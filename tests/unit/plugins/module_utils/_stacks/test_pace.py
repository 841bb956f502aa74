# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import pace
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.loop import between_tries


@pytest.mark.parametrize(("interval", "seconds"), [(2.0, 10.0), (0.2, 2.0), (0.01, 2.0), (10.0, 50.0)])
def test_what_failed_is_given_seconds_however_often_anyone_looks(interval, seconds):
    assert pace.retry_pause(interval) == seconds


@pytest.mark.parametrize(("interval", "seconds"), [(2.0, 2.0), (0.2, 1.0)])
def test_tries_that_are_counted_are_at_least_a_second_apart(interval, seconds):
    assert between_tries(interval) == seconds
