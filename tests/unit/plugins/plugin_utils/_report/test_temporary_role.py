# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that was made for a run is in the report, with what became of it."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body

from tests.judges.venv import CHECKOUT
from tests.unit.plugins.plugin_utils.report_samples import report, stack

ROLE = {"name": "made", "arn": "arn:role/made", "policies": ["arn:policy/p"], "stacks": ["shop-vpc"], "reason": ""}
WORDS = "Role made: made with arn:policy/p for shop-vpc, and "


@pytest.mark.parametrize(("removed", "end"), [(True, "removed"), (False, "STILL THERE")])
def test_it_is_told_with_its_policies_and_its_end(removed, end):
    found = report({}, stacks=[stack("shop-vpc")], temporary_role={**ROLE, "removed": removed})
    jsonschema.validate(found, json.loads((CHECKOUT / "docs/report.schema.json").read_text(encoding="utf-8")))
    assert found["temporary_role"] == {**ROLE, "removed": removed}
    assert f"  {WORDS}{end}\n" in body(found, {}) + "\n"
    assert WORDS + end in page(found).decode()


def test_one_of_an_earlier_run_had_no_stacks_of_this_one():
    found = report({}, stacks=[stack("shop-vpc")], temporary_role={**ROLE, "stacks": [], "removed": True})
    assert "  Role made: removed" in body(found, {})


def test_none_is_said_where_none_was_made():
    found = report({}, stacks=[stack("shop-vpc")])
    assert found["temporary_role"] is None and "Role " not in body(found, {})
    assert '<section id="role">' not in page(found).decode()
