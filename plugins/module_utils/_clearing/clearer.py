# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Clears what holds stacks up, in threads of its own, while somebody else looks on."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

from .._watch.progress import Progress
from .cleared import Cleared
from .job import Job

JOBS = 16  # stacks at the same time
AT_ONCE = 8  # resources of all of them
TELL_EVERY = 5.0  # seconds between two lines on one that goes on


@dataclass
class _Running:
    job: Job
    future: Future[None]


class Clearer:
    """One job for each stack, by its name, and a newer one in place of an older that has ended."""

    def __init__(self, progress: Progress, clock: Callable[[], float]) -> None:
        self._progress = progress
        self._clock = clock
        self._jobs = ThreadPoolExecutor(JOBS, thread_name_prefix="clear-stack")
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="clear")
        self._running: dict[str, _Running] = {}
        self._told_at: dict[tuple[str, int], float] = {}

    def begin(self, name: str, job: Job) -> None:
        """Begin with a stack."""
        self._running[name] = _Running(job, self._jobs.submit(job.run, self._pool))

    def goes_on(self, name: str) -> bool:
        """Whether a stack is being cleared, of which what is new is told. Raises what ended it."""
        running = self._running.get(name)
        if running is None:
            return False
        going = not running.future.done()
        self._tell(name, running.job, going)
        if not going:
            running.future.result()
        return going

    def words(self, name: str) -> str:
        """What goes on, in words."""
        rows = self._running[name].job.rows
        return "; ".join(row.words() for row in rows if row.going) or "looking at what holds it"

    def stop(self, name: str) -> None:
        """Have the clearing of a stack end soon."""
        if name in self._running:
            self._running[name].job.stop()

    def end(self) -> None:
        """Stop all, and wait for that."""
        for running in self._running.values():
            running.job.stop()
        self._jobs.shutdown(cancel_futures=True)
        self._pool.shutdown(cancel_futures=True)

    def _tell(self, name: str, job: Job, going: bool) -> None:
        now = self._clock()
        for number, row in enumerate(job.rows):
            status, text = _news(row, going)
            due = status != "clearing" or now - self._told_at.get((name, number), 0.0) >= TELL_EVERY
            if text and text != row.told and due:
                row.told = text
                self._told_at[name, number] = now
                self._progress.tell("clear", name, status, f"{name}: {text}")


def _news(row: Cleared, going: bool) -> tuple[str, str]:
    """Status and words; no words where there is nothing to say."""
    if row.going:
        return "clearing", f"clearing {row.words()}"
    if row.reason:
        return "uncleared", f"NOT CLEARED {row.words()}: {row.reason}"
    if row.done or not going:
        return "cleared", f"cleared {row.words()}"
    return "", ""
