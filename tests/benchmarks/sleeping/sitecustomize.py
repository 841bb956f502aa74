# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the waits of a tool fit the emulator's clock. Python runs this at the start of every process of the tool.

The emulator runs AWS's time faster; a tool that looks every five seconds would look every 50 seconds of AWS. So its
longer sleeps are shortened by the same factor, and each is noted, to tell waiting from working.
https://docs.python.org/3/library/site.html#module-sitecustomize
"""

from __future__ import annotations

import os
import time

LONG = 0.5  # seconds; shorter sleeps are a tool's own ticks, not waits for AWS
NOTED = 0.05  # seconds

_sleep = time.sleep
_factor = float(os.environ.get("BENCHMARK_SLEEP_FACTOR", "1"))
_log = os.environ.get("BENCHMARK_SLEEP_LOG", os.devnull)


def sleep(seconds: float) -> None:
    """``time.sleep``, shortened and noted as a line of begin and end on the monotonic clock."""
    seconds = seconds * _factor if seconds >= LONG else seconds
    if seconds < NOTED:
        _sleep(seconds)
        return
    begun = time.monotonic()
    _sleep(seconds)
    with open(_log, "a", encoding="ascii") as stream:
        stream.write(f"{begun} {time.monotonic()}\n")


time.sleep = sleep
