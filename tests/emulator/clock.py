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

    While the clock is held (``pause()``), time stands still between calls of ``step()`` and ``advance()``, which run
    what is due on the caller's thread: what a test sees depends on no machine.
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
        self._started_at = time.time()
        self._stopping = False
        self._running_due: float | None = None
        self._running_on: threading.Thread | None = None
        self._held_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="emulator-clock", daemon=True)

    def start(self) -> None:
        self._started = time.monotonic()
        self._started_at = time.time()
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
        if self._running_due is not None and threading.current_thread() is self._running_on:
            return self._running_due
        held = self._held_at
        return self._passing() if held is None else held

    def epoch(self) -> float:
        """The time of day in the account, in seconds since 1970: at the start that of this machine. From there on it
        counts AWS seconds, and so runs ahead of it. Every answer of the emulator has it as its ``Date``."""
        return self._started_at + self.now()

    def _passing(self) -> float:
        return (time.monotonic() - self._started) / self.time_scale

    # a clock that is held

    @property
    def held(self) -> bool:
        return self._held_at is not None

    def pause(self) -> None:
        """Hold the time. Nothing happens if it is held already."""
        with self._lock, self._changed:
            if self._held_at is None:
                self._held_at = self._passing()

    def resume(self) -> None:
        """Let the time pass again, from where it is held."""
        with self._changed:
            if self._held_at is not None:
                self._started = time.monotonic() - self._held_at * self.time_scale
                self._held_at = None
                self._changed.notify_all()

    def advance(self, aws_seconds: float) -> None:
        """Let so much time pass at once; RuntimeError unless the clock is held."""
        until = self._held() + aws_seconds
        while self.step(until):
            pass
        with self._changed:
            self._held_at = max(until, self._held_at or 0.0)

    def skip(self, aws_seconds: float) -> None:
        """Let so much time pass at once, and then go on as before, held or not."""
        held = self.held
        self.pause()
        self.advance(aws_seconds)
        if not held:
            self.resume()

    def step(self, until: float = float("inf")) -> bool:
        """Go to the next moment at which something is due, and run it; False if nothing is due up to ``until``."""
        self._held()
        with self._lock:
            with self._changed:
                self._drop_cancelled()
                if not self._heap or self._heap[0].due > until:
                    return False
                self._held_at = moment = max(self._heap[0].due, self._held_at or 0.0)
            while (call := self._due(moment)) is not None:
                self._perform(call)
        return True

    def _held(self) -> float:
        if self._held_at is None:
            raise RuntimeError("the clock is not held")
        return self._held_at

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)

    def _due(self, moment: float) -> ScheduledCall | None:
        with self._changed:
            return heapq.heappop(self._heap) if self._heap and self._heap[0].due <= moment else None

    def call_later(self, aws_seconds: float, function: Callable[..., None], *arguments: Any) -> ScheduledCall:
        """Have ``function(*arguments)`` called ``aws_seconds`` from now, with the world's lock held."""
        call = ScheduledCall(self.now() + max(aws_seconds, 0.0), next(self._order), function, arguments)
        with self._changed:
            if not self._stopping:
                heapq.heappush(self._heap, call)
                self._changed.notify_all()
        return call

    def sleep(self, aws_seconds: float) -> None:
        """Let time pass: real time, unless the clock is held (not for scheduled functions, which must not block)."""
        if self.held:
            self.advance(aws_seconds)
        else:
            time.sleep(aws_seconds * self.time_scale)

    def _run(self) -> None:
        while self._wait():
            with self._lock:
                call = None if self.held else self._due(self._passing())
                if call is not None:
                    self._perform(call)

    def _wait(self) -> bool:
        """Until something is due; False when the clock is stopped."""
        with self._changed:
            while not self._stopping:
                if not self._heap or self.held:
                    self._changed.wait()
                    continue
                real = self._started + self._heap[0].due * self.time_scale - time.monotonic()
                if real <= 0:
                    return True
                self._changed.wait(real)
        return False

    def _perform(self, call: ScheduledCall) -> None:
        if call.cancelled or self._stopping:
            return
        self._running_due, self._running_on = call.due, threading.current_thread()
        try:
            call.function(*call.arguments)
        # A fault in one scheduled function must not stop time for all others; Emulator.stop() raises it.
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.errors.append(error)
            traceback.print_exc(file=sys.stderr)
        finally:
            self._running_due = self._running_on = None
