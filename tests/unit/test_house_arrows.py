# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house: arrows one way, no circle, nothing that nothing uses, and a page that shows it as it is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.house.arrows import OWN, ROOMS, Arrow, arrows, circle, imports, parts, room, running_back
from tests.house.picture import draw
from tests.judges.venv import CHECKOUT

PAGE = CHECKOUT / "docs/architecture.md"
LOGIC = "plugins/module_utils"
#: What the logic may import beside Python's own.
LIBRARIES = {"boto3", "botocore"}


def foreign(root: Path, part: Path) -> set[str]:
    """The names that a file imports from neither Python, nor the logic, nor boto3."""
    own = f"{OWN}{LOGIC.replace('/', '.')}."
    allowed = LIBRARIES | set(sys.stdlib_module_names)
    return {name for name in imports(root, part) if not name.startswith(own) and name.split(".")[0] not in allowed}


def written(root: Path, files: dict[str, str]) -> list[Arrow]:
    """The arrows of a collection of these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return arrows(root)


def test_arrows_between_rooms_run_one_way() -> None:
    assert not list(map(str, running_back(arrows(CHECKOUT))))


def test_there_is_no_circle() -> None:
    assert not list(map(str, circle(arrows(CHECKOUT))))


def test_every_part_is_in_a_room() -> None:
    assert {room(part) for part in parts(CHECKOUT)}


def test_logic_imports_neither_ansible_nor_other_libraries() -> None:
    logic = [part for part in parts(CHECKOUT) if part.is_relative_to(LOGIC)]
    assert logic
    assert not {str(part): names for part in logic if (names := foreign(CHECKOUT, part))}


def test_every_private_file_is_used() -> None:
    used = {arrow.target for arrow in arrows(CHECKOUT)}
    assert not [str(part) for part in parts(CHECKOUT) if "_utils/" in str(part) and part not in used]


def test_picture_shows_the_house_as_it_is() -> None:
    shown = (CHECKOUT / "docs/img/architecture.svg").read_text(encoding="utf-8")
    assert shown == draw(parts(CHECKOUT), arrows(CHECKOUT)), "draw it anew: python -m tests.house"


def test_page_has_a_paragraph_for_each_room() -> None:
    assert re.findall(r"^\*\*`([\w/]+)/`\*\* \w", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == list(ROOMS)


def test_way_of_a_stack_is_as_written_and_six_files_long_at_most() -> None:
    text = PAGE.read_text(encoding="utf-8")
    way = [Path(name) for name in re.findall(r"^\d+\. \[`([^`]+)`\]", text, re.MULTILINE)]
    assert 2 < len(way) <= 6
    assert not set(map(str, map(Arrow, way, way[1:]))) - set(map(str, arrows(CHECKOUT)))
    assert "delete_stack" in (CHECKOUT / way[-1]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "statement",
    [
        "from .._stacks.run import StackRun",
        "from .._stacks import run",
        "from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.run import StackRun",
        "from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import run",
        "import ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.run",
        "def late():\n    from .._stacks.run import StackRun",
    ],
)
def test_an_import_that_runs_back_is_seen(tmp_path: Path, statement: str) -> None:
    run = Path("plugins/module_utils/_stacks/run.py")
    call = Path("plugins/module_utils/_aws/call.py")
    found = written(tmp_path, {str(run): "class StackRun: ...", str(call): statement})
    assert found == running_back(found) == [Arrow(call, run)]


def test_calls_of_modules_and_roles_are_seen(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        {
            "playbooks/end.yml": "- name: workshop.lifecycle.vpc\n# workshop.lifecycle.stacks\n",
            "roles/vpc/tasks/main.yml": "- workshop.lifecycle.stacks:\n- workshop.lifecycle.stacks:\n",
            "roles/vpc/meta/argument_specs.yml": "description: Not workshop.lifecycle.other\n",
            "plugins/modules/stacks.py": "",
            "plugins/modules/other.py": "",
            "plugins/action/other.py": "",
        },
    )
    assert list(map(str, found)) == [
        "playbooks/end.yml -> roles/vpc",
        "plugins/action/other.py -> plugins/modules/other.py",
        "roles/vpc -> plugins/modules/stacks.py",
    ]


def test_a_circle_is_seen_within_a_room(tmp_path: Path) -> None:
    room_of_three = {"a": "from .b import x", "b": "from . import c as d", "c": "from .a import y"}
    found = written(tmp_path, {f"plugins/module_utils/_aws/{name}.py": text for name, text in room_of_three.items()})
    assert not running_back(found)
    assert sorted(path.stem for path in set(circle(found))) == ["a", "b", "c"]


def test_foreign_names_are_seen(tmp_path: Path) -> None:
    part = Path(LOGIC, "_aws/call.py")
    text = "import json\nimport yaml\nfrom botocore.config import Config\nfrom ansible.module_utils.basic import x\n"
    written(tmp_path, {str(part): f"{text}from .text import y\nfrom {OWN}plugins.plugin_utils._plan.plan import z\n"})
    assert foreign(tmp_path, part) == {
        "yaml",
        "ansible.module_utils.basic.x",
        f"{OWN}plugins.plugin_utils._plan.plan.z",
    }


def test_a_part_without_a_room_is_not_overlooked() -> None:
    with pytest.raises(ValueError, match="no room"):
        room(Path("plugins/module_utils/loose.py"))
