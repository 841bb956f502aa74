# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases the version that the workshop has fail by this collection and by others' tools, on the emulator.

The version passes all health checks and fails its users. Visitors come all the time; it is looked at what each tool
says in the end, and for how long they got failures. Who had not gone back some time after the tool's end, stays so.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import Emulator
from tests.workshop.deployment import deploy
from tests.workshop.playbooks import environment, executable
from tests.workshop.release import APIS, IMAGES, SERVICE, command, running
from tests.workshop.visitors import visiting

from .tools import tools

AFTER = 120.0  # AWS seconds for which visitors come after the tool's end
CLUSTER = "cuddlekube"


@dataclass(frozen=True)
class Released:
    """``code``: the tool's exit code. ``failed``: requests of visitors, of ``asked``. ``seconds``: AWS seconds from the
    first answer that failed to the last. ``goes_on``: whether the last of them failed."""

    tool: str
    code: int
    asked: int
    failed: int
    seconds: float
    goes_on: bool
    image: str


def ours(emulator: Emulator, _scratch: Path, front: str) -> list[str]:
    """The playbook with a probe."""
    return command(emulator.clock.time_scale, front, "broken")


def by_aws(emulator: Emulator, scratch: Path, _front: str) -> list[str]:
    """As the command line's documentation has it."""
    aws = shlex.quote(str(tools() / "aws"))
    service = f"--cluster {CLUSTER} --service {SERVICE}"
    return _script(
        scratch,
        f"{aws} ecs update-service {service} --task-definition {_registered(emulator)} > /dev/null",
        f"{aws} ecs wait services-stable --cluster {CLUSTER} --services {SERVICE}",
    )


def by_cloudformation(emulator: Emulator, scratch: Path, _front: str) -> list[str]:
    """The parameter that the service's stack reads is set, and the stack updated."""
    aws, stack = shlex.quote(str(tools() / "aws")), f"--stack-name {CLUSTER}-service-{SERVICE}"
    parameters = emulator.client("cloudformation").describe_stacks(StackName=f"{CLUSTER}-service-{SERVICE}")
    keys = [item["ParameterKey"] for item in parameters["Stacks"][0]["Parameters"]]
    same = " ".join(f"ParameterKey={key},UsePreviousValue=true" for key in keys)
    name, value = f"/{CLUSTER}/{SERVICE}/Latest", _registered(emulator)
    return _script(
        scratch,
        f"{aws} ssm put-parameter --name {name} --value {value} --type String --overwrite > /dev/null",
        f"{aws} cloudformation update-stack {stack} --use-previous-template --parameters {same} > /dev/null",
        f"{aws} cloudformation wait stack-update-complete {stack}",
    )


def by_community(emulator: Emulator, scratch: Path, _front: str) -> list[str]:
    """community.aws.ecs_service with the new revision."""
    options = {
        "state": "present",
        "name": SERVICE,
        "cluster": CLUSTER,
        "task_definition": _registered(emulator),
        "desired_count": 1,
        "force_new_deployment": True,
        "wait": True,
    }
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"community.aws.ecs_service": options}]}
    playbook = scratch / "community.yml"
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    return [executable(), str(playbook)]


TOOLS: dict[str, Callable[[Emulator, Path, str], list[str]]] = {
    "workshop.lifecycle.release": ours,
    "aws ecs update-service, wait services-stable": by_aws,
    "aws cloudformation update-stack, wait": by_cloudformation,
    "community.aws.ecs_service": by_community,
}


def _script(scratch: Path, *lines: str) -> list[str]:
    script = scratch / "release.sh"
    script.write_text("set -e\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return ["sh", str(script)]


def _registered(emulator: Emulator) -> str:
    """The revision with the broken image; its ARN."""
    ecs = emulator.client("ecs")
    found = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]["taskDefinition"]
    before = ecs.describe_task_definition(taskDefinition=found)["taskDefinition"]
    taken = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    request = {key: value for key, value in before.items() if key in taken}
    for container in request["containerDefinitions"]:
        if container["name"] == SERVICE:
            container["image"] = IMAGES["broken"]
    return ecs.register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]


def measured(tool: str, scale: float) -> Released:
    """Let a tool release the version that fails."""
    with Emulator(time_scale=scale) as emulator, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        deploy(emulator, step=1, apis=APIS)
        emulator.traffic.calls("public-site", SERVICE, path="/register")
        emulator.faults.answer(IMAGES["broken"], status=400, after=15)
        balancer = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerName"]
        front = emulator.front(balancer)
        line = TOOLS[tool](emulator, scratch, front)
        own = environment(emulator.environment, scratch)
        with visiting(f"{front}/register", scale):
            done = subprocess.run(line, env=own, capture_output=True, text=True, check=False)
            time.sleep(AFTER * scale)
        requests = [request for request in emulator.traffic.requests if request.path == "/register"]
        ends = sorted((request.at + request.seconds, request.status != 200) for request in requests)
        failed = [at for at, bad in ends if bad]
        if done.returncode and tool != next(iter(TOOLS)):
            print(done.stdout[-1500:] + done.stderr[-1500:], file=sys.stderr)
        return Released(
            tool,
            done.returncode,
            len(ends),
            len(failed),
            failed[-1] - failed[0] if failed else 0.0,
            bool(ends) and ends[-1][1],
            running(emulator, CLUSTER).rpartition(":")[2],
        )


def table(found: Sequence[Released]) -> str:
    """For a README."""
    lines = ["| | exit code | requests that failed | for how long | runs then |", "|---|---:|---:|---:|---|"]
    for row in found:
        seconds = f"{row.seconds:.0f} s" + (" and on" if row.goes_on else "")
        lines.append(f"| {row.tool} | {row.code} | {row.failed} of {row.asked} | {seconds} | `{row.image}` |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.release", description=__doc__)
    parser.add_argument("--time-scale", type=float, default=0.2, help="real seconds per second of AWS (default: 0.2)")
    options = parser.parse_args(arguments)
    print(table([measured(tool, options.time_scale) for tool in TOOLS]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
