# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan and its guards, by the playbook and by the role alone, against the emulator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.emulator.switches import calls as call_switches
from tests.workshop.playbooks import TEARDOWN, play

TOPIC = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
CLUSTER = '{"Resources": {"C": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "cuddlekube"}}}}'
STACKS = ("cuddlekube-service-feed-api", "cuddlekube-dynamodb", "cuddlekube-vpc")
PERFORMANCE = "/aws/ecs/containerinsights/cuddlekube/performance"


@pytest.fixture(scope="module")
def account(emulator: Emulator) -> Emulator:
    """An account with some stacks of the workshop, one of them protected, a neighbour and two leftovers."""
    emulator.reset()
    cloudformation = emulator.client("cloudformation")
    for name in (*STACKS, "cuddlekube-notes"):
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=CLUSTER if name == STACKS[0] else TOPIC,
            EnableTerminationProtection=name == "cuddlekube-vpc",
        )
    emulator.client("logs").create_log_group(logGroupName=PERFORMANCE)
    emulator.client("xray").create_group(GroupName="cuddle-kube")
    emulator.client("iam").create_account_alias(AccountAlias="sandbox")
    return emulator


@pytest.fixture
def untouched(account: Emulator):
    """The account; afterwards, that nothing was asked of it but to be read."""
    account.faults.clear()
    account.calls.clear()
    yield account
    account.faults.clear()
    reads = ("Describe", "List", "Get", "BatchGet")
    assert [a for a in account.calls.by_action if not a.split(":")[1].startswith(reads)] == []


def test_check_shows_the_plan_and_diff_compares(untouched: Emulator, tmp_path: Path) -> None:
    report = tmp_path / "new" / "report"
    played = play(
        TEARDOWN, untouched.environment, tmp_path, "--check", "--diff",
        workshop_disable_termination_protection="true", workshop_report_dir=report,
    )  # fmt: skip

    assert played.code == 0, played.output
    assert played.recap()["changed"] == 1
    for line in (
        "Teardown of cuddlekube: what it would do",
        "  account    123456789012 (sandbox), region eu-central-1",
        "  workshop   3 stacks, 2 leftovers; made just now",
        "  phase 1    ecs_services  cuddlekube-service-feed-api  ECS::Cluster",
        "             dynamodb      cuddlekube-dynamodb  SNS::Topic",
        "  phase 3    vpc           cuddlekube-vpc  protection is switched off",
        f"  remove     log group {PERFORMANCE}",
        "             X-Ray group cuddle-kube",
        "  leave      stack cuddlekube-notes: not a stack of this workshop",
        "-stack cuddlekube-vpc CREATE_COMPLETE",
        "-X-Ray group cuddle-kube",
        " stack cuddlekube-notes",
    ):
        assert line in played.output.splitlines(), (line, played.output)
    assert not report.parent.exists()


def test_everything_that_could_not_be_carried_out_is_refused_at_once(untouched: Emulator, tmp_path: Path) -> None:
    """The confirmation is given, so that only the guards stand between the plan and the deletion."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    played = play(
        TEARDOWN, untouched.environment, tmp_path,
        workshop_confirm="cuddlekube", workshop_report_dir=tmp_path / "file" / "report",
    )  # fmt: skip

    assert played.code != 0
    for words in (
        "Termination protection is on for cuddlekube-vpc.",
        "-e workshop_disable_termination_protection=true",
        "could not be written to workshop_report_dir",
        f"{tmp_path / 'file'} is not a folder",
        "Nothing was touched.",
    ):
        assert words in played.failures, played.output
    assert "cuddlekube-vpc  PROTECTED" in played.output


def _role_alone(scratch: Path) -> Path:
    """A user's own playbook, in which preflight guards something else."""
    wanted = [
        "preflight_plan.phases | map(attribute='phase') == [1, 2]",
        "preflight_plan.caller is none and preflight_plan.account == '123456789012'",
        "preflight_plan.gaps | map(attribute='action') == ['sts:GetCallerIdentity']",
        "preflight_survey.stacks | map(attribute='name') == ['cuddlekube-notes', 'cuddlekube-dynamodb']",
        "preflight_started is match('20[0-9-]{8}T[0-9:.]{15}[+]00:00$')",
    ]
    groups = [
        {"group": "notes", "phase": 2, "stacks": ["cuddlekube-notes"]},
        {"group": "tables", "phase": 1, "stacks": ["cuddlekube-dynamodb", "cuddlekube-absent"]},
    ]
    role = {"name": "workshop.lifecycle.preflight"}
    tasks = [
        {"ansible.builtin.import_role": role, "vars": {"preflight_groups": groups}},
        {"ansible.builtin.assert": {"that": wanted}},
    ]
    playbook = scratch / "own.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    return playbook


def test_a_caller_who_may_not_ask_who_it_is(
    untouched: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Policies can not deny it, but a proxy between the caller and AWS can:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    monkeypatch.setattr(call_switches, "_NEVER_DENIED", frozenset())
    untouched.faults.deny("sts:GetCallerIdentity")
    playbook = _role_alone(tmp_path)

    played = play(playbook, untouched.environment, tmp_path, workshop_confirm="cuddlekube")
    assert played.code == 0, played.output
    assert "  caller     unknown: not allowed to ask" in played.output

    named = play(
        playbook, untouched.environment, tmp_path, workshop_confirm="cuddlekube", workshop_account_id="123456789012"
    )
    assert named.code != 0
    said = "may not ask whose they are (sts:GetCallerIdentity), but account_id is 123456789012"
    assert said in named.failures
