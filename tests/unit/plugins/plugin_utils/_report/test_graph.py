# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order the stacks went: as data, and as it is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.graph import WIDTH, graph
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page

from tests.unit.plugins.plugin_utils.report_samples import HOSTILE, live, report, stack


def edge(name: str, after: str, evidence: str = "so it is", certain: bool = True) -> dict[str, Any]:
    row = {"stack": name, "after": after, "signal": "parameter", "where": "It.Any"}
    return row | {"evidence": evidence, "certain": certain}


def ordered(after: dict[str, list[str]], *edges: dict[str, Any], **of: dict[str, Any]) -> dict[str, Any]:
    """The report on stacks that went in this order."""
    rows = [stack(name, after=needs, **of.get(name, {})) for name, needs in after.items()]
    left = [live(row["name"], row["status"]) for row in rows if row["outcome"] not in ("gone", "absent")]
    groups = [{"group": "vpc", "phase": 1, "stacks": list(after)}]
    return report({"stacks": left}, stacks=rows, groups=groups, tasks=[], order={"edges": list(edges)})


NET = {"api": [], "web": [], "data": ["api"], "net": ["data", "web", "api"]}


def test_the_order_is_told_without_what_follows_from_it() -> None:
    found = ordered(NET, edge("net", "web", certain=False), edge("net", "api"), edge("data", "other"))["order"]
    assert found["levels"] == [["api", "web"], ["data"], ["net"]]
    assert found["edges"] == [
        {"stack": "data", "after": "api", "evidence": "", "certain": True},
        {"stack": "net", "after": "data", "evidence": "", "certain": True},
        {"stack": "net", "after": "web", "evidence": "so it is", "certain": False},
    ]


def test_of_stacks_that_were_not_there_no_order_is_told() -> None:
    found = ordered(NET, web={"outcome": "absent"}, data={"outcome": "absent"})["order"]
    assert found["levels"] == [["api"], ["net"]]
    assert [(row["stack"], row["after"]) for row in found["edges"]] == [("net", "api")]


@pytest.mark.parametrize("after", [{"a": [], "b": []}, {"a": ["b"], "b": ["a"]}])
def test_nothing_is_drawn_of_stacks_without_an_order(after: dict[str, list[str]]) -> None:
    made = ordered(after)
    assert made["order"] == {"levels": [], "edges": []} and graph(made) is None
    assert 'id="order"' not in page(made).decode()


def test_who_goes_first_is_further_to_the_left() -> None:
    named = {f"shop-dev-{name}": [f"shop-dev-{other}" for other in needs] for name, needs in NET.items()}
    drawn = graph(ordered(named))
    assert drawn is not None
    places = {node["label"]: (node["x"], node["y"]) for node in drawn["nodes"]}
    assert places["api"][0] == places["web"][0] < places["data"][0] < places["net"][0]
    assert len(set(places.values())) == 4 and drawn["start"] == "shop-dev-"
    assert drawn["width"] <= WIDTH and drawn["levels"] == 3


def test_stacks_that_are_tied_to_none_take_no_place() -> None:
    drawn = graph(ordered({**NET, "alone": []}))
    assert drawn is not None and drawn["alone"] == ["alone"]
    assert "alone" not in {node["name"] for node in drawn["nodes"]}
    assert "Tied to none: alone" in page(ordered({**NET, "alone": []})).decode()


def test_edges_cross_no_more_than_they_must() -> None:
    """Each goes straight to what is alike far down."""
    pairs = {f"z{number}": [f"a{9 - number}"] for number in range(10)}
    drawn = graph(ordered({**{f"a{number}": [] for number in range(10)}, **pairs}))
    assert drawn is not None
    rows = {node["name"]: node["y"] for node in drawn["nodes"]}
    assert all(rows[name] == rows[other] for name, (other,) in pairs.items())


def test_what_held_others_up_is_told_from_the_rest() -> None:
    made = ordered(
        NET,
        data={"outcome": "failed", "status": "DELETE_FAILED"},
        net={"outcome": "skipped", "status": "CREATE_COMPLETE", "began": None},
    )
    drawn = graph(made)
    assert drawn is not None
    assert {node["name"]: node["state"] for node in drawn["nodes"]} == {
        "api": "gone",
        "web": "gone",
        "data": "failed",
        "net": "left",
    }
    assert [(row["stack"], row["after"]) for row in drawn["edges"] if row["held"]] == [("net", "data")]


def test_sixty_stacks_fit_on_the_page() -> None:
    names = [[f"shop-dev-{level}-{number}" for number in range(15)] for level in range(4)]
    after = {name: names[level - 1][:2] if level else [] for level, several in enumerate(names) for name in several}
    drawn = graph(ordered(after))
    assert drawn is not None and drawn["width"] <= WIDTH and drawn["height"] < 900


def test_long_and_hostile_names_are_shown_short_and_escaped() -> None:
    name = f"shop-{HOSTILE}"
    made = ordered({name: [], "x" * 128: [name]}, edge("x" * 128, name, HOSTILE, certain=False))
    text = page(made).decode()
    assert "<script>" not in text and "alert(1)" in text and "\x1b" not in text
    drawn = graph(made)
    assert drawn is not None and all(len(node["label"]) <= 34 for node in drawn["nodes"])
    assert "(perhaps)" in text and 'class="edge perhaps"' in text
