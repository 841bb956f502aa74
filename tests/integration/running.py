# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs single modules by a real ansible-playbook against the emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PLAYBOOK_COMMAND = str(Path(sys.executable).with_name("ansible-playbook"))
TIMEOUT = 120


class Running:
    """A module that runs. ``result()`` waits for it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def results(self) -> list[dict[str, Any]]:
        """What the modules returned, ``failed`` included."""
        output, errors = self._process.communicate(timeout=TIMEOUT)
        try:
            tasks = json.loads(output[output.index("{") :])["plays"][0]["tasks"]
        except (ValueError, LookupError) as error:
            raise AssertionError(f"no result: {output}\n{errors}") from error
        return [{"failed": False, **next(iter(task["hosts"].values()))} for task in tasks]

    def result(self) -> dict[str, Any]:
        """What the one module returned."""
        (result,) = self.results()
        return result

    def end(self) -> None:
        """Wait for one whose output goes elsewhere."""
        self._process.communicate(timeout=TIMEOUT)

    def output(self) -> str:
        """What a person sees on the terminal."""
        output, errors = self._process.communicate(timeout=TIMEOUT)
        return output + errors


class Modules:
    """Calls modules of this collection by their short names."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._count = 0

    def __call__(self, module: str, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        return self.start(module, check=check, diff=diff, **options).result()

    def each(self, module: str, every: list[dict[str, Any]], diff: bool = False) -> list[dict[str, Any]]:
        """One call after the other, failed or not, in a single run of ansible-playbook."""
        tasks = [{f"workshop.lifecycle.{module}": options, "ignore_errors": True} for options in every]
        return self._play(tasks, ["--diff"] * diff, "ansible.posix.json", ("localhost",)).results()

    def start(
        self, module: str, *, check: bool = False, diff: bool = False, callback: str = "ansible.posix.json",
        hosts: tuple[str, ...] = ("localhost",), environment: dict[str, str] | None = None,
        stdout: int = subprocess.PIPE, **options: Any,
    ) -> Running:  # fmt: skip
        """The same without waiting. With another ``callback`` there is ``output()`` instead of a result.

        ``stdout``: where the output goes instead, as a file descriptor.
        """
        task = {f"workshop.lifecycle.{module}": options}
        return self._play([task], ["--check"] * check + ["--diff"] * diff, callback, hosts, environment, stdout)

    def _play(
        self, tasks: list[dict[str, Any]], arguments: list[str], callback: str, hosts: tuple[str, ...],
        more: dict[str, str] | None = None, stdout: int = subprocess.PIPE,
    ) -> Running:  # fmt: skip
        self._count += 1
        playbook = self._folder / f"play{self._count}.json"
        play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": tasks}
        playbook.write_text(json.dumps([play]), encoding="utf-8")
        command = [PLAYBOOK_COMMAND, "-i", ",".join(hosts) + ",", str(playbook), *arguments]
        environment = {
            **os.environ,
            **self._environment,
            "ANSIBLE_STDOUT_CALLBACK": callback,
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_LOCAL_TEMP": str(self._folder / "tmp"),
            "ANSIBLE_NOCOLOR": "1",
            **(more or {}),
        }
        return Running(
            subprocess.Popen(command, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True)
        )


def by_name(result: dict[str, Any], key: str = "stacks") -> dict[str, dict[str, Any]]:
    """The rows of a result by name."""
    assert key in result, result
    return {row["name"]: row for row in result[key]}


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    return {name: row["outcome"] for name, row in by_name(result).items()}
