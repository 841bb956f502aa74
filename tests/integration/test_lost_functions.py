# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom resources whose function cannot work any more: told beforehand, and left behind where that is agreed to."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import awaited
from tests.emulator import Emulator
from tests.integration import others, templates
from tests.integration.inprocess import Inside

FAST = {"wait_timeout": 120, "poll_interval": 0.1}
CUSTOM = "AWS::CloudFormation::CustomResource"
TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]})
CODE = {"ZipFile": "def handler(event, context): ..."}


def function(**more: Any) -> dict[str, Any]:
    properties = {"Code": CODE, "Handler": "index.handler", "Runtime": "python3.12", **more}
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def shop(aws: Emulator, token: Any = None, **resources: Any) -> str:
    """A stack with a custom resource whose function is of a stack of its own, and its role of none."""
    arn = aws.client("iam").create_role(RoleName="fills", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    helper = {"Fills": function(FunctionName="fills", Role=arn)}
    others.stack(aws, "helpers", helper, Token={"Value": {"Fn::GetAtt": ["Fills", "Arn"]}, "Export": {"Name": "fills"}})
    properties = {"ServiceToken": token or {"Fn::ImportValue": "fills"}, "ServiceTimeout": "90"}
    custom = {"Filled": {"Type": "Custom::Filled", "Properties": properties}}
    return others.stack(aws, "shop", {**custom, **templates.parameters("shop")["Resources"], **resources})


def blockers(inside: Inside) -> list[dict[str, Any]]:
    found = inside("workshop_info", stacks=["shop", "helpers"], blockers=True)
    assert found["gaps"] == [] == found["blockers_gaps"]
    return found["blockers"]


@pytest.mark.parametrize("token", ["export", "literal"])
def test_a_function_that_is_gone(aws: Emulator, inside: Inside, token: str) -> None:
    """aws-samples/aws-control-tower-securityhub-enabler#24"""
    literal = f"arn:aws:lambda:{aws.region}:123456789012:function:fills" if token == "literal" else None
    shop(aws, literal)
    assert blockers(inside) == []
    aws.client("lambda").delete_function(FunctionName="fills")
    (row,) = blockers(inside)
    assert (row["stack_name"], row["owner"], row["name"], row["type"]) == ("shop", "shop", "Filled", "Custom::Filled")
    assert row["certain"] and row["clear"] == CUSTOM and "its function fills is gone" in row["reason"]
    assert "waits 2 min" in row["reason"] and "stays" in row["lost"]

    stacks = [{"name": "shop"}]
    failed = inside("cloudformation_stacks", stacks=stacks, **FAST)
    assert failed["failed"] and "Function not found" in failed["stacks"][0]["reason"]
    done = inside("cloudformation_stacks", stacks=stacks, clear=["Custom::*"], **FAST)
    assert not done["failed"], done
    assert [item["logical_id"] for item in done["stacks"][0]["retained_resources"]] == ["Filled"]
    assert templates.live(aws) == ["helpers"]


def test_a_role_of_a_function_that_is_gone(
    aws: Emulator, inside: Inside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """amazon-archives/gaming-analytics-pipeline#3: it is called, and never answers"""
    shop(aws)
    aws.client("iam").delete_role(RoleName="fills")
    (row,) = blockers(inside)
    assert "the role fills of its function fills is gone" in row["reason"]
    monkeypatch.setattr(awaited, "FIRST", 0.3)
    file = tmp_path / "progress"
    done = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], progress_file=str(file), **FAST)
    told = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    waits = [text for text in told if "CloudFormation waits for the function of Filled (Custom::Filled)" in text]
    since, until = (datetime.strptime(text, "%H:%M:%S") for text in re.findall(r"(\d\d:\d\d:\d\d) UTC", waits[0]))
    assert (until - since).total_seconds() % 86400 == 90, "the ServiceTimeout of the template"
    assert [text for text in told if "make it again before, or it is left behind then" in text]
    assert not done["failed"] and aws.calls.by_action["cloudformation:DeleteStack"] == 2, "not waited for twice"


def test_what_else_fails_is_not_left_behind(aws: Emulator, inside: Inside) -> None:
    kept = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-assets"}}}
    shop(aws, **kept)
    aws.client("s3").put_object(Bucket="shop-assets", Key="a", Body=b"a")
    aws.client("lambda").delete_function(FunctionName="fills")
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=[CUSTOM], **FAST)
    assert failed["failed"] and "not empty" in failed["stacks"][0]["reason"]
    assert aws.client("s3").list_objects_v2(Bucket="shop-assets")["KeyCount"] == 1


def test_functions_that_can_work_and_those_that_nobody_knows_hold_nothing(aws: Emulator, inside: Inside) -> None:
    """Of another account, and of the stack itself. What may not be looked at is no gap of the survey."""
    shop(aws)
    assert blockers(inside) == []
    aws.faults.deny("lambda:GetFunctionConfiguration")
    found = inside("workshop_info", stacks=["shop"], blockers=True)
    assert found["blockers"] == [] == found["gaps"]
    assert [gap["action"] for gap in found["blockers_gaps"]] == ["lambda:GetFunctionConfiguration"]


def test_a_function_of_the_stack_itself_goes_after_what_needs_it(aws: Emulator, inside: Inside) -> None:
    role = aws.client("iam").create_role(RoleName="own", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    token = {"Fn::GetAtt": ["Own", "Arn"]}
    own = {"Own": function(FunctionName="own", Role=role)}
    others.stack(aws, "shop", {**own, "Filled": {"Type": CUSTOM, "Properties": {"ServiceToken": token}}})
    assert blockers(inside) == []
    aws.client("lambda").delete_function(FunctionName="own")
    (row,) = blockers(inside)
    assert row["type"] == CUSTOM and "its function own is gone" in row["reason"]


def test_what_the_template_keeps_is_not_told(aws: Emulator, inside: Inside) -> None:
    arn = aws.client("iam").create_role(RoleName="fills", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    others.stack(aws, "helpers", {"Fills": function(FunctionName="fills", Role=arn)})
    token = f"arn:aws:lambda:{aws.region}:123456789012:function:fills"
    custom = {"Type": CUSTOM, "DeletionPolicy": "Retain", "Properties": {"ServiceToken": token}}
    others.stack(aws, "shop", {"Filled": custom, **templates.parameters("shop")["Resources"]})
    aws.client("lambda").delete_function(FunctionName="fills")
    assert blockers(inside) == []
