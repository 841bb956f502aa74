# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import threading
import time

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.near import near_names
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)


def key(name, number=1):
    return f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/{number}"


def stack(name, number=1, status="CREATE_COMPLETE", **more):
    made = NOON + datetime.timedelta(hours=number)
    gone = {"DeletionTime": made + datetime.timedelta(minutes=1)} if status == "DELETE_COMPLETE" else {}
    return {"StackName": name, "StackId": key(name, number), "StackStatus": status, "CreationTime": made} | gone | more


def resource(logical_id, physical_id, kind="AWS::DynamoDB::Table"):
    return {"LogicalResourceId": logical_id, "PhysicalResourceId": physical_id, "ResourceType": kind,
            "ResourceStatus": "CREATE_COMPLETE"}  # fmt: skip


def account(*stacks, resources=None, **more):
    """``resources``: by stack id; otherwise each stack has a table that is called like its id."""
    resources = resources or {}

    def read(StackName):
        found = resources.get(StackName, [resource("Table", StackName)])
        return found if isinstance(found, Exception) else {"StackResourceSummaries": found}

    live = [item for item in stacks if item["StackStatus"] != "DELETE_COMPLETE"]
    return FakeAws(
        {
            "cloudformation.describe_stacks": {"Stacks": live},
            "cloudformation.list_stacks": {"StackSummaries": list(stacks)},
            "cloudformation.list_stack_resources": read,
            "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": []},
            "dynamodb.describe_table": refusal("ResourceNotFoundException"),
            **more,
        }
    )


def survey(aws, *names, **more):
    with Looks(aws, lambda seconds: None) as looks:
        return Survey(looks, "eu-central-1").take(Scope(stacks=names, caller=False, **more))


def ids(found):
    return [row["stack_id"].partition("stack/")[2] for row in found["inventory"]]


def read(aws):
    return sorted(call["StackName"].partition("stack/")[2] for call in aws.asked("cloudformation.list_stack_resources"))


GENERATIONS = [stack("a", 1, "DELETE_COMPLETE"), stack("a", 3, "DELETE_COMPLETE"), stack("a", 2, "DELETE_COMPLETE")]


def test_what_live_stacks_own():
    aws = account(stack("b"), stack("a"), stack("c"))
    found = survey(aws, "a", "b")
    assert ids(found) == ["a/1", "b/1"] and found["seen"] and found["near_names"] == []
    assert found["inventory"][0] == {
        "name": "a", "stack_id": key("a"), "live": True, "creation_time": "2026-01-01T13:00:00+00:00",
        "deletion_time": None,
        "resources": [
            {"logical_id": "Table", "type": "AWS::DynamoDB::Table", "physical_id": key("a"),
             "status": "CREATE_COMPLETE"}
        ],
    }  # fmt: skip
    assert not aws.asked("cloudformation.list_stacks")


def test_of_what_is_not_there_its_newest_generation():
    found = survey(account(*GENERATIONS, stack("b", 1, "DELETE_COMPLETE"), stack("b", 2)), "a", "b", "never")
    assert ids(found) == ["a/3", "b/2"] and found["seen"]
    row = found["inventory"][0]
    assert not row["live"] and row["deletion_time"] == "2026-01-01T15:01:00+00:00" and row["resources"]


def test_a_proof_reads_all_generations():
    assert ids(survey(account(*GENERATIONS, stack("a", 4)), "a", verify=True)) == ["a/4", "a/3", "a/2", "a/1"]
    proof = survey(account(*GENERATIONS), "a", verify_if_nothing=True)
    assert proof["verified"] and ids(proof) == ["a/3", "a/2", "a/1"]


@pytest.mark.parametrize("verify", [False, True])
def test_what_an_earlier_look_has_read_is_not_read_again(verify):
    earlier = survey(account(stack("a", 4), stack("b")), "a", "b")["inventory"]
    aws = account(*GENERATIONS, stack("a", 4, "DELETE_COMPLETE"), stack("b"))
    found = survey(aws, "a", "b", inventory=tuple(earlier), verify=verify)
    assert ids(found) == (["a/4", "a/3", "a/2", "a/1", "b/1"] if verify else ["a/4", "b/1"])
    assert read(aws) == (["a/1", "a/2", "a/3"] if verify else [])
    assert bool(aws.asked("cloudformation.list_stacks")) is verify
    assert not found["inventory"][0]["live"] and found["inventory"][-1]["live"]
    # What became of a resource when its stack went, the earlier look does not know.
    assert [found["inventory"][row]["resources"][0]["status"] for row in (0, -1)] == ["", "CREATE_COMPLETE"]
    assert found["inventory"][0]["creation_time"] == earlier[0]["creation_time"] == "2026-01-01T16:00:00+00:00"


def test_another_generation_than_the_known_one_is_read():
    earlier = survey(account(stack("a", 1)), "a")["inventory"]
    aws = account(stack("a", 1, "DELETE_COMPLETE"), stack("a", 2))
    assert ids(survey(aws, "a", inventory=tuple(earlier))) == ["a/2"] and read(aws) == ["a/2"]


def test_a_name_is_not_believed_that_is_not_the_ids():
    earlier = survey(account(stack("strangers", 1)), "strangers")["inventory"]
    assert survey(account(), "a", inventory=({**earlier[0], "name": "a"},))["inventory"] == []


def test_a_stack_that_may_not_be_read_is_a_gap_and_others_go_on():
    aws = account(stack("a"), stack("b"), resources={key("a"): refusal("AccessDenied")})
    found = survey(aws, "a", "b")
    assert [row["resources"] is None for row in found["inventory"]] == [True, False] and found["seen"]
    (gap,) = found["gaps"]
    assert (gap["action"], gap["about"]) == ("cloudformation:ListStackResources", ["a"])


def test_with_what_is_in_nested_stacks():
    nested = {
        key("a"): [resource("Inner", key("a-Inner"), "AWS::CloudFormation::Stack"), resource("Own", "own")],
        key("a-Inner"): [resource("Table", "inside")],
    }
    found = survey(account(stack("a"), stack("a-Inner", RootId=key("a")), resources=nested), "a")
    rows = [(row["logical_id"], row["physical_id"]) for row in found["inventory"][0]["resources"]]
    assert rows == [("Inner", key("a-Inner")), ("Own", "own"), ("Inner/Table", "inside")]
    nested[key("a-Inner")] = refusal("AccessDenied")
    assert survey(account(stack("a"), resources=nested), "a")["inventory"][0]["resources"] is None


def test_at_most_five_are_read_at_a_time():
    under_way, most, lock = [0], [0], threading.Lock()

    def slow(StackName):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.02)
        with lock:
            under_way[0] -= 1
        return {"StackResourceSummaries": []}

    names = [f"s{number}" for number in range(16)]
    survey(account(*map(stack, names), **{"cloudformation.list_stack_resources": slow}), *names)
    assert 1 < most[0] <= 5


def test_what_was_never_seen_and_what_nobody_knows():
    never = survey(account(stack("shop-a"), stack("other")), "shpo-a", prefix="shpo-")
    assert (never["seen"], never["near_names"], never["inventory"]) == (False, ["shop"], [])
    unknown = survey(account(**{"cloudformation.list_stacks": refusal("AccessDenied")}), "a")
    assert unknown["seen"] is None and [gap["action"] for gap in unknown["gaps"]] == ["cloudformation:ListStacks"]
    denied = {"cloudformation.describe_stacks": refusal("AccessDenied")}
    assert survey(account(**denied), "a")["seen"] is None
    assert survey(account(), prefix="a-")["seen"] is None


@pytest.mark.parametrize(
    "prefix, names, near",
    [
        ("cudlekube-", ["cuddlekube-vpc", "cuddlekube-logs", "web"], ["cuddlekube"]),
        ("my-shop-", ["myshop-a", "my-shop2-a", "my-shop-b"], ["my-shop2", "myshop"]),
        ("shop-", ["shop-a", "bank"], []),
        ("", ["a"], []),
    ],
)
def test_names_that_were_meant(prefix, names, near):
    assert near_names(prefix, names) == near
