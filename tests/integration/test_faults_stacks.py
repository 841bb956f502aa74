# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which the deletion of stacks can go wrong, each with one run of cloudformation_stacks."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import templates
from tests.integration.clusters import Shop
from tests.integration.inprocess import Inside
from tests.integration.running import Modules, by_name, outcomes

#: With the emulator's time scale of 0.02, a tick of 0.1 s is 5 AWS seconds.
FAST = {"poll_interval": 0.1, "wait_timeout": 30}
DELETE, LOOK = "cloudformation:DeleteStack", "cloudformation:DescribeStacks"
RESOURCES = "cloudformation:ListStackResources"
MESH = {"retain_on_failure": ["AWS::AppMesh::*"]}


def named(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def registered_service(subnet: str) -> dict[str, Any]:
    """An ECS service ``web`` in the cluster ``shop`` and its Cloud Map service, in one stack as in the workshop."""
    template = templates.service()
    resources = template["Resources"]
    resources["Namespace"] = {"Type": "AWS::ServiceDiscovery::HttpNamespace", "Properties": {"Name": "shop.local"}}
    resources["Registry"] = {
        "Type": "AWS::ServiceDiscovery::Service",
        "Properties": {"Name": "web", "NamespaceId": {"Ref": "Namespace"}},
    }
    arn = {"Fn::GetAtt": ["Registry", "Arn"]}
    resources["Service"]["Properties"]["ServiceRegistries"] = [{"RegistryArn": arn}]
    template["Parameters"]["Subnet"]["Default"] = subnet
    return template


@pytest.fixture
def registry(aws: Emulator) -> str:
    """The id of the Cloud Map service of a stack ``web``."""
    subnet = Shop(aws).subnet
    templates.create(aws, "web", registered_service(subnet))
    client = aws.client("servicediscovery")
    (service,) = aws.wait_until(lambda: client.list_services()["Services"])
    aws.wait_until(lambda: client.list_instances(ServiceId=service["Id"])["Instances"])
    return service["Id"]


def test_an_instance_that_stays_registered_is_taken_out_and_the_stack_goes(
    aws: Emulator, inside: Inside, registry: str
) -> None:
    """DeleteService refuses while instances are registered: the task is gone, its registration is not."""
    aws.faults.orphan_instances()
    result = inside("cloudformation_stacks", stacks=named("web"), stop_tasks=True, **FAST)
    assert not result["failed"], result["msg"]
    assert outcomes(result) == {"web": "gone"}
    assert [row["service_id"] for row in result["deregistered_instances"]] == [registry]


def test_an_instance_of_an_earlier_run_whose_ecs_service_is_gone(
    aws: Emulator, inside: Inside, registry: str
) -> None:
    """What is left of the stack is its Cloud Map service, with a registration in it: DELETE_FAILED."""
    aws.faults.orphan_instances()
    aws.client("cloudformation").delete_stack(StackName="web")
    aws.wait_until(lambda: templates.status(aws, "web") == "DELETE_FAILED")
    result = inside("cloudformation_stacks", stacks=named("web"), stop_tasks=True, **FAST)
    assert not result["failed"], result["msg"]
    assert outcomes(result) == {"web": "gone"} and len(result["deregistered_instances"]) == 1


def test_a_resource_that_fails_once(aws: Emulator, inside: Inside) -> None:
    reasons = {
        "a": "Internal Failure",
        "b": 'Resource handler returned message: "Exceeded attempts to wait" (HandlerErrorCode: NotStabilized)',
        "c": "Rate exceeded (Service: Ssm, Status Code: 400)",
    }
    for name, reason in reasons.items():
        templates.create(aws, name)
        aws.faults.fail_resource(name, "P1", reason, times=1)
    result = inside("cloudformation_stacks", stacks=named(*reasons), **FAST)
    assert outcomes(result) == dict.fromkeys(reasons, "gone")
    assert aws.calls.by_action[DELETE] == 6


def test_a_resource_that_always_fails_comes_to_an_end_with_its_own_reason(aws: Emulator, inside: Inside) -> None:
    reasons = {"a": "(HandlerErrorCode: NotStabilized)", "b": "Rate exceeded"}
    for name, reason in reasons.items():
        templates.create(aws, name)
        aws.faults.fail_resource(name, "P1", reason)
    result = inside("cloudformation_stacks", stacks=named(*reasons), **FAST)
    assert result["failed"] and outcomes(result) == dict.fromkeys(reasons, "failed")
    for name, reason in reasons.items():
        assert f"{name} failed: P1 (AWS::SSM::Parameter): {reason}" in result["msg"]
    assert aws.calls.by_action[DELETE] == 8


def test_somebody_elses_deletion_that_fails_is_carried_on(aws: Emulator, inside: Inside) -> None:
    """Joined while it goes on; what made it fail may be left behind, so it is."""
    templates.create(aws, "a", templates.mesh())
    aws.faults.app_mesh_gone()
    aws.calls.clear()
    aws.clock.pause()
    aws.client("cloudformation").delete_stack(StackName="a")
    running = inside.start("cloudformation_stacks", stacks=named("a"), **MESH, **FAST)
    while LOOK not in aws.calls.by_action:
        time.sleep(0.05)
    aws.clock.resume()
    result = running.result()
    row = by_name(result)["a"]
    assert row["status_before"] == "DELETE_IN_PROGRESS" and row["outcome"] == "gone", row
    assert {item["logical_id"] for item in row["retained_resources"]} == {"Route", "Router", "Mesh"}
    assert aws.calls.by_action[DELETE] == 1 + 3, "besides somebody's own, one for each resource that stays"


def test_what_was_left_behind_before_another_resource_failed_is_listed(aws: Emulator, inside: Inside) -> None:
    """A resource that nothing else would have let be tried fails in the second round: no silence about the first."""
    template = templates.mesh()
    template["Resources"]["P1"]["DependsOn"] = "Mesh"  # not tried while the mesh stands? It is: nothing needs it
    template["Resources"]["Mesh"]["DependsOn"] = "Below"
    template["Resources"]["Below"] = templates.parameters("below")["Resources"]["P1"]
    templates.create(aws, "a", template)
    aws.faults.app_mesh_gone()
    aws.faults.fail_resource("a", "Below", "You are not authorized to do that")
    result = inside("cloudformation_stacks", stacks=named("a"), **MESH, **FAST)
    row = by_name(result)["a"]
    assert row["outcome"] == "failed" and "Below (AWS::SSM::Parameter): You are not authorized" in row["reason"]
    assert [item["logical_id"] for item in row["retained_resources"]] == ["Route", "Router", "Mesh"]


def test_a_stack_that_was_never_more_than_a_change_set(aws: Emulator, inside: Inside) -> None:
    aws.client("cloudformation").create_change_set(
        StackName="a", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=json.dumps(templates.parameters("a"))
    )
    assert templates.status(aws, "a") == "REVIEW_IN_PROGRESS"
    assert outcomes(inside("cloudformation_stacks", stacks=named("a"), **FAST)) == {"a": "gone"}


def test_answers_that_take_two_seconds(aws: Emulator, inside: Inside) -> None:
    templates.create(aws, "a")
    aws.calls.clear()
    aws.faults.slow(2)
    running = inside.start("cloudformation_stacks", stacks=named("a"), **FAST)
    aws.wait_until(lambda: DELETE in aws.calls.by_action, aws_seconds=1500)
    aws.faults.clear()
    result = running.result()
    assert outcomes(result) == {"a": "gone"} and result["survived_errors"] == 0
    assert aws.calls.by_action[DELETE] == 1


def test_an_old_failure_that_is_still_shown(aws: Emulator, inside: Inside) -> None:
    """Of the stack and of its resource: neither may end a deletion that was only just asked for."""
    templates.create(aws, "a")
    aws.faults.fail_resource("a", "P1", "You are not authorized to do that", times=1)
    aws.client("cloudformation").delete_stack(StackName="a")
    aws.wait_until(lambda: templates.status(aws, "a") == "DELETE_FAILED")
    aws.faults.stale_reads(6, after_deletion=2)
    aws.durations.set("cloudformation.overhead", 60)
    result = inside("cloudformation_stacks", stacks=named("a"), **FAST)
    assert outcomes(result) == {"a": "gone"}
    assert aws.calls.by_action[DELETE] == 1 + 1


def test_a_stack_that_was_made_anew_while_it_waited(aws: Emulator, inside: Inside) -> None:
    """Somebody deletes it and makes another of its name before its turn comes, all between two looks."""
    old = templates.create(aws, "a")
    templates.create(aws, "first", templates.parameters("first", 100))
    stacks = [*named("first"), {"name": "a", "after": ["first"]}]
    running = inside.start("cloudformation_stacks", stacks=stacks, poll_interval=1, wait_timeout=30)
    aws.wait_until(lambda: templates.status(aws, "first") == "DELETE_IN_PROGRESS")
    aws.client("cloudformation").delete_stack(StackName="a")
    aws.wait_until(lambda: templates.status(aws, old) == "DELETE_COMPLETE")
    new = templates.create(aws, "a")
    result = running.result()
    assert result["failed"] and outcomes(result) == {"first": "gone", "a": "recreated"}
    assert new in by_name(result)["a"]["reason"] and templates.status(aws, new) == "CREATE_COMPLETE"


@pytest.mark.parametrize("order", ["together", "one later"])
def test_two_runs_at_once(aws: Emulator, modules: Modules, inside: Inside, order: str) -> None:
    """Both retain, round by round; each may find that the other was quicker."""
    for name in ("a", "b"):
        template = templates.mesh()
        if name == "b":
            template = templates.parameters("b", 3)
        templates.create(aws, name, template)
    aws.faults.app_mesh_gone()
    aws.calls.clear()
    runs: list[Any] = [modules.start("cloudformation_stacks", stacks=named("a", "b"), **MESH, **FAST)]
    if order == "together":
        aws.wait_until(lambda: aws.calls.total)  # a process takes a moment to begin
    else:
        aws.wait_until(lambda: templates.status(aws, "a") == "DELETE_FAILED")
    runs.append(inside.start("cloudformation_stacks", stacks=named("a", "b"), **MESH, **FAST))
    for result in [run.result() for run in runs]:
        assert not result["failed"], result["msg"]
        assert set(outcomes(result).values()) <= {"gone", "absent"}
        row = by_name(result)["a"]
        if row["outcome"] == "gone":
            assert {item["logical_id"] for item in row["retained_resources"]} == {"Route", "Router", "Mesh"}


def test_another_run_that_was_quicker(aws: Emulator, inside: Inside) -> None:
    """It leaves the same resource behind between this run's look at what failed and its next DeleteStack."""
    templates.create(aws, "a", templates.mesh())
    aws.faults.app_mesh_gone()
    aws.clock.pause()
    running = inside.start("cloudformation_stacks", stacks=named("a"), **MESH, **FAST)
    while DELETE not in aws.calls.by_action:
        time.sleep(0.05)
    aws.faults.slow(1)
    aws.clock.resume()
    aws.wait_until(lambda: RESOURCES in aws.calls.by_action)
    time.sleep(0.5)  # the next call is on its way, and is held back for another half of a second
    aws.faults.slow(0)
    aws.client("cloudformation").delete_stack(StackName="a", RetainResources=["Route"])
    result = running.result()
    assert not result["failed"], result["msg"]
    assert [call.error for call in aws.calls.log if call.action == DELETE].count("ValidationError") == 1
    (row,) = result["stacks"]
    assert {item["logical_id"] for item in row["retained_resources"]} == {"Route", "Router", "Mesh"}


def test_nested_stacks_go_through_their_root(aws: Emulator, inside: Inside) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="shop", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="shop", Key="inner.json", Body=json.dumps(templates.parameters("inner")))
    url = "https://shop.s3.amazonaws.com/inner.json"
    root = {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}}}
    root_id = templates.create(aws, "root", root)
    (inner,) = [name for name in templates.live(aws) if name != "root"]
    refused = inside("cloudformation_stacks", stacks=named(inner), **FAST)
    assert refused["failed"] and f"It is nested: delete its root stack {root_id} instead" in refused["msg"]
    assert DELETE not in aws.calls.by_action
    result = inside("cloudformation_stacks", stacks=named("root"), **FAST)
    assert outcomes(result) == {"root": "gone"} and templates.live(aws) == []
