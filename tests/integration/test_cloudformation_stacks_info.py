# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cloudformation_stacks_info against the emulator."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import build_plan
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table
from tests.integration import templates
from tests.judges.venv import CHECKOUT
from tests.workshop.deployment import deploy
from tests.workshops import deployment, manifest

TABLE = CHECKOUT / "playbooks/vars/groups.yml"
SCREEN_AND_A_HALF = 66  # lines, of a terminal of 44
SCOPE = {"prefix": "cuddlekube-"}


def written_order() -> dict[str, list[str]]:
    """What each stack of the nine groups comes after, as playbooks and roles have it."""
    loader = DataLoader()
    # Since 2.19, ansible-core renders only what is said to be safe to render.
    options = {"trusted_as_template"} & inspect.signature(loader.load_from_file).parameters.keys()
    variables: dict[str, Any] = {}
    for path in [*CHECKOUT.glob("roles/*/defaults/main.yml"), *CHECKOUT.glob("roles/*/vars/main.yml"), TABLE]:
        variables.update(loader.load_from_file(str(path), **dict.fromkeys(options, True)) or {})
    groups = Templar(loader, variables=variables).template(variables["workshop_groups"])
    return {row["name"]: row["after"] for row in stacks_of(groups)}


def reached(after: dict[str, list[str]]) -> set[tuple[str, str]]:
    """All pairs of stacks of which one goes before the other."""

    def before(names: Iterable[str]) -> set[str]:
        return {name for other in names for name in (other, *before(after[other]))}

    return {(name, other) for name, others in after.items() for other in before(others)}


def test_the_order_of_cuddle_kube_is_the_one_that_is_written(aws, inside):
    deploy(aws)
    calls = sum(aws.calls.by_action.values())
    found = inside("cloudformation_stacks_info", scope=SCOPE)
    assert not found["failed"], found["msg"]
    assert sum(aws.calls.by_action.values()) - calls <= 2 * 24 + 10
    written = written_order()
    assert reached({row["name"]: row["after"] for row in found["stacks"]}) == reached(written)
    assert len(written) == 24 and len(found["levels"]) == 4
    assert found["gaps"] == found["doubts"] == found["outsiders"] == found["strays"] == found["left_out"] == []
    assert all(edge["certain"] for edge in found["edges"])
    survey = inside("workshop_info", stacks=list(written), prefix="cuddlekube-", blockers=True)
    plan = build_plan(survey, table(found["groups"]), workshop="cuddlekube", order=found)
    assert len(plan_lines(plan, width=79, now=datetime.now(timezone.utc))) <= SCREEN_AND_A_HALF
    rows = {row["name"]: row for row in found["stacks"]}
    assert rows["cuddlekube-vpc"]["only_when"] == ["network_interfaces_gone"]
    assert rows["cuddlekube-ecs"]["only_when"] == ["members_gone", "tasks_stopped"]
    assert rows["cuddlekube-cloudmap"]["only_when"] == ["members_gone"]
    assert rows["cuddlekube-service-list-api"]["stop_tasks"] and not rows["cuddlekube-dynamodb"]["stop_tasks"]


@pytest.mark.parametrize("name", manifest.NAMES)
def test_the_order_of_a_stand_in_workshop_is_found(aws, inside, name):
    """Whatever order its stacks were made in; with its levels, which are the least that there can be."""
    written = manifest.read_manifest(name)
    made = manifest.creation_order(written, seed=len(name))
    deployment.deploy(aws, name, made)
    calls = sum(aws.calls.by_action.values())
    found = inside("cloudformation_stacks_info", scope=written.scope)
    assert not found["failed"], found["msg"]
    nested = aws.calls.by_action["cloudformation:GetTemplate"] - len(made)
    assert sum(aws.calls.by_action.values()) - calls <= 2 * (len(made) + nested) + 10
    assert [sorted(level) for level in found["levels"]] == [sorted(level) for level in written.levels]
    edges = {manifest.Edge(edge["stack"], edge["after"], edge["signal"]) for edge in found["edges"]}
    assert set(written.edges) <= edges
    assert {(edge.stack, edge.after) for edge in edges} == {(edge.stack, edge.after) for edge in written.edges}
    dropped = {manifest.Edge(edge["stack"], edge["after"], edge["signal"]) for edge in found["dropped"]}
    assert set(written.not_needed) <= dropped
    assert found["gaps"] == found["doubts"] == found["outsiders"] == []


BY_HAND = """
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Join [" ", [Of, !Ref AWS::StackName]]
      VpcId: %s
"""


def test_what_it_finds_is_deleted_as_it_is(aws, inside):
    templates.create(aws, "shop-a-net", templates.network())
    client = aws.client("cloudformation")
    vpc = client.describe_stack_resource(StackName="shop-a-net", LogicalResourceId="Vpc")["StackResourceDetail"]
    client.create_stack(StackName="shop-b-api", TemplateBody=BY_HAND % vpc["PhysicalResourceId"])
    scope = {"names": ["shop-a-net", "shop-b-api", "shop-a-net"]}
    found = inside("cloudformation_stacks_info", scope=scope)
    assert not found["failed"], found["msg"]
    assert found["levels"] == [["shop-b-api"], ["shop-a-net"]]
    assert found["doubts"] == ["scope.names has shop-a-net more than once."]
    gone = inside("cloudformation_stacks", stacks=found["stacks"], poll_interval=0.1)
    assert not gone["failed"], gone["msg"]
    assert [row["outcome"] for row in gone["stacks"]] == ["gone", "gone"]
    again = inside("cloudformation_stacks_info", scope=scope)
    assert (again["stacks"], again["seen"]) == ([], True)


def test_what_is_refused(aws, inside):
    found = inside("cloudformation_stacks_info", scope={"prefix": "sh"})
    assert found["failed"] and "far too much" in found["msg"]
    found = inside("cloudformation_stacks_info", scope={"prefix": "shop-"}, account_id="210987654321")
    assert found["failed"] and "account_id is 210987654321" in found["msg"]
    templates.create(aws, "shop-a")
    order = [{"stack": "shop-b", "after": ["shop-a"]}]
    found = inside("cloudformation_stacks_info", scope={"prefix": "shop-"}, order=order)
    assert found["failed"] and "order names shop-b" in found["msg"]
    found = inside("cloudformation_stacks_info", scope={"prefix": "shop-", "except": ["shop-aa"]})
    assert found["failed"] and "Did you mean shop-a?" in found["msg"]


def test_what_may_be_wrong_is_a_doubt(aws, inside):
    templates.create(aws, "shop-a")
    aws.faults.deny("cloudformation:GetTemplate")
    found = inside("cloudformation_stacks_info", scope={"prefix": "shop-", "except": ["bank"]})
    assert not found["failed"] and found["doubts"] == found["warnings"]
    assert found["doubts"][0] == "scope.except names bank, which is no stack."
    assert found["doubts"][1].startswith("What shop-a comes after is not all known. cloudformation:GetTemplate: ")


def test_a_profile_holds_over_keys_of_the_environment(aws, inside, monkeypatch, tmp_path):
    templates.create(aws, "shop-a")
    credentials = tmp_path / "credentials"
    credentials.write_text("[ws]\naws_access_key_id = a\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    found = inside("cloudformation_stacks_info", scope={"prefix": "shop-"}, profile="ws")
    assert not found["failed"], found["msg"]
