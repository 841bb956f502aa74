# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.account import Account
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.owners import Owners
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.stacks import described
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.stacks import listed
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Stacks
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)


def stack(name, number=1, status="CREATE_COMPLETE", **more):
    made = NOON + datetime.timedelta(minutes=number)
    return {"StackName": name, "StackId": stack_id(name, number), "StackStatus": status, "CreationTime": made, **more}


def stack_id(name, number=1):
    return f"arn:aws:cloudformation:eu-central-1:1:stack/{name}/{number}"


def test_what_describing_tells():
    rows = [
        stack("b", StackStatusReason="two\nlines", EnableTerminationProtection=True, LastUpdatedTime=NOON,
              RoleARN="arn:aws:iam::1:role/cfn",
              Outputs=[{"OutputKey": "Address", "OutputValue": "x"}]),
        stack("old", status="DELETE_COMPLETE"),
        stack("b-inner", RootId=stack_id("b")),
    ]  # fmt: skip
    found = described(FakeAws({"cloudformation.describe_stacks": {"Stacks": rows}})("cloudformation"))
    assert found.live["b"] == {
        "name": "b", "stack_id": stack_id("b"), "status": "CREATE_COMPLETE", "status_reason": "two lines",
        "termination_protection": True, "role_arn": "arn:aws:iam::1:role/cfn",
        "creation_time": "2026-01-01T12:01:00+00:00",
        "last_updated_time": "2026-01-01T12:00:00+00:00", "outputs": {"Address": "x"},
    }  # fmt: skip
    assert found.names == {stack_id("b"): "b", stack_id("b-inner"): "b-inner"}
    assert found.nested == {"b-inner"} and found.gone == () and found.ever is None


class Moving:
    """CloudFormation, on whose second page something is missing the first time, and goes by the second time."""

    passes = 0

    def get_paginator(self, operation):
        return self

    def paginate(self):
        self.passes += 1
        slipped = [stack("b")] if self.passes > 1 else []
        gone = "DELETE_COMPLETE" if self.passes > 1 else "DELETE_IN_PROGRESS"
        for rows in ([stack("a", status=gone)], [*slipped, stack("c")]):
            yield {"Stacks": rows, "StackSummaries": rows}


def test_what_slips_between_two_pages_is_found():
    assert set(described(Moving()).live) == {"a", "b", "c"}
    found = listed(Moving(), ["a", "b", "c"])
    assert set(found.live) == {"b", "c"} and [view.stack_id for view in found.gone] == [stack_id("a")]


def test_many_stacks_are_described_three_pages_at_a_time():
    class Long(Moving):
        def paginate(self):
            return ({"Stacks": [], "NextToken": "more" if page < 3 else None} for page in range(4))

    slept = []
    described(Long(), slept.append)
    assert len(slept) == 2 * 4 - 3 and all(0.9 < seconds <= 1.2 for seconds in slept)


def test_what_listing_tells_of_live_and_deleted_stacks():
    rows = [
        stack("a", 1, "DELETE_COMPLETE"),
        stack("a", 3, "DELETE_COMPLETE"),
        stack("a", 5, "DELETE_FAILED", StackStatusReason="why"),
        stack("a-inner", 2, "DELETE_COMPLETE", RootId=stack_id("a", 1)),
        stack("aa", 1, "DELETE_COMPLETE"),
    ]
    found = listed(FakeAws({"cloudformation.list_stacks": {"StackSummaries": rows}})("cloudformation"), ["a"])
    assert found.live["a"]["status"] == "DELETE_FAILED" and found.live["a"]["status_reason"] == "why"
    assert found.live["a"]["termination_protection"] is None and found.live["a"]["outputs"] is None
    assert [view.stack_id for view in found.gone] == [stack_id("a", 3), stack_id("a")]
    assert found.ever == ("a", "aa")


TABLE, GROUP = "AWS::DynamoDB::Table", "AWS::Logs::LogGroup"


def owners(aws, stacks=None, known=()):
    return Owners(Looks(aws), stacks, dict(known))


def resource(physical_id, status="CREATE_COMPLETE", kind=GROUP):
    return {"PhysicalResourceId": physical_id, "StackName": "logs", "StackId": "x", "ResourceStatus": status,
            "ResourceType": kind}  # fmt: skip


def test_one_answer_tells_the_owner_of_all_in_the_stack():
    aws = FakeAws({"cloudformation.describe_stack_resources": {"StackResources": [resource("/a"), resource("/b")]}})
    asked = owners(aws)
    assert asked.owner(Resource(GROUP, "/a")) == asked.owner(Resource(GROUP, "/b")) == "logs"
    assert aws.asked("cloudformation.describe_stack_resources") == [{"PhysicalResourceId": "/a"}]


@pytest.mark.parametrize("status", ["DELETE_COMPLETE", "DELETE_SKIPPED"])
def test_what_a_stack_has_let_go_of_it_does_not_own(status):
    rows = {"StackResources": [resource("/a", status)]}
    assert owners(FakeAws({"cloudformation.describe_stack_resources": rows})).owner(Resource(GROUP, "/a")) == ""


def test_an_owner_is_type_and_id():
    rows = {"StackResources": [resource("/a", kind=TABLE)]}
    asked = owners(FakeAws({"cloudformation.describe_stack_resources": rows}))
    assert (asked.owner(Resource(GROUP, "/a")), asked.owner(Resource(TABLE, "/a"))) == ("", "logs")


def test_what_was_read_from_a_stack_is_its_whatever_the_answer():
    missing = refusal("ValidationError", "Stack for /a does not exist")
    aws = FakeAws({"cloudformation.describe_stack_resources": missing})
    asked = owners(aws, known={Resource(GROUP, "/a"): "logs"})
    assert asked.owner(Resource(GROUP, "/a")) == "logs" and not aws.calls
    assert asked.owner(Resource(TABLE, "/a")) == ""


def test_no_stack_owns_it():
    missing = refusal("ValidationError", "Stack for /a does not exist")
    aws = FakeAws({"cloudformation.describe_stack_resources": missing})
    assert owners(aws).owner(Resource(GROUP, "/a")) == ""
    assert owners(aws, Stacks()).owner(Resource(GROUP, "/a")) == "" and owners(aws).owner(Resource(GROUP, "")) == ""
    assert len(aws.calls) == 1


def test_nobody_knows_who_owns_it():
    looks = Looks(FakeAws({"cloudformation.describe_stack_resources": refusal("AccessDenied")}))
    assert Owners(looks, None, {}).owner(Resource(GROUP, "/a")) is None
    assert [item["action"] for item in looks.gaps()] == ["cloudformation:DescribeStackResources"]


@pytest.mark.parametrize("answer", [refusal("AccessDenied"), refusal("ValidationError"), {"AccountAliases": []}])
def test_an_alias_that_is_not_told_is_no_gap(answer):
    looks = Looks(FakeAws({"iam.list_account_aliases": answer}))
    assert Account(looks).alias() is None
    assert looks.gaps() == []
