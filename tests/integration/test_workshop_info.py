# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module workshop_info, run by ansible-core, against the emulator."""

from __future__ import annotations

import sys

import pytest

from tests.emulator.world import world
from tests.integration import templates
from tests.integration.clusters import Shop


def test_an_empty_account(aws, modules):
    result = modules("workshop_info", stacks=["shop-a"], prefix="shop-", cluster="shop", xray_group="shop",
                     log_group_prefixes=["/shop"])  # fmt: skip
    assert not result["failed"], result["msg"]
    assert not result["changed"] and result["region"] == "eu-central-1"
    assert result["caller"]["account"] == "123456789012"
    assert [result[key] for key in ("stacks", "other_stacks", "tasks", "log_groups", "denied")] == [[]] * 5
    assert result["xray_group"] is None


@pytest.mark.smoke
def test_what_there_is(aws, modules):
    stack_id = templates.create(aws, "shop-b")
    for name in ("shop-a", "shop-notes", "shop2-a", "other"):
        templates.create(aws, name)
    aws.client("cloudformation").update_termination_protection(StackName="shop-a", EnableTerminationProtection=True)
    shop = Shop(aws)
    shop.service("web")
    task = shop.standalone()[0]
    world.durations.set("ec2.interface.task", 3000)
    shop.ecs.stop_task(cluster="shop", task=task)
    logs = aws.client("logs")
    for name in ("/shop/b", "/shop/a", "/other"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="/shop/a", retentionInDays=1)
    aws.client("xray").create_group(GroupName="shop")

    options = {"stacks": ["shop-b", "shop-a", "shop-nope"], "prefix": "shop-", "cluster": "shop", "xray_group": "shop",
               "log_group_prefixes": ["/shop", "/shop/a"]}  # fmt: skip
    before = aws.calls.total
    result = modules("workshop_info", **options)
    assert aws.calls.total - before <= 9
    assert not result["failed"] and not result["changed"], result["msg"]
    assert [row["name"] for row in result["stacks"]] == ["shop-b", "shop-a"]
    row = result["stacks"][0]
    assert (row["stack_id"], row["status"], row["termination_protection"]) == (stack_id, "CREATE_COMPLETE", False)
    assert result["stacks"][1]["termination_protection"] and "T" in row["creation_time"]
    assert result["other_stacks"] == ["shop-notes"]
    assert [(task["group"], task["desired_status"]) for task in result["tasks"]] == [
        ("family:app", "STOPPED"), ("service:web", "RUNNING")
    ]  # fmt: skip
    assert result["log_groups"] == [
        {"name": "/shop/a", "retention_in_days": 1}, {"name": "/shop/b", "retention_in_days": None}
    ]  # fmt: skip
    assert result["xray_group"] == "shop"


def test_what_may_not_be_read_is_told(aws, modules):
    templates.create(aws, "shop-a")
    for action in ("sts:GetCallerIdentity", "ecs:ListTasks", "logs:DescribeLogGroups", "xray:GetGroups"):
        aws.faults.deny(action)
    result = modules("workshop_info", stacks=["shop-a"], cluster="shop", xray_group="shop", log_group_prefixes=["/a"])
    assert not result["failed"], result["msg"]
    assert len(result["stacks"]) == 1 and result["caller"] is None
    assert {item["action"] for item in result["denied"]} == {
        "sts:GetCallerIdentity", "ecs:ListTasks", "logs:DescribeLogGroups", "xray:GetGroups"
    }  # fmt: skip


def test_bad_arguments_and_credentials(aws, modules):
    assert "stack" in modules("workshop_info", stack=["a"])["msg"]
    assert aws.calls.total == 0
    aws.faults.expire_credentials(after_calls=0)
    result = modules("workshop_info", stacks=["a"])
    assert result["failed"] and "Renew the AWS credentials" in result["msg"]


def test_by_pytest_ansible(aws, localhost, monkeypatch):
    """The same through pytest-ansible's own runner."""
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", sys.executable)
    templates.create(aws, "shop-a")
    module = getattr(localhost, "workshop.lifecycle.workshop_info")
    contacted = module(stacks=["shop-a"], endpoint_url=aws.endpoint_url, region="eu-central-1", access_key="emulator",
                       secret_key="emulator")  # fmt: skip
    (result,) = contacted.values()
    assert [row["name"] for row in result["stacks"]] == ["shop-a"]
