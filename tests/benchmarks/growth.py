# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the cost of a teardown grows: with the stacks of one workshop, and with the workshops of one inventory.

AWS's durations are the medians, so that nothing but the number differs. The workshops are spread over regions, since
AWS limits the calls of an account by region. The emulator runs on the same machine and takes its share of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.emulator import Emulator
from tests.workshop import Workshop, deploy, read_manifest
from tests.workshop.deployment import wait_for_stacks, wait_for_tasks

from .contenders import Command, Setting, teardown
from .run import SLEEPING
from .tools import BUILD
from .watched import watched

NAME = "cuddlekube"
# Those with availability zones a, b and c, where the workshop's subnets are.
REGIONS = (
    "eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 us-east-1 us-east-2 us-west-2 sa-east-1 "
    "ap-south-1 ap-southeast-1 ap-southeast-2 ap-northeast-2 ap-northeast-3"
).split()


@dataclass
class Growth:
    """One run. ``seconds`` and ``last``, when the last stack was gone, of AWS; ``peak`` in bytes.

    ``calls``: of all workshops together; ``fastest``: the most DescribeStacks within a second in one region.
    """

    stacks: int
    workshops: int
    forks: int
    code: int
    seconds: float
    last: float
    cpu: float
    peak: int
    calls: int
    fastest: int
    left: int


def more_stacks(emulator: Emulator, workshop: Workshop, stacks: int) -> Workshop:
    """Add APIs, two stacks each, until the workshop has so many stacks."""
    count = max(0, (stacks - len(workshop.stacks)) // 2)
    apis = [f"extra-{number:03}" for number in range(count)]
    patterns = {stack.name: stack for stack in read_manifest(NAME).stacks}
    cloudformation = emulator.client("cloudformation")
    for kind in ("task", "service"):
        pattern = patterns[f"{NAME}-{kind}-list-api"]
        new = []
        for api in apis:
            parameters = {key: value.replace("list-api", api) for key, value in pattern.parameters.items()}
            new.append(replace(pattern, name=f"{NAME}-{kind}-{api}", parameters=parameters))
        for stack in new:
            cloudformation.create_stack(
                StackName=stack.name,
                TemplateBody=stack.body,
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
            )
        wait_for_stacks(cloudformation, [stack.name for stack in new])
        workshop = replace(workshop, stacks=(*workshop.stacks, *(stack.name for stack in new)))
    workshop = replace(workshop, services=(*workshop.services, *apis))
    wait_for_tasks(emulator.client("ecs"), NAME, workshop.services)
    return workshop


def one_workshop(stacks: int, time_scale: float) -> Growth:
    """Tear down a workshop of so many stacks."""
    with Emulator(time_scale=time_scale) as emulator, tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        workshop = more_stacks(emulator, deploy(emulator), stacks)
        setting = Setting(workshop, time_scale, emulator.environment, Path(scratch), Path())
        command = teardown(setting, "-e", json.dumps({"workshop_apis": workshop.services}))
        return _measured(emulator, [workshop], command, Path(scratch), time_scale, 1)


def many_workshops(number: int, forks: int, time_scale: float) -> Growth:
    """Tear down so many workshops with one inventory."""
    with Emulator(time_scale=time_scale) as emulator, tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        # An account has one such role for all; otherwise the first workshop would own it and could not delete it.
        emulator.client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
        workshops = [
            deploy(emulator, name=f"team{index + 1:02}", region=REGIONS[index % len(REGIONS)])
            for index in range(number)
        ]
        inventory = Path(scratch) / "inventory.ini"
        lines = [
            f"{it.name} workshop_name={it.name} workshop_region={it.region} workshop_confirm={it.name}"
            for it in workshops
        ]
        inventory.write_text("\n".join(["[workshops]", *lines]) + "\n", encoding="utf-8")
        setting = Setting(workshops[0], time_scale, emulator.environment, Path(scratch), Path())
        command = teardown(setting)
        kept = [
            part
            for flag, value in zip(command.arguments[2::2], command.arguments[3::2], strict=True)
            if not value.startswith(("workshop_name=", "workshop_confirm="))
            for part in (flag, value)
        ]
        arguments = [*command.arguments[:2], "-i", str(inventory), "--forks", str(forks), *kept]
        command = replace(command, arguments=[*arguments, "-e", "workshop_hosts=workshops"])
        return _measured(emulator, workshops, command, Path(scratch), time_scale, forks)


def _measured(
    emulator: Emulator, workshops: Sequence[Workshop], command: Command, scratch: Path, time_scale: float, forks: int
) -> Growth:
    emulator.faults.limits()
    emulator.calls.clear()
    since = emulator.clock.now()
    own = {"PYTHONPATH": str(SLEEPING)}
    output = scratch / "output.log"
    cost = watched(command.arguments, command.environment | own, command.cwd, output)
    stacks = sum(len(workshop.stacks) for workshop in workshops)
    gone = emulator.timeline.select("stack", status="DELETE_COMPLETE")
    if cost.code:
        (BUILD / f"growth-{stacks}-{len(workshops)}.log").write_bytes(output.read_bytes())
    return Growth(
        stacks=stacks // len(workshops),
        workshops=len(workshops),
        forks=forks,
        code=cost.code,
        seconds=cost.seconds / time_scale,
        last=max((event.time for event in gone), default=since) - since,
        cpu=cost.cpu,
        peak=cost.peak,
        calls=emulator.calls.total,
        fastest=max(emulator.calls.most_within(1.0, "cloudformation:DescribeStacks", it.region) for it in workshops),
        left=stacks - len(gone),
    )


def table(found: Sequence[Growth]) -> str:
    """A row for each run; ratios to the first one of its kind."""
    lines = [
        f"{'workshops':>9} {'stacks':>6} {'forks':>5} {'seconds':>8} {'ratio':>6} {'last gone':>9} {'CPU s':>7} "
        f"{'each':>6} {'memory':>8} {'each':>7} {'calls':>6} {'each':>5} {'DescribeStacks/s':>16} left"
    ]
    for item in found:
        base = found[0]
        lines.append(
            f"{item.workshops:>9} {item.stacks:>6} {item.forks:>5} {item.seconds:>8.0f} "
            f"{item.seconds / base.seconds:>6.2f} {item.last:>9.0f} "
            f"{item.cpu:>7.1f} {item.cpu / item.workshops:>6.1f} "
            f"{item.peak / 2**20:>5.0f} MB {item.peak / 2**20 / min(item.forks, item.workshops):>4.0f} MB "
            f"{item.calls:>6} {item.calls // item.workshops:>5} {item.fastest:>16} "
            f"{item.left or 'nothing'}{f', exit code {item.code}' if item.code else ''}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("--stacks", type=int, nargs="*", default=[24, 100, 400], help="in one workshop")
    parser.add_argument("--workshops", type=int, nargs="*", default=[1, 5, 20, 50], help="in one inventory")
    parser.add_argument("--forks", type=int, help="of Ansible (default: as many as workshops)")
    parser.add_argument("--time-scale", type=float, default=1.0, help="real seconds per AWS second (default: 1)")
    options = parser.parse_args(arguments)
    BUILD.mkdir(parents=True, exist_ok=True)
    results: dict[str, list[Growth]] = {"stacks": [], "workshops": []}
    for number in options.stacks:
        results["stacks"].append(one_workshop(number, options.time_scale))
        print(f"{number} stacks:\n{table(results['stacks'][-1:])}", flush=True)
    for number in options.workshops:
        results["workshops"].append(many_workshops(number, options.forks or number, options.time_scale))
        print(f"{number} workshops:\n{table(results['workshops'][-1:])}", flush=True)
    text = json.dumps({key: [asdict(item) for item in found] for key, found in results.items()}, indent=1)
    (BUILD / "growth.json").write_text(text + "\n", encoding="utf-8")
    print(f"\nAt scale {options.time_scale:g}; memory 'each' is per workshop in flight.")
    print("Figures: build/bench/growth.json")
    for kind, found in results.items():
        if found:
            print(f"\nBy {kind}\n{table(found)}")


if __name__ == "__main__":
    main()
