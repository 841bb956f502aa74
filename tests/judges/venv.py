# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a virtual environment with the collection in it. Standard library only: any Python 3.11 or newer can run this.

``python tests/judges/venv.py <venv> <requirements file> <stamp>`` creates or updates ``<venv>``, links the parts of
the collection to where Ansible looks for ``workshop.lifecycle``, and touches the stamp. Two callers at once wait for
each other.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# A link to the whole checkout, with the virtual environment in it, sends tools that follow links round in circles.
PARTS = ("galaxy.yml", "meta", "playbooks", "plugins", "roles")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock beside ``path``, waiting for another holder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create(venv: Path, interpreter: str = sys.executable) -> Path:
    """Create the environment, or repair it, and return its Python."""
    subprocess.run([interpreter, "-m", "venv", str(venv)], check=True)
    return venv / "bin" / "python"


def install(python: Path, arguments: Sequence[str]) -> None:
    """Install with pip. Files are compiled when first used: the ansible package has tens of thousands."""
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, *arguments], check=True, cwd=CHECKOUT)


def link(python: Path) -> None:
    """Make the checkout importable as ``ansible_collections.workshop.lifecycle``."""
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    collection = packages / "ansible_collections" / "workshop" / "lifecycle"
    if collection.is_symlink():
        collection.unlink()
    collection.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        (collection / name).unlink(missing_ok=True)
        (collection / name).symlink_to(CHECKOUT / name)


def is_fresh(stamp: Path, sources: Sequence[Path]) -> bool:
    """Whether the stamp is newer than every source."""
    return stamp.exists() and all(stamp.stat().st_mtime >= source.stat().st_mtime for source in sources)


def main() -> None:
    """Bring the environment named on the command line up to date."""
    venv, requirements, stamp = (Path(argument).absolute() for argument in sys.argv[1:4])
    with locked(venv):
        if is_fresh(stamp, sorted(requirements.parent.glob("*.txt"))):
            return
        print(f"Setting up {venv} with {requirements.name} (only now, takes a minute or two)", flush=True)
        started = time.monotonic()
        python = create(venv)
        install(python, ["--requirement", str(requirements)])
        link(python)
        stamp.touch()
        print(f"Set up in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
