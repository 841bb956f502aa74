# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which ECS tasks do not end by themselves, with one run of ecs_tasks."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.integration.clusters import Shop
from tests.integration.inprocess import Inside

#: With the emulator's time scale of 0.02, a tick of 0.1 s is 5 AWS seconds.
FAST = {"cluster": "shop", "poll_interval": 0.1, "wait_timeout": 30}
LINGERING, DEAF, LATE = ("s1", "s2", "s3", "s4"), ("s5", "s6"), ("s7",)


@pytest.fixture
def shop(aws: Emulator) -> Shop:
    shop = Shop(aws)
    for number in range(1, 9):
        shop.service(f"s{number}")
    aws.faults.linger(LINGERING)
    aws.faults.ignore_sigterm(DEAF)
    aws.faults.late_task(LATE, seconds=15)
    return shop


def test_tasks_that_linger_are_deaf_or_come_late(aws: Emulator, inside: Inside, shop: Shop) -> None:
    """Drained by their services already, as a deletion that was begun by hand leaves them."""
    for name in LINGERING:
        shop.ecs.update_service(cluster="shop", service=name, desiredCount=0)
    aws.wait_until(lambda: len(shop.statuses("STOPPED", "DEACTIVATING")) == len(LINGERING))

    result = inside("ecs_tasks", **FAST)

    assert not result["failed"], result["msg"]
    assert shop.running() == [] and shop.statuses("STOPPED") == shop.statuses("STOPPED", "STOPPED")
    rows = {(row["group"].removeprefix("service:"), row["last_status_before"]): row for row in result["tasks"]}
    assert {row["last_status"] for row in result["tasks"]} == {"STOPPED"}
    assert {name for name, _before in rows} == {f"s{number}" for number in range(1, 9)}
    told = {name for (name, _before), row in rows.items() if row["action"] == "already_stopping"}
    assert told - set(LATE) == set(LINGERING), "ECS may be quicker to stop the one that came late"
    assert len(result["tasks"]) == 9, "the one that came late is missing"


def test_what_is_refused_for_one_service_or_task_keeps_no_other_from_being_stopped(
    aws: Emulator, inside: Inside, shop: Shop
) -> None:
    """One UpdateService and one StopTask are refused once, Cloud Map gives no answer, and tasks linger."""
    aws.faults.refuse("ecs:UpdateService", "InvalidParameterException", "deployments are active", times=1)
    aws.faults.refuse("ecs:StopTask", "InvalidParameterException", "no", times=1)

    result = inside("ecs_tasks", **FAST)

    assert not result["failed"], result["msg"]
    assert shop.running() == []
    refused = [call.action for call in aws.calls.log if call.error == "InvalidParameterException"]
    assert refused == ["ecs:UpdateService", "ecs:StopTask"]
    assert not any(row["problem"] for row in [*result["services"], *result["tasks"]])


def test_what_is_refused_for_good_is_told_of_each_service_and_its_tasks(
    aws: Emulator, inside: Inside, shop: Shop
) -> None:
    aws.faults.refuse("ecs:UpdateService", "InvalidParameterException", "deployments are active")

    result = inside("ecs_tasks", **FAST)

    (problem,) = {row["problem"] for row in [*result["services"], *result["tasks"]]}
    assert "ecs:UpdateService answered InvalidParameterException: deployments are active" in problem
    assert result["failed"] and result["msg"] == problem
    assert aws.calls.by_action["ecs:UpdateService"] == 2 * len(result["services"])
