# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a workshop."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.part import part_of, part_problem

GROUPS = [
    {"group": "services", "stacks": ["shop-web", {"name": "shop-worker"}]},
    {"group": "alb", "after": ["services"], "of_which": ["shop-web"], "stacks": ["shop-alb"]},
    {"group": "cluster", "after": ["services"], "stacks": ["shop-cluster"]},
    {"group": "vpc", "after": ["services", "alb"], "stacks": [{"name": "shop-vpc", "retain_on_failure": []}]},
    {"group": "logs", "after": ["vpc"], "stacks": ["shop-logs"]},
    {"group": "tables", "stacks": ["shop-orders", "shop-carts"]},
]
ALL = ["shop-web", "shop-worker", "shop-alb", "shop-cluster", "shop-vpc", "shop-logs", "shop-orders", "shop-carts"]


def stacks(part: dict[str, Any]) -> list[str]:
    return [row["name"] if isinstance(row, dict) else row for group in part["groups"] for row in group["stacks"]]


def kept(part: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["reason"] for row in part["kept"]}


@pytest.mark.parametrize("nothing", [None, [], "", " , "])
def test_nothing_named_is_the_whole(nothing: Any):
    part = part_of(GROUPS, nothing, nothing)
    assert part == {"whole": True, "only": [], "keep": [], "groups": GROUPS, "kept": []}


def test_what_is_kept_keeps_what_it_stands_on():
    part = part_of(GROUPS, keep=["alb"])
    assert stacks(part) == ["shop-web", "shop-worker", "shop-cluster", "shop-orders", "shop-carts"]
    assert kept(part) == {
        "shop-alb": "workshop_keep names it",
        "shop-vpc": "shop-alb stands on it, which is kept",
        "shop-logs": "shop-vpc stands on it, which is kept",
    }
    assert not part["whole"] and [row["holds"] for row in part["kept"]] == [[], [], []]


def test_one_service_keeps_what_comes_after_it_alone():
    """The load balancer waits for the one service behind it, and for no other."""
    assert "shop-alb" not in kept(part_of(GROUPS, keep="shop-worker"))
    assert {"shop-alb", "shop-cluster", "shop-vpc"} <= set(kept(part_of(GROUPS, keep="shop-web")))


@pytest.mark.parametrize("only", [["tables", "shop-worker"], "tables,shop-worker", " shop-worker , tables"])
def test_only_what_is_named_is_meant(only: Any):
    part = part_of(GROUPS, only)
    assert stacks(part) == ["shop-worker", "shop-orders", "shop-carts"]
    assert set(kept(part)) == set(ALL) - set(stacks(part))
    assert set(kept(part).values()) == {"workshop_only does not name it"}


def test_order_and_phases_stay():
    part = part_of(GROUPS, ["vpc", "logs"])
    whole = {row["group"]: row["phase"] for row in table(GROUPS)}
    assert {row["group"]: row["phase"] for row in table(part["groups"])} == whole
    assert {row["name"]: row["holds"] for row in part["kept"] if row["holds"]} == {
        "shop-web": ["shop-vpc"], "shop-worker": ["shop-vpc"], "shop-alb": ["shop-vpc"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("only", "keep", "problem"),
    [
        ("vcp", None, "workshop_only names vcp, which is no group and no stack of the workshop. Did you mean vpc"),
        (None, ["shop-ordres"], "workshop_keep names shop-ordres, which is no group and no stack of the workshop. Did"),
        (None, ["zzz"], "There are the groups services, alb, cluster, vpc, logs, tables."),
        (["tables"], ["shop-carts"], "workshop_only names shop-carts, which has to be kept: workshop_keep names it."),
        ("vpc", "alb", "workshop_only names shop-vpc, which has to be kept: shop-alb stands on it, which is kept."),
        (None, "services,tables", "Nothing of the workshop remains: workshop_keep keeps all of it."),
    ],
)
def test_what_can_not_be_meant_is_said(only: Any, keep: Any, problem: str):
    assert problem in part_problem(GROUPS, only, keep)
    assert part_problem(GROUPS, "tables", "vpc") == ""
