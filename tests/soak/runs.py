# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown of a trial, and what becomes of a trial."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.emulator import Emulator
from tests.integration.started import Started

TIME_SCALE = 0.02
MOST_RERUNS = 3

_emulators: list[Emulator] = []


@dataclass
class Outcome:
    """What became of a trial. ``wrong``: what one of its runs said that is not so; ``reruns``: needed to be clean."""

    number: int
    faults: list[tuple[str, str]]
    verdict: str = ""
    reruns: int = 0
    ended: bool = True
    seconds: float = 0.0
    busiest_second: int = 0
    wrong: list[str] = field(default_factory=list)
    log: str = ""


@dataclass(frozen=True)
class Run:
    """One teardown. ``code`` None: it did not end, or was killed on purpose."""

    code: int | None
    output: str
    report: Mapping[str, Any]
    killed: bool = False

    @property
    def verdict(self) -> str:
        """In a word."""
        return "killed" if self.killed else str(self.report.get("verdict", "refused"))


class Torn(Protocol):
    """What is torn down. ``variables``: what its teardown has to be told; ``kill_after``: so many calls, if any;
    ``doomed()``: whether these were made."""

    emulator: Emulator
    kill_after: int

    @property
    def variables(self) -> dict[str, object]: ...

    def doomed(self) -> bool: ...


def own_emulator() -> Emulator:
    """The emulator of this process."""
    if not _emulators:
        _emulators.append(Emulator(time_scale=TIME_SCALE))
        _emulators[0].start()
    return _emulators[0]


def teardown(workshop: Torn, folder: Path) -> Run:
    """Run it to its end."""
    aws = workshop.emulator
    aws.calls.clear()
    with Started(aws, folder, **workshop.variables, workshop_report_dir=folder / "report") as started:
        if workshop.kill_after and started.until(workshop.doomed):
            started.kill()
            return Run(None, started.output, {}, killed=True)
        try:
            code: int | None = started.wait()
        except subprocess.TimeoutExpired:
            code = None
        output = started.output
    path = folder / "report" / "teardown.json"
    return Run(code, output, json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})


def busiest_second(aws: Emulator) -> int:
    """The most calls in one of the last run."""
    return max(Counter(int(call.time * TIME_SCALE) for call in aws.calls.log).values(), default=0)
