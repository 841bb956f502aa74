# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stacks belong to a scope."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import Scope, doubles, matched
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackView

from ..made_stacks import stack_id

OF_STACK_SET = "StackSet-shop-0f8fad5b-d9cb-469f-a165-70867728950e"


def view(name: str, **details: Any) -> StackView:
    return StackView(stack_id(name), name, "CREATE_COMPLETE", **details)


def names(scope: Scope, *views: StackView) -> list[str]:
    return [item.name for item in matched(scope, views).views]


def left_out(scope: Scope, *views: StackView) -> dict[str, str]:
    return {item.stack: item.because for item in matched(scope, views).left_out}


def test_a_stack_belongs_that_any_part_of_the_scope_takes_in() -> None:
    views = [
        view("shop-b"),
        view("shop-a"),
        view("tagged", tags={"workshop": "shop", "stage": "dev"}),
        view("half", tags={"workshop": "shop"}),
        view("named"),
        view("bank"),
    ]
    scope = Scope("shop-", {"workshop": "shop", "stage": "dev"}, ("named", "shop-a"), ("shop-b",))
    assert names(scope, *views) == ["named", "shop-a", "tagged"]
    assert not left_out(scope, *views)
    assert left_out(Scope(names=("gone",)), *views) == {"gone": "there is no such stack"}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(), "no stack"),
        (Scope("sh"), "scope.prefix is 'sh'"),
        (Scope("shop-", {"stage": "qa"}), "scope.tags has stage: 'qa'"),
        (Scope("sho"), ""),
        (Scope("", {"id": "dev"}), ""),
        (Scope(names=("a",)), ""),
    ],
)
def test_what_says_too_little_is_refused(scope: Scope, said: str) -> None:
    assert said in scope.problem() and bool(said) == bool(scope.problem())


@pytest.mark.parametrize(
    "name",
    [
        "CDKToolkit",
        "StackSet-shop",
        "aws-shop",
        "AWSControlTowerBP-BASELINE",
        "AWSAccelerator-NetworkStack",
        "awscfncli-shop",
        "awseb-e-shop-stack",
        "SC-123456789012-pp-abcdefghijkl2",
        "AWS-Landing-Zone",
    ],
)
def test_what_prepares_an_account_belongs_only_if_it_is_named(name: str) -> None:
    tagged = view(name, tags={"workshop": "shop"})
    scope = Scope(tags={"workshop": "shop"})
    assert not names(scope, tagged)
    assert left_out(scope, tagged)[name].endswith("name it in scope.names if it is to go")
    assert names(Scope(names=(name,)), tagged) == [name]


def test_what_a_stack_set_makes_is_refused_if_it_is_named() -> None:
    made = view(OF_STACK_SET)
    found = matched(Scope("StackSet-"), [made])
    assert not found.views and not found.refused and "would make it again" in found.left_out[0].because
    found = matched(Scope(names=(OF_STACK_SET,)), [made])
    assert not found.views and found.refused[0].stack == OF_STACK_SET


def test_a_nested_stack_is_told_only_if_it_is_named() -> None:
    nested = view("shop-a-Inner-X", root_id=stack_id("shop-a"))
    assert names(Scope("shop-"), view("shop-a"), nested) == ["shop-a"]
    assert not left_out(Scope("shop-"), nested)
    told = left_out(Scope(names=("shop-a-Inner-X",)), nested)
    assert told == {"shop-a-Inner-X": "it is nested in shop-a, with which alone it goes"}


def test_names_that_are_given_twice() -> None:
    assert doubles(["b", "a", "b"]) == ["b"]
    assert names(Scope("shop-", names=("shop-a",)), view("shop-a")) == ["shop-a"]
