# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks against the emulator."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "playbooks" / "deploy.yml"
OBSERVE = ROOT / "playbooks" / "observe.yml"
TEARDOWN = ROOT / "playbooks" / "teardown.yml"
RELEASE = ROOT / "playbooks" / "release.yml"
VERIFY = ROOT / "playbooks" / "verify.yml"


@dataclass(frozen=True)
class Played:
    """What became of a run of ansible-playbook."""

    code: int
    output: str

    def recap(self, host: str = "localhost") -> dict[str, int]:
        """The counts of the last lines: ok, changed, failed, ..."""
        found = re.findall(rf"^{re.escape(host)}\s+: (.*)$", self.output, re.MULTILINE)
        return {key: int(number) for key, number in re.findall(r"(\w+)=(\d+)", found[-1])} if found else {}

    @property
    def failures(self) -> str:
        """The messages of the tasks that failed."""
        return "\n".join(re.findall(r"^(?:fatal|\[ERROR\]|ERROR!)(?:.*\n)(?:(?! *$).*\n)*", self.output, re.MULTILINE))


def executable(name: str = "ansible-playbook") -> str:
    """The path of an Ansible command in the environment this runs in."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is not there: install the requirements first, or use make rehearsal")
    return found


def environment(aws: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Variables for a playbook: those of this process but for a user's AWS, Ansible and Python settings, and the
    emulator's. PYTHONDONTWRITEBYTECODE would have every process compile all that it imports."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key == "ANSIBLE_COLLECTIONS_PATH" or not key.startswith(("AWS_", "ANSIBLE_", "PYTHON"))
    }
    settings = {
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_LOCAL_TEMP": str(scratch / "local"),
        "ANSIBLE_REMOTE_TEMP": str(scratch / "remote"),
    }
    return inherited | settings | dict(aws)


def play(
    playbook: str | Path,
    aws: Mapping[str, str],
    scratch: Path,
    *arguments: str,
    cwd: Path = ROOT,
    timeout: float = 300,
    **variables: object,
) -> Played:
    """Run a playbook to its end, without a terminal. subprocess.TimeoutExpired after so many seconds."""
    extra = [part for key, value in variables.items() for part in ("-e", f"{key}={value}")]
    done = subprocess.run(
        [executable(), str(playbook), *arguments, *extra],
        env=environment(aws, scratch) | {"ANSIBLE_NOCOLOR": "1"},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Played(done.returncode, done.stdout)
