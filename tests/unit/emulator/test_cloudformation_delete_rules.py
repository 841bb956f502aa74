# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DeleteStack accepts and refuses.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
"""

from __future__ import annotations

import pytest

EXPORTING = {"Outputs": {"O": {"Value": "x", "Export": {"Name": "exported"}}}}


@pytest.fixture
def failed(emulator, stacks):
    """A stack in DELETE_FAILED: Top failed, Below was not tried, Other is gone."""
    stack_id = stacks.create(
        "one",
        {
            "Below": stacks.parameter("/below"),
            "Top": stacks.parameter("/top", {"Ref": "Below"}),
            "Other": stacks.parameter("/other"),
        },
    )
    emulator.faults.fail_resource("one", "Top", "Internal Failure")
    stacks.delete("one")
    stacks.end(stack_id)
    return stack_id


def test_a_missing_stack_is_no_error(stacks):
    stacks.delete("missing")
    stacks.delete("arn:aws:cloudformation:eu-central-1:123456789012:stack/missing/0")


@pytest.mark.parametrize("name", ["has space", "1digit", "*", "a_b"])
def test_a_name_that_cannot_be(stacks, name):
    code, message = stacks.error("delete_stack", StackName=name)
    assert code == "ValidationError"
    assert "failed to satisfy constraint" in message


def test_a_second_call_joins(emulator, stacks):
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    stacks.delete(stack_id)
    assert len(emulator.timeline.select("stack", "one", "DELETE_IN_PROGRESS")) == 1


def test_termination_protection(stacks):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")}, EnableTerminationProtection=True)
    assert stacks.show("one")["EnableTerminationProtection"] is True
    assert stacks.error("delete_stack", StackName="one") == (
        "ValidationError",
        "Stack [one] cannot be deleted while TerminationProtection is enabled",
    )
    assert stacks.status("one") == "CREATE_COMPLETE"
    stacks.client.update_termination_protection(StackName="one", EnableTerminationProtection=False)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_protection_of_a_missing_stack(stacks):
    code, _message = stacks.error("update_termination_protection", StackName="no", EnableTerminationProtection=True)
    assert code == "ValidationError"


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_not_during_an_update(emulator, stacks, status):
    """guidance-for-clickstream-analytics-on-aws#573"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.set_stack_status("one", status)
    assert stacks.error("delete_stack", StackName="one") == (
        "ValidationError",
        f"Stack [{stack_id}] cannot be deleted while in status {status}",
    )


@pytest.mark.parametrize(
    "status", ["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED"]
)
def test_from_any_status_that_allows_it(emulator, stacks, status):
    """cloudtools/stacker#422 for CREATE_IN_PROGRESS"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.set_stack_status("one", status)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_retained_resources_only_from_delete_failed(stacks):
    """rebuy-de/aws-nuke#244"""
    stacks.create("one", {"P": stacks.parameter("/p")})
    code, message = stacks.error("delete_stack", StackName="one", RetainResources=["P"])
    assert code == "ValidationError"
    assert "DELETE_FAILED" in message


@pytest.mark.parametrize("name", ["Other", "Below"])
def test_only_failed_resources_can_be_retained(stacks, failed, name):
    """rebuy-de/aws-nuke#270"""
    code, message = stacks.error("delete_stack", StackName="one", RetainResources=["Top", name])
    assert code == "ValidationError"
    assert message.startswith("The specified resources to retain must be in a valid state.")


def test_retaining_what_is_not_there(stacks, failed):
    assert stacks.error("delete_stack", StackName="one", RetainResources=["Nothing"])[0] == "ValidationError"


def test_retaining_lets_the_rest_go(emulator, stacks, failed):
    stacks.delete("one", RetainResources=["Top"])
    assert stacks.end(failed) == "DELETE_COMPLETE"
    assert stacks.resources(failed) == {
        "Below": "DELETE_COMPLETE",
        "Top": "DELETE_SKIPPED",
        "Other": "DELETE_COMPLETE",
    }
    assert [entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"]] == ["/top"]


def test_retaining_takes_several_rounds(emulator, stacks, failed):
    """A resource is tried only when what depends on it is out of the way, and may fail then."""
    emulator.faults.fail_resource("one", "Below", "Internal Failure")
    stacks.delete("one", RetainResources=["Top"])
    assert stacks.end(failed) == "DELETE_FAILED"
    assert stacks.show("one")["StackStatusReason"] == "The following resource(s) failed to delete: [Below]. "
    stacks.delete("one", RetainResources=["Below"])
    assert stacks.end(failed) == "DELETE_COMPLETE"


def test_force_only_from_delete_failed(stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    code, message = stacks.error("delete_stack", StackName="one", DeletionMode="FORCE_DELETE_STACK")
    assert code == "ValidationError"
    assert "DELETE_FAILED state" in message


def test_force_drops_all_that_cannot_be_deleted(emulator, stacks, failed):
    emulator.faults.fail_resource("one", "Below", "Internal Failure")
    stacks.delete("one", DeletionMode="FORCE_DELETE_STACK")
    assert stacks.end(failed) == "DELETE_COMPLETE"
    assert stacks.resources(failed) == {
        "Below": "DELETE_SKIPPED",
        "Top": "DELETE_SKIPPED",
        "Other": "DELETE_COMPLETE",
    }
    left = {entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"]}
    assert left == {"/below", "/top"}


@pytest.fixture
def imported(stacks):
    """A stack whose export another stack uses."""
    stack_id = stacks.create("exporter", {"P": stacks.parameter("/p")}, EXPORTING)
    stacks.create("importer", {"Q": stacks.parameter("/q", {"Fn::ImportValue": {"Fn::Sub": "exported"}})})
    return stack_id


def test_an_export_in_use_fails_the_deletion(stacks, imported):
    stacks.delete("exporter")
    assert stacks.end(imported) == "DELETE_FAILED"
    reason = "Export exported cannot be deleted as it is in use by importer"
    assert stacks.show("exporter")["StackStatusReason"] == reason
    assert stacks.resources(imported) == {"P": "CREATE_COMPLETE"}


def test_an_export_in_use_may_bring_the_stack_back(emulator, stacks, imported):
    """ansible/ansible#60606, aws/aws-cdk#604: the earlier status again, the reason in the events."""
    emulator.faults.export_in_use("bounce")
    stacks.delete("exporter")
    assert stacks.end(imported) == "CREATE_COMPLETE"
    assert emulator.timeline.select("stack", "exporter", "DELETE_IN_PROGRESS")
    (event, *_older) = stacks.client.describe_stack_events(StackName="exporter")["StackEvents"]
    assert event["ResourceStatusReason"] == "Export exported cannot be deleted as it is in use by importer"


def test_an_export_in_use_may_refuse_the_call(emulator, stacks, imported):
    """Seen of other look-alikes: ministackorg/ministack#1640."""
    emulator.faults.export_in_use("refuse")
    code, message = stacks.error("delete_stack", StackName="exporter")
    assert (code, message) == ("ValidationError", "Export exported cannot be deleted as it is in use by importer")


def test_an_export_that_nobody_uses_any_more(stacks, imported):
    importer = stacks.show("importer")["StackId"]
    assert stacks.client.list_imports(ExportName="exported")["Imports"] == ["importer"]
    stacks.delete("importer")
    stacks.end(importer)
    stacks.delete("exporter")
    assert stacks.end(imported) == "DELETE_COMPLETE"


def test_a_role_is_accepted(emulator, stacks):
    emulator.client("iam").create_role(RoleName="deleter", AssumeRolePolicyDocument="{}")
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one", RoleARN="arn:aws:iam::123456789012:role/deleter")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert stacks.show(stack_id)["RoleARN"] == "arn:aws:iam::123456789012:role/deleter"
