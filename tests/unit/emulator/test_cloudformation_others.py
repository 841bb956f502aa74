# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does with stacks meanwhile, and what deletions leave behind on purpose."""

from __future__ import annotations

import json

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks


def parameters(emulator: Emulator) -> list[str]:
    """The names of all SSM parameters."""
    return [entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"]]


def test_a_stack_is_created_again_under_the_same_name(emulator: Emulator, stacks: Stacks) -> None:
    """A name is free once its stack is gone, and the deleted one is found by its id only.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    emulator.faults.recreate("one", seconds=30)
    old = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(old) == "DELETE_COMPLETE"
    assert stacks.error("describe_stacks", StackName="one")[0] == "ValidationError"
    emulator.clock.advance(30)
    new = stacks.show("one")
    assert (new["StackStatus"], stacks.status(old)) == ("CREATE_COMPLETE", "DELETE_COMPLETE")
    assert new["StackId"] != old
    assert parameters(emulator) == ["/p"]
    stacks.delete("one")
    assert stacks.end(new["StackId"]) == "DELETE_COMPLETE"
    emulator.clock.advance(100)
    assert stacks.error("describe_stacks", StackName="one")[0] == "ValidationError"


def test_a_stack_is_created_again_from_another_template(emulator: Emulator, stacks: Stacks) -> None:
    emulator.faults.recreate("one", template=json.dumps({"Resources": {"Other": stacks.parameter("/other")}}))
    old = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.end(old)
    emulator.wait_until(lambda: parameters(emulator) == ["/other"], 10)


def test_an_operation_under_way_ends_by_itself(emulator: Emulator, stacks: Stacks) -> None:
    """view-stack-events.html: what follows UPDATE_IN_PROGRESS"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.set_stack_status("one", "UPDATE_IN_PROGRESS", then=(20, "UPDATE_COMPLETE"))
    assert "cannot be deleted while in status" in stacks.error("delete_stack", StackName="one")[1]
    emulator.clock.advance(20)
    assert stacks.status("one") == "UPDATE_COMPLETE"
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_deletion_ends_a_creation_that_is_under_way(emulator: Emulator, stacks: Stacks) -> None:
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.set_stack_status("one", "CREATE_IN_PROGRESS", then=(4, "CREATE_COMPLETE"))
    stacks.delete("one")
    emulator.clock.advance(4)
    assert stacks.status(stack_id) == "DELETE_IN_PROGRESS"
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_deletion_policies_that_keep(emulator: Emulator, stacks: Stacks, policy: str) -> None:
    """aws-attribute-deletionpolicy.html; a deleted stack still lists what it has skipped (API_ListStackResources)"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p", DeletionPolicy=policy)})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    summary = stacks.client.list_stack_resources(StackName=stack_id)["StackResourceSummaries"][0]
    assert (summary["ResourceStatus"], summary["PhysicalResourceId"]) == ("DELETE_SKIPPED", "/p")
    assert parameters(emulator) == ["/p"]
    assert stacks.error("list_stack_resources", StackName="one")[0] == "ValidationError"
    assert stacks.error("describe_stack_resources", PhysicalResourceId="/p")[0] == "ValidationError"


@pytest.mark.parametrize(("policy", "kept"), [("Retain", True), ("RetainExceptOnCreate", False)])
def test_deletion_policies_in_a_roll_back(emulator: Emulator, stacks: Stacks, policy: str, kept: bool) -> None:
    """aws-attribute-deletionpolicy.html: RetainExceptOnCreate lets a roll back of the creation delete it"""
    emulator.client("ssm").put_parameter(Name="/taken", Type="String", Value="x")
    resources = {
        "First": stacks.parameter("/first", DeletionPolicy=policy),
        "Second": stacks.parameter("/taken", DependsOn="First"),
    }
    stack_id = stacks.create("one", resources)
    assert stacks.status("one") == "ROLLBACK_COMPLETE"
    assert stacks.resources(stack_id)["First"] == ("DELETE_SKIPPED" if kept else "DELETE_COMPLETE")
    assert ("/first" in parameters(emulator)) == kept


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_deletion_policies_in_an_update(emulator: Emulator, stacks: Stacks, policy: str) -> None:
    """aws-attribute-deletionpolicy.html: also applies to resources that an update takes out of the template"""
    kept = {"Kept": stacks.parameter("/kept", DeletionPolicy=policy)}
    stacks.create("one", {"P": stacks.parameter("/p"), **kept})
    stacks.update("one", {"P": stacks.parameter("/p")})
    assert stacks.status("one") == "UPDATE_COMPLETE"
    assert parameters(emulator) == ["/kept", "/p"]


def test_a_stack_owns_what_it_has_not_deleted(stacks: Stacks, emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html"""
    emulator.faults.fail_resource("one", "Fails", "Internal Failure")
    stack_id = stacks.create("one", {"Fails": stacks.parameter("/fails"), "Goes": stacks.parameter("/goes")})
    owned = stacks.client.describe_stack_resources(PhysicalResourceId="/goes")["StackResources"]
    assert {resource["LogicalResourceId"] for resource in owned} == {"Fails", "Goes"}
    one = stacks.client.describe_stack_resources(PhysicalResourceId="/goes", LogicalResourceId="Goes")
    assert [resource["StackId"] for resource in one["StackResources"]] == [stack_id]
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert stacks.client.describe_stack_resources(PhysicalResourceId="/fails")["StackResources"]
    message = stacks.error("describe_stack_resources", PhysicalResourceId="/goes")[1]
    assert message == "Stack for /goes does not exist"
    both = {"StackName": "one", "PhysicalResourceId": "/fails"}
    assert stacks.error("describe_stack_resources", **both)[0] == "ValidationError"


def test_deleted_stacks_are_listed_by_their_status(stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html"""
    ids = [stacks.create("same", {"P": stacks.parameter("/p")}) for _number in range(1)]
    stacks.delete("same")
    stacks.end(ids[0])
    ids.append(stacks.create("same", {"P": stacks.parameter("/p")}))
    gone = stacks.client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [(stack["StackName"], stack["StackId"]) for stack in gone] == [("same", ids[0])]
    assert gone[0]["DeletionTime"] > gone[0]["CreationTime"]
    every = stacks.client.list_stacks()["StackSummaries"]
    assert {stack["StackId"] for stack in every} == set(ids)
    assert stacks.error("list_stacks", StackStatusFilter=["GONE"])[0] == "ValidationError"


def test_retaining_is_refused_while_another_deletion_goes_on(emulator: Emulator, stacks: Stacks) -> None:
    """API_DeleteStack, RetainResources and DeletionMode: for stacks in DELETE_FAILED"""
    emulator.faults.fail_resource("one", "P", "Internal Failure")
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    stacks.delete("one", RetainResources=["P"])
    code, message = stacks.error("delete_stack", StackName="one", RetainResources=["P"])
    assert code == "ValidationError"
    assert "specify which resources to retain only when the stack is in the DELETE_FAILED state" in message
    code, message = stacks.error("delete_stack", StackName="one", DeletionMode="FORCE_DELETE_STACK")
    assert (code, "DELETE_FAILED" in message) == ("ValidationError", True)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_nested_stacks_name_their_root(stacks: Stacks, account: Account) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html (ParentId, RootId)"""
    s3 = account.emulator.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(
        Bucket="templates", Key="inner.json", Body=json.dumps({"Resources": {"P": stacks.parameter("/inner")}})
    )
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://templates.s3.amazonaws.com/inner.json"},
    }
    root = stacks.create("outer", {"Inner": nested})
    inner = next(s for s in stacks.client.describe_stacks()["Stacks"] if s["StackId"] != root)
    assert (inner["ParentId"], inner["RootId"]) == (root, root)
    listed = {s["StackId"]: s for s in stacks.client.list_stacks()["StackSummaries"]}
    assert listed[inner["StackId"]]["RootId"] == root
    assert "RootId" not in listed[root]
    stacks.delete("outer")
    assert stacks.end(root) == "DELETE_COMPLETE"
    assert stacks.status(inner["StackId"]) == "DELETE_COMPLETE"
