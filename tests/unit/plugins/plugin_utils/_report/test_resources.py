# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report says of resources whose stack is gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.plugins.plugin_utils.report_samples import live, remaining, report, stack

Row = dict[str, Any]
KEPT = "stack {} kept it, by a DeletionPolicy or because it could not be deleted"
TABLE = remaining(type="AWS::DynamoDB::Table", physical_id="shop-table", logical_id="Table")


def entry(name: str, *resources: tuple[str, str], live: bool = False, status: str = "DELETE_COMPLETE") -> Row:
    """A stack of an inventory."""
    rows = [
        {"logical_id": f"R{number}", "type": kind, "physical_id": name, "status": status}
        for number, (kind, name) in enumerate(resources)
    ]
    return {"name": name, "stack_id": f"arn:{name}", "live": live, "deletion_time": None, "resources": rows}


def absent(made: Row) -> dict[str, tuple[int, int]]:
    return {row["type"]: (row["looked_up"], row["absent"]) for row in made["looked_up"]}


def test_what_is_there_and_may_not_stay_is_left_behind() -> None:
    made = report({"remaining_resources": [TABLE, remaining()]})
    assert [row["physical_id"] for row in made["left_behind"]] == ["shop-table"]
    assert [row["physical_id"] for row in made["retained"]] == ["shop-role"]
    assert [(row["kind"], row["type"], row["name"]) for row in made["left"]] == [
        ("resource", "AWS::DynamoDB::Table", "shop-table")
    ]
    assert made["left"][0]["how_to_remove"] == "aws iam delete-role --role-name x"


@pytest.mark.parametrize(
    ("own", "stays"), [(None, True), (["AWS::DynamoDB::*"], True), ([], False), (["AWS::IAM::Role"], False)]
)
def test_what_a_row_of_a_stack_says_holds_over_what_holds_for_all(own: list[str] | None, stays: bool) -> None:
    groups = [{"group": "all", "stacks": ["shop-cluster"], "settings": {"shop-cluster": {"retain": own}}}]
    made = report({"remaining_resources": [TABLE]}, groups=groups, retain_on_failure=["AWS::DynamoDB::Table"])
    assert bool(made["retained"]) is stays and bool(made["left"]) is not stays


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("DELETE_SKIPPED", "kept it"),
        ("DELETE_COMPLETE", "it is there again"),
        ("DELETE_FAILED", "shop-cluster could not delete it"),
        ("UPDATE_COMPLETE", "did not delete it"),
        ("", "stack shop-cluster is gone"),
    ],
)
def test_whatever_its_stack_says_became_of_it_what_is_there_is_left(status: str, words: str) -> None:
    made = report({"remaining_resources": [{**TABLE, "status": status}]})
    (item,) = made["left"]
    assert words in item["reason"] and "shop-cluster" in item["reason"] and item["status"] == status
    assert made["verdict"] == "leftovers"


def test_reason_that_the_deletion_knows_is_told() -> None:
    row = {key: TABLE[key] for key in ("logical_id", "type", "physical_id")} | {"reason": "Table is in use"}
    made = report({"remaining_resources": [TABLE]}, stacks=[stack("shop-cluster", "cluster", retained_resources=[row])])
    assert made["left"][0]["reason"] == "stack shop-cluster left it behind: Table is in use"


def test_what_the_deletion_left_behind_and_the_last_look_does_not_find_is_no_more() -> None:
    made = report(stacks=[stack("shop-cluster", "cluster", retained_resources=[TABLE, remaining()])])
    assert made["left_behind"] == made["retained"] == made["not_looked_up"] == [] and made["verdict"] == "clean"


def test_without_a_look_what_the_deletion_left_behind_is_told() -> None:
    rows = [{**TABLE, "how_to_remove": ""}, remaining()]
    survey = {"verified": False}
    made = report(survey, stacks=[stack("shop-cluster", "cluster", retained_resources=rows)])
    assert [(row["physical_id"], row["present"]) for row in made["retained"]] == [("shop-role", None)]
    (unseen,) = made["not_looked_up"]
    assert unseen["reason"] == f"it could not be looked up; {KEPT.format('shop-cluster')}"
    assert unseen["how_to_remove"] == "aws dynamodb delete-table --table-name shop-table --region eu-central-1"
    assert (made["looked_up"], made["verdict"]) == ([], "failed")


def test_what_a_gap_hides_is_not_looked_up() -> None:
    gap = {"action": "dynamodb:DescribeTable", "message": "no"}
    made = report({"remaining_resources": [{**TABLE, "present": None}], "gaps": [gap]})
    assert made["left"] == [] and made["verdict"] == "failed"
    assert [row["physical_id"] for row in made["not_looked_up"]] == ["shop-table"]


def test_what_no_look_is_known_for_has_its_last_status_from_the_inventory() -> None:
    topic = {"stack_name": "shop-vpc", "type": "AWS::SNS::Topic", "physical_id": "topic", "tagged": True}
    known = entry("shop-vpc", ("AWS::SNS::Topic", "topic"), status="DELETE_SKIPPED")
    made = report({"not_looked_up": [topic], "inventory": [known]})
    (row,) = made["not_looked_up"]
    assert (row["logical_id"], row["status"]) == ("R0", "DELETE_SKIPPED")
    assert row["reason"] == f"resources of this type cannot be looked up; {KEPT.format('shop-vpc')}"
    assert (made["left"], made["looked_up"], made["verdict"]) == ([], [], "clean")


def test_service_whose_stack_is_gone_is_left() -> None:
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/shop/web"
    services = [
        {"name": "web", "arn": arn, "status": "DRAINING", "stack_name": "shop-service-web", "owner": None},
        {"name": "payments", "arn": "arn:payments", "status": "ACTIVE", "stack_name": None, "owner": "payments"},
        {"name": "api", "arn": "arn:api", "status": "ACTIVE", "stack_name": "shop-service-api", "owner": None},
    ]
    made = report({"services": services, "stacks": [live("shop-service-api")]}, stacks=[])
    stack_row, service = made["left"]
    assert stack_row["name"] == "shop-service-api"
    assert (service["type"], service["name"], service["status"]) == ("AWS::ECS::Service", arn, "DRAINING")
    assert service["how_to_remove"].startswith("aws ecs delete-service --force --cluster shop ")
    again = remaining(stack_name="shop-service-web", type="AWS::ECS::Service", physical_id=arn)
    made = report({"services": services[:1], "remaining_resources": [again]})
    assert len(made["left"]) == 1


def test_only_what_was_looked_up_is_counted() -> None:
    subnets = [("AWS::EC2::Subnet", f"subnet-{number}") for number in range(4)]
    topic = ("AWS::SNS::Topic", "topic")
    inventory = [
        entry("shop-vpc", *subnets[:2], topic, ("AWS::EC2::VPC", ""), ("AWS::DynamoDB::Table", "shop-table")),
        entry("shop-vpc", *subnets[:1], ("AWS::IAM::Role", "shop-role")),  # an older one of this name
        entry("shop-cluster", subnets[2], live=True),
        entry("shop-logs", *subnets[2:], ("AWS::EC2::Subnet", "subnet-4")),
        {**entry("shop-unread"), "resources": None},
    ]
    made = report(
        {
            "inventory": inventory,
            "remaining_resources": [
                TABLE,
                remaining(physical_id="shop-role", present=None),
            ],
            "owned": [{"kind": "AWS::EC2::Subnet", "id": "subnet-4", "stack_name": "others"}],
            "not_looked_up": [{"stack_name": "shop-vpc", "type": topic[0], "physical_id": topic[1], "tagged": False}],
        }
    )
    assert absent(made) == {"AWS::DynamoDB::Table": (1, 0), "AWS::EC2::Subnet": (3, 3)}


def test_summary_has_the_number_of_resources_that_are_absent() -> None:
    made = report({"inventory": [entry("shop-vpc", ("AWS::EC2::VPC", "vpc-1"), ("AWS::EC2::Subnet", "subnet-1"))]})
    assert made["summary"] == "Nothing of shop is left: 4 stacks gone, 2 resources looked up and absent."
