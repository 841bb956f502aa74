# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How often a call is made."""

from __future__ import annotations

import time
from collections import deque
from typing import Callable

# DescribeStacks is throttled at about 5 a second for an account and region, and others call it too.
# https://github.com/aws/aws-sam-cli/issues/2671
MOST_LOOKS = 3
LOOKS_WITHIN = 1.2  # seconds


class Rate:
    """At most ``most`` calls within any ``window`` seconds. Without arguments, as DescribeStacks likes it."""

    def __init__(
        self,
        most: int = MOST_LOOKS,
        window: float = LOOKS_WITHIN,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._recent: deque[float] = deque(maxlen=most)
        self._window = window
        self._clock = clock
        self._sleep = sleep

    def wait(self) -> None:
        """Before a call: wait until it may be made, and count it."""
        if len(self._recent) == self._recent.maxlen:
            left = self._recent[0] + self._window - self._clock()
            if left > 0:
                self._sleep(left)
        self._recent.append(self._clock())
