# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a resource of a stack up, type by type, in the words of its service."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks

POOL = {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "people"}}


def physical_id(stacks: Stacks, stack_id: str, logical_id: str) -> str:
    detail = stacks.client.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
    return detail["StackResourceDetail"]["PhysicalResourceId"]


def fails(stacks: Stacks, stack_id: str, logical_id: str) -> str:
    """The reason why the deletion of the stack's resource fails."""
    stacks.delete(stack_id)
    assert stacks.end(stack_id) == "DELETE_FAILED"
    return stacks.reason(stack_id, logical_id)


def goes(stacks: Stacks, stack_id: str) -> bool:
    stacks.delete(stack_id)
    return stacks.end(stack_id) == "DELETE_COMPLETE"


def test_what_is_in_a_bucket(emulator: Emulator, stacks: Stacks) -> None:
    """F5Networks/f5-aws-cloudformation#52"""
    stack_id = stacks.create("one", {"Bucket": {"Type": "AWS::S3::Bucket"}})
    bucket, s3 = physical_id(stacks, stack_id, "Bucket"), emulator.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    reason = fails(stacks, stack_id, "Bucket")
    assert "The bucket you tried to delete is not empty (Service: S3, Status Code: 409" in reason
    s3.delete_object(Bucket=bucket, Key="a")
    assert goes(stacks, stack_id)
    assert not s3.list_buckets()["Buckets"]


def test_old_versions_in_a_bucket(emulator: Emulator, stacks: Stacks) -> None:
    """API_DeleteBucket: all objects, including versions and delete markers; the words: gruntwork-io/cloud-nuke#369"""
    stack_id = stacks.create("one", {"Bucket": {"Type": "AWS::S3::Bucket"}})
    bucket, s3 = physical_id(stacks, stack_id, "Bucket"), emulator.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    s3.delete_object(Bucket=bucket, Key="a")
    assert "is not empty. You must delete all versions in the bucket." in fails(stacks, stack_id, "Bucket")
    listed = s3.list_object_versions(Bucket=bucket)
    for version in [*listed["Versions"], *listed["DeleteMarkers"]]:
        s3.delete_object(Bucket=bucket, Key="a", VersionId=version["VersionId"])
    assert goes(stacks, stack_id)


def test_rules_on_an_event_bus(emulator: Emulator, stacks: Stacks) -> None:
    """hashicorp/terraform-provider-aws#22131, serverless/serverless#8479"""
    stack_id = stacks.create("one", {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "bus"}}})
    rule = {"EventBusName": "bus", "EventPattern": {"source": ["x"]}}
    rules = stacks.create("two", {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule}})
    assert "EventBus can't be deleted since it has rules." in fails(stacks, stack_id, "Bus")
    assert goes(stacks, rules)
    assert goes(stacks, stack_id)
    assert len(emulator.client("events").list_event_buses()["EventBuses"]) == 1


def test_the_domain_of_a_user_pool(stacks: Stacks) -> None:
    """hashicorp/terraform-provider-aws#14102"""
    stack_id = stacks.create("one", {"Pool": POOL})
    domain = {"Domain": "people", "UserPoolId": physical_id(stacks, stack_id, "Pool")}
    domains = stacks.create("two", {"Domain": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": domain}})
    assert "It has a domain configured that should be deleted first." in fails(stacks, stack_id, "Pool")
    assert goes(stacks, domains)
    assert goes(stacks, stack_id)


def test_the_protection_of_a_user_pool(emulator: Emulator, stacks: Stacks) -> None:
    """rebuy-de/aws-nuke quotes the words"""
    protected = {**POOL, "Properties": {**POOL["Properties"], "DeletionProtection": "ACTIVE"}}
    stack_id = stacks.create("one", {"Pool": protected})
    assert "deletion protection is activated" in fails(stacks, stack_id, "Pool")
    client = emulator.client("cognito-idp")
    client.update_user_pool(UserPoolId=physical_id(stacks, stack_id, "Pool"), DeletionProtection="INACTIVE")
    assert goes(stacks, stack_id)
    assert not client.list_user_pools(MaxResults=10)["UserPools"]


def test_clients_do_not_hold_a_user_pool(stacks: Stacks) -> None:
    """They go with it: API_DeleteUserPool"""
    stack_id = stacks.create("one", {"Pool": POOL})
    client = {"UserPoolId": physical_id(stacks, stack_id, "Pool"), "ClientName": "app"}
    clients = stacks.create("two", {"Client": {"Type": "AWS::Cognito::UserPoolClient", "Properties": client}})
    assert goes(stacks, stack_id)
    assert goes(stacks, clients)


def scaling(account: Account, **properties: Any) -> dict[str, Any]:
    configuration = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "SecurityGroups": [account.group]}
    group = {
        "AutoScalingGroupName": "workers",
        "MinSize": "1",
        "MaxSize": "2",
        "LaunchConfigurationName": {"Ref": "Configuration"},
        "VPCZoneIdentifier": account.subnets[:1],
        **properties,
    }
    return {
        "Configuration": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": configuration},
        "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group},
    }


def test_an_auto_scaling_group_takes_its_instances_along(account: Account, stacks: Stacks) -> None:
    stack_id = stacks.create("one", scaling(account.network()))
    assert len(account.interfaces()) == 1
    assert goes(stacks, stack_id)
    assert not account.interfaces()
    times = account.times("resource", "one/Group")
    assert times["DELETE_COMPLETE"] - times["DELETE_IN_PROGRESS"] > 100


def test_protected_instances_hold_an_auto_scaling_group(account: Account, stacks: Stacks) -> None:
    """aws-samples/aws-fault-injection-simulator-workshop#114"""
    stack_id = stacks.create("one", scaling(account.network(), NewInstancesProtectedFromScaleIn=True))
    stacks.delete(stack_id)
    account.emulator.clock.advance(3590)
    assert stacks.status(stack_id) == "DELETE_IN_PROGRESS"
    assert "there are instances" in fails(stacks, stack_id, "Group")
    client = account.emulator.client("autoscaling")
    instances = client.describe_auto_scaling_instances()["AutoScalingInstances"]
    client.set_instance_protection(
        InstanceIds=[instance["InstanceId"] for instance in instances],
        AutoScalingGroupName="workers",
        ProtectedFromScaleIn=False,
    )
    assert goes(stacks, stack_id)


@pytest.mark.parametrize(
    ("kind", "properties", "service", "listing"),
    [
        ("AWS::CodeBuild::Project", {"Name": "b"}, "codebuild", "list_projects"),
        ("AWS::CodePipeline::Pipeline", {"Name": "p"}, "codepipeline", "list_pipelines"),
    ],
)
def test_projects_and_pipelines(
    emulator: Emulator, stacks: Stacks, kind: str, properties: Any, service: str, listing: str
) -> None:
    """aws-resource-codebuild-project.html, aws-resource-codepipeline-pipeline.html"""
    trust = '{"Statement": [{"Principal": {"Service": "codepipeline.amazonaws.com"}}]}'
    arn = emulator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    action = {
        "Name": "a",
        "ActionTypeId": {"Category": "Source", "Owner": "AWS", "Provider": "S3", "Version": "1"},
    }
    needed = {
        "AWS::CodeBuild::Project": {
            "ServiceRole": arn,
            "Artifacts": {"Type": "NO_ARTIFACTS"},
            "Environment": {"ComputeType": "BUILD_GENERAL1_SMALL", "Image": "x", "Type": "LINUX_CONTAINER"},
            "Source": {"Type": "NO_SOURCE"},
        },
        "AWS::CodePipeline::Pipeline": {
            "RoleArn": arn,
            "ArtifactStore": {"Type": "S3", "Location": "x"},
            "Stages": [{"Name": "one", "Actions": [action]}, {"Name": "two", "Actions": [action]}],
        },
    }
    stack_id = stacks.create("one", {"It": {"Type": kind, "Properties": {**properties, **needed[kind]}}})
    assert physical_id(stacks, stack_id, "It") == properties["Name"]
    client = emulator.client(service)

    def listed() -> list[Any]:
        answer = getattr(client, listing)()
        return answer.get("projects", answer.get("pipelines"))

    assert len(listed()) == 1
    assert goes(stacks, stack_id)
    assert not listed()
