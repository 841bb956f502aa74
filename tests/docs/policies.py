# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies of the documentation, and what the roles' READMEs say that CloudFormation needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.workshop.playbooks import ROOT

FOLDER = ROOT / "docs/iam"
_ROW = re.compile(r"^\|(?P<types>[^|]*)\|(?P<actions>[^|]*)\|$", re.MULTILINE)
_TYPE = re.compile(r"`(AWS::\w+::\w+)`")
_ACTION = re.compile(r"`([a-z0-9-]+:[A-Z]\w+)`")


def files(kind: str = "") -> list[Path]:
    """All files whose names have ``kind`` (policy or trust) in them."""
    return sorted(path for path in FOLDER.glob("*.json") if kind in path.name)


def statements(name: str) -> list[dict[str, Any]]:
    """The statements of a file."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["Statement"]


def actions(name: str) -> set[str]:
    """All actions that a policy allows."""
    return {action for statement in statements(name) for action in statement["Action"]}


def resources(statement: dict[str, Any]) -> list[str]:
    """What a statement is for, one or many."""
    found = statement["Resource"]
    return [found] if isinstance(found, str) else found


def named_by_roles() -> dict[str, set[str]]:
    """Actions that deleting a resource type takes, by type, from the tables in the roles' READMEs."""
    found: dict[str, set[str]] = {}
    for readme in sorted((ROOT / "roles").glob("*/README.md")):
        types: list[str] = []
        for row in _ROW.finditer(readme.read_text(encoding="utf-8")):
            if row["types"].strip():  # an empty first cell goes on with the row above
                types = _TYPE.findall(row["types"])
            for name in types:
                found.setdefault(name, set()).update(_ACTION.findall(row["actions"]))
    return found
