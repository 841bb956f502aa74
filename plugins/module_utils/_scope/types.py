# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks as the order sees them, and what it finds between them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping

from .._stacks.types import StackResource
from .._stacks.types import StackView

#: The tag by which a stack is known to be one of a manifest, with the name of its workshop.
MANIFEST_TAG = "workshop:lifecycle"
# How one stack shows that it needs another.
EXPORT = "export"  # Fn::ImportValue
SSM_PARAMETER = "ssm_parameter"  # a parameter of a type like AWS::SSM::Parameter::Value<String>
DYNAMIC_REFERENCE = "dynamic_reference"  # {{resolve:ssm:NAME}} in the template
STACK_OUTPUT = "stack_output"  # Fn::GetStackOutput
PARAMETER = "parameter"  # an id in the value of a parameter
LITERAL = "literal"  # an id in the template
NAME = "name"  # a bare name, where a property takes the name of just that type
SERVICE_TOKEN = "service_token"  # the function of a custom resource
ROLE = "role"  # the role that a stack was made with
BOOTSTRAP = "bootstrap"  # the stack with which the CDK deploys
PHYSICAL = "physical"  # what is known of the types of resources
CREATED = "created"  # which one was made later
SAID = "said"  # by the user
#: The most telling first.
SIGNALS = (
    *(SAID, EXPORT, SERVICE_TOKEN, ROLE, BOOTSTRAP, SSM_PARAMETER, DYNAMIC_REFERENCE, STACK_OUTPUT),
    *(PARAMETER, LITERAL, NAME, PHYSICAL, CREATED),
)


@dataclass(frozen=True)
class Part:
    """A stack, or one nested in it. ``resources``: None if they could not be read. ``template``: a mapping, in which
    all that YAML abbreviates is written out; None if it could not be read. ``inside``: logical ids of the nested stacks
    that it is in, each with a slash after it."""

    view: StackView
    resources: tuple[StackResource, ...] | None = None
    template: Mapping[str, Any] | None = None
    inside: str = ""


@dataclass(frozen=True)
class Stack:
    """A stack that can be deleted, with those nested in it, itself first."""

    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.view.name

    @property
    def view(self) -> StackView:
        """What is said of the stack itself."""
        return self.parts[0].view


@dataclass(frozen=True)
class Edge:
    """``stack`` goes only when ``after`` is gone. ``where``: in what of ``after`` that shows. ``evidence``: a sentence
    without its full stop. ``certain``: whether it is more than a likeness of words."""

    stack: str
    after: str
    signal: str
    where: str
    evidence: str
    certain: bool = True

    def row(self) -> dict[str, Any]:
        """As it is returned."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Dropped:
    """An edge that does not count, and why."""

    edge: Edge
    because: str

    def row(self) -> dict[str, Any]:
        """As it is returned."""
        return {**self.edge.row(), "because": self.because}


@dataclass(frozen=True)
class Found:
    """Edges, and what seemed to be some."""

    edges: tuple[Edge, ...] = ()
    dropped: tuple[Dropped, ...] = field(default=())
