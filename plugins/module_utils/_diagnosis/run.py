# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run: what is read in which order, so that few calls are made, and what is returned."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import DENIED
from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .judge import judge
from .log_reader import LogReader
from .result import iso
from .result import result
from .service_reader import ServiceReader
from .service_reader import log_streams
from .service_reader import logs_elsewhere
from .trace_reader import LONGEST
from .trace_reader import TraceReader
from .trace_reader import window
from .traced import to_read
from .traced import with_failed
from .types import Finding
from .types import Limits
from .types import Line
from .types import Material
from .types import Seen
from .types import Summary

Row = Mapping[str, Any]
COUNTED = 10  # services of which X-Ray counts the requests
LOGS = 10  # services whose logs are read where nothing else tells of a failure
RECENT = 300.0  # seconds ago that are taken for now
STOPPED_KEPT = 3600.0  # seconds: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
NEAR = 600.0  # seconds from the beginning of a failure on that are read of the log
_NOT_FOUND = ("ResourceNotFoundException",)


class DiagnosisRun:
    """``params``: options of the module ecs_diagnosis, with C(start) and C(end) in seconds since 1970 or None."""

    def __init__(self, params: Row, looks: Looks, region: str | None, sleep: Callable[[float], None] = time.sleep):
        self._params = params
        self._looks = looks
        self._region = region
        self._sleep = sleep
        self._notes: list[str] = []

    def take(self) -> dict[str, Any]:
        """The result. Raises :class:`AwsCallError` where not even the services can be looked at."""
        reader = ServiceReader(self._looks, self._params["cluster"])
        services = reader.services(self._params["services"])
        now = reader.now or time.time()
        end = self._params["end"] or now
        since = self._params["start"] or end - self._params["window"]
        if since >= end:
            raise ValueError(f"start must be before end, which is {iso(end)}.")
        start = since - self._params["before"]
        limits = Limits(
            share=self._params["failure_share"],
            just_before=self._params["just_before"],
            slower=self._params["slower"],
            slow=self._params["slow"],
        )
        names = self._params["trace_names"]
        read = self._looks.each(
            lambda item: reader.seen(
                item, names.get(item["serviceName"], item["serviceName"]), self._params["alarms"],
                start - limits.just_before, end,
            ),
            services,
        )  # fmt: skip
        self._notes += reader.notes
        material = Material(start, since, end, tuple(self._as_of(end, now, seen) for seen, _definition in read))
        if now - end > RECENT:
            self._notes.append(
                "Running tasks, targets and alarms are known of now alone, and stopped tasks of about an hour: nothing "
                "is concluded from them for an earlier time."
            )
        material = self._with_traces(material)
        definitions = {seen.name: definition for seen, definition in read}
        _verdict, found, _more = judge(material, limits)
        material = self._with_lines(self._with_minutes(material, found), found, definitions)
        told = result(material, limits, self._graph(material), self._looks.gaps(), self._notes)
        return {"cluster": self._params["cluster"], "region": self._region or "", **told}

    @staticmethod
    def _as_of(end: float, now: float, seen: Seen) -> Seen:
        """Without what is known of now alone, if that is not what is asked for."""
        if now - end <= RECENT:
            return seen
        ended = tuple(task for task in seen.ended or () if task.at is not None and task.at <= end)
        alarms = tuple(alarm for alarm in seen.alarms or () if alarm.since is not None and alarm.since <= end)
        return replace(
            seen,
            desired=0,
            running=0,
            unhealthy=None,
            ended=ended if seen.ended is not None and now - end < STOPPED_KEPT else None,
            alarms=alarms if alarms == seen.alarms else None,
        )

    def _with_traces(self, material: Material) -> Material:
        names = [seen.trace_name for seen in material.services]
        if not names or not self._params["traces"]:
            return replace(material, summaries=None)
        about = ", ".join(names)
        reader = self._trace_reader()
        if reader is None:
            return replace(material, summaries=None)

        def read(failed: bool) -> tuple[dict[str, Summary], bool] | None:
            most = self._params["max_traces"]
            return self._looks.at(about, lambda: reader.summaries(names, material.start, material.end, most, failed))

        every = read(False)
        if every is None:
            return replace(material, summaries=None)
        summaries, sampled = every
        failed, cut = (read(True) if summaries else None) or ({}, False)
        ordered = with_failed(summaries, failed.values())
        if not ordered:
            self._notes.append(
                f"There are no traces of {about} in this time. X-Ray keeps a sample only, with Transaction Search it "
                "finds only what is indexed, traces of another region are not looked at, and services may be called "
                "otherwise there than in ECS (trace_names)."
            )
        ids = to_read(ordered, self._params["max_segments"])
        documents = self._documents(reader, ids, material) if ids else {}
        return replace(material, summaries=tuple(ordered), documents=documents, sampled=sampled or cut)

    def _trace_reader(self) -> TraceReader | None:
        return self._looks.at("", lambda: TraceReader(self._looks.clients, self._sleep))

    def _documents(self, reader: TraceReader, ids: Sequence[str], material: Material) -> dict[str, Any]:
        in_logs = self._looks.at("", reader.in_logs, missing=False)
        found = {} if in_logs else self._looks.at("", lambda: reader.documents(ids), missing={}) or {}
        if in_logs:
            found = self._looks.at("", lambda: reader.retrieved(ids, material.start, material.end), missing={}) or {}
        if not found:
            self._notes.append(
                "The segments of no trace could be read, so that the way to what failed is as X-Ray sums it up."
            )
        return found

    def _graph(self, material: Material) -> dict[str, Any] | None:
        if not material.summaries:
            return None
        failed = [summary.at for summary in material.summaries if summary.failed]
        begin, until = window(failed[-1] if failed else material.end, material.since, material.end)
        if material.end - material.since > LONGEST:
            self._notes.append(
                f"The service map is of {iso(begin)} to {iso(until)}: X-Ray draws none of more than 6 hours."
            )
        reader = self._trace_reader()
        return None if reader is None else self._looks.at("", lambda: reader.graph(begin, until))

    def _with_minutes(self, material: Material, found: Sequence[Finding]) -> Material:
        """With what X-Ray counted, of the services whose requests fail."""
        failing = {finding.service for finding in found if finding.source == "traces"}
        names = [seen.trace_name for seen in material.services if seen.name in failing][:COUNTED]
        reader = self._trace_reader() if names else None
        if reader is None:
            return material
        minutes = {
            name: tuple(
                self._looks.at(name, lambda name=name: reader.statistics(name, material.start, material.end)) or ()
            )
            for name in names
        }
        return replace(material, minutes=minutes)

    def _with_lines(
        self, material: Material, found: Sequence[Finding], definitions: Mapping[str, Row]
    ) -> Material:
        """With the logs of the services that fail, from when they do; of all, if nothing else tells of a failure."""
        if not self._params["logs"]:
            return replace(material, services=tuple(replace(seen, lines=None) for seen in material.services))
        times: dict[str, tuple[float, float]] = {}
        for finding in reversed(found):
            since = finding.since or material.since
            times[finding.service] = since - 60, min((finding.until or material.end), since + NEAR) + 60
        if not found:
            times = {seen.name: (material.since, material.end) for seen in material.services[:LOGS]}
            if len(material.services) > LOGS:
                self._notes.append(f"Logs are looked at of {LOGS} services alone, as nothing tells which fails.")
        read = self._looks.each(
            lambda seen: self._lines(seen, definitions[seen.name], *times[seen.name])
            if seen.name in times
            else replace(seen, lines=None),
            material.services,
        )
        return replace(material, services=tuple(read))

    def _lines(self, seen: Seen, definition: Row, start: float, end: float) -> Seen:
        streams = log_streams(definition, self._region)
        elsewhere = logs_elsewhere(definition, self._region)
        self._notes += [f"The log of {seen.name} is not looked at: {words}." for words in elsewhere]
        if not streams:
            return replace(seen, lines=None)
        lines: list[Line] = []
        for group, prefix in streams:
            read = self._read_log(group, prefix, start, end)
            if read is None:
                return replace(seen, lines=None)
            lines += read
        return replace(seen, lines=tuple(sorted(lines, key=lambda line: (line.at, line.stream))))

    def _read_log(self, group: str, prefix: str, start: float, end: float) -> list[Line] | None:
        reader = self._looks.at(group, lambda: LogReader(self._looks.clients, self._sleep))
        if reader is None:
            return None
        try:
            return self._looks.tried(lambda: reader.queried(group, prefix, start, end))
        except AwsCallError as error:
            if self._looks.ended(error):
                raise
            if error.code in _NOT_FOUND or error.kind == MISSING:
                self._notes.append(f"There is no log group {group}.")
                return []
            if error.kind != DENIED:
                self._looks.note(error, group)
        return self._looks.at(group, lambda: reader.filtered(group, prefix, start, end), missing=[], absent=_NOT_FOUND)
