# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import GraphError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import check
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import lengths_behind
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import phases_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackSpec


def specs(**after):
    return [StackSpec(name, tuple(others)) for name, others in after.items()]


def test_a_sound_list_passes():
    check(specs(a=[], b=["a"], c=["a", "b"]))
    check([])


@pytest.mark.parametrize(
    ("stacks", "words"),
    [
        (specs(a=["zzz"]), "a comes after zzz"),
        ([StackSpec("a"), StackSpec("a")], "more than once: a"),
        (specs(a=["a"]), "a after a"),
        (specs(a=["c"], b=["a"], c=["b"], d=[]), "a after c after b after a"),
    ],
)
def test_refused(stacks, words):
    with pytest.raises(GraphError, match=words):
        check(stacks)


@pytest.mark.parametrize("name", ["", "shop-*", "a b", "-a", "1a", "a" * 129, "../a", "müll", "a\n"])
def test_names_that_no_stack_can_have(name):
    with pytest.raises(GraphError, match="is not a stack name"):
        check([StackSpec(name)])


def test_how_many_go_one_after_the_other_behind_each():
    edges = {"web": [], "api": [], "map": ["web", "api"], "vpc": ["map", "web"], "logs": ["vpc"], "table": ["gone"]}
    assert lengths_behind(edges) == {"web": 3, "api": 3, "map": 2, "vpc": 1, "logs": 0, "table": 0}


def test_a_long_chain_is_no_deep_recursion():
    edges = {"s0": []} | {f"s{number}": [f"s{number - 1}"] for number in range(1, 5000)}
    assert lengths_behind(edges)["s0"] == 4999


GROUPS = [
    {"group": "network", "after": ["services", "alb", "empty"], "stacks": [{"name": "vpc", "only_when": ["free"]}]},
    {"group": "services", "stacks": ["web", {"name": "api", "after": ["web"], "group": "other"}]},
    {"group": "alb", "after": ["services"], "of_which": ["web", "elsewhere"], "stacks": ["alb"]},
    {"group": "empty", "after": ["alb"], "stacks": []},
    {"group": "logs", "after": ["network"], "stacks": [{"name": "logs", "after": ["web"]}]},
]


def test_the_stacks_of_groups_come_after_all_stacks_of_the_groups_before():
    assert stacks_of(GROUPS) == [
        {"name": "vpc", "group": "network", "after": ["web", "api", "alb"], "only_when": ["free"]},
        {"name": "web", "group": "services", "after": []},
        {"name": "api", "group": "services", "after": ["web"]},
        {"name": "alb", "group": "alb", "after": ["web"]},
        {"name": "logs", "group": "logs", "after": ["web", "vpc"]},
    ]
    assert GROUPS[1]["stacks"][1]["group"] == "other", "what is given is not changed"


@pytest.mark.parametrize("which", [None, [], ["elsewhere"], ["alb"]])
def test_all_are_waited_for_where_none_of_those_named_is_there(which):
    groups = [{"group": "services", "stacks": ["web", "api"]},
              {"group": "alb", "after": ["services"], "of_which": which, "stacks": ["alb"]}]  # fmt: skip
    assert stacks_of(groups)[2]["after"] == ["web", "api"]


def test_phases_are_one_more_than_what_comes_before_and_may_be_given():
    assert phases_of(GROUPS) == {"network": 4, "services": 1, "alb": 2, "empty": 3, "logs": 5}
    given = [{**group, "phase": 7 if group["group"] == "alb" else None} for group in GROUPS]
    assert phases_of(given) == {"network": 9, "services": 1, "alb": 7, "empty": 8, "logs": 10}
    assert phases_of([]) == {} and stacks_of([]) == []


@pytest.mark.parametrize("function", [stacks_of, phases_of])
@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([{"group": "vpc", "after": ["servces"]}, {"group": "services"}], "vpc comes after servces.*mean services[?]"),
        ([{"group": "vpc", "after": ["x"]}, {"group": "services"}], "vpc comes after x.*There are vpc, services"),
        ([{"group": "a"}, {"group": "a"}], "Groups given more than once: a"),
        ([{"group": "a", "after": ["b"]}, {"group": "b", "after": ["a"], "phase": 1}], "each other: a after b after a"),
    ],
)
def test_refused_groups(function, groups, words):
    with pytest.raises(GraphError, match=words):
        function(groups)


@pytest.mark.parametrize("stack", [{}, 1, None, {"name": None}])
def test_a_stack_without_a_name(stack):
    with pytest.raises(GraphError, match="Group a: a stack is its name"):
        stacks_of([{"group": "a", "stacks": [stack]}])
