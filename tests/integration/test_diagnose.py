# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook diagnose against the emulator: for a cluster, and for a whole workshop."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema

from tests.emulator import Emulator
from tests.integration.test_ecs_diagnosis import X509, Cuddly, broken_release
from tests.workshop import deploy
from tests.workshop.playbooks import ROOT, play

DIAGNOSE = ROOT / "playbooks" / "diagnose.yml"
SCHEMA = json.loads((ROOT / "docs/diagnosis.schema.json").read_text(encoding="utf-8"))


def test_a_cluster_on_the_terminal_and_as_files(aws: Emulator, tmp_path: Path) -> None:
    cuddly = Cuddly(aws)
    broken_release(cuddly)
    aws.calls.clear()
    shown = play(
        DIAGNOSE, aws.environment, tmp_path, workshop_cluster="shop", workshop_service="register-api",
        workshop_region="eu-central-1", workshop_report_dir=str(tmp_path / "reports"),
    )  # fmt: skip
    assert shown.code == 0, shown.output
    # Nothing but the cluster has to be known.
    assert {action.split(":")[0] for action in aws.calls.by_action} <= {"ecs", "xray", "logs"}
    lines = shown.output.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("register-api fails"))
    assert re.fullmatch(r"register-api fails: 12 of 12 requests since [\d:]{8} \(before: 0 of 31\)", lines[first])
    began = r"began .* after deployment …/\S+: register-api:1 -> register-api:2 \(register:1.0 -> register:broken\)"
    assert re.fullmatch(began, lines[first + 1])
    assert [line.split() for line in lines[first + 2 : first + 6]] == [
        ["client", "->", "public-site", "POST", "/register", "502"],
        ["->", "register-api", "POST", "/", "400"],
        ["->", "DynamoDB", "PutItem", "cuddlykube", "FAULT"],
        [f"{X509[0]}:", *X509[1].split()],
    ]
    assert "not the cause: tasks healthy, no stopped tasks" in lines
    command = next(line.partition(":  ")[2] for line in lines if line.startswith("switch back:"))
    given = "-e workshop_region=eu-central-1 -e workshop_cluster=shop -e workshop_service=register-api"
    assert command == f"ansible-playbook playbooks/rollback.yml {given}"
    written = json.loads((tmp_path / "reports/diagnosis.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(written)
    assert written["verdict"] == "failing" and written["clusters"][0]["findings"][0]["command"] == command
    page = (tmp_path / "reports/diagnosis.html").read_text(encoding="utf-8")
    assert "who=anna" not in page and "http://" not in page


def test_a_whole_workshop(aws: Emulator, tmp_path: Path) -> None:
    deploy(aws)
    shown = play(DIAGNOSE, aws.environment, tmp_path)
    assert shown.code == 0, shown.output
    assert shown.recap()["changed"] == 0
    lines = shown.output.splitlines()
    assert "Diagnosis of cuddlekube" in lines
    assert next(line for line in lines if line.startswith("nothing found, looked at 8 services, no requests, "))
    assert next(line for line in lines if line.startswith("note: There are no traces of feed-api, "))
