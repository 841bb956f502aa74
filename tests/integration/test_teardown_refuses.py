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
from tests.workshop.playbooks import TEARDOWN, Played, play

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
