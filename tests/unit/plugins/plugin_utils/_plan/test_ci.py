# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan and a status as a CI shows them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import plan_ending, status_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import build_plan
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status import build_status

from tests.unit.plugins.plugin_utils.surveys import NAME, REMOVE, blocker, empty, gap, groups, leftover, stack, survey

START = f"workshop.lifecycle: {NAME}"
VPC = f"{NAME}-vpc"


def plan(found: dict[str, Any]) -> dict[str, Any]:
    return build_plan(found, groups(), workshop=NAME, remove=REMOVE)


def status(found: dict[str, Any]) -> dict[str, Any]:
    return build_status(found, groups(), workshop=NAME, remove=REMOVE)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (empty() | {"stacks": [stack(VPC)], "leftovers": [leftover("log_group", "a")]}, "1 stack, 1 leftover would go"),
        (empty(), "nothing would be done"),
        (empty() | {"stacks": [stack(VPC)], "gaps": [gap("xray:GetGroups")]},
         "1 stack would go, not looked at (xray:GetGroups)"),
        (empty() | {"stacks": [stack(VPC)], "blockers": [blocker(VPC, "AWS::EC2::Instance", "i-1")]},
         "1 stack would go, but for 1 stack held"),
    ],
)  # fmt: skip
def test_line_of_a_plan_says_what_would_go(found: dict[str, Any], told: str):
    ending = plan_ending(plan(found), "", "")
    assert ending.line == f"{START} plan: {told}"
    assert (ending.notice.level, ending.notice.title, ending.notice.text) == ("notice", f"{NAME} plan", told)


def test_line_of_a_workshop_that_was_never_seen_says_so():
    assert f"{START} plan: never seen in this account and region" in plan_ending(
        plan(empty() | {"seen": False}), "", ""
    ).line


def test_refusal_is_an_error_and_stands_before_the_plan():
    ending = plan_ending(plan(survey()), "blue", "Termination protection is on for a_b. Nothing was touched.")
    assert ending.line == (
        f"{START} [blue] refused: Termination protection is on for a_b. Nothing was touched."
    )
    assert (ending.notice.level, ending.notice.title) == ("error", f"{NAME} [blue] refused")
    assert ending.summary("Teardown of x\n  ```\n") == (
        "### Teardown of x\n\nRefused: Termination protection is on for a\\_b\\. Nothing was touched\\.\n\n"
        "````text\n  ```\n````\n"
    )


def test_line_of_a_status_says_how_many_stacks_are_there_and_how():
    found = empty() | {"stacks": [stack(VPC, "DELETE_FAILED"), stack(f"{NAME}-ecs")], "gaps": [gap("ecs:ListTasks")]}
    ending = status_ending(status(found), "")
    assert ending.line == f"{START} status: 2 of 24 stacks (1 DELETE_FAILED), not looked at (ecs:ListTasks)"
    assert status_ending(status(empty()), "").line == f"{START} status: none of 24 stacks"


def test_part_is_said():
    found = empty() | {"stacks": [stack(VPC)]}
    part = {"whole": False, "only": [], "keep": ["logs"], "kept": []}
    planned = build_plan(found, groups(), workshop=NAME, part=part)
    assert plan_ending(planned, "", "").line == f"{START} plan: a part of the workshop: 1 stack would go"
    shown = build_status(found, groups(), workshop=NAME, part=part)
    assert status_ending(shown, "").line == f"{START} status: a part of the workshop: 1 of 24 stacks"
