# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No row of what can be cleared is missing in the documentation and in the policy, and nothing else is in them."""

from __future__ import annotations

import re

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import clearable
from tests.docs.clearing import NUKED, OTHERS, PAGE, README, READS, SYMPTOMS, contents, made, policies, protections

# Reads of a directory bucket take a session: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
OPENS = ("s3express:CreateSession",)
COMMAND = "write it anew: .venv/bin/python -m tests.house"


def test_policies_and_page_are_as_the_rows_say() -> None:
    for path, text in made():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: {COMMAND}"


def test_every_row_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in clearable() if f"`{name}`" not in text] == []
    assert {row.name for row in (*contents(), *protections())} == set(clearable())


def test_every_row_says_where_aws_says_so_what_is_lost_and_what_it_takes() -> None:
    for row in contents():
        assert row.clearing and row.clearing.lost and row.clearing.detects and row.clearing.clears, row.name
        assert re.match(r"https://docs\.aws\.amazon\.com/", row.clearing.source), row.name
    assert [row.name for row in protections() if row.protection and not row.protection.switches] == []


def test_to_see_takes_no_action_that_changes_anything() -> None:
    looks = [action for row in contents() if row.clearing for action in row.clearing.detects]
    assert [action for action in looks if not _reads(action)] == []
    see, clear = ({action for row in policy["Statement"] for action in row["Action"]} for policy in policies())
    assert [action for action in see if not _reads(action)] == []
    assert see and clear and not see & clear


def _reads(action: str) -> bool:
    return action.split(":")[1].startswith(READS) or action in OPENS


def test_what_is_known_of_other_tools_and_of_words_is_of_types_of_which_something_is_cleared() -> None:
    known = {row.name for row in contents()}
    assert len(known & set(OTHERS)) > 2 and len(known & set(SYMPTOMS)) > 5
    assert set(OTHERS) <= known and set(NUKED) <= known


def test_the_readme_says_for_each_type_what_is_seen_and_by_whom_else() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `AWS::")]
    rows = {cells[0].strip("`"): cells[1:] for cells in table if len(cells) == 5}
    assert rows.keys() == {row.name for row in contents()}
    for row in contents():
        lost = row.clearing.lost if row.clearing else ""
        assert rows[row.name] == [lost, "yes", OTHERS.get(row.name, ""), NUKED.get(row.name, "")]
