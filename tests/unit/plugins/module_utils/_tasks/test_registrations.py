# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import Instance
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.registrations import Registrations

ENDED, RUNNING, FORGOTTEN = "a" * 32, "b" * 32, "c" * 32


class FakeRegistry:
    def __init__(self, *instances):
        self.registered = [
            Instance(item, "shop", "eu-central-1") if isinstance(item, str) else item for item in instances
        ]
        self.asked = []
        self.deaf = False
        self.error = None

    def instances(self, service_id):
        if self.error:
            raise self.error
        return list(self.registered)

    def deregister(self, service_id, instance_id):
        self.asked.append(instance_id)
        if not self.deaf:
            self.registered = [item for item in self.registered if item.id != instance_id]
        return "operation"

    def operation(self, operation_id):
        return Outcome("failed", "servicediscovery:DeregisterInstance ended with ACCESS_DENIED: no")


class FakeTasks:
    cluster_arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop"

    def ended(self, ids):
        return {item for item in ids if item != RUNNING}


def registrations(registry, clock):
    return Registrations(registry, FakeTasks(), clock, patience=10)


def test_only_tasks_that_ended_are_deregistered(clock):
    registry = FakeRegistry(ENDED, RUNNING, FORGOTTEN, "by-hand")
    sweeper = registrations(registry, clock)
    assert sweeper.sweep("srv-1")
    assert registry.asked == [ENDED, FORGOTTEN]
    assert sweeper.to_sweep(["srv-1"]) == ["srv-1"]  # deregistering takes its time: look again
    assert not sweeper.sweep("srv-1") and sweeper.to_sweep(["srv-1"]) == []
    assert sweeper.deregistered() == [
        {"service_id": "srv-1", "instance_id": ENDED}, {"service_id": "srv-1", "instance_id": FORGOTTEN}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "theirs",
    [
        Instance(FORGOTTEN, "other", "eu-central-1", "123456789012"),
        Instance(FORGOTTEN, "shop", "us-east-1", "123456789012"),
        Instance(FORGOTTEN, "shop", "eu-central-1", "210987654321"),
    ],
)
def test_a_task_of_another_cluster_region_or_account_is_none_of_ours(clock, theirs):
    registry = FakeRegistry(theirs, Instance(ENDED, "shop", "eu-central-1", "123456789012"))
    registrations(registry, clock).sweep("srv-1")
    assert registry.asked == [ENDED]


def test_an_instance_that_stays_is_told_after_three_tries(clock):
    registry = FakeRegistry(ENDED)
    registry.deaf = True
    sweeper = registrations(registry, clock)
    for second in range(60):
        clock.now += 1
        for service_id in sweeper.to_sweep(["srv-1"]):
            sweeper.sweep(service_id)
    assert registry.asked == [ENDED] * 3
    why = "servicediscovery:DeregisterInstance ended with ACCESS_DENIED: no"
    assert sweeper.problems == {"srv-1": f"Instance {ENDED} stays registered in srv-1. {why}"}


def test_however_short_the_patience_an_instance_is_not_given_up_within_seconds(clock):
    registry = FakeRegistry(ENDED)
    registry.deaf = True
    sweeper = Registrations(registry, FakeTasks(), clock, patience=1)
    for _second in range(29):
        sweeper.sweep("srv-1")
        clock.now += 1
    assert registry.asked == [ENDED] * 3 and sweeper.problems == {}
    clock.now += 1
    sweeper.sweep("srv-1")
    assert list(sweeper.problems) == ["srv-1"]


def test_a_cloud_map_service_that_went_is_clean(clock):
    registry = FakeRegistry(ENDED)
    registry.error = errors.AwsCallError(errors.MISSING, "ServiceNotFound", "gone", "servicediscovery:ListInstances")
    sweeper = registrations(registry, clock)
    assert not sweeper.sweep("srv-1") and sweeper.to_sweep(["srv-1"]) == []


def test_errors_come_through(clock):
    registry = FakeRegistry(ENDED)
    registry.error = errors.AwsCallError(errors.DENIED, "AccessDenied", "no", "servicediscovery:ListInstances")
    with pytest.raises(errors.AwsCallError):
        registrations(registry, clock).sweep("srv-1")


def lost(kind):
    return errors.AwsCallError(kind, "Code", "message", "servicediscovery:ListInstances")


def test_what_does_not_pass_is_a_problem_at_once(clock):
    sweeper = registrations(FakeRegistry(ENDED), clock)
    sweeper.not_swept("srv-1", lost(errors.DENIED))
    assert list(sweeper.problems) == ["srv-1"] and sweeper.to_sweep(["srv-1", "srv-2"]) == ["srv-2"]


def test_what_cannot_be_reached_is_given_up_after_half_a_minute(clock):
    sweeper = registrations(FakeRegistry(ENDED), clock)
    for _look in range(20):
        sweeper.not_swept("srv-1", lost(errors.UNREACHABLE))
        clock.now += 1
    assert sweeper.problems == {}
    clock.now += 11
    sweeper.not_swept("srv-1", lost(errors.UNREACHABLE))
    assert sweeper.problems == {"srv-1": lost(errors.UNREACHABLE).advice()}


def test_what_can_be_reached_again_has_its_time_anew(clock):
    registry = FakeRegistry(ENDED)
    sweeper = registrations(registry, clock)
    for _look in range(5):
        sweeper.not_swept("srv-1", lost(errors.TRANSIENT))
        clock.now += 20
        sweeper.sweep("srv-1")
    assert sweeper.problems == {} or "stays registered" in sweeper.problems["srv-1"]


def test_what_cloud_map_refuses_is_asked_for_again_and_told(clock):
    class Refusing(FakeRegistry):
        def deregister(self, service_id, instance_id):
            self.asked.append(instance_id)
            raise errors.AwsCallError(errors.OTHER, "ResourceInUse", "in use", "servicediscovery:DeregisterInstance")

    registry = Refusing(ENDED)
    sweeper = registrations(registry, clock)
    for _second in range(60):
        clock.now += 1
        for service_id in sweeper.to_sweep(["srv-1"]):
            sweeper.sweep(service_id)
    assert registry.asked == [ENDED] * 3
    assert sweeper.problems["srv-1"].endswith("answered ResourceInUse: in use")
