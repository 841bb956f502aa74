# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.blockers import unsaid, words

from tests.unit.plugins.plugin_utils.report_samples import blocker, live, report

LEFT = {"stacks": [live("shop-vpc")]}


def test_blockers_of_all_looks_are_told_once_the_latest_counts() -> None:
    made = report(LEFT | {"blockers": [blocker(), blocker(id="sg-2", owner="")]}, foreign=[blocker(reason="late")])
    assert [(row["id"], row["reason"], row["owner"]) for row in made["blockers"]] == [
        ("sg-1", "late", "payments"),
        ("sg-2", "it is in the VPC", None),
    ]


def test_what_held_nothing_up_is_not_told() -> None:
    assert report({"blockers": [blocker()]}, foreign=[blocker()])["blockers"] == []
    assert report(LEFT | {"blockers": [blocker(stack_name="shop-cluster")]})["blockers"] == []


def test_command_that_the_reason_of_the_stack_gives_is_not_told_again() -> None:
    row = blocker()
    assert unsaid("shop-vpc", "Not asked for: sg-1 is in it", [row]) == [row]
    assert unsaid("shop-vpc", f"Not asked for. Remove it first: {row['how_to_remove']}", [row]) == []
    assert unsaid("shop-cluster", "", [row]) == []


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (blocker(), "AWS::EC2::SecurityGroup sg-1 (by-hand) of payments: it is in the VPC"),
        (blocker(owner=None, name=""), "AWS::EC2::SecurityGroup sg-1: it is in the VPC"),
        (blocker(id="arn:service/by-hand", owner=None, reason=""), "AWS::EC2::SecurityGroup arn:service/by-hand"),
    ],
)
def test_words(row: dict, text: str) -> None:
    assert words(row) == text
