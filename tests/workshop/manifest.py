# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads stacks.yml.j2: which stacks the workshop has after which step, and with what parameters."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.order import edges, waves
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.reading import ManifestReader

HERE = Path(__file__).parent
PATH = HERE / "stacks.yml.j2"
LAST_STEP = 4
CONNECTED = 5  # a step of our own, with Service Connect


@dataclass(frozen=True)
class Stack:
    """One stack of the workshop, ready to be created."""

    name: str
    template: str
    wave: int
    parameters: dict[str, str]

    @property
    def body(self) -> str:
        """The text of the template."""
        return (HERE / "templates" / f"{self.template}.template").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Manifest:
    """What stands in an account after a step: stacks in the order of their creation, and the X-Ray group, if any."""

    stacks: tuple[Stack, ...]
    xray_group: dict[str, Any] | None

    @property
    def names(self) -> list[str]:
        """The names of the stacks."""
        return [stack.name for stack in self.stacks]

    @property
    def waves(self) -> list[list[Stack]]:
        """The stacks that can be created at the same time, one list after the other."""
        numbers = sorted({stack.wave for stack in self.stacks})
        return [[stack for stack in self.stacks if stack.wave == number] for number in numbers]


@functools.lru_cache(maxsize=None)
def read_manifest(name: str = "cuddlekube", step: int = LAST_STEP, creates_role: bool = True) -> Manifest:
    """The workshop of this name after this step (1 to 5).

    creates_role: whether its cluster stack makes the service-linked role of ECS, of which an account has only one.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.filters["bool"] = bool
    template = environment.from_string(PATH.read_text(encoding="utf-8"))
    text = template.render(workshop_name=name, deploy_step=step, creates_role=creates_role)
    found = ManifestReader(str(PATH), str(HERE), yaml, ended=True).read(text)
    by_name = {entry.name: entry for entry in found.entries}
    stacks = [
        Stack(stack, Path(by_name[stack].template).stem, number, dict(by_name[stack].parameters))
        for number, wave in enumerate(waves(found.entries, edges(found.entries)), 1)
        for stack in wave
    ]
    return Manifest(tuple(stacks), dict(found.xray_group) or None)
