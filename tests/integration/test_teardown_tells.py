# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads of a teardown in which a step failed: the report's last lines, and no wall of data before."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.emulator import Emulator
from tests.integration import templates
from tests.workshop.playbooks import ROOT, TEARDOWN, Played, play

SETTINGS = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1}
TABLE = "cuddlekube-dynamodb"


def readable(played: Played) -> None:
    """Nothing but lines for a person."""
    longest = max(played.output.splitlines(), key=len)
    assert len(longest) < 600, longest
    for words in ("noop", '"stacks": [', '"leftovers": [', "DEPRECATION"):
        assert words not in played.output, played.output


def installed(folder: Path) -> Path:
    """The collection as a user has it, in a folder for collections, without what only a checkout has."""
    collection = folder / "ansible_collections" / "workshop" / "lifecycle"
    for part in ("meta", "playbooks", "plugins", "roles"):
        shutil.copytree(ROOT / part, collection / part, ignore=shutil.ignore_patterns("collections", "__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", collection)
    return collection


def test_stacks_that_do_not_go_are_told_by_the_report_alone(aws: Emulator, tmp_path: Path) -> None:
    templates.create(aws, TABLE)
    templates.create(aws, "cuddlekube-vpc")
    aws.faults.fail_resource(TABLE, "P1", "The parameter is on strike")

    played = play(TEARDOWN, aws.environment, tmp_path, **SETTINGS)

    assert played.code != 0
    readable(played)
    assert templates.status(aws, TABLE) == "DELETE_FAILED"
    lines = played.output.splitlines()
    said = next(number for number, line in enumerate(lines) if line.startswith("FAILED (account"))
    assert "cuddlekube is not wholly gone. Left: 1 stack. Failed: dynamodb." in lines[said]
    (fatal,) = [number for number, line in enumerate(lines) if "fatal:" in line]
    assert lines[fatal].startswith("fatal:") and '"msg": "cuddlekube is not wholly gone.' in lines[fatal]
    assert fatal < said, "the report comes last"
    assert lines[said + 1].startswith("A teardown goes on from here: ansible-playbook ")
    end = lines[said + 3 :]  # behind the one line for a search of logs
    assert end[:3] == ["ok: [localhost]", "", end[2]] and end[2].startswith("PLAY RECAP"), end
    assert played.recap()["failed"] == 1 and played.recap()["rescued"] == 0


def test_a_role_alone_that_fails_says_no_more_than_why(aws: Emulator, tmp_path: Path) -> None:
    """All that its module returned is kept, and shown with -vvv alone."""
    templates.create(aws, TABLE)
    aws.faults.fail_resource(TABLE, "P1", "The parameter is on strike")
    alone = tmp_path / "alone.yml"
    alone.write_text(
        "[{hosts: localhost, gather_facts: false, tasks: [{block: [import_role: {name: workshop.lifecycle.dynamodb}],"
        " rescue: [{debug: {msg: 'kept: {{ dynamodb_result.stacks[0].outcome }}'}}, {fail: {msg: it failed}}]}]}]",
        encoding="utf-8",
    )
    played = play(alone, aws.environment, tmp_path)

    assert played.code != 0 and "kept: failed" in played.output, played.output
    readable(played)
    assert f"The stack did not go. {TABLE} failed: P1 (AWS::SSM::Parameter): The parameter is on strike" in (
        played.failures
    )


def test_a_module_that_crashed_is_told_and_the_run_goes_on_to_the_report(aws: Emulator, tmp_path: Path) -> None:
    """Installed, and called by its name from elsewhere."""
    templates.create(aws, TABLE)
    collection = installed(tmp_path)
    module = collection / "plugins" / "modules" / "cloudformation_stacks.py"
    module.write_text("#!/usr/bin/python\nraise RuntimeError('out of order')\n", encoding="utf-8")
    environment = aws.environment | {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}

    played = play("workshop.lifecycle.teardown", environment, tmp_path, cwd=tmp_path, **SETTINGS)

    assert played.code != 0
    assert "RuntimeError: out of order" in played.output.split("Failed:", 1)[1], played.output
    assert f"stack {TABLE} CREATE_COMPLETE" in played.output
    assert "FAILED (account" in played.output and "Failed: stacks." in played.output


def test_a_step_that_can_not_even_begin_is_told_by_the_report_too(aws: Emulator, tmp_path: Path) -> None:
    templates.create(aws, TABLE)

    played = play(TEARDOWN, aws.environment, tmp_path, "-e", '{"leftovers_quiet_since": "{{ nobody }}"}', **SETTINGS)

    assert played.code != 0 and "nobody" in played.output
    assert "Failed: leftovers." in played.output and "FAILED (account" in played.output


def test_what_is_said_of_a_group_holds_in_the_teardown(aws: Emulator, tmp_path: Path) -> None:
    """Of all stacks the protection may be switched off, but not of the table's."""
    for name in (TABLE, "cuddlekube-logs"):
        templates.create(aws, name)
        aws.client("cloudformation").update_termination_protection(StackName=name, EnableTerminationProtection=True)
    aws.calls.clear()
    allowed = SETTINGS | {"workshop_disable_termination_protection": "true"}

    refused = play(TEARDOWN, aws.environment, tmp_path, **allowed, dynamodb_disable_termination_protection="false")

    assert refused.code != 0
    assert f"Termination protection is on for {TABLE}. It is not switched off" in refused.failures
    assert "Nothing was touched." in refused.failures
    assert {templates.status(aws, name) for name in (TABLE, "cuddlekube-logs")} == {"CREATE_COMPLETE"}
    assert "cloudformation:UpdateTerminationProtection" not in aws.calls.by_action

    both = play(TEARDOWN, aws.environment, tmp_path, **allowed)
    assert both.code == 0, both.output
