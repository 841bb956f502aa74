# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A new version on trial: from when it takes traffic, probes and alarms decide whether it stays. No AWS, no network."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Protocol
from typing import Sequence

from . import types as t
from .probes import Answer
from .probes import Probe
from .probes import Tally
from .types import DeploymentView

# Stages in which the new version gets production traffic.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
_SHIFTED = frozenset(("PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"))


class Asking(Protocol):
    """What sends the requests."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    def answers(self) -> list[Answer]:
        """What has come since the last time."""


def takes_traffic(view: DeploymentView) -> bool:
    """Whether requests may go to the new version. With a rolling deployment, as soon as one of its tasks runs. Of the
    others, on the way back, until all tasks are gone."""
    if view.status == t.SUCCESSFUL and view.requested:
        return True  # whoever asks meets it, or nobody if its tasks have crashed
    if not view.running:
        return False
    staged = bool(view.stage) and view.status in t.STOPPABLE
    return view.stage in _SHIFTED if staged else True


class Trial:
    """``tell``: gets a status and a line for people, ``clock``: seconds."""

    def __init__(
        self,
        probes: Sequence[Probe],
        asking: Asking,
        clock: Callable[[], float],
        tell: Callable[[str, str], None] = lambda status, text: None,
    ) -> None:
        self.tallies = [Tally(probe) for probe in probes]
        self.events: list[dict[str, str]] = []
        self.alarms: list[str] = []
        self._asking = asking
        self._clock = clock
        self._tell = tell
        self._quiet: float | None = None  # when it was last seen to take no traffic, before it did
        self._since: float | None = None
        self._until: float | None = None
        self._returns = False  # what answers may be the old version again
        self._status = ""

    def start(self) -> None:
        self._asking.start()

    def stop(self) -> None:
        self._asking.stop()

    def note(self, kind: str, text: str, status: str = "deploying", ago: float = 0.0) -> None:
        """Add to the timeline, where it may have been so many seconds ago, and say it."""
        at = (datetime.now(timezone.utc) - timedelta(seconds=ago)).isoformat(timespec="milliseconds")
        self.events.append({"at": at, "kind": kind, "text": text})
        self._tell(status, text)

    # Observations

    def observe(self, view: DeploymentView) -> None:
        """The deployment of the version on trial."""
        if view.status != self._status:
            self._status = view.status
            # The line for people is that of the deployment.
            at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            self.events.append({"at": at, "kind": "deployment", "text": f"deployment {view.status}"})
        self._returns = view.status not in t.STOPPABLE and view.status != t.SUCCESSFUL
        self._observe_traffic(takes_traffic(view))

    def observe_way_back(self, view: DeploymentView) -> None:
        """The deployment that takes its place."""
        self._returns = True
        self._observe_traffic(view.source_running > 0)

    def observe_alarms(self, states: Mapping[str, str]) -> None:
        """The states of the service's alarms after its deployment has ended: ECS watches them no more."""
        for name in sorted(name for name, state in states.items() if state == "ALARM" and name not in self.alarms):
            self.alarms.append(name)
            self.note("alarm", f"alarm {name} went off", "failed")

    def listen(self) -> None:
        """Take the answers that have come. They are judged if they came while the version took traffic: one that was
        asked for just before may be of the new version, and old ones answer on beside it anyway."""
        for answer in self._asking.answers():
            if self._returns and self._until is not None:
                continue
            tally = self.tallies[answer.probe]
            judged = self._since is not None and answer.came > self._since
            first = judged and answer.problem and tally.first is None
            tally.observe(answer, judged)
            if first:
                self.note("probe", f"{tally.probe.name}: {answer.problem}", "retry")

    # What came of it

    @property
    def verdict(self) -> str:
        """Why it must not stay; empty while it may."""
        parts = [tally.sentence() for tally in self.tallies if tally.failed]
        if self.alarms:
            parts.append(f"In ALARM after the deployment had ended: {', '.join(self.alarms)}.")
        return " ".join(parts)

    @property
    def seconds(self) -> float:
        """For how long requests may have gone to the new version so far."""
        if self._since is None:
            return 0.0
        return (self._clock() if self._until is None else self._until) - self._since

    def in_doubt(self) -> bool:
        """Whether an answer more may change the verdict: it must not be that a version stays since its last failures
        were one too few, or since nothing was asked often enough to fail."""
        return not self.verdict and any(tally.in_doubt() for tally in self.tallies)

    def grace(self) -> float:
        """Seconds within which no doubt is left."""
        return max((tally.probe.longest() for tally in self.tallies), default=0.0)

    def warnings(self) -> list[str]:
        """Probes that say little."""
        told = []
        for tally in self.tallies:
            if tally.failures_before:
                told.append(
                    f"{tally.probe.name} failed {tally.failures_before} of {tally.requests_before} times before the "
                    "new version took traffic."
                )
            if not tally.requests:
                told.append(f"{tally.probe.name} was never answered while the new version took traffic.")
        return told

    def as_result(self) -> list[dict[str, Any]]:
        return [tally.as_result() for tally in self.tallies]

    def _observe_traffic(self, taken: bool) -> None:
        now = self._clock()
        if not taken and self._since is None:
            self._quiet = now
        elif taken and self._since is None:
            # It may have been taken at any time since the last look.
            self._since = now if self._quiet is None else self._quiet
            self.note("in_service", "the new version takes traffic", ago=now - self._since)
        elif taken and self._until is not None:
            self._until = None
        elif not taken and self._until is None:
            self._until = now
            self.note("out_of_service", f"the new version takes no traffic any more, after {self.seconds:.0f} s")
