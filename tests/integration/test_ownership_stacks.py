# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours is what our stacks own: the module cloudformation_stacks alone, in accounts where a name says something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.emulator.services import network
from tests.integration import others, ownership
from tests.integration.inprocess import Inside
from tests.integration.ownership import API, NAME, Scene
from tests.integration.running import by_name, outcomes

FAST = {"poll_interval": 0.1, "wait_timeout": 20}
TASKS, INTERFACES = ["tasks_stopped"], ["network_interfaces_gone"]


def row(suffix: str, **more: Any) -> dict[str, Any]:
    return {"name": f"{NAME}-{suffix}", **more}


def begun(aws: Emulator, suffix: str) -> int:
    """How often the deletion of a stack began."""
    return len(aws.timeline.select("stack", f"{NAME}-{suffix}", "DELETE_IN_PROGRESS"))


# Tasks


def test_a_strangers_cluster_of_our_name_is_left_alone(aws: Emulator, inside: Inside) -> None:
    scene = ownership.strangers_cluster(aws)
    result = inside("cloudformation_stacks", stacks=[row("dynamodb")], stop_tasks=True, **FAST)
    assert (result["failed"], scene.touched()) == (False, []), result
    assert scene.statuses() == {"dynamodb": "DELETE_COMPLETE"}


def test_only_our_service_in_a_strangers_cluster_is_stopped(aws: Emulator, inside: Inside) -> None:
    """Its ARN names the cluster, which is not ours: what else runs there is not even looked at."""
    scene = Scene(aws)
    scene.things.append(others.service_of_a_stack(aws, NAME, own_cluster=True))
    scene.make(f"service-{API}", ownership._service(aws))
    result = inside("cloudformation_stacks", stacks=[row(f"service-{API}")], stop_tasks=True, **FAST)
    assert (result["failed"], scene.touched()) == (False, []), result
    assert [service["name"] for service in result["services"]] == [API] and result["foreign"] == []
    assert {task["group"] for task in result["tasks"]} == {f"service:{API}"}
    assert "ecs:ListServices" not in aws.calls.by_action


@pytest.mark.parametrize("given", [False, True], ids=["read", "given"])
def test_a_stranger_in_our_cluster_is_named_and_keeps_it(aws: Emulator, inside: Inside, given: bool) -> None:
    scene = ownership.stranger_in_our_cluster(aws)
    subnets = [item["SubnetId"] for item in aws.client("ec2").describe_subnets()["Subnets"]]
    aws.client("ecs").run_task(
        cluster=NAME,
        taskDefinition=API,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    )
    rows = [row(f"service-{API}"), row("ecs", after=[f"{NAME}-service-{API}"], only_when=TASKS)]
    if given:
        rows = [{**item, "resources": resources(aws, item["name"])} for item in rows]
    before = aws.calls.by_action.get("cloudformation:ListStackResources", 0)
    result = inside("cloudformation_stacks", stacks=rows, stop_tasks=True, **FAST)
    assert scene.touched() == [] and result["failed"], result
    assert outcomes(result) == {f"{NAME}-service-{API}": "gone", f"{NAME}-ecs": "failed"}
    assert begun(aws, "ecs") == 0
    failed = by_name(result)[f"{NAME}-ecs"]
    (blocker,) = failed["blockers"]
    assert (blocker["name"], blocker["owner"]) == ("payments", None)
    for words in ("Not asked for: ", "payments", "aws ecs delete-service --force --cluster cuddlekube"):
        assert words in failed["reason"] and words in result["msg"]
    (foreign,) = result["foreign"]
    assert foreign == {
        "cluster": NAME, "service": "payments", "status": "ACTIVE", "desired_count": 2, "tasks": 2
    }  # fmt: skip
    groups = {task["group"] for task in result["tasks"]}
    assert groups == {f"service:{API}", f"family:{API}"}, "a task without a service is in the way as well"
    # One of them goes and leaves nothing behind; that is the only one that is read of it.
    assert aws.calls.by_action["cloudformation:ListStackResources"] - before == (1 if given else 3)


def resources(aws: Emulator, name: str) -> list[dict[str, str]]:
    """As an earlier look saw them."""
    found = aws.client("cloudformation").list_stack_resources(StackName=name)["StackResourceSummaries"]
    return [
        {
            "logical_id": item["LogicalResourceId"],
            "type": item["ResourceType"],
            "physical_id": item["PhysicalResourceId"],
            "status": item["ResourceStatus"],
        }
        for item in found
    ]


def test_a_service_whose_stack_goes_in_the_same_run_is_waited_for(aws: Emulator, inside: Inside) -> None:
    """Though nobody said that its tasks are to be stopped, nor in which order they go."""
    scene = Scene(aws)
    scene.make("ecs", ownership.cluster())
    scene.make(f"service-{API}", ownership._service(aws))
    rows = [row(f"service-{API}", stop_tasks=False), row("ecs", only_when=TASKS)]
    result = inside("cloudformation_stacks", stacks=rows, stop_tasks=True, **FAST)
    assert not result["failed"] and set(outcomes(result).values()) == {"gone"}, result
    assert result["foreign"] == [] and [task for task in result["tasks"] if task["action"] == "stopped"] == []


def test_a_protected_stacks_tasks_go_on(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("ecs", ownership.cluster())
    stack_id = scene.make(f"service-{API}", ownership._service(aws))
    aws.client("cloudformation").update_termination_protection(StackName=stack_id, EnableTerminationProtection=True)
    result = inside("cloudformation_stacks", stacks=[row(f"service-{API}")], stop_tasks=True, **FAST)
    assert outcomes(result) == {f"{NAME}-service-{API}": "protected"}
    (service,) = aws.client("ecs").describe_services(cluster=NAME, services=[API])["services"]
    assert service["desiredCount"] == 1


@pytest.mark.parametrize("action", ["ecs:ListTasks", "ecs:ListServices", "cloudformation:ListStackResources"])
@pytest.mark.parametrize("stop", [True, False])
def test_a_gate_that_cannot_see_stays_closed(aws: Emulator, inside: Inside, action: str, stop: bool) -> None:
    scene = ownership.tasks_unseen(aws)
    aws.faults.clear()
    aws.faults.deny(action)
    result = inside("cloudformation_stacks", stacks=[row("ecs", only_when=TASKS)], stop_tasks=stop, **FAST)
    assert result["failed"] and begun(aws, "ecs") == 0 and scene.statuses()["ecs"] == "CREATE_COMPLETE"
    assert by_name(result)[f"{NAME}-ecs"]["reason"].startswith(f"Not asked for: {action} answered AccessDenied")


def test_without_stopping_tasks_the_gate_waits_for_them(aws: Emulator, inside: Inside) -> None:
    ownership.tasks_unseen(aws)
    aws.faults.clear()
    options = {"stacks": [row("ecs", only_when=TASKS)], **FAST, "wait_timeout": 2}
    result = inside("cloudformation_stacks", **options)
    assert outcomes(result) == {f"{NAME}-ecs": "timed_out"} and "1 task without a service" in result["msg"], result
    ecs = aws.client("ecs")
    (task,) = ecs.list_tasks(cluster=NAME)["taskArns"]
    ecs.stop_task(cluster=NAME, task=task)
    assert outcomes(inside("cloudformation_stacks", **options | FAST)) == {f"{NAME}-ecs": "gone"}


@pytest.mark.parametrize("action", ["ecs:UpdateService", "ecs:StopTask"])
def test_one_refusal_does_not_end_the_stopping(aws: Emulator, inside: Inside, action: str) -> None:
    """The stacks go all the same, since CloudFormation stops what runs; the refusal is told."""
    scene = Scene(aws)
    scene.make("ecs", ownership.cluster())
    scene.make(f"service-{API}", ownership._service(aws))
    aws.faults.deny(action)
    rows = [row(f"service-{API}"), row("ecs", after=[f"{NAME}-service-{API}"], only_when=TASKS)]
    result = inside("cloudformation_stacks", stacks=rows, stop_tasks=True, **FAST)
    assert not result["failed"] and set(outcomes(result).values()) == {"gone"}, result
    told = [item["problem"] for item in result["services"] + result["tasks"] if item["problem"]]
    assert told and all(action in problem for problem in told)
    assert any(action in warning for warning in result["warnings"])


# Networks


def test_what_goes_only_with_the_stack_does_not_close_its_gate(aws: Emulator, inside: Inside) -> None:
    scene = ownership.vpc_with_its_nat_gateway(aws)
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **FAST)
    assert (result["failed"], scene.statuses()) == (False, {"vpc": "DELETE_COMPLETE"}), result


def test_nor_does_what_goes_after_it(aws: Emulator, inside: Inside) -> None:
    """Waiting for it would be waiting for ever."""
    scene = Scene(aws)
    scene.make("vpc", ownership.vpc())
    interface = {"Type": "AWS::EC2::NetworkInterface", "Properties": {"SubnetId": scene.id("vpc", "Subnet")}}
    scene.make("nic", {"Nic": interface})
    rows = [row("vpc", only_when=INTERFACES), row("nic", after=[f"{NAME}-vpc"])]
    result = inside("cloudformation_stacks", stacks=rows, **FAST | {"wait_timeout": 2})
    assert begun(aws, "vpc") == 1, result


@pytest.mark.parametrize("text", ["json", "yaml"])
def test_a_vpc_that_is_kept_does_not_close_the_gate(aws: Emulator, inside: Inside, text: str) -> None:
    scene = Scene(aws)
    body = json.dumps({"Resources": ownership.vpc(**ownership.RETAIN)}) if text == "json" else YAML
    stack_id = aws.client("cloudformation").create_stack(StackName=f"{NAME}-vpc", TemplateBody=body)["StackId"]
    aws.wait_until(lambda: others.status(aws, stack_id) == "CREATE_COMPLETE")
    scene.stacks[f"{NAME}-vpc"] = stack_id
    network.put_foreign_interface(scene.id("vpc", "Subnet"))
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **FAST)
    assert not result["failed"] and outcomes(result) == {f"{NAME}-vpc": "gone"}, result


YAML = """
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    DeletionPolicy: Retain
    Properties:
      CidrBlock: 10.42.0.0/16
  Subnet:
    Type: AWS::EC2::Subnet
    DeletionPolicy: "RetainExceptOnCreate"
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.42.0.0/24
"""


def test_what_is_kept_may_not_be_read(aws: Emulator, inside: Inside) -> None:
    scene = ownership.retained_vpc_with_somebodys_interface(aws)
    aws.faults.deny("cloudformation:GetTemplate")
    options = FAST | {"wait_timeout": 2}
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **options)
    assert outcomes(result) == {f"{NAME}-vpc": "timed_out"} and begun(aws, "vpc") == 0
    assert scene.things[0].name in result["msg"]
    assert any("What cuddlekube-vpc keeps is not known" in warning for warning in result["warnings"])


@pytest.mark.parametrize("kind", ownership.IN_VPC)
def test_what_is_in_the_vpc_by_hand_keeps_it(aws: Emulator, inside: Inside, kind: str) -> None:
    scene = ownership.by_hand_in_our_vpc(aws, kind)
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **FAST)
    assert result["failed"] and scene.touched() == [] and begun(aws, "vpc") == 0, result
    failed = by_name(result)[f"{NAME}-vpc"]
    assert (failed["outcome"], [item["id"] for item in failed["blockers"]]) == ("failed", [scene.things[0].name])
    for words in ("Not asked for: ", *scene.names):
        assert words in failed["reason"]


def test_without_a_gate_a_vpc_is_not_tried_twice_while_it_is_kept(aws: Emulator, inside: Inside) -> None:
    scene = ownership.by_hand_in_our_vpc(aws, "security group")
    result = inside("cloudformation_stacks", stacks=[row("vpc")], **FAST | {"wait_timeout": 90})
    assert result["failed"] and begun(aws, "vpc") == 1, result
    assert scene.things[0].name in by_name(result)[f"{NAME}-vpc"]["reason"]


def test_what_a_stack_of_this_run_has_in_the_vpc_is_waited_for(aws: Emulator, inside: Inside) -> None:
    """Though nobody said that it comes before."""
    scene = Scene(aws)
    scene.make("vpc", ownership.vpc())
    properties = {"GroupDescription": "of another stack", "VpcId": scene.id("vpc", "Vpc")}
    scene.make("web", {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}})
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES), row("web")], **FAST)
    assert not result["failed"] and begun(aws, "vpc") == 1, result


def test_what_a_strangers_stack_has_in_the_vpc_is_told_with_its_stack(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("vpc", ownership.vpc())
    properties = {"GroupDescription": "a stranger's", "VpcId": scene.id("vpc", "Vpc")}
    others.stack(aws, "shop-web", {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}})
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **FAST)
    (blocker,) = by_name(result)[f"{NAME}-vpc"]["blockers"]
    assert blocker["owner"] == "shop-web" and "delete-stack --stack-name shop-web" in result["msg"]


def test_what_may_not_be_listed_is_no_blocker_but_told(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("vpc", ownership.vpc())
    aws.faults.deny("ec2:DescribeNetworkAcls")
    result = inside("cloudformation_stacks", stacks=[row("vpc", only_when=INTERFACES)], **FAST)
    assert not result["failed"] and outcomes(result) == {f"{NAME}-vpc": "gone"}, result
    assert any("DescribeNetworkAcls" in warning for warning in result["warnings"])


def test_what_is_made_anew_under_the_name_of_a_service_that_went_is_left_alone(aws: Emulator, inside: Inside) -> None:
    """In a cluster of others, while another stack of the run has not gone yet."""
    scene = Scene(aws)
    others.stack(aws, "shop", {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": NAME}}})
    scene.make(f"service-{API}", ownership._service(aws))
    scene.make("vpc", ownership.vpc())
    ec2, ecs = aws.client("ec2"), aws.client("ecs")
    interface = ec2.create_network_interface(SubnetId=scene.id("vpc", "Subnet"))["NetworkInterface"]
    rows = [row(f"service-{API}"), row("vpc", only_when=INTERFACES)]
    run = inside.start("cloudformation_stacks", stacks=rows, stop_tasks=True, poll_interval=0.05, wait_timeout=60)
    aws.wait_until(lambda: scene.statuses()[f"service-{API}"] == "DELETE_COMPLETE")
    others.stack(aws, f"{NAME}-service-{API}", ownership._service(aws))
    aws.calls.clear()
    aws.wait_until(lambda: aws.calls.by_action.get("ecs:ListTasks", 0) >= 6)  # two looks and more
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    result = run.result()
    assert outcomes(result) == {f"{NAME}-service-{API}": "recreated", f"{NAME}-vpc": "gone"}
    assert ecs.describe_services(cluster=NAME, services=[API])["services"][0]["desiredCount"] == 1
    assert "ecs:StopTask" not in aws.calls.by_action
