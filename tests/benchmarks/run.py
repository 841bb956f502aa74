# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of one contender on an emulator of its own; writes its figures as JSON. ``python -m tests.benchmarks`` calls
it."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.emulator import Emulator
from tests.workshop import Workshop, deploy, whats_left
from tests.workshop.inventory import tasks_of

from . import figures, limit
from .contenders import CONTENDERS, Command, Setting, one_module, teardown
from .figures import LIMIT, Figures
from .watched import Cost, watched

SLEEPING = Path(__file__).with_name("sleeping")
#: Services whose tasks linger, the first one alone or all three.
LINGERING = ("order-api", "public-site", "feed-api")


class Race:
    """The emulator with the workshop, and a contender that is let loose on it."""

    def __init__(self, emulator: Emulator, found: Figures, scratch: Path, tools: Path) -> None:
        self._emulator = emulator
        self._found = found
        self._workshop: Workshop = deploy(emulator)
        emulator.faults.linger(LINGERING[: found.lingering])
        emulator.faults.limits()
        emulator.calls.clear()
        self._setting = Setting(self._workshop, found.time_scale, emulator.environment, scratch, tools)
        self._output = scratch / "output.log"
        self._sleeps = scratch / "sleeps.log"

    def least(self) -> None:
        """The limit, instead of a contender."""
        begun = self._emulator.clock.now()
        self._found.seconds = self._found.corrected = limit.delete(self._emulator, self._workshop)
        self._found.spans = figures.stack_spans(self._emulator.timeline, begun)

    def run(self) -> None:
        """Let the contender delete the workshop, again if need be, until no stack is left."""
        found, emulator = self._found, self._emulator
        contender = CONTENDERS[found.contender]
        command = contender.command(self._setting)
        since, began = emulator.clock.now(), time.monotonic()
        costs: list[Cost] = []
        own_calls: Counter[str] = Counter()
        ended = began
        while self._stacks_left() and len(costs) < contender.again:
            if costs:
                own_calls += self._stop_by_hand()
            costs.append(self._watched(command))
            ended = costs[-1].ended
            if self._stacks_left():
                self._wait_for_the_rest()
                ended = max(ended, began + (self._last_event() - since) * found.time_scale)
        found.seconds = (ended - began) / found.time_scale
        found.runs, found.codes = len(costs), [cost.code for cost in costs]
        found.cpu, found.peak = sum(cost.cpu for cost in costs), max(cost.peak for cost in costs)
        waits = figures.under_way(emulator.timeline, since) + figures.slept(self._sleeps, began, found.time_scale)
        found.overhead = (found.seconds - figures.covered(waits, found.seconds)) * found.time_scale
        found.corrected = figures.corrected(found.seconds, waits, found.time_scale)
        found.spans = {
            name: [tuple(figures.corrected(moment, waits, found.time_scale) for moment in span) for span in spans]
            for name, spans in figures.stack_spans(emulator.timeline, since).items()
        }
        found.calls = dict((Counter(emulator.calls.by_action) - own_calls).most_common())
        found.describe_stacks_per_second = emulator.calls.most_within(1.0, "cloudformation:DescribeStacks")
        found.left = {kind: names for kind, names in whats_left(emulator).items() if names}

    def check(self) -> None:
        """Ask the playbook for its plan."""
        self._found.check = self._aside(teardown(self._setting, "--check"))

    def second(self) -> None:
        """Run the playbook where nothing is left."""
        self._found.second = self._aside(teardown(self._setting))

    def one_module(self) -> None:
        """Run the playbook that the other two are compared with."""
        self._found.one_module = self._aside(one_module(self._setting))

    def output(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace") if self._output.exists() else ""

    def _aside(self, command: Command) -> dict[str, float]:
        self._emulator.calls.clear()
        cost = self._watched(command)
        calls = self._emulator.calls.total
        self._emulator.calls.clear()
        self._sleeps.unlink(missing_ok=True)
        return {"code": cost.code, "seconds": cost.seconds, "cpu": cost.cpu, "calls": calls}

    def _watched(self, command: Command) -> Cost:
        own = {
            "PYTHONPATH": str(SLEEPING),
            "BENCHMARK_SLEEP_FACTOR": str(self._found.time_scale if command.rescale else 1),
            "BENCHMARK_SLEEP_LOG": str(self._sleeps),
        }
        return watched(command.arguments, command.environment | own, command.cwd, self._output)

    def _stacks_left(self) -> bool:
        gone = {event.name for event in self._emulator.timeline.select("stack", status="DELETE_COMPLETE")}
        return not gone.issuperset(self._workshop.stacks)

    def _last_event(self) -> float:
        return max(event.time for event in self._emulator.timeline.select("stack"))

    def _wait_for_the_rest(self) -> None:
        """What the command did not wait for: a person looks now and then whether it is done."""
        self._emulator.wait_until(lambda: not figures.in_deletion(self._emulator.timeline), 7200.0)

    def _stop_by_hand(self) -> Counter[str]:
        """What the workshop's last page says for tasks that do not end: a person stops them. The calls it took."""
        before = Counter(self._emulator.calls.by_action)
        ecs = self._emulator.client("ecs")
        for task in tasks_of(ecs, self._workshop.name):
            if task["lastStatus"] != "STOPPED":
                ecs.stop_task(cluster=self._workshop.name, task=task["taskArn"])
                self._found.by_hand = True
        return Counter(self._emulator.calls.by_action) - before


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description=__doc__)
    parser.add_argument("contender", choices=[LIMIT, *CONTENDERS])
    parser.add_argument("--seed", type=int, help="draw durations with spread (default: medians)")
    parser.add_argument("--time-scale", type=float, default=0.1, help="real seconds per AWS second (default: 0.1)")
    parser.add_argument("--lingering", type=int, default=0, choices=range(len(LINGERING) + 1))
    parser.add_argument("--tools", type=Path, default=Path("."), help="the folder with aws and sceptre")
    parser.add_argument("--aside", action="store_true", help="also measure --check before, and a second run after")
    parser.add_argument("--output", type=Path, help="where the figures go (default: printed)")
    options = parser.parse_args(arguments)
    found = Figures(options.contender, options.seed, options.time_scale, options.lingering)
    with (
        Emulator(time_scale=options.time_scale, seed=options.seed) as emulator,
        tempfile.TemporaryDirectory(prefix="bench-") as scratch,
    ):
        race = Race(emulator, found, Path(scratch), options.tools.absolute())
        if options.contender == LIMIT:
            race.least()
        else:
            if options.aside:
                race.check()
            race.run()
            if options.aside:
                race.one_module()
                race.second()
        text = json.dumps(found.as_json(), indent=1)
        if options.output:
            options.output.write_text(text + "\n", encoding="utf-8")
            options.output.with_suffix(".log").write_text(race.output(), encoding="utf-8")
        else:
            print(text)


if __name__ == "__main__":
    main()
