# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelled variables are told from a user's own ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.variables import Names, names_of, strangers

CHECKOUT = Path(__file__).parents[5]


@pytest.fixture(scope="module")
def names() -> Names:
    return names_of(str(CHECKOUT))


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("workshop_acount_id", "workshop_account_id"),
        ("workshop_wait_time_out", "workshop_wait_timeout"),
        ("workshop_Region", "workshop_region"),
        ("WORKSHOP_NAME", "workshop_name"),
        ("worskhop_region", "workshop_region"),
        ("workshopname", "workshop_name"),
        ("workshop_retain", "workshop_retain_on_failure"),
        ("alb_stack", "alb_stacks"),
        ("ecs_services_wait_timout", "ecs_services_wait_timeout"),
        ("leftover_settle", "leftovers_settle"),
    ],
)
def test_the_name_that_was_meant_is_named(names: Names, variable: str, meant: str) -> None:
    assert strangers({variable: 1}, names) == ([f"There is no variable {variable}. Did you mean {meant}?"], [])


def test_what_is_like_nothing_is_let_pass_with_a_note_under_our_own_prefix(names: Names) -> None:
    for variable in ("workshop_colour", "workshop_instructor", "workshop_id"):
        problems, (note,) = strangers({variable: 1}, names)
        assert problems == [] and note.startswith(f"{variable} is none of this collection's variables")
    own = ("vpc_id", "vpc_cidr", "alb_name", "logs_bucket", "report_email", "workspace_name", "shop_name",
           "status_page", "dynamodb_table", "ansible_workshop_name", "region", "groups")  # fmt: skip
    assert strangers(dict.fromkeys(own), names) == ([], [])


def test_results_of_tasks_may_have_any_name(names: Names) -> None:
    assert strangers({"workshop_state": {"changed": False, "failed": False, "stacks": []}}, names) == ([], [])
    assert strangers({"workshop_state": {"changed": False}}, names) != ([], [])


def test_every_variable_of_ours_is_known(names: Names) -> None:
    """Those of the roles, and the facts and results that roles and playbooks keep."""
    kept = set()
    for path in (*CHECKOUT.glob("roles/*/defaults/**/*.yml"), *CHECKOUT.glob("roles/*/vars/main.yml")):
        kept.update(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    for path in CHECKOUT.glob("roles/*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            kept.update(entry.get("options") or {})
    ours = {name: 1 for name in kept if not name.startswith("ansible_")}
    assert len(ours) > 50 and strangers(ours, names) == ([], [])
    assert {name for name in ours if name.startswith("workshop_")} <= names.known
