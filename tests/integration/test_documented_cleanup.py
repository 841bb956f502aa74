# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator is honest: the workshop's documented cleanup leaves on it what it leaves on AWS."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.workshop import deploy, whats_left
from tests.workshop.documented_cleanup import clean_up

TIME_SCALE = 0.15  # slow enough for the requests themselves not to matter


@pytest.mark.slow
def test_it_ends_without_an_error_and_leaves_the_cluster() -> None:
    with Emulator(time_scale=TIME_SCALE) as emulator:
        deploy(emulator)
        clean_up(emulator, poll=30 * TIME_SCALE)

        def ended() -> str | None:
            stack = emulator.client("cloudformation").describe_stacks(StackName="cuddlekube-ecs")["Stacks"][0]
            return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack["StackStatus"]

        assert emulator.wait_until(ended) == "DELETE_FAILED"
        left = whats_left(emulator)
        assert left["clusters"]
        assert "/aws/ecs/containerinsights/cuddlekube/performance" in left["log groups"]
