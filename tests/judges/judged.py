# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a judge: here, or beside others."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from tests.judges.child import Verdict

Judge = Callable[[], Verdict]


@dataclass(frozen=True)
class Judged:
    """What became of a judge; ``output`` is empty when it has been shown."""

    verdict: Verdict
    seconds: float
    output: str = ""


def here(judge: Judge) -> Judged:
    """Run it. One that breaks has not passed."""
    started = time.monotonic()
    try:
        verdict = judge()
    except Exception as error:  # pylint: disable=broad-exception-caught
        traceback.print_exc(file=sys.stdout)
        verdict = Verdict(False, f"{type(error).__name__}: {error}")
    return Judged(verdict, time.monotonic() - started)


def _silently(judge: Judge) -> Judged:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        judged = here(judge)
    return Judged(judged.verdict, judged.seconds, output.getvalue())


class Beside:
    """Judges on what the work in the foreground leaves of the processors: its tests have clocks.

    Use as a context manager. ``at_once``: how many run side by side.
    """

    def __init__(self, judges: Mapping[str, Judge], at_once: int) -> None:
        self._pool = ProcessPoolExecutor(at_once, initializer=os.nice, initargs=(19,))
        self._running: dict[str, Future[Judged]] = {
            name: self._pool.submit(_silently, judge) for name, judge in judges.items()
        }

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def ended(self, wait: bool = False) -> dict[str, Judged]:
        """Those that have ended since this was asked last; with ``wait``, all that are left."""
        names = [name for name, future in self._running.items() if wait or future.done()]
        return {name: self._running.pop(name).result() for name in names}
