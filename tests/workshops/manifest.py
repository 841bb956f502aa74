# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads workshop.yml: which stacks a workshop has, which come after which when it ends, and what says so."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.parent.name for path in HERE.glob("*/workshop.yml")))


@dataclass(frozen=True)
class Stack:
    """One stack as someone has made it.

    parameters, literals: texts, or where the text comes from: ``{stack, output}``, ``{stack, resource}`` or
    ``{templates: url}``; a literal stands as ``@Name@`` in the template. role_from: the same, for the service role.
    """

    name: str
    template: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    literals: Mapping[str, Any] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    role_from: Mapping[str, str] | None = None


@dataclass(frozen=True, order=True)
class Edge:
    """When the workshop ends, ``stack`` goes after the one that it names in ``after``; ``signal`` shows it."""

    stack: str
    after: str
    signal: str


@dataclass(frozen=True)
class Manifest:
    """A workshop, its stacks in an order in which they can be made.

    edges: what holds a deletion up; not_needed: references to a mere name, which do not; levels: the least that there
    can be, those that go first first; documented: the authors' own order, where it is wrong; survives: stack and
    logical id of what the templates keep; templates: files that have to be in a bucket
    """

    name: str
    scope: Mapping[str, Any]
    stacks: tuple[Stack, ...]
    edges: tuple[Edge, ...]
    not_needed: tuple[Edge, ...]
    levels: tuple[tuple[str, ...], ...]
    documented: tuple[tuple[str, ...], ...]
    survives: tuple[tuple[str, str], ...]
    templates: tuple[Path, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the stacks."""
        return tuple(stack.name for stack in self.stacks)


def read_manifest(name: str) -> Manifest:
    """The workshop of this folder, one of NAMES."""
    folder = HERE / name
    data = yaml.safe_load((folder / "workshop.yml").read_text(encoding="utf-8"))
    return Manifest(
        name=data["name"],
        scope=data["scope"],
        stacks=tuple(_stack(folder, entry) for entry in data["stacks"]),
        edges=tuple(sorted(Edge(**edge) for edge in data["edges"])),
        not_needed=tuple(sorted(Edge(**edge) for edge in data.get("not_needed", []))),
        levels=tuple(tuple(level) for level in data["levels"]),
        documented=tuple(tuple(level) for level in data.get("documented", [])),
        survives=tuple((thing["stack"], thing["resource"]) for thing in data.get("survives", [])),
        templates=tuple(folder / template for template in data.get("templates", [])),
    )


def _stack(folder: Path, entry: dict[str, Any]) -> Stack:
    rest = dict(entry)
    template, capabilities = folder / rest.pop("template"), tuple(rest.pop("capabilities", []))
    return Stack(template=template, capabilities=capabilities, **rest)


def creation_order(manifest: Manifest, seed: int) -> list[str]:
    """The stacks in a random order in which they can be made: each after all that it refers to."""
    needs: dict[str, set[str]] = {name: set() for name in manifest.names}
    for edge in (*manifest.edges, *manifest.not_needed):
        needs[edge.after].add(edge.stack)
    chance, order = random.Random(seed), []
    while needs:
        name = chance.choice(sorted(name for name, needed in needs.items() if needed.issubset(order)))
        order.append(name)
        del needs[name]
    return order
