# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours is what our stacks own: what is deleted, stopped and left follows from that, and not from names."""

from __future__ import annotations

import json
import os
import pty
import time
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import ownership, templates
from tests.integration.ownership import NAME, Scene
from tests.integration.running import by_name, outcomes
from tests.workshop.playbooks import TEARDOWN, VERIFY, Played, environment, executable, play

QUICK = {"workshop_poll_interval": 0.2, "leftovers_settle": 1, "workshop_wait_timeout": 30}
FAST = {"poll_interval": 0.2, "wait_timeout": 30}
QUESTION = b"Type cuddlekube to go on"


def tear_down(aws: Emulator, folder: Path, *arguments: str, **more: Any) -> Played:
    settings = QUICK | {"workshop_confirm": more.get("workshop_name", NAME)} | more
    return play(TEARDOWN, aws.environment, folder, "-e", json.dumps(settings), *arguments)


def verify(aws: Emulator, folder: Path, **more: Any) -> Played:
    return play(VERIFY, aws.environment, folder, "-e", json.dumps(more))


def role(aws: Emulator, folder: Path, name: str, **variables: Any) -> Played:
    """A play of a user's own, in which the role stands alone."""
    quick = {"workshop.lifecycle.cloudformation_stacks": {"poll_interval": 0.2}}
    tasks = [{"ansible.builtin.import_role": {"name": f"workshop.lifecycle.{name}"}, "vars": variables}]
    playbook = folder / "role.yml"
    plays = [{"hosts": "localhost", "gather_facts": False, "module_defaults": quick, "tasks": tasks}]
    playbook.write_text(json.dumps(plays), encoding="utf-8")
    return play(playbook, aws.environment, folder)


def asked_for(aws: Emulator, name: str) -> int:
    """How often the deletion of a stack began."""
    return len(aws.timeline.select("stack", name, "DELETE_IN_PROGRESS"))


def not_in(text: str, names: list[str]) -> list[str]:
    return [name for name in names if name not in text]


def end_of(played: Played) -> str:
    """The last task's words and the recap."""
    return played.output[-4000:]


# 2


@pytest.mark.parametrize("name", ["report", "preflight", "leftovers"])
def test_row_2_no_verdict_without_having_looked(aws: Emulator, tmp_path: Path, name: str) -> None:
    ownership.live_table(aws)
    more = {"leftovers_verify": True} if name == "leftovers" else {}
    played = role(aws, tmp_path, name, workshop_confirm=NAME, **more)
    assert played.code != 0, played.output


def test_row_2_the_report_looks_at_its_groups(aws: Emulator, tmp_path: Path) -> None:
    ownership.live_table(aws)
    groups = [{"group": "dynamodb", "phase": 1, "stacks": [f"{NAME}-dynamodb"]}]
    played = role(aws, tmp_path, "report", report_groups=groups)
    assert played.code != 0, played.output
    assert f"{NAME}-dynamodb" in played.output


def test_row_2_preflight_looks_at_its_groups(aws: Emulator, tmp_path: Path) -> None:
    ownership.live_table(aws)
    groups = [{"group": "dynamodb", "phase": 1, "stacks": [f"{NAME}-dynamodb"]}]
    played = role(aws, tmp_path, "preflight", workshop_confirm=NAME, preflight_groups=groups)
    assert played.code == 0, played.output
    assert f"{NAME}-dynamodb" in played.output
    assert "No stack is there" not in played.output


# 3


@pytest.mark.parametrize(
    "variables",
    [
        {"workshop_account_id": "999999999999"},
        {"workshop_profile": "nobody"},
        {"workshop_endpoint_url": "http://127.0.0.1:9"},
    ],
    ids=["account", "profile", "endpoint"],
)
def test_row_3_a_role_obeys_by_itself(aws: Emulator, tmp_path: Path, variables: dict[str, str]) -> None:
    scene = ownership.live_table(aws)
    played = role(aws, tmp_path, "dynamodb", **variables)
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code != 0


def test_row_3_a_role_obeys_the_region(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    ownership.live_table(aws, "us-east-1")
    played = role(aws, tmp_path, "dynamodb", workshop_region="us-east-1")
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code == 0, played.output
    assert aws.client("cloudformation", "us-east-1").describe_stacks()["Stacks"] == []


# 4


def test_row_4_settings_of_a_role_hold_in_the_teardown(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{NAME}-dynamodb", EnableTerminationProtection=True
    )
    played = tear_down(
        aws,
        tmp_path,
        workshop_disable_termination_protection=True,
        dynamodb_disable_termination_protection=False,
    )
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code != 0


def test_row_4_the_other_way_round(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{NAME}-dynamodb", EnableTerminationProtection=True
    )
    played = tear_down(aws, tmp_path, dynamodb_disable_termination_protection=True)
    assert scene.statuses() == {"dynamodb": "DELETE_COMPLETE"}, played.output
    assert played.code == 0, played.output


# 18


def test_row_18_a_short_interval_gives_nothing_up_early(aws: Emulator, modules: Any) -> None:
    """A deletion that AWS has accepted and does not show for four seconds."""
    templates.create(aws, "one")
    aws.faults.begin_deletions_late(4.0 / aws.time_scale)
    result = modules("cloudformation_stacks", stacks=[{"name": "one"}], **FAST)
    assert outcomes(result) == {"one": "gone"}, result


# also: what became of a deletion


@pytest.mark.parametrize("tokens", [True, False])
def test_a_failed_deletion_is_read_with_and_without_tokens(aws: Emulator, modules: Any, tokens: bool) -> None:
    templates.create(aws, "one")
    if not tokens:
        aws.faults.events_without_tokens()
    aws.faults.fail_resource("one", "P1", "You are not authorized (HandlerErrorCode: AccessDenied)")
    result = modules("cloudformation_stacks", stacks=[{"name": "one"}], **FAST)
    row = by_name(result)["one"]
    assert (row["outcome"], row["status"]) == ("failed", "DELETE_FAILED"), row
    assert "You are not authorized" in json.dumps(row)
    assert "no event shows it" not in json.dumps(result)
