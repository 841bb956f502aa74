# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stacks seem to be one workshop, and that the scope of each takes in just these."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.groups import Workshop, grouped
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import Scope, matched
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackView

from ..made_stacks import part, stack_id


def view(name: str, tags: dict[str, str] | None = None, **more: str) -> StackView:
    return dataclasses.replace(part(name).view, tags=tags or {}, **more)


def group(views: list[StackView], *links: str, besides: tuple[str, ...] = ()) -> dict[str, Workshop]:
    """By name. Links are pairs of names. Whatever is found, each scope takes in its own stacks, and each is in one."""
    found = grouped(views, {frozenset(link.split()) for link in links}, besides)
    for item in found:
        assert item.scope.problem() == ""
        taken = {match.name for match in matched(item.scope, views).views} - set(besides)
        assert taken == set(item.stacks), item
    names = [name for item in found for name in item.stacks]
    assert len(names) == len(set(names))
    assert len(found) == len({item.name for item in found})
    return {item.name: item for item in found}


def views(text: str) -> list[StackView]:
    return [view(name) for name in text.split()]


def test_names_that_begin_alike() -> None:
    found = group(views("shop-net shop-api shop-web-a bank-net bank-web"))
    assert {name: item.scope for name, item in found.items()} == {"bank": Scope("bank-"), "shop": Scope("shop-")}
    assert found["shop"].by == "prefix" and found["shop"].stacks == ("shop-api", "shop-net", "shop-web-a")


@pytest.mark.parametrize(
    ("names", "links", "expected"),
    [
        ("shop-dev-net shop-dev-api shop-prod-net shop-prod-api", (), ["shop-dev", "shop-prod"]),
        ("shop-dev-net shop-dev-api", (), ["shop-dev"]),
        ("shop-svc-a shop-svc-b shop-db-a shop-db-b", ("shop-svc-a shop-db-b",), ["shop"]),
        ("shop-svc-a shop-svc-b shop-vpc", (), ["shop"]),
        ("shop shop-a shop-b", (), ["shop"]),
        ("shopping-a shop-a", (), ["shop-a", "shopping-a"]),
    ],
)
def test_how_far_names_are_alike(names: str, links: tuple[str, ...], expected: list[str]) -> None:
    assert list(group(views(names), *links)) == expected


def test_a_beginning_that_is_too_short_is_no_scope() -> None:
    assert [item.scope for item in group(views("a-net a-api")).values()] == [
        Scope(names=("a-api",)),
        Scope(names=("a-net",)),
    ]


def test_a_tag_holds_over_names() -> None:
    blue, green = {"Workshop": "blue"}, {"Workshop": "green", "project": "blue"}
    found = group([view("x-net", blue), view("y-api", blue), view("x-web", green), view("x-a"), view("x-b")])
    assert {name: item.stacks for name, item in found.items()} == {
        "blue": ("x-net", "y-api"),
        "green": ("x-web",),
        "x-a": ("x-a",),
        "x-b": ("x-b",),
    }
    assert found["blue"].scope == Scope(tags=blue) and found["blue"].by == "tag"


def test_stacks_of_others_are_excepted() -> None:
    found = group([view("shop-a"), view("shop-b"), view("shop-c"), view("shop-x", {"project": "other"})])
    assert found["shop"].scope == Scope("shop-", excepted=("shop-x",))


def test_short_values_of_tags_say_nothing() -> None:
    assert {item.by for item in group([view("net", {"project": "a"}), view("api", {"project": "a"})]).values()} == {
        "alone"
    }


def test_edges_put_together_what_nothing_else_does() -> None:
    found = group(views("base web jobs lonely"), "base web", "web jobs")
    assert found["base"].stacks == ("base", "jobs", "web") and found["base"].by == "edges"
    assert found["base"].scope == Scope(names=("base", "jobs", "web"))
    assert found["lonely"].by == "alone"


def test_what_has_edges_with_one_workshop_alone_joins_it() -> None:
    found = group(views("shop-net shop-api bank-net bank-api web between"), "shop-net web", "shop-net between bank-net")
    assert found["shop"].joined == ("web",) and found["shop"].scope == Scope("shop-", names=("web",))
    found = group(views("shop-net shop-api bank-net bank-api both"), "shop-net both", "bank-api both")
    assert found["both"].by == "alone" and found["both"].linked == ("bank-api", "shop-net")
    assert found["shop"].linked == found["bank"].linked == ("both",) and found["shop"].joined == ()


def test_what_is_of_no_workshop() -> None:
    nested = view("shop-net-inner", root_id=stack_id("shop-net"))
    found = group([*views("CDKToolkit aws-notes shop-net shop-api shop-boot"), nested], besides=("shop-boot",))
    assert list(found) == ["shop"] and found["shop"].scope == Scope("shop-")
