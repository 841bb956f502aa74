# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.blockers import without, words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body

from tests.unit.plugins.plugin_utils.report_samples import blocker, live, report, stack

LEFT = {"stacks": [live("shop-vpc")]}


def test_blockers_of_all_looks_are_told_once_the_latest_counts() -> None:
    late = {key: value for key, value in blocker(reason="late").items() if key not in ("stack_name", "certain")}
    made = report(
        LEFT | {"blockers": [blocker(), blocker(id="sg-2", owner="")]},
        stacks=[stack("shop-vpc", outcome="failed", blockers=[late])],
    )
    assert [(row["id"], row["reason"], row["owner"]) for row in made["blockers"]] == [
        ("sg-1", "late", "payments"),
        ("sg-2", "it is in the VPC", None),
    ]


def test_what_held_nothing_up_is_not_told() -> None:
    assert report({"blockers": [blocker()]}, stacks=[stack("shop-vpc", blockers=[blocker()])])["blockers"] == []
    assert report(LEFT | {"blockers": [blocker(stack_name="shop-cluster")]})["blockers"] == []


def test_what_stands_beside_a_stack_is_not_in_its_reason_as_well() -> None:
    row = blocker()
    reason = f"kept by what no stack of this run owns: {row['type']} sg-1, which {row['how_to_remove']} removes"
    assert without(reason, [row]) == "kept by what no stack of this run owns"
    assert without(reason, []) == without(reason, [blocker(id="sg-2")]) == reason
    made = report(LEFT, stacks=[stack("shop-vpc", outcome="failed", reason=reason, blockers=[row])])
    assert (
        made["left"][0]["reason"] == "kept by what no stack of this run owns" and made["stacks"][-1]["reason"] == reason
    )
    assert body(made, {}).count(row["how_to_remove"]) == 1


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
