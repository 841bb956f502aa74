# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lists the kinds of leftovers without being able to ask the rows for them."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.workshop.lifecycle.plugins.modules import workshop_leftovers
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.judges.venv import CHECKOUT


def test_the_role_takes_the_kinds_that_there_are() -> None:
    text = (CHECKOUT / "roles/workshop/meta/argument_specs.yml").read_text(encoding="utf-8")
    option = yaml.safe_load(text)["argument_specs"]["main"]["options"]["workshop_leftovers"]
    assert sorted(option["choices"]) == sorted(KINDS) and set(option["default"]) <= set(KINDS)


def test_the_module_documents_the_kinds_that_there_are() -> None:
    options = yaml.safe_load(workshop_leftovers.DOCUMENTATION)["options"]
    assert options["leftovers"]["suboptions"]["kind"]["choices"] == sorted(KINDS)


@pytest.mark.parametrize("page", ["README.md", "roles/workshop/README.md", "docs/report.schema.json"])
def test_pages_name_the_kinds_that_there_are(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if kind not in text] == []


def test_no_two_rows_are_for_the_same() -> None:
    arns = [row.arn for row in TYPES.values() if row.arn]
    assert len(arns) == len(set(arns))
