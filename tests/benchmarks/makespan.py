# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the teardown takes, against the least time that AWS allows."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.emulator import Emulator
from tests.emulator.timeline import Timeline
from tests.workshop import deploy, whats_left
from tests.workshop.playbooks import TEARDOWN, play


def stack_seconds(timeline: Timeline) -> dict[str, float]:
    """AWS seconds that each stack was in deletion, by name. What it waited for before is not in it."""
    ends = {event.name: event.time for event in timeline.select("stack", status="DELETE_COMPLETE")}
    return {name: end - timeline.first("stack", name, "DELETE_IN_PROGRESS").time for name, end in ends.items()}


def interface_seconds(timeline: Timeline) -> float:
    """AWS seconds from the request for the load balancer's stack until the last interface was released."""
    begun = timeline.first("stack", "cuddlekube-alb", "DELETE_IN_PROGRESS").time
    return max((event.time for event in timeline.select("interface", status="deleted")), default=begun) - begun


def limit(timeline: Timeline) -> float:
    """The least possible makespan in AWS seconds, from the durations of this very run.

    Services are scaled to 0 and stopped at the start, and every stack starts the moment what it needs is gone: the
    services before Cloud Map, load balancer and cluster; Cloud Map and all interfaces before the VPC; the VPC before
    the logs.
    """
    seconds = stack_seconds(timeline)
    services = max(value for name, value in seconds.items() if name.startswith("cuddlekube-service-"))
    mesh = seconds["cuddlekube-appmesh-structure"] + seconds["cuddlekube-appmesh"]
    network = services + max(seconds["cuddlekube-cloudmap"], interface_seconds(timeline)) + seconds["cuddlekube-vpc"]
    return max(network + seconds["cuddlekube-logs"], mesh, services + seconds["cuddlekube-ecs"])


def measure(time_scale: float, seed: int | None) -> tuple[float, float, int]:
    """Makespan of a whole run of the playbook and limit, in AWS seconds, and the API calls that it took."""
    with Emulator(time_scale=time_scale, seed=seed) as emulator, tempfile.TemporaryDirectory() as scratch:
        deploy(emulator)
        emulator.calls.clear()
        begun = time.monotonic()
        played = play(TEARDOWN, emulator.environment, Path(scratch), timeout=3600, workshop_confirm="cuddlekube")
        seconds = (time.monotonic() - begun) / time_scale
        calls = emulator.calls.total
        if played.code or any(whats_left(emulator).values()):
            raise SystemExit(f"The teardown failed, so there is nothing to measure:\n{played.output}")
        return seconds, limit(emulator.timeline), calls


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.makespan", description=__doc__)
    parser.add_argument("--time-scale", type=float, default=1.0, help="real seconds per AWS second (default: 1)")
    parser.add_argument("--seed", type=int, help="draw durations with spread (default: medians)")
    options = parser.parse_args(arguments)
    seconds, least, calls = measure(options.time_scale, options.seed)
    print(f"makespan {seconds:.1f} s, limit {least:.1f} s, ratio {seconds / least:.2f}, {calls} API calls")


if __name__ == "__main__":
    main()
