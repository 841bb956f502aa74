# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left behind is named by verify.yml, and goes with the next teardown if it may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.workshop.left_behind import leave_behind
from tests.workshop.playbooks import TEARDOWN, VERIFY, play

ALL_KINDS = [
    *("log_group", "xray_group", "xray_sampling_rule", "alarm", "cloud_map_instance"),
    *("task_definition", "ssm_parameter"),
]
QUICK = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1}


def _report(folder: Path, operation: str) -> dict[str, Any]:
    return json.loads((folder / f"{operation}.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_one_of_each_kind_is_named_and_removed_if_it_may_be(aws: Emulator, tmp_path: Path) -> None:
    left = leave_behind(aws)
    everything = ("-e", json.dumps({"workshop_leftovers": ALL_KINDS}))

    verified = play(VERIFY, aws.environment, tmp_path, *everything, workshop_report_dir=tmp_path)
    assert verified.code != 0
    end = verified.output.partition("Say what became of the workshop")[2]
    assert [kind for kind, item in left.items() if item.name not in end and item.id not in end] == [], end
    assert _report(tmp_path, "verify")["verdict"] != "clean"

    # By default, what is harmless is kept.
    torn = play(TEARDOWN, aws.environment, tmp_path, workshop_report_dir=tmp_path, **QUICK)
    report = _report(tmp_path, "teardown")
    assert torn.code != 0 and report["verdict"] == "leftovers", torn.output
    actions = {row["kind"]: row["action"] for row in report["leftovers"]}
    assert actions == {kind: "removed" for kind in ALL_KINDS[:5]} | {"ssm_parameter": "kept"}

    torn = play(TEARDOWN, aws.environment, tmp_path, *everything, workshop_report_dir=tmp_path, **QUICK)
    report = _report(tmp_path, "teardown")
    assert torn.code != 0, torn.output
    assert {row["kind"] for row in report["leftovers"]} == {"task_definition", "ssm_parameter"}
    assert {row["action"] for row in report["leftovers"]} == {"removed"}

    # The tagged subnet and the role that its stack kept are nobody's to delete unasked. Both are told with the command
    # that removes them.
    assert [row["how_to_remove"].split()[:3] for row in report["tagged_resources"]] == [["aws", "ec2", "delete-subnet"]]
    assert [row["physical_id"] for row in report["left_behind"]] == [left["retained"].id]
    aws.client("ec2").delete_subnet(SubnetId=left["tagged"].id)
    verified = play(VERIFY, aws.environment, tmp_path, workshop_report_dir=tmp_path)
    assert verified.code != 0, verified.output
    assert [row["type"] for row in _report(tmp_path, "verify")["left"]] == ["AWS::IAM::Role"]

    may_stay = ("-e", json.dumps({"workshop_may_stay": ["AWS::IAM::Role"]}))
    verified = play(VERIFY, aws.environment, tmp_path, *may_stay, workshop_report_dir=tmp_path)
    assert verified.code == 0, verified.output
    report = _report(tmp_path, "verify")
    assert report["verdict"] == "clean"
    assert [row["how_to_remove"].split()[:3] for row in report["retained"]] == [["aws", "iam", "delete-role"]]
