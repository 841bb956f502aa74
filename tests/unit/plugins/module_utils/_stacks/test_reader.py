# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import itertools

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.reader import StackReader

ARN = "arn:aws:cloudformation:eu-central-1:1:stack/a/1"
NOW = datetime.datetime(2026, 1, 1)
NUMBERS = itertools.count()


@pytest.fixture
def cloudformation():
    client = boto3.client(
        "cloudformation", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1"
    )
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def event(status, physical=ARN, token="token"):
    return {"StackId": ARN, "EventId": str(next(NUMBERS)), "StackName": "a", "Timestamp": NOW,
            "PhysicalResourceId": physical, "ResourceStatus": status, "ClientRequestToken": token}  # fmt: skip


def test_importers_are_read_from_all_pages(cloudformation):
    client, stub = cloudformation
    stub.add_response("list_imports", {"Imports": ["a", "b"], "NextToken": "2"}, {"ExportName": "x"})
    stub.add_response("list_imports", {"Imports": ["c"]}, {"ExportName": "x", "NextToken": "2"})
    assert StackReader(client).importers("x") == ["a", "b", "c"]


def test_an_export_that_nobody_imports_has_no_importers(cloudformation):
    client, stub = cloudformation
    stub.add_client_error("list_imports", "ValidationError", "Export 'x' is not imported by any stack.")
    assert StackReader(client).importers("x") == []


def test_that_importers_may_not_be_listed_comes_through(cloudformation):
    client, stub = cloudformation
    stub.add_client_error("list_imports", "AccessDenied", "no")
    with pytest.raises(errors.AwsCallError) as caught:
        StackReader(client).importers("x")
    assert (caught.value.kind, caught.value.action) == (errors.DENIED, "cloudformation:ListImports")


def test_a_plain_deletion(cloudformation):
    client, stub = cloudformation
    stub.add_response("delete_stack", {}, {"StackName": ARN, "ClientRequestToken": "token"})
    StackReader(client).delete(t.Delete("a", ARN, "token"))


@pytest.mark.parametrize("express", [False, True])
def test_a_deletion_with_everything(cloudformation, express):
    client, stub = cloudformation
    expected = {
        "StackName": ARN,
        "ClientRequestToken": "token",
        "RetainResources": ["R"],
        "DeletionMode": "FORCE_DELETE_STACK",
        "RoleARN": "arn:aws:iam::123456789012:role/deleter",
    }
    if express:
        known = client.meta.service_model.operation_model("DeleteStack").input_shape.members
        if "DeploymentConfig" not in known:
            pytest.skip("this botocore is older than express deletions, 1.43.38")
        expected["DeploymentConfig"] = {"Mode": "EXPRESS"}
    stub.add_response("delete_stack", {}, expected)
    reader = StackReader(client, express=express)
    reader.delete(t.Delete("a", ARN, "token", ("R",), True, expected["RoleARN"]))


def test_a_token_used_before_is_fine(cloudformation):
    client, stub = cloudformation
    stub.add_client_error("delete_stack", "TokenAlreadyExistsException", "exists")
    StackReader(client).delete(t.Delete("a", ARN, "token"))


def test_other_errors_are_not(cloudformation):
    client, stub = cloudformation
    stub.add_client_error("delete_stack", "AccessDenied", "no", 403)
    with pytest.raises(errors.AwsCallError, match="AccessDenied"):
        StackReader(client).delete(t.Delete("a", ARN, "token"))


def test_events_of_the_stack_back_to_its_newest_deletion(cloudformation):
    client, stub = cloudformation
    events = [
        event("CREATE_COMPLETE"), event("DELETE_COMPLETE", "sg-1"), event("DELETE_IN_PROGRESS"),
        event("CREATE_COMPLETE", token="old"),
    ]  # fmt: skip
    stub.add_response("describe_stack_events", {"StackEvents": events, "NextToken": "more"}, {"StackName": ARN})
    found = StackReader(client).events(ARN)
    assert [item.status for item in found] == ["CREATE_COMPLETE", "DELETE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_resources_sorted(cloudformation):
    client, stub = cloudformation
    rows = [
        {"LogicalResourceId": name, "ResourceType": "AWS::X::Y", "ResourceStatus": "DELETE_FAILED",
         "ResourceStatusReason": "why", "LastUpdatedTimestamp": NOW}
        for name in ("B", "A")
    ]  # fmt: skip
    stub.add_response("list_stack_resources", {"StackResourceSummaries": rows}, {"StackName": ARN})
    assert [(item.logical_id, item.reason) for item in StackReader(client).resources(ARN)] == [
        ("A", "why"),
        ("B", "why"),
    ]
