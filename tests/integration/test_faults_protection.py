# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that are protected from deletion by themselves, whatever their stack is."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.integration import templates
from tests.integration.inprocess import Inside
from tests.workshop.playbooks import TEARDOWN, play

FAST = {"wait_timeout": 60, "poll_interval": 0.1}
KEY = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
       "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}  # fmt: skip


def table(name: str, **more: Any) -> dict[str, Any]:
    properties = {"TableName": name, "DeletionProtectionEnabled": True, **KEY}
    return {"Type": "AWS::DynamoDB::Table", "Properties": properties, **more}


def shop(aws: Emulator) -> dict[str, str]:
    """A stack in which all that can be is protected, and one table that it keeps; physical ids by logical id."""
    subnets = [row["SubnetId"] for row in aws.client("ec2").describe_subnets()["Subnets"]][:2]
    templates.create(aws, "shop", {"Resources": {
        "Table": table("orders"), "Kept": table("ledger", DeletionPolicy="Retain"),
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/web"}},
        "Free": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/web-2"}},
        "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": subnets}},
    }})  # fmt: skip
    rows = aws.client("cloudformation").describe_stack_resources(StackName="shop")["StackResources"]
    ids = {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}
    aws.client("logs").put_log_group_deletion_protection(
        logGroupIdentifier="/shop/web", deletionProtectionEnabled=True
    )
    aws.client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=ids["Balancer"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
    )
    return ids


def test_what_protects_itself_is_told_beforehand_and_afterwards_with_what_lifts_it(
    aws: Emulator, inside: Inside
) -> None:
    ids = shop(aws)
    region = ["--region", "eu-central-1"]
    lifts = {
        "AWS::DynamoDB::Table": ["aws", "dynamodb", "update-table", "--table-name", "orders",
                                 "--no-deletion-protection-enabled", *region],
        "AWS::ElasticLoadBalancingV2::LoadBalancer": [
            "aws", "elbv2", "modify-load-balancer-attributes", "--load-balancer-arn", ids["Balancer"],
            "--attributes", "Key=deletion_protection.enabled,Value=false", *region],
        "AWS::Logs::LogGroup": ["aws", "logs", "put-log-group-deletion-protection", "--log-group-identifier",
                                "/shop/web", "--no-deletion-protection-enabled", *region],
    }  # fmt: skip

    found = inside("workshop_info", stacks=["shop"], blockers=True)
    assert {row["type"]: shlex.split(row["how_to_remove"]) for row in found["blockers"]} == lifts
    assert all(row["certain"] and row["owner"] == row["stack_name"] == "shop" for row in found["blockers"])
    assert found["gaps"] == []

    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)
    assert failed["failed"] and aws.calls.by_action["cloudformation:DeleteStack"] == 1, "no second try"
    (row,) = failed["stacks"]
    assert {item["type"]: shlex.split(item["how_to_remove"]) for item in row["blockers"]} == lifts
    assert "deletion protection" in row["reason"].lower()

    aws.client("dynamodb").update_table(TableName="orders", DeletionProtectionEnabled=False)
    aws.client("logs").put_log_group_deletion_protection(
        logGroupIdentifier="/shop/web", deletionProtectionEnabled=False
    )
    aws.client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=ids["Balancer"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]
    )
    done = inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)
    assert not done["failed"] and templates.live(aws) == [], done
    assert [item["logical_id"] for item in done["stacks"][0]["retained_resources"]] == ["Kept"]


def test_whether_it_is_protected_may_be_a_gap_and_whether_its_stack_keeps_it_too(aws: Emulator, inside: Inside) -> None:
    shop(aws)
    aws.faults.deny("elasticloadbalancing:DescribeLoadBalancerAttributes")
    aws.faults.deny("cloudformation:GetTemplate")
    found = inside("workshop_info", stacks=["shop"], blockers=True)
    assert {row["id"]: row["certain"] for row in found["blockers"]} == dict.fromkeys(
        ("orders", "ledger", "/shop/web"), False
    )
    assert [gap["action"] for gap in found["gaps"]] == [
        "cloudformation:GetTemplate", "elasticloadbalancing:DescribeLoadBalancerAttributes",
    ]  # fmt: skip


def test_a_teardown_is_refused_before_anything_is_touched_unless_that_is_agreed_to(
    aws: Emulator, tmp_path: Path
) -> None:
    """Also where the protection of stacks may be switched off: what is in a table is in no template."""
    templates.create(aws, "cuddlekube-logs")
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "cuddles"}}
    templates.create(aws, "cuddlekube-dynamodb", {"Resources": {"Table": table("cuddlykube"), "Bucket": bucket}})
    aws.client("s3").put_object(Bucket="cuddles", Key="one", Body=b"x")
    aws.calls.clear()

    refused = play(TEARDOWN, aws.environment, tmp_path, workshop_confirm="cuddlekube",
                   workshop_disable_termination_protection=True)  # fmt: skip

    said = " ".join(refused.output.split())
    assert refused.code != 0 and "Nothing was touched." in said
    assert "AWS::DynamoDB::Table cuddlykube is protected from deletion by itself (to lift it" in said
    assert "update-table --table-name cuddlykube --no-deletion-protection-enabled --region eu-central-1" in said
    assert [action for action in aws.calls.by_action if not action.split(":")[1].startswith(("Describe", "List", "Get"))
            ] == []  # fmt: skip
    assert templates.live(aws) == ["cuddlekube-dynamodb", "cuddlekube-logs"]
    variable = """-e '{"workshop_clear": ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]}'."""
    assert f"To have it cleared, and lose it: {variable}" in said
    assert "bucket cuddles: 1 object" in said and "HOLDS IT" in said

    agreed = play(TEARDOWN, aws.environment, tmp_path, workshop_confirm="cuddlekube", workshop_clear="all",
                  workshop_report_dir=tmp_path)  # fmt: skip
    assert agreed.code == 0 and templates.live(aws) == [], agreed.output
    said = " ".join(agreed.output.split())
    assert "table cuddlykube: deletion protection: will be lifted" in said
    assert "cuddlekube-dynamodb: cleared table cuddlykube: deletion protection" in said
    assert "Cleared, as workshop_clear says: deletion protection, 1 object" in said
    told = json.loads((tmp_path / "teardown.json").read_text(encoding="utf-8"))["cleared"]
    assert {(row["stack_name"], row["id"], row["reason"]) for row in told} == {
        ("cuddlekube-dynamodb", "cuddlykube", ""), ("cuddlekube-dynamodb", "cuddles", ""),
    }  # fmt: skip
