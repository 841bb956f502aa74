# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that the stack machine and its surroundings exchange."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

ABSENT = "absent"
GONE = "gone"
IN_PROGRESS = "in_progress"
PENDING = "pending"
FAILED = "failed"
REFUSED = "refused"
PROTECTED = "protected"
TIMED_OUT = "timed_out"
SKIPPED = "skipped"
RECREATED = "recreated"

WENT = frozenset((ABSENT, GONE))

DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
DELETE_COMPLETE = "DELETE_COMPLETE"
DELETE_FAILED = "DELETE_FAILED"
DELETE_SKIPPED = "DELETE_SKIPPED"  # of a resource: its stack went without it

# DeleteStack answers "cannot be deleted while in status ..." during updates:
# https://github.com/aws-amplify/amplify-backend/pull/2366.
# Imports are updates of another kind. All of these end by themselves.
MUST_END_FIRST = frozenset(
    (
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
    )
)


@dataclass(frozen=True)
class StackSpec:
    """A stack that has to go: exact name, names that have to be gone before, label for reports.

    ``stack_id``: known from an earlier look; then it is this very stack that has to go, and none made anew under its
    name.
    ``begun_ago``: seconds since an earlier run asked for it. ``only_when``: gates, see ``gates``. What is None is as
    the options of the run say.
    """

    name: str
    after: tuple[str, ...] = ()
    group: str = ""
    stack_id: str = ""
    begun_ago: float | None = None
    only_when: tuple[str, ...] = ()
    retain_on_failure: tuple[str, ...] | None = None
    disable_termination_protection: bool | None = None
    role_arn: str | None = None


@dataclass(frozen=True)
class Options:
    """How stacks are deleted. ``grace`` and ``pause`` in seconds."""

    retain_on_failure: tuple[str, ...] = ()
    disable_termination_protection: bool = False
    role_arn: str | None = None
    force: bool = False
    grace: float = 5.0
    pause: float = 10.0
    max_retries: int = 3

    def of(self, spec: StackSpec) -> Options:
        """How this stack is deleted: what it says of itself holds over what is said of all."""
        own = {name: getattr(spec, name) for name in ("retain_on_failure", "disable_termination_protection", "role_arn")}
        return replace(self, **{name: value for name, value in own.items() if value is not None})


@dataclass(frozen=True)
class StackView:
    """What one DescribeStacks answer says of a stack."""

    stack_id: str
    name: str
    status: str
    reason: str = ""
    protected: bool = False
    root_id: str = ""


@dataclass(frozen=True)
class Resource:
    """A resource of a stack, as ListStackResources shows it."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""

    def as_result(self) -> dict[str, str]:
        return {
            "logical_id": self.logical_id,
            "physical_id": self.physical_id,
            "type": self.type,
            "status": self.status,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class StackEvent:
    """An event of the stack itself (not of its resources)."""

    status: str
    reason: str = ""
    token: str = ""


@dataclass(frozen=True)
class Request:
    """Something the machine wants done about one stack."""

    name: str
    stack_id: str


@dataclass(frozen=True)
class Delete(Request):
    """DeleteStack by id. The same token again means the same request again."""

    token: str
    retain: tuple[str, ...] = ()
    force: bool = False
    role_arn: str | None = None


@dataclass(frozen=True)
class LookAtGates(Request):
    """Whether what the stack waits for, besides other stacks, has ended."""


@dataclass(frozen=True)
class Unprotect(Request):
    """UpdateTerminationProtection, off."""


@dataclass(frozen=True)
class Confirm(Request):
    """DescribeStacks by id: a deleted stack is known by nothing else."""


@dataclass(frozen=True)
class ReadResources(Request):
    """ListStackResources: which resources failed, and why, or what a stack that is gone left behind."""


@dataclass(frozen=True)
class ReadEvents(Request):
    """DescribeStackEvents, the events of the stack itself."""


@dataclass
class StackState:
    """All the machine knows of one stack. Times are readings of the machine's clock."""

    spec: StackSpec
    phase: str = "new"
    stack_id: str = ""
    status_before: str = ""
    status: str = ""
    stack_reason: str = ""
    outcome: str = ""
    reason: str = ""
    protected: bool = False
    confirm: bool = False
    unknown_answers: int = 0
    token: str = ""
    asked: bool = False
    joined: bool = False
    started: bool = False
    failure_in_events: bool = False
    sends: int = 0
    retries: int = 0
    overtaken: int = 0
    other_token: str = ""
    giving_up: list[Resource] = field(default_factory=list)
    force: bool = False
    held_status: str = ""
    gates_open: bool = False
    not_before: float = 0.0
    look_at_events_from: float = 0.0
    begun_at: float | None = None
    finished_at: float | None = None
    failed: list[Resource] = field(default_factory=list)
    retained: list[Resource] | None = field(default_factory=list)
    remains_unread: bool = False

    def seconds(self) -> float:
        """From the first request for this stack (or from joining its deletion) to its end."""
        if self.begun_at is None or self.finished_at is None:
            return 0.0
        return round(self.finished_at - self.begun_at, 1)

    def as_result(self) -> dict[str, Any]:
        return {
            "name": self.spec.name,
            "group": self.spec.group,
            "after": list(self.spec.after),
            "only_when": list(self.spec.only_when),
            "stack_id": self.stack_id or None,
            "status_before": self.status_before or None,
            "status": self.status or None,
            "outcome": self.outcome,
            "reason": self.reason,
            "seconds": self.seconds(),
            "failed_resources": [item.as_result() for item in self.failed],
            "retained_resources": None if self.retained is None else [item.as_result() for item in self.retained],
        }
