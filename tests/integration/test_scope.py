# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workshop that the collection has never heard of, by what says which stacks it has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.workshop.playbooks import TEARDOWN, VERIFY, play
from tests.workshops.deployment import deploy


def report(folder: Path, operation: str) -> dict[str, Any]:
    return json.loads((folder / f"{operation}.json").read_text(encoding="utf-8"))


def scope(**parts: Any) -> tuple[str, str]:
    return "-e", json.dumps({"workshop_scope": parts})


@pytest.mark.slow
def test_a_workshop_goes_in_the_order_that_its_stacks_show_and_that_is_proved(aws: Emulator, tmp_path: Path) -> None:
    workshop = deploy(aws, "ssm")
    options = {"workshop_report_dir": tmp_path, "workshop_poll_interval": 0.2, "leftovers_settle": 1}

    dynamodb = aws.client("dynamodb")
    for name, course in (("notes", "shop"), ("other", "bank")):
        dynamodb.create_table(
            TableName=name, Tags=[{"Key": "course", "Value": course}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )  # fmt: skip
    tags = ("-e", json.dumps({"workshop_tags": {"course": "shop"}, "workshop_leftovers": ["tagged_resource"]}))

    wrong = play(TEARDOWN, aws.environment, tmp_path, *scope(prefix="shp-dev-"), workshop_confirm="shp-dev", **options)
    assert wrong.code != 0
    assert "never seen" in wrong.output and "shop" in wrong.failures, wrong.output

    torn = play(
        TEARDOWN, aws.environment, tmp_path, *scope(prefix="shop-dev-"), *tags, workshop_confirm="shop-dev", **options
    )
    assert torn.code == 0, torn.output
    plan = " ".join(torn.output.partition("Show the plan")[2].partition("TASK [")[0].split())
    for level in (("delivery", "store", "table"), ("bus", "orders"), ("net",)):
        assert all(f"shop-dev-{name}" in plan for name in level)
    assert "why shop-dev-bus after shop-dev-delivery: Rule of shop-dev-delivery resolves /shop/dev/bus" in plan
    assert "shop-dev-net after shop-dev-orders: the parameter Vpc of shop-dev-orders resolves /shop/dev/vpc" in plan
    told = report(tmp_path, "teardown")
    assert told["verdict"] == "clean"
    assert told["variables"] == {"workshop_scope": {"prefix": "shop-dev-"}, "workshop_tags": {"course": "shop"}}
    assert "remove 1 tagged resource of type AWS::DynamoDB::Table: notes" in plan
    removed = [row for row in told["leftovers"] if row["kind"] == "tagged_resource"]
    assert [(row["name"], row["action"]) for row in removed] == [("notes", "removed")]
    assert dynamodb.list_tables()["TableNames"] == ["other"]
    assert [len(level) for level in told["order"]["levels"]] == [3, 2, 1]
    assert ("shop-dev-bus", "shop-dev-delivery") in {(edge["stack"], edge["after"]) for edge in told["order"]["edges"]}
    assert all(edge["evidence"] for edge in told["order"]["edges"])
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    assert not {stack["StackName"] for stack in stacks} & set(workshop.manifest.names)

    # Weeks later there is no stack to say what was there: those that were deleted are asked.
    named = {"workshop_alarm_prefix": "shop-dev/", "workshop_xray_group": "shop-dev"}
    verified = play(VERIFY, aws.environment, tmp_path, *scope(prefix="shop-dev-"), **options, **named)
    assert verified.code == 0, verified.output
    told = report(tmp_path, "verify")
    assert told["variables"] == {"workshop_scope": {"prefix": "shop-dev-"}, **named}
    assert told["verdict"] == "clean" and "15 resources looked up" in verified.output, verified.output
    assert [row["type"] for row in told["not_looked_up"]] == ["AWS::Events::Rule"]
