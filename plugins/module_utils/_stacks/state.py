# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""All that is known of one stack, and how that changes. What is done about it, the machine decides."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import Mapping
from typing import Sequence

from .exports import InUse
from .types import DELETE_FAILED
from .types import DELETE_IN_PROGRESS
from .types import DELETE_SKIPPED
from .types import GONE
from .types import RECREATED
from .types import StackResource
from .types import StackSpec
from .types import StackView
from .types import WENT

# Phases
NEW = "new"
WAITING = "waiting"  # to be asked for (again) when everything it comes after is gone
READY = "ready"  # to be asked for as soon as its status and the pause allow
ASKED = "asked"  # DeleteStack was accepted, or someone else's deletion was joined
EXAMINING = "examining"  # DELETE_FAILED seen, resources not read yet
IN_USE = "in use"  # an export of it is; who imports it is not read yet
DONE = "done"


@dataclass
class StackState:
    """Times are readings of the machine's clock. ``free_at``: when everything it comes after was gone, or its deletion
    went on already. ``namesake``: id of another stack that bears its name. ``importers``: stacks of the run that
    turned out to import from it. ``blockers``: see ``held``. ``examined``: all resources after a failure.
    ``to_prove``: those of which it has to be looked up whether they are gone, as their failures say. ``to_see_held``:
    whether it has to be looked at what holds them, since it would be asked for again. ``proven_gone``:
    physical ids of those that are. ``cleared_again``: how often what holds it is to be cleared once more.
    ``own_role``: ARN of the role that it had at the first look. ``role_arn``: of one that was made for this run, at
    ``role_since``."""

    spec: StackSpec
    phase: str = NEW
    stack_id: str = ""
    status_before: str = ""
    status: str = ""
    stack_reason: str = ""
    outcome: str = ""
    namesake: str = ""
    reason: str = ""
    told: str = ""
    protected: bool = False
    confirm: bool = False
    unknown_answers: int = 0
    unknown_since: float = 0.0
    exports: tuple[str, ...] = ()
    in_use: InUse | None = None
    importers: tuple[str, ...] = ()
    token: str = ""
    asked: bool = False
    status_asked: str = ""
    joined: bool = False
    started: bool = False
    failure_in_events: bool = False
    doubted: bool = False
    sends: int = 0
    retries: int = 0
    overtaken: int = 0
    events_read: bool = False
    events_denied: str = ""
    event_before: str | None = None
    sent_at: float = 0.0
    first_sent_at: float = 0.0
    giving_up: list[StackResource] = field(default_factory=list)
    force: bool = False
    held_status: str = ""
    gates_open: bool = False
    not_before: float = 0.0
    look_at_events_from: float = 0.0
    free_at: float | None = None
    begun_at: float | None = None
    finished_at: float | None = None
    failed: list[StackResource] = field(default_factory=list)
    retained: list[StackResource] | None = field(default_factory=list)
    examined: list[StackResource] = field(default_factory=list)
    to_prove: tuple[StackResource, ...] = ()
    to_see_held: bool = False
    proven_gone: set[str] = field(default_factory=set)
    remains_unread: bool = False
    blockers: list[dict[str, Any]] = field(default_factory=list)
    cleared_again: int = 0
    own_role: str = ""
    role_arn: str = ""
    role_since: float = 0.0

    @property
    def failed_in_network(self) -> bool:
        """Whether the last try failed in a VPC, where what others have in it may be the cause."""
        return any(item.type.startswith("AWS::EC2::") for item in self.failed)

    def standing(self, states: Mapping[str, StackState]) -> list[str]:
        """What it comes after and is not gone."""
        return [name for name in self.after if states[name].outcome not in WENT]

    @property
    def after(self) -> tuple[str, ...]:
        """What it comes after: what was said, and what turned out."""
        return tuple(dict.fromkeys([*self.spec.after, *self.importers]))

    def see(self, view: StackView) -> None:
        """What an answer says of it."""
        if view.reason or view.status != self.status:  # the events may have told a reason that no answer has
            self.stack_reason = view.reason
        self.status = view.status
        self.protected = view.protected
        self.own_role = self.own_role or view.role_arn
        self.exports = tuple(view.exports) or self.exports
        self.unknown_answers = 0

    def give_role(self, arn: str, now: float) -> None:
        """It is to be deleted with a role that was made just now."""
        self.role_arn = arn
        self.role_since = now

    def join(self, now: float) -> None:
        """Its deletion goes on already."""
        self.phase = ASKED
        self.joined = True
        self.started = True
        self.free(now)
        if self.begun_at is None:
            self.begun_at = now

    def free(self, now: float) -> None:
        """It may take its time from now on, unless it does so already."""
        if self.free_at is None:
            self.free_at = now

    def resume(self) -> None:
        """An earlier look knew it, and it is in no list any more: only its id tells what became of it."""
        self.stack_id = self.spec.stack_id
        self.status_before = DELETE_IN_PROGRESS
        self.confirm = True

    @property
    def needs_events(self) -> bool:
        """Whether its events have to be known before it is asked for: its status will not tell a new failure from the
        old one, or a deletion that was called off because of an export from one that has not begun."""
        if self.phase != READY or self.token or self.events_read:
            return False
        return self.status == DELETE_FAILED or bool(self.exports)

    @property
    def newly_failed(self) -> bool:
        """Its status alone proves that its deletion failed since it was asked for."""
        return self.status == DELETE_FAILED and self.status_asked not in ("", DELETE_FAILED)

    def request(self, token: str) -> None:
        """It is about to be asked for, with a new token."""
        self.token = token
        self.status_asked = self.status

    def accept(self, now: float, grace: float) -> None:
        """DeleteStack was accepted. ``grace``: seconds after which its events have to show that."""
        self.phase = ASKED
        self.asked = True
        self.started = False
        self.failure_in_events = False
        self.doubted = False
        self.held_status = ""
        self.gates_open = False
        self.sends += 1
        self.sent_at = now
        if self.sends == 1:
            self.first_sent_at = now
        known = self.retained or []
        self.retained = known + [item for item in self.giving_up if item not in known]
        self.look_at_events_from = now + grace
        if self.begun_at is None:
            self.begun_at = now

    def ask_again(
        self, not_before: float, reason: str, giving_up: Sequence[StackResource] = (), force: bool = False
    ) -> None:
        """Another request has to be made, no repetition of the last one."""
        self.phase = WAITING
        self.token = ""
        self.status_asked = ""
        self.events_read = False
        self.event_before = None
        self.sends = 0
        self.joined = False
        self.giving_up = list(giving_up)
        self.force = force
        self.not_before = not_before
        self.reason = reason

    def wait_for_importers(self, names: Sequence[str], now: float) -> None:
        """To be asked for again when these are gone."""
        self.ask_again(now, self.in_use.words if self.in_use else "")
        self.importers = tuple(dict.fromkeys([*self.importers, *names]))
        self.free_at = None

    def look_again(self) -> None:
        """Resources can only be dropped from DELETE_FAILED (https://github.com/rebuy-de/aws-nuke/issues/244): another
        run may have asked first, and the stack be on its way or gone."""
        self.phase = EXAMINING
        self.overtaken += 1
        self.confirm = True
        self.joined = True
        self.failure_in_events = False
        self.giving_up = []
        self.force = False

    def doubt(self) -> None:
        """It failed, and by now none of its resources has: another run may have asked for it again in between."""
        self.doubted = True
        self.phase = ASKED
        self.started = True
        self.confirm = True

    def see_remains(self, resources: Sequence[StackResource]) -> None:
        """A stack keeps the resources that it went without, also those that its template says to retain.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
        """
        why = {item.logical_id: item.reason for item in self.retained or ()}
        skipped = [
            item
            for item in resources
            if item.status == DELETE_SKIPPED and item.physical_id not in self.proven_gone
        ]
        self.retained = [replace(item, reason=item.reason or why.get(item.logical_id, "")) for item in skipped]
        self.remains_unread = False

    def finish(self, now: float, outcome: str, reason: str = "") -> None:
        self.phase = DONE
        self.outcome = outcome
        self.reason = reason
        self.confirm = False
        self.finished_at = now
        if outcome in (GONE, RECREATED):
            self.failed = []
            self.remains_unread = True

    def seconds(self) -> float:
        """From the first request for this stack (or from joining its deletion) to its end."""
        if self.begun_at is None or self.finished_at is None:
            return 0.0
        return round(self.finished_at - self.begun_at, 1)

    def as_result(self) -> dict[str, Any]:
        return {
            "name": self.spec.name,
            "group": self.spec.group,
            "after": list(self.after),
            "only_when": list(self.spec.only_when),
            "stack_id": self.stack_id or None,
            "status_before": self.status_before or None,
            "status": self.status or None,
            "outcome": self.outcome,
            "reason": self.reason,
            "seconds": self.seconds(),
            "failed_resources": [item.as_result() for item in self.failed],
            "blockers": self.blockers,
            "retained_resources": None if self.retained is None else [item.as_result() for item in self.retained],
        }
