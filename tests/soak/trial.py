# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One trial: a workshop, faults, a teardown, the judgement, and further teardowns without faults until it is clean."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.workshop import whats_left
from tests.workshop.playbooks import ROOT, TEARDOWN, environment, executable

from .faults import draw
from .workshop import NAME, Workshop, deploy

TIME_SCALE = 0.02
LONGEST_RUN = 300.0  # seconds after which a run counts as one that does not end
MARK = "SOAK_RUN"
MOST_RERUNS = 3

_emulator: Emulator | None = None


@dataclass
class Outcome:
    """What became of a trial. ``wrong``: what the first run, or a later one, said or did that is not so."""

    number: int
    faults: list[tuple[str, str]]
    verdict: str = ""
    reruns: int = 0
    ended: bool = True
    seconds: float = 0.0
    busiest: int = 0  # calls in the busiest minute of real time
    wrong: list[str] = field(default_factory=list)
    log: str = ""


@dataclass
class Run:
    """One teardown. ``code`` None: it did not end, or was killed on purpose."""

    code: int | None
    output: str
    report: Mapping[str, Any]
    killed: bool = False


def trial(seed: int, number: int) -> Outcome:
    """Runs in a process of its own, which keeps its emulator for the next trial."""
    emulator = _own_emulator()
    dice = random.Random(f"{seed}/{number}")
    workshop = deploy(emulator, dice)
    drawn = draw(workshop)
    outcome = Outcome(number, [(fault.name, text) for fault, text in drawn])
    began = time.monotonic()
    emulator.calls.clear()
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        run = _run(workshop, Path(scratch), workshop.kill_after)
        outcome.busiest = _busiest_minute(emulator)
        emulator.faults.clear()
        harmless = all(fault.passes for fault, _text in drawn)
        anew = any(fault.name == "a stack is made anew" for fault, _text in drawn)
        outcome.verdict = "killed" if run.killed else str(run.report.get("verdict", f"exit {run.code}"))
        outcome.ended = run.code is not None or run.killed
        outcome.wrong += _judge(workshop, run, harmless, anew)
        outcome.log = run.output
        for mend in workshop.mend:
            mend()
        workshop.wait_timeout = 90
        while not outcome.wrong and (outcome.reruns == 0 or run.code != 0):
            if outcome.reruns == MOST_RERUNS:
                outcome.wrong.append(f"not clean after {MOST_RERUNS} more runs")
                break
            outcome.reruns += 1
            run = _run(workshop, Path(scratch))
            outcome.ended = outcome.ended and run.code is not None
            outcome.wrong += _judge(workshop, run, harmless=False, anew=False)
            outcome.log += run.output
    outcome.seconds = time.monotonic() - began
    if outcome.code_of_first_was_clean():
        outcome.reruns -= 1
    return outcome
