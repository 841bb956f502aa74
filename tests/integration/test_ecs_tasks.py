# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_tasks against the emulator: by ansible-playbook, or in this process for the same."""

from __future__ import annotations

import pytest

from tests.integration.clusters import Shop
from tests.integration.running import by_name

#: With the emulator's time scale of 0.02, a tick of 0.1 s is 5 AWS seconds.
FAST = {"cluster": "shop", "poll_interval": 0.1, "wait_timeout": 30}
WRITES = ("ecs:UpdateService", "ecs:StopTask", "servicediscovery:DeregisterInstance")


@pytest.fixture
def shop(aws):
    return Shop(aws)


def writes(aws):
    return {action: aws.calls.by_action[action] for action in WRITES if aws.calls.by_action.get(action)}


BAD = [
    ({}, "missing required arguments: cluster"),
    ({"cluster": " "}, "cluster must not be empty"),
    ({"cluster": "shop", "state": "running"}, "must be one of: stopped"),
    ({"cluster": "shop", "wait_timeout": 0}, "wait_timeout must be more than 0"),
    ({"cluster": "shop", "service": ["web"]}, "service"),
    ({"cluster": "shop", "services": ["arn:aws:ecs:eu-central-1:123456789012:service/shop/web"]}, "no name of"),
    ({"cluster": "shop", "services": ["web", ""]}, "no name of a service"),
]


def test_bad_arguments_are_refused_before_any_call(aws, inside):
    for options, words in BAD:
        result = inside("ecs_tasks", **options)
        assert result["failed"] and words in result["msg"]
    assert aws.calls.total == 0


@pytest.mark.smoke
def test_check_mode_then_change_then_nothing_to_do(aws, modules, shop):
    shop.service("web", 2)
    shop.service("web2")
    shop.standalone()
    options = {"services": ["web", "nope"], **FAST}

    check = modules("ecs_tasks", check=True, diff=True, **options)
    assert check["changed"] and writes(aws) == {}
    assert [row["last_status"] for row in check["tasks"]] == ["STOPPED", "STOPPED"]
    assert "service web: desired count 2\n" in check["diff"]["before"]
    assert "service web: desired count 0\n" in check["diff"]["after"]

    done, again = modules.each("ecs_tasks", [options, options], diff=True)
    assert not done["failed"] and done["changed"] and done["diff"] == check["diff"]
    assert done["services"] == [
        {"name": "web", "desired_count_before": 2, "desired_count": 0, "status": "ACTIVE", "problem": ""},
        {"name": "nope", "desired_count_before": 0, "desired_count": 0, "status": "MISSING", "problem": ""},
    ]
    assert len(done["tasks"]) == 2
    for task in done["tasks"]:
        assert task["seconds"] > 0 and task["group"] == "service:web" and task["action"] == "stopped"
        assert (task["last_status_before"], task["last_status"]) == ("RUNNING", "STOPPED")
    assert shop.running() == ["family:app", "service:web2"]

    assert not again["failed"] and not again["changed"] and again["tasks"] == []


def test_a_whole_cluster_with_standalone_tasks(aws, inside, shop):
    shop.service("web")
    standalone = shop.standalone(2)
    result = inside("ecs_tasks", **FAST)
    assert not result["failed"], result["msg"]
    assert shop.running() == []
    assert {row["task_arn"] for row in result["tasks"] if row["group"] == "family:app"} == set(standalone)


def test_no_services_are_none_not_all(aws, inside, shop):
    shop.service("web")
    result = inside("ecs_tasks", services=[], **FAST)
    assert not result["changed"] and result["tasks"] == [] and shop.running() == ["service:web"]


def test_a_cluster_that_does_not_exist(aws, inside):
    for services in ({}, {"services": ["web"]}):
        for check in (True, False):
            result = inside("ecs_tasks", check=check, **services, **FAST)
            assert not result["failed"] and not result["changed"] and result["tasks"] == []


def test_more_tasks_and_services_than_fit_into_a_call(aws, inside, shop):
    names = [f"service{number:02}" for number in range(13)]
    for name in names:
        shop.service(name, 9)
    result = inside("ecs_tasks", **{**FAST, "wait_timeout": 90})
    assert not result["failed"], result["msg"]
    assert len(result["tasks"]) == 117 and {row["last_status"] for row in result["tasks"]} == {"STOPPED"}
    assert [row["name"] for row in result["services"]] == names
    assert shop.running() == [] and 100 <= aws.calls.by_action["ecs:StopTask"] <= 117


def test_lingering_tasks(aws, inside, shop):
    shop.service("web", 2)
    aws.faults.linger()
    shop.ecs.update_service(cluster="shop", service="web", desiredCount=0)
    aws.wait_until(lambda: len(shop.statuses("STOPPED", "DEACTIVATING")) == 2)
    result = inside("ecs_tasks", services=["web"], **FAST)
    assert not result["failed"] and result["changed"]
    assert [(row["action"], row["last_status"]) for row in result["tasks"]] == [("already_stopping", "STOPPED")] * 2


def test_a_draining_service(aws, inside, shop):
    shop.service("web")
    aws.faults.linger()
    shop.ecs.delete_service(cluster="shop", service="web", force=True)
    result = inside("ecs_tasks", services=["web"], **FAST)
    assert not result["failed"], result["msg"]
    assert by_name(result, "services")["web"]["status"] in ("DRAINING", "INACTIVE")
    assert [row["last_status"] for row in result["tasks"]] == ["STOPPED"]
    assert "ecs:UpdateService" not in writes(aws)


def test_a_task_that_comes_late(aws, inside, shop):
    shop.service("web")
    aws.faults.late_task(["web"], seconds=15)
    result = inside("ecs_tasks", services=["web"], **FAST)
    assert not result["failed"] and len(result["tasks"]) == 2 and shop.running() == []


def test_orphaned_instances_are_deregistered(aws, inside, shop):
    registry = shop.service("web", discovery=True)
    (task_id,) = shop.instances(registry)
    aws.faults.orphan_instances()
    result = inside("ecs_tasks", services=["web"], **FAST)
    assert not result["failed"], result["msg"]
    assert result["deregistered_instances"] == [{"service_id": registry, "instance_id": task_id}]
    assert shop.instances(registry) == []


def test_orphans_of_an_earlier_run(aws, inside, shop):
    registry = shop.service("web", discovery=True)
    shop.service("other", discovery=True)
    aws.faults.orphan_instances(["web"])
    (task_id,) = shop.instances(registry)
    shop.ecs.update_service(cluster="shop", service="web", desiredCount=0)
    aws.wait_until(
        lambda: "service:web" not in shop.running() and shop.statuses("STOPPED", "STOPPED") == ["service:web"]
    )
    check = inside("ecs_tasks", check=True, services=["web"], **FAST)
    assert check["changed"] and writes(aws)["ecs:UpdateService"] == 1
    result = inside("ecs_tasks", services=["web"], **FAST)
    expected = [{"service_id": registry, "instance_id": task_id}]
    assert result["changed"] and result["deregistered_instances"] == check["deregistered_instances"] == expected
    assert not inside("ecs_tasks", services=["web"], **FAST)["changed"]


def test_time_runs_out(aws, modules, shop):
    shop.service("web")
    aws.faults.hang_service("web")
    result = modules("ecs_tasks", cluster="shop", poll_interval=0.1, wait_timeout=2)
    assert result["failed"] and "1 tasks still run after 2 s: web: " in result["msg"]
    assert result["tasks"][0]["last_status"] not in ("STOPPED", "RUNNING")


def test_without_waiting(aws, inside, shop):
    shop.service("web", 2)
    result = inside("ecs_tasks", wait=False, **FAST)
    assert not result["failed"] and result["changed"]
    assert writes(aws) == {"ecs:UpdateService": 1, "ecs:StopTask": 2} and shop.running() == []


@pytest.mark.parametrize("action", ["ecs:ListTasks", "ecs:StopTask", "ecs:UpdateService", "ecs:DescribeServices"])
def test_a_denied_action_is_named(aws, inside, shop, action):
    shop.service("web")
    aws.faults.deny(action)
    result = inside("ecs_tasks", services=["web"], **FAST)
    assert result["failed"] and f"Allow the IAM action {action}" in result["msg"]


def test_a_stubborn_account_does_not_make_it_fail(aws, inside, shop):
    shop.service("web", 3)
    aws.faults.throttle(0.3)
    aws.faults.server_errors(0.05)
    aws.faults.cut_connections(0.05)
    result = inside("ecs_tasks", **{**FAST, "wait_timeout": 90})
    assert not result["failed"], result["msg"]
    aws.faults.clear()
    assert len(result["tasks"]) == 3 and shop.running() == []


@pytest.mark.smoke
def test_progress_names_service_and_task(aws, modules, shop):
    shop.service("web")
    text = modules.start("ecs_tasks", callback="ansible.builtin.default", **FAST).output()
    assert "  web: task " in text and "stopping (RUNNING)" in text and "stopped after" in text
