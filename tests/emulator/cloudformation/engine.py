# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deletion of one stack: resource by resource, in reverse order of dependency, in parallel where that allows.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from moto.cloudformation.models import Stack
from moto.core.utils import utcnow

from ..world import world
from .deletion import Context, DeletionHandler, Refused, Resource, deletion_handler
from .graph import dependants
from .records import GONE, ResourceRecord, records, set_resource, set_stack
from .resource_faults import fail_as_told
from .stacks import as_resource

#: AWS seconds between two looks at a resource that is being deleted, and between two attempts after a refusal.
POLL_INTERVAL = 2.0
RETRY_INTERVAL = 10.0
#: Share of a stack's overhead that passes before the first resource is asked to go.
_OVERHEAD_BEFORE = 0.5


@dataclass
class Request:
    """What a DeleteStack call asks for."""

    retain: frozenset[str] = frozenset()
    force: bool = False
    express: bool = False


@dataclass
class _Attempt:
    """A resource on its way out. ``detached``: the stack no longer waits for it (express mode)."""

    record: ResourceRecord
    resource: Resource
    handler: DeletionHandler
    give_up_at: float
    context: Context = field(init=False)
    asked: bool = False
    detached: bool = False
    step: int = 0


class StackDeletion:
    """Drives a stack from DELETE_IN_PROGRESS to DELETE_COMPLETE or DELETE_FAILED. ``ended`` is called at the end."""

    def __init__(self, stack: Stack, request: Request, ended: Callable[[StackDeletion], None]) -> None:
        self.stack = stack
        self.request = request
        self._ended = ended
        self._needed_by = dependants(stack.template_dict)
        self._kept = request.retain | {
            logical_id
            for logical_id, resource in stack.template_dict.get("Resources", {}).items()
            if resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
        }
        self._attempts: dict[str, _Attempt] = {}
        self._failed: list[str] = []
        self._left: set[str] = set()
        self._finishing = False
        self._overhead = world.durations.draw("cloudformation.overhead", stack.name)

    def start(self) -> None:
        """Take the stack into DELETE_IN_PROGRESS; the rest happens as time goes on."""
        set_stack(self.stack, "DELETE_IN_PROGRESS", event_reason="User Initiated")
        world.clock.call_later(self._overhead * _OVERHEAD_BEFORE, self._advance)

    def _advance(self) -> None:
        """Begin with every resource that nothing needs any more; finish when nothing is under way."""
        progress = True
        while progress:
            progress = False
            for record in list(records(self.stack).values()):
                if self._ready(record):
                    self._begin(record)
                    progress = True
        if not self._attempts and not self._finishing:
            self._finishing = True
            world.clock.call_later(self._overhead * (1 - _OVERHEAD_BEFORE), self._finish)

    def _ready(self, record: ResourceRecord) -> bool:
        return not (
            self._is_done(record)
            or record.logical_id in self._attempts
            or record.logical_id in self._failed
            or any(self._in_the_way(name) for name in self._needed_by.get(record.logical_id, ()))
        )

    def _in_the_way(self, logical_id: str) -> bool:
        record = records(self.stack).get(logical_id)
        return record is not None and not self._is_done(record)

    def _is_done(self, record: ResourceRecord) -> bool:
        return record.status in GONE or record.logical_id in self._left

    def _begin(self, record: ResourceRecord) -> None:
        kept = "DELETE_SKIPPED" if record.logical_id in self._kept else None
        kept = world.faults.left_behind(self.stack.name, record.logical_id) or kept
        if kept is not None:
            self._left.add(record.logical_id)
            set_resource(self.stack, record, kept)
            return
        resource = as_resource(self.stack, record)
        patience = world.durations.draw("cloudformation.dependency_retry", resource.label)
        attempt = _Attempt(record, resource, deletion_handler(record.type), world.clock.now() + patience)
        attempt.context = Context(world.clock.now(), lambda: self._wake(attempt))
        self._attempts[record.logical_id] = attempt
        set_resource(self.stack, record, "DELETE_IN_PROGRESS")
        world.clock.call_later(0.0, self._ask, attempt)

    def _ask(self, attempt: _Attempt) -> None:
        """Have the service delete the resource, or meet a fault instead."""
        try:
            fail_as_told(attempt.resource)
            wait = attempt.handler.begin(attempt.resource, attempt.context)
        except Refused as refusal:
            self._refused(attempt, refusal)
            return
        attempt.asked = True
        self._look_after(attempt, POLL_INTERVAL if wait is None else wait)
        if self.request.express and not attempt.detached:
            # A resource counts as deleted once the call for it has been accepted; its deletion goes on.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html
            attempt.detached = True
            self._gone(attempt)

    def _look_after(self, attempt: _Attempt, aws_seconds: float) -> None:
        attempt.step += 1
        world.clock.call_later(aws_seconds, self._poll, attempt, attempt.step)

    def _wake(self, attempt: _Attempt) -> None:
        if attempt.asked:
            self._look_after(attempt, 0.0)

    def _poll(self, attempt: _Attempt, step: int) -> None:
        if attempt.step != step:
            return
        try:
            gone = attempt.handler.poll(attempt.resource, attempt.context)
        except Refused as refusal:
            self._refused(attempt, refusal)
            return
        if not gone:
            self._look_after(attempt, POLL_INTERVAL)
            return
        attempt.asked = False
        if not attempt.detached:
            self._gone(attempt)

    def _refused(self, attempt: _Attempt, refusal: Refused) -> None:
        """Go on trying what may pass, as CloudFormation does; give up on the rest."""
        attempt.asked = False
        attempt.step += 1
        patient = refusal.retry and not self.request.force
        if patient and world.clock.now() + RETRY_INTERVAL <= attempt.give_up_at:
            world.clock.call_later(RETRY_INTERVAL, self._ask, attempt)
            return
        if attempt.detached:
            return
        record = attempt.record
        del self._attempts[record.logical_id]
        set_resource(self.stack, record, "DELETE_FAILED", refusal.reason())
        if self.request.force:
            set_resource(self.stack, record, "DELETE_SKIPPED")
        else:
            self._failed.append(record.logical_id)
        self._advance()

    def _gone(self, attempt: _Attempt) -> None:
        del self._attempts[attempt.record.logical_id]
        set_resource(self.stack, attempt.record, "DELETE_COMPLETE")
        self._advance()

    def _finish(self) -> None:
        if self._failed:
            names = [logical_id for logical_id in records(self.stack) if logical_id in self._failed]
            reason = f"The following resource(s) failed to delete: [{', '.join(names)}]. "
            set_stack(self.stack, "DELETE_FAILED", reason)
        else:
            self.stack.deletion_time = utcnow()
            set_stack(self.stack, "DELETE_COMPLETE")
        self._ended(self)
