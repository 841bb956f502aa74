# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole teardown, by the playbook, against the emulator: what it has to reach and what it must not touch."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import tiny
from tests.workshop import deploy, whats_left
from tests.workshop.manifest import read_manifest
from tests.workshop.original import deploy_original
from tests.workshop.playbooks import TEARDOWN, Played, play

NEIGHBOURS = ("cuddlekube2-vpc", "cuddlekube-notes", "notes-cuddlekube-vpc")
NOTHING_BUT_A_PARAMETER = """
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Name: !Sub "/notes/${AWS::StackName}", Type: String, Value: keep}
"""


def _tear_down(emulator: Emulator, scratch: Path, *arguments: str, **more: Any) -> Played:
    settings = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1} | more
    return play(TEARDOWN, emulator.environment, scratch, *arguments, **settings)


def _nothing_left(emulator: Emulator, name: str = "cuddlekube", region: str | None = None) -> bool:
    return not any(whats_left(emulator, name, region).values())


def _live_stacks(emulator: Emulator) -> dict[str, str]:
    pages = emulator.client("cloudformation").get_paginator("describe_stacks").paginate()
    return {stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]}


def _add_stacks(emulator: Emulator, *names: str) -> None:
    for name in names:
        emulator.client("cloudformation").create_stack(StackName=name, TemplateBody=NOTHING_BUT_A_PARAMETER)


def _writes(emulator: Emulator) -> list[str]:
    """The actions so far that could have changed something."""
    reads = ("Describe", "List", "Get", "BatchGet", "Discover")
    return sorted(action for action in emulator.calls.by_action if not action.split(":")[1].startswith(reads))


@pytest.mark.slow
def test_the_whole_workshop_from_plan_to_second_run(aws: Emulator, tmp_path: Path) -> None:
    workshop = deploy(aws)
    _add_stacks(aws, *NEIGHBOURS)
    before = _live_stacks(aws)
    aws.calls.clear()

    plan = _tear_down(aws, tmp_path, "--check")
    assert plan.code == 0, plan.output
    assert _writes(aws) == []
    assert _live_stacks(aws) == before
    assert [name for name in workshop.stacks if name not in plan.output] == []
    assert [name for name in NEIGHBOURS if f"- {name}" in plan.output] == []
    positions = [plan.output.index(f"cuddlekube-{name}") for name in ("service-feed-api", "alb", "vpc", "logs")]
    assert positions == sorted(positions), "the plan is not in the order of the phases"

    first = _tear_down(aws, tmp_path)
    assert first.code == 0, first.output
    assert first.recap()["changed"] > 0
    assert _nothing_left(aws), whats_left(aws)
    assert set(_live_stacks(aws)) == set(NEIGHBOURS)

    aws.calls.clear()
    second = _tear_down(aws, tmp_path)
    assert second.code == 0, second.output
    assert second.recap()["changed"] == 0
    assert _writes(aws) == []


@pytest.mark.smoke
def test_an_empty_account(aws: Emulator, tmp_path: Path) -> None:
    """Where the workshop was never seen, its name or the region may be wrong."""
    plan = _tear_down(aws, tmp_path, "--check")
    assert plan.code == 0 and "never seen in this account and region (123456789012," in plan.output
    unseen = _tear_down(aws, tmp_path)
    assert unseen.code != 0 and "cuddlekube was never seen" in unseen.output, unseen.output
    assert "Nothing was touched." in unseen.failures
    # Of other collections: amazon.aws 10 imports what ansible-core 2.20 calls deprecated.
    others = ("'ansible.module_utils._text' is deprecated", "Deprecation warnings can be disabled")
    notes = [line for line in (plan.output + unseen.output).splitlines() if "WARNING]" in line]
    assert [line for line in notes if not any(words in line for words in others)] == []

    played = _tear_down(aws, tmp_path, workshop_may_be_absent=True)
    assert played.code == 0, played.output
    assert played.recap()["changed"] == 0
    assert _writes(aws) == []


@pytest.mark.slow
def test_a_group_that_fails_stops_only_what_depends_on_it(aws: Emulator, tmp_path: Path) -> None:
    deploy(aws)
    aws.faults.fail_resource("cuddlekube-alb", "LoadBalancer", "The load balancer is on strike")

    played = _tear_down(aws, tmp_path)

    assert played.code != 0
    assert "on strike" in played.output
    assert _live_stacks(aws) == {
        "cuddlekube-alb": "DELETE_FAILED",
        "cuddlekube-vpc": "CREATE_COMPLETE",
        "cuddlekube-logs": "CREATE_COMPLETE",
    }
    end = played.output[-3000:]
    assert [name for name in _live_stacks(aws) if name not in end] == []

    aws.faults.clear()
    again = _tear_down(aws, tmp_path)
    assert again.code == 0, again.output
    assert _nothing_left(aws), whats_left(aws)


@pytest.mark.slow
def test_what_may_be_left_behind_is_listed_and_what_comes_back_goes(aws: Emulator, tmp_path: Path) -> None:
    """App Mesh is discontinued, another cluster uses the service-linked role, and log groups are put back once."""
    deploy(aws)
    aws.faults.app_mesh_gone()
    aws.faults.service_linked_role_in_use()
    aws.faults.log_groups_come_back(times=1)

    played = _tear_down(aws, tmp_path, workshop_report_dir=tmp_path)

    assert played.code == 0, played.output
    aws.faults.clear()  # App Mesh does not answer any more while it is discontinued
    assert {kind: found for kind, found in whats_left(aws).items() if found} == {"meshes": ["cuddle-kube"]}
    report = json.loads((tmp_path / "teardown.json").read_text(encoding="utf-8"))
    assert report["verdict"] == "clean"
    assert Counter(row["type"] for row in report["retained"]) == {
        "AWS::AppMesh::Mesh": 1,
        "AWS::AppMesh::Route": 7,
        "AWS::AppMesh::VirtualNode": 8,
        "AWS::AppMesh::VirtualRouter": 7,
        "AWS::AppMesh::VirtualService": 7,
        "AWS::IAM::ServiceLinkedRole": 1,
    }


@pytest.mark.slow
def test_several_workshops_that_stopped_early_and_whose_tasks_linger(aws: Emulator, tmp_path: Path) -> None:
    """Of one inventory, each after another step."""
    deploy(aws, step=1)
    deploy(aws, step=2, name="blue")
    deploy(aws, step=3, name="blue", region="us-east-1")
    deploy(aws, step=1, name="green")
    aws.faults.linger()
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(
        """
workshops:
  hosts:
    here: {workshop_name: cuddlekube, workshop_confirm: cuddlekube}
    blue: {workshop_name: blue, workshop_confirm: blue}
    blue_abroad: {workshop_name: blue, workshop_confirm: blue, workshop_region: us-east-1}
""",
        encoding="utf-8",
    )

    played = play(
        TEARDOWN,
        aws.environment,
        tmp_path,
        "-i",
        str(inventory),
        workshop_hosts="workshops",
        workshop_poll_interval=0.2,
        leftovers_settle=1,
    )

    assert played.code == 0, played.output
    for name, region in (("cuddlekube", None), ("blue", None), ("blue", "us-east-1")):
        left = whats_left(aws, name, region)
        del left["network interfaces"]  # those of green
        assert not any(left.values()), (name, region, left)
    assert set(_live_stacks(aws)) == set(read_manifest("green", step=1).names)
    assert len(whats_left(aws, "green")["tasks"]) == 7


@pytest.mark.slow
def test_a_second_teardown_in_one_run_knows_nothing_of_what_failed_in_the_first(aws: Emulator, tmp_path: Path) -> None:
    """The first one's wait runs out; the second one ends what it began. Ansible goes on for the sake of another
    host."""
    tiny.make(aws)
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(
        "all: {hosts: {here: {}, "
        "blue: {workshop_name: blue, workshop_confirm: blue, workshop_may_be_absent: true}}, "
        "vars: {workshop_confirm: cuddlekube}}\n",
        encoding="utf-8",
    )
    (tmp_path / "twice.yml").write_text(
        f"""
- ansible.builtin.import_playbook: {TEARDOWN}
  vars: {{workshop_hosts: all, workshop_wait_timeout: 1, workshop_report_dir: {tmp_path}/first}}
- hosts: all
  gather_facts: false
  tasks: [{{ansible.builtin.meta: clear_host_errors}}]
- ansible.builtin.import_playbook: {TEARDOWN}
  vars: {{workshop_hosts: all, workshop_report_dir: {tmp_path}/second}}
""",
        encoding="utf-8",
    )

    played = play(
        tmp_path / "twice.yml", aws.environment, tmp_path, "-i", str(inventory),
        workshop_poll_interval=0.2, leftovers_settle=1,
    )  # fmt: skip

    first, second = (
        json.loads((tmp_path / run / "here" / "teardown.json").read_text("utf-8")) for run in ("first", "second")
    )
    assert (first["verdict"], second["verdict"]) == ("failed", "clean"), played.output
    assert "Not gone after 1 s" in json.dumps(first) and "Not gone" not in json.dumps(second)
    assert second["failed_steps"] == []
    assert _nothing_left(aws)


@pytest.mark.slow
@pytest.mark.skipif("WORKSHOP_SOURCE" not in os.environ, reason="WORKSHOP_SOURCE names no clone of the workshop")
def test_the_original_templates(aws: Emulator, tmp_path: Path) -> None:
    workshop = deploy_original(aws, Path(os.environ["WORKSHOP_SOURCE"]))
    assert sorted(workshop.stacks) == sorted(read_manifest().names)
    assert workshop.xray_group in whats_left(aws)["X-Ray groups"]

    played = _tear_down(aws, tmp_path)

    assert played.code == 0, played.output
    assert _nothing_left(aws), whats_left(aws)
