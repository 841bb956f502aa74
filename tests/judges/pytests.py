# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests proper, by pytest."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from tests.judges.child import Verdict, run
from tests.judges.venv import CHECKOUT

UNIT = ["tests", "--ignore=tests/integration"]
INTEGRATION = ["tests/integration"]
# The emulator's own tests say nothing about the collection.
LOGIC = ["tests/unit", "--ignore=tests/unit/emulator"]
PYTEST = ["python", "-m", "pytest"]
CLOSING = re.compile(r" in \d[\d.]*s\b.*=$")


def workers() -> str:
    """How many tests run side by side: JOBS, or one for each processor."""
    return os.environ.get("JOBS") or str(os.cpu_count() or 1)


def pytest(arguments: Sequence[str], side_by_side: str = "") -> Verdict:
    """Run pytest over the checkout, with tests side by side; the text is pytest's own closing line."""
    many = side_by_side or workers()
    code, lines = run([*PYTEST, "--numprocesses", many, "--dist", "worksteal", *arguments], cwd=CHECKOUT)
    return _verdict(code, lines)


def one_by_one(python: Path, arguments: Sequence[str]) -> Verdict:
    """The same by another Python, one test after the other, so that several of these can run side by side."""
    command = [str(python), *PYTEST[1:], "-p", "no:cacheprovider", *arguments]
    return _verdict(*run(command, cwd=CHECKOUT, live=False))


def _verdict(code: int, lines: Sequence[str]) -> Verdict:
    closing = [line.strip("= ") for line in lines if CLOSING.search(line)]
    return Verdict(code == 0, closing[-1] if closing else f"exit code {code}")


def unit() -> Verdict:
    """All that needs no running emulator of its own: logic, request shapes, the emulator itself, the house."""
    return pytest(UNIT)


def integration() -> Verdict:
    """Modules, roles and playbooks against the emulator. They wait for it a good part of their time: so one more than
    processors."""
    return pytest(INTEGRATION, os.environ.get("JOBS") or str(int(workers()) + 1))
