# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds the house together: headers, names, versions, and what is claimed about them."""

from __future__ import annotations

import ast
import json
import re
from importlib.metadata import version as installed
from pathlib import Path

import ansible_collections.amazon.aws as amazon_aws
import pytest
import yaml
from ansible.release import __version__ as ansible_core
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.judges.export import files
from tests.judges.matrix import CELLS
from tests.judges.venv import CHECKOUT

HEADER = [
    "# Copyright: (c) 2026, workshop.lifecycle contributors",
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
]
CODE = {".py", ".yml", ".yaml", ".toml", ".txt"}
PRIVATE_PATH = re.compile(r"(?<![\w.:/}])/(?:home|Users|root|work|mnt|tmp/[a-z]+)/[\w.-]+", re.IGNORECASE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)")


def load(name: str) -> dict:
    """A YAML file of the checkout."""
    return yaml.safe_load((CHECKOUT / name).read_text(encoding="utf-8"))


def texts(*suffixes: str) -> list[Path]:
    """The project's own text files, those with the given endings when there are any."""
    own = [path for path in files() if (CHECKOUT / path).is_file() and path.name != "LICENSE"]
    return [path for path in own if not suffixes or path.suffix in suffixes]


def test_every_code_file_begins_with_copyright_and_licence() -> None:
    bare = []
    for path in [*texts(*CODE), Path("Makefile"), Path(".ci/run")]:
        lines = (CHECKOUT / path).read_text(encoding="utf-8").splitlines()[:4]
        if HEADER not in (lines[:3], lines[1:]):
            bare.append(str(path))
    assert not bare


def test_python_postpones_annotations() -> None:
    without = []
    for path in texts(".py"):
        text = (CHECKOUT / path).read_text(encoding="utf-8")
        code = [node for node in ast.parse(text).body if not isinstance(node, ast.Expr)]
        if code and "from __future__ import annotations\n" not in text:
            without.append(str(path))
    assert not without


def test_no_path_of_one_machine_is_in_any_file() -> None:
    found = []
    for path in texts():
        for number, line in enumerate((CHECKOUT / path).read_text(encoding="utf-8").splitlines(), 1):
            if PRIVATE_PATH.search(line):
                found.append(f"{path}:{number}: {line.strip()}")
    assert not found


def test_no_merge_is_left_undone() -> None:
    # Not the line between the two: Markdown has it under titles.
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    found = []
    for path in texts():
        for number, line in enumerate((CHECKOUT / path).read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith(marks):
                found.append(f"{path}:{number}: {line.strip()}")
    assert not found


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for path in texts(".md"):
        for target in LINK.findall((CHECKOUT / path).read_text(encoding="utf-8")):
            if not (CHECKOUT / path.parent / target.split("#")[0]).exists():
                broken.append(f"{path}: {target}")
    assert not broken


def test_action_group_lists_exactly_the_modules_that_speak_to_aws() -> None:
    speaking = {
        path.stem
        for path in (CHECKOUT / "plugins/modules").glob("*.py")
        if "amazon.aws.common.modules" in path.read_text(encoding="utf-8")
    }
    group = load("meta/runtime.yml")["action_groups"]["aws"]
    names = [entry for entry in group if isinstance(entry, str)]
    assert names == sorted(speaking)
    assert [entry for entry in group if entry not in names] == [{"metadata": {"extend_group": ["amazon.aws.aws"]}}]


def test_version_is_not_behind_the_changelog() -> None:
    version = Version(load("galaxy.yml")["version"])
    released = sorted(map(Version, load("changelogs/changelog.yaml")["releases"]))
    pending = list((CHECKOUT / "changelogs/fragments").glob("*.y*ml"))
    assert released or pending
    if released:
        assert released[-1] < version if pending else released[-1] == version


def test_oldest_core_in_the_matrix_is_the_oldest_claimed() -> None:
    assert load("meta/runtime.yml")["requires_ansible"] == f">={min(CELLS, key=lambda cell: Version(cell.core)).core}.0"


def test_oldest_boto3_in_the_matrix_is_the_oldest_claimed() -> None:
    def pins(name: str) -> set[str]:
        lines = (CHECKOUT / name).read_text(encoding="utf-8").splitlines()
        return {re.sub("[=>]=", " ", line) for line in lines if not line.startswith("#")}

    assert pins("requirements.txt") == pins("tests/requirements/oldest.constraints.txt")


@pytest.mark.parametrize("package", ["boto3", "botocore"])
def test_installed_boto_is_one_that_is_claimed(package: str) -> None:
    claims = dict(re.findall(r"^(\w+)(>=.*)$", (CHECKOUT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    assert installed(package) in SpecifierSet(claims[package])


def test_installed_ansible_is_one_that_is_claimed() -> None:
    assert ansible_core in SpecifierSet(load("meta/runtime.yml")["requires_ansible"])
    manifest = json.loads((Path(list(amazon_aws.__path__)[0]) / "MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["collection_info"]["version"] in SpecifierSet(load("galaxy.yml")["dependencies"]["amazon.aws"])
