# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own tasks at the end of a verification: they know the report, and do not change its verdict."""

from __future__ import annotations

import json
from pathlib import Path

from tests.emulator import Emulator
from tests.integration import templates
from tests.workshop.playbooks import VERIFY, play

TABLE = "cuddlekube-dynamodb"


def hook(folder: Path, *tasks: dict[str, object]) -> str:
    path = folder / "notify.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return str(path)


def test_they_are_run_with_the_report_which_is_shown_last(aws: Emulator, tmp_path: Path) -> None:
    templates.create(aws, TABLE)
    tell = {"ansible.builtin.debug": {"msg": "told: {{ workshop_report.left | map(attribute='name') | join(' ') }}"}}

    played = play(VERIFY, aws.environment, tmp_path, workshop_notify_tasks=hook(tmp_path, tell))

    assert played.code != 0
    said = f"told: {TABLE}"
    assert said in played.output, played.output
    assert played.output.index(said) < played.output.index("fatal:") < played.output.index("LEFTOVERS (account")


def test_what_fails_in_them_is_told_and_the_verdict_stays(aws: Emulator, tmp_path: Path) -> None:
    fails = {"name": "Call out", "ansible.builtin.fail": {"msg": "Nobody is listening."}}
    settings = {"workshop_may_be_absent": True, "workshop_notify_tasks": hook(tmp_path, fails)}

    played = play(VERIFY, aws.environment, tmp_path, **settings)

    assert played.code == 0, played.output
    assert "failed: Call out: Nobody is listening. The verdict stays clean." in played.output, played.output
