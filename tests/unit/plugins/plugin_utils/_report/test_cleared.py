# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was cleared so that stacks could go is in the report, with numbers."""

from __future__ import annotations

import json

import jsonschema
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body

from tests.judges.venv import CHECKOUT
from tests.unit.plugins.plugin_utils.report_samples import cleared, report, stack

PROTECTION = {"count": 1, "one": "deletion protection", "many": "deletion protections", "at_least": False}
ROWS = [
    cleared(),
    cleared(id="shop-logs", reason="Something writes to it.", amounts=[{**cleared()["amounts"][0], "count": 1}]),
    cleared(type="AWS::DynamoDB::Table", id="orders", amounts=[PROTECTION], put_back=True),
]


def made():
    return report({}, stacks=[stack("shop-vpc", cleared=ROWS), stack("shop-web", cleared=[])])


def test_it_is_data_as_the_schema_says():
    found = made()
    assert [(row["stack_name"], row["id"], row["put_back"]) for row in found["cleared"]] == [
        ("shop-vpc", "shop-assets", False),
        ("shop-vpc", "shop-logs", False),
        ("shop-vpc", "orders", True),
    ]
    jsonschema.validate(found, json.loads((CHECKOUT / "docs/report.schema.json").read_text(encoding="utf-8")))
    assert report({}, stacks=[stack("shop-vpc")])["cleared"] == []


def test_it_is_told_with_what_all_of_it_was():
    text = body(made(), {})
    assert (
        "  Cleared, as workshop_clear says: 1,205 objects:\n"
        "    bucket shop-assets: 1,204 objects, of stack shop-vpc\n"
        "    bucket shop-logs: 1 object, of stack shop-vpc, and not all of it: Something writes to it.\n"
        "    table orders: deletion protection, of stack shop-vpc, put back since the stack is there\n"
    ) in text


def test_it_is_on_the_page():
    shown = page(made()).decode()
    assert '<section id="cleared">' in shown and "bucket shop-assets: 1,204 objects, of stack shop-vpc" in shown
    assert '<section id="cleared">' not in page(report({}, stacks=[stack("shop-vpc")])).decode()
