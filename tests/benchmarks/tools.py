# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that the playbook is compared with, in a virtual environment of their own under build/."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.judges import venv

BUILD = venv.CHECKOUT / "build" / "bench"
REQUIREMENTS = venv.CHECKOUT / "tests" / "requirements" / "contenders.txt"


def tools() -> Path:
    """The folder with aws and sceptre, which are installed at the first call. No contender's first run compiles."""
    folder = BUILD / "contenders"
    stamp = folder / ".ready"
    with venv.locked(folder):
        if not venv.is_fresh(stamp, [REQUIREMENTS]):
            print(f"Setting up {folder.relative_to(venv.CHECKOUT)} (only now, takes a minute)", flush=True)
            venv.install(venv.create(folder), ["--requirement", str(REQUIREMENTS)])
            _compile(folder / "lib")
            _compile(Path(sysconfig.get_path("purelib")))
            stamp.touch()
    return folder / "bin"


def _compile(packages: Path) -> None:
    """Save the bytecode of all but the many collections of the ansible package, which run from a bundle of sources."""
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0", "-x", "/ansible_collections/", str(packages)]
    subprocess.run(command, check=False)  # some packages have files that are templates, or for other Pythons
