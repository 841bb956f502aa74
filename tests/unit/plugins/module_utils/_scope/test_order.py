# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From edges to an order."""

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import (
    OrderError,
    Said,
    ordered,
    reduced,
)
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Edge, Found

from ..made_stacks import stack


def edge(stack_name: str, after: str, certain: bool = True, signal: str = "literal") -> Edge:
    return Edge(stack_name, after, signal, "It", f"{after} uses {stack_name}", certain)


def order(*edges: Edge, days: str = "abcd", said: tuple[Said, ...] = ()):
    """Of the stacks a to d, made in the order of ``days``."""
    stacks = [stack(name, day=days.index(name)) for name in sorted(days)]
    return ordered(stacks, Found(edges), said)


def test_levels_are_as_few_as_can_be() -> None:
    found = order(edge("a", "b"), edge("b", "c"), edge("a", "d"))
    assert found.levels == (("c", "d"), ("b",), ("a",))
    assert found.after("a") == ["b", "d"] and found.after("c") == []


def test_what_certainly_waits_for_each_other_is_refused_with_its_evidence() -> None:
    with pytest.raises(OrderError) as caught:
        order(edge("a", "b"), edge("b", "c"), edge("c", "a"))
    assert "Stacks wait for each other: a after b after c after a." in str(caught.value)
    assert "b after c: c uses b" in str(caught.value) and "not_after: [b]" in str(caught.value)


def test_a_weak_edge_that_would_close_a_circle_is_dropped_with_a_warning() -> None:
    found = order(edge("a", "b"), edge("b", "c"), edge("c", "a", certain=False))
    assert [(item.edge.stack, item.edge.after) for item in found.dropped] == [("c", "a")]
    assert found.levels == (("c", "d"), ("b",), ("a",))
    assert found.warnings == ("c does not wait for a, or stacks would wait for each other: a uses c.",)


def test_two_weak_edges_that_close_a_circle_are_dropped_and_age_decides() -> None:
    both = edge("a", "b", certain=False), edge("b", "a", certain=False)
    found = order(*both)
    assert len(found.dropped) == 2 and len(found.warnings) == 2
    assert [(item.stack, item.after, item.signal, item.certain) for item in found.edges] == [
        ("a", "b", "created", False)
    ]
    assert order(*both, days="bacd").after("b") == ["a"]


def test_a_weak_edge_outside_the_circle_stays() -> None:
    found = order(edge("a", "b", False), edge("b", "a", False), edge("c", "a", False))
    assert found.after("c") == ["a"]


def test_age_is_told_where_it_contradicts() -> None:
    assert order(edge("a", "b")).warnings == ()
    found = order(edge("b", "a"))
    assert found.warnings == ("b goes after a, although it was made later: a uses b.",)
    assert found.after("b") == ["a"]


def test_what_the_user_says_holds() -> None:
    found = order(edge("a", "b"), said=(Said("c", ("d",)), Said("a", (), ("b",))))
    assert found.levels == (("a", "b", "d"), ("c",))
    assert [(item.edge.stack, item.edge.after, item.because) for item in found.dropped] == [("a", "b", "order says so")]
    assert order(edge("a", "b"), edge("b", "a"), said=(Said("b", (), ("a",)),)).after("a") == ["b"]
    with pytest.raises(OrderError, match="wait for each other"):
        order(edge("a", "b"), said=(Said("b", ("a",)),))


def test_what_follows_from_others_need_not_be_shown() -> None:
    edges = [edge("a", "b"), edge("b", "c"), edge("a", "c"), edge("a", "b", signal="export")]
    shown = [(item.stack, item.after, item.signal) for item in reduced(edges)]
    assert shown == [("a", "b", "export"), ("b", "c", "literal")]
