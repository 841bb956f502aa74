# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose it is that bears a workshop's tags. What is done about it: tests/integration/test_tagged.py."""

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import find
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackView
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.owners import Owners
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.tagged import TaggedLook
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Entry
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Stacks
from tests.unit.plugins.fake_aws import FakeAws, refusal

TAGS = {"workshop": "shop"}
ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
STACK = ARN.format("cloudformation", "stack/{}/1")
TABLE = ARN.format("dynamodb", "table/orders")


def bearing(arn=TABLE, **tags):
    rows = {**TAGS, **{key.replace("_", ":", 1): value for key, value in tags.items()}}
    return {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in rows.items()]}


def account(*rows, owned=None, own_tags=None):
    """``owned``: type and physical id of what the stack of a bank owns."""
    resources = [
        {"PhysicalResourceId": name, "StackName": "bank", "ResourceStatus": "CREATE_COMPLETE", "ResourceType": kind}
        for kind, name in (owned or {}).items()
    ]
    return FakeAws(
        {
            "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": list(rows)},
            "cloudformation.describe_stack_resources": lambda PhysicalResourceId: (
                {"StackResources": resources}
                if any(row["PhysicalResourceId"] == PhysicalResourceId for row in resources)
                else refusal("ValidationError", "Stack for x does not exist")
            ),
            "dynamodb.describe_table": {"Table": {}},
            "dynamodb.list_tags_of_resource": {"Tags": [] if own_tags == {} else bearing(**own_tags or {})["Tags"]},
        }
    )


def view(name, root=""):
    return StackView(STACK.format(name), name, "CREATE_COMPLETE", root_id=STACK.format(root) if root else "")


def rows(aws):
    stacks = Stacks(views=(view("bank"),))
    ours = Ours(tags=TAGS)
    with Looks(aws) as looks:
        look = TaggedLook(looks, stacks, ours, Owners(looks, stacks, {}), "eu-central-1")
        return look.take(find(looks, ours), ()).free


def taken(aws, inventory=(), owned=(), told=(), views=("bank", "shop")):
    stacks = Stacks(views=tuple(view(*item) if isinstance(item, tuple) else view(item) for item in views))
    stacks.names = {item.stack_id: item.name for item in stacks.views}
    stacks.inventory = inventory
    ours = Ours({item: "shop" for item in owned}, tags=TAGS)
    with Looks(aws) as looks:
        look = TaggedLook(looks, stacks, ours, Owners(looks, stacks, ours.owned), "eu-central-1")
        found = look.take(find(looks, ours), told)
        return [item.name for item in found.free], [(item.name, owner) for item, owner in found.owned], looks.gaps()


def test_what_no_stack_owns_is_free():
    assert taken(account(bearing())) == (["orders"], [], [])


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "Custom::Table"])
def test_what_a_stack_owns_is_its_whatever_the_type_is_called_there(kind):
    assert taken(account(bearing(), owned={kind: "orders"})) == ([], [("orders", "bank")], [])


@pytest.mark.parametrize("physical_id", [ARN.format("mq", "broker:shop:b-1"), "b-1"])
def test_what_a_stack_owns_of_a_type_that_is_not_known_is_its(physical_id):
    aws = account(bearing(ARN.format("mq", "broker:shop:b-1")), owned={"AWS::AmazonMQ::Broker": physical_id})
    assert taken(aws) == ([], [("shop:b-1", "bank")], [])


def test_a_part_of_a_global_table_is_told_and_takes_a_person_since_a_stack_elsewhere_may_own_it():
    aws = account(bearing())
    aws.answers["dynamodb.describe_table"] = {"Table": {"Replicas": [{"RegionName": "us-east-1"}]}}
    (row,) = rows(aws)
    assert row.by_hand == "it is a part of what is in us-east-1 as well, where a stack may own it"
    aws.answers["dynamodb.describe_table"] = {"Table": {"Replicas": []}}
    assert [row.by_hand for row in rows(aws)] == [""]


def test_a_table_of_which_nobody_may_see_where_else_it_is_is_a_gap():
    aws = account(bearing())
    looks = iter([{"Table": {}}])
    aws.answers["dynamodb.describe_table"] = lambda TableName: next(looks, None) or refusal("AccessDeniedException")
    free, owned, gaps = taken(aws)
    assert (free, owned) == ([], []) and [gap["action"] for gap in gaps] == ["dynamodb:DescribeTable"]


def test_the_tag_of_a_live_stack_says_whose_it_is_and_nobody_is_asked():
    aws = account(bearing(**{"aws_cloudformation:stack-id": STACK.format("bank")}))
    assert taken(aws) == ([], [("orders", "bank")], [])
    assert not aws.asked("cloudformation.describe_stack_resources") and not aws.asked("dynamodb.describe_table")


def test_what_is_the_workshops_own_is_not_told():
    entry = Entry("shop", STACK.format("shop"), True, None, ())
    for name in ("shop", "nested"):
        aws = account(bearing(**{"aws_cloudformation:stack-id": STACK.format(name)}))
        assert taken(aws, [entry], views=["shop", ("nested", "shop")]) == ([], [], [])
    aws = account(bearing(), owned={"AWS::DynamoDB::GlobalTable": "orders"})
    assert taken(aws, [entry], owned=[Resource("AWS::DynamoDB::GlobalTable", "orders")])[1] == []
    assert taken(account(bearing()), told=[Resource("AWS::DynamoDB::Table", "orders")]) == ([], [], [])


def test_what_has_not_all_the_tags_is_not_found_whatever_the_answer_has():
    other = bearing() | {"Tags": [{"Key": "workshop", "Value": "shops"}]}
    assert taken(account(other, bearing() | {"Tags": []})) == ([], [], [])
    assert taken(account(bearing(), own_tags={})) == ([], [], [])


def test_nothing_is_asked_for_without_tags():
    aws = FakeAws({})
    with Looks(aws) as looks:
        assert find(looks, Ours()) == [] and aws.calls == []


def test_of_a_workshop_that_nobody_has_seen_it_is_nobodys():
    aws = account(bearing())
    aws.answers |= {
        "cloudformation.describe_stacks": {"Stacks": []},
        "cloudformation.list_stacks": {"StackSummaries": []},
    }
    with Looks(aws) as looks:
        found = Survey(looks, "eu-central-1").take(
            Scope(stacks=("shop",), tags=TAGS, kinds=("tagged_resource",), caller=False)
        )
    assert found["leftovers"] == [] and [row["name"] for row in found["unclaimed"]] == ["orders"]
