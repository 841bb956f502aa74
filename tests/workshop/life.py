# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearses a whole life of the workshop: deployed, observed and visited, released badly and switched back, diagnosed,
released well, torn down, and verified.

Each playbook has to end with the code, and its report to say the verdict, that it must; a page at the end links all.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import closing, life_page, release
from .inventory import whats_left
from .playbooks import executable
from .processes import run
from .visitors import visiting

if TYPE_CHECKING:
    from tests.emulator import Emulator

# What a step wrote: the data of each report by its name
Reports = Mapping[str, Mapping[str, Any]]
# What is amiss, judged by what a step wrote
Look = Callable[[Reports], list[str]]
NAME = "cuddlekube"
ALARM = f"{NAME}/faults"
CAUSE = "x509"
BEFORE = 10  # requests that visitors have been answered before the first release
PATIENCE = 120.0  # real seconds


@dataclass(frozen=True)
class Step:
    """A playbook, and how it must end: with 0 unless it ``fails``, and with this verdict in the first of its reports.

    ``name``: of the folder of these. ``reports``: names of their files.
    """

    name: str
    title: str
    reports: tuple[str, ...] = ()
    verdict: str = ""
    fails: bool = False


DEPLOY = Step("deploy", "Deploy the workshop")
OBSERVE = Step("observe", "Observe it")
BROKEN = Step("broken", "Release a version that fails", ("release", "diagnosis"), "switched_back", fails=True)
DIAGNOSE = Step("diagnosis", "Find out why", ("diagnosis",), "failing")
FIXED = Step("fixed", "Release the version that is mended", ("release",), "kept")
TEARDOWN = Step("teardown", "Tear the workshop down", ("teardown",), "clean")
VERIFY = Step("verify", "Verify that nothing is left", ("verify",), "clean")
STEPS = (DEPLOY, OBSERVE, BROKEN, DIAGNOSE, FIXED, TEARDOWN, VERIFY)


@dataclass(frozen=True)
class Ended:
    """What became of a step. ``at``: real seconds from the beginning; ``seconds`` real, ``aws_seconds`` of AWS's."""

    step: Step
    at: float
    seconds: float
    aws_seconds: float
    code: int
    reports: Reports
    problems: tuple[str, ...]

    @property
    def said(self) -> Mapping[str, Any]:
        """The report that has the verdict; empty without one."""
        return self.reports.get(self.step.reports[0], {}) if self.step.reports else {}


def problems(step: Step, code: int, reports: Reports) -> list[str]:
    """In what the end of a playbook is not as it must be."""
    found = []
    if (code != 0) != step.fails:
        found.append(f"It ended with {code}, and not with {'another code' if step.fails else '0'}.")
    found += [f"It wrote no {name}.json." for name in step.reports if name not in reports]
    first = reports.get(step.reports[0]) if step.reports else None
    if first is not None and first["verdict"] != step.verdict:
        found.append(f"Its verdict is {first['verdict']}, and not {step.verdict}.")
    return found


def misjudged(reports: Reports) -> list[str]:
    """What a diagnosis lacks that must name the cause of the broken release."""
    clusters = reports.get("diagnosis", {}).get("clusters", ())
    findings = [finding for cluster in clusters for finding in cluster["findings"]]
    if len(findings) != 1:
        return [f"The diagnosis has {len(findings)} findings, and not one."]
    (found,) = findings
    images = (found["deployment"] or {}).get("images") or {}
    wanted = {
        f"the service {release.SERVICE}": found["service"] == release.SERVICE,
        f"the exception {CAUSE}": CAUSE in (found["exception"] or {}).get("message", ""),
        "the release of the broken version": release.IMAGES["broken"] in images.values(),
        "a line of the log with the exception": any(CAUSE in line["message"] for line in found["logs"]),
    }
    return [f"The diagnosis does not name {what}." for what, named in wanted.items() if not named]


def why(report: Mapping[str, Any]) -> list[str]:
    """The command with which the report of a release has one look why it failed, in words. LookupError without one."""
    commands = [row["command"] for row in report.get("commands", ()) if row["for"] == "why it fails"]
    if not commands:
        raise LookupError("The report of the release does not say with which command to look why it failed.")
    return shlex.split(commands[0])


class Life:
    """One life, step by step. ``folder``: where the steps have folders for their reports."""

    def __init__(self, emulator: Emulator, environment: Mapping[str, str], folder: Path) -> None:
        self.ended: list[Ended] = []
        self._emulator = emulator
        self._environment = environment
        self._folder = folder
        self._began = time.monotonic()

    def play(self, step: Step, command: list[str], *looks: Look) -> Mapping[str, Any]:
        """Run a playbook, and look at what became of it; what it said."""
        folder = self._folder / step.name
        folder.mkdir(parents=True, exist_ok=True)
        written = {name: folder / f"{name}.json" for name in step.reports}
        for path in written.values():
            path.unlink(missing_ok=True)  # of an earlier rehearsal
        print(f"{step.title} ...", end=" ", flush=True)
        at, since = time.monotonic(), self._emulator.clock.now()
        given = json.dumps({"workshop_report_dir": str(folder)})
        with (folder / "terminal.txt").open("wb") as output:
            code = run([*command, "-e", given], self._environment, output)
        reports = {
            name: json.loads(path.read_text(encoding="utf-8")) for name, path in written.items() if path.is_file()
        }
        found = problems(step, code, reports) + [problem for look in looks for problem in look(reports)]
        seconds = time.monotonic() - at
        aws_seconds = self._emulator.clock.now() - since
        ended = Ended(step, at - self._began, seconds, aws_seconds, code, reports, tuple(found))
        self.ended.append(ended)
        verdict = str(ended.said.get("verdict", "done")).replace("_", " ")
        print(f"{verdict}, {seconds:.0f} s", *found, sep="\n  ", flush=True)
        return ended.said

    @property
    def seconds(self) -> float:
        """How long it has taken so far, in real seconds."""
        return time.monotonic() - self._began


def rehearse(
    emulator: Emulator, commands: Mapping[str, list[str]], environment: Mapping[str, str], folder: Path
) -> int:
    """Play it; the exit code. Writes index.html into the folder, and what each step wrote into one of its own.

    :param commands: of the steps deploy, observe, teardown and verify, by their names
    :param environment: of the playbooks
    """
    life = Life(emulator, environment, folder)
    index = folder / "index.html"
    index.unlink(missing_ok=True)
    emulator.faults.answer_as(release.IMAGES["broken"], "tls")
    emulator.traffic.calls("public-site", release.SERVICE, path="/register")
    life.play(DEPLOY, commands["deploy"])
    if not life.ended[-1].problems:
        life.play(OBSERVE, commands["observe"])
        _live(emulator, life)
        life.play(TEARDOWN, commands["teardown"], lambda _reports: _left(emulator))
        life.play(VERIFY, commands["verify"])
    asked = emulator.traffic.requests
    failed = sum(request.status != 200 for request in asked)
    well = [ended.step for ended in life.ended if not ended.problems] == list(STEPS)
    index.write_bytes(life_page.page(life.ended, STEPS, well, life.seconds, len(asked), failed))
    print(f"{failed} of {len(asked)} requests of visitors and probes failed. All reports, from one page: {index}")
    print(f"The rehearsal {'went well' if well else 'FAILED'}, in {life.seconds:.0f} s.", flush=True)
    return 0 if well else 1


def _live(emulator: Emulator, life: Life) -> None:
    """What is between the beginning and the end: visitors, and two releases."""
    balancer = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerName"]
    front, scale = emulator.front(balancer), emulator.clock.time_scale
    with visiting(f"{front}/register", scale):
        _wait_for_visitors(emulator)
        broken = release.command(scale, front, "broken")
        told = life.play(BROKEN, broken, lambda _reports: _runs(emulator, "v1"), misjudged)
        try:
            command = why(told)
        except LookupError as error:
            print(error, flush=True)
        else:
            # As it is told, with the ansible-playbook of this environment
            life.play(DIAGNOSE, [executable(), *command[1:]], misjudged, lambda _reports: _unalarmed(emulator))
        life.play(FIXED, release.command(scale, front, "good"), lambda _reports: _runs(emulator, "v2"))


def _wait_for_visitors(emulator: Emulator) -> None:
    end = time.monotonic() + PATIENCE
    while len(emulator.traffic.requests) < BEFORE:
        if time.monotonic() > end:
            raise TimeoutError(f"the load balancer has had {len(emulator.traffic.requests)} requests, not {BEFORE}")
        time.sleep(0.05)


def _runs(emulator: Emulator, version: str) -> list[str]:
    image = release.running(emulator, NAME)
    return [] if image.endswith(f":{version}") else [f"{release.SERVICE} runs {image}, and not {version}."]


def _unalarmed(emulator: Emulator) -> list[str]:
    """Whether what observes the workshop has told of the faults."""
    history = emulator.client("cloudwatch").describe_alarm_history(AlarmName=ALARM, HistoryItemType="StateUpdate")
    rang = any(item["HistorySummary"].endswith("to ALARM") for item in history["AlarmHistoryItems"])
    return [] if rang else [f"The alarm {ALARM} has not told of the faults."]


def _left(emulator: Emulator) -> list[str]:
    remaining = whats_left(emulator, NAME)
    return [closing.left_over(remaining)] if any(remaining.values()) else []
