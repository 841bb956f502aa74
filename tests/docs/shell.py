# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shell in which a reader's commands find the emulator where AWS would be."""

from __future__ import annotations

import errno
import os
import pty
import re
import select
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import Emulator
from tests.workshop.playbooks import ROOT, environment

from .stand_in import HERE, STAND_INS

#: What only makes a playbook look more often than it would, so that a test does not take as long as AWS does.
QUICK = ("-e", "workshop_poll_interval=0.2", "-e", "leftovers_settle=1")
QUESTION = re.compile(rb"Type (?P<answer>[\w-]+) to go on")
CREDENTIALS = "aws_access_key_id = emulator\naws_secret_access_key = not-a-real-secret-0001\nregion = eu-central-1\n"
PATIENCE = 240.0  # seconds


@dataclass(frozen=True)
class Done:
    """What became of a script."""

    code: int
    output: str


class Shell:
    """A home and a working folder below ``folder``, with the parts of a checkout that a reader would see."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.folder = folder / "work"
        home, tools = folder / "home", folder / "bin"
        for made in (self.folder, home / ".aws", tools):
            made.mkdir(parents=True)
        for part in ("docs", "playbooks", "Makefile"):
            (self.folder / part).symlink_to(ROOT / part)
        (home / ".aws" / "config").write_text(f"[default]\n{CREDENTIALS}[profile workshop]\n{CREDENTIALS}", "utf-8")
        modules = {name: f"stand_in {name}" for name in STAND_INS} | {"aws": "aws_line"}
        for name, module in modules.items():
            command = f'PYTHONPATH={shlex.quote(str(ROOT))} exec {_PYTHON} -m tests.docs.{module} "$@"'
            _script(tools / name, command)
        playbook = shlex.quote(str(_BIN / "ansible-playbook"))
        _script(tools / "ansible-playbook", f'exec {playbook} "$@" {" ".join(QUICK)}')
        keep = ("AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED", "NO_PROXY")
        self.environment = environment({name: emulator.environment[name] for name in keep}, folder) | {
            "HOME": str(home),
            HERE: str(tools),
            "PATH": os.pathsep.join([str(tools), str(_BIN), os.environ.get("PATH", os.defpath)]),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "160",
        }

    def run(self, script: str, variables: Mapping[str, str] | None = None) -> Done:
        """Run a script by bash, without a terminal; it ends at the first command that fails."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def run_at_a_terminal(self, script: str) -> Done:
        """The same at a terminal, by somebody who types the workshop's name whenever it is asked for."""
        child, ours = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
            os.execvpe(command[0], command, self.environment)
        output, answered, end = b"", 0, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not select.select([ours], [], [], 1)[0]:
                continue
            try:
                data = os.read(ours, 65536)
            except OSError as error:  # Linux says so when the last of them has closed the terminal
                if error.errno != errno.EIO:
                    raise
                data = b""
            if not data:
                break
            output += data
            question = QUESTION.search(output, answered)
            if question:
                time.sleep(0.5)  # pause throws away what was typed before it listens
                os.write(ours, question["answer"] + b"\r")
                answered = question.end()
        else:
            os.killpg(child, signal.SIGKILL)
        os.close(ours)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return Done(code, output.decode(errors="replace").replace("\r\n", "\n"))


_PYTHON = shlex.quote(sys.executable)
_BIN = Path(sys.executable).parent


def _script(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
