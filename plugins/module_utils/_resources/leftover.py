# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A resource that no stack owns, what becomes of it, and what is known of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from math import inf
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .ours import Ours

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

REMOVED = "removed"
ABSENT = "absent"
KEPT = "kept"
FAILED = "failed"
BEGUN = "begun"


@dataclass(frozen=True)
class Leftover:
    """``id``: what AWS deletes it by. ``service_id``: the Cloud Map service of an instance. ``owned_as``: what
    CloudFormation would call it if a stack owned it, empty for what no stack can own. ``details``: what else is known
    of it; ``kept`` says why it is told and not removed, although its kind is, and ``by_hand`` why it takes a person."""

    kind: str
    name: str
    id: str
    service_id: str | None = None
    owned_as: str = field(default="", compare=False)
    details: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def kept(self) -> str:
        """Why it is not removed; empty if it is."""
        return self.details.get("kept") or ""

    @property
    def by_hand(self) -> str:
        """Why only a person removes it; empty if this does."""
        return self.details.get("by_hand") or ""

    @property
    def key(self) -> str:
        """What tells it from all others of its kind, and what it is looked up by."""
        return f"{self.service_id}/{self.id}" if self.service_id else self.id

    def row(self) -> dict[str, Any]:
        """As a survey returns it."""
        return {**self.named(), "details": self.details}

    def named(self) -> dict[str, Any]:
        """What of it is returned everywhere."""
        return {"kind": self.kind, "name": self.name, "id": self.id, "service_id": self.service_id}


@dataclass(frozen=True)
class Outcome:
    """``action``: one of the constants of this file. ``reason``: why it failed, and what to do; of what has BEGUN the
    id of the operation that goes on, empty if that is not known."""

    action: str
    reason: str = ""

    def row(self, item: Leftover) -> dict[str, Any]:
        """As it is returned."""
        return {**item.named(), "action": self.action, "reason": self.reason}


@dataclass(frozen=True)
class Removal:
    """How leftovers of a kind are removed.

    ``ask``: calls for some of them with a boto3 client, and tells what became of those that this does not remove.
    Raises :class:`AwsCallError`. ``action``: the IAM action of that call. ``most``: leftovers for a call.
    ``at_once``: calls before which no pause is needed. ``operation``: what became of one that has BEGUN, by the id of
    its operation; None while it goes on. ``absent``: the error code that says that it is not there, ``unclear``: one
    that says that and something else, and ``in_use``: one that says that something still uses it. ``holds``: whether
    what such a leftover uses stays in use for a while after it was told to go.
    """

    action: str
    ask: Callable[[Any, Sequence[Leftover]], Mapping[Leftover, Outcome]]
    most: int = 1
    at_once: float = inf
    operation: Callable[[Any, str], Outcome | None] | None = None
    absent: str = ""
    unclear: str = ""
    in_use: str = ""
    holds: bool = False


@dataclass(frozen=True)
class LeftoverKind:
    """``name``: as users write it. ``words``: what one and several are called. ``find``: finds them. ``by_name``:
    whether a person says what they are called; others follow from what stacks own, ``of_clusters`` from ECS
    clusters, ``of_writers`` from what AWS writes logs for. ``removal``: None where that hangs on the type of each.
    ``comes_back``: whether AWS may put it back once it is removed."""

    name: str
    words: tuple[str, str]
    find: Callable[[Looks, Ours], list[Leftover]]
    removal: Removal | None
    by_name: bool = False
    of_clusters: bool = False
    of_writers: bool = False
    comes_back: bool = False


def delete_by(action: str, parameter: str, absent: str = "", unclear: str = "") -> Removal:
    """A call that deletes one, by its id."""

    def ask(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
        with aws_call(action):
            getattr(client, xform_name(action.partition(":")[2]))(**{parameter: items[0].id})
        return {}

    return Removal(action, ask, absent=absent, unclear=unclear)
