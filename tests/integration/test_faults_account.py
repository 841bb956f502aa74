# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds a teardown: an account full of other things, protected stacks, a report that cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.integration import templates
from tests.workshop import deploy, whats_left
from tests.workshop.playbooks import TEARDOWN, Played, play

STACKS, TASKS, LOG_GROUPS = 600, 300, 1000
#: A workshop alone takes up to 280, some 20 of them for what may hold its stacks up; each look at these stacks takes
#: seven pages, at these tasks three.
CALLS = 430
EMPTY = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
FAST = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1}


def crowd(aws: Emulator) -> None:
    """Other people's stacks, tasks and log groups."""
    cloudformation, ecs, logs = (aws.client(name) for name in ("cloudformation", "ecs", "logs"))
    for number in range(STACKS):
        cloudformation.create_stack(StackName=f"other-{number:03}", TemplateBody=EMPTY)
    for number in range(LOG_GROUPS):
        logs.create_log_group(logGroupName=f"/aws/ecs/containerinsights/other{number:04}/performance")
    (service,) = ecs.describe_services(cluster="cuddlekube", services=["feed-api"])["services"]
    ecs.create_cluster(clusterName="other")
    subnets = aws.client("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    elsewhere = {"awsvpcConfiguration": {"subnets": [subnets[0]["SubnetId"]]}}
    networks = {"other": elsewhere, "cuddlekube": service["networkConfiguration"]}
    for start in range(0, TASKS, 10):
        cluster = "other" if start % 30 == 0 else "cuddlekube"
        ecs.run_task(cluster=cluster, taskDefinition=service["taskDefinition"], count=10, launchType="FARGATE",
                     networkConfiguration=networks[cluster])  # fmt: skip


@pytest.mark.slow
def test_an_account_full_of_other_things(aws: Emulator, tmp_path: Path) -> None:
    deploy(aws)
    crowd(aws)
    aws.calls.clear()

    played = play(TEARDOWN, aws.environment, tmp_path, **FAST)

    calls = aws.calls.by_action
    assert played.code == 0, played.output
    assert not any(whats_left(aws).values()), whats_left(aws)
    pages = aws.client("cloudformation").get_paginator("describe_stacks").paginate()
    assert len([stack for page in pages for stack in page["Stacks"]]) == STACKS
    groups = aws.client("logs").get_paginator("describe_log_groups").paginate()
    assert len([group for page in groups for group in page["logGroups"]]) == LOG_GROUPS
    assert len(aws.client("ecs").list_tasks(cluster="other")["taskArns"]) == 100
    # Besides a StopTask for each of the tasks in the workshop's cluster
    assert sum(calls.values()) - calls["ecs:StopTask"] <= CALLS, calls


def small_workshop(aws: Emulator) -> None:
    for name in ("dynamodb", "logs"):
        templates.create(aws, f"cuddlekube-{name}")


def test_a_protected_stack_is_refused_before_anything_is_touched_or_goes_where_allowed(
    aws: Emulator, tmp_path: Path
) -> None:
    small_workshop(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName="cuddlekube-logs", EnableTerminationProtection=True
    )
    aws.calls.clear()

    refused = play(TEARDOWN, aws.environment, tmp_path, **FAST)

    assert refused.code != 0 and "Termination protection is on for cuddlekube-logs" in refused.output
    assert "-e workshop_disable_termination_protection=true" in refused.output
    reads = ("Describe", "List", "Get")
    assert [action for action in aws.calls.by_action if not action.split(":")[1].startswith(reads)] == []
    assert templates.live(aws) == ["cuddlekube-dynamodb", "cuddlekube-logs"]

    allowed = play(TEARDOWN, aws.environment, tmp_path, workshop_disable_termination_protection=True, **FAST)

    assert allowed.code == 0 and templates.live(aws) == [], allowed.output


def test_a_report_that_cannot_be_written_stops_nothing_and_shows_in_the_exit(aws: Emulator, tmp_path: Path) -> None:
    """Not even one that could be written when the teardown began: what is in its place is a folder by then."""
    small_workshop(aws)
    folder = tmp_path / "report"
    (folder / "teardown.html").mkdir(parents=True)

    played = play(TEARDOWN, aws.environment, tmp_path, workshop_report_dir=folder, **FAST)

    assert templates.live(aws) == []
    assert played.code != 0 and "The report could not be written" in last_message(played)
    assert "with the verdict clean" in last_message(played) and '"stacks": [' not in played.output
    assert [path.name for path in folder.iterdir()] == ["teardown.html"], "half a report was left"


def last_message(played: Played) -> str:
    """The message of the task that failed last."""
    line = [line for line in played.output.splitlines() if line.startswith("fatal: ")][-1]
    return json.loads(line[line.index("{") :])["msg"]
