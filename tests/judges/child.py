# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a child process, show what it says as it says it, and keep it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
# Never let a developer's own account, configuration or paths into a test.
FOREIGN = ("AWS_", "ANSIBLE_", "BOTO_", "PYTEST_", "PYTHON", "GALAXY_IMPORTER_")


@dataclass(frozen=True)
class Verdict:
    """What one judge found: whether it passes, and one line about it."""

    passed: bool
    text: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without foreign settings, with the virtual environment first in PATH."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    clean["PATH"] = os.pathsep.join([str(BIN), clean.get("PATH", os.defpath)])
    clean["PYTHONUNBUFFERED"] = "1"
    return clean | dict(extra or {})


def run(
    command: Sequence[str], cwd: Path, extra: Mapping[str, str] | None = None, live: bool = True
) -> tuple[int, list[str]]:
    """Return the exit code and the lines of both outputs; a command that cannot be started raises OSError.

    live: False shows everything at the end and in one piece, for those that run side by side.
    """
    first = f"$ {shlex.join(command)}"
    if live:
        print(first, flush=True)
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            if live:
                print(line, end="", flush=True)
            lines.append(line.rstrip())
    if not live:
        print("\n".join([first, *lines, ""]), end="", flush=True)
    return child.returncode, lines
