# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole teardowns in which much goes wrong: what passes by itself, what does not, and what the next run does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.emulator import Emulator
from tests.emulator.services import network
from tests.integration import templates
from tests.workshop import deploy, whats_left
from tests.workshop.manifest import read_manifest
from tests.workshop.playbooks import TEARDOWN, Played, play

#: What a page, a terminal or an XML file would obey, as far as AWS's own answers can carry it.
NASTY = "</pre><script>alert(\"1\")</script> & 'one' \x9b31mred\u202e\nnext line"


def tear_down(aws: Emulator, folder: Path, *arguments: str, **variables: Any) -> tuple[Played, dict[str, Any]]:
    """A run, and its report."""
    settings = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1,
                "workshop_report_dir": folder / "report"} | variables  # fmt: skip
    played = play(TEARDOWN, aws.environment, folder, *arguments, **settings)
    path = folder / "report" / "teardown.json"
    return played, json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def left(aws: Emulator) -> dict[str, list[str]]:
    """What is really left, by the emulator's own account."""
    return {kind: found for kind, found in whats_left(aws).items() if found}


def by_name(rows: list[dict[str, Any]], key: str = "name") -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def retain_by_template(aws: Emulator, name: str, resource_type: str) -> None:
    """Give the resources of this type in a stack of the workshop the DeletionPolicy Retain."""
    (stack,) = [stack for stack in read_manifest().stacks if stack.name == name]
    line = f"    Type: {resource_type}\n"
    assert line in stack.body
    body = stack.body.replace(line, f"{line}    DeletionPolicy: Retain\n")
    keep = [{"ParameterKey": key, "UsePreviousValue": True} for key in stack.parameters]
    aws.client("cloudformation").update_stack(StackName=name, TemplateBody=body, Parameters=keep)
    aws.wait_until(lambda: templates.status(aws, name) == "UPDATE_COMPLETE")


def start_by_hand(aws: Emulator, count: int) -> list[str]:
    """Tasks in the workshop's cluster that no service knows; their ARNs."""
    ecs = aws.client("ecs")
    (service,) = ecs.describe_services(cluster="cuddlekube", services=["feed-api"])["services"]
    tasks = ecs.run_task(cluster="cuddlekube", taskDefinition=service["taskDefinition"], launchType="FARGATE",
                         networkConfiguration=service["networkConfiguration"], count=count)["tasks"]  # fmt: skip
    return [task["taskArn"] for task in tasks]


@pytest.mark.slow
def test_what_passes_by_itself(aws: Emulator, tmp_path: Path) -> None:
    """Tasks that linger, are deaf, late or nobody's; registrations, log groups and old answers that stay; a resource
    that fails once; and what is retained on purpose."""
    deploy(aws)
    retain_by_template(aws, "cuddlekube-dynamodb", "AWS::DynamoDB::Table")
    by_hand = start_by_hand(aws, 2)
    faults = aws.faults
    faults.linger(["feed-api", "list-api", "order-api", "happiness-api"])
    faults.ignore_sigterm(["public-site", "register-api"])
    faults.late_task(["validate-api"], seconds=15)
    faults.orphan_instances()
    faults.log_groups_come_back(times=1)
    faults.stale_reads(3, after_deletion=2)
    faults.fail_resource("cuddlekube-alb", "LoadBalancer", "Internal Failure", times=1)
    faults.service_linked_role_in_use()

    played, report = tear_down(aws, tmp_path, "-e", json.dumps({"workshop_may_stay": ["AWS::DynamoDB::Table"]}))

    assert played.code == 0, played.output
    assert left(aws) == {}
    assert report["verdict"] == "clean" and report["left"] == [] and report["gaps"] == []
    tasks = by_name(report["tasks"], "task_arn")
    assert len(tasks) == 8 + 1 + 2 and not any(task["there"] for task in tasks.values())
    page = (tmp_path / "report" / "teardown.html").read_text(encoding="utf-8")
    for arn in by_hand:  # on the terminal, a crowd of tasks with the same news becomes one line
        assert tasks[arn]["action"] == "stopped" and f"<code>{arn.rsplit('/', 1)[-1]}</code>" in page
    # A log group may come back after the last look, and nobody waits for that: then it is named.
    late = ["/aws/ecs/containerinsights/cuddlekube/performance", "cuddlekube-FlowLogs", "cuddlekube-Microservices"]
    assert [row["name"] for row in report["may_come_back"]] == late and ", ".join(late) in played.output
    retained = by_name(report["retained"], "type")
    assert set(retained) == {"AWS::DynamoDB::Table", "AWS::IAM::ServiceLinkedRole"}
    for row in retained.values():
        assert row["physical_id"] in played.output and row["how_to_remove"] in played.output


def test_throttled_answered_with_errors_and_cut_off(aws: Emulator, tmp_path: Path) -> None:
    """A small workshop, since every call takes several tries."""
    for name in ("dynamodb", "alb", "logs"):
        templates.create(aws, f"cuddlekube-{name}")
    cluster = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "cuddlekube"}}
    templates.create(aws, "cuddlekube-ecs", {"Resources": {"Cluster": cluster}})
    aws.client("logs").create_log_group(logGroupName="/aws/ecs/containerinsights/cuddlekube/performance")
    aws.client("xray").create_group(GroupName="cuddle-kube")
    aws.calls.clear()
    aws.faults.throttle(0.3)
    aws.faults.server_errors(0.025)
    aws.faults.cut_connections(0.025)

    played, report = tear_down(aws, tmp_path)

    calls = Counter(int(call.time * aws.time_scale) for call in aws.calls.log)
    aws.faults.clear()
    assert played.code == 0, played.output
    assert left(aws) == {}
    assert report["verdict"] == "clean" and report["gaps"] == []
    assert max(calls.values()) <= 40, "calls in a second, tries inside botocore included"


@pytest.mark.slow
def test_what_does_not_pass(aws: Emulator, tmp_path: Path) -> None:
    """Each is named with its reason, the rest goes; what is mended goes with the next run."""
    deploy(aws)
    templates.create(aws, "importer", importer_of(aws, "cuddlekube-task-feed-api"))
    faults = aws.faults
    faults.hang_service("order-api")
    faults.deny("dynamodb:DeleteTable")
    faults.export_in_use("bounce")
    faults.app_mesh_gone(calls="answered")
    faults.fail_resource("cuddlekube-appmesh", "MeshName", f"You are not authorized {NASTY}")
    faults.log_groups_come_back(times=2)

    played, report = tear_down(aws, tmp_path, workshop_wait_timeout=12)

    stacks = by_name(report["stacks"])
    outcomes = {name.removeprefix("cuddlekube-"): row["outcome"] for name, row in stacks.items()}
    assert played.code != 0 and report["verdict"] == "failed"
    failed = {"service-order-api": "timed_out", "task-feed-api": "refused", "dynamodb": "failed", "appmesh": "failed"}
    waiting = dict.fromkeys(("cloudmap", "ecs", "vpc", "logs"), "skipped")
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "gone"} == failed | waiting
    assert "comes after cuddlekube-service-order-api (timed_out)" in stacks["cuddlekube-ecs"]["reason"]
    reasons = {name: stacks[f"cuddlekube-{name}"]["reason"] for name in failed}
    assert "Service (AWS::ECS::Service)" in reasons["service-order-api"]
    export = "cuddlekube-task-feed-api-Definition"
    assert f"Export {export} cannot be deleted as it is in use by importer" in reasons["task-feed-api"]
    assert "dynamodb:DeleteTable" in reasons["dynamodb"]
    assert "You are not authorized" in reasons["appmesh"]
    (hung,) = [task for task in report["tasks"] if task["there"]]
    assert (hung["service"], hung["last_status"]) == ("order-api", "DEACTIVATING")
    line = f"task {hung['task_arn']} DEACTIVATING"
    assert line in played.output and "of service order-api" in played.output.split(line)[1][:60], played.output
    kinds = {row["type"].removeprefix("AWS::AppMesh::") for row in report["retained"]}
    assert kinds == {"Route", "VirtualNode", "VirtualRouter", "VirtualService"}
    named = {row["name"] for row in report["left"]}
    truth = left(aws)
    assert set(truth["log groups"]) - {"cuddlekube-FlowLogs", "cuddlekube-Microservices"} <= named
    assert {line.split()[0] for line in truth["stacks"]} <= named
    harmless(played, tmp_path / "report", "You are not authorized")

    faults.clear()
    faults.app_mesh_gone()
    aws.client("cloudformation").delete_stack(StackName="importer")
    vpc = aws.client("ssm").get_parameter(Name="/cuddlekube/VPCID")["Parameter"]["Value"]
    subnets = aws.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    foreign = network.put_foreign_interface(subnets[0]["SubnetId"], description=f"AWS Lambda VPC ENI {NASTY}")
    aws.timeline.clear()

    played, report = tear_down(aws, tmp_path, workshop_wait_timeout=12)

    faults.clear()
    stacks = by_name(report["stacks"])
    standing = ["cuddlekube-logs CREATE_COMPLETE", "cuddlekube-vpc CREATE_COMPLETE"]
    assert played.code != 0 and left(aws)["stacks"] == standing
    assert aws.timeline.select("stack", "cuddlekube-vpc") == [], "asked for while an interface was left in it"
    assert (stacks["cuddlekube-vpc"]["outcome"], stacks["cuddlekube-logs"]["outcome"]) == ("timed_out", "skipped")
    for words in (foreign, "AROAEXAMPLE:somebody-else", "AWS Lambda VPC ENI", subnets[0]["SubnetId"]):
        assert words in stacks["cuddlekube-vpc"]["reason"] and words in played.output
    harmless(played, tmp_path / "report", "AWS Lambda VPC ENI")

    network.remove_foreign_interface(foreign)
    played, report = tear_down(aws, tmp_path)

    assert played.code == 0, played.output
    assert report["verdict"] == "clean" and left(aws) == {"meshes": ["cuddle-kube"]}


def importer_of(aws: Emulator, exporter: str) -> dict[str, Any]:
    """A template that imports the first export of a stack."""
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=exporter)["Stacks"]
    name = next(output["ExportName"] for output in stack["Outputs"] if "ExportName" in output)
    template = templates.parameters("importer")
    template["Resources"]["P1"]["Properties"]["Value"] = {"Fn::ImportValue": name}
    return template


def harmless(played: Played, folder: Path, words: str) -> None:
    """The words are shown everywhere, and what came with them is obeyed nowhere."""
    assert words in played.output
    assert not {"\x9b", "\x1b", "\u202e"} & set(played.output)
    page = (folder / "teardown.html").read_text(encoding="utf-8")
    assert words in page and "<script>alert" not in page and "</pre><script" not in page
    assert not {"\x9b", "\x1b", "\u202e"} & set(page)
    junit = ElementTree.parse(folder / "teardown.xml")
    texts = [text for element in junit.iter() for text in [element.text or "", *element.attrib.values()]]
    assert words in " ".join(texts)
