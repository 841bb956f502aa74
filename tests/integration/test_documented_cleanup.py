# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator is honest: the workshop's documented cleanup leaves on it what it leaves on AWS."""

from __future__ import annotations

from tests.emulator import Emulator
from tests.workshop import deploy, whats_left
from tests.workshop.documented_cleanup import clean_up


def _wait_until_quiet(emulator: Emulator) -> dict[str, str]:
    """The status of every stack of the workshop once none is in progress any more."""
    cloudformation = emulator.client("cloudformation")

    def statuses() -> dict[str, str]:
        pages = cloudformation.get_paginator("describe_stacks").paginate()
        return {stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]}

    emulator.wait_until(lambda: not any(s.endswith("_IN_PROGRESS") for s in statuses().values()), 3600)
    return statuses()


def test_it_ends_without_an_error_and_leaves_the_cluster() -> None:
    with Emulator(time_scale=0.02) as emulator:
        deploy(emulator)
        clean_up(emulator, poll=0.2)
        statuses = _wait_until_quiet(emulator)

        assert statuses == {"cuddlekube-ecs": "DELETE_FAILED"}
        left = whats_left(emulator)
        assert left["clusters"]
        assert left["log groups"] == ["/aws/ecs/containerinsights/cuddlekube/performance"]
