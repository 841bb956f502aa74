# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module workshop_info against the emulator: by ansible-playbook, or in this process for the same."""

from __future__ import annotations

import sys

import pytest

from tests.emulator.world import world
from tests.integration import others, templates
from tests.integration.clusters import Shop

LISTS = ("stacks", "other_stacks", "inventory", "near_names", "services", "tasks", "leftovers", "owned", "unclaimed",
         "tagged_resources", "remaining_resources", "not_looked_up", "ending", "gaps")  # fmt: skip


def test_an_empty_account(aws, inside):
    scope = {"stacks": ["shop-a"], "prefix": "shop-", "xray_group": "shop", "xray_sampling_rules": ["shop"],
             "ssm_path": "/shop/"}  # fmt: skip
    for options in (scope, {**scope, "verify": True}, {"caller": False}):
        result = inside("workshop_info", **options)
        assert not result["failed"], result["msg"]
        assert not result["changed"] and result["region"] == "eu-central-1"
        assert [result[key] for key in LISTS] == [[]] * len(LISTS)
        assert result["seen"] is (False if "stacks" in options else None)
        caller = result["caller"]
    assert caller is None
    assert aws.calls.by_action["sts:GetCallerIdentity"] == 2


def logs_and_note(name: str = "/shop/b") -> dict:
    """A template of a log group with an output."""
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
    return {"Resources": {"Group": group}, "Outputs": {"Name": {"Value": {"Ref": "Group"}}}}


@pytest.mark.smoke
def test_what_there_is(aws, modules):
    stack_id = templates.create(aws, "shop-b", logs_and_note())
    for name in ("shop-a", "shop-notes", "shop2-a", "other"):
        templates.create(aws, name)
    aws.client("cloudformation").update_termination_protection(StackName="shop-a", EnableTerminationProtection=True)
    aws.client("iam").create_account_alias(AccountAlias="school")
    cluster = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "shop"}}
    service = others.service(aws, {"Ref": "Cluster"}, "web", 1, {"Ref": "Definition"})
    others.stack(aws, "shop-web", {"Cluster": cluster, "Definition": others.definition("web"), "Service": service})
    others.service_of_a_stack(aws, "shop", "guest", 1)
    shop = Shop(aws)
    task = shop.standalone()[0]
    world.durations.set("ec2.interface.task", 3000)
    shop.ecs.stop_task(cluster="shop", task=task)
    others.delete(aws, others.stack(aws, "shop-old", logs_and_note("/shop/a")["Resources"]))
    logs = aws.client("logs")
    for name in ("/shop/a", "/other"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="/shop/a", retentionInDays=1)
    aws.client("xray").create_group(GroupName="shop")

    options = {"stacks": ["shop-b", "shop-a", "shop-web", "shop-old", "shop-nope"], "prefix": "shop-",
               "xray_group": "shop", "ssm_path": "/shop-notes"}  # fmt: skip
    before = aws.calls.total
    result = modules("workshop_info", **options)
    assert aws.calls.total - before <= 26
    assert not result["failed"] and not result["changed"], result["msg"]
    assert result["caller"]["account"] == "123456789012" and result["caller"]["account_alias"] == "school"
    assert [row["name"] for row in result["stacks"]] == ["shop-b", "shop-a", "shop-web"]
    row = result["stacks"][0]
    assert (row["stack_id"], row["status"], row["termination_protection"]) == (stack_id, "CREATE_COMPLETE", False)
    assert row["outputs"] == {"Name": "/shop/b"} and row["last_updated_time"] is None and row["status_reason"] == ""
    assert result["stacks"][1]["termination_protection"] and "T" in row["creation_time"]
    assert result["other_stacks"] == ["shop-guest", "shop-notes"]
    assert [(row["name"], row["stack_name"], row["owner"]) for row in result["services"]] == [
        ("guest", None, "shop-guest"), ("web", "shop-web", None)
    ]  # fmt: skip
    numbers = {"status": "ACTIVE", "desired_count": 1, "running_count": 1, "pending_count": 0, "cluster": "shop"}
    assert result["services"][1].items() >= numbers.items()
    assert [(task["group"], task["desired_status"], task["stack_name"]) for task in result["tasks"]] == [
        ("family:app", "STOPPED", "shop-web"),
        ("service:guest", "RUNNING", None),
        ("service:web", "RUNNING", "shop-web"),
    ]  # fmt: skip
    assert [(row["kind"], row["id"]) for row in result["leftovers"]] == [
        ("log_group", "/shop/a"),
        ("xray_group", "shop"),
    ]
    assert result["leftovers"][0]["details"]["retention_in_days"] == 1
    assert [(row["kind"], row["id"], row["stack_name"]) for row in result["owned"]] == [
        ("ssm_parameter", "/shop-notes/1", "shop-notes")
    ]  # fmt: skip
    assert [(row["name"], row["live"]) for row in result["inventory"]] == [
        ("shop-b", True), ("shop-a", True), ("shop-web", True), ("shop-old", False)
    ]  # fmt: skip
    assert result["seen"]


def test_what_may_not_be_read_is_told(aws, inside):
    others.stack(aws, "shop-a", {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "shop"}}})
    aws.client("logs").create_log_group(logGroupName="/aws/ecs/containerinsights/shop/performance")
    denied = ["cloudformation:DescribeStackResources", "ecs:ListTasks", "xray:GetGroups"]
    for action in denied:
        aws.faults.deny(action)
    result = inside("workshop_info", stacks=["shop-a"], xray_group="shop")
    assert not result["failed"], result["msg"]
    assert len(result["stacks"]) == 1 and result["leftovers"] == [] == result["owned"]
    assert [item["action"] for item in result["gaps"]] == denied


def test_bad_arguments_and_credentials(aws, inside):
    aws.faults.expire_credentials(after_calls=0)
    options = [
        {"stack": ["a"]},
        {"stacks": ["a"], "region": "eu-central-9"},
        {"stacks": ["a"]},
    ]
    results = [inside("workshop_info", **each) for each in options]
    said = [result["msg"] for result in results if result["failed"]]
    expected = ("stack", "eu-central-9", "Renew the AWS credentials")
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
