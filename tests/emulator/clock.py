# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time of the emulated account: AWS seconds, and one thread that runs what is due."""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
import time
import traceback
from typing import Any, Callable


class ScheduledCall:
    """A call that is due at ``due`` AWS seconds; ``cancel()`` makes it never happen."""

    __slots__ = ("due", "order", "function", "arguments", "cancelled")

    def __init__(self, due: float, order: int, function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.due = due
        self.order = order
        self.function = function
        self.arguments = arguments
        self.cancelled = False

    def __lt__(self, other: ScheduledCall) -> bool:
        return (self.due, self.order) < (other.due, other.order)

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """AWS seconds since the start, and calls in the future.

    ``time_scale`` is how many real seconds one AWS second takes. Scheduled functions run one after the other on one
    thread, each with ``lock`` held. Inside such a function ``now()`` is the moment it was due, and ``call_later``
    counts from there: a busy machine makes things late but never makes them longer.
    """

    def __init__(self, lock: threading.RLock, time_scale: float) -> None:
        if not time_scale > 0:
            raise ValueError(f"time_scale must be above 0, not {time_scale!r}")
        self.time_scale = time_scale
        self.errors: list[BaseException] = []
        self._lock = lock
        self._heap: list[ScheduledCall] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._started = time.monotonic()
        self._stopping = False
        self._running_due: float | None = None
        self._thread = threading.Thread(target=self._run, name="emulator-clock", daemon=True)

    def start(self) -> None:
        self._started = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Forget what is scheduled and end the thread."""
        with self._changed:
            self._stopping = True
            self._heap.clear()
            self._changed.notify_all()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def clear(self) -> None:
        """Forget what is scheduled; time goes on."""
        with self._changed:
            for call in self._heap:
                call.cancel()
            self._heap.clear()

    def now(self) -> float:
        """AWS seconds since the start."""
        if self._running_due is not None and threading.current_thread() is self._thread:
            return self._running_due
        return (time.monotonic() - self._started) / self.time_scale

    def call_later(self, aws_seconds: float, function: Callable[..., None], *arguments: Any) -> ScheduledCall:
        """Have ``function(*arguments)`` called ``aws_seconds`` from now, with the world's lock held."""
        call = ScheduledCall(self.now() + max(aws_seconds, 0.0), next(self._order), function, arguments)
        with self._changed:
            if not self._stopping:
                heapq.heappush(self._heap, call)
                self._changed.notify_all()
        return call

    def sleep(self, aws_seconds: float) -> None:
        """Let real time pass (not for scheduled functions, which must not block)."""
        time.sleep(aws_seconds * self.time_scale)

    def _next(self) -> ScheduledCall | None:
        with self._changed:
            while not self._stopping:
                if not self._heap:
                    self._changed.wait()
                    continue
                real = self._started + self._heap[0].due * self.time_scale - time.monotonic()
                if real <= 0:
                    return heapq.heappop(self._heap)
                self._changed.wait(real)
        return None

    def _run(self) -> None:
        while (call := self._next()) is not None:
            with self._lock:
                if call.cancelled or self._stopping:
                    continue
                self._running_due = call.due
                try:
                    call.function(*call.arguments)
                # A fault in one scheduled function must not stop time for all others; Emulator.stop() raises it.
                except Exception as error:  # pylint: disable=broad-exception-caught
                    self.errors.append(error)
                    traceback.print_exc(file=sys.stderr)
                finally:
                    self._running_due = None
