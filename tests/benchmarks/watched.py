# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command and measures what it costs: seconds, CPU of everything it starts, peak memory. Linux and macOS."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_EVERY = 0.25  # seconds
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """``begun`` and ``ended`` on the monotonic clock; ``cpu`` in seconds, user and system.

    ``peak``: bytes of all its processes together at one moment, each shared page counted once (PSS) where the system
    tells; looked at four times a second.
    """

    code: int
    begun: float
    ended: float
    cpu: float
    peak: int

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


def watched(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, output: Path, timeout: float = 7200.0
) -> Cost:
    """Run to the end. Everything it started is gone afterwards. subprocess.TimeoutExpired after ``timeout`` seconds.

    Nothing else may run as a child of this process meanwhile.
    """
    _adopt_orphans()
    before = _children_cpu()
    memory = _Memory()
    begun = time.monotonic()
    with output.open("ab") as stream:
        child = subprocess.Popen(
            command, env=dict(environment), cwd=cwd, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    try:
        with memory:
            code = child.wait(timeout)
        ended = time.monotonic()
    finally:
        _end_all()
    return Cost(code, begun, ended, _children_cpu() - before, memory.peak)


def _adopt_orphans() -> None:
    """Have processes that their parents leave behind become children of this one, so that they are counted.

    https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _end_all() -> None:
    for process in psutil.Process().children(recursive=True):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            pass
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


class _Memory:
    """A context manager that looks at the children's memory while it lasts."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_EVERY):
            self.peak = max(self.peak, sum(map(_memory, psutil.Process().children(recursive=True))))


def _memory(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0  # ended in the meantime
    return getattr(found, "pss", 0) or found.rss
