# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The report of a release, or of a way back, as data."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import changes
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import short
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import iso
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import plain

Row = Mapping[str, Any]

FORMAT = 1
KEPT = "kept"
BACK = "switched_back"
UNCHANGED = "unchanged"
FAILED = "failed"
GOOD = (KEPT, UNCHANGED)


def build(given: Row, now: datetime) -> dict[str, Any]:
    """The report. Its texts are plain, and only markup is left to escape.

    :param given: the options of workshop_release_report
    """
    steps = [step for step in given["steps"] if "deployment" in step or failed(step)]
    last: Row = steps[-1] if steps else given["planned"]
    returned, service = given["returned"], given["service"]
    verdict = _verdict(given["operation"], last, returned, given["problem"])
    began, events = moment(given["started"]), _events([*steps, *([returned] if returned else [])])
    report = {
        "format": FORMAT,
        "operation": given["operation"],
        "verdict": verdict,
        "summary": "",
        "account": service["account"],
        "region": service["region"],
        "cluster": service["cluster"],
        "service": service["service"],
        "stack": service["stack"],
        "started": iso(began),
        "finished": iso(now),
        "seconds": round((now - began).total_seconds(), 1) if began else 0.0,
        "before": short(str(last.get("task_definition_before") or service["task_definition"])),
        "after": short(str(last.get("task_definition") or "")),
        "changes": changes(given["planned"].get("diff") or {}),
        "reason": " ".join(filter(None, [given["problem"], *_messages([last, returned])])),
        "bad_seconds": _bad_seconds(last, returned, events, now),
        "deployment": last.get("deployment"),
        "return_deployment": last.get("return_deployment") or returned.get("deployment"),
        "probes": list(last.get("probes") or []),
        "events": events,
        "stopped_tasks": list(last.get("stopped_tasks") or []),
        "unhealthy_targets": list(last.get("unhealthy_targets") or []),
        "drifted": bool(service["drifted"]),
        "drift": service["how"],
        "commands": _commands(given, verdict),
    }
    report["summary"] = _summary(report)
    return plain(report)


def failed(step: Row) -> bool:
    """Whether a module failed, also where failed_when says otherwise."""
    return bool(step.get("failed") or step.get("msg"))


def _messages(steps: Sequence[Row]) -> list[str]:
    return [str(step.get("msg", "")) for step in steps if failed(step)]


def _verdict(operation: str, last: Row, returned: Row, problem: str) -> str:
    if returned:
        return FAILED if failed(returned) or operation == "rollback" else BACK
    if failed(last) or problem:
        return BACK if last.get("rolled_back") and operation == "release" else FAILED
    return KEPT if last.get("changed") else UNCHANGED


def _events(steps: Sequence[Row]) -> list[dict[str, str]]:
    """Of all steps, each once: a later step sees again what an earlier one saw. In the order of their times: that a
    version takes traffic may have begun before it was seen."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for step in steps:
        for event in step.get("events") or []:
            found.setdefault((event["kind"], event["text"]), dict(event))
    return sorted(found.values(), key=lambda event: str(event["at"]))


def _bad_seconds(last: Row, returned: Row, events: Sequence[Row], now: datetime) -> float | None:
    """For how many seconds users may have seen a version that failed; None if it stays. Where the user's own tasks have
    judged, from when it took traffic to now, when the way back is over: AWS's clock may be another."""
    began = next((moment(event["at"]) for event in events if event["kind"] == "in_service"), None)
    if not returned:
        return last.get("bad_seconds")
    return round(max((now - began).total_seconds(), 0.0), 1) if began else 0.0


def _summary(report: Row) -> str:
    name, before, after = report["service"], report["before"], report["after"]
    if report["verdict"] == UNCHANGED:
        return f"{name} runs {after or before} already."
    if report["verdict"] == KEPT and report["operation"] == "release":
        answered = sum(item["requests"] for item in report["probes"])
        wanted = answered - sum(item["failures"] for item in report["probes"])
        seen = f", and {wanted} of {answered} requests were answered as wanted" if answered else ""
        return f"{name} runs {after}{seen}."
    if report["verdict"] == KEPT:
        return f"{name} was brought back."
    if report["verdict"] == BACK:
        seconds = report["bad_seconds"]
        seen = f"Users may have seen it for {seconds:.0f} s at most" if seconds else "It was not seen to take traffic"
        return f"{name} was switched back from {after} to {before}. {seen}."
    return f"The {'release' if report['operation'] == 'release' else 'way back'} of {name} did not end well."


def _commands(given: Row, verdict: str) -> list[dict[str, str]]:
    """What to run next, each with what for."""
    found = []
    if given["operation"] == "release" and verdict in (BACK, FAILED):
        found.append({"for": "why it fails", "command": _playbook("diagnose", given)})
    if verdict == FAILED or (given["operation"] == "release" and verdict == KEPT):
        found.append({"for": "to go back", "command": _playbook("rollback", given)})
    source = given["service"]["source"] or {"kind": "none"}
    if given["service"]["drifted"] and verdict in GOOD and source["kind"] != "none":
        command = _playbook("release", given, "workshop_reconcile=true")
        found.append({"for": "to bring the stack in line, and change nothing else", "command": command})
    return found


def _playbook(name: str, given: Row, *settings: str) -> str:
    service = given["service"]
    said = [f"workshop_service={service['service']}", f"workshop_cluster={service['cluster']}", *settings]
    said += [f"{key}={value}" for key, value in sorted(given["variables"].items())]
    return " ".join([f"ansible-playbook workshop.lifecycle.{name}", *(f"-e {shlex.quote(text)}" for text in said)])
