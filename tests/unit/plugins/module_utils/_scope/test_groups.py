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
    """By name. Links are the names of a stack that is used and of those that use it.

    Whatever is found, each scope takes in its own stacks, and each is in one.
    """
    pairs = {(used, user) for used, *users in map(str.split, links) for user in users}
    found = grouped(views, {(used, user): f"{user} uses {used}" for used, user in pairs}, besides)
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
        ("shop-dev-a shop-dev-b shop-devices", ("shop-dev-a shop-dev-b",), ["shop-dev", "shop-devices"]),
        ("shop-dev-a shop-dev-b shop-vpc", ("shop-dev-a shop-dev-b", "shop-vpc shop-dev-a"), ["shop"]),
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
    assert found["base"].joined == {"base": "web uses base", "jobs": "jobs uses web", "web": "jobs uses web"}
    assert found["base"].stacks == ("base", "jobs", "web") and found["base"].by == "edges"
    assert found["base"].scope == Scope(names=("base", "jobs", "web"))
    assert found["lonely"].by == "alone"


def test_what_has_edges_with_one_workshop_alone_joins_it() -> None:
    found = group(views("shop-net shop-api bank-net bank-api web"), "shop-net web")
    assert found["shop"].joined == {"web": "web uses shop-net"}
    assert found["shop"].scope == Scope("shop-", names=("web",))
    found = group(views("shop-net shop-api bank-net bank-api both"), "shop-net both", "both bank-api")
    assert found["both"].by == "alone" and found["both"].linked == ("bank-api", "shop-net")
    assert found["shop"].linked == found["bank"].linked == ("both",) and found["shop"].joined == {}


def test_a_group_that_one_other_alone_uses_is_of_that_one() -> None:
    names = views("walk-net walk-zone walk-front play-cluster play-service other-a other-b")
    found = group(names, "walk-net walk-front", "walk-front play-service", "play-cluster play-service")
    assert list(found) == ["other", "walk"]
    assert found["walk"].scope == Scope("walk-", names=("play-cluster", "play-service"))
    assert found["walk"].joined == {
        "play-cluster": "play-service uses play-cluster",
        "play-service": "play-service uses walk-front",
    }


def test_a_group_that_several_use_is_of_none_of_them() -> None:
    names = views("net-a net-b shop-a shop-b bank-a bank-b")
    found = group(names, "net-a net-b", "net-a shop-a", "net-b bank-b", "shop-a shop-b")
    assert list(found) == ["bank", "net", "shop"]
    assert found["net"].linked == ("bank-b", "shop-a")


def test_tags_are_not_put_together_by_what_uses_what() -> None:
    found = group([view("a-net", {"project": "one"}), view("b-api", {"project": "two"})], "a-net b-api")
    assert list(found) == ["one", "two"] and found["one"].linked == ("b-api",)
    tagged = [view("a-api", {"project": "one"}), view("a-web", {"project": "one"})]
    found = group([*tagged, *views("base-net base-dns")], "base-net a-api base-dns")
    assert found["one"].stacks == ("a-api", "a-web", "base-dns", "base-net") and found["one"].by == "tag"


def test_what_uses_a_stack_says_more_than_the_beginning_of_its_name() -> None:
    tagged = [view("acme", {"workshop": "saas"}), view("globex", {"workshop": "saas"})]
    found = group([*tagged, *views("core-net core-billing")], "core-net acme globex")
    assert found["saas"].joined == {"core-net": "acme uses core-net"} and found["core-billing"].by == "alone"
    found = group([*tagged, *views("core-net core-billing core-dns")], "core-net acme globex")
    assert found["core"].stacks == ("core-billing", "core-dns")
    assert found["core"].scope == Scope("core-", excepted=("core-net",))
    found = group([*tagged, *views("core-net core-billing")], "core-net acme", "core-net core-billing")
    assert found["saas"].stacks == ("acme", "core-billing", "core-net", "globex")


def test_a_tag_is_the_same_however_its_key_is_written() -> None:
    views = [view("a", {"Workshop": "blue"}), view("b", {"workshop": "blue"}), view("c", {"workshop": "blue"})]
    (found,) = group(views).values()
    assert found.scope == Scope(tags={"workshop": "blue"}, names=("a",))


def test_what_is_of_no_workshop() -> None:
    nested = view("shop-net-inner", root_id=stack_id("shop-net"))
    found = group([*views("CDKToolkit aws-notes shop-net shop-api shop-boot"), nested], besides=("shop-boot",))
    assert list(found) == ["shop"] and found["shop"].scope == Scope("shop-")
