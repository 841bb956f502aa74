# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads stacks.yml: which stacks the workshop has after which step, and with what parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

HERE = Path(__file__).parent
LAST_STEP = 4


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


def read_manifest(name: str = "cuddlekube", step: int = LAST_STEP, creates_role: bool = True) -> Manifest:
    """The workshop of this name after this step (1 to 4).

    creates_role: whether its cluster stack makes the service-linked role of ECS, of which an account has only one.
    """
    text = (HERE / "stacks.yml").read_text(encoding="utf-8")
    template = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False).from_string(text)
    data = yaml.safe_load(template.render(workshop_name=name, workshop_step=step, workshop_creates_role=creates_role))
    stacks = tuple(
        Stack(entry["name"], entry["template"], entry["wave"], entry["parameters"])
        for entry in sorted(data["stacks"], key=lambda entry: entry["wave"])
        if entry["step"] <= step
    )
    return Manifest(stacks, data["xray_group"] if data["xray_group"]["step"] <= step else None)
