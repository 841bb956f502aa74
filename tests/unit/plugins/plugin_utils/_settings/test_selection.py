# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said on the command line passes no workshop by."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.selection import selection_problem

UNSAID = {"subset": None, "tags": ["all"], "skip_tags": [], "start_at_task": None}


def problem(*patterns: str, called: bool = True, **given: Any) -> str:
    inventory = InventoryManager(DataLoader(), parse=False)
    for group, host in (("teachers", "anna"), ("teachers", "ben"), ("web", "web1")):
        inventory.add_group(group)
        for name in (group, "all"):
            inventory.add_host(host, group=name)
    return selection_problem(inventory, patterns, UNSAID | given, called)


@pytest.mark.parametrize("patterns", [("localhost",), ("teachers",), ("anna", "ben"), ("teachers:!ben",), ("all",)])
def test_hosts_that_are_there(patterns: tuple[str, ...]) -> None:
    assert problem(*patterns) == problem(*patterns, called=False) == ""


@pytest.mark.parametrize("patterns", [("typo",), ("teachers:&web",), ("anna:!anna",), ()])
def test_no_host_matches(patterns: tuple[str, ...]) -> None:
    for called in (True, False):
        said = problem(*patterns, called=called)
        assert said.startswith(f"No host of the inventory matches {', '.join(patterns)}, so"), said


def test_a_limit_leaves_some_or_none() -> None:
    assert problem("teachers", subset="anna") == problem("localhost", subset="localhost") == ""
    for subset in ("web", "typo"):
        assert problem("teachers", subset=subset).startswith("--limit leaves no host of teachers, so")
    assert problem("localhost", subset="web").startswith("--limit leaves no host of localhost, so")


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"tags": ["vpc"]}, "--tags"),
        ({"tags": ["all", "vpc"]}, "--tags"),
        ({"skip_tags": ["vpc"]}, "--skip-tags"),
        ({"start_at_task": "Delete the stacks"}, "--start-at-task"),
        ({"tags": ("vpc",), "skip_tags": ("logs",)}, "--tags and --skip-tags"),
    ],
)
def test_parts_would_be_left_out(given: dict[str, Any], options: str) -> None:
    assert problem("localhost", **given).startswith(f"{options} would leave out a part")


def test_in_a_larger_playbook_they_may_be_about_the_rest_of_it() -> None:
    assert problem("teachers", called=False, subset="web", tags=["deploy"], start_at_task="Deploy") == ""
