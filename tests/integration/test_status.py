# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status by its playbook, against the emulator: several workshops at once, and what may not be looked at."""

from __future__ import annotations

from pathlib import Path

from tests.emulator import Emulator
from tests.workshop import deploy
from tests.workshop.deployment import wait_for_stacks
from tests.workshop.playbooks import ROOT, play

TEMPLATE = ROOT / "tests" / "workshop" / "templates" / "service.template"
STATUS = ROOT / "playbooks" / "status.yml"
INVENTORY = """
workshops:
  hosts:
    here: {workshop_name: cuddlekube}
    abroad: {workshop_name: cuddlekube, workshop_region: us-east-1}
"""


def _writes(emulator: Emulator) -> list[str]:
    reads = ("Describe", "List", "Get", "BatchGet")
    return sorted(action for action in emulator.calls.by_action if not action.split(":")[1].startswith(reads))


def as_in_the_original(aws: Emulator, name: str) -> None:
    """A service that stops all its tasks before new ones start, and has no circuit breaker."""
    cloudformation = aws.client("cloudformation")
    given = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Parameters"]
    kept = [{"ParameterKey": item["ParameterKey"], "UsePreviousValue": True} for item in given]
    cloudformation.update_stack(
        StackName=name,
        TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
        Parameters=[
            *(item for item in kept if item["ParameterKey"] != "Deployed"),
            {"ParameterKey": "Deployed", "ParameterValue": "replaced"},
        ],
    )
    wait_for_stacks(cloudformation, [name])


def test_two_workshops_then_one_that_may_hardly_be_looked_at(aws: Emulator, tmp_path: Path) -> None:
    deploy(aws, step=1)
    as_in_the_original(aws, "cuddlekube-service-order-api")
    aws.set_stack_status("cuddlekube-dynamodb", "DELETE_FAILED", "The table is on strike")
    site = aws.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["DNSName"]
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(INVENTORY, encoding="utf-8")
    aws.calls.clear()

    both = play(STATUS, aws.environment, tmp_path, "-i", str(inventory), workshop_hosts="workshops")

    assert both.code == 0, both.output
    for line in (
        "Status of cuddlekube [here]",
        "  workshop   19 of 24 stacks; made just now",
        f"  site       http://{site}",
        "  1      app_mesh             0/2  -",
        "             cuddlekube-dynamodb DELETE_FAILED: The table is on strike",
        "  order-api            1        0        1",
        "Status of cuddlekube [abroad]",
        "  next       look whether name, account and region are right",
    ):
        assert line in both.output.splitlines(), (line, both.output)
    assert "settings 1 service stops all its tasks in a deployment before new ones start: order-api. Set" in " ".join(
        both.output.split()
    )
    assert " 1 service has no circuit breaker: order-api. Set " in " ".join(both.output.split())
    (command,) = [line for line in both.output.splitlines() if line.startswith("  to end it")]
    assert command.endswith("inventory.yml -e workshop_hosts=here"), "what is copied from here asks first"
    assert both.recap("here")["changed"] == both.recap("abroad")["changed"] == 0

    aws.faults.deny("cloudformation:*")
    aws.faults.deny("ecs:*")
    blind = play(STATUS, aws.environment, tmp_path)
    aws.faults.clear()

    assert blind.code == 0, blind.output
    assert "  workshop   stacks unknown" in blind.output
    assert "NOT ALLOWED TO LOOK AT: " in blind.output and "nothing of it is there" not in blind.output
    assert _writes(aws) == []
