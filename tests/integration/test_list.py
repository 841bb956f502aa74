# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workshops there are, by the module and by the playbook, against the emulator."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.docs import policies
from tests.emulator import Emulator
from tests.integration.inprocess import Inside
from tests.workshop import deploy
from tests.workshop.playbooks import ROOT, play
from tests.workshops import NAMES, deployment, read_manifest

LIST = ROOT / "playbooks" / "list.yml"
REGIONS = "eu-central-1,us-east-1"


def test_two_workshops_and_the_plan_of_each(aws: Emulator, inside: Inside, tmp_path: Path) -> None:
    deploy(aws)
    written = deployment.deploy(aws, "ssm").manifest
    aws.calls.clear()

    asked = {"workshop_account_id": "123456789012", "workshop_endpoint_url": aws.environment["AWS_ENDPOINT_URL"]}
    shown = play(LIST, aws.environment, tmp_path, "-e", json.dumps(asked), workshop_regions=REGIONS)

    assert shown.code == 0, shown.output
    assert shown.recap()["changed"] == 0
    assert all(action.split(":")[1].startswith(("Describe", "List", "Get")) for action in aws.calls.by_action)
    lines = shown.output.splitlines()
    assert "2 workshops in 1 of 2 regions" in lines, shown.output
    assert "cuddlekube in eu-central-1" in lines
    plans = [shlex.split(line.partition("plan")[2]) for line in lines if line.startswith("  plan ")]
    assert len(plans) == 2
    for command in plans:
        assert command[0] == "ansible-playbook" and command[1].endswith("playbooks/teardown.yml")
        given = json.loads(command[command.index("-e") + 1])
        assert {name: given.get(name) for name in asked} == asked
        planned = inside("cloudformation_stacks_info", scope=given["workshop_scope"], region=given["workshop_region"])
        assert not planned["failed"], planned
        names = {row["name"] for row in planned["stacks"]}
        assert len(names) in (24, len(written.stacks)), names


#: Stacks of others: called alike, called as AWS calls its own, made by the CDK to deploy with, and used by nobody.
STRANGERS = {
    "core-billing": {},
    "billing-alarm": {},
    "shop-devices": {},
    "theatre2": {},
    "aws-cloud9-notes-0123456789abcdef": {},
    "our-bootstrap": {"Name": "/cdk-bootstrap/ours/version", "Type": "String", "Value": "21"},
}
BY = {"cdk": "prefix", "copied": "prefix", "nested": "prefix", "pipeline": "edges", "ssm": "prefix", "tenants": "tag"}


def stranger(aws: Emulator, name: str, parameter: dict[str, str], **tags: str) -> None:
    given = parameter or {"Name": f"/notes/{name}", "Type": "String", "Value": "none of theirs"}
    template = {"Resources": {"Only": {"Type": "AWS::SSM::Parameter", "Properties": given}}}
    marked = [{"Key": key, "Value": value} for key, value in tags.items()]
    aws.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template), Tags=marked)


def test_six_workshops_and_strangers_side_by_side(aws: Emulator, inside: Inside) -> None:
    """Each is one, with just its stacks, and the scope of each takes in no other."""
    for name, parameter in STRANGERS.items():
        stranger(aws, name, parameter)
    for name in NAMES:
        deployment.deploy(aws, name)
    parts = sum(1 for _stack in aws.client("cloudformation").describe_stacks()["Stacks"])
    aws.calls.clear()

    found = inside("workshops_info", account_id="123456789012")

    calls = dict(aws.calls.by_action)
    assert found["gaps"] == []
    assert calls.keys() == policies.actions("list-policy.json")
    assert calls["cloudformation:DescribeStacks"] == len(found["regions"])
    assert calls["cloudformation:ListStackResources"] == calls["cloudformation:GetTemplate"] <= parts
    rows = {frozenset(row["stacks"]): row for row in found["workshops"]}
    for name in NAMES:
        row = rows.pop(frozenset(read_manifest(name).names) - {"CDKToolkit"})
        assert row["by"] == BY[name], row
        planned = inside("cloudformation_stacks_info", scope=row["scope"])
        assert [stack["name"] for stack in planned["stacks"]] == row["stacks"], name
    left_out = {row["stack"] for row in found["left_out"]}
    assert left_out == {"CDKToolkit", "aws-cloud9-notes-0123456789abcdef", "our-bootstrap"}
    assert {row["by"] for row in rows.values()} == {"alone"}
    assert {name for names in rows for name in names} == STRANGERS.keys() - left_out
    joined = {item["stack"]: item["because"] for row in found["workshops"] for item in row["joined"]}
    assert "core-network" in joined and "imports" in joined["core-network"]
    pipeline = next(row for row in found["workshops"] if row["name"] == "AutoScalingStack")
    assert pipeline["runs"] == {"instances": 1, "instance_groups": 1}
    copied = next(row for row in found["workshops"] if row["name"] == "walkthrough")
    assert copied["runs"] == {"tasks": 1, "ecs_services": 1, "load_balancers": 1}


def test_all_that_are_enabled_are_looked_at_or_the_one_that_is_given(aws: Emulator, inside: Inside) -> None:
    deploy(aws, step=1)

    everywhere = inside("workshops_info", check=True)

    assert not everywhere["failed"] and not everywhere["changed"] and everywhere["gaps"] == []
    assert len(everywhere["regions"]) > 10 and "eu-central-1" in everywhere["regions"]
    (row,) = everywhere["workshops"]
    assert (row["name"], row["region"], row["scope"]) == ("cuddlekube", "eu-central-1", {"prefix": "cuddlekube-"})
    assert len(row["stacks"]) == 19 and row["runs"]["load_balancers"] == 1 and row["not_counted"] == []

    aws.faults.deny("ec2:DescribeRegions")
    here = inside("workshops_info")
    aws.faults.clear()

    assert here["regions"] == ["eu-central-1"] and here["workshops"] == [row]
    assert [(gap["action"], gap["region"], gap["denied"]) for gap in here["gaps"]] == [
        ("ec2:DescribeRegions", "eu-central-1", True)
    ]


def test_tags_of_our_own_and_regions_in_the_order_that_is_given(aws: Emulator, inside: Inside) -> None:
    for name, course in (("alpha", "autumn"), ("beta", "autumn"), ("gamma", "spring")):
        stranger(aws, name, {}, Course=course, project=name)
    regions = ["us-east-1", "eu-central-1"]

    found = inside("workshops_info", regions=[*regions, "us-east-1"], tag_keys=["cOURSE", "project"])

    assert found["regions"] == regions
    rows = [(row["by"], row["scope"], row["stacks"]) for row in found["workshops"]]
    assert rows == [
        ("tag", {"tags": {"Course": "autumn"}}, ["alpha", "beta"]),
        ("tag", {"tags": {"Course": "spring"}}, ["gamma"]),
    ]
    by_project = inside("workshops_info", regions=regions)["workshops"]
    assert [row["stacks"] for row in by_project] == [["alpha"], ["beta"], ["gamma"]]


def test_another_account_is_refused_before_any_stack_is_looked_at(aws: Emulator, inside: Inside) -> None:
    for account, words in (("210987654321", "210987654321"), ("12", "12 digits")):
        aws.calls.clear()
        found = inside("workshops_info", account_id=account)
        assert found["failed"] and words in found["msg"], found["msg"]
        assert set(aws.calls.by_action) <= {"sts:GetCallerIdentity"}


def test_a_region_that_there_is_not(inside: Inside) -> None:
    found = inside("workshops_info", regions=["eu-central-7"])
    assert found["failed"] and "There is no region 'eu-central-7'" in found["msg"]
