# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import trees
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.way import ROWS
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.way import faulty_way
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.way import path
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.way import waterfall

from tests.unit.plugins.module_utils._diagnosis.test_entities import document


def two_borne():
    """A site that bears that two services failed, of which one sends no segment of the table that it calls."""
    calls = [document(f"c{name}", name, namespace="remote", fault=True) for name in ("orders", "prices")]
    table = document("t", "DynamoDB", namespace="aws", fault=True)
    inferred = document("i", "DynamoDB", "t", inferred=True, fault=True)
    return trees([document("1", "site", subsegments=calls), document("2", "orders", "corders", fault=True),
                  document("3", "prices", "cprices", error=True, subsegments=[table]), inferred])  # fmt: skip


def test_the_way_is_the_one_through_the_service():
    roots = two_borne()
    assert [entity.name for entity in faulty_way(roots, "prices")] == ["prices", "DynamoDB", "DynamoDB"]
    assert [entity.name for entity in faulty_way(roots, "orders")] == ["orders"]
    assert [entity.name for entity in faulty_way(roots, "another")] == ["orders"]
    assert faulty_way([], "orders") == [] and path([], []) == []


def test_what_is_told_twice_is_one_row():
    roots = two_borne()
    rows = waterfall(roots, faulty_way(roots, "prices"))
    assert [(row["depth"], row["name"], row["faulty"]) for row in rows] == [
        (0, "site", False), (1, "orders", False), (1, "prices", True), (2, "DynamoDB", True),
    ]  # fmt: skip
    told = [(row["depth"], row["name"], row["faulty"]) for row in path(roots, faulty_way(roots, "prices"))]
    assert told == [(row["depth"], row["name"], row["faulty"]) for row in rows]


def test_a_path_shows_a_few_calls_beside_the_one_that_failed_and_a_waterfall_some_rows():
    calls = [document(f"{number:03}", f"call{number}", namespace="remote") for number in range(90)]
    failed = document("f", "last", namespace="remote", fault=True)
    roots = trees([document("1", "api", fault=True, subsegments=[*calls, failed])])
    assert len(path(roots, faulty_way(roots, "api"))) == 7
    assert len(waterfall(roots, [])) == ROWS


def test_where_nothing_failed_the_way_goes_to_what_took_longest():
    call = document("2", "api", namespace="remote", end=4.0)
    table = document("t", "DynamoDB", namespace="aws", start=0.5, end=3.9)
    roots = trees([document("1", "site", end=4.2, subsegments=[call]),
                   document("3", "api", "2", end=4.0, subsegments=[table]),
                   document("0", "other", start=9.0, end=9.1)])  # fmt: skip
    assert [entity.name for entity in faulty_way(roots, "api")] == ["site", "api", "api", "DynamoDB"]
