# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One trial: a workshop, faults, a teardown, the judgement, and further teardowns without faults until it is clean."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.workshop import whats_left

from .faults import draw
from .others import OTHERS
from .runs import MOST_RERUNS, Outcome, Run, busiest_second, own_emulator, teardown
from .workshop import NAME, Workshop, deploy


def trial(seed: int, number: int) -> Outcome:
    """Repeated with the same arguments, it draws the same workshop and the same faults."""
    emulator = own_emulator()
    dice = random.Random(f"{seed}/{number}")
    began = time.monotonic()
    workshop = deploy(emulator, dice)
    drawn = draw(workshop, OTHERS)
    outcome = Outcome(number, [(fault.name, text) for fault, text in drawn])
    passes = all(fault.passes for fault, _text in drawn)
    anew = any(fault.name == "a stack is made anew" for fault, _text in drawn)
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        first = run = teardown(workshop, Path(scratch, "0"))
        emulator.faults.clear()
        outcome.verdict = run.verdict
        outcome.busiest_second = busiest_second(emulator)
        note(outcome, workshop, run, passes, anew)
        for mend in workshop.mend:
            mend()
        workshop.others.clear()
        workshop.wait_timeout, workshop.kill_after = 90, 0
        for again in range(1, MOST_RERUNS + 1):
            run = teardown(workshop, Path(scratch, str(again)))
            note(outcome, workshop, run, passes=False, anew=False)
            if run.code == 0:
                break
        else:
            outcome.wrong.append(f"not clean after {MOST_RERUNS} more runs")
    outcome.reruns = 0 if first.code == 0 else again
    outcome.seconds = time.monotonic() - began
    return outcome


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
