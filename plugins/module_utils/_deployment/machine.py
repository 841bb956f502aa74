# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One deployment from its request to its end, as a state machine: observations go in, requests come out. No AWS, no
waiting.

It is followed by its ARN alone: what the service shows meanwhile may be of another one.
"""

from __future__ import annotations

from typing import Callable
from typing import Iterable
from typing import Mapping

from . import types as t
from .types import Brief
from .types import DeploymentView

DONE = "done"
FAILED = "failed"
GONE = "gone"  # deleted with its service
LATE = "late"
UNWANTED = "unwanted"  # successful, and must not stay
REPLACED = "replaced"  # successful, and another deployment has begun since
UNDECIDED = ""


class DeploymentMachine:
    """``definition``: ARN of the task definition that it leads to. ``known``: ARNs of the deployments that were there
    before, ``arn``: of the one to follow if it is known. ``timeout``: seconds, and as many again for the way back.

    ``back``: the deployment is to be rolled back. ``return_late``: so it is when the time runs out. ``hold``: seconds
    for which it is followed on after it was successful.
    """

    def __init__(
        self,
        definition: str,
        known: Iterable[str],
        clock: Callable[[], float],
        timeout: float,
        *,
        arn: str = "",
        back: bool = False,
        return_late: bool = False,
        hold: float = 0.0,
        told: Callable[[DeploymentView], None] = lambda view: None,
    ) -> None:
        self.definition = definition
        self.arn = arn
        self.view: DeploymentView | None = None
        self.outcome = UNDECIDED
        self.late = False
        self.stop_asked = False
        self.stop_problem = ""
        self._known = set(known)
        self._clock = clock
        self._timeout = timeout
        self._deadline = clock() + timeout
        self._back = back
        self._return_late = return_late
        self._hold = hold
        self._held_until: float | None = None
        self._doubt = 0.0
        self._given_up = False
        self._told = told
        self._unresolved: dict[str, str] = {}

    # Observations

    def observe_list(self, deployments: Iterable[Brief]) -> None:
        """The deployments of the service, the newest first."""
        for item in deployments:
            if item.arn not in self._known:
                self._unresolved.setdefault(item.arn, item.revision)

    def observe_revisions(self, definitions: Mapping[str, str]) -> None:
        """The task definitions of revisions, by the ARNs of these. The newest deployment that leads to ours is ours."""
        for arn, revision in list(self._unresolved.items()):
            if revision in definitions:
                del self._unresolved[arn]
                self._known.add(arn)
                if definitions[revision] == self.definition and not self.arn:
                    self.arn = arn

    def observe(self, view: DeploymentView | None) -> None:
        """The deployment as it is now; None if ECS does not know it any more."""
        if view is None:
            self.outcome = GONE
            return
        if self.view != view:
            self._told(view)
        self.view = view
        if view.ongoing:
            if self.stop_problem and self._stoppable():
                self.outcome = LATE if self.late else FAILED
            return
        wanted = t.ROLLED_BACK if self._back else t.SUCCESSFUL
        if view.status != wanted:
            self.outcome = FAILED
        elif self._given_up:
            self.outcome = UNWANTED
        elif self._hold > 0 and not self._back:
            self._held_until = self._clock() + self._hold if self._held_until is None else self._held_until
        else:
            self.outcome = DONE

    def observe_others(self, newest: str) -> None:
        """ARN of the newest deployment of the service, while it is followed on after its end."""
        if newest != self.arn and not self.finished():
            self.outcome = REPLACED

    def observe_time(self) -> None:
        """After each look: the time may be over."""
        if self.holds():
            if self.time_left() <= 0:
                self.outcome = DONE
            return
        if self.finished() or self._clock() < self._deadline:
            return
        if self._return_late and not self.late and not self._back and (self.view is None or self._stoppable()):
            self.late = True
            self._deadline = self._clock() + self._timeout
        else:
            self.outcome = LATE

    # Requests

    def to_find(self) -> bool:
        """Whether it is still looked for among the deployments of the service."""
        return not self.arn and not self.finished()

    def to_resolve(self) -> list[str]:
        """ARNs of revisions whose task definitions are asked for."""
        return [] if self.arn else sorted(set(self._unresolved.values()))

    def to_stop(self) -> str:
        """ARN of the deployment that ECS is asked to roll back, empty if none is."""
        wanted = (self._back or self.late or self._given_up) and not self.stop_asked and not self.stop_problem
        return self.arn if wanted and self._stoppable() else ""

    def stopped(self) -> None:
        """It was asked for."""
        self.stop_asked = True

    def not_stopped(self, problem: str) -> None:
        """ECS has refused it: the deployment may have come to its end meanwhile, which the next look tells."""
        self.stop_problem = problem

    def give_up(self, back: bool) -> None:
        """It must not stay. ``back``: so ECS is to roll it back; otherwise it is only not followed any more."""
        if self._given_up or self.outcome not in (UNDECIDED, DONE):
            return
        successful = self.holds() or self.outcome == DONE
        self._given_up = back
        if not back:
            self.outcome = FAILED
        elif successful:
            self.outcome = UNWANTED
        elif not self.late:
            self._deadline = self._clock() + self._timeout

    def doubt(self, seconds: float) -> None:
        """Follow it on for so much longer than ``hold`` at most; 0 if there is no doubt any more."""
        self._doubt = seconds

    def holds(self) -> bool:
        """Whether it was successful and is followed on."""
        return self._held_until is not None and not self.finished()

    def finished(self) -> bool:
        return self.outcome != UNDECIDED

    def time_left(self) -> float:
        until = self._deadline if self._held_until is None else self._held_until + self._doubt
        return until - self._clock()

    def went_back(self) -> bool:
        """Whether the service runs again what it ran before this deployment."""
        return self.view is not None and self.view.status == t.ROLLED_BACK

    def _stoppable(self) -> bool:
        return self.view is not None and self.view.status in t.STOPPABLE
