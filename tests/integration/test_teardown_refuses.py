# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input for the teardown: one clear message, nothing touched, exit code not 0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.workshop.playbooks import TEARDOWN, Played, play

STACKS = ("cuddlekube-dynamodb", "cuddlekube-logs")
TEMPLATE = """
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Name: !Sub "/notes/${AWS::StackName}", Type: String, Value: keep}
"""


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


def test_no_confirmation_and_no_terminal(untouched: Emulator, tmp_path: Path) -> None:
    _refused(play(TEARDOWN, untouched.environment, tmp_path), "workshop_confirm=cuddlekube")


def test_an_unknown_region(untouched: Emulator, tmp_path: Path) -> None:
    played = play(
        TEARDOWN, untouched.environment, tmp_path, workshop_confirm="cuddlekube", workshop_region="mars-north-1"
    )
    _refused(played, "mars-north-1")


def test_no_region(untouched: Emulator, tmp_path: Path) -> None:
    without = {key: value for key, value in untouched.environment.items() if "REGION" not in key}
    _refused(play(TEARDOWN, without, tmp_path, workshop_confirm="cuddlekube"), "region")


def test_no_credentials(untouched: Emulator, tmp_path: Path) -> None:
    kept = ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED")
    without = {key: value for key, value in untouched.environment.items() if key in kept}
    without |= {"AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    _refused(play(TEARDOWN, without, tmp_path, workshop_confirm="cuddlekube"), "credentials")


def test_an_endpoint_that_does_not_answer(untouched: Emulator, tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    played = play(
        TEARDOWN, untouched.environment, tmp_path, workshop_confirm="cuddlekube", workshop_endpoint_url=nowhere
    )
    _refused(played, nowhere)


def test_another_account_than_the_one_named(untouched: Emulator, tmp_path: Path) -> None:
    played = play(
        TEARDOWN, untouched.environment, tmp_path, workshop_confirm="cuddlekube", workshop_account_id="999999999999"
    )
    _refused(played, "999999999999")


def test_what_may_not_be_looked_at_is_not_taken_for_nothing(untouched: Emulator, tmp_path: Path) -> None:
    """Without a view of the stacks nobody knows what a confirmation would cover, so it is asked for."""
    untouched.faults.deny("cloudformation:DescribeStacks")
    played = play(TEARDOWN, untouched.environment, tmp_path)
    untouched.faults.clear()
    gap = "NOT ALLOWED TO LOOK AT: stacks (cloudformation:DescribeStacks)"
    _refused(played, "Not confirmed, so nothing was touched", gap)
