# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python, ansible-core, amazon.aws and boto3 from the oldest to the newest that are supported.

amazon.aws is taken out of the ``ansible`` package, so that a package index is all that is needed. The main environment
is the cell in the middle: Python 3.11 with ansible 12.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.judges import pytests, venv
from tests.judges.child import Verdict
from tests.judges.pytests import one_by_one, workers

HOME = Path(os.environ.get("MATRIX", venv.CHECKOUT / ".matrix")).absolute()
REQUIREMENTS = venv.CHECKOUT / "tests" / "requirements"
VERSIONS = """
import sys, json, pathlib, ansible.release, boto3, ansible_collections.amazon.aws as aws
manifest = json.loads((pathlib.Path(next(iter(aws.__path__))) / "MANIFEST.json").read_text())
print("Python {}.{}, ansible-core {}, amazon.aws {}, boto3 {}".format(
    *sys.version_info[:2], ansible.release.__version__, manifest["collection_info"]["version"], boto3.__version__))
"""
# What measures the collection says nothing about Ansible or boto3.
LOGIC = [*pytests.LOGIC, "--ignore=tests/unit/bench"]
SMOKE = ["tests/integration", "-m", "smoke"]


@dataclass(frozen=True)
class Cell:
    """One combination; ``collections`` is the release of the ansible package that brings amazon.aws."""

    python: str
    core: str
    collections: str
    constraints: str | None = None

    def __str__(self) -> str:
        return f"Python {self.python}, ansible-core {self.core}"

    @property
    def folder(self) -> Path:
        """Where its virtual environment is."""
        return HOME / f"{self.python}-{self.core}"


CELLS = (
    Cell("3.11", "2.17", "ansible==12.0.0", constraints="oldest.constraints.txt"),
    Cell("3.12", "2.20", "ansible>=13.0,<14"),
    Cell("3.13", "2.21", "ansible>=14.0,<15"),
)


def candidates(version: str) -> Iterator[str]:
    """Where a Python of this version may be: on the PATH, or kept by pyenv or uv."""
    yield from filter(None, [shutil.which(f"python{version}")])
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for folder in (pyenv / "versions", Path.home() / ".local" / "share" / "uv" / "python"):
        yield from map(str, sorted(folder.glob(f"*{version}.*/bin/python{version}")))


def interpreter(version: str) -> str | None:
    """The first candidate that runs, is that version and can make virtual environments."""
    probe = "import sys, venv, ensurepip; print('{}.{}'.format(*sys.version_info[:2]))"
    for candidate in candidates(version):
        answer = subprocess.run([candidate, "-c", probe], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return candidate
    return None


def prepare(cell: Cell, base: str) -> Path:
    """Make the cell's environment unless it is there, and return its Python."""
    stamp = cell.folder / ".ready"
    sources = [Path(__file__), *REQUIREMENTS.glob("*.txt")]
    with venv.locked(cell.folder):
        if not venv.is_fresh(stamp, sources):
            shutil.rmtree(cell.folder, ignore_errors=True)
            python = venv.create(cell.folder, base)
            arguments = [f"ansible-core=={cell.core}.*"]
            for name in ("emulator.txt", "pytest.txt"):
                arguments += ["--requirement", str(REQUIREMENTS / name)]
            if cell.constraints:
                arguments += ["--constraint", str(REQUIREMENTS / cell.constraints)]
            venv.install(python, arguments)
            venv.install(python, ["--no-deps", cell.collections])
            venv.link(python)
            stamp.touch()
    return cell.folder / "bin" / "python"


def environments() -> Verdict:
    """Make the environment of every cell whose Python is on this machine, and say which are there."""
    outcomes = []
    for cell in CELLS:
        base = interpreter(cell.python)
        if base is None:
            outcomes.append(f"NOT TESTED {cell}: no such Python here")
            continue
        started = time.monotonic()
        outcomes.append(f"{versions(prepare(cell, base))} (ready in {time.monotonic() - started:.0f} s)")
        print(outcomes[-1], flush=True)
    return Verdict(True, "\n".join(outcomes))


def versions(python: Path) -> str:
    """What an environment is made of."""
    return subprocess.run([str(python), "-c", VERSIONS], capture_output=True, text=True, check=True).stdout.strip()


def check() -> Verdict:
    """Unit tests and the short integration tests in every cell whose Python is on this machine."""
    missing, runs = [], []
    for cell in CELLS:
        base = interpreter(cell.python)
        if base is None:
            missing.append(f"NOT TESTED {cell}: no such Python here")
        else:
            python = prepare(cell, base)
            runs += [(versions(python), python, arguments) for arguments in (LOGIC, SMOKE)]
    with ThreadPoolExecutor(int(workers())) as pool:
        verdicts = list(pool.map(lambda run: one_by_one(*run[1:]), runs))
    outcomes = [f"{run[0]}: {verdict.text}" for run, verdict in zip(runs, verdicts, strict=True)]
    return Verdict(all(verdict.passed for verdict in verdicts), "\n".join(missing + outcomes))


if __name__ == "__main__":
    result = check()
    print(result.text)
    sys.exit(not result.passed)
