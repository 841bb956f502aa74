# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role deploy: its plan, what it makes, a second run that changes nothing, and one in which a stack fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration.inprocess import Inside
from tests.workshop.playbooks import play

TABLE = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: shop
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Name: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/table, Type: String, Value: !Ref Table}}
"""
READER = """
Parameters:
  Table: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/table}
Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/reader, Type: String, Value: !Ref Table}}
"""
FAILING = "  Q: {Type: AWS::SSM::Parameter, Properties: {Name: /of/somebody, Type: String, Value: x}}\n"
# The lines of a condition stay as empty ones, so that those of messages are those of the file.
MANIFEST = """\
name: shop
scope: {prefix: shop-}
stacks:
{% if readers | default(true) %}
  - {name: shop-reader, template: reader.yml}
{% endif %}
  - {name: shop-table, template: table.yml}
items:
  - {table: shop, item: {id: {S: one}, on: {BOOL: true}}}
xray_group: {name: shop, filter_expression: 'http.url CONTAINS "shop"'}
xray_sampling_rules:
  - {rule_name: shop, priority: 1, fixed_rate: 0, reservoir_size: 0, url_path: /health}
"""


def role(**variables: Any) -> dict[str, Any]:
    return {"ansible.builtin.include_role": {"name": "workshop.lifecycle.deploy"}, "vars": variables}


@pytest.mark.slow
def test_it_is_planned_made_left_alone_and_told_of_when_a_stack_fails(aws: Emulator, tmp_path: Path) -> None:
    for name, text in {"shop.yml.j2": MANIFEST, "table.yml": TABLE, "reader.yml": READER}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    aws.client("ssm").put_parameter(Name="/of/somebody", Value="x", Type="String")
    settings = {
        "workshop_manifest": str(tmp_path / "shop.yml.j2"),
        "workshop_confirm": "shop",
        "workshop_poll_interval": 0.1,
    }
    fail = {"ansible.builtin.copy": {"content": TABLE + FAILING, "dest": str(tmp_path / "table.yml"), "mode": "0600"}}
    common = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": settings}
    plays = [
        {**common, "tasks": [role()], "check_mode": True},
        {**common, "tasks": [role()]},
        {**common, "tasks": [role()]},
        {**common, "tasks": [fail, role()]},
    ]
    (tmp_path / "play.yml").write_text(json.dumps(plays), encoding="utf-8")

    played = play(tmp_path / "play.yml", aws.environment | {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}, tmp_path)

    assert played.code == 2, played.output
    found = json.loads(played.output[played.output.index("{") :])["plays"]
    planned, made, again, failed = ([task["hosts"]["localhost"] for task in each["tasks"]] for each in found)
    changed = [[row["changed"] for row in each if "changed" in row] for each in (planned, made, again)]
    assert [sum(each) for each in changed] == [4, 4, 0], "the stacks, the group, the rule and the row"

    plan, _again = [row["text"] for row in planned if row.get("text")]
    assert "workshop   2 stacks: 2 to create" in plan
    assert "wave 2     shop-reader to create" in plan
    assert "its parameter Table reads" in plan and "besides    1 row for the table shop" in plan
    (text,) = [row["text"] for row in made if row.get("text", "").startswith("Deployment of shop\n")]
    assert "\n  created    shop-reader" in text
    assert aws.client("dynamodb").scan(TableName="shop")["Items"] == [{"id": {"S": "one"}, "on": {"BOOL": True}}]
    groups = {group["GroupName"]: group.get("FilterExpression") for group in aws.client("xray").get_groups()["Groups"]}
    assert groups["shop"] == 'http.url CONTAINS "shop"'
    rules = [row["SamplingRule"] for row in aws.client("xray").get_sampling_rules()["SamplingRuleRecords"]]
    assert [rule["URLPath"] for rule in rules if rule["RuleName"] == "shop"] == ["/health"]
    assert failed[-1]["failed"] and "shop-table failed: Q (AWS::SSM::Parameter): " in failed[-1]["msg"]
    assert "skipped    shop-reader: it comes after shop-table" in failed[-1]["text"]


def test_a_row_is_put_once_and_what_has_become_of_it_stays(aws: Emulator, inside: Inside) -> None:
    item = {"id": {"S": "one"}, "data": {"B": "AAEC"}, "list": {"L": [{"M": {"a": {"BS": ["AA=="]}}}]}}
    assert inside("dynamodb_item", check=True, table="shop", item=item)["changed"], "the table would be there"
    assert "ResourceNotFoundException" in inside("dynamodb_item", table="shop", item=item)["error"]["code"]
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="shop",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    assert inside("dynamodb_item", check=True, table="shop", item=item)["changed"]
    assert dynamodb.scan(TableName="shop")["Items"] == []
    made = inside("dynamodb_item", table="shop", item=item)
    assert made["changed"] and made["item"] == item
    assert dynamodb.scan(TableName="shop")["Items"][0]["data"] == {"B": b"\0\1\2"}
    assert not inside("dynamodb_item", table="shop", item=item)["changed"]

    other = {"id": {"S": "one"}, "data": {"S": "new"}}
    kept = inside("dynamodb_item", table="shop", item=other)
    assert not kept["changed"] and kept["item"] == item
    assert inside("dynamodb_item", table="shop", item=other, overwrite=True)["changed"]
    assert dynamodb.scan(TableName="shop")["Items"] == [other]


@pytest.mark.parametrize(
    ("item", "words"),
    [({"name": {"S": "x"}}, "item lacks 'id', which is in the key"), ({"id": "one"}, "item is not in DynamoDB's JSON")],
)
def test_what_is_no_row_is_refused(aws: Emulator, inside: Inside, item: dict[str, Any], words: str) -> None:
    aws.client("dynamodb").create_table(
        TableName="shop",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    assert words in inside("dynamodb_item", table="shop", item=item)["msg"]
