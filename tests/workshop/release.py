# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearses a release: of a version that stays, and of the one that the workshop has fail.

Requests go through the load balancer to the public site, which calls register-api. The broken version passes every
health check and answers 400 after 15 s, since it cannot reach its table: ECS alone takes it for well.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from .deployment import deploy
from .playbooks import RELEASE, executable
from .processes import run

if TYPE_CHECKING:
    from tests.emulator import Emulator

VERSIONS = ("good", "broken")
SERVICE = "register-api"
APIS = ("public-site", SERVICE)
INTERVAL = 5.0  # AWS seconds between two requests of the probe
PATIENCE = 10.0  # AWS seconds, beside an interval, within which ECS has been asked to go back
IMAGES = {"good": "example.com/register-api:v2", "broken": "example.com/register-api:broken"}


def rehearse(emulator: Emulator, version: str, environment: dict[str, str], report: Path) -> int:
    """Put the workshop up, release the version, and judge what became of it; the exit code.

    :param environment: of the playbook
    :param report: the folder for its report
    """
    print(f"Putting {' and '.join(APIS)} of the workshop into it ...", flush=True)
    workshop = deploy(emulator, step=1, apis=APIS)
    emulator.traffic.calls("public-site", SERVICE, path="/register")
    emulator.faults.answer(
        IMAGES["broken"],
        status=400,
        after=15,
        cause=("x509.UnknownAuthorityError", "x509: certificate signed by unknown authority"),
        dependency=("DynamoDB", "PutItem", "cuddlykube"),
    )
    balancer = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerName"]
    front = emulator.front(balancer)
    scale = emulator.clock.time_scale
    print(f"{len(workshop.stacks)} stacks are there. Releasing {IMAGES[version]} with playbooks/release.yml.")

    since = emulator.clock.now()
    code = run([*command(scale, front, version), "-e", json.dumps({"workshop_report_dir": str(report)})], environment)
    image = running(emulator, workshop.name)
    asked = [request for request in emulator.traffic.requests if request.path == "/register"]
    failed = [request for request in asked if request.status != 200]
    print(f"\n{len(failed)} of {len(asked)} requests through the load balancer failed. {SERVICE} runs {image}.")
    problems = _broken(emulator, code, image, since) if version == "broken" else _good(code, image, len(failed))
    if code and (report / "release.json").is_file():
        seen = json.loads((report / "release.json").read_text(encoding="utf-8"))["bad_seconds"] or 0.0
        print(f"Users may have seen the version that failed for {seen / scale:.0f} s of AWS's time.")
    for problem in problems:
        print(problem)
    print(f"The report, as a page to look at: {report / 'release.html'}")
    print("The rehearsal FAILED." if problems else "The rehearsal went well.", flush=True)
    return 1 if problems else 0


def seconds_to_go_back(emulator: Emulator, since: float) -> float:
    """AWS seconds from the first answer that failed to the request to go back. LookupError if there was none."""
    epoch = emulator.clock.epoch() - emulator.clock.now()
    failed = [
        request.at + request.seconds - epoch
        for request in emulator.traffic.requests
        if request.status != 200 and request.path == "/register"
    ]
    states = [event for event in emulator.timeline.select("deployment", SERVICE) if event.time >= since]
    asked = [event.time for event in states if event.status in ("PENDING", "ROLLBACK_REQUESTED")][1:]
    if not failed or not asked:
        raise LookupError("no request failed, or nobody asked to go back")
    return asked[0] - min(failed)


def command(scale: float, front: str, version: str) -> list[str]:
    """What releases one of the ``IMAGES``, with a probe through the load balancer; to be run at this scale of time."""
    probe = {
        "url": f"{front}/register",
        "method": "POST",
        "interval": max(0.1, INTERVAL * scale),
        "timeout": max(5.0, 30 * scale),
        "failures": 1,
    }
    variables = {
        "workshop_service": SERVICE,
        "workshop_confirm": SERVICE,
        "workshop_poll_interval": max(0.2, 2 * scale),
        "release_images": {SERVICE: IMAGES[version]},
        "release_probes": [probe],
        "release_probe_for": max(3, round(60 * scale)),
    }
    return [executable(), str(RELEASE), "-e", json.dumps(variables)]


def running(emulator: Emulator, cluster: str) -> str:
    """The image that the service is to run."""
    ecs = emulator.client("ecs")
    definition = ecs.describe_services(cluster=cluster, services=[SERVICE])["services"][0]["taskDefinition"]
    containers = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]["containerDefinitions"]
    return next(item["image"] for item in containers if item["name"] == SERVICE)


def _good(code: int, image: str, failed: int) -> list[str]:
    problems = [f"playbooks/release.yml ended with {code}."] if code else []
    problems += [f"{failed} requests failed."] if failed else []
    return problems + ([] if image == IMAGES["good"] else ["The good version does not run."])


def _broken(emulator: Emulator, code: int, image: str, since: float) -> list[str]:
    problems = ["playbooks/release.yml ended with 0, as if the broken version stayed."] if code == 0 else []
    problems += ["The broken version runs still."] if image == IMAGES["broken"] else []
    try:
        seconds = seconds_to_go_back(emulator, since)
    except LookupError as error:
        return [*problems, f"It did not switch back by itself: {error}."]
    print(f"ECS was asked to go back {seconds:.1f} s after the first failed answer, in AWS's time.")
    late = seconds > INTERVAL + PATIENCE
    return problems + ([f"That is more than {INTERVAL + PATIENCE:g} s."] if late else [])
