# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cloudformation_stacks against the emulator: by ansible-playbook, or in this process for the same."""

from __future__ import annotations

import pytest

from tests.emulator.world import world
from tests.integration import templates
from tests.integration.running import by_name, outcomes
from tests.workshops.deployment import deploy

#: Short waits and pauses: with the emulator's time scale of 0.02, a tick of 0.1 s is 5 AWS seconds.
FAST = {"poll_interval": 0.1, "wait_timeout": 30}
WRITES = {
    "DeleteStack",
    "UpdateTerminationProtection",
    "UpdateService",
    "StopTask",
    "DeregisterInstance",
    "CreateStack",
}


def stacks(*names, **after):
    return [{"name": name} for name in names] + [{"name": name, "after": others} for name, others in after.items()]


def writes(aws):
    return {action: count for action, count in aws.calls.by_action.items() if action.split(":")[1] in WRITES}


STACKS = "arn:aws:cloudformation:eu-central-1:123456789012:stack"
BAD = [
    ({}, "one of the following is required: stacks, groups"),
    ({"stacks": stacks("a"), "groups": []}, "mutually exclusive: stacks|groups"),
    ({"groups": [{"stacks": ["a"]}]}, "missing required arguments: group"),
    ({"groups": [{"group": "x", "stacks": [{"after": ["b"]}]}]}, "missing required arguments: name"),
    ({"groups": [{"group": "x", "stacks": [{"name": "a", "befor": ["b"]}]}]}, "befor. Supported parameters"),
    ({"groups": [{"group": "x", "after": ["y"], "stacks": ["a"]}]}, "Group x comes after y"),
    ({"groups": [{"group": "x", "stacks": ["a"]}, {"group": "y", "stacks": ["a"]}]}, "more than once: a"),
    ({"stacks": [{}]}, "missing required arguments: name"),
    ({"stacks": [{"name": "a", "before": ["b"]}]}, "before"),
    ({"stacks": stacks("a"), "state": "present"}, "must be one of: absent"),
    ({"stacks": stacks("shop-*")}, "'shop-*' is not a stack name"),
    ({"stacks": stacks("a", "a")}, "more than once: a"),
    ({"stacks": stacks("a", b=["zzz"])}, "b comes after zzz"),
    ({"stacks": stacks(a=["b"], b=["a"])}, "wait for each other"),
    ({"stacks": stacks("a"), "wait_timeout": -1}, "wait_timeout must be more than 0"),
    ({"stacks": stacks("a"), "poll_interval": 0}, "poll_interval must be more than 0"),
    ({"stacks": stacks("a"), "wait_timeout": "soon"}, "wait_timeout"),
    ({"stacks": stacks("a"), "clear": ["AWS::SNS::Topic"]}, "clear has 'AWS::SNS::Topic', of which nothing can be"),
    ({"stacks": stacks("a"), "uncleared": "perhaps"}, "must be one of: fail, go_on"),
    ({"stacks": stacks("a"), "account_id": 1402523735}, "not '1402523735': quote it"),
    ({"stacks": [{"name": "a", "stack_id": f"{STACKS}/b/1"}]}, "is not the id of a stack of that name"),
    ({"stacks": [{"name": "a", "resources": [{"type": "AWS::SSM::Parameter"}]}]}, "missing required arguments: log"),
]


def test_bad_arguments_are_refused_before_any_call(aws, inside):
    for options, words in BAD:
        result = inside("cloudformation_stacks", **options)
        assert result["failed"] and words in result["msg"]
    assert aws.calls.total == 0


@pytest.mark.smoke
def test_check_mode_then_change_then_nothing_to_do(aws, modules):
    stack_id = templates.create(aws, "a")
    templates.create(aws, "b")
    templates.create(aws, "a2")
    before = writes(aws)
    options = {"stacks": [{"name": "a", "group": "first"}, {"name": "b", "after": ["a"]}, {"name": "nope"}], **FAST}

    check = modules("cloudformation_stacks", check=True, diff=True, **options)
    assert check["changed"] and outcomes(check) == {"a": "gone", "b": "gone", "nope": "absent"}
    assert check["diff"]["before"] == "a: CREATE_COMPLETE\nb: CREATE_COMPLETE\nnope: absent\n"
    assert check["diff"]["after"] == "a: absent\nb: absent\nnope: absent\n"
    assert writes(aws) == before and templates.live(aws) == ["a", "a2", "b"]

    done, again = modules.each("cloudformation_stacks", [options, options], diff=True)
    assert not done["failed"] and done["changed"] and done["diff"] == check["diff"]
    row = by_name(done)["a"]
    assert row.pop("seconds") > 0 and row.pop("began_at") < row.pop("ended_at")
    assert row == {
        "name": "a",
        "group": "first",
        "after": [],
        "only_when": [],
        "stack_id": stack_id,
        "status_before": "CREATE_COMPLETE",
        "status": "DELETE_COMPLETE",
        "outcome": "gone",
        "reason": "",
        "failed_resources": [],
        "blockers": [],
        "cleared": [],
        "retained_resources": [],
    }
    assert [item["name"] for item in done["stacks"]] == ["a", "b", "nope"]
    assert templates.live(aws) == ["a2"]
    # ansible-core 2.21 returns no invocation any more
    assert done.get("invocation", {"module_args": {}})["module_args"].get("progress_file") is None

    assert not again["failed"] and not again["changed"]
    assert outcomes(again) == {"a": "absent", "b": "absent", "nope": "absent"}


def test_each_stack_goes_only_when_all_it_comes_after_are_gone(aws, inside):
    for name in ("vpc", "db", "logs"):
        templates.create(aws, name)
    templates.create(aws, "web", templates.parameters("web", 20))
    result = inside("cloudformation_stacks", stacks=stacks("web", "db", vpc=["web", "db"], logs=["vpc"]), **FAST)
    assert set(outcomes(result).values()) == {"gone"}
    times = {(event.name, event.status): event.time for event in aws.timeline if event.kind == "stack"}
    for first, second in (("web", "vpc"), ("db", "vpc"), ("vpc", "logs")):
        assert times[first, "DELETE_COMPLETE"] <= times[second, "DELETE_IN_PROGRESS"]
    assert times["db", "DELETE_IN_PROGRESS"] < times["web", "DELETE_COMPLETE"]


def test_a_hosted_zone_waits_for_the_records_in_it_though_no_order_says_so(aws, inside):
    deploy(aws, "copied")
    zone = {"name": "walkthrough-zone", "only_when": ["members_gone"]}
    others = stacks("theatre-service", **{"walkthrough-front": ["theatre-service"]})
    result = inside("cloudformation_stacks", stacks=[zone, *others], **FAST)
    assert set(outcomes(result).values()) == {"gone"}
    times = {(event.name, event.status): event.time for event in aws.timeline if event.kind == "stack"}
    assert times["walkthrough-front", "DELETE_IN_PROGRESS"] < times["walkthrough-zone", "DELETE_IN_PROGRESS"]


def test_groups_go_in_their_order_and_stacks_by_their_own_settings(aws, modules):
    templates.create(aws, "web", templates.parameters("web", 20))
    templates.create(aws, "worker", templates.parameters("worker", 40))
    templates.create(aws, "mesh", templates.mesh())
    for name in ("alb", "vpc", "kept"):
        templates.create(aws, name)
    aws.faults.app_mesh_gone()
    client = aws.client("cloudformation")
    for name in ("alb", "kept"):
        client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    groups = [
        {"group": "network", "after": ["services", "balancer", "none"], "stacks": ["vpc"]},
        {"group": "services", "stacks": ["web", {"name": "worker"}]},
        {"group": "balancer", "after": ["services"], "of_which": ["web", "gone-long-ago"], "phase": 2,
         "stacks": [{"name": "alb", "disable_termination_protection": True}, {"name": "absent"}]},
        {"group": "none"},
        {"group": "mesh", "stacks": [{"name": "mesh", "retain_on_failure": "AWS::AppMesh::*"}]},
        {"group": "kept", "stacks": [{"name": "kept", "disable_termination_protection": False, "after": "mesh"}]},
    ]  # fmt: skip
    result = modules("cloudformation_stacks", groups=groups, **FAST)
    assert result["failed"] and "kept protected" in result["msg"]
    rows = {row["name"]: (row["group"], row["after"], row["outcome"]) for row in result["stacks"]}
    assert list(rows.items()) == [
        ("vpc", ("network", ["web", "worker", "alb", "absent"], "gone")),
        ("web", ("services", [], "gone")),
        ("worker", ("services", [], "gone")),
        ("alb", ("balancer", ["web"], "gone")),
        ("absent", ("balancer", ["web"], "absent")),
        ("mesh", ("mesh", [], "gone")),
        ("kept", ("kept", ["mesh"], "protected")),
    ]
    assert [item["logical_id"] for item in by_name(result)["mesh"]["retained_resources"]] == ["Mesh", "Route", "Router"]
    times = {(event.name, event.status): event.time for event in aws.timeline if event.kind == "stack"}
    for first, second in (("web", "alb"), ("worker", "vpc"), ("alb", "vpc")):
        assert times[first, "DELETE_COMPLETE"] <= times[second, "DELETE_IN_PROGRESS"]
    assert times["alb", "DELETE_IN_PROGRESS"] < times["worker", "DELETE_COMPLETE"]

    protected = [{"group": "kept", "stacks": [{"name": "kept", "disable_termination_protection": False}]}]
    again = modules("cloudformation_stacks", groups=protected, disable_termination_protection=True, **FAST)
    assert outcomes(again) == {"kept": "protected"} and templates.live(aws) == ["kept"]


def test_asking_without_waiting_and_joining_later(aws, inside):
    for name in ("a", "b"):
        templates.create(aws, name)
    options = {"stacks": stacks("a", b=["a"]), **FAST}
    predicted = inside("cloudformation_stacks", check=True, wait=False, **options)
    aws.clock.pause()
    asked = inside("cloudformation_stacks", wait=False, **options)
    aws.clock.resume()
    assert not asked["failed"] and asked["changed"] and predicted["changed"]
    assert outcomes(asked) == outcomes(predicted) == {"a": "in_progress", "b": "pending"}
    assert by_name(asked)["b"]["reason"] == "waits for a"
    # With its id, a stack that went in between is known to be gone, not only to be absent.
    rows = [{key: row[key] for key in ("name", "after", "stack_id", "began_at")} for row in asked["stacks"]]
    joined = inside("cloudformation_stacks", **options | {"stacks": rows})
    assert not joined["failed"] and outcomes(joined) == {"a": "gone", "b": "gone"}
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 2


def test_only_the_very_stack_is_deleted_that_was_named_by_its_id(aws, inside):
    """What came to be under the name since is somebody's, and may be in what comes after."""
    old, after = templates.create(aws, "a"), templates.create(aws, "b")
    client = aws.client("cloudformation")
    client.delete_stack(StackName=old)
    aws.wait_until(lambda: templates.status(aws, old) == "DELETE_COMPLETE")
    new = templates.create(aws, "a")
    rows = [{"name": "a", "stack_id": old}, {"name": "b", "stack_id": after, "after": ["a"]}, {"name": "c"}]
    result = inside("cloudformation_stacks", stacks=rows, **FAST)
    assert result["failed"] and new in result["msg"]
    assert outcomes(result) == {"a": "recreated", "b": "skipped", "c": "absent"}
    assert [templates.status(aws, stack) for stack in (new, after)] == ["CREATE_COMPLETE"] * 2


def test_nothing_is_asked_for_in_another_account(aws, inside):
    templates.create(aws, "a")
    other = inside("cloudformation_stacks", stacks=stacks("a"), account_id="012345670123", **FAST)
    assert other["failed"] and not other["changed"] and templates.live(aws) == ["a"]
    assert other["msg"].startswith("Nothing was asked for: these credentials are for account 123456789012 (arn:aws:")
    assert other["msg"].endswith("but account_id is 012345670123.")
    assert outcomes(inside("cloudformation_stacks", stacks=stacks("a"), account_id="123456789012", **FAST)) == {
        "a": "gone"
    }


def test_asking_twice_changes_nothing_the_second_time(aws, inside):
    templates.create(aws, "a")
    world.durations.set("ssm.parameter", 3000)
    assert inside("cloudformation_stacks", stacks=stacks("a"), wait=False)["changed"]
    second = inside("cloudformation_stacks", stacks=stacks("a"), wait=False)
    assert outcomes(second) == {"a": "in_progress"} and not second["changed"]


def test_the_reason_of_a_failure_is_the_resources(aws, modules):
    templates.create(aws, "a")
    templates.create(aws, "b")
    templates.create(aws, "c")
    aws.faults.fail_resource("a", "P1", "You are not authorized to do that")
    result = modules("cloudformation_stacks", stacks=stacks("a", "c", b=["a"]), **FAST)
    assert result["failed"] and result["changed"]
    assert outcomes(result) == {"a": "failed", "b": "skipped", "c": "gone"}
    row = by_name(result)["a"]
    assert row["status"] == "DELETE_FAILED" and "You are not authorized to do that" in row["reason"]
    (resource,) = row["failed_resources"]
    assert (resource["logical_id"], resource["physical_id"], resource["type"], resource["status"]) == (
        "P1", "/a/1", "AWS::SSM::Parameter", "DELETE_FAILED"
    )  # fmt: skip
    assert "a failed: P1 (AWS::SSM::Parameter)" in result["msg"] and "You are not authorized" in result["msg"]
    assert templates.live(aws) == ["a", "b"]


def test_what_is_likely_to_pass_is_tried_again(aws, inside):
    reasons = {"a": "Internal Failure", "b": "Rate exceeded (HandlerErrorCode: Throttling)", "c": "DependencyViolation"}
    for name, reason in reasons.items():
        templates.create(aws, name)
        aws.faults.fail_resource(name, "P1", reason, times=2)
    result = inside("cloudformation_stacks", stacks=stacks(*reasons), **FAST)
    assert outcomes(result) == dict.fromkeys(reasons, "gone")
    assert not any(row["retained_resources"] for row in result["stacks"])
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 9


def test_what_is_gone_already_is_dropped_and_what_only_says_so_is_not(aws, inside):
    """A parameter that somebody has deleted, and an attachment whose VPC is gone."""
    ec2 = aws.client("ec2")
    gateway = {"Type": "AWS::EC2::InternetGateway"}
    joined = {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}}
    templates.create(aws, "net", {"Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}, "Gateway": gateway,
        "Joined": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": joined},
    }})  # fmt: skip
    for name in ("gone", "there"):
        templates.create(aws, name)
    rows = aws.client("cloudformation").describe_stack_resources(StackName="net")["StackResources"]
    ids = {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}
    ec2.detach_internet_gateway(VpcId=ids["Vpc"], InternetGatewayId=ids["Gateway"])
    ec2.delete_vpc(VpcId=ids["Vpc"])
    parameter = aws.client("cloudformation").describe_stack_resources(StackName="gone")["StackResources"][0]
    aws.client("ssm").delete_parameter(Name=parameter["PhysicalResourceId"])
    reason = "It was not found (HandlerErrorCode: GeneralServiceException)"
    aws.faults.fail_resource("net", "Joined", f"The vpc ID '{ids['Vpc']}' does not exist")
    aws.faults.fail_resource("gone", "P1", reason)
    aws.faults.fail_resource("there", "P1", reason)

    result = inside("cloudformation_stacks", stacks=stacks("net", "gone", "there"), **FAST)

    assert outcomes(result) == {"net": "gone", "gone": "gone", "there": "failed"}, result
    assert not any(row["retained_resources"] for row in result["stacks"])
    assert reason in by_name(result)["there"]["reason"] and templates.live(aws) == ["there"]


def test_three_more_tries_are_enough(aws, inside):
    templates.create(aws, "a")
    aws.faults.fail_resource("a", "P1", "Internal Failure")
    result = inside("cloudformation_stacks", stacks=stacks("a"), **FAST)
    assert result["failed"] and outcomes(result) == {"a": "failed"} and "Internal Failure" in result["msg"]
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 4


def test_retaining_takes_the_rounds_it_takes(aws, inside):
    templates.create(aws, "a", templates.mesh())
    aws.faults.app_mesh_gone()
    result = inside("cloudformation_stacks", stacks=stacks("a"), retain_on_failure=["AWS::AppMesh::*"], **FAST)
    assert not result["failed"], result["msg"]
    row = by_name(result)["a"]
    assert row["outcome"] == "gone" and row["failed_resources"] == []
    assert [item["logical_id"] for item in row["retained_resources"]] == ["Mesh", "Route", "Router"]
    assert all(item["physical_id"] for item in row["retained_resources"])
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 4


def test_what_the_template_retains_is_listed(aws, inside):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    template = templates.parameters("a", 2)
    template["Resources"]["P1"]["DeletionPolicy"] = "Retain"
    templates.create(aws, "a", template)
    result = inside("cloudformation_stacks", stacks=stacks("a"), **FAST)
    row = by_name(result)["a"]
    assert row["outcome"] == "gone" and not result["failed"], result["msg"]
    retained = [(item["type"], item["physical_id"]) for item in row["retained_resources"]]
    assert retained == [("AWS::SSM::Parameter", "/a/1")]


def test_with_another_failure_nothing_is_retained(aws, inside):
    templates.create(aws, "a", templates.mesh())
    aws.faults.app_mesh_gone()
    aws.faults.fail_resource("a", "P1", "You are not authorized to do that")
    result = inside("cloudformation_stacks", stacks=stacks("a"), retain_on_failure=["AWS::AppMesh::*"], **FAST)
    row = by_name(result)["a"]
    assert result["failed"] and row["outcome"] == "failed" and row["retained_resources"] == []
    assert {item["logical_id"] for item in row["failed_resources"]} == {"P1", "Route"}
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 1


def test_by_force(aws, inside):
    templates.create(aws, "a", templates.parameters("a", 2))
    aws.faults.fail_resource("a", "P2", "You are not authorized to do that")
    result = inside("cloudformation_stacks", stacks=stacks("a"), deletion_mode="FORCE_DELETE_STACK", **FAST)
    assert not result["failed"], result["msg"]
    assert [item["logical_id"] for item in by_name(result)["a"]["retained_resources"]] == ["P2"]


def test_protected_stacks(aws, inside):
    for name in ("a", "b", "c"):
        templates.create(aws, name)
    client = aws.client("cloudformation")
    client.update_termination_protection(StackName="a", EnableTerminationProtection=True)
    options = {"stacks": stacks("a", "c", b=["a"]), **FAST}
    check = inside("cloudformation_stacks", check=True, **options)
    result = inside("cloudformation_stacks", **options)
    assert result["failed"] and "a protected: Termination protection is on" in result["msg"]
    assert outcomes(result) == outcomes(check) == {"a": "protected", "b": "skipped", "c": "gone"}
    assert templates.live(aws) == ["a", "b"]
    off = inside("cloudformation_stacks", disable_termination_protection=True, **options)
    assert not off["failed"] and outcomes(off) == {"a": "gone", "b": "gone", "c": "absent"}


@pytest.mark.parametrize(("shows", "outcome"), [("refuse", "refused"), ("bounce", "refused"), ("fail", "refused")])
def test_an_export_in_use(aws, inside, shows, outcome):
    templates.create(aws, "exporter", templates.exporter())
    templates.create(aws, "importer", templates.importer())
    aws.faults.export_in_use(shows)
    result = inside("cloudformation_stacks", stacks=stacks("exporter"), **FAST)
    assert result["failed"] and outcomes(result) == {"exporter": outcome}
    assert "shop:Value" in result["msg"] and "importer" in result["msg"]
    assert templates.live(aws) == ["exporter", "importer"]


def test_stacks_in_other_statuses_are_brought_to_their_end(aws, inside):
    statuses = {
        "a": "CREATE_IN_PROGRESS",
        "b": "CREATE_FAILED",
        "c": "ROLLBACK_COMPLETE",
        "d": "ROLLBACK_FAILED",
        "e": "REVIEW_IN_PROGRESS",
        "f": "UPDATE_ROLLBACK_FAILED",
        "g": "DELETE_FAILED",
    }
    for name, status in statuses.items():
        templates.create(aws, name)
        aws.set_stack_status(name, status)
    result = inside("cloudformation_stacks", stacks=stacks(*statuses), **FAST)
    assert outcomes(result) == dict.fromkeys(statuses, "gone")
    assert {name: row["status_before"] for name, row in by_name(result).items()} == statuses


def test_an_update_is_waited_for(aws, inside):
    templates.create(aws, "a")
    aws.set_stack_status("a", "UPDATE_IN_PROGRESS")
    asked = inside("cloudformation_stacks", stacks=stacks("a"), wait=False)
    assert not asked["failed"] and not asked["changed"] and outcomes(asked) == {"a": "pending"}
    running = inside.start("cloudformation_stacks", stacks=stacks("a"), **FAST)
    seen = aws.calls.by_action["cloudformation:DescribeStacks"]
    aws.wait_until(lambda: aws.calls.by_action["cloudformation:DescribeStacks"] >= seen + 3)
    assert "cloudformation:DeleteStack" not in aws.calls.by_action
    aws.set_stack_status("a", "UPDATE_COMPLETE")
    assert outcomes(running.result()) == {"a": "gone"}


def test_old_answers_are_waited_out(aws, inside):
    statuses = {"a": "CREATE_COMPLETE", "b": "ROLLBACK_COMPLETE", "c": "DELETE_FAILED"}
    for name, status in statuses.items():
        templates.create(aws, name, templates.parameters(name, 30))
        aws.set_stack_status(name, status)
    aws.faults.stale_reads(6, after_deletion=2)
    result = inside("cloudformation_stacks", stacks=stacks(*statuses), **FAST)
    assert outcomes(result) == dict.fromkeys(statuses, "gone")
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 3


def test_a_stack_made_anew_is_told_and_left_alone(aws, inside):
    old = templates.create(aws, "a")
    templates.create(aws, "slow", templates.parameters("slow", 100))
    running = inside.start("cloudformation_stacks", stacks=stacks("a", "slow"), **FAST)
    aws.wait_until(lambda: templates.status(aws, old) == "DELETE_COMPLETE")
    new = templates.create(aws, "a")
    result = running.result()
    assert result["failed"] and outcomes(result) == {"a": "recreated", "slow": "gone"}
    assert new in by_name(result)["a"]["reason"] and templates.status(aws, new) == "CREATE_COMPLETE"


def test_time_runs_out(aws, inside):
    templates.create(aws, "a")
    templates.create(aws, "b")
    world.durations.set("ssm.parameter", 3000)
    result = inside("cloudformation_stacks", stacks=stacks("a", b=["a"]), poll_interval=0.1, wait_timeout=1)
    assert result["failed"] and outcomes(result) == {"a": "timed_out", "b": "skipped"}
    reasons = {name: row["reason"] for name, row in by_name(result).items()}
    assert "still deleting P" in reasons["a"] and "comes after a (timed_out)" in reasons["b"]
    assert "a timed_out" in result["msg"] and "b skipped" in result["msg"]


def test_a_stubborn_account_does_not_make_it_fail(aws, inside):
    for name in "abcdef":
        templates.create(aws, name)
    aws.faults.throttle(0.3)
    aws.faults.server_errors(0.05)
    aws.faults.cut_connections(0.05)
    result = inside(
        "cloudformation_stacks", stacks=stacks(*"abcde", f=list("abcde")), poll_interval=0.1, wait_timeout=90
    )
    assert not result["failed"], result["msg"]
    aws.faults.clear()
    assert set(outcomes(result).values()) == {"gone"} and templates.live(aws) == []


def test_credentials_end_in_the_middle(aws, inside):
    templates.create(aws, "a", templates.parameters("a", 50))
    templates.create(aws, "b")
    aws.faults.expire_credentials(after_calls=4)
    result = inside("cloudformation_stacks", stacks=stacks("a", b=["a"]), **FAST)
    assert result["failed"]
    for words in ("ExpiredToken", "Renew the AWS credentials", "Asked for until then: a"):
        assert words in result["msg"]
    assert outcomes(result) == {"a": "in_progress", "b": "pending"}
    aws.faults.clear()
    again = [{**row, "after": ["a"] if row["name"] == "b" else []} for row in result["stacks"]]
    again = [{key: row[key] for key in ("name", "after", "stack_id", "began_at")} for row in again]
    assert outcomes(inside("cloudformation_stacks", stacks=again, **FAST)) == {"a": "gone", "b": "gone"}


@pytest.mark.parametrize("action", ["DescribeStacks", "DeleteStack"])
def test_a_denied_action_is_named(aws, inside, action):
    templates.create(aws, "a")
    aws.faults.deny(f"cloudformation:{action}")
    result = inside("cloudformation_stacks", stacks=stacks("a"), **FAST)
    aws.faults.clear()
    assert result["failed"] and f"Allow the IAM action cloudformation:{action}" in result["msg"]
    assert templates.live(aws) == ["a"]


def test_an_endpoint_that_is_not_there(inside):
    result = inside("cloudformation_stacks", stacks=stacks("a"), endpoint_url="http://127.0.0.1:9", **FAST)
    assert result["failed"] and result["msg"].startswith("Nothing was asked for") and "127.0.0.1:9" in result["msg"]


def test_one_call_per_tick_however_many_stacks(aws, inside):
    names = [f"stack-{number}" for number in range(12)]
    for name in names:
        templates.create(aws, name, templates.parameters(name, 10))
    before = aws.calls.by_action["cloudformation:DescribeStacks"]
    running = inside("cloudformation_stacks", stacks=stacks(*names), poll_interval=0.5, wait_timeout=30)
    assert set(outcomes(running).values()) == {"gone"}
    slowest = max(row["seconds"] for row in running["stacks"])
    looks = aws.calls.by_action["cloudformation:DescribeStacks"] - before
    assert looks <= slowest / 0.5 + 2 + len(names) + 2  # ticks, a confirmation by id each, and the last look


def test_tasks_that_hold_a_stack_up_are_stopped(aws, inside):
    templates.create(aws, "vpc", templates.network())
    aws.client("ecs").create_cluster(clusterName="shop")
    outputs = aws.client("cloudformation").describe_stacks(StackName="vpc")["Stacks"][0]["Outputs"]
    templates.create(aws, "web", templates.service(), Subnet=outputs[0]["OutputValue"])
    aws.faults.linger()
    result = inside(
        "cloudformation_stacks", stacks=stacks("web", vpc=["web"]),
        stop_tasks=True, **FAST,
    )  # fmt: skip
    assert not result["failed"], result["msg"]
    assert outcomes(result) == {"web": "gone", "vpc": "gone"}
    (task,) = result["tasks"]
    assert (
        task["group"] == "service:web" and task["last_status"] in ("STOPPED", "MISSING") and task["action"] == "stopped"
    )
    assert [row["desired_count_before"] for row in result["services"]] == [1]


def test_progress_is_told_calmly_and_with_hosts(aws, modules):
    templates.create(aws, "a")
    alone = modules.start("cloudformation_stacks", callback="ansible.builtin.default", stacks=stacks("a", "b"), **FAST)
    lines = [line for line in alone.output().splitlines() if line.startswith("  ")]
    assert lines[0] == "  a: deleting" and lines[1].startswith("  a: gone after ") and len(lines) == 2

    templates.create(aws, "c")
    templates.create(aws, "d")
    aws.faults.fail_resource("d", "P1", "No \x9b31mway")
    two = modules.start(
        "cloudformation_stacks", callback="ansible.builtin.default", hosts=("one", "two"),
        stacks=stacks("c", "d"), **FAST,
    ).output()  # fmt: skip
    assert "  [one] " in two and "  [two] " in two and "\x9b" not in two
