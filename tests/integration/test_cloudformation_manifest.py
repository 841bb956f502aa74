# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cloudformation_manifest against the emulator, in process."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import OTHER, AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.reader import StackMaker

from tests.docs import policies
from tests.emulator import Emulator
from tests.integration.inprocess import Inside

PARAMETER = """
Parameters:
  Value: {{Type: String, Default: x}}
  Reads: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/service/global-infrastructure/regions/us-east-1}}
Resources:
  P: {{Type: AWS::SSM::Parameter, Properties: {{Name: /shop/{name}, Type: String, Value: !Ref Value}}}}
Outputs:
  Name: {{Value: !Ref P}}
"""
MANIFEST = """\
name: shop
tags: {course: aws}
stacks:
  - {name: shop-web, template: web.yml, parameters: {Reads: /shop/net, Value: {output: shop-net.Name}}}
  - {name: shop-jobs, template: jobs.yml, parameters: {Reads: /shop/web}}
  - {name: shop-net, template: net.yml}
  - {name: shop-log, template: log.yml, termination_protection: true}
"""
Deploy = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("net", "web", "jobs", "log"):
        (tmp_path / f"{name}.yml").write_text(PARAMETER.format(name=name), encoding="utf-8")
    (tmp_path / "shop.yml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path


@pytest.fixture
def deploy(inside: Inside, folder: Path) -> Deploy:
    def call(**options: Any) -> dict[str, Any]:
        return inside("cloudformation_manifest", path=str(folder / "shop.yml"), poll_interval=0.01, **options)

    return call


def by_name(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in result["stacks"]}


def actions(result: dict[str, Any]) -> dict[str, str]:
    return {row["name"].removeprefix("shop-"): row["action"] for row in result["stacks"]}


def statuses(aws: Emulator) -> dict[str, str]:
    return {stack["StackName"]: stack["StackStatus"] for stack in _stacks(aws)}


def _stacks(aws: Emulator) -> list[dict[str, Any]]:
    return aws.client("cloudformation").describe_stacks()["Stacks"]


ALL = ("net", "web", "jobs", "log")


def test_stacks_are_made_in_their_order_and_a_second_run_changes_nothing(
    aws: Emulator, deploy: Deploy, folder: Path
) -> None:
    planned = deploy(check=True)
    assert planned["changed"] and not statuses(aws), "what does not exist gets no change set, which would leave a stack"
    assert [(row["name"], row["wave"], row["action"]) for row in planned["stacks"]] == [
        ("shop-net", 1, "create"),
        ("shop-log", 1, "create"),
        ("shop-web", 2, "create"),
        ("shop-jobs", 3, "create"),
    ]
    assert planned["stacks"][0]["changes"] == [
        {"action": "Add", "logical_id": "P", "type": "AWS::SSM::Parameter", "replacement": "", "scope": []}
    ]

    made = deploy()
    assert not made["failed"] and made["changed"]
    assert actions(made) == dict.fromkeys(("web", "jobs", "net", "log"), "created")
    order = [event.name for event in aws.timeline.select("stack", status="CREATE_COMPLETE")]
    assert order.index("shop-net") < order.index("shop-web") < order.index("shop-jobs")
    assert by_name(made)["shop-web"]["after"] == [
        {"stack": "shop-net", "evidence": "the manifest gives it the output Name of shop-net"}
    ]
    assert made["scope"] == {"names": ["shop-web", "shop-jobs", "shop-net", "shop-log"]}
    stacks = {stack["StackName"]: stack for stack in _stacks(aws)}
    assert {"Key": "workshop:lifecycle", "Value": "shop"} in stacks["shop-web"]["Tags"]
    assert {"Key": "course", "Value": "aws"} in stacks["shop-web"]["Tags"]
    assert stacks["shop-log"]["EnableTerminationProtection"] and not stacks["shop-net"]["EnableTerminationProtection"]
    assert aws.client("ssm").get_parameter(Name="/shop/web")["Parameter"]["Value"] == "/shop/net"

    again = deploy()
    assert not again["changed"] and set(actions(again).values()) == {"unchanged"}
    assert not deploy(check=True)["changed"]

    (folder / "shop.yml").write_text(MANIFEST.replace("shop-net, template: net.yml", "shop-net, template: net.yml, "
                                                      "parameters: {Value: new}"), encoding="utf-8")  # fmt: skip
    planned = deploy(check=True)
    assert planned["changed"] and actions(planned) == {
        "net": "update", "log": "unchanged", "web": "unchanged", "jobs": "unchanged"
    }  # fmt: skip
    for stack in stacks:
        assert aws.client("cloudformation").list_change_sets(StackName=stack)["Summaries"] == []
    changed = deploy()
    # What reads the value gets the new one. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    # cloudformation-supplied-parameter-types.html
    assert actions(changed) == {"net": "updated", "web": "updated", "jobs": "unchanged", "log": "unchanged"}


def test_what_fails_stops_only_what_comes_after_it_and_says_the_resources_reason(
    aws: Emulator, deploy: Deploy
) -> None:
    aws.client("ssm").put_parameter(Name="/shop/web", Value="of somebody", Type="String")
    result = deploy()
    assert result["failed"] and result["changed"]
    rows = by_name(result)
    assert {name: row["status"] for name, row in rows.items()} == {
        "shop-web": "failed", "shop-jobs": "skipped", "shop-net": "created", "shop-log": "created"
    }  # fmt: skip
    assert rows["shop-web"]["reason"].startswith("P (AWS::SSM::Parameter): ")
    assert rows["shop-jobs"]["reason"] == "it comes after shop-web" and rows["shop-jobs"]["stack_id"] == ""
    assert "shop-web failed: P (AWS::SSM::Parameter): " in result["msg"]
    assert statuses(aws)["shop-web"] == "ROLLBACK_COMPLETE" and "shop-jobs" not in statuses(aws)

    aws.client("ssm").delete_parameter(Name="/shop/web")
    calls = aws.calls.total
    refused = deploy()
    assert refused["msg"] == (
        "Nothing was asked for. shop-web: it is in ROLLBACK_COMPLETE, and can only be deleted and made anew. "
        "Have it replaced."
    )
    assert aws.calls.total == calls + 1

    replaced = deploy(replace=True)
    assert not replaced["failed"]
    assert actions(replaced) == {"web": "replaced", "jobs": "created", "net": "unchanged", "log": "unchanged"}


def test_a_failed_update_is_told_too(aws: Emulator, deploy: Deploy, folder: Path) -> None:
    deploy()
    aws.client("ssm").put_parameter(Name="/shop/other", Value="of somebody", Type="String")
    text = (folder / "net.yml").read_text(encoding="utf-8")
    other = "  Q: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/other, Type: String, Value: x}}\nOutputs:"
    (folder / "net.yml").write_text(text.replace("Outputs:", other), encoding="utf-8")
    result = deploy()
    rows = by_name(result)
    assert rows["shop-net"]["status"] == "failed" and rows["shop-net"]["reason"].startswith("Q (AWS::SSM::Parameter)")
    assert (rows["shop-web"]["status"], rows["shop-log"]["status"]) == ("skipped", "unchanged")


def test_a_stack_of_somebody_else_is_refused_unless_it_is_adopted(aws: Emulator, deploy: Deploy) -> None:
    body = PARAMETER.format(name="net")
    aws.client("cloudformation").create_stack(
        StackName="shop-net", TemplateBody=body, Tags=[{"Key": "owner", "Value": "anna"}]
    )
    refused = deploy()
    assert refused["failed"] and refused["msg"] == (
        "Nothing was asked for. shop-net: a stack of this name is there, without the tag workshop:lifecycle: it may be "
        "somebody else's. Adopt it to update it."
    )
    assert list(statuses(aws)) == ["shop-net"]

    planned = deploy(check=True, adopt=["shop-net"])
    assert actions(planned)["net"] == "update" and by_name(planned)["shop-net"]["changes"] == []
    assert not deploy(adopt=["shop-net"])["failed"]
    (tags,) = [stack["Tags"] for stack in _stacks(aws) if stack["StackName"] == "shop-net"]
    assert {(tag["Key"], tag["Value"]) for tag in tags} == {
        ("owner", "anna"), ("course", "aws"), ("workshop:lifecycle", "shop")
    }  # fmt: skip


def test_a_stack_in_review_is_replaced_where_that_is_asked_for(aws: Emulator, deploy: Deploy) -> None:
    aws.client("cloudformation").create_change_set(
        StackName="shop-net",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=PARAMETER.format(name="net"),
    )
    assert "it is in REVIEW_IN_PROGRESS" in deploy(adopt=["shop-net"])["msg"]
    assert actions(deploy(adopt=["shop-net"], replace=True))["net"] == "replaced"


def test_what_cannot_be_right_is_refused_before_any_call(aws: Emulator, deploy: Deploy, folder: Path) -> None:
    (folder / "shop.yml").write_text(MANIFEST.replace("net.yml", "nett.yml"), encoding="utf-8")
    result = deploy(account_id="123456789012")
    assert result["failed"] and aws.calls.total == 0
    assert result["msg"] == (
        "The manifest cannot be right. Nothing was asked of AWS.\n"
        f"{folder}/shop.yml:6: {folder}/nett.yml cannot be read: No such file or directory."
    )


def test_a_template_that_aws_refuses_is_named(aws: Emulator, deploy: Deploy, folder: Path) -> None:
    (folder / "net.yml").write_text("Resources: {P: {Type: AWS::No::Such}}", encoding="utf-8")
    (folder / "log.yml").write_text("Outputs: {}", encoding="utf-8")
    (folder / "shop.yml").write_text(textwrap.dedent(
        """\
        name: shop
        stacks:
          - {name: shop-net, template: net.yml}
          - {name: shop-log, template: log.yml}
        """
    ), encoding="utf-8")  # fmt: skip
    assert f"{folder}/log.yml: cloudformation:ValidateTemplate answered ValidationError" in deploy(check=True)["msg"]
    rows = by_name(deploy())
    assert rows["shop-net"]["status"] == "failed"
    assert rows["shop-net"]["reason"].startswith(f"{folder}/net.yml: cloudformation:CreateStack answered ")
    assert "Unrecognized resource types: [AWS::No::Such]" in rows["shop-net"]["reason"]


@pytest.mark.parametrize("action", ["cloudformation:CreateStack", "cloudformation:DescribeStacks"])
def test_what_may_not_be_done_is_named(aws: Emulator, deploy: Deploy, action: str) -> None:
    aws.faults.deny(action)
    result = deploy()
    assert result["failed"] and f"{action} answered AccessDenied" in json.dumps(result) and not _made(aws)


def _made(aws: Emulator) -> list[str]:
    return [event.name for event in aws.timeline.select("stack", status="CREATE_COMPLETE")]


def test_the_policy_is_what_is_called(aws: Emulator, deploy: Deploy, inside: Inside, folder: Path) -> None:
    """All that a deployment can call: to plan, make, update, protect and replace, and for what is no stack."""
    called: set[str] = set()
    text = MANIFEST.replace("output: shop-net.Name", "resource: shop-net.P")
    aws.client("ssm").put_parameter(Name="/shop/web", Value="of somebody", Type="String")
    for protected, options in (("true", {"check": True}), ("true", {}), ("false", {"replace": True}), ("true", {})):
        (folder / "shop.yml").write_text(text.replace("protection: true", f"protection: {protected}"), encoding="utf-8")
        if options.get("replace"):
            aws.client("ssm").delete_parameter(Name="/shop/web")
        deploy(**options)
        called |= {action for action in aws.calls.by_action if not action.startswith("ssm:")}
    (folder / "log.yml").write_text(PARAMETER.format(name="log").replace("Default: x", "Default: y"), encoding="utf-8")
    for options in ({"check": True}, {}):
        assert not deploy(**options)["failed"]
        called |= {action for action in aws.calls.by_action if not action.startswith("ssm:")}
    aws.client("dynamodb").create_table(
        TableName="shop",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    aws.calls.clear()
    inside("dynamodb_item", table="shop", item={"id": {"S": "1"}})
    for expression in ("a", "b"):
        inside("xray_group", name="shop", filter_expression=f'annotation.{expression} = "x"')
    for rate in (0, 1):
        inside("xray_sampling_rule", rule_name="shop", priority=10, fixed_rate=rate, reservoir_size=0)
    called |= set(aws.calls.by_action)
    # What CloudFormation takes besides of whoever gives tags, and parameters from SSM
    called |= {"cloudformation:TagResource", "ssm:GetParameters"}
    assert sorted(called) == sorted(policies.actions("deploy-policy.json"))


def test_a_check_tells_that_protection_would_be_switched(deploy: Deploy, folder: Path) -> None:
    text = MANIFEST.replace("output: shop-net.Name", "resource: shop-net.P")
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    assert not deploy()["failed"]
    assert not deploy(check=True)["changed"]
    (folder / "shop.yml").write_text(text.replace("protection: true", "protection: false"), encoding="utf-8")
    planned = deploy(check=True)
    assert planned["changed"] and actions(planned) == {**dict.fromkeys(ALL, "unchanged"), "log": "update"}
    assert by_name(planned)["shop-log"]["reason"] == "its termination protection is switched off"
    assert actions(deploy()) == {**dict.fromkeys(ALL, "unchanged"), "log": "updated"}


def test_of_two_runs_at_once_one_waits_for_the_other(deploy: Deploy, folder: Path) -> None:
    text = MANIFEST.replace("output: shop-net.Name", "resource: shop-net.P")
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    assert not deploy()["failed"]
    (folder / "net.yml").write_text(PARAMETER.format(name="net").replace("Default: x", "Default: y"), encoding="utf-8")
    real = StackMaker.update
    first: list[str] = []

    def update(self: Any, stack_id: str, arguments: Any, token: str) -> bool:
        if "/shop-net/" in stack_id and not first:
            first.append(stack_id)
            real(self, stack_id, arguments, "of another run")
            words = f"Stack:{stack_id} is in UPDATE_IN_PROGRESS state and can not be updated."
            raise AwsCallError(OTHER, "ValidationError", words, "cloudformation:UpdateStack")
        return real(self, stack_id, arguments, token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StackMaker, "update", update)
        result = deploy()
    assert first and not result["failed"], result["msg"]


def test_what_another_workshop_has_made_is_not_taken_for_ones_own(deploy: Deploy, inside: Inside, folder: Path) -> None:
    text = MANIFEST.replace("output: shop-net.Name", "resource: shop-net.P")
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    assert not deploy()["failed"]
    names = [f"shop-{name}" for name in ALL]
    for scope in ({"names": names}, {"prefix": "shop-"}):
        own = inside("cloudformation_stacks_info", scope=scope, workshop="shop")
        assert sorted(row["name"] for row in own["stacks"]) == sorted(names) and own["left_out"] == []
    (folder / "shop.yml").write_text(text.replace("name: shop\n", "name: copy\n", 1), encoding="utf-8")
    assert "of the workshop shop" in deploy()["msg"]
    named = inside("cloudformation_stacks_info", scope={"names": names}, workshop="copy")
    words = "shop-net is named, but its tag workshop:lifecycle says that it is of the workshop shop"
    assert named["failed"] and words in named["msg"]
    begun = inside("cloudformation_stacks_info", scope={"prefix": "shop-"}, workshop="copy")
    assert begun["stacks"] == [] and [row["stack"] for row in begun["left_out"]] == sorted(names)
