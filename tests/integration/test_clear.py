# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds stacks up, cleared on the way: with deletion protections, which every account has."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.modules import cloudformation_blockers

from tests.docs import policies
from tests.emulator import Emulator
from tests.integration import others, templates
from tests.integration.inprocess import Inside
from tests.integration.test_faults_protection import shop, table

FAST = {"wait_timeout": 60, "poll_interval": 0.1}
TABLE, GROUP, BALANCER = "AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"
READS = ("Describe", "List", "Get")


def written(aws: Emulator) -> list[str]:
    """The calls that were no looks."""
    return [action for action in aws.calls.by_action if not action.split(":")[1].startswith(READS)]


def is_protected(aws: Emulator, name: str) -> bool:
    return bool(aws.client("dynamodb").describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"])


def row_of(result: dict[str, Any], name: str = "shop") -> dict[str, Any]:
    return {row["name"]: row for row in result["stacks"]}[name]


def test_what_is_agreed_to_is_foretold_cleared_and_told(aws: Emulator, inside: Inside) -> None:
    ids = shop(aws)
    options = {"stacks": [{"name": "shop"}], "clear": [TABLE, "AWS::Logs::*", BALANCER], **FAST}
    aws.calls.clear()

    check = inside("cloudformation_stacks", check=True, diff=True, **options)
    assert written(aws) == [] and check["changed"]
    cleared = row_of(check)["cleared"]
    told = {(row["type"], row["id"]): [amount["count"] for amount in row["amounts"]] for row in cleared}
    assert told == {(TABLE, "orders"): [1], (GROUP, "/shop/web"): [1], (BALANCER, ids["Balancer"]): [1]}
    assert "shop: table orders: deletion protection\n" in check["diff"]["before"]
    assert check["diff"]["after"] == "shop: absent\n"

    done = inside("cloudformation_stacks", diff=True, **options)
    assert not done["failed"] and done["diff"] == check["diff"], done
    assert row_of(done)["cleared"] == row_of(check)["cleared"]
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 1
    assert is_protected(aws, "ledger"), "what the template keeps is left as it is"
    again = inside("cloudformation_stacks", **options)
    assert not again["changed"] and row_of(again)["cleared"] == []


def test_what_is_not_agreed_to_stays_as_it_is(aws: Emulator, inside: Inside) -> None:
    shop(aws)
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=[GROUP], **FAST)
    assert failed["failed"] and row_of(failed)["outcome"] == "failed" and is_protected(aws, "orders")
    # Nor is anything else of the stack lost, which would not go.
    reason = row_of(failed)["reason"]
    assert reason.startswith("Not asked for: ") and "table orders: Its AWS::DynamoDB::Table orders is prot" in reason
    (cleared,) = row_of(failed)["cleared"]
    assert (cleared["id"], cleared["amounts"]) == ("/shop/web", []) and "Not tried" in cleared["reason"]
    assert templates.live(aws) == ["shop"] and not failed["changed"]


def test_a_denial_leaves_that_stack_alone_and_lets_others_go(aws: Emulator, inside: Inside) -> None:
    templates.create(aws, "shop", {"Resources": {"Table": table("orders")}})
    templates.create(aws, "logs", {"Resources": {"Group": {"Type": GROUP, "Properties": {"LogGroupName": "/web"}}}})
    aws.client("logs").put_log_group_deletion_protection(logGroupIdentifier="/web", deletionProtectionEnabled=True)
    aws.faults.deny("dynamodb:UpdateTable")
    stacks = [{"name": "shop"}, {"name": "logs"}]

    failed = inside("cloudformation_stacks", stacks=stacks, clear=["all"], **FAST)
    assert failed["failed"] and {row["name"]: row["outcome"] for row in failed["stacks"]} == {
        "shop": "failed",
        "logs": "gone",
    }
    assert row_of(failed)["reason"].startswith("Not asked for: table orders is not cleared: ")
    assert "Allow the IAM action dynamodb:UpdateTable." in row_of(failed)["reason"]
    assert [row["id"] for row in row_of(failed)["blockers"]] == ["orders"]
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 1

    tried = inside("cloudformation_stacks", stacks=stacks, clear=["all"], uncleared="go_on", **FAST)
    assert tried["failed"] and aws.calls.by_action["cloudformation:DeleteStack"] > 1
    assert "protected against deletion" in row_of(tried)["reason"]

    aws.faults.allow("dynamodb:UpdateTable")
    assert not inside("cloudformation_stacks", stacks=stacks, clear=["all"], **FAST)["failed"]


def test_what_is_held_and_not_agreed_to_is_asked_for_once(aws: Emulator, inside: Inside) -> None:
    """CloudFormation takes an hour for a group of protected instances, each time."""
    configuration = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    group = {
        "AutoScalingGroupName": "web",
        "AvailabilityZones": [f"{aws.region}a"],
        "LaunchConfigurationName": {"Ref": "Config"},
        "MinSize": "1",
        "MaxSize": "1",
        "NewInstancesProtectedFromScaleIn": True,
    }
    templates.create(aws, "web", {"Resources": {
        "Config": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": configuration},
        "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group},
    }})  # fmt: skip
    templates.create(aws, "shop", {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket",
                                                            "Properties": {"BucketName": "shop-a"}}}})  # fmt: skip
    aws.client("s3").put_object(Bucket="shop-a", Key="a", Body=b"a")
    aws.faults.fail_resource("web", "Group", "Group did not stabilize. {current/minSize/maxSize group size = 1/0/0}")
    for options in ({}, {"uncleared": "go_on", "clear": [TABLE]}):
        aws.calls.clear()
        failed = inside("cloudformation_stacks", stacks=[{"name": "web"}, {"name": "shop"}], **options, **FAST)
        assert aws.calls.by_action["cloudformation:DeleteStack"] == 2, "each once"
        for row, words in zip(failed["stacks"], ("protected from scale-in", "is not empty"), strict=True):
            assert row["outcome"] == "failed" and "Not asked for again: " in row["reason"] and words in row["reason"]
            assert [item["clear"] for item in row["blockers"]]


def test_what_is_put_on_meanwhile_is_cleared_once_more(aws: Emulator, inside: Inside) -> None:
    """Its deletion failed, as somebody switched the protection on after the first look."""
    templates.create(aws, "shop", {"Resources": {"Table": table("orders", DependsOn="P"), **_parameter()}})
    protected = "Resource cannot be deleted as it is protected against deletion."
    aws.faults.fail_resource("shop", "Table", protected, times=1)
    done = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=[TABLE], **FAST)
    assert not done["failed"] and aws.calls.by_action["cloudformation:DeleteStack"] == 2
    assert [row["id"] for row in row_of(done)["cleared"]] == ["orders"]


def _parameter() -> dict[str, Any]:
    return {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/shop/p", "Type": "String", "Value": "x"}}}


def test_protections_are_put_back_where_the_stack_fails_otherwise(aws: Emulator, inside: Inside) -> None:
    templates.create(aws, "shop", {"Resources": {"Table": table("orders"), **_parameter()}})
    aws.faults.fail_resource("shop", "P", "User is not authorized to perform: ssm:DeleteParameter")
    # The table goes last, so that it is still there.
    aws.faults.fail_resource("shop", "Table", "Internal Failure")
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], **FAST)
    assert failed["failed"] and is_protected(aws, "orders")
    assert [row["put_back"] for row in row_of(failed)["cleared"]][:1] == [True]


def nest(aws: Emulator) -> None:
    """The stack shop, with another in it, which has a table and keeps one."""
    bucket = aws.client("s3")
    bucket.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": aws.region})
    inner = {"Resources": {"Table": table("orders"), "Kept": table("ledger", DeletionPolicy="Retain")}}
    bucket.put_object(Bucket="templates", Key="inner.json", Body=json.dumps(inner))
    url = "https://templates.s3.amazonaws.com/inner.json"
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    templates.create(aws, "shop", {"Resources": {"In": nested}})


def test_what_is_in_nested_stacks_goes_with_their_root(aws: Emulator, inside: Inside) -> None:
    nest(aws)
    done = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], **FAST)
    assert not done["failed"] and [row["id"] for row in row_of(done)["cleared"]] == ["orders"]
    assert is_protected(aws, "ledger")


def test_without_waiting_it_is_cleared_before_it_is_asked_for(aws: Emulator, inside: Inside) -> None:
    templates.create(aws, "shop", {"Resources": {"Table": table("orders")}})
    asked = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], wait=False, **FAST)
    assert not asked["failed"] and row_of(asked)["outcome"] == "in_progress" and len(row_of(asked)["cleared"]) == 1
    assert not inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)["failed"]


RUN = """
import importlib, json, sys
from ansible.module_utils.testing import patch_module_args
module = importlib.import_module("ansible_collections.workshop.lifecycle.plugins.modules." + sys.argv[1])
with patch_module_args(json.loads(sys.argv[2])):
    module.main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    ("module", "stacks", "refused"),
    [
        ("cloudformation_stacks", [{"name": "shop"}], ("cloudformation:DeleteStack", "Throttling")),
        ("cloudformation_blockers", ["shop"], ("logs:PutLogGroupDeletionProtection", "ThrottlingException")),
    ],
)
def test_a_run_that_is_told_to_end_puts_back_what_it_switched_off(
    aws: Emulator, module: str, stacks: list[Any], refused: tuple[str, str], number: signal.Signals
) -> None:
    """While it waits for a stack that is being updated, or for another protection, with this one off."""
    pytest.importorskip("ansible.module_utils.testing")
    group = {"LogGroupName": "/shop/web", "DeletionProtectionEnabled": True}
    logs = {"Logs": {"Type": GROUP, "Properties": group}} if module == "cloudformation_blockers" else {}
    templates.create(aws, "shop", {"Resources": {"Table": table("orders"), **_parameter(), **logs}})
    # It is refused as throttled, again and again, so that the run goes on.
    aws.faults.refuse(*refused, "Rate exceeded")
    options = {"stacks": stacks, "clear": ["all"], **FAST}
    arguments = json.dumps(options | {"_ansible_check_mode": False, "_ansible_diff": False})
    command = [sys.executable, "-c", RUN, module, arguments]
    with subprocess.Popen(command, env={**os.environ, **aws.environment}, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as run:  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while is_protected(aws, "orders") and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not is_protected(aws, "orders")
            run.send_signal(number)
            run.wait(30)
        finally:
            run.kill()
    assert is_protected(aws, "orders")


def test_the_survey_says_what_agrees_to_it(aws: Emulator, inside: Inside) -> None:
    shop(aws)
    found = inside("workshop_info", stacks=["shop"], blockers=True)
    assert {row["type"]: row["clear"] for row in found["blockers"]} == {name: name for name in (TABLE, GROUP, BALANCER)}
    assert all(row["amounts"][0]["one"] == "deletion protection" and row["lost"] for row in found["blockers"])
    assert found["blockers_gaps"] == []


def test_who_looks_on_is_told(aws: Emulator, inside: Inside, tmp_path: Path) -> None:
    templates.create(aws, "shop", {"Resources": {"Table": table("orders")}})
    file = tmp_path / "progress"
    inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], progress_file=str(file), **FAST)
    assert "shop: cleared table orders: deletion protection" in file.read_text(encoding="utf-8")


BUCKET = "AWS::S3::Bucket"


def bucket(aws: Emulator, name: str = "shop", **more: Any) -> dict[str, Any]:
    """A stack with a bucket of its name, in which there are objects with old versions, and another stack."""
    versioned = {"BucketName": f"{name}-assets", "VersioningConfiguration": {"Status": "Enabled"}}
    resources = {"Assets": {"Type": BUCKET, "Properties": versioned, **more}, **_parameter()}
    templates.create(aws, name, {"Resources": resources})
    for number in range(3):
        aws.client("s3").put_object(Bucket=f"{name}-assets", Key=f"{number % 2}", Body=b"x")
    return {"stacks": [{"name": name}], "clear": [BUCKET], **FAST}


def test_a_bucket_is_emptied_right_before_its_stack_is_asked_for(aws: Emulator, inside: Inside) -> None:
    options = bucket(aws)
    templates.create(aws, "writer", templates.parameters("writer", 5))
    stacks = [{"name": "writer"}, {"name": "shop", "after": ["writer"]}]
    check = inside("cloudformation_stacks", check=True, diff=True, **{**options, "stacks": stacks})
    assert "shop: bucket shop-assets: 2 objects, 1 old version" in check["diff"]["before"]

    done = inside("cloudformation_stacks", **{**options, "stacks": stacks})
    assert not done["failed"] and templates.live(aws) == [], done
    (row,) = row_of(done)["cleared"]
    assert {amount["many"]: amount["count"] for amount in row["amounts"]}["objects"] == 2 and row["lost"]
    times = {(event.name, event.status): event.time for event in aws.timeline if event.kind == "stack"}
    assert times["writer", "DELETE_COMPLETE"] <= times["shop", "DELETE_IN_PROGRESS"]
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 2


def test_a_bucket_that_is_not_agreed_to_or_kept_stays_as_it_is(aws: Emulator, inside: Inside) -> None:
    options = bucket(aws, DeletionPolicy="Retain")
    done = inside("cloudformation_stacks", **options)
    assert not done["failed"] and row_of(done)["cleared"] == []
    assert len(aws.client("s3").list_object_versions(Bucket="shop-assets")["Versions"]) == 3
    aws.reset()
    bucket(aws)
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)
    assert failed["failed"] and "not empty" in failed["msg"]
    assert len(aws.client("s3").list_object_versions(Bucket="shop-assets")["Versions"]) == 3


def test_a_bucket_is_not_emptied_while_others_keep_its_stack(aws: Emulator, inside: Inside) -> None:
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    assets = {"Type": BUCKET, "Properties": {"BucketName": "shop-assets"}}
    templates.create(aws, "shop", {"Resources": {"Vpc": vpc, "Assets": assets}})
    aws.client("s3").put_object(Bucket="shop-assets", Key="a", Body=b"x")
    (row,) = aws.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
    group = aws.client("ec2").create_security_group(GroupName="by-hand", Description="x", VpcId=row["VpcId"])
    stacks = [{"name": "shop", "only_when": ["network_interfaces_gone"]}]
    for clear in ([BUCKET], ["all"]):
        failed = inside("cloudformation_stacks", stacks=stacks, clear=clear, **FAST)
        assert failed["failed"] and group["GroupId"] in failed["msg"], failed
        assert "Contents" in aws.client("s3").list_objects_v2(Bucket="shop-assets"), clear
    assert "cloudformation:DeleteStack" not in aws.calls.by_action


def test_what_is_deleted_is_a_change_whatever_else_is_not(aws: Emulator, inside: Inside) -> None:
    assets = {"Type": BUCKET, "Properties": {"BucketName": "shop-assets"}}
    templates.create(aws, "shop", {"Resources": {"Assets": assets, "Cooks": {"Type": "AWS::IAM::Group"}}})
    aws.client("s3").put_object(Bucket="shop-assets", Key="a", Body=b"x")
    iam = aws.client("iam")
    (group,) = iam.list_groups()["Groups"]
    iam.create_user(UserName="by-hand")
    iam.add_user_to_group(GroupName=group["GroupName"], UserName="by-hand")
    aws.faults.deny("iam:RemoveUserFromGroup")
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], **FAST)
    assert failed["failed"] and failed["changed"] and "iam:RemoveUserFromGroup" in failed["msg"]
    assert "cloudformation:DeleteStack" not in aws.calls.by_action


def test_a_bucket_is_not_emptied_while_others_import_from_its_stack(aws: Emulator, inside: Inside) -> None:
    exporting = templates.exporter()
    exporting["Resources"]["Assets"] = {"Type": BUCKET, "Properties": {"BucketName": "shop-assets"}}
    templates.create(aws, "shop", exporting)
    templates.create(aws, "bank", templates.importer())
    aws.client("s3").put_object(Bucket="shop-assets", Key="a", Body=b"x")
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], clear=["all"], **FAST)
    assert failed["failed"] and "bank" in failed["msg"] and row_of(failed)["outcome"] == "refused"
    assert "Contents" in aws.client("s3").list_objects_v2(Bucket="shop-assets")
    stacks = [{"name": "shop"}, {"name": "bank"}]
    assert not inside("cloudformation_stacks", stacks=stacks, clear=["all"], **FAST)["failed"]
    assert templates.live(aws) == []


def blockers_of(result: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["stack_name"], row["clear"]) for row in result["blockers"]}


def test_blockers_alone_are_seen_foretold_and_cleared(aws: Emulator, inside: Inside) -> None:
    ids = shop(aws)
    stack_id = templates.create(aws, "data", {"Resources": {"Table": table("data")}})
    stacks = ["shop", stack_id, "nothing-here"]
    aws.calls.clear()

    seen = inside("cloudformation_blockers", stacks=stacks, diff=True)
    assert not seen["changed"] and seen["cleared"] == seen["gaps"] == []
    assert blockers_of(seen) == {
        "orders": ("shop", TABLE), "/shop/web": ("shop", GROUP), ids["Balancer"]: ("shop", BALANCER),
        "data": ("data", TABLE),
    }  # fmt: skip
    assert seen["diff"]["before"] == seen["diff"]["after"]
    assert "data: table data: deletion protection" in seen["diff"]["before"]

    options = {"stacks": stacks, "clear": [TABLE], "poll_interval": 0.1}
    check = inside("cloudformation_blockers", check=True, diff=True, **options)
    assert check["changed"] and written(aws) == []
    done = inside("cloudformation_blockers", diff=True, **options)
    assert not done["failed"] and done["changed"] and done["diff"] == check["diff"]
    assert done["cleared"] == check["cleared"] and {row["id"] for row in done["cleared"]} == {"orders", "data"}
    assert "table" not in done["diff"]["after"] and "log group /shop/web" in done["diff"]["after"]
    assert not is_protected(aws, "orders") and is_protected(aws, "ledger") and written(aws) == ["dynamodb:UpdateTable"]

    again = inside("cloudformation_blockers", **options)
    assert not again["changed"] and again["cleared"] == [] and set(blockers_of(again)) == {"/shop/web", ids["Balancer"]}
    assert templates.live(aws) == ["data", "shop"]


def test_blockers_of_a_stack_that_can_not_all_be_cleared_stay_and_others_go(aws: Emulator, inside: Inside) -> None:
    shop(aws)
    templates.create(aws, "data", {"Resources": {"Table": table("data")}})
    aws.faults.deny("logs:PutLogGroupDeletionProtection")
    failed = inside("cloudformation_blockers", stacks=["shop", "data"], clear=["all"], poll_interval=0.1)
    assert failed["failed"] and failed["changed"] and failed["msg"].startswith("shop: log group /shop/web is not")
    assert "Allow the IAM action logs:PutLogGroupDeletionProtection." in failed["msg"]
    back = {row["id"]: (row["put_back"], bool(row["reason"])) for row in failed["cleared"]}
    assert back["orders"] == (True, False) and back["/shop/web"] == (False, True) and back["data"] == (False, False)
    assert is_protected(aws, "orders") and not is_protected(aws, "data")


def test_blockers_are_foretold_as_they_are_then(aws: Emulator, inside: Inside) -> None:
    """What stands in a bucket is locked, so that nothing else of its stack is cleared, and nothing while it changes."""
    assets = {"Type": BUCKET, "Properties": {"BucketName": "assets", "ObjectLockEnabled": True}}
    templates.create(aws, "shop", {"Resources": {"Table": table("orders"), "Assets": assets}})
    s3 = aws.client("s3")
    version = s3.put_object(Bucket="assets", Key="a", Body=b"x")["VersionId"]
    s3.put_object_legal_hold(Bucket="assets", Key="a", VersionId=version, LegalHold={"Status": "ON"})
    options = {"stacks": ["shop"], "clear": ["all"], "poll_interval": 0.1}
    check = inside("cloudformation_blockers", check=True, **options)
    done = inside("cloudformation_blockers", **options)
    assert done["failed"] and "legal hold" in done["msg"] and is_protected(aws, "orders")
    assert not check["changed"] and not done["changed"] and check["cleared"] == done["cleared"] != []
    aws.set_stack_status("shop", "UPDATE_IN_PROGRESS")
    failed = inside("cloudformation_blockers", **options)
    assert failed["failed"] and "shop is in UPDATE_IN_PROGRESS" in failed["msg"]
    assert not inside("cloudformation_blockers", stacks=["shop"])["failed"]


def test_what_of_a_bucket_is_deleted_is_lost_whatever_its_stack_does(aws: Emulator, inside: Inside) -> None:
    options = bucket(aws)
    aws.faults.fail_resource("shop", "P", "User is not authorized to perform: ssm:DeleteParameter")
    aws.faults.fail_resource("shop", "Assets", "Internal Failure")
    failed = inside("cloudformation_stacks", **options)
    assert failed["failed"] and [row["put_back"] for row in row_of(failed)["cleared"]] == [False]


def test_what_may_not_be_looked_at_in_blockers_is_a_gap_and_not_cleared(aws: Emulator, inside: Inside) -> None:
    options = {**bucket(aws), "stacks": ["shop"]}
    aws.faults.deny("s3:ListBucketVersions")
    seen = inside("cloudformation_blockers", stacks=["shop"])
    assert not seen["failed"] and seen["blockers"] == []
    (gap,) = seen["gaps"]
    assert (gap["action"], gap["denied"], gap["about"]) == ("s3:ListBucketVersions", True, ["shop-assets"])
    assert "not authorized" in gap["message"]
    tried = inside("cloudformation_blockers", **options)
    assert not tried["failed"] and "s3:ListBucketVersions" in tried["warnings"][0]
    assert tried["gaps"] == [gap] and not tried["changed"] and tried["cleared"] == []


def test_blockers_are_refused_for_what_makes_no_sense(aws: Emulator, inside: Inside) -> None:
    for options, words in (
        ({}, "missing required arguments: stacks"),
        ({"stacks": ["shop"], "clear": ["AWS::SNS::Topic"]}, "clear has 'AWS::SNS::Topic', of which nothing can be"),
        ({"stacks": ["shop"], "state": "present"}, "must be one of: absent"),
        ({"stacks": ["shop"], "wait_timeout": 0}, "wait_timeout must be more than 0"),
        ({"stacks": ["shop"], "account_id": "210987654321"}, "210987654321"),
    ):
        refused = inside("cloudformation_blockers", **options)
        assert refused["failed"] and words in refused["msg"], options
    aws.faults.deny("cloudformation:DescribeStacks")
    denied = inside("cloudformation_blockers", stacks=["shop"])
    assert denied["failed"] and "Allow the IAM action cloudformation:DescribeStacks." in denied["msg"]


def test_blockers_of_a_nested_stack_are_asked_for_by_its_root_and_of_one_that_goes_not_at_all(
    aws: Emulator, inside: Inside
) -> None:
    nest(aws)
    templates.create(aws, "data", {"Resources": {"Table": table("data")}})
    aws.set_stack_status("data", "DELETE_IN_PROGRESS")
    described = {row["StackName"]: row for row in aws.client("cloudformation").describe_stacks()["Stacks"]}
    (inner,) = (row for row in described.values() if "RootId" in row)
    aws.calls.clear()
    refused = inside("cloudformation_blockers", stacks=[inner["StackId"]], clear=["all"])
    assert refused["failed"] and f"name its root stack {described['shop']['StackId']} instead" in refused["msg"]
    found = inside("cloudformation_blockers", stacks=["data", "shop"], clear=["all"], poll_interval=0.1)
    assert not found["failed"] and blockers_of(found) == {"orders": ("shop", TABLE)}
    assert [row["id"] for row in found["cleared"]] == ["orders"] and written(aws) == ["dynamodb:UpdateTable"]
    assert is_protected(aws, "data")


def test_blockers_that_take_too_long_are_a_failure_and_another_call_goes_on(aws: Emulator, inside: Inside) -> None:
    options = {**bucket(aws), "stacks": ["shop"]}
    aws.calls.clear()
    aws.faults.slow(0.5)
    late = inside("cloudformation_blockers", **{**options, "wait_timeout": 1})
    aws.faults.clear()
    assert late["failed"] and "Its time of 1 s is over. " in late["msg"] and "run this again to go on" in late["msg"]
    done = inside("cloudformation_blockers", account_id="123456789012", **options)
    assert not done["failed"] and done["changed"], done
    noted = set(re.findall(r"C\((\w+:\w+)\)", cloudformation_blockers.DOCUMENTATION))
    policy = policies.actions("blockers-policy.json") | policies.actions("clear-policy.json")
    assert "s3:DeleteObjectVersion" in aws.calls.by_action and aws.calls.by_action.keys() - policy <= noted
    assert "Versions" not in aws.client("s3").list_object_versions(Bucket="shop-assets")


CLUSTER = "AWS::ECS::Cluster"


@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_a_service_in_our_cluster_goes_only_where_no_stack_has_it(aws: Emulator, inside: Inside, whose: str) -> None:
    """The gate of the tasks sees that nothing of the run ends it, and gives way to what is agreed to."""
    others.stack(aws, "shop", {"Cluster": {"Type": CLUSTER, "Properties": {"ClusterName": "shop"}}})
    make = others.service_by_hand if whose == "nobody's" else others.service_of_a_stack
    service = make(aws, "shop")
    row = {"name": "shop", "only_when": ["tasks_stopped"]}
    refused = inside("cloudformation_stacks", stacks=[row], stop_tasks=True, **FAST)
    assert refused["failed"] and "kept by what no stack of this run owns" in refused["msg"] and not service.touched()

    done = inside("cloudformation_stacks", stacks=[row], stop_tasks=True, clear=[CLUSTER], **FAST)
    assert done["failed"] == (whose != "nobody's"), done
    if whose == "nobody's":
        assert [item["id"] for item in row_of(done)["cleared"]] and templates.live(aws) == []
    else:
        assert not service.touched() and row_of(done)["cleared"] == []
