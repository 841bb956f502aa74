# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that the playbook is compared with, in a virtual environment of their own under build/."""

from __future__ import annotations

from pathlib import Path

from tests.judges import venv

BUILD = venv.CHECKOUT / "build" / "bench"
REQUIREMENTS = venv.CHECKOUT / "tests" / "requirements" / "contenders.txt"


def tools() -> Path:
    """The folder with aws and sceptre, which are installed at the first call."""
    folder = BUILD / "contenders"
    stamp = folder / ".ready"
    with venv.locked(folder):
        if not venv.is_fresh(stamp, [REQUIREMENTS]):
            print(f"Setting up {folder.relative_to(venv.CHECKOUT)} (only now, takes a minute)", flush=True)
            venv.install(venv.create(folder), ["--requirement", str(REQUIREMENTS)])
            stamp.touch()
    return folder / "bin"
