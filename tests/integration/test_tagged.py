# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bears a workshop's tags and is in nobody's stack: told, removed where named, and of others never touched."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import REMOVABLE
from tests.docs import policies
from tests.emulator import Emulator
from tests.emulator.world import ACCOUNT_ID
from tests.integration import others
from tests.integration.inprocess import Inside

REGION = "eu-central-1"
TAGS = {"workshop": "shop", "course": "2026"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
LOOK: dict[str, Any] = {"stacks": ["shop-web", "shop-db"], "tags": TAGS, "kinds": ["tagged_resource"]}
KEYS = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}  # fmt: skip


@pytest.fixture(autouse=True)
def _workshop(aws: Emulator) -> None:
    """It was seen."""
    others.stack(aws, "shop-web", {"Topic": {"Type": "AWS::SNS::Topic"}})


def table(aws: Emulator, name: str, tags: list[dict[str, str]]) -> None:
    aws.client("dynamodb").create_table(TableName=name, Tags=tags, **KEYS)


def a_table(name: str, kind: str = "Table", **more: Any) -> dict[str, Any]:
    """For a template."""
    return {"Type": f"AWS::DynamoDB::{kind}", "Properties": {"TableName": name, "Tags": PAIRS, **KEYS}, **more}


def tables(aws: Emulator) -> list[str]:
    return aws.client("dynamodb").list_tables()["TableNames"]


def code() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("x.py", "def y(event, context): pass")
    return body.getvalue()


def by_hand(aws: Emulator) -> None:
    """One of each type that can be removed."""
    table(aws, "notes", PAIRS)
    aws.client("s3").create_bucket(
        Bucket="shop-notes", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    aws.client("s3").put_bucket_tagging(Bucket="shop-notes", Tagging={"TagSet": PAIRS})
    aws.client("sns").create_topic(Name="news", Tags=PAIRS)
    aws.client("logs").create_log_group(logGroupName="/by/hand", tags=TAGS)
    aws.client("ssm").put_parameter(Name="/by/hand", Value="x", Type="String", Tags=PAIRS)
    aws.client("ecr").create_repository(repositoryName="team/web", tags=PAIRS)
    ec2 = aws.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [row["SubnetId"] for row in ec2.describe_subnets()["Subnets"]]
    group = ec2.create_security_group(GroupName="by-hand", Description="x", VpcId=vpc)["GroupId"]
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    ec2.create_tags(Resources=[group, volume, gateway, instance], Tags=PAIRS)
    elbv2 = aws.client("elbv2")
    elbv2.create_load_balancer(Name="by-hand", Subnets=subnets[:2], Tags=PAIRS)
    elbv2.create_target_group(Name="by-hand", Protocol="HTTP", Port=80, VpcId=vpc, Tags=PAIRS)
    role = aws.client("iam").create_role(RoleName="by-hand", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    aws.client("lambda").create_function(
        FunctionName="by-hand", Runtime="python3.12", Handler="x.y", Role=role, Code={"ZipFile": code()}, Tags=TAGS
    )


def look(inside: Inside, **more: Any) -> dict[str, Any]:
    found = inside("workshop_info", **{**LOOK, **more})
    assert not found["failed"], found
    return found


def told(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Names of leftovers, each with why it stays; empty if it goes."""
    return {row["name"]: row["details"].get("kept") or row["details"].get("by_hand") or "" for row in rows}


def remove(inside: Inside, **more: Any) -> dict[str, Any]:
    return inside("workshop_leftovers", settle=0, **{**LOOK, **more})


def actions(done: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["action"] for row in done["leftovers"]}


HAND_MADE = {"notes", "shop-notes", "news", "/by/hand", "team/web"}


def test_what_was_made_by_hand_is_told_with_its_type_and_goes_once(aws: Emulator, inside: Inside) -> None:
    by_hand(aws)
    aws.calls.clear()
    found = look(inside)
    rows = {row["details"]["type"]: row for row in found["leftovers"]}
    assert found["gaps"] == [] and rows.keys() == REMOVABLE.keys() and len(found["leftovers"]) == len(REMOVABLE)
    assert HAND_MADE <= told(found["leftovers"]).keys() and set(told(found["leftovers"]).values()) == {""}
    assert rows["AWS::DynamoDB::Table"]["details"] == {
        "type": "AWS::DynamoDB::Table", "physical_id": "notes", "costs": False,
        "how_to_remove": "aws dynamodb delete-table --table-name notes --region eu-central-1",
    }  # fmt: skip
    assert rows["AWS::EC2::Volume"]["details"]["costs"]

    assert remove(inside, kinds=["log_group"])["leftovers"] == []
    predicted = remove(inside, check=True)
    assert predicted["changed"] and set(actions(predicted).values()) == {"removed"}
    assert len(look(inside)["leftovers"]) == len(REMOVABLE)
    done = remove(inside)
    assert not done["failed"] and actions(done) == actions(predicted), done
    called, policy = aws.calls.by_action.keys(), policies.actions("tags-policy.json")
    looks = policies.actions("survey-policy.json") | policies.actions("blockers-policy.json")
    assert called - looks <= policy <= called
    again = remove(inside)
    assert not again["failed"] and not again["changed"] and again["leftovers"] == []
    assert tables(aws) == [] and look(inside, verify=True)["leftovers"] == []


def test_what_is_of_others_is_left_alone(aws: Emulator, inside: Inside) -> None:
    """In live stacks, whatever they call its type, and with a tag of a stack or without; with some of the tags only."""
    ours = others.stack(aws, "shop-db", {"Table": a_table("ours"), "Kept": a_table("kept", DeletionPolicy="Retain")})
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/bank", "Tags": PAIRS}}
    others.stack(aws, "bank", {"Table": a_table("bank"), "Logs": group})
    table(aws, "half", PAIRS[:1])
    table(aws, "other", [PAIRS[0], {"Key": "course", "Value": "2027"}])
    found = look(inside)
    assert found["leftovers"] == []
    assert {row["name"]: row["stack_name"] for row in found["owned"]} == {"bank": "bank", "/bank": "bank"}
    assert remove(inside)["leftovers"] == []
    others.delete(aws, ours)
    done = remove(inside)
    assert not done["failed"] and not done["changed"] and set(tables(aws)) == {"bank", "half", "kept", "other"}
    (kept,) = look(inside, verify=True)["remaining_resources"]
    assert kept["physical_id"] == "kept"


def test_what_aws_or_kubernetes_has_made_or_a_stack_has_kept_is_told_and_stays(aws: Emulator, inside: Inside) -> None:
    ec2 = aws.client("ec2")
    volumes = [ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"] for _number in range(3)]
    ec2.create_tags(Resources=volumes, Tags=PAIRS)
    ec2_backends[ACCOUNT_ID][REGION].create_tags([volumes[0]], {"aws:backup:source-resource": "x"})
    ec2.create_tags(Resources=[volumes[1]], Tags=[{"Key": "kubernetes.io/cluster/bank", "Value": "owned"}])
    gone = others.stack(
        aws, "bank", {"Topic": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain",
                                "Properties": {"LogGroupName": "/bank", "Tags": PAIRS}}}
    )  # fmt: skip
    others.delete(aws, gone)
    why = told(look(inside)["leftovers"])
    assert why == {
        volumes[0]: "AWS has made it for something else, as its tag aws:backup:source-resource says",
        volumes[1]: "Kubernetes has made it, as its tag kubernetes.io/cluster/bank says",
        volumes[2]: "",
        "/bank": "the stack bank had it, which is gone and kept it",
    }
    done = remove(inside)
    assert not done["failed"] and actions(done) == {**dict.fromkeys(why, "kept"), volumes[2]: "removed"}
    assert {row["VolumeId"] for row in ec2.describe_volumes()["Volumes"]} == set(volumes[:2])


def test_what_is_gone_or_has_lost_its_tags_is_not_told(aws: Emulator, inside: Inside) -> None:
    aws.faults.tagging_lag(1000)
    for name in ("gone", "untagged", "there"):
        table(aws, name, PAIRS)
    listed = aws.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    dynamodb = aws.client("dynamodb")
    dynamodb.delete_table(TableName="gone")
    arn = dynamodb.describe_table(TableName="untagged")["Table"]["TableArn"]
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=list(TAGS))
    aws.wait_until(lambda: "gone" not in tables(aws))
    assert len(listed) == len(aws.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]) == 3
    assert told(look(inside)["leftovers"]) == {"there": ""}
    assert actions(remove(inside)) == {"there": "removed"} and tables(aws) == ["untagged"]


def test_what_nothing_here_removes_is_told_with_its_command(aws: Emulator, inside: Inside) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=PAIRS)
    aws.client("sqs").create_queue(QueueName="jobs", tags=TAGS)
    rows = {row["details"]["type"]: row["details"] for row in look(inside)["leftovers"]}
    assert rows.keys() == {"AWS::EC2::VPC", "sqs:jobs"}
    assert rows["AWS::EC2::VPC"]["by_hand"] == "nothing here removes this type"
    assert rows["AWS::EC2::VPC"]["how_to_remove"] == f"aws ec2 delete-vpc --vpc-id {vpc} --region {REGION}"
    assert "was not looked up" in rows["sqs:jobs"]["kept"]
    done = remove(inside)
    assert not done["failed"] and not done["changed"] and set(actions(done).values()) == {"kept"}


def test_only_what_was_confirmed_goes(aws: Emulator, inside: Inside) -> None:
    table(aws, "planned", PAIRS)
    (row,) = look(inside)["leftovers"]
    table(aws, "later", PAIRS)
    done = remove(inside, confirmed=[row["id"]])
    assert actions(done) == {"later": "kept", "planned": "removed"} and tables(aws) == ["later"]
    assert [item["reason"] for item in done["leftovers"] if item["name"] == "later"] == [
        "it was not in the plan that was confirmed"
    ]
    given = inside("workshop_leftovers", leftovers=[row])
    assert given["failed"] and "give tags, not leftovers" in given["msg"]


def test_what_is_not_empty_or_protected_stays_with_the_reason(aws: Emulator, inside: Inside) -> None:
    table(aws, "safe", PAIRS)
    aws.client("dynamodb").update_table(TableName="safe", DeletionProtectionEnabled=True)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="shop-notes", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="shop-notes", Tagging={"TagSet": PAIRS})
    s3.put_object(Bucket="shop-notes", Key="x", Body=b"x")
    found = look(inside)["leftovers"]
    assert told(found) == {"safe": "it is protected from deletion", "shop-notes": "it is not empty (1 object, 1 B)"}
    (command,) = [row["details"]["how_to_remove"] for row in found if row["name"] == "safe"]
    assert command.startswith("aws dynamodb update-table --table-name safe --no-deletion-protection-enabled --region ")
    assert command.endswith(f" && aws dynamodb delete-table --table-name safe --region {REGION}")
    done = remove(inside)
    assert not done["failed"] and not done["changed"]
    assert actions(done) == {"safe": "kept", "shop-notes": "kept"}

    aws.faults.deny("s3:ListBucketVersions")
    blind = remove(inside)
    assert blind["failed"] and actions(blind) == {"safe": "kept", "shop-notes": "failed"}
    (reason,) = [row["reason"] for row in blind["leftovers"] if row["name"] == "shop-notes"]
    assert "s3:DeleteBucket answered BucketNotEmpty" in reason


@pytest.mark.parametrize(
    "denied", ["tag:GetResources", "dynamodb:ListTagsOfResource", "dynamodb:DescribeTable",
               "cloudformation:DescribeStackResources"]
)  # fmt: skip
def test_what_may_not_be_looked_at_is_a_gap_and_stays(aws: Emulator, inside: Inside, denied: str) -> None:
    table(aws, "notes", PAIRS)
    aws.faults.deny(denied)
    found = look(inside)
    assert found["leftovers"] == [] and [gap["action"] for gap in found["gaps"]] == [denied]
    done = remove(inside)
    assert not done["changed"] and tables(aws) == ["notes"]


@pytest.mark.parametrize("module", ["workshop_info", "workshop_leftovers"])
@pytest.mark.parametrize("tags", [{"": "shop"}, {"aws:createdBy": "somebody"}, {"course": 2026}, {"course": "x"}])
def test_tags_that_say_too_little_are_refused(aws: Emulator, inside: Inside, module: str, tags: Any) -> None:
    table(aws, "notes", PAIRS)
    aws.calls.clear()
    done = inside(module, stacks=["shop-web"], tags=tags)
    assert done["failed"] and done["msg"].startswith("tags has ") and aws.calls.by_action == {}
