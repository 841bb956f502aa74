# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Teardowns that run beside the test, and that the test can kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.workshop.playbooks import ROOT, TEARDOWN, environment, executable

MARK = "TEARDOWN_UNDER_TEST"
PROC = Path("/proc")
PATIENCE = 240.0  # seconds


def _hear_the_interrupt() -> None:
    """A shell that runs these tests in the background has SIGINT ignored, which children inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Started:
    """A teardown in a session of its own. Use as a context manager: nothing of it is left running."""

    def __init__(self, aws: Emulator, folder: Path, **variables: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.mark = uuid.uuid4().hex
        self._log = folder / f"{self.mark}.log"
        settings = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1} | variables
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [executable(), str(TEARDOWN), "-e", json.dumps(settings, default=str)],
                cwd=ROOT,
                env=environment(aws.environment, folder) | {"ANSIBLE_NOCOLOR": "1", MARK: self.mark},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_hear_the_interrupt,
            )

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.kill()

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def running(self) -> list[int]:
        """Ids of all its processes: Ansible's workers lead groups of their own."""
        found = []
        for process in PROC.glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (process / "environ").read_bytes():
                    found.append(int(process.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def kill(self) -> None:
        """SIGKILL for every process of it."""
        while processes := self.running():
            for process in processes:
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            self.process.poll()
            time.sleep(0.02)
        self.process.wait()

    def interrupt(self) -> None:
        """What Ctrl-C at a terminal does: SIGINT for the group in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        """Its exit code."""
        return self.process.wait(PATIENCE)

    def until(self, condition: Callable[[], Any]) -> bool:
        """Wait until the condition holds (True) or the teardown has ended (False)."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if self.process.poll() is not None:
                return False
            assert time.monotonic() < end, self.output
            time.sleep(0.01)
        return True
