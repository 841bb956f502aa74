# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a stack is deleted: order, time, failures.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html
"""

from __future__ import annotations

import pytest

from tests.emulator.cloudformation import deletion
from tests.emulator.durations import TABLE

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def _subnet(number, vpc="Vpc"):
    return {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": vpc}, "CidrBlock": f"10.0.{number}.0/24"},
    }


def _times(emulator, name):
    """Start and end of a resource's deletion, in AWS seconds."""
    begun = emulator.timeline.first("resource", name, "DELETE_IN_PROGRESS").time
    return begun, emulator.timeline.first("resource", name, "DELETE_COMPLETE").time


def test_deletion_is_asynchronous_and_ends_by_id(emulator, stacks):
    """API_DeleteStack: deletion starts once the call completes; deleted stacks are found by their id only."""
    emulator.durations.set("ssm.parameter", 200)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.status("one") == "DELETE_IN_PROGRESS"
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    shown = stacks.show(stack_id)
    assert shown["DeletionTime"] >= shown["CreationTime"]
    assert stacks.error("describe_stacks", StackName="one") == (
        "ValidationError",
        "Stack with id one does not exist",
    )
    assert not stacks.client.describe_stacks()["Stacks"]


def test_resources_go_in_reverse_order_of_dependency(emulator, stacks):
    """DependsOn, Ref, Fn::GetAtt and Fn::Sub: aws-attribute-dependson.html"""
    stack_id = stacks.create(
        "one",
        {
            "A": stacks.parameter("/a"),
            "ByRef": stacks.parameter("/ref", {"Ref": "A"}),
            "BySub": stacks.parameter("/sub", {"Fn::Sub": "x ${ByRef} ${!Literal}"}),
            "ByGetAtt": stacks.parameter("/att", {"Fn::GetAtt": ["BySub", "Value"]}),
            "ByDependsOn": stacks.parameter("/dep", DependsOn=["ByGetAtt"]),
        },
    )
    stacks.delete("one")
    stacks.end(stack_id)
    order = ["ByDependsOn", "ByGetAtt", "BySub", "ByRef", "A"]
    times = [_times(emulator, f"one/{name}") for name in order]
    assert all(earlier[1] <= later[0] for earlier, later in zip(times, times[1:]))


def test_what_does_not_depend_goes_in_parallel(emulator, stacks):
    stack_id = stacks.create("one", {"Vpc": VPC, **{f"S{number}": _subnet(number) for number in range(5)}})
    stacks.delete("one")
    stacks.end(stack_id)
    begun = {_times(emulator, f"one/S{number}")[0] for number in range(5)}
    assert len(begun) == 1


def test_the_time_it_takes(emulator, stacks):
    """Medians of the table: overhead 5, subnet 2.5, VPC 4."""
    stack_id = stacks.create("one", {"Vpc": VPC, "S": _subnet(1)})
    stacks.delete("one")
    stacks.end(stack_id)
    asked = emulator.timeline.first("stack", "one", "DELETE_IN_PROGRESS").time
    ended = emulator.timeline.first("stack", "one", "DELETE_COMPLETE").time
    assert ended - asked == pytest.approx(11.5, abs=1)


def test_the_resources_are_really_gone(emulator, stacks):
    stack_id = stacks.create("one", {"Vpc": VPC, "P": stacks.parameter("/p", {"Ref": "Vpc"})})
    vpc_id = emulator.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"]
    stacks.delete("one")
    stacks.end(stack_id)
    assert vpc_id not in [vpc["VpcId"] for vpc in emulator.client("ec2").describe_vpcs()["Vpcs"]]
    assert not emulator.client("ssm").describe_parameters()["Parameters"]
    assert stacks.resources(stack_id) == {"Vpc": "DELETE_COMPLETE", "P": "DELETE_COMPLETE"}


def test_a_failed_resource_keeps_what_it_needs(emulator, stacks):
    """The rest goes on (cloudformation-coverage-roadmap#1508); what a failed resource depends on is not tried."""
    stack_id = stacks.create(
        "one",
        {
            "Below": stacks.parameter("/below"),
            "Fails": stacks.parameter("/fails", {"Ref": "Below"}),
            "Apart": stacks.parameter("/apart"),
        },
    )
    emulator.faults.fail_resource("one", "Fails", "Internal Failure")
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert stacks.show("one")["StackStatusReason"] == "The following resource(s) failed to delete: [Fails]. "
    assert stacks.reason(stack_id, "Fails") == "Internal Failure"
    assert stacks.resources(stack_id) == {
        "Below": "CREATE_COMPLETE",
        "Fails": "DELETE_FAILED",
        "Apart": "DELETE_COMPLETE",
    }


def test_deleting_again_tries_only_what_is_left(emulator, stacks):
    stack_id = stacks.create("one", {"A": stacks.parameter("/a"), "B": stacks.parameter("/b")})
    emulator.faults.fail_resource("one", "A", "Rate exceeded", times=1)
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert len(emulator.timeline.select("resource", "one/B", "DELETE_IN_PROGRESS")) == 1


def test_several_failed_resources_are_named_together(emulator, stacks):
    """The wording of StackStatusReason: rebuy-de/aws-nuke#270 and many others."""
    stack_id = stacks.create("one", {"A": stacks.parameter("/a"), "B": stacks.parameter("/b")})
    for name in "AB":
        emulator.faults.fail_resource("one", name, "Internal Failure")
    stacks.delete("one")
    stacks.end(stack_id)
    assert stacks.show("one")["StackStatusReason"] == "The following resource(s) failed to delete: [A, B]. "


class _Busy:
    """A resource with something in its way, for some AWS seconds."""

    def __init__(self, emulator, aws_seconds):
        self.emulator = emulator
        self.free_at = None
        self.aws_seconds = aws_seconds

    def begin(self, resource, context):
        now = self.emulator.clock.now()
        self.free_at = self.free_at or now + self.aws_seconds
        if now < self.free_at:
            raise deletion.Refused("DependencyViolation", "has dependencies and cannot be deleted.", service="Ec2")
        return 1.0

    def poll(self, resource, context):
        resource.delete_with_moto()
        return True


@pytest.fixture
def busy(emulator, monkeypatch):
    def make(aws_seconds):
        monkeypatch.setitem(deletion._handlers, "AWS::SSM::Parameter", _Busy(emulator, aws_seconds))

    return make


def test_a_dependency_violation_is_tried_again(emulator, stacks, busy):
    """CloudFormation goes on trying for many minutes: convox/rack#1090, cloudfoundry/bosh-bootloader#52."""
    busy(300)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    begun, ended = _times(emulator, "one/P")
    assert 300 <= ended - begun <= 320


def test_a_dependency_violation_that_stays_fails_in_the_end(emulator, stacks, busy):
    """After 16 minutes and more, shortened here: aws-samples super-eks#51"""
    assert TABLE["cloudformation.dependency_retry"][0] >= 16 * 60
    emulator.durations.set("cloudformation.dependency_retry", 200)
    busy(100_000)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    asked = emulator.timeline.first("stack", "one", "DELETE_IN_PROGRESS").time
    failed = emulator.timeline.first("resource", "one/P", "DELETE_FAILED")
    assert 180 <= failed.time - asked <= 210
    assert failed.detail.startswith('Resource handler returned message: "has dependencies and cannot be deleted. (S')
    assert failed.detail.endswith("HandlerErrorCode: InvalidRequest)")


def test_a_woken_deletion_ends_at_that_moment(emulator, stacks, monkeypatch):
    class Woken:
        def begin(self, resource, context):
            self.done = False
            emulator.clock.call_later(7.25, self.finish, context)
            return 500.0

        def finish(self, context):
            self.done = True
            context.wake()

        def poll(self, resource, context):
            return self.done

    monkeypatch.setitem(deletion._handlers, "AWS::SSM::Parameter", Woken())
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    stacks.end(stack_id)
    begun, ended = _times(emulator, "one/P")
    assert ended - begun == pytest.approx(7.25)


def test_deletion_policy_retain(emulator, stacks):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    stack_id = stacks.create(
        "one", {"Kept": stacks.parameter("/kept", DeletionPolicy="Retain"), "Gone": stacks.parameter("/gone")}
    )
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert stacks.resources(stack_id) == {"Kept": "DELETE_SKIPPED", "Gone": "DELETE_COMPLETE"}
    assert [entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"]] == ["/kept"]


def test_express_mode_ends_when_the_deletions_are_asked_for(emulator, stacks):
    """cloudformation-express-mode.html: "Delete operations might still be in progress"."""
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "t",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        },
    }
    stack_id = stacks.create("one", {"Table": table})
    stacks.delete("one", DeploymentConfig={"Mode": "EXPRESS"})
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    asked = emulator.timeline.first("stack", "one", "DELETE_IN_PROGRESS").time
    ended = emulator.timeline.first("stack", "one", "DELETE_COMPLETE").time
    assert ended - asked == pytest.approx(5.0, abs=1)
    emulator.wait_until(lambda: not emulator.client("dynamodb").list_tables()["TableNames"], 100)
    assert emulator.clock.now() - ended > 5


def test_many_stacks_go_at_the_same_time(emulator, stacks):
    ids = [stacks.create(f"s{number}", {"P": stacks.parameter(f"/p{number}")}) for number in range(20)]
    for stack_id in ids:
        stacks.delete(stack_id)
    assert {stacks.end(stack_id) for stack_id in ids} == {"DELETE_COMPLETE"}


def test_a_stack_that_is_being_deleted_keeps_its_exports(emulator, stacks):
    template = {"Outputs": {"O": {"Value": "x", "Export": {"Name": "exported"}}}}
    emulator.durations.set("ssm.parameter", 200)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")}, template)
    stacks.delete("one")
    assert stacks.client.list_exports()["Exports"]
    stacks.end(stack_id)
    assert not stacks.client.list_exports()["Exports"]


def test_a_template_without_resources_that_moto_knows(stacks):
    """Whatever type a stack has, its deletion ends."""
    stack_id = stacks.create("one", {"W": {"Type": "AWS::CloudFormation::WaitConditionHandle"}})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_an_action_that_is_denied_fails_the_resource(emulator, stacks):
    """Without a role CloudFormation acts with the caller's rights: using-iam-servicerole.html"""
    emulator.faults.deny("ssm:DeleteParameter")
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_FAILED"
    assert "is not authorized to perform: ssm:DeleteParameter" in stacks.reason(stack_id, "P")
    emulator.faults.clear()
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_deletion_that_shows_only_later(emulator, stacks):
    """A guess: what AWS accepts may take a moment to show. A second request in between joins."""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.faults.begin_deletions_late(20)
    stacks.delete("one")
    emulator.clock.advance(19)
    stacks.delete("one")
    assert stacks.status("one") == "CREATE_COMPLETE"
    events = stacks.client.describe_stack_events(StackName="one")["StackEvents"]
    assert [event["ResourceStatus"] for event in events if "DELETE" in event["ResourceStatus"]] == []
    emulator.clock.advance(1)
    assert stacks.status("one") == "DELETE_IN_PROGRESS"
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert len(emulator.timeline.select("stack", "one", "DELETE_IN_PROGRESS")) == 1
