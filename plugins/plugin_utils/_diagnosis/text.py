# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A diagnosis on a terminal."""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

Row = Mapping[str, Any]
LONGEST = 500  # characters of a message


def lines(report: Row, files: Mapping[str, str], host: str = "") -> list[Line]:
    """Lines and their colours. ``host``: named where there are several."""
    return list(_all(report, files, host))


def _all(report: Row, files: Mapping[str, str], host: str) -> Iterator[Line]:
    where = f" [{host}]" if host else ""
    yield f"Diagnosis of {report['subject']}{where}", PLAIN
    for cluster in report["clusters"]:
        yield "", PLAIN
        begin, end = moment(cluster["start"]), moment(cluster["end"])
        times = f"{begin:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC" if begin and end else "?"
        yield f"cluster {words.short(cluster['cluster'])}, {cluster['region']}, {times}", PLAIN
        for finding in cluster["findings"]:
            yield "", PLAIN
            yield from _finding(finding, cluster)
        if not cluster["findings"]:
            yield f"nothing found, looked at {words.looked_at([cluster])}", PLAIN
        yield from _more(cluster)
    for path in files.values():
        yield f"report  {path}", PLAIN


def _finding(finding: Row, cluster: Row) -> Iterator[Line]:
    yield words.heading(finding, cluster["end"]), WARNING if finding["kind"] == "slow" else ERROR
    if began := words.began(finding):
        yield began, PLAIN
    if finding["path"]:
        yield from ((line, PLAIN) for line in _path(finding["path"]))
        if not any(step["exception"] for step in finding["path"]) and (said := words.cause(finding)):
            yield f"  {shortened(said, LONGEST)}", PLAIN
    elif said := words.cause(finding):
        entity = f"{finding['entity']}: " if finding["entity"] and finding["source"] == "traces" else ""
        yield f"  {entity}{shortened(said, LONGEST)}", PLAIN
    if finding["handled_by"]:
        yield f"{finding['handled_by']} answered well all the same: its clients have not noticed", PLAIN
    if cluster["requests"]["sampled"] and finding["statistics"]:  # not all were read, and X-Ray's count says more
        now, before = finding["statistics"]["now"], finding["statistics"]["before"]
        yield (
            f"X-Ray has counted {now['failed']} of {now['of']} requests to {finding['service']} that failed since "
            f"then, {before['failed']} of {before['of']} before"
        ), PLAIN
    yield from ((f"so     {effect}", PLAIN) for effect in finding["effects"])
    for line in finding["logs"]:
        yield f'log  {_stream(line["stream"])}: "{shortened(line["message"], LONGEST)}"', PLAIN
    if finding["ruled_out"]:
        yield f"not the cause: {', '.join(finding['ruled_out'])}", PLAIN
    if finding["advice"]:
        yield f"to do: {finding['advice']}", PLAIN
    if finding["command"]:
        yield f"switch back:  {finding['command']}", PLAIN
    elif finding["rolled_back"]:
        yield "switched back already", PLAIN


def _more(cluster: Row) -> Iterator[Line]:
    told = [f"note: {note}" for note in [*cluster["notes"], *filter(None, [words.sample(cluster)])]]
    told += [f"not looked at: {words.gap(row)}" for row in cluster["gaps"]]
    if told:
        yield "", PLAIN
    yield from ((line, WARNING) for line in told)


def _path(path: list[Row]) -> list[str]:
    """The steps, each below the one that called it, with statuses below each other."""
    starts = []
    for step in path:
        depth = step["depth"]
        start = "  client -> " if depth == 0 else "  " + "   " * depth + "-> "
        starts.append(f"{start}{shortened(' '.join(filter(None, [step['name'], step['call']])), 80)}")
    wide = max(map(len, starts)) + 2
    told = []
    for start, step in zip(starts, path):
        seconds = f"{step['seconds']:.1f} s" if step["seconds"] is not None and step["seconds"] >= 1 else ""
        seconds = "not ended" if step["seconds"] is None else seconds
        told.append(f"{start.ljust(wide)} {words.outcome(step).ljust(5)}  {seconds}".rstrip())
        if step["exception"]:
            exception = ": ".join(filter(None, [step["exception"]["type"], step["exception"]["message"]]))
            told.append(f"{' ' * (7 + 3 * step['depth'])}{shortened(exception, LONGEST)}")
    return told


def _stream(name: str) -> str:
    """A stream is called by prefix, container and task: the beginning of the last is enough to find it."""
    parts = name.split("/")
    return "/".join([parts[0], "…", parts[-1][:8]]) if len(parts) > 2 else name
