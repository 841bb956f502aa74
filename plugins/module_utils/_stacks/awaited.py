# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Custom resources whose function does not answer: CloudFormation says nothing while it waits for one, up to an hour.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-resource-cloudformation-customresource.html (ServiceTimeout)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import Callable
from typing import Iterable

from .._aws.errors import CREDENTIALS
from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._resources.custom import is_custom
from .._watch.progress import Progress
from .reader import StackReader
from .state import StackState
from .types import DELETE_IN_PROGRESS
from .types import NESTED
from .types import StackResource

FIRST = 60.0  # seconds of a deletion until it is looked what it waits for: a function that answers does so before
AGAIN = 60.0  # seconds between two looks
TELL_EVERY = 300.0  # seconds between two lines on the same
TIMEOUT = 3600  # seconds that CloudFormation waits where the template says nothing


@dataclass(frozen=True)
class Wait:
    """``since``: when CloudFormation has called the function. ``until``: when it gives up; None if it is only known
    that this is an hour at most. Both by AWS's clock."""

    logical_id: str
    type: str
    since: datetime | None
    until: datetime | None

    def words(self) -> str:
        """C(waits for the function of Filled (Custom::Filled) since 13:32:05 UTC, until 14:32:05 UTC)."""
        since = f" since {_clock(self.since)}" if self.since else ""
        end = f", until {_clock(self.until)}" if self.until else ", for an hour at most"
        return f"waits for the function of {self.logical_id} ({self.type}){since}{end}"


class Awaited:
    """``leaves``: whether what was not answered is left behind then. ``time_left``: seconds that a stack may still take
    in this run."""

    def __init__(
        self,
        reader: StackReader,
        progress: Progress,
        clock: Callable[[], float],
        time_left: Callable[[StackState], float],
        leaves: bool,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._reader = reader
        self._progress = progress
        self._clock = clock
        self._time_left = time_left
        self._leaves = leaves
        self._now = now
        self._next: dict[str, float] = {}
        self._told: dict[tuple[str, str], float] = {}
        self._waits: dict[str, list[Wait]] = {}
        self._timeouts: dict[tuple[str, str], int | None] = {}

    def look(self, states: Iterable[StackState]) -> None:
        """At stacks whose deletion goes on for long; tells what is new of them. Raises :class:`AwsCallError` for
        credentials that have ended."""
        now = self._clock()
        for state in states:
            name = state.spec.name
            if state.status != DELETE_IN_PROGRESS or not _may_have(state):
                self._waits.pop(name, None)
                continue
            if now < self._next.setdefault(name, now + FIRST):
                continue
            self._next[name] = now + AGAIN
            try:
                self._waits[name] = [self._wait(*item) for item in self._going(state.stack_id)]
            except AwsCallError as error:
                if error.kind == CREDENTIALS:
                    raise
                self._next[name] = now + AGAIN if survivable(error) else float("inf")
            for wait in self._waits.get(name, ()):
                self._tell(state, wait, now)

    def words(self, state: StackState) -> str:
        """What a stack waits for; empty for nothing of this kind."""
        return "; ".join(wait.words() for wait in self._waits.get(state.spec.name, ()))

    def _tell(self, state: StackState, wait: Wait, now: float) -> None:
        name = state.spec.name
        last = self._told.get((name, wait.logical_id))
        if last is not None and now - last < TELL_EVERY:
            return
        self._told[name, wait.logical_id] = now
        still = "" if last is None else "still "
        self._progress.tell("stack", name, "retry", f"{name}: CloudFormation {still}{wait.words()}")
        if last is None:
            self._progress.tell("stack", name, "retry", f"{name}: {self._what_to_do(state, wait)}")

    def _what_to_do(self, state: StackState, wait: Wait) -> str:
        then = "it is left behind then" if self._leaves else "the stack fails then"
        advice = f"if that function, its role or its network is gone, make it again before, or {then}"
        ends = self._now() + timedelta(seconds=min(self._time_left(state), 10.0**9))
        if wait.until is None or ends < wait.until:
            advice += f"; this run waits for the stack until {_clock(ends)} only, see workshop_wait_timeout"
        return advice

    def _going(self, stack_id: str) -> list[tuple[str, str, StackResource]]:
        """Custom resources that are being deleted, nested ones as well, each with the id of its stack and where in it
        this is."""
        found = []
        for item in self._reader.resources(stack_id):
            if item.status != DELETE_IN_PROGRESS:
                continue
            if is_custom(item.type):
                found.append((stack_id, "", item))
            elif item.type == NESTED and item.physical_id:
                inner = self._going(item.physical_id)
                found += [(own_id, f"{item.logical_id}/{path}", one) for own_id, path, one in inner]
        return found

    def _wait(self, stack_id: str, path: str, item: StackResource) -> Wait:
        key = (stack_id, item.logical_id)
        if key not in self._timeouts:
            self._timeouts[key] = self._timeout(stack_id, item.logical_id)
        seconds = self._timeouts[key]
        until = item.updated + timedelta(seconds=seconds) if item.updated and seconds is not None else None
        return Wait(f"{path}{item.logical_id}", item.type, item.updated, until)

    def _timeout(self, stack_id: str, logical_id: str) -> int | None:
        """Seconds; None if the template does not say so in a number, or may not be read."""
        try:
            said = self._reader.property_of(stack_id, logical_id, "ServiceTimeout")
        except AwsCallError as error:
            if error.kind == CREDENTIALS or survivable(error):
                raise
            return None
        if said is None:
            return TIMEOUT
        return int(said) if said.isdigit() else None


def _may_have(state: StackState) -> bool:
    """Whether a stack has custom resources, as far as an earlier look tells."""
    resources = state.spec.resources
    return resources is None or any(is_custom(item.type) or item.type == NESTED for item in resources)


def _clock(time: datetime) -> str:
    return f"{time.astimezone(timezone.utc):%H:%M:%S} UTC"
