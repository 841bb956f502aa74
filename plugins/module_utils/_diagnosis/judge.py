# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""From all that was read to what fails, since when, why, and what to do. No AWS."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable
from typing import Mapping

from . import kinds
from . import running
from .onset import unlikely
from .traced import Traces
from .types import Deployed
from .types import Finding
from .types import Limits
from .types import Material
from .types import Seen
from .types import each_once

FAILING, SLOW, NOTHING = "failing", "slow", "nothing_found"
# Of tasks: why callers of their service fail as well.
_DOWN = frozenset((kinds.CRASH, kinds.MEMORY, kinds.IMAGE, kinds.SECRET, kinds.HEALTH, kinds.PORT, kinds.PLACEMENT,
                   kinds.START, kinds.DISK))  # fmt: skip
# What another version of the service cannot be to blame for, however soon before it began.
_NOT_OF_VERSION = {
    kinds.THROTTLED: "a version is seldom why something is throttled",
    kinds.PLACEMENT: "a version is seldom why there is no room",
}
_ORDER = ("tasks", "traces", "targets", "events", "deployment", "logs", "alarms")


def judge(material: Material, limits: Limits) -> tuple[str, list[Finding], list[str]]:
    """The verdict, what fails, the most frequent first, and notes on what is no failure but worth knowing."""
    by_trace = {seen.trace_name: seen for seen in material.services}
    traces = Traces(material, limits, list(by_trace))
    found = [replace(finding, service=by_trace[finding.service].name) for finding in traces.findings()]
    for seen in material.services:
        found += running.findings(seen, material.since, material.end)
    found = [finding for finding in found if finding.until is None or finding.until >= material.since]
    found = _joined(_blamed(found, material, traces, limits), material)
    for seen in material.services:
        if not any(finding.service == seen.name for finding in found):
            logged = running.of_log(seen, material.since, material.end) or running.of_alarms(seen)
            found += _blamed(logged, material, traces, limits)
    clients = [finding for finding in found if finding.kind == kinds.CLIENTS and finding.deployment is None]
    found = [_with_lines(finding, material) for finding in found if finding not in clients]
    found.sort(key=lambda item: (item.kind == kinds.SLOW, -item.count, _ORDER.index(item.source), item.service))
    verdict = NOTHING
    if found:
        verdict = SLOW if all(finding.kind == kinds.SLOW for finding in found) else FAILING
    return verdict, found, [_of_clients(finding) for finding in clients]


def _of_clients(finding: Finding) -> str:
    return (
        f"{finding.count} of {finding.of} requests to {finding.service} were answered with 4xx, and nothing behind "
        "them failed: they are the clients' own errors."
    )


def _blamed(
    found: Iterable[Finding], material: Material, traces: Traces, limits: Limits
) -> list[Finding]:
    """With the deployment that began just before, and those that did but are not to blame."""
    return [_blame(finding, material, traces, limits) for finding in found]


def _blame(finding: Finding, material: Material, traces: Traces, limits: Limits) -> Finding:
    seen = next(item for item in material.services if item.name == finding.service)
    if finding.deployment is not None or (finding.since is None and not finding.definition):
        return finding
    not_blamed: list[tuple[Deployed, str]] = []
    candidates = sorted(seen.deployments or (), key=lambda item: item.started, reverse=True)
    for deployment in candidates:
        if deployment.started > material.end:
            continue
        if finding.definition:  # tasks say themselves which version they are of
            began = finding.since is None or deployment.started <= finding.since
            if deployment.definition == finding.definition and began:
                return replace(finding, deployment=deployment, not_blamed=tuple(not_blamed))
            continue
        why = _not_of(finding, deployment, seen, traces, limits)
        if not why:
            return replace(finding, deployment=deployment, not_blamed=tuple(not_blamed))
        if deployment.started >= material.start:
            not_blamed.append((deployment, why))
    return replace(finding, not_blamed=tuple(not_blamed))


def _not_of(finding: Finding, deployment: Deployed, seen: Seen, traces: Traces, limits: Limits) -> str:
    """Why a deployment is not to blame; empty if it may be."""
    since = finding.since or 0.0
    if deployment.started > since:
        return f"began {round(deployment.started - since)} s after the failure"
    ended = deployment.finished if deployment.finished is not None else since
    if since - deployment.started > limits.just_before and since > ended:
        return f"began {round(since - deployment.started)} s before the failure"
    if not finding.exact and finding.before and finding.before[1]:
        return "it is not known whether the failure began later"
    if finding.kind in _NOT_OF_VERSION:
        return _NOT_OF_VERSION[finding.kind]
    passed = sum(not item.failed for item in traces.requests(seen.trace_name) if ended < item.at < since)
    if finding.of and unlikely(finding.count / finding.of, passed):
        return f"{passed} requests went well after it had ended"
    return ""


def _joined(found: list[Finding], material: Material) -> list[Finding]:
    """Without what only follows from something else that is told: requests that fail since the tasks that they need do
    not run, and what several services say of the same tasks."""
    down = [finding for finding in found if finding.source in ("tasks", "targets", "events") and finding.kind in _DOWN]
    names = {seen.name: seen for seen in material.services}
    kept = []
    for finding in found:
        cause = next((item for item in down if item is not finding and _follows(finding, item, names)), None)
        if cause is None:
            kept.append(finding)
        else:
            of = f" of {finding.of}" if finding.of else ""
            told = f"{finding.count}{of} requests to {finding.service} failed"
            cause.effects = (*cause.effects, f"{told}: {words(finding)}" if words(finding) else told)
            if finding.example and not cause.example:
                cause.example = finding.example
    return kept


def _follows(finding: Finding, cause: Finding, names: Mapping[str, Seen]) -> bool:
    if finding.source != "traces" or finding.kind in (kinds.SLOW, kinds.CLIENTS):
        return False
    if finding.since is not None and finding.until is not None and cause.since is not None:
        if cause.since > finding.until:
            return False
    own = names[cause.service]
    if finding.service == cause.service:
        return finding.kind in (cause.kind, kinds.REFUSED, kinds.UNKNOWN) and not finding.entity
    called = {own.name.lower(), own.trace_name.lower()}
    words_ = set(re.findall(r"[a-z0-9_-]+", f"{finding.entity} {finding.exception.message}".lower()))
    return bool(called & words_) and finding.kind in (
        kinds.REFUSED, kinds.TIMEOUT, kinds.DNS, kinds.UNKNOWN, cause.kind
    )  # fmt: skip


def _with_lines(finding: Finding, material: Material) -> Finding:
    """With the lines of its service's log at that moment, the telling ones of the same kind first."""
    if finding.lines:
        return finding
    seen = next(item for item in material.services if item.name == finding.service)
    since = finding.since or material.start
    until = finding.until or material.end
    near = [line for line in seen.lines or () if since - 60 <= line.at <= until + 60 and kinds.is_telling(line.message)]
    same = [line for line in near if finding.kind == kinds.kind_of_line(line.message) != kinds.UNKNOWN]
    # Lines of another kind than the one that is known are of something else.
    return replace(finding, lines=tuple(each_once(same or (near if finding.kind == kinds.UNKNOWN else []))[:5]))


def words(finding: Finding) -> str:
    """What was said of it: an exception, or what ECS says."""
    if finding.exception:
        return ": ".join(filter(None, [finding.exception.type, finding.exception.message]))
    return finding.said
