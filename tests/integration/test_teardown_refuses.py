# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input for the teardown: one clear message, nothing touched, exit code not 0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration.test_teardown_tells import installed
from tests.workshop.playbooks import TEARDOWN, VERIFY, Played, play

NOWHERE = "http://127.0.0.1:9"
STACKS = ("cuddlekube-dynamodb", "cuddlekube-logs")
TEMPLATE = """
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Name: !Sub "/notes/${AWS::StackName}", Type: String, Value: keep}
"""


#: A host each: what its user sets, and words of the message.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unconfirmed": ({}, "workshop_confirm=cuddlekube"),
    "region": ({"workshop_confirm": "cuddlekube", "workshop_region": "mars-north-1"}, "mars-north-1"),
    "endpoint": ({"workshop_confirm": "cuddlekube", "workshop_endpoint_url": NOWHERE}, NOWHERE),
    "account": ({"workshop_confirm": "cuddlekube", "workshop_account_id": "999999999999"}, "999999999999"),
}


@pytest.fixture(scope="module")
def account(emulator: Emulator) -> Emulator:
    """An account with two stacks of the workshop, which every test here has to leave as they are."""
    for name in STACKS:
        emulator.client("cloudformation").create_stack(StackName=name, TemplateBody=TEMPLATE)
    return emulator


@pytest.fixture
def untouched(account: Emulator) -> Iterator[Emulator]:
    """The account; afterwards, that nothing was asked of it but to be read."""
    account.calls.clear()
    yield account
    reads = ("Describe", "List", "Get", "BatchGet")
    assert [a for a in account.calls.by_action if not a.split(":")[1].startswith(reads)] == []
    stacks = account.client("cloudformation").describe_stacks()["Stacks"]
    assert sorted((s["StackName"], s["StackStatus"]) for s in stacks) == [(n, "CREATE_COMPLETE") for n in STACKS]


def _refused(played: Played, *words: str) -> None:
    assert played.code != 0, played.output
    assert [word for word in words if word.lower() not in played.output.lower()] == [], played.output
    assert "Traceback" not in played.output, played.output
    assert played.recap().get("failed", 0) + played.recap().get("unreachable", 0) <= 1, played.output
    assert played.output.count("fatal: ") <= 1, played.output


def test_each_host_of_an_inventory_is_told_what_is_wrong_with_it(untouched: Emulator, tmp_path: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {host: variables for host, (variables, _words) in WRONG.items()}
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")

    played = play(TEARDOWN, untouched.environment, tmp_path, "-i", str(inventory), workshop_hosts="all")

    assert played.code != 0 and "Traceback" not in played.output, played.output
    for host, (_variables, words) in WRONG.items():
        (said,) = re.findall(rf"^fatal: \[{host}\]: .*$", played.output, re.MULTILINE)
        assert words in said and played.recap(host)["failed"] == 1, (host, played.output)


def test_no_region(untouched: Emulator, tmp_path: Path) -> None:
    without = {key: value for key, value in untouched.environment.items() if "REGION" not in key}
    _refused(play(TEARDOWN, without, tmp_path, workshop_confirm="cuddlekube"), "region")


def test_no_credentials(untouched: Emulator, tmp_path: Path) -> None:
    kept = ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED")
    without = {key: value for key, value in untouched.environment.items() if key in kept}
    without |= {"AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    _refused(play(TEARDOWN, without, tmp_path, workshop_confirm="cuddlekube"), "credentials")


def test_what_may_not_be_looked_at_is_not_taken_for_nothing(untouched: Emulator, tmp_path: Path) -> None:
    """Without a view of the stacks nobody knows what a confirmation would cover, so it is asked for."""
    untouched.faults.deny("cloudformation:DescribeStacks")
    played = play(TEARDOWN, untouched.environment, tmp_path)
    untouched.faults.clear()
    gap = "NOT ALLOWED TO LOOK AT: stacks (cloudformation:DescribeStacks)"
    _refused(played, "Not confirmed, so nothing was touched", gap)


def test_what_would_pass_the_workshop_by_is_refused(untouched: Emulator, tmp_path: Path) -> None:
    """Ansible itself would end with 0. The settings of a larger project change nothing of what the plays need."""
    inventory = tmp_path / "inventory.ini"
    blue = "blue ansible_become=true ansible_connection=ssh"
    inventory.write_text(f"[web]\nweb1\n[workshops]\n{blue}\n", encoding="utf-8")
    settings = untouched.environment | {
        "ANSIBLE_STRATEGY": "free", "ANSIBLE_BECOME": "true", "ANSIBLE_TASK_TIMEOUT": "1",
    }  # fmt: skip
    hosts = ("-i", str(inventory), "-e", "workshop_hosts=workshops")
    for playbook, arguments, words in (
        (TEARDOWN, ["-e", "workshop_hosts=typo"], "No host of the inventory matches typo"),
        (VERIFY, [*hosts, "--limit", "web"], "--limit leaves no host of workshops"),
        ("workshop.lifecycle.teardown", ["--skip-tags", "vpc"], "--skip-tags would leave out a part"),
        (TEARDOWN, ["--start-at-task", "Carry it out"], "--start-at-task would leave out a part"),
        (TEARDOWN, [*hosts, "--limit", "blue"], "Not confirmed, so nothing was touched"),
    ):
        played = play(playbook, settings, tmp_path, *arguments)
        assert played.code != 0 and "Traceback" not in played.output, played.output
        assert words in played.output and "othing was touched" in played.output, played.output


def test_in_a_larger_playbook_tags_select_the_teardown_or_do_not(untouched: Emulator, tmp_path: Path) -> None:
    larger = tmp_path / "larger.yml"
    larger.write_text(
        "[{hosts: localhost, gather_facts: false, tasks: [{debug: {msg: deploying}, tags: deploy}]},"
        " {import_playbook: workshop.lifecycle.teardown, tags: cleanup}]",
        encoding="utf-8",
    )
    deployed = play(larger, untouched.environment, tmp_path, "--tags", "deploy")
    assert deployed.code == 0 and "Teardown of" not in deployed.output, deployed.output

    cleaned = play(larger, untouched.environment, tmp_path, "--tags", "cleanup", "--check")
    assert cleaned.code == 0 and "Teardown of cuddlekube: what it would do" in cleaned.output, cleaned.output

    begun = play(
        larger, untouched.environment, tmp_path, "--start-at-task",
        "Delete the stacks, and stop the tasks that hold them up", workshop_confirm="cuddlekube",
    )  # fmt: skip
    assert begun.code != 0 and "this run began behind the plan: run it without --start-at-task" in begun.output


def test_without_what_it_is_built_on_one_sentence_says_what_to_install(untouched: Emulator, tmp_path: Path) -> None:
    """The whole, a role alone, and a module alone."""
    installed(tmp_path)
    bare = untouched.environment | {
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path), "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
    }  # fmt: skip
    role, module = tmp_path / "role.yml", tmp_path / "module.yml"
    play_of = "[{hosts: localhost, gather_facts: false, tasks: [%s]}]"
    role.write_text(play_of % "import_role: {name: workshop.lifecycle.vpc}", encoding="utf-8")
    module.write_text(play_of % "workshop.lifecycle.ecs_tasks: {cluster: cuddlekube}", encoding="utf-8")
    for playbook in ("workshop.lifecycle.teardown", role, module):
        played = play(playbook, bare, tmp_path, cwd=tmp_path, workshop_confirm="cuddlekube")
        _refused(played, "The collection amazon.aws, which this one is built on, is not installed. Install it: ")
        assert "ansible-galaxy collection install 'amazon.aws:>=" in played.failures
        assert "module_util" not in played.output
