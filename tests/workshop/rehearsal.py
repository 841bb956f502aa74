# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearses a teardown: puts a workshop into an embedded AWS look-alike, lets the playbook end it, and verifies.

Run it with ``make rehearsal`` or ``python -m tests.workshop.rehearsal``. Exit code 0: nothing of the workshop is left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import workshops
from tests.emulator import Emulator
from tests.workshops import closing as stand_in_closing

from . import closing, life, release
from .inventory import whats_left
from .manifest import CONNECTED, LAST_STEP, PATH, read_manifest
from .original import deploy_original
from .playbooks import DEPLOY, OBSERVE, ROOT, TEARDOWN, VERIFY, environment, executable
from .processes import Interrupted, run, signals_raise

NAME = "cuddlekube"
TIME_SCALE = 0.1
# Only tasks that change something, or fail, get a line of Ansible's own; what the playbook shows itself stays.
CALM = {"ANSIBLE_DISPLAY_OK_HOSTS": "False", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "False"}
SETTLE = 10.0  # AWS seconds in which log groups may come back
REPORT = ROOT / "build" / "rehearsal"


def main(arguments: list[str] | None = None) -> int:
    """Run the rehearsal; the exit code. 128 + number of the signal when interrupted."""
    options = _options(arguments)
    try:
        with signals_raise(), tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
            return _rehearse(options, Path(scratch))
    except Interrupted as interrupted:
        print(f"\nInterrupted by {interrupted}: everything the rehearsal started has been ended.", flush=True)
        return 128 + interrupted.number


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.workshop.rehearsal",
        description="Puts the workshop into an embedded AWS look-alike and lets playbooks/teardown.yml end it.",
    )
    parser.add_argument(
        "--time-scale",
        type=_positive,
        default=TIME_SCALE,
        metavar="FACTOR",
        help=f"real seconds per second of AWS; 1 takes as long as AWS does (default {TIME_SCALE})",
    )
    parser.add_argument(
        "--linger",
        type=_lingering,
        default=0,
        metavar="all|N",
        help="so many services have a task that does not end by itself (default 0)",
    )
    parser.add_argument(
        "--workshop",
        choices=workshops.NAMES,
        metavar="|".join(workshops.NAMES),
        help="another workshop, which is found by a scope and ended in the order that its stacks show",
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="what draws the order in which the stacks of another workshop are made (default: one that is told)",
    )
    parser.add_argument(
        "--step",
        type=int,
        choices=range(1, CONNECTED + 1),
        default=LAST_STEP,
        help=f"the step of the workshop after which it is torn down (default {LAST_STEP}); {CONNECTED} is one of our "
        "own, with Service Connect in the place of the mesh",
    )
    parser.add_argument(
        "--release",
        choices=release.VERSIONS,
        metavar="|".join(release.VERSIONS),
        help="instead of the teardown, a release of register-api: of a version that stays, or of the broken one",
    )
    parser.add_argument(
        "--life",
        type=_whole,
        metavar="1",
        help="all of it: deployed, observed, released badly and switched back, diagnosed, released well, torn down",
    )
    parser.add_argument(
        "--source",
        type=_clone,
        metavar="DIRECTORY",
        help="a clone of github.com/cuddlekube/workshop to deploy instead of the stand-in templates",
    )
    parser.add_argument(
        "--report",
        type=Path,
        default=REPORT,
        metavar="DIRECTORY",
        help=f"where the report goes (default {REPORT.relative_to(ROOT)})",
    )
    return parser.parse_args(arguments)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 100")
    return value


def _lingering(text: str) -> int | None:
    if text == "all":
        return None
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is neither 'all' nor a number of services")
    return value


def _whole(text: str) -> bool:
    if text not in ("0", "1"):
        raise argparse.ArgumentTypeError(f"{text} is neither 0 nor 1")
    return text == "1"


def _clone(text: str) -> Path:
    path = Path(text).expanduser()
    if not (path / "step1" / "ecs-cluster.yml").is_file():
        raise argparse.ArgumentTypeError(f"{text} is no clone of the workshop: it has no step1/ecs-cluster.yml")
    return path.resolve()


@dataclass(frozen=True)
class _Standing:
    """What was put up. ``variables``: what the playbooks need to know of it."""

    stacks: list[str]
    variables: dict[str, Any]
    stand_in: workshops.Deployed | None = None
    had: dict[str, set[tuple[str, str]]] | None = None

    def table(self, emulator: Emulator, since: float) -> str:
        """How it went."""
        if self.stand_in is not None:
            return stand_in_closing.table(emulator, self.stand_in, since)
        stopped = closing.tasks_stopped(emulator, since)
        return closing.table(closing.rows(emulator, NAME, self.stacks, since), stopped)

    def left(self, emulator: Emulator) -> dict[str, list[str]]:
        """What is still there, by kind."""
        if self.stand_in is not None and self.had is not None:
            return stand_in_closing.whats_left(emulator, self.stand_in, self.had)
        return whats_left(emulator, NAME)


def _rehearse(options: argparse.Namespace, scratch: Path) -> int:
    with Emulator(time_scale=options.time_scale) as emulator:
        print(
            "This is a rehearsal: what looks like AWS below is a look-alike inside this process.\n"
            "Nothing real is touched, and nothing is left running afterwards.\n",
            flush=True,
        )
        child_environment = environment(emulator.environment, scratch)
        if options.life:
            return life.rehearse(emulator, _of_life(options), child_environment | CALM, options.report.absolute())
        if options.release:
            return release.rehearse(emulator, options.release, child_environment | CALM, options.report.absolute())
        if options.workshop:
            seed = random.randrange(1000) if options.seed is None else options.seed
            standing = _stand_in(emulator, options.workshop, seed)
        else:
            stacks = _deploy(emulator, options, child_environment, scratch)
            if stacks is None:
                return 1
            # The stack groups of the roles have no stack for that.
            by_manifest = {"workshop_manifest": str(PATH)} if options.step == CONNECTED else {}
            standing = _Standing(stacks, {"workshop_name": NAME, **by_manifest})
        services = [
            stack.removeprefix(f"{NAME}-service-") for stack in standing.stacks if stack.startswith(f"{NAME}-service-")
        ]
        if options.linger != 0 and services:
            emulator.faults.linger(services[: options.linger])
            print(f"Tasks that will not end by themselves: {', '.join(services[: options.linger])}.", flush=True)

        speed = f"{1 / options.time_scale:g} times as fast as on AWS"
        print(f"Tearing it down with playbooks/teardown.yml, {speed}.", flush=True)
        since, began = emulator.clock.now(), time.monotonic()
        report = options.report.absolute()
        code = run(_teardown(options.time_scale, report, standing.variables), child_environment | CALM)
        seconds, aws_seconds = time.monotonic() - began, emulator.clock.now() - since

        print("\nLooking once more, with playbooks/verify.yml.", flush=True)
        verify = _playbook(VERIFY, {"workshop_report_dir": str(report), **standing.variables})
        verified = run(verify, child_environment | CALM)
        print(f"The teardown took {seconds:.0f} s, {aws_seconds:.0f} s of AWS's time. Each step, in AWS's time:\n")
        print(standing.table(emulator, since))
        return _close(standing.left(emulator), code, verified, report)


def _stand_in(emulator: Emulator, name: str, seed: int) -> _Standing:
    """Put up a stand-in workshop, in an order in which its stacks can be made, another one for each seed."""
    began = time.monotonic()
    manifest = workshops.read_manifest(name)
    order = workshops.creation_order(manifest, seed)
    print(f"Putting the workshop {name} into it, in the order of seed {seed}: {', '.join(order)} ...", flush=True)
    deployed = workshops.deploy(emulator, name, order)
    print(f"{len(order)} stacks are there, made in {time.monotonic() - began:.0f} s.", flush=True)
    look = emulator.client("cloudformation").describe_stack_resource
    details = [look(StackName=stack, LogicalResourceId=item) for stack, item in manifest.survives]
    kept = {item["StackResourceDetail"]["ResourceType"] for item in details}
    variables = {"workshop_name": name, "workshop_scope": dict(manifest.scope), "workshop_may_stay": sorted(kept)}
    return _Standing(order, variables, deployed, stand_in_closing.owned(emulator, deployed))


def _deploy(
    emulator: Emulator, options: argparse.Namespace, child_environment: dict[str, str], scratch: Path
) -> list[str] | None:
    """The names of the stacks; None, with the reason on the terminal, when they did not come up."""
    began = time.monotonic()
    print(f"Putting the workshop into it as it stands after step {options.step} ...", flush=True)
    if options.source:
        stacks = list(deploy_original(emulator, options.source, options.step).stacks)
        origin = f"from {options.source}"
    else:
        log = scratch / "deploy.log"
        with log.open("wb") as output:
            code = run(_playbook(DEPLOY, _deployment(options.step)), child_environment, output)
        if code != 0:
            print(log.read_text(encoding="utf-8", errors="replace"))
            print(f"The workshop could not be deployed: playbooks/deploy.yml ended with {code}.", flush=True)
            return None
        stacks = read_manifest(NAME, options.step).names
        origin = "by playbooks/deploy.yml"
    print(f"{len(stacks)} stacks are there, made {origin} in {time.monotonic() - began:.0f} s.", flush=True)
    return stacks


def _playbook(playbook: Path, variables: dict[str, Any]) -> list[str]:
    return [executable(), str(playbook), "-e", json.dumps(variables)]


def _deployment(step: int) -> dict[str, Any]:
    return {
        "workshop_manifest": str(PATH),
        "workshop_confirm": NAME,
        "workshop_poll_interval": 0.2,
        "deploy_step": step,
        "deploy_app_mesh": True,
    }


def _of_life(options: argparse.Namespace) -> dict[str, list[str]]:
    """The commands of what a life begins and ends with."""
    named = {"workshop_name": NAME}
    return {
        "deploy": _playbook(DEPLOY, _deployment(LAST_STEP)),
        "observe": _playbook(OBSERVE, named),
        "teardown": _teardown(options.time_scale, options.report.absolute(), named),
        "verify": _playbook(VERIFY, named),
    }


def _teardown(time_scale: float, report: Path, variables: dict[str, Any]) -> list[str]:
    settings = {
        "workshop_confirm": variables["workshop_name"],
        "workshop_report_dir": str(report),
        # As often, and as long, as on AWS in AWS seconds, but not more often than helps
        "workshop_poll_interval": max(0.2, 2 * time_scale),
        "leftovers_settle": max(1, round(SETTLE * time_scale)),
    }
    return _playbook(TEARDOWN, {**settings, **variables})


def _close(remaining: dict[str, list[str]], code: int, verified: int, report: Path) -> int:
    clean = code == 0 and verified == 0 and not any(remaining.values())
    print(f"\n{closing.left_over(remaining)}")
    for playbook, ended in ((TEARDOWN, code), (VERIFY, verified)):
        if ended != 0:
            print(f"{playbook.relative_to(ROOT)} ended with {ended}.")
    print(f"The report, as a page to look at: {report / 'teardown.html'}")
    print(_coloured("The rehearsal went well." if clean else "The rehearsal FAILED.", clean), flush=True)
    return 0 if clean else 1


def _coloured(text: str, good: bool) -> str:
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{32 if good else 31}m{text}\033[0m"


if __name__ == "__main__":
    sys.exit(main())
