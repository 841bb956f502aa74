# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Soaks the teardown: many of them, with random faults, each judged against what is really left.

``python -m tests.soak --minutes 20``. Every other trial is one of what holds stacks up; with ``--kind``, all are of one
kind. What a seed draws can be repeated: ``--seed S --only N``.
Exit code 0: no verdict was wrong, every run ended, and every workshop was clean in the end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from . import held, trial
from .runs import Outcome
from .table import line, table

LOGS = Path("build") / "soak"
KINDS = {"workshop": trial.trial, "holds": held.trial}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    seed = random.randrange(10**6) if options.seed is None else options.seed
    numbers = [options.only] if options.only else range(1, options.count + 1)
    limits = f"up to {len(numbers)} trials in {options.minutes:g} minutes, {options.jobs} at a time"
    print(f"Seed {seed}: {limits}.", flush=True)
    began = time.monotonic()
    done: list[Outcome] = []
    for outcome in _outcomes(options, seed, numbers, began + 60 * options.minutes):
        done.append(outcome)
        print(line(outcome), flush=True)
        if outcome.wrong or options.only:
            print(f"    the log: {_keep(seed, outcome)}", flush=True)
    print(f"\n{table(done, time.monotonic() - began)}\n")
    bad = [outcome.number for outcome in done if outcome.wrong or not outcome.ended]
    for number in bad:
        kind = f" --kind {options.kind}" if options.kind else ""
        print(f"Again: python -m tests.soak --seed {seed} --only {number}{kind}")
    return 1 if bad or not done else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Many teardowns with random faults.")
    parser.add_argument("--minutes", type=float, default=20.0, help="begin no further trial after this (default 20)")
    parser.add_argument("--count", type=int, default=200, help="trials at most (default 200)")
    parser.add_argument("--kind", choices=KINDS, help="only trials of this kind (default: in turns)")
    parser.add_argument("--seed", type=int, help="repeat what this seed drew")
    parser.add_argument("--only", type=int, metavar="N", help="only trial N of the seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at a time (default: processors)")
    return parser.parse_args(arguments)


def kind_of(number: int) -> str:
    """Of a trial, where none is asked for."""
    return list(KINDS)[(number - 1) % len(KINDS)]


def _outcomes(options: argparse.Namespace, seed: int, numbers: Sequence[int], end: float) -> Iterator[Outcome]:
    """As they come, each process with one trial at a time; none is begun after ``end``."""
    waiting = iter(numbers)
    # Each process has an emulator and its threads of its own, so none may be a copy of this one.
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        running: set[Future[Outcome]] = set()
        while True:
            while (
                len(running) < options.jobs and time.monotonic() < end and (number := next(waiting, None)) is not None
            ):
                running.add(pool.submit(KINDS[options.kind or kind_of(number)], seed, number))
            if not running:
                return
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ended)


def _keep(seed: int, outcome: Outcome) -> Path:
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{seed}-{outcome.number}.log"
    path.write_text(outcome.log, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
