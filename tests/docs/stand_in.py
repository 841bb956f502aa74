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
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore import xform_name

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


def aws(arguments: list[str]) -> str:
    """The AWS command line, as far as the documentation uses it: one call, with every option taking values."""
    service, command, *rest = arguments
    client = boto3.client(service)
    operations = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    shape = client.meta.service_model.operation_model(operations[command]).input_shape
    members = {xform_name(name, "-"): name for name in shape.members}
    given: dict[str, list[str]] = {}
    for word in rest:
        if word.startswith("--"):
            values = given.setdefault(members[word[2:]], [])
        else:
            values.append(_value(word))
    parameters = {name: _typed(shape.members[name].type_name, values) for name, values in given.items()}
    answer = getattr(client, xform_name(operations[command]))(**parameters)
    return f"{operations[command]} of boto3: {sorted(set(answer) - {'ResponseMetadata'})}"


def _value(word: str) -> str:
    return Path(word.removeprefix("file://")).read_text(encoding="utf-8") if word.startswith("file://") else word


def _typed(kind: str, values: list[str]) -> Any:
    if kind == "list":
        return values
    return {"boolean": bool, "integer": int}.get(kind, str)(*values[:1] or [True])


STAND_INS = {"pip": pip, "ansible-galaxy": ansible_galaxy, "make": make, "aws": aws}

if __name__ == "__main__":
    name, *words = sys.argv[1:]
    print(f"[stand-in] {name} {' '.join(words)}: {STAND_INS[name](words)}", flush=True)
