# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values that the stack machine and its surroundings exchange."""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from typing import Mapping

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

# Gates. ECS refuses to delete a cluster with tasks: ClusterContainsTasksException,
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
TASKS_STOPPED = "tasks_stopped"
# Asked for a VPC that still holds an interface, CloudFormation tries for 16 minutes and more before it fails:
# https://github.com/convox/rack/issues/1090
NETWORK_INTERFACES_GONE = "network_interfaces_gone"
# What is in a namespace, a hosted zone or a cluster keeps it, see ``_resources.members``.
MEMBERS_GONE = "members_gone"
GATES = (TASKS_STOPPED, NETWORK_INTERFACES_GONE, MEMBERS_GONE)

NESTED = "AWS::CloudFormation::Stack"

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
    ``begun_ago``: seconds since an earlier run asked for it. ``only_when``: gates, see ``gates``. ``resources``: what
    an earlier look saw in it, None if nobody looked. What else is None is as the options of the run say.
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
    resources: tuple[StackResource, ...] | None = None
    stop_tasks: bool | None = None


@dataclass(frozen=True)
class Options:
    """How stacks are deleted. ``grace``, ``patience``, ``pause`` and ``timeout`` in seconds.

    ``timeout``: that each stack may take from when everything it comes after is gone.
    ``clear``: types of resources of which what holds them is cleared before a stack is asked for.
    ``clearable``: types of resources of which it can be seen what holds them.
    ``unanswered``: whether custom resources whose function does not answer may be left behind.
    ``patience``: for how long what AWS does not show yet may only be late, whatever the interval between two looks.
    """

    retain_on_failure: tuple[str, ...] = ()
    disable_termination_protection: bool = False
    role_arn: str | None = None
    force: bool = False
    grace: float = 5.0
    patience: float = 20.0
    pause: float = 10.0
    timeout: float = math.inf
    max_retries: int = 3
    clear: tuple[str, ...] = ()
    clearable: tuple[str, ...] = ()
    unanswered: bool = False

    def of(self, spec: StackSpec) -> Options:
        """How this stack is deleted: what it says of itself holds over what is said of all."""
        names = ("retain_on_failure", "disable_termination_protection", "role_arn")
        own = {name: getattr(spec, name) for name in names if getattr(spec, name) is not None}
        return replace(self, **own)


@dataclass(frozen=True)
class StackParameter:
    """A parameter as DescribeStacks shows it. ``resolved``: what was in Systems Manager under its value, if its type
    says to look there; None otherwise."""

    name: str
    value: str
    resolved: str | None = None


@dataclass(frozen=True)
class StackView:
    """What one answer of DescribeStacks or ListStacks says of a stack. ``exports``: keys of outputs by the names under
    which they are exported."""

    stack_id: str
    name: str
    status: str
    reason: str = ""
    protected: bool = False
    root_id: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    deleted: datetime | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[StackParameter, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    role_arn: str = ""

    @property
    def nested(self) -> bool:
        """Whether it is a part of another stack, with which alone it goes."""
        return self.root_id not in ("", self.stack_id)


@dataclass(frozen=True)
class StackResource:
    """A resource of a stack, as ListStackResources shows it. ``updated``: when its status became what it is."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""
    updated: datetime | None = field(default=None, compare=False)

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
    id: str = ""


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
class LookUp(Request):
    """Whether resources, whose failures say that they are not there, are gone: asked of their own services."""

    resources: tuple[StackResource, ...]


@dataclass(frozen=True)
class LookWhatHolds(Request):
    """Whether something in a stack's own resources, or a protection of them, is sure to have it fail once more."""


@dataclass(frozen=True)
class ReadImporters(Request):
    """ListImports: which stacks import what this one exports. ``named``: stacks that AWS has named already."""

    exports: tuple[str, ...]
    named: tuple[str, ...]


@dataclass(frozen=True)
class ReadEvents(Request):
    """DescribeStackEvents, the events of the stack itself."""


def name_of(stack_id: str) -> str:
    """The name in a stack's id, ``arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID``."""
    return stack_id.split("/")[1] if "/" in stack_id else ""
