# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Runs the deployment machine against ECS: finds the deployment, follows it, has it rolled back."""

from __future__ import annotations

import math
import time
from typing import Callable
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._watch.loop import STEADY
from .machine import GONE
from .machine import DeploymentMachine
from .reader import DeploymentReader
from .reader import has_ended
from .trial import Trial
from .trial import takes_traffic
from .types import TargetHealth
from .words import progress_of

LOOK_AT_TARGETS_EVERY = 3  # looks at the deployment


class DeploymentDriver:
    """What the watch loop looks after. An AWS error that does not pass ends it with a ``problem``.

    ``groups``: ARNs of the service's target groups, whose unhealthy targets are remembered: after the way back nothing
    shows them any more. ``trial``: what decides whether the new version stays, ``judge``: whether it decides here, or
    only sees the version go. ``return_unwanted``: it goes back if a probe fails. ``alarms``: names of those that are
    looked at when its deployment has ended. ``until_traffic``: it is followed only until it takes traffic.
    """

    def __init__(
        self,
        machine: DeploymentMachine,
        reader: DeploymentReader,
        groups: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
        *,
        trial: Trial | None = None,
        judge: bool = True,
        return_unwanted: bool = False,
        alarms: Sequence[str] = (),
        until_traffic: bool = False,
    ) -> None:
        self.machine = machine
        self.problem: AwsCallError | None = None
        self.gaps: list[str] = []
        self.survived = 0
        self._reader = reader
        self._groups = groups
        self._clock = clock
        self._began = clock()
        self._looks = 0
        self._unhealthy: dict[tuple[str, str], TargetHealth] = {}
        self._trial = trial
        self._judge = judge
        self._return_unwanted = return_unwanted
        self._alarms = alarms
        self._until_traffic = until_traffic
        self.arrived = False  # at traffic, where it is followed until then

    def tick(self) -> None:
        if self.finished():
            return
        try:
            self._step()
        except AwsCallError as error:
            if survivable(error):
                self.survived += 1
            else:
                self.problem = error
        self.machine.observe_time()

    def finished(self) -> bool:
        return self.problem is not None or self.machine.finished() or self.arrived

    def waiting_for(self) -> list[str]:
        if self.machine.view is None:
            return ["ECS to show the deployment"]
        if self.machine.holds():
            return [f"probes and alarms of {progress_of(self.machine.view)}"]
        return [progress_of(self.machine.view)]

    def calm(self) -> tuple[float, float]:
        return self._clock() - self._began, STEADY

    def time_left(self) -> float:
        return math.inf if self.finished() else self.machine.time_left()

    def unhealthy(self) -> list[TargetHealth]:
        """The targets that were seen not to be healthy."""
        return [self._unhealthy[key] for key in sorted(self._unhealthy)]

    def find(self) -> None:
        """Look once for the deployment among those of the service. Raises :class:`AwsCallError`."""
        self.machine.observe_list(self._reader.deployments())
        revisions = self.machine.to_resolve()
        if revisions:
            self.machine.observe_revisions(self._reader.revisions(revisions))

    def look(self) -> None:
        """Look once at the deployment. Raises :class:`AwsCallError`."""
        self.machine.observe(self._reader.deployment(self.machine.arn))

    def _step(self) -> None:
        if self.machine.to_find():
            self.find()
        if self.machine.arn:
            self.look()
            self._judge_it()
            self._look_at_targets()
        arn = self.machine.to_stop()
        if arn:
            self._roll_back(arn)

    def _judge_it(self) -> None:
        view = self.machine.view
        if view is None or self.machine.outcome == GONE:
            return
        self.arrived = self._until_traffic and takes_traffic(view)
        if self._trial is None:
            return
        if not self._judge:
            self._trial.observe_way_back(view)
            return
        self._trial.observe(view)
        if self.machine.holds():
            self.machine.observe_others(self._reader.deployments()[0].arn)
            self._look_at_alarms(self._trial)
        self._trial.listen()
        self.machine.doubt(self._trial.grace() if self._trial.in_doubt() else 0.0)
        if self._trial.verdict:
            # Alarms are looked at only where they bring it back.
            self.machine.give_up(self._return_unwanted or bool(self._trial.alarms))

    def _look_at_alarms(self, trial: Trial) -> None:
        if not self._alarms:
            return
        try:
            trial.observe_alarms(self._reader.alarms(self._alarms))
        except AwsCallError as error:
            if not survivable(error):
                raise
            self.survived += 1  # the probes are heeded all the same

    def _roll_back(self, arn: str) -> None:
        try:
            self._reader.roll_back(arn)
        except AwsCallError as error:
            if not has_ended(error):
                raise
            self.machine.not_stopped(error.advice())
        else:
            self.machine.stopped()
            if self._trial is not None:
                self._trial.note("back", "ECS was asked to roll the deployment back", "failed")

    def _look_at_targets(self) -> None:
        view = self.machine.view
        due = self._looks % LOOK_AT_TARGETS_EVERY == 0
        self._looks += 1
        if not due or self.gaps or self.machine.finished() or view is None:
            return
        try:
            seen = self._reader.unhealthy(self._groups)
        except AwsCallError as error:
            if survivable(error):
                self.survived += 1
            else:  # the deployment is followed all the same
                self.gaps.append(f"Unhealthy targets were not looked at: {error.advice()}")
            return
        self._unhealthy.update(((item.group, item.target), item) for item in seen)
