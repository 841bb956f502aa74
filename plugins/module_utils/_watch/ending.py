# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A process that is told to end, and puts things in order first."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any
from typing import Iterator


@contextlib.contextmanager
def told_to_end() -> Iterator[None]:
    """Inside, SIGTERM is raised as ``KeyboardInterrupt``, as SIGINT is, so that ``finally`` is heeded. Python hears
    signals in its main thread only: in another one, nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is _interrupt:
            signal.signal(signal.SIGTERM, before)


def told_already() -> None:
    """Heed no further SIGTERM or SIGINT: of one Ctrl-C a process may hear several times, and what it does for the
    first, and says of it, must not be cut off by the next."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
