# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of stack groups, as playbooks hand it on."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table


def test_names_and_rows_phases_given_and_derived() -> None:
    rows = table(
        [
            {"group": "web", "stacks": ["shop-web", {"name": "shop-worker", "retain_on_failure": "A::B::C"}]},
            {"group": "alb", "after": ["web"], "of_which": ["shop-web"], "stacks": ["shop-alb"]},
            {"group": "vpc", "after": ["web", "alb"], "stacks": [{"name": "shop-vpc"}]},
            {"group": "logs", "phase": 9, "stacks": []},
        ]
    )
    assert [(row["group"], row["phase"], row["stacks"]) for row in rows] == [
        ("web", 1, ["shop-web", "shop-worker"]),
        ("alb", 2, ["shop-alb"]),
        ("vpc", 3, ["shop-vpc"]),
        ("logs", 9, []),
    ]
    assert rows[0]["settings"]["shop-worker"] == {"unprotect": None, "retain": ["A::B::C"]}


@pytest.mark.parametrize(("said", "meant"), [("false", False), ("yes", True), (True, True), (None, None)])
def test_settings_may_come_from_a_command_line(said: Any, meant: bool | None) -> None:
    (group,) = table([{"group": "vpc", "stacks": [{"name": "shop-vpc", "disable_termination_protection": said}]}])
    assert group["settings"]["shop-vpc"]["unprotect"] is meant


@pytest.mark.parametrize(
    ("groups", "problem"),
    [
        ([], "groups names no stack"),
        ([{"group": "vpc", "stacks": []}], "groups names no stack"),
        ([{"group": "vpc", "after": ["web"], "stacks": ["shop-vpc"]}], "comes after web, which is no group"),
        ([{"group": "vpc", "stacks": [{"nome": "shop-vpc"}]}], "a stack is its name"),
        ([{"group": "vpc", "stacks": [{"name": "v", "disable_termination_protection": "maybe"}]}], "v: .*maybe"),
    ],
)
def test_what_makes_no_sense_is_refused(groups: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        table(groups)
