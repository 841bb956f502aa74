# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The survey in this process, against the emulator: with one of each kind left behind, and with everything kept."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from moto.cloudformation.utils import yaml_tag_constructor

from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from tests.emulator import Emulator
from tests.integration import others
from tests.workshop import read_manifest
from tests.workshop.deployment import wait_for_stacks
from tests.workshop.left_behind import LeftBehind, leave_behind

MANIFEST = read_manifest()
SCOPE = {
    "stacks": tuple(MANIFEST.names),
    "prefix": "cuddlekube-",
    "xray_group": "cuddle-kube",
    "xray_sampling_rules": ("cuddlekube", "cuddle-kube"),
    "ssm_path": "/cuddlekube/",
    "alarm_prefix": "cuddlekube/",
}
# What it calls in the account below, apart from the looks at other types, for which there is a unit test.
ACTIONS = [
    "cloudformation:DescribeStackResources", "cloudformation:ListStackResources", "cloudformation:ListStacks",
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeSubnets", "ecs:DescribeClusters", "ecs:DescribeTasks", "ecs:ListTaskDefinitions", "iam:GetRole",
    "logs:DescribeLogGroups", "servicediscovery:ListInstances", "servicediscovery:ListServices",
    "ssm:DescribeParameters", "tag:GetResources", "xray:GetGroups", "xray:GetSamplingRules",
    "xray:ListTagsForResource",
]  # fmt: skip


def survey(emulator: Emulator, **scope: Any) -> dict[str, Any]:
    with Looks(clients_of(emulator)) as looks:
        return Survey(looks, emulator.region).take(Scope(**scope))


@functools.cache
def clients_of(emulator: Emulator) -> Clients:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return Clients(emulator.region, emulator.endpoint_url, keys)


@pytest.fixture(scope="module")
def left(emulator: Emulator) -> dict[str, LeftBehind]:
    """One of each kind left behind, for all tests that only look."""
    emulator.reset()
    return leave_behind(emulator)


@pytest.fixture
def denying(emulator: Emulator, left: dict[str, LeftBehind]) -> Iterator[Emulator]:
    yield emulator
    emulator.faults.clear()


def test_one_of_each_kind_is_found(emulator, left):
    found = survey(emulator, **SCOPE, verify=True)
    expected = {
        (kind, left[kind].id)
        for kind in (
            "alarm",
            "cloud_map_instance",
            "log_group",
            "ssm_parameter",
            "task_definition",
            "xray_group",
            "xray_sampling_rule",
        )
    }
    expected.add(("xray_group", left["faults_group"].id))
    assert {(row["kind"], row["id"]) for row in found["leftovers"]} == expected
    assert [row["kind"] for row in found["leftovers"]] == sorted(row["kind"] for row in found["leftovers"])
    (instance,) = [row for row in found["leftovers"] if row["kind"] == "cloud_map_instance"]
    assert instance["service_id"] == left["cloud_map_instance"].parent
    failed = {row["name"]: row["status"] for row in found["stacks"]}
    assert failed == {left["stack"].name: "DELETE_FAILED", left["namespace_stack"].name: "CREATE_COMPLETE"}
    (tagged,) = found["tagged_resources"]
    assert (tagged["arn"], tagged["type"], tagged["confirmed"]) == (left["tagged"].name, "AWS::EC2::Subnet", True)
    (retained,) = found["remaining_resources"]
    assert (retained["physical_id"], retained["stack_name"]) == (left["retained"].id, left["retained"].parent)
    assert retained["present"] and retained["type"] == "AWS::IAM::Role"
    assert found["gaps"] == [] and found["other_stacks"] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_what_may_not_be_read_is_a_gap(denying, action):
    denying.faults.deny(action)
    found = survey(denying, **SCOPE, verify=True)
    assert [gap["action"] for gap in found["gaps"]] == [action]


def test_describing_stacks_may_be_denied_and_an_alias_is_no_gap(denying):
    denying.faults.deny("cloudformation:DescribeStacks")
    denying.faults.deny("iam:ListAccountAliases")
    found = survey(denying, **SCOPE)
    assert [gap["action"] for gap in found["gaps"]] == ["cloudformation:DescribeStacks"]
    assert found["stacks"] == [] and found["caller"]["account_alias"] is None


def test_these_are_the_actions(emulator, left):
    emulator.calls.clear()
    found = survey(emulator, **SCOPE, verify=True)
    assert sorted({*emulator.calls.by_action} - {"sts:GetCallerIdentity", "iam:ListAccountAliases"}) == ACTIONS
    assert found["caller"]["account_alias"] is None and emulator.calls.total < 60


def keeping(body: str) -> str:
    """A template of the workshop whose resources are all kept when their stack goes."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("", yaml_tag_constructor)
    template = yaml.load(body, loader)
    for resource in template["Resources"].values():
        resource["DeletionPolicy"] = "Retain"
    return json.dumps(template)


@pytest.fixture
def kept(aws: Emulator) -> Emulator:
    """An account in which a whole workshop was deployed and its stacks deleted, which kept everything."""
    client = aws.client("cloudformation")
    for wave in MANIFEST.waves:
        for stack in wave:
            parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()]
            client.create_stack(
                StackName=stack.name, TemplateBody=keeping(stack.body), Parameters=parameters,
                Capabilities=["CAPABILITY_IAM"],
            )  # fmt: skip
        wait_for_stacks(client, [stack.name for stack in wave])
    for name in MANIFEST.names:
        client.delete_stack(StackName=name)
    aws.wait_until(lambda: not client.describe_stacks()["Stacks"])
    return aws


def test_every_type_of_the_workshop_is_looked_up(kept):
    found = survey(kept, stacks=tuple(MANIFEST.names), verify=True)
    rows = [*found["remaining_resources"], *found["not_looked_up"]]
    assert found["tagged_resources"] == [] == found["gaps"]
    templates = "".join(stack.body for stack in MANIFEST.stacks)
    # The emulator calls an association by its route table.
    known = set(re.findall(r"Type: (AWS::\w+::\w+)", templates)) - {"AWS::EC2::SubnetRouteTableAssociation"}
    assert {row["type"] for row in rows} == known
    assert {row["type"] for row in rows if not row.get("present")} == {
        "AWS::EC2::Route", "AWS::EC2::VPCGatewayAttachment", "AWS::IAM::Policy"
    }  # fmt: skip

    # Of what was kept, nothing is taken for forgotten.
    known = tuple(found["inventory"])
    again = survey(kept, stacks=tuple(MANIFEST.names), verify=True, inventory=known)
    assert again["tagged_resources"] == [] and again["remaining_resources"] == found["remaining_resources"]

    # App Mesh out of reach: what is in it can not be looked up, and that is no gap.
    kept.faults.app_mesh_gone()
    ended = survey(kept, stacks=tuple(MANIFEST.names), verify=True)
    mesh = [row["type"] for row in ended["not_looked_up"] if row["type"].startswith("AWS::AppMesh::")]
    assert len(mesh) == 30 and ended["gaps"] == []


def test_nothing_is_proven_at_once(aws: Emulator) -> None:
    """Without a second call: the tagged subnet below is found by its tag alone."""
    assert survey(aws, **SCOPE, verify_if_nothing=True)["verified"]

    subnet = leave_behind(aws)["tagged"]
    found = survey(aws, stacks=("cuddlekube-vpc",), verify_if_nothing=True)
    assert found["verified"] and [row["arn"] for row in found["tagged_resources"]] == [subnet.name]


def test_something_is_no_proof_of_anything(aws: Emulator) -> None:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "cuddlekube-FlowLogs"}}
    others.delete(aws, others.stack(aws, "cuddlekube-logs", {"Group": group}))
    aws.client("logs").create_log_group(logGroupName="cuddlekube-FlowLogs")
    found = survey(aws, **SCOPE, verify_if_nothing=True, kinds=("log_group", "xray_group"))
    assert not found["verified"] and [row["kind"] for row in found["leftovers"]] == ["log_group"]
    assert "ssm:DescribeParameters" not in aws.calls.by_action

    aws.reset()
    aws.faults.deny("xray:GetGroups")
    assert not survey(aws, **SCOPE, verify_if_nothing=True)["verified"]
