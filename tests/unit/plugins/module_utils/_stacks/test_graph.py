# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import GraphError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import check
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import lengths_behind
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
