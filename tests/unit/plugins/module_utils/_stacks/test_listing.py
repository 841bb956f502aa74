# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.listing import StackLister
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.listing import stack_view

NOW = datetime.datetime(2026, 1, 1)


@pytest.fixture
def cloudformation():
    client = boto3.client(
        "cloudformation", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1"
    )
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def stack(name, status="CREATE_COMPLETE", **more):
    return {"StackName": name, "StackId": f"arn:{name}", "StackStatus": status, "CreationTime": NOW, **more}


def test_one_unfiltered_listing_over_all_pages(cloudformation):
    client, stub = cloudformation
    stub.add_response("describe_stacks", {"Stacks": [stack("a")], "NextToken": "more"}, {})
    stub.add_response(
        "describe_stacks",
        {"Stacks": [stack("b", EnableTerminationProtection=True), stack("c", "DELETE_COMPLETE")]},
        {"NextToken": "more"},
    )
    turns = []
    lister = StackLister(client, turn=lambda: turns.append("turn"))
    found = lister.described()
    assert sorted(found) == ["a", "b"] and found["b"].protected and lister.pages == len(turns) == 2


def test_a_list_of_the_deleted_is_read_until_all_are_found_but_not_for_ever(cloudformation):
    client, stub = cloudformation
    filters = {"StackStatusFilter": ["DELETE_COMPLETE"]}
    old = {"StackSummaries": [stack(f"old-{number}", "DELETE_COMPLETE") for number in range(3)], "NextToken": "more"}
    stub.add_response("list_stacks", {**old, "StackSummaries": [stack("a", "DELETE_COMPLETE")]}, filters)
    assert [view.stack_id for view in StackLister(client).deleted({"arn:a"})] == ["arn:a"]
    stub.add_response("list_stacks", old, filters)
    stub.add_response("list_stacks", old | {"NextToken": "still more"}, {**filters, "NextToken": "more"})
    assert StackLister(client).deleted({"arn:a"}) == []


def test_an_unknown_id(cloudformation):
    client, stub = cloudformation
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id arn:a does not exist")
    assert StackLister(client).by_id("arn:a") is None


def two_pages(stub, first, second, method="describe_stacks", key="Stacks"):
    """One answer on two pages."""
    stub.add_response(method, {key: first, "NextToken": "more"}, {})
    stub.add_response(method, {key: second}, {"NextToken": "more"})


def unknown(stub, name):
    text = f"Stack with id {name} does not exist"
    stub.add_client_error("describe_stacks", "ValidationError", text, expected_params={"StackName": name})


def test_what_slips_between_two_pages_is_asked_for_by_its_name(cloudformation):
    client, stub = cloudformation
    two_pages(stub, [stack("b")], [stack("c")])
    stub.add_response("describe_stacks", {"Stacks": [stack("a")]}, {"StackName": "a"})
    unknown(stub, "nope")
    assert set(StackLister(client).described(["a", "b", "nope"])) == {"a", "b", "c"}


def test_for_many_all_pages_are_read_once_more(cloudformation):
    client, stub = cloudformation
    two_pages(stub, [stack("b")], [stack("c")])
    two_pages(stub, [stack("b", "DELETE_IN_PROGRESS")], [stack("a")])
    found = StackLister(client).described(["a", "b", "no", "nope", "never"])
    assert set(found) == {"a", "b", "c"} and found["b"].status == "DELETE_IN_PROGRESS"


@pytest.mark.parametrize(("names", "pages"), [((), 2), (["a"], 2), (["x", "y", "z"], 1), (None, 1)])
def test_nothing_is_read_again_where_nothing_can_be_missing(cloudformation, names, pages):
    client, stub = cloudformation
    if pages == 2:
        two_pages(stub, [stack("a")], [])
    else:
        stub.add_response("describe_stacks", {"Stacks": [stack("a")]}, {})
    assert set(StackLister(client).described(names)) == {"a"}


def test_without_names_all_pages_are_read_twice(cloudformation):
    client, stub = cloudformation
    two_pages(stub, [stack("a")], [stack("c")])
    two_pages(stub, [], [stack("b"), stack("c")])
    assert set(StackLister(client).described(None)) == {"a", "b", "c"}


def test_a_whole_list_is_read_twice_too_and_what_was_deleted_stays_so(cloudformation):
    client, stub = cloudformation
    arguments = {"method": "list_stacks", "key": "StackSummaries"}
    two_pages(stub, [stack("a", "DELETE_IN_PROGRESS")], [stack("c", "DELETE_COMPLETE")], **arguments)
    two_pages(stub, [stack("a", "DELETE_COMPLETE")], [stack("b"), stack("c", "DELETE_IN_PROGRESS")], **arguments)
    found = {view.name: view.status for view in StackLister(client).listed()}
    assert found == {"a": "DELETE_COMPLETE", "b": "CREATE_COMPLETE", "c": "DELETE_COMPLETE"}
    stub.add_response("list_stacks", {"StackSummaries": [stack("a", RootId="arn:root")]}, {})
    (view,) = StackLister(client).listed()
    assert view.nested and view.created == NOW and view.updated is None


def test_a_stack_with_nothing_but_what_aws_always_sends():
    """Of an output, and of a parameter, AWS need send nothing; a stack may have none of the rest.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Output.html
    """
    bare = {"StackId": "arn:a", "StackName": "a", "StackStatus": "CREATE_COMPLETE"}
    assert stack_view(bare).outputs == {}
    odd = {**bare, "Outputs": [{"OutputKey": "Url"}, {"ExportName": "e"}, {}], "Parameters": [{}]}
    view = stack_view(odd)
    assert view.outputs == {"Url": ""} and list(view.exports) == ["e"]
