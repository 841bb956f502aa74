# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count of the API calls that the emulator answered."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One answered request. ``time`` in AWS seconds; ``error`` is the AWS error code, empty if there was none."""

    time: float
    action: str
    error: str = ""
    region: str = ""


class Calls:
    """Every call since the start or the last ``clear()``."""

    def __init__(self) -> None:
        self._log: list[Call] = []
        self._on_behalf: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, call: Call) -> None:
        with self._lock:
            self._log.append(call)

    def add_on_behalf(self, action: str) -> None:
        with self._lock:
            self._on_behalf[action] += 1

    def clear(self) -> None:
        with self._lock:
            self._log.clear()
            self._on_behalf.clear()

    @property
    def log(self) -> list[Call]:
        with self._lock:
            return list(self._log)

    @property
    def total(self) -> int:
        return len(self._log)

    @property
    def by_action(self) -> dict[str, int]:
        """Calls per action, such as ``{"cloudformation:DescribeStacks": 12}``, most frequent first."""
        return dict(Counter(call.action for call in self.log).most_common())

    def most_within(self, seconds: float, action: str | None = None, region: str | None = None) -> int:
        """The most calls (of this action, in this region) within so many AWS seconds: how closely a tool asks."""
        times = sorted(
            call.time for call in self.log if action in (None, call.action) and region in (None, call.region)
        )
        most = first = 0
        for last, time in enumerate(times):
            while time - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    @property
    def on_behalf(self) -> dict[str, int]:
        """Actions that CloudFormation needed of its caller to delete resources, most frequent first.

        They are no requests to the emulator and count nowhere else.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
        """
        with self._lock:
            return dict(self._on_behalf.most_common())
