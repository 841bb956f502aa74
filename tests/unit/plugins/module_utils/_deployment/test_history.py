# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.history import WayBack
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.history import way_back
from hypothesis import given
from hypothesis import strategies as st


def same(one: str, other: str) -> bool:
    """A and A2 are copies."""
    return one[0] == other[0]


@pytest.mark.parametrize(
    ("current", "ran", "way"),
    [
        ("A", [], WayBack()),
        ("A", ["A"], WayBack()),
        ("A", ["A", "A", "A2"], WayBack()),
        ("B", ["B", "A"], WayBack("A")),
        ("B", ["B", "B", "A"], WayBack("A")),
        ("B", ["A"], WayBack("A")),  # B has failed and is still wanted
        ("A", ["A", "B", "A"], WayBack(already="B")),
        ("A2", ["A2", "B", "A"], WayBack(already="B")),  # A was INACTIVE, A2 is its copy
        ("C", ["C", "A", "B", "A"], WayBack("A")),
        ("A", ["A", "C", "A", "B", "A"], WayBack(already="C")),
        ("B", ["A", "B"], WayBack("A")),  # B was tried again and failed
    ],
)
def test_ways_back(current, ran, way):
    assert way_back(current, ran, same) == way


@given(st.lists(st.sampled_from(["A", "A2", "B", "C", "D"]), min_size=1, max_size=8))
def test_to_go_back_twice_is_to_go_back_once(ran):
    way = way_back(ran[0], ran, same)
    assert not (way.definition and way.already)
    if way.definition:
        assert not same(way.definition, ran[0]) and way.definition in ran
        again = way_back(way.definition, [way.definition, *ran], same)
        assert again == WayBack(already=ran[0])
