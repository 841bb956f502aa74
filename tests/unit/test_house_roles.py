# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every role states its variables in three places: defaults, argument specs, README. They have to agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.judges.venv import CHECKOUT

ROLES = sorted(path for path in (CHECKOUT / "roles").iterdir() if path.is_dir())
HEADINGS = ("variable",)
TABLE = "_workshop_written_groups"


def defaults_of(role: Path) -> dict[str, Any]:
    return yaml.safe_load((role / "defaults/main.yml").read_text(encoding="utf-8")) or {}


def options_of(role: Path) -> dict[str, dict[str, Any]]:
    """The options of all entry points of a role."""
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    return {name: option for entry in specs.values() for name, option in (entry.get("options") or {}).items()}


def table_of(readme: Path) -> dict[str, str]:
    """Variable and default of each row of the tables whose first column is headed ``variable``."""
    found: dict[str, str] = {}
    column = None
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            column = None
        elif cells[0] in HEADINGS:
            column = cells.index("default")
        elif column is not None and not set(line) <= set("|-: "):
            found |= {name: cells[column] for name in re.findall(r"`(\w+)`", cells[0])}
    return found


def is_derived(value: object) -> bool:
    """Whether a default is computed from another variable."""
    return "{{" in str(value)


def is_shown(cell: str, value: Any) -> bool:
    """Whether a table's cell shows this default: nothing for none, else in backticks, lists item by item or as YAML."""
    quoted = re.findall(r"`([^`]*)`", cell)
    if value in (None, ""):
        return cell in ("", "–", "-", '`""`')
    loaded = [yaml.safe_load(text) for text in quoted]
    return loaded == [value] or loaded == value


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_role_is_complete(role: Path) -> None:
    needed = ("README.md", "defaults", "meta/argument_specs.yml", "meta/main.yml", "tasks/main.yml")
    assert [name for name in needed if not (role / name).exists()] == []


def test_the_playbooks_hand_on_the_rows_of_each_stack_groups_role() -> None:
    """In one table and one list of imports, neither of which forgets a group."""
    groups = yaml.safe_load((CHECKOUT / "playbooks/vars/groups.yml").read_text(encoding="utf-8"))[TABLE]
    assert {row["group"]: row["stacks"] for row in groups} == {
        role.name: f"{{{{ {role.name}_rows }}}}" for role in ROLES if (role / "tasks/rows.yml").exists()
    }
    imports = yaml.safe_load((CHECKOUT / "playbooks/tasks/rows.yml").read_text(encoding="utf-8"))
    assert {task["ansible.builtin.import_role"]["name"] for task in imports} == {
        f"workshop.lifecycle.{row['group']}" for row in groups
    }


def test_a_role_alone_hands_the_same_rows_to_the_same_module() -> None:
    for role in ROLES:
        if (role / "tasks/rows.yml").exists():
            assert yaml.safe_load((role / "tasks/rows.yml").read_text(encoding="utf-8")) == []
            task, ending = yaml.safe_load((role / "tasks/main.yml").read_text(encoding="utf-8"))
            given = task["workshop.lifecycle.cloudformation_stacks"]
            assert given["stacks"] == f"{{{{ {role.name}_rows }}}}"
            assert set(given) <= {
                *("stacks", "account_id", "role_arn", "temporary_role", "clear", "uncleared", "wait", "wait_timeout")
            }
            assert task["module_defaults"] == {"group/workshop.lifecycle.workshop": "{{ _workshop_aws }}"}
            # What the module returns is kept, and not shown as a wall of data when it fails.
            result = f"{role.name}_result"
            assert task["register"] == result and task["failed_when"] is False
            assert ending["ansible.builtin.fail"] == {"msg": f"{{{{ {result}.msg }}}}"}
            assert ending["when"] == f"{result}.msg is defined"


def tasks_of(told: Any) -> Iterator[dict[str, Any]]:
    """All that are in a file of tasks or plays, in blocks as well."""
    for item in told if isinstance(told, list) else []:
        yield item
        for part in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always"):
            yield from tasks_of(item.get(part))


def test_what_a_user_agrees_to_lose_is_handed_on_wherever_stacks_are_planned_or_deleted() -> None:
    given = {
        (path.relative_to(CHECKOUT).parts[1], name): task[f"workshop.lifecycle.{name}"]
        for path in [*CHECKOUT.glob("roles/*/tasks/*.yml"), *CHECKOUT.glob("playbooks/*.yml")]
        for task in tasks_of(yaml.safe_load(path.read_text(encoding="utf-8")))
        for name in ("cloudformation_stacks", "workshop_plan")
        if f"workshop.lifecycle.{name}" in task
    }
    groups = {(role.name, "cloudformation_stacks") for role in ROLES if (role / "tasks/rows.yml").exists()}
    assert given.keys() == groups | {("teardown.yml", "cloudformation_stacks"), ("preflight", "workshop_plan")}
    agreed = {
        "clear": "{{ workshop_clear }}",
        "uncleared": "{{ workshop_uncleared }}",
        "temporary_role": "{{ _workshop_temporary_role }}",
    }
    assert {place for place, options in given.items() if not agreed.items() <= options.items()} == set()


def test_no_role_reads_anothers_files() -> None:
    assert [path for role in ROLES for path in role.rglob("*") if path.is_symlink()] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_and_specs_agree(role: Path) -> None:
    """A derived default can only be stated in the specs where its type is text: others are refused there."""
    defaults, options = defaults_of(role), options_of(role)
    wrong = {name: "has a default, but no spec" for name in defaults.keys() - options.keys()}
    for name, option in options.items():
        if name not in defaults:
            if "default" in option:
                wrong[name] = "has a default in the specs only"
        elif "default" in option:
            if option["default"] != defaults[name]:
                wrong[name] = f"defaults say {defaults[name]!r}, specs say {option['default']!r}"
        elif not is_derived(defaults[name]):
            wrong[name] = "the specs lack its default"
    assert not wrong


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_variables_carry_the_name_of_the_role_or_of_the_workshop(role: Path) -> None:
    assert [name for name in options_of(role) if not name.startswith((f"{role.name}_", "workshop_"))] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_readme_shows_the_variables_and_their_defaults(role: Path) -> None:
    defaults, options, table = defaults_of(role), options_of(role), table_of(role / "README.md")
    assert sorted(options.keys() - table.keys()) == [], "missing in the README"
    own = {name for name in table if name.startswith(f"{role.name}_")}
    assert sorted(own - options.keys()) == [], "only in the README"
    wrong = {
        name: f"README {table[name]!r}, defaults {defaults.get(name)!r}"
        for name in options
        if not is_derived(defaults.get(name)) and not is_shown(table[name], defaults.get(name))
    }
    assert not wrong


def test_readme_of_the_collection_shows_variables_that_exist() -> None:
    known = {name: defaults_of(role).get(name) for role in ROLES for name in options_of(role)}
    known |= {name: value for role in ROLES for name, value in defaults_of(role).items()}
    table = table_of(CHECKOUT / "README.md")
    assert table
    assert sorted(table.keys() - known.keys()) == []
    plain = {name: cell for name, cell in table.items() if not is_derived(known[name])}
    assert {name: cell for name, cell in plain.items() if not is_shown(cell, known[name])} == {}
