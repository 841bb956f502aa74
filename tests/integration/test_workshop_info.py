# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module workshop_info against the emulator: by ansible-playbook, or in this process for the same."""

from __future__ import annotations

import sys

import pytest

from tests.emulator.world import world
from tests.integration import templates
from tests.integration.clusters import Shop

LISTS = ("stacks", "other_stacks", "inventory", "near_names", "services", "tasks", "leftovers", "owned", "tagged_resources", "retained_resources",
         "gaps")  # fmt: skip


def test_an_empty_account(aws, inside):
    scope = {"stacks": ["shop-a"], "prefix": "shop-", "cluster": "shop", "services": ["web"], "xray_group": "shop",
             "xray_sampling_rules": ["shop"], "log_groups": ["shop"], "log_group_prefixes": ["/shop"],
             "namespace": "shop.local", "task_families": ["web"], "ssm_path": "/shop/"}  # fmt: skip
    for options in (scope, {**scope, "verify": True}, {"caller": False}):
        result = inside("workshop_info", **options)
        assert not result["failed"], result["msg"]
        assert not result["changed"] and result["region"] == "eu-central-1"
        assert [result[key] for key in LISTS] == [[]] * len(LISTS)
        caller = result["caller"]
    assert caller is None
    assert aws.calls.by_action["sts:GetCallerIdentity"] == 2


def logs_and_note() -> dict:
    """A template of a log group with an output."""
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/b"}}
    return {"Resources": {"Group": group}, "Outputs": {"Name": {"Value": {"Ref": "Group"}}}}


@pytest.mark.smoke
def test_what_there_is(aws, modules):
    stack_id = templates.create(aws, "shop-b", logs_and_note())
    for name in ("shop-a", "shop-notes", "shop2-a", "other"):
        templates.create(aws, name)
    aws.client("cloudformation").update_termination_protection(StackName="shop-a", EnableTerminationProtection=True)
    aws.client("iam").create_account_alias(AccountAlias="school")
    shop = Shop(aws)
    shop.service("web")
    task = shop.standalone()[0]
    world.durations.set("ec2.interface.task", 3000)
    shop.ecs.stop_task(cluster="shop", task=task)
    logs = aws.client("logs")
    for name in ("/shop/a", "/other"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="/shop/a", retentionInDays=1)
    aws.client("xray").create_group(GroupName="shop")

    options = {"stacks": ["shop-b", "shop-a", "shop-nope"], "prefix": "shop-", "cluster": "shop", "xray_group": "shop",
               "services": ["web", "nope"], "log_group_prefixes": ["/shop", "/shop/a"],
               "ssm_path": "/shop-notes"}  # fmt: skip
    before = aws.calls.total
    result = modules("workshop_info", **options)
    assert aws.calls.total - before <= 18
    assert not result["failed"] and not result["changed"], result["msg"]
    assert result["caller"]["account"] == "123456789012" and result["caller"]["account_alias"] == "school"
    assert [row["name"] for row in result["stacks"]] == ["shop-b", "shop-a"]
    row = result["stacks"][0]
    assert (row["stack_id"], row["status"], row["termination_protection"]) == (stack_id, "CREATE_COMPLETE", False)
    assert row["outputs"] == {"Name": "/shop/b"} and row["last_updated_time"] is None and row["status_reason"] == ""
    assert result["stacks"][1]["termination_protection"] and "T" in row["creation_time"]
    assert result["other_stacks"] == ["shop-notes"]
    assert result["services"] == [
        {"name": "web", "status": "ACTIVE", "desired_count": 1, "running_count": 1, "pending_count": 0}
    ]
    assert [(task["group"], task["desired_status"]) for task in result["tasks"]] == [
        ("family:app", "STOPPED"), ("service:web", "RUNNING")
    ]  # fmt: skip
    assert [(row["kind"], row["id"]) for row in result["leftovers"]] == [
        ("log_group", "/shop/a"),
        ("xray_group", "shop"),
    ]
    assert result["leftovers"][0]["details"]["retention_in_days"] == 1
    assert [(row["kind"], row["id"], row["stack_name"]) for row in result["owned"]] == [
        ("log_group", "/shop/b", "shop-b"), ("ssm_parameter", "/shop-notes/1", "shop-notes")
    ]  # fmt: skip


def test_what_may_not_be_read_is_told(aws, inside):
    templates.create(aws, "shop-a")
    aws.client("logs").create_log_group(logGroupName="/a")
    denied = ["cloudformation:DescribeStackResources", "ecs:ListTasks", "xray:GetGroups"]
    for action in denied:
        aws.faults.deny(action)
    result = inside("workshop_info", stacks=["shop-a"], cluster="shop", xray_group="shop", log_group_prefixes=["/a"])
    assert not result["failed"], result["msg"]
    assert len(result["stacks"]) == 1 and result["leftovers"] == [] == result["owned"]
    assert [item["action"] for item in result["gaps"]] == denied


def test_bad_arguments_and_credentials(aws, inside):
    aws.faults.expire_credentials(after_calls=0)
    options = [
        {"stack": ["a"]},
        {"services": ["web"]},
        {"namespace": "shop.local"},
        {"stacks": ["a"], "region": "eu-central-9"},
        {"stacks": ["a"]},
    ]
    results = [inside("workshop_info", **each) for each in options]
    said = [result["msg"] for result in results if result["failed"]]
    expected = ("stack", "cluster", "cluster", "eu-central-9", "Renew the AWS credentials")
    for message, words in zip(said, expected, strict=True):
        assert words in message
    # Only the last one called, and not once more than it had to.
    calls = {"sts:GetCallerIdentity", "iam:ListAccountAliases", "cloudformation:DescribeStacks"}
    assert set(aws.calls.by_action) <= calls
    assert aws.calls.total <= 3


def test_by_pytest_ansible(aws, localhost, monkeypatch):
    """The same through pytest-ansible's own runner."""
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", sys.executable)
    templates.create(aws, "shop-a")
    module = getattr(localhost, "workshop.lifecycle.workshop_info")
    contacted = module(stacks=["shop-a"], endpoint_url=aws.endpoint_url, region="eu-central-1", access_key="emulator",
                       secret_key="emulator")  # fmt: skip
    (result,) = contacted.values()
    assert [row["name"] for row in result["stacks"]] == ["shop-a"]
