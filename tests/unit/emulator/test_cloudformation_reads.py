# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What describe and list calls show.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html, API_ListStacks.html,
API_DescribeStackEvents.html, API_ListStackResources.html
"""

from __future__ import annotations


def test_all_live_stacks_in_pages(emulator, stacks):
    for number in range(120):
        stacks.create(f"s{number}", {"P": stacks.parameter(f"/p{number}")})
    emulator.calls.clear()
    pages = list(stacks.client.get_paginator("describe_stacks").paginate())
    names = [stack["StackName"] for page in pages for stack in page["Stacks"]]
    assert sorted(names) == sorted(f"s{number}" for number in range(120))
    assert len(names) == len(set(names))
    assert emulator.calls.by_action == {"cloudformation:DescribeStacks": 3}


def test_a_stack_that_goes_between_two_pages_does_not_break_the_paging(emulator, stacks):
    for number in range(60):
        stacks.create(f"s{number}", {"P": stacks.parameter(f"/p{number}")})
    first = stacks.client.describe_stacks()
    for stack in first["Stacks"]:
        stacks.delete(stack["StackId"])
    emulator.wait_until(lambda: len(stacks.client.describe_stacks()["Stacks"]) == 10)
    second = stacks.client.describe_stacks(NextToken=first["NextToken"])
    assert "NextToken" not in second


def test_list_stacks_has_deleted_ones_too(stacks):
    """API_ListStacks: deleted stacks are kept for 90 days."""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.end(stack_id)
    stacks.create("two", {"P": stacks.parameter("/p")})
    summaries = stacks.client.list_stacks()["StackSummaries"]
    assert {summary["StackName"]: summary["StackStatus"] for summary in summaries} == {
        "one": "DELETE_COMPLETE",
        "two": "CREATE_COMPLETE",
    }
    deleted = stacks.client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [summary["StackName"] for summary in deleted] == ["one"]


def test_a_name_can_be_used_again(stacks):
    first = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.end(first)
    second = stacks.create("one", {"P": stacks.parameter("/p")})
    assert first != second
    assert stacks.show("one")["StackId"] == second
    assert stacks.status(first) == "DELETE_COMPLETE"


def test_a_name_in_use_cannot(stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    code, message = stacks.error("create_stack", StackName="one", TemplateBody='{"Resources": {}}')
    assert (code, message) == ("AlreadyExistsException", "Stack [one] already exists")


def test_events_are_newest_first_with_reasons_and_token(emulator, stacks):
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.faults.fail_resource("one", "P", "Internal Failure")
    stacks.delete("one", ClientRequestToken="my-token")
    stacks.end(stack_id)
    events = stacks.client.describe_stack_events(StackName="one")["StackEvents"]
    seen = [(event["LogicalResourceId"], event["ResourceStatus"]) for event in events]
    assert seen == [
        ("one", "DELETE_FAILED"),
        ("P", "DELETE_FAILED"),
        ("P", "DELETE_IN_PROGRESS"),
        ("one", "DELETE_IN_PROGRESS"),
        ("one", "CREATE_COMPLETE"),
        ("P", "CREATE_COMPLETE"),
        ("P", "CREATE_IN_PROGRESS"),
        ("one", "CREATE_IN_PROGRESS"),
    ]
    assert events[1]["ResourceStatusReason"] == "Internal Failure"
    assert events[3]["ResourceStatusReason"] == "User Initiated"
    assert {event.get("ClientRequestToken") for event in events[:4]} == {"my-token"}
    assert "ClientRequestToken" not in events[4]
    assert all(event["Timestamp"] for event in events)


def test_events_come_in_pages(stacks):
    stacks.create("one", {f"P{number}": stacks.parameter(f"/p{number}") for number in range(80)})
    first = stacks.client.describe_stack_events(StackName="one")
    assert len(first["StackEvents"]) == 100
    paginator = stacks.client.get_paginator("describe_stack_events")
    assert sum(len(page["StackEvents"]) for page in paginator.paginate(StackName="one")) == 162


def test_events_of_a_missing_stack(stacks):
    """Kotaimen/awscfncli#89"""
    assert stacks.error("describe_stack_events", StackName="no") == (
        "ValidationError",
        "Stack [no] does not exist",
    )


def test_events_of_a_deleted_stack_by_id(stacks):
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.end(stack_id)
    newest, *_older = stacks.client.describe_stack_events(StackName=stack_id)["StackEvents"]
    assert newest["ResourceStatus"] == "DELETE_COMPLETE"
    assert stacks.error("describe_stack_events", StackName="one")[0] == "ValidationError"


def test_resources_with_physical_ids(stacks):
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    (summary,) = stacks.client.list_stack_resources(StackName=stack_id)["StackResourceSummaries"]
    assert (summary["LogicalResourceId"], summary["PhysicalResourceId"]) == ("P", "/p")
    assert summary["ResourceType"] == "AWS::SSM::Parameter"
    (resource,) = stacks.client.describe_stack_resources(StackName="one")["StackResources"]
    assert (resource["StackId"], resource["ResourceStatus"]) == (stack_id, "CREATE_COMPLETE")
    (found,) = stacks.client.describe_stack_resources(PhysicalResourceId="/p")["StackResources"]
    assert found["StackName"] == "one"


def test_stale_reads_after_delete_stack(emulator, stacks):
    """Eventual consistency: the first answers may show the state before the call."""
    emulator.durations.set("ssm.parameter", 200)
    emulator.faults.stale_reads(2)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert [stacks.status(stack_id) for _number in range(3)] == [
        "CREATE_COMPLETE",
        "CREATE_COMPLETE",
        "DELETE_IN_PROGRESS",
    ]


def test_stale_reads_after_the_end(emulator, stacks):
    emulator.faults.stale_reads(0, after_deletion=2)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    emulator.wait_until(lambda: emulator.timeline.select("stack", "one", "DELETE_COMPLETE"))
    assert [stack["StackStatus"] for stack in stacks.client.describe_stacks()["Stacks"]] == ["DELETE_IN_PROGRESS"]
    assert stacks.status("one") == "DELETE_IN_PROGRESS"
    assert not stacks.client.describe_stacks()["Stacks"]
    assert stacks.status(stack_id) == "DELETE_COMPLETE"


def test_another_region_is_another_world(emulator, stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    assert not emulator.client("cloudformation", "us-west-2").describe_stacks()["Stacks"]


def test_tags_of_cloudformation(emulator, stacks):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html"""
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    stack_id = stacks.create("one", {"Vpc": vpc}, Tags=[{"Key": "team", "Value": "kitten"}])
    (found,) = emulator.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {
        "team": "kitten",
        "aws:cloudformation:stack-name": "one",
        "aws:cloudformation:stack-id": stack_id,
        "aws:cloudformation:logical-id": "Vpc",
    }


def test_reasons_are_shown_as_they_are(emulator, stacks):
    """But for control characters, which the answer's XML cannot hold: https://www.w3.org/TR/xml/#charsets"""
    told = """<b>"it's" & so</b>\nsecond line \x1b[31mred\x1b[0m \u00fc\u4e16"""
    emulator.faults.fail_resource("one", "P", told)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert stacks.reason(stack_id, "P") == told.replace("\x1b", "")
    emulator.set_stack_status("one", "DELETE_FAILED", told)
    assert stacks.show("one")["StackStatusReason"] == told.replace("\x1b", "")


def test_every_change_of_a_stack_is_seen_at_once(emulator, stacks):
    """Whatever is kept of earlier answers"""
    stacks.create("one", {"P": stacks.parameter("/p")}, {"Outputs": {"O": {"Value": "first"}}})
    assert stacks.show("one")["Outputs"][0]["OutputValue"] == "first"
    stacks.update("one", {"P": stacks.parameter("/p")}, {"Outputs": {"O": {"Value": "second"}}, "Description": "new"})
    shown = stacks.show("one")
    assert (shown["Outputs"][0]["OutputValue"], shown["Description"]) == ("second", "new")
    stacks.client.update_termination_protection(StackName="one", EnableTerminationProtection=True)
    assert stacks.show("one")["EnableTerminationProtection"]
    emulator.set_stack_status("one", "ROLLBACK_FAILED", "because")
    assert (stacks.status("one"), stacks.show("one")["StackStatusReason"]) == ("ROLLBACK_FAILED", "because")
