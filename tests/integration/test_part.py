# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only a part of a workshop: what is kept is told before, never touched, and no part of the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import templates
from tests.workshop import deploy
from tests.workshop.playbooks import ROOT, TEARDOWN, VERIFY, Played, play

STATUS = ROOT / "playbooks" / "status.yml"
INSIGHTS = "/aws/ecs/containerinsights/cuddlekube/performance"
SETTINGS = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1}


def run(aws: Emulator, scratch: Path, playbook: Path, *arguments: str, **more: Any) -> Played:
    return play(playbook, aws.environment, scratch, *arguments, **SETTINGS, **more)


def live(aws: Emulator) -> set[str]:
    pages = aws.client("cloudformation").get_paginator("describe_stacks").paginate()
    return {stack["StackName"].removeprefix("cuddlekube-") for page in pages for stack in page["Stacks"]}


def log_groups(aws: Emulator) -> set[str]:
    return {group["logGroupName"] for group in aws.client("logs").describe_log_groups()["logGroups"]}


def xray_groups(aws: Emulator) -> set[str]:
    return {group["GroupName"] for group in aws.client("xray").get_groups()["Groups"]}


@pytest.mark.slow
def test_a_workshop_in_parts(aws: Emulator, tmp_path: Path) -> None:
    deploy(aws)
    kept = {"vpc", "logs", "ecs"}
    before = log_groups(aws)
    assert INSIGHTS in before and "cuddle-kube" in xray_groups(aws)

    first = run(aws, tmp_path, TEARDOWN, workshop_keep="vpc,ecs_cluster")

    assert first.code == 0, first.output
    assert live(aws) == kept
    assert log_groups(aws) == before and "cuddle-kube" in xray_groups(aws)
    plan = first.output[: first.output.index("deleting")]
    assert "Teardown of a part of cuddlekube" in plan
    assert "2 stacks, cuddlekube-ecs, cuddlekube-vpc: workshop_keep names it" in plan
    assert "stack cuddlekube-logs: cuddlekube-vpc stands on it, which is kept" in plan
    told = "A part of the workshop: kept: cuddlekube-ecs, cuddlekube-vpc, cuddlekube-logs."
    assert f"CLEAN (account 123456789012, {aws.region}): Nothing of this part of cuddlekube" in first.output
    assert told in first.output
    assert "\nworkshop.lifecycle: cuddlekube clean: a part of the workshop: 21 stacks gone" in first.output

    status = run(aws, tmp_path, STATUS, workshop_keep="vpc,ecs_cluster")
    assert "Status of a part of cuddlekube" in status.output and "none of 21 stacks" in status.output

    second = run(aws, tmp_path, TEARDOWN, workshop_only="ecs_cluster")

    assert second.code == 0, second.output
    assert live(aws) == {"vpc", "logs"} and "cuddle-kube" in xray_groups(aws)
    assert INSIGHTS not in log_groups(aws)
    verified = run(aws, tmp_path, VERIFY, workshop_only="ecs_cluster")
    assert verified.code == 0 and "kept: cuddlekube-vpc, cuddlekube-logs." in verified.output, verified.output


def test_what_can_not_go_alone_is_refused_before_anything_is_touched(aws: Emulator, tmp_path: Path) -> None:
    for name in ("alb", "vpc", "dynamodb"):
        templates.create(aws, f"cuddlekube-{name}")
    aws.calls.clear()

    held = run(aws, tmp_path, TEARDOWN, workshop_only="vpc")
    typed = run(aws, tmp_path, TEARDOWN, workshop_keep="vcp")

    assert held.code != 0 and typed.code != 0
    said = "What workshop_only does not name would hold cuddlekube-vpc, which comes after cuddlekube-alb."
    assert f"\nworkshop.lifecycle: cuddlekube refused: {said} Name as well: alb. Nothing was touched.\n" in held.output
    assert said in held.failures
    assert "workshop_keep names vcp, which is no group and no stack of the workshop. Did you mean vpc" in typed.failures
    assert live(aws) == {"alb", "vpc", "dynamodb"}
    assert "cloudformation:DeleteStack" not in aws.calls.by_action
