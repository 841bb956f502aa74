# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a manifest says of its stacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping
from typing import Union

from .._scope.types import MANIFEST_TAG

TAG = MANIFEST_TAG
OUTPUT = "output"
RESOURCE = "resource"


@dataclass(frozen=True)
class Reference:
    """What another stack of the manifest has: the output of this key, or the physical id of the resource with this
    logical id. ``kind``: OUTPUT or RESOURCE."""

    kind: str
    stack: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.stack}"


Text = Union[str, Reference]


@dataclass(frozen=True)
class Entry:
    """One stack. ``template``: a path, or an https URL, of which ``body`` is empty. ``content``: the template as a
    mapping, empty where it is not known. ``after``: as given, None where it is to be found. ``line``: of the manifest.
    """

    name: str
    template: str
    body: str = ""
    content: Mapping[str, Any] | None = None
    parameters: Mapping[str, Text] | None = None
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = None
    role_arn: Text = ""
    protected: bool | None = None
    after: tuple[str, ...] | None = None
    line: int = 0

    @property
    def references(self) -> list[Reference]:
        """What it takes from other stacks of the manifest."""
        values = [*(self.parameters or {}).values(), self.role_arn]
        return [value for value in values if isinstance(value, Reference)]


@dataclass(frozen=True, order=True)
class Edge:
    """``stack`` is made after ``after``. ``evidence``: why, for a person."""

    stack: str
    after: str
    evidence: str


@dataclass(frozen=True)
class Manifest:
    """All of it. ``scope``: as the option of cloudformation_stacks_info, for what ends the workshop. ``items``: rows of
    tables as ``{table, item}``. ``xray_group``: ``{name, filter_expression}``, empty if there is none.
    ``xray_sampling_rules``: as the options of xray_sampling_rule."""

    name: str
    path: str
    scope: Mapping[str, Any]
    entries: tuple[Entry, ...]
    items: tuple[Mapping[str, Any], ...]
    xray_group: Mapping[str, str]
    xray_sampling_rules: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class ManifestError(ValueError):
    """The manifest cannot be worked on. Its text has a line for each problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(item) for item in sorted(problems)))
        self.problems = problems
