# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One trial: a workshop, faults, a teardown, the judgement, and further teardowns without faults until it is clean."""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.integration.started import Started
from tests.workshop import whats_left

from .faults import draw
from .others import OTHERS
from .workshop import NAME, Workshop, deploy

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


def trial(seed: int, number: int) -> Outcome:
    """Repeated with the same arguments, it draws the same workshop and the same faults."""
    emulator = _own_emulator()
    dice = random.Random(f"{seed}/{number}")
    began = time.monotonic()
    workshop = deploy(emulator, dice)
    drawn = draw(workshop, OTHERS)
    outcome = Outcome(number, [(fault.name, text) for fault, text in drawn])
    passes = all(fault.passes for fault, _text in drawn)
    anew = any(fault.name == "a stack is made anew" for fault, _text in drawn)
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        first = run = _run(workshop, Path(scratch, "0"))
        emulator.faults.clear()
        outcome.verdict = "killed" if run.killed else str(run.report.get("verdict", "refused"))
        seconds = Counter(int(call.time * TIME_SCALE) for call in emulator.calls.log)
        outcome.busiest_second = max(seconds.values(), default=0)
        note(outcome, workshop, run, passes, anew)
        for mend in workshop.mend:
            mend()
        workshop.others.clear()
        workshop.wait_timeout, workshop.kill_after = 90, 0
        for again in range(1, MOST_RERUNS + 1):
            run = _run(workshop, Path(scratch, str(again)))
            note(outcome, workshop, run, passes=False, anew=False)
            if run.code == 0:
                break
        else:
            outcome.wrong.append(f"not clean after {MOST_RERUNS} more runs")
    outcome.reruns = 0 if first.code == 0 else again
    outcome.seconds = time.monotonic() - began
    return outcome


def _own_emulator() -> Emulator:
    """The emulator of this process."""
    if not _emulators:
        _emulators.append(Emulator(time_scale=TIME_SCALE))
        _emulators[0].start()
    return _emulators[0]


def _run(workshop: Workshop, folder: Path) -> Run:
    aws = workshop.emulator
    aws.calls.clear()
    with Started(aws, folder, **workshop.variables, workshop_report_dir=folder / "report") as started:
        if workshop.kill_after and started.until(lambda: aws.calls.total >= workshop.kill_after):
            started.kill()
            return Run(None, started.output, {}, killed=True)
        try:
            code: int | None = started.wait()
        except subprocess.TimeoutExpired:
            code = None
        output = started.output
    path = folder / "report" / "teardown.json"
    return Run(code, output, json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})


def note(outcome: Outcome, workshop: Workshop, run: Run, passes: bool, anew: bool) -> None:
    """Put a run and what was wrong with it into the outcome; what the arguments mean: ``judge``."""
    outcome.log += run.output
    outcome.ended = outcome.ended and (run.code is not None or run.killed)
    outcome.wrong += [f"not ours, but touched: {touched}" for thing in workshop.others if (touched := thing.touched())]
    if not run.killed:
        left = {kind: names for kind, names in whats_left(workshop.emulator, NAME).items() if names}
        outcome.wrong += judge(run, left, passes, anew)


def judge(run: Run, left: Mapping[str, list[str]], passes: bool, anew: bool) -> list[str]:
    """What a run said that is not so.

    :param left: what is really left, by kind
    :param passes: whether all that went wrong passes by itself, so that it has to end clean
    :param anew: whether stacks may have been made after its last look
    """
    if run.code is None:
        return ["it did not end"]
    wrong = ["it ended with a traceback"] if "Traceback (most recent call last)" in run.output else []
    verdict = run.report.get("verdict")
    if run.report and (verdict == "clean") != (run.code == 0):
        wrong.append(f"the verdict is {verdict}, the exit {run.code}")
    if run.code == 0:
        retained = {str(row["physical_id"]).rsplit("/", 1)[-1] for row in run.report["retained"]}
        unlisted = [f"{kind} {name}" for kind, names in left.items() for name in names if name not in retained]
        if unlisted and not anew:
            wrong.append(f"clean, but left: {', '.join(unlisted)}")
        return wrong
    if passes:
        wrong.append("not clean, although everything passes by itself")
    if verdict == "leftovers" and not left:
        wrong.append("leftovers, but nothing is left")
    if run.report and not run.report["gaps"] and not anew:
        named = {row["name"] for row in run.report["left"]}
        unnamed = [name for name in (line.split()[0] for line in left.get("stacks", [])) if name not in named]
        if unnamed:
            wrong.append(f"left, but not named: {', '.join(unnamed)}")
    return wrong
