# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks release and rollback against the emulator."""

from __future__ import annotations

import json
from pathlib import Path

from tests.emulator import Emulator
from tests.integration.test_ecs_service_stack import SSM, Stacks
from tests.workshop.playbooks import ROOT, play

RELEASE, ROLLBACK = ROOT / "playbooks/release.yml", ROOT / "playbooks/rollback.yml"
TASKS = """
- name: See which version it is
  ansible.builtin.assert:
    that: not release_deployed.task_definition.endswith('app:2')
    fail_msg: orders are lost
"""


def test_tasks_of_a_user_switch_a_release_back(aws: Emulator, tmp_path: Path) -> None:
    stacks = Stacks(aws)
    stacks.make(SSM, "/shop/web")
    (tmp_path / "orders.yml").write_text(TASKS, encoding="utf-8")
    variables = {
        "workshop_scope": {"prefix": "shop-"}, "workshop_confirm": "web", "workshop_poll_interval": 0.2,
        "workshop_report_dir": str(tmp_path / "report"), "release_images": {"app": "app:2"},
        "release_probe_tasks": str(tmp_path / "orders.yml"),
    }  # fmt: skip

    done = play(RELEASE, aws.environment, tmp_path, "-e", json.dumps(variables))

    assert done.code == 2, done.output
    for line in (
        "Release of web: what it would do",
        "  service    web in the cluster shop, of the stack shop-web",
        "             - containerDefinitions.app.image: app",
        "  back on    failure, alarm, probe, interrupt",
    ):
        assert line in done.output.splitlines(), (line, done.output)
    assert "SWITCHED BACK: web was switched back from app:2 to app:1. Users may have seen it for " in done.output
    assert f"The tasks of {tmp_path}/orders.yml failed: See which version it is: orders are lost" in done.output
    assert done.output.index("Fail unless it stays") < done.output.index("SWITCHED BACK")
    # Why it does not stay is looked into before.
    assert "nothing found, looked at 1 service, no requests, " in done.output
    assert done.output.index("Diagnosis of shop") < done.output.index("SWITCHED BACK")
    looked = json.loads((tmp_path / "report/diagnosis.json").read_text(encoding="utf-8"))
    assert [cluster["services"] for cluster in looked["clusters"]] == [["web"]]
    report = json.loads((tmp_path / "report/release.json").read_text(encoding="utf-8"))
    assert report["verdict"] == "switched_back" and report["bad_seconds"] > 0 and not report["drifted"]
    assert "orders are lost" in (tmp_path / "report/release.html").read_text(encoding="utf-8")
    assert stacks.service()["taskDefinition"].endswith("app:1")


def test_back_and_the_stack_in_line(aws: Emulator, tmp_path: Path) -> None:
    stacks = Stacks(aws)
    stacks.make(SSM, "/shop/web")
    stacks.release()
    stacks.ssm.put_parameter(Name="/shop/web", Value="app:2", Type="String", Overwrite=True)
    stacks.stacks.update_stack(
        StackName="shop-web", UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": key, "UsePreviousValue": True} for key in ("Definition", "Subnet")],
    )  # fmt: skip
    aws.calls.clear()
    variables = {"workshop_service": "web", "workshop_cluster": "shop", "workshop_confirm": "web"}
    more = {"workshop_poll_interval": 0.2, "workshop_reconcile": True, "workshop_report_dir": str(tmp_path)}

    done = play(ROLLBACK, aws.environment, tmp_path, "-e", json.dumps(variables | more))

    assert done.code == 0, done.output
    assert "KEPT: web was brought back." in done.output and stacks.service()["taskDefinition"].endswith("app:1")
    assert stacks.ssm.get_parameter(Name="/shop/web")["Parameter"]["Value"] == "app:1"
    assert aws.calls.by_action["cloudformation:UpdateStack"] == 1
    report = json.loads((tmp_path / "rollback.json").read_text(encoding="utf-8"))
    assert (report["before"], report["after"], report["drifted"]) == ("app:2", "app:1", False)
