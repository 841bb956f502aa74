# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of the collection uses which: Python by its imports, roles and playbooks by the names they call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

OWN = "ansible_collections.workshop.lifecycle."
#: From the top of the house to its ground: a room uses those below it, and none above.
ROOMS = (
    "playbooks",
    "roles",
    "plugins/lookup",
    "plugins/filter",
    "plugins/action",
    "plugins/modules",
    "plugins/plugin_utils/_diagnosis",
    "plugins/plugin_utils/_release",
    "plugins/plugin_utils/_plan",
    "plugins/plugin_utils/_report",
    "plugins/plugin_utils/_progress",
    "plugins/plugin_utils/_settings",
    "plugins/plugin_utils/_terminal",
    "plugins/module_utils/_manifest",
    "plugins/module_utils/_diagnosis",
    "plugins/module_utils/_survey",
    "plugins/module_utils/_routing",
    "plugins/module_utils/_scope",
    "plugins/module_utils/_stacks",
    "plugins/module_utils/_tasks",
    "plugins/module_utils/_deployment",
    "plugins/module_utils/_clearing",
    "plugins/module_utils/_resources",
    "plugins/module_utils/_watch",
    "plugins/module_utils/_aws",
)
#: Where roles and playbooks call something by its name; an argument spec only speaks of it.
CALLING = ("playbooks/*.yml", "roles/*/tasks/**/*.yml", "roles/*/handlers/**/*.yml", "roles/*/meta/main.yml")
NAMED = re.compile(r"\bworkshop\.lifecycle\.(\w+)")


@dataclass(frozen=True, order=True)
class Arrow:
    """One part uses another. Both are paths in the collection: a Python file, a playbook, or the folder of a role."""

    source: Path
    target: Path

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


def room(part: Path) -> str:
    """The room that a part is in; one that is in none, and so in nobody's order, raises ValueError."""
    for name in ROOMS:
        if part.is_relative_to(name):
            return name
    raise ValueError(f"{part} is in no room of tests/house/arrows.py")


def parts(root: Path) -> list[Path]:
    """All parts, sorted."""
    python = [path.relative_to(root) for path in (root / "plugins").rglob("*.py")]
    playbooks = [path.relative_to(root) for path in (root / "playbooks").glob("*.yml")]
    roles = [path.relative_to(root) for path in (root / "roles").glob("*") if path.is_dir()]
    return sorted(part for part in [*python, *playbooks, *roles] if "doc_fragments" not in part.parts)


def arrows(root: Path) -> list[Arrow]:
    """All arrows between different parts, sorted, each once: however many names a file takes of another."""
    found = set(_calls(root))
    for part in parts(root):
        if part.suffix == ".py":
            found |= {Arrow(part, target) for name in imports(root, part) if (target := _own_file(root, name))}
        if part.is_relative_to("plugins/action") and (root / "plugins/modules" / part.name).is_file():
            # An action plugin stands before the module of its name.
            found.add(Arrow(part, Path("plugins/modules", part.name)))
    return sorted(arrow for arrow in found if arrow.source != arrow.target)


def imports(root: Path, part: Path) -> Iterator[str]:
    """The full dotted names that a Python file imports, those of the collection from ``ansible_collections`` on."""
    for node in ast.walk(ast.parse((root / part).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = OWN + ".".join(part.parts[: -node.level]) if node.level else ""
            base = ".".join(name for name in (package, node.module) if name)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _own_file(root: Path, name: str) -> Path | None:
    """The file in which a dotted name of the collection is, whether it names the file or something in it."""
    if not name.startswith(OWN):
        return None
    path = Path(*name.removeprefix(OWN).split("."))
    candidates = (path.with_suffix(".py"), path.parent.with_suffix(".py"))
    return next((file for file in candidates if (root / file).is_file()), None)


def _calls(root: Path) -> Iterator[Arrow]:
    for file in (file for pattern in CALLING for file in root.glob(pattern)):
        path = file.relative_to(root)
        source = path if path.parts[0] == "playbooks" else Path(*path.parts[:2])
        code = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
        for name in NAMED.findall("\n".join(code)):
            plugins = [Path("plugins", kind, f"{name}.py") for kind in ("modules", "lookup", "filter")]
            for target in (*plugins, Path("roles", name)):
                if (root / target).exists():
                    yield Arrow(source, target)


def running_back(found: list[Arrow]) -> list[Arrow]:
    """Those from a room to one above it."""
    return [arrow for arrow in found if ROOMS.index(room(arrow.target)) < ROOMS.index(room(arrow.source))]


def circle(found: list[Arrow]) -> list[Path]:
    """The parts of a circle, the first once more at its end; empty when there is none."""
    users = TopologicalSorter[Path]()
    for arrow in found:
        users.add(arrow.target, arrow.source)
    try:
        users.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
