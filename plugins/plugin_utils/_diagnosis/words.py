# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a finding is, in words for a person."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import duration
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

Row = Mapping[str, Any]

KINDS = {
    "permission": "missing permission",
    "tls": "TLS error",
    "throttled": "throttled",
    "dns": "name not found",
    "disk": "disk full",
    "memory": "out of memory",
    "image": "image not pulled",
    "secret": "secret not read",
    "health_check": "health check fails",
    "wrong_port": "port not reached",
    "refused": "connection refused",
    "timeout": "no answer in time",
    "missing": "resource not there",
    "crash": "process ends",
    "placement": "no room for the task",
    "start": "container not started",
    "slow": "slow",
    "client_errors": "requests refused",
    "alarm": "alarm",
    "unknown": "failure",
}


def clock(text: str | None) -> str:
    """``10:42:07``, in UTC."""
    time = moment(text)
    return f"{time:%H:%M:%S}" if time else "?"


def short(arn: str) -> str:
    """The last part of an ARN."""
    return arn.rsplit("/", 1)[-1]


def heading(finding: Row, end: str | None = None) -> str:
    """What fails, how often, since when, and how it was before. ``end``: of the time that was looked at, on whose day
    times have no date."""
    service, count = finding["service"], finding["count"]
    when = _when(finding, end)
    if finding["kind"] == "slow":
        took = finding["seconds"]
        return (
            f"{service} is slow: {count} of {counted(finding['of'], 'request')}{when} took {took['now']:.1f} s "
            f"(before: {took['before']:.1f} s)"
        )
    verb = "failed" if finding["until"] else "fails"
    if finding["of"]:
        before = finding["before"]
        known = before and before["of"]
        how = f"before: {before['failed']} of {before['of']}" if known else "before: no requests seen"
        return f"{service} {verb}: {count} of {counted(finding['of'], 'request')}{when} ({how})"
    what = {
        "tasks": f"{counted(count, 'task')} stopped",
        "targets": f"{counted(count, 'target')} not healthy",
        "events": f"ECS has said {counted(count, 'time')} why",
        "deployment": "a deployment was given up",
        "logs": f"{counted(count, 'line')} of its log {'tells' if count == 1 else 'tell'} it",
        "alarms": f"alarm {finding['entity']}",
    }.get(finding["source"], counted(count, "failure"))
    return f"{service} {verb}: {what}{when}"


def _when(finding: Row, end: str | None) -> str:
    if not finding["since"]:
        return ""
    since, until = (_dated(finding[name], end) for name in ("since", "until"))
    if finding["until"]:
        return f" from {since} to {until}"
    earlier = "" if finding["exact"] or not finding["of"] else ", or earlier"
    return f" since {since}{earlier}"


def _dated(text: str | None, end: str | None) -> str:
    time, last = moment(text), moment(end)
    return f"{time:%Y-%m-%d} {clock(text)}" if time and last and time.date() != last.date() else clock(text)


def began(finding: Row) -> str:
    """With which deployment it began; empty if with none."""
    deployment = finding["deployment"]
    if deployment is None:
        return ""
    change = change_of(deployment)
    old, new = deployment["images_before"], deployment["images"]
    changed = [(old.get(name, "none"), image) for name, image in new.items() if old.get(name) != image]
    images = [f"{short(before)} -> {short(image)}" for before, image in changed]
    told = f" ({', '.join(images)})" if images and old else ""
    perhaps = "" if finding["exact"] or not finding["of"] else "; whether it failed before is not known"
    return (
        f"began {duration(deployment['seconds_before'])} after deployment …/{short(deployment['arn'])}: {change}{told}"
        f"{perhaps}"
    )


def change_of(deployment: Row) -> str:
    """``register-api:7 -> register-api:8``."""
    definitions = (deployment["task_definition_before"], deployment["task_definition"])
    return " -> ".join(short(arn) for arn in definitions if arn)


def cause(finding: Row) -> str:
    """The exception, or what was said; empty if nothing is known."""
    exception = finding["exception"]
    if exception:
        return ": ".join(filter(None, [exception["type"], exception["message"]]))
    return str(finding["said"])


def looked_at(clusters: Sequence[Row]) -> str:
    """``2 services, 43 requests, no stopped tasks``."""
    counts: dict[str, int] = {}
    for cluster in clusters:
        for row in cluster["looked_at"]:
            counts[row["source"]] = counts.get(row["source"], 0) + row["count"]
    return ", ".join(_count(number, source) for source, number in counts.items()) or "nothing"


def _count(number: int, source: str) -> str:
    if number == 0:
        return f"no {source}"
    return f"1 {source[:-1]}" if number == 1 else f"{number} {source}"


def outcome(step: Row) -> str:
    """The status of a call, or how it ended where it has none, or one that tells nothing of that."""
    status = step["status"]
    if status and (step["outcome"] == "ok" or status >= 400):
        return str(status)
    return "ok" if step["outcome"] == "ok" else str(step["outcome"]).upper()


def gap(row: Row) -> str:
    """What could not be looked at, and what helps."""
    about = f" ({', '.join(row['about'])})" if row["about"] else ""
    helps = f"allow {row['action']}" if row["denied"] else row["message"]
    return f"{row['action']}{about}: {helps}"


def sample(cluster: Row) -> str:
    """That not all requests were read; empty if they were."""
    requests = cluster["requests"]
    return f"a sample of {requests['read']} requests was read; there were more" if requests["sampled"] else ""
