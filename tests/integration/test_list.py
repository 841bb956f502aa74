# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workshops there are, by the module and by the playbook, against the emulator."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.emulator import Emulator
from tests.integration.inprocess import Inside
from tests.workshop import deploy
from tests.workshop.playbooks import ROOT, play
from tests.workshops import deployment

LIST = ROOT / "playbooks" / "list.yml"
REGIONS = "eu-central-1,us-east-1"


def test_two_workshops_and_the_plan_of_each(aws: Emulator, inside: Inside, tmp_path: Path) -> None:
    deploy(aws)
    written = deployment.deploy(aws, "ssm").manifest
    aws.calls.clear()

    shown = play(LIST, aws.environment, tmp_path, workshop_regions=REGIONS)

    assert shown.code == 0, shown.output
    assert shown.recap()["changed"] == 0
    assert all(action.split(":")[1].startswith(("Describe", "List", "Get")) for action in aws.calls.by_action)
    lines = shown.output.splitlines()
    assert "2 workshops in 1 of 2 regions" in lines, shown.output
    assert "cuddlekube in eu-central-1" in lines
    plans = [shlex.split(line.partition("plan")[2]) for line in lines if line.startswith("  plan ")]
    assert len(plans) == 2
    for command in plans:
        given = json.loads(command[command.index("-e") + 1])
        planned = inside("cloudformation_stacks_info", scope=given["workshop_scope"], region=given["workshop_region"])
        assert not planned["failed"], planned
        names = {row["name"] for row in planned["stacks"]}
        assert len(names) in (24, len(written.stacks)), names


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


def test_a_region_that_there_is_not(inside: Inside) -> None:
    found = inside("workshops_info", regions=["eu-central-7"])
    assert found["failed"] and "There is no region 'eu-central-7'" in found["msg"]
