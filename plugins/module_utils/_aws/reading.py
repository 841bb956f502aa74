# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Reading AWS in several threads, so that what may not be read is told and what passes by itself is tried again."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import TypeVar

from .errors import DENIED
from .errors import MISSING
from .errors import TRANSIENT
from .errors import UNREACHABLE
from .errors import AwsCallError

TRIES = 5
AT_ONCE = 8

# Connections that break while they are used. Others can not be made, which five times as many tries would not change.
_BROKEN = frozenset(("ConnectionClosedError", "ReadTimeoutError"))

Item = TypeVar("Item")
Result = TypeVar("Result")


class Reading:
    """Runs reading functions. A context manager, which ends its threads.

    :meth:`together` is for functions that use :meth:`each`, and those for which :meth:`each` is used must use neither.
    """

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._denied: dict[str, str] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="read")

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def tried(self, call: Callable[[], Result]) -> Result:
        """The answer of ``call``, which is tried again a few times for errors that may pass by themselves. Raises
        :class:`AwsCallError`."""
        for attempt in range(1, TRIES):
            try:
                return call()
            except AwsCallError as error:
                if error.kind != TRANSIENT and not (error.kind == UNREACHABLE and error.code in _BROKEN):
                    raise
            self._sleep(attempt)
        return call()

    def read(self, call: Callable[[], Result], nothing: Result) -> Result:
        """The same, with ``nothing`` for what is not there and for what may not be read. The latter is noted."""
        try:
            return self.tried(call)
        except AwsCallError as error:
            if error.kind == DENIED:
                self.note(error)
            elif error.kind != MISSING:
                raise
        return nothing

    def note(self, error: AwsCallError) -> None:
        """Tell that something may not be read."""
        with self._lock:
            known = self._denied.get(error.action)
            self._denied[error.action] = error.message if known is None else min(known, error.message)

    def denied(self) -> list[dict[str, str]]:
        """What may not be read, sorted: ``action`` and one of the messages."""
        with self._lock:
            return [{"action": action, "message": message} for action, message in sorted(self._denied.items())]

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """``function`` of every item, a few at the same time, in the order of the items."""
        futures = [self._pool.submit(function, item) for item in items]
        return [future.result() for future in futures]

    def together(self, functions: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        """The results of all functions, called at the same time. Raises what the first of them raised."""
        with ThreadPoolExecutor(len(functions) or 1, thread_name_prefix="survey") as pool:
            futures = {name: pool.submit(function) for name, function in functions.items()}
            return {name: future.result() for name, future in futures.items()}
