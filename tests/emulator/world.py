# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all parts of the emulator share: one lock, the clock, the durations, the faults, timeline, calls and traffic."""

from __future__ import annotations

import threading
from datetime import datetime, timezone

from .calls import Calls
from .clock import Clock
from .durations import Durations
from .faults import Faults
from .timeline import Timeline
from .traffic.records import Traffic

#: moto's account
ACCOUNT_ID = "123456789012"


class World:
    """The state of the one emulator of this process. Take ``lock`` around every transition."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.region = "eu-central-1"
        #: id of the access key of the request that is being answered
        self.caller = ""
        self.faults = Faults(self._now)
        self.timeline = Timeline()
        self.calls = Calls()
        self.traffic = Traffic()
        self.durations = Durations()
        self.clock = Clock(self.lock, 1.0)

    def begin(self, time_scale: float, seed: int | None, region: str) -> None:
        """Start afresh: new clock and durations, nothing recorded, no faults."""
        self.region = region
        self.durations = Durations(seed)
        self.traffic = Traffic()
        self.clock = Clock(self.lock, time_scale)
        self.forget()
        self.clock.start()

    def forget(self) -> None:
        """No faults, nothing recorded, nothing scheduled; time goes on."""
        with self.lock:
            self.clock.clear()
            self.faults.clear()
            self.timeline.clear()
            self.calls.clear()
            self.traffic.clear()
            self.durations = Durations(self.durations.seed)

    def _now(self) -> float:
        return self.clock.now()

    def note(self, kind: str, name: str, status: str, detail: str = "") -> None:
        """Write a change of state into the timeline, at the time of the clock."""
        self.timeline.add(self.clock.now(), kind, name, status, detail)


world = World()


def utcnow() -> datetime:
    """The time of day in the account, as moto keeps it: in UTC without a time zone."""
    return datetime.fromtimestamp(world.clock.epoch(), timezone.utc).replace(tzinfo=None)
