# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed, interrupted, doubled, or lose their credentials: the next one ends clean."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.integration.started import PROC, Started
from tests.workshop import deploy, whats_left
from tests.workshop.playbooks import TEARDOWN, play

KILLS = 4
#: Calls to AWS after which a run is killed, at most: a run without faults makes about three times as many.
LATEST = 80
MESH_ONLY = {"meshes": ["cuddle-kube"]}
#: The id of an access key is none: it names the key, as a user name does.
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-0001",
    "AWS_SESSION_TOKEN": "not-a-real-token-0001",
}
needs_proc = pytest.mark.skipif(not PROC.exists(), reason="needs /proc to find all processes of a run")


def difficult_workshop(aws: Emulator) -> None:
    """A workshop whose deletion takes several rounds, and tasks that have to be stopped."""
    deploy(aws)
    aws.faults.app_mesh_gone()
    aws.faults.service_linked_role_in_use()
    aws.faults.linger()


def left(aws: Emulator) -> dict[str, list[str]]:
    """What is really left; without faults, or it could not be looked at."""
    aws.faults.clear()
    return {kind: found for kind, found in whats_left(aws).items() if found}


@pytest.mark.slow
@needs_proc
def test_killed_at_random_moments_and_interrupted(aws: Emulator, tmp_path: Path) -> None:
    """Moments are counted in calls to AWS, so that they do not depend on how busy this machine is."""
    difficult_workshop(aws)
    aws.faults.log_groups_come_back(times=1)
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    moments = [random.Random(seed + number).randint(1, LATEST) for number in range(KILLS)]

    with Started(aws, tmp_path) as run:
        assert run.until(lambda: aws.calls.by_action.get("cloudformation:DeleteStack", 0) >= 3), run.output
        run.interrupt()
        assert run.wait() != 0 and "Traceback" not in run.output, run.output

    for moment in moments:
        aws.calls.clear()
        with Started(aws, tmp_path) as run:
            run.until(lambda moment=moment: aws.calls.total >= moment)

    with Started(aws, tmp_path) as run:
        assert run.wait() == 0, (seed, run.output)
    assert left(aws) == MESH_ONLY


@pytest.mark.slow
@needs_proc
def test_two_at_once(aws: Emulator, tmp_path: Path) -> None:
    difficult_workshop(aws)
    with Started(aws, tmp_path / "one") as one, Started(aws, tmp_path / "other") as other:
        for run in (one, other):
            assert run.wait() == 0, run.output
    assert left(aws) == MESH_ONLY


@pytest.mark.slow
def test_credentials_end_in_the_middle_and_are_never_shown(aws: Emulator, tmp_path: Path) -> None:
    """Neither in what -vvv prints, nor in the report, nor in the facts that a run leaves."""
    deploy(aws, step=1)
    playbook = tmp_path / "all-facts.json"
    tasks = [{"ansible.builtin.debug": {"var": "hostvars[inventory_hostname]"}}]
    imported = {"ansible.builtin.import_playbook": str(TEARDOWN)}
    playbook.write_text(json.dumps([imported, {"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    settings = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1,
                "workshop_report_dir": tmp_path / "report"}  # fmt: skip
    aws.faults.expire_credentials(after_calls=3, of="cloudformation:DeleteStack")

    first = play(playbook, aws.environment | SECRETS, tmp_path, "-vvv", **settings)

    aws.faults.clear()
    report = json.loads((tmp_path / "report" / "teardown.json").read_text(encoding="utf-8"))
    assert first.code != 0 and report["verdict"] == "failed"
    assert "ExpiredToken" in first.output and "Renew the AWS credentials and run this again" in first.output
    begun = {name for name, status in stacks(aws).items() if status.startswith("DELETE_")}
    assert begun and "Asked for until then: " in first.output
    told = first.output.split("Asked for until then: ")[1].split(". Run this again")[0]
    assert begun <= set(told.split(", ")) and "Run this again to go on" in first.output

    second = play(playbook, aws.environment | SECRETS, tmp_path, "-vvv", **settings)

    assert second.code == 0, second.output
    assert left(aws) == {} and '"preflight_plan": {' in second.output
    texts = {"first run": first.output, "second run": second.output}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "report").iterdir()}
    for where, text in texts.items():
        assert [name for name, secret in SECRETS.items() if secret in text] == [], where


def stacks(aws: Emulator) -> dict[str, str]:
    """Every stack that was ever there, by its newest status."""
    pages = aws.client("cloudformation").get_paginator("list_stacks").paginate()
    return {stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["StackSummaries"]}
