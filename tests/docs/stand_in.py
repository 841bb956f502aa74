# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the place of commands that would change this machine, or speak to something else than the emulator.

Each says what it stands in for, and does what can be done here: it looks whether that command could have succeeded.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version

import yaml

from tests.workshop.playbooks import ROOT

#: The variable that says in which folder the commands are that lead here.
HERE = "STAND_INS"


def pip(arguments: list[str]) -> str:
    """Every package that would be installed is there."""
    command, *packages = arguments
    if command != "install" or not packages:
        raise SystemExit(f"no stand-in for pip {' '.join(arguments)}")
    return ", ".join(f"{package} {version(package)}" for package in packages) + " in place"


def ansible_galaxy(arguments: list[str]) -> str:
    """The collection that would be installed is this one."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    if arguments != ["collection", "install", f"{galaxy['namespace']}.{galaxy['name']}"]:
        raise SystemExit(f"no stand-in for ansible-galaxy {' '.join(arguments)}")
    return f"{arguments[-1]} {galaxy['version']} as it is in the checkout"


def make(arguments: list[str]) -> str:
    """There is such a target, with such settings."""
    known = (ROOT / "Makefile").read_text(encoding="utf-8")
    for argument in arguments:
        name = argument.partition("=")[0]
        if not re.search(rf"^{re.escape(name)}:|\$\({re.escape(name)}\)", known, re.MULTILINE):
            raise SystemExit(f"the Makefile knows no {name}")
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != os.environ[HERE])
    command = [str(shutil.which("make", path=path)), "--directory", str(ROOT), "--dry-run", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return "a dry run of it"


STAND_INS = {"pip": pip, "ansible-galaxy": ansible_galaxy, "make": make}

if __name__ == "__main__":
    name, *words = sys.argv[1:]
    print(f"[stand-in] {name} {' '.join(words)}: {STAND_INS[name](words)}", flush=True)
