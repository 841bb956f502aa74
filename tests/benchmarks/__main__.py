# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tears the same workshop down with this collection and with others' tools, side by side, on the emulator.

Every contender meets the same durations, drawn from a seed. Figures, plot and logs go to build/bench. A run that is
there already is not repeated: what was interrupted goes on with the same command.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.judges.venv import CHECKOUT

from .contenders import CONTENDERS
from .figures import LIMIT, Figures
from .plot import plot
from .table import bars, table
from .tools import BUILD, tools

#: Real seconds per AWS second. Where a tool's own work would shape what AWS meets, as typing 24 commands does, it has
#: to be near 1; a tool that mostly waits can be run faster.
SCALES = {"ours": 1.0, "documented": 0.5, "one_by_one": 0.1, "async": 0.5, "sceptre": 0.2}
#: With lingering tasks the others wait for half an hour and more.
LINGERING_SCALES = {"ours": 1.0, "documented": 0.1, "one_by_one": 0.05, "async": 0.1, "sceptre": 0.1}
CASES = (0, 1, 3)


@dataclass(frozen=True)
class Entry:
    """A run that is wanted."""

    contender: str
    seed: int
    lingering: int
    time_scale: float

    @property
    def path(self) -> Path:
        return BUILD / "runs" / f"{self.contender}-{self.lingering}-{self.seed}-{self.time_scale:g}.json"

    def command(self, folder: Path) -> list[str]:
        arguments = [sys.executable, "-m", "tests.benchmarks.run", self.contender, "--seed", str(self.seed)]
        arguments += ["--time-scale", str(self.time_scale), "--lingering", str(self.lingering)]
        arguments += ["--tools", str(folder), "--output", str(self.path)]
        return arguments + (["--aside"] if self.contender == "ours" and self.lingering == 0 else [])


def entries(options: argparse.Namespace) -> Iterator[Entry]:
    """The runs, the most telling ones first."""
    for lingering in options.lingering:
        scales = dict(LINGERING_SCALES if lingering else SCALES)
        others = options.seeds if lingering == 0 else min(options.seeds, options.lingering_seeds)
        for seed in range(1, options.seeds + 1):
            yield Entry(LIMIT, seed, lingering, 0.1)
            for contender in options.contenders:
                if contender == "ours" or seed <= others:
                    yield Entry(contender, seed, lingering, options.time_scale or scales[contender])


def perform(entry: Entry, folder: Path) -> Figures:
    """Run it unless its figures are there. RuntimeError when it breaks."""
    if not entry.path.exists():
        begun = time.monotonic()
        log = entry.path.with_suffix(".err")
        with log.open("w", encoding="utf-8") as stream:
            done = subprocess.run(entry.command(folder), cwd=CHECKOUT, stderr=stream, check=False)
        if done.returncode or not entry.path.exists():
            raise RuntimeError(f"{entry.contender}, seed {entry.seed}: see {log.relative_to(CHECKOUT)}")
        found = _read(entry.path)
        print(
            f"{found.contender:<12} seed {found.seed}  lingering {found.lingering}  scale {found.time_scale:g}: "
            f"{found.corrected:.0f} s of AWS, {found.cpu:.1f} CPU-s, {found.total_calls} calls "
            f"({time.monotonic() - begun:.0f} s)",
            flush=True,
        )
    return _read(entry.path)


def _read(path: Path) -> Figures:
    return Figures(**json.loads(path.read_text(encoding="utf-8")))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.fresh:
        shutil.rmtree(BUILD / "runs", ignore_errors=True)
    (BUILD / "runs").mkdir(parents=True, exist_ok=True)
    folder = tools()
    with ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda entry: perform(entry, folder), entries(options)))
    (BUILD / "figures.json").write_text(json.dumps([item.as_json() for item in found], indent=1) + "\n", "utf-8")
    options.image.parent.mkdir(parents=True, exist_ok=True)
    options.image.write_text(plot(found), encoding="utf-8")
    print(f"\n{table(found)}\n\n{bars(found)}\n\nFigures: build/bench/figures.json. Plot: {options.image}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="so many draws of AWS's durations (default: 5)")
    parser.add_argument(
        "--lingering-seeds", type=int, default=1, help="so many for the others where tasks linger (default: 1)"
    )
    parser.add_argument(
        "--lingering", type=int, nargs="+", choices=CASES, default=CASES, help="lingering services (default: 0 1 3)"
    )
    parser.add_argument("--contenders", nargs="+", choices=[*CONTENDERS], default=[*CONTENDERS])
    parser.add_argument("--time-scale", type=float, help="for all (default: for each what suits it)")
    parser.add_argument("--jobs", type=int, default=1, help="so many runs at a time, on a core of its own each")
    parser.add_argument("--image", type=Path, default=BUILD / "timeline.svg", help="where the plot goes")
    parser.add_argument("--fresh", action="store_true", help="forget the runs that are there")
    parser.add_argument("--quick", action="store_true", help="one seed, ours and sceptre, fast and without faults")
    options = parser.parse_args(arguments)
    if options.quick:
        options.seeds, options.lingering, options.time_scale = 1, (0,), options.time_scale or 0.2
        options.contenders = ["ours", "sceptre"]
    return options


if __name__ == "__main__":
    sys.exit(main())
