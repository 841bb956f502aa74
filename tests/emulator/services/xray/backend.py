# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's X-Ray with what it lacks: traces that are read, groups, sampling rules, Transaction Search."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition
from moto.xray.exceptions import BadSegmentException
from moto.xray.models import XRayBackend

from .answers import URLS
from .entities import Document, Trace
from .errors import InvalidRequest, NotFound
from .filters import Test, parse
from .groups import Groups
from .metrics import GroupCounts
from .retrieval import TransactionSearch
from .sampling import Sampling

_TRACE_ID = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")
_ID = re.compile(r"[0-9a-f]{16}")
#: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
_LARGEST = 64 * 1024


class XRay(XRayBackend):
    """Of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        arn = f"arn:{get_partition(region_name)}:xray:{region_name}:{account_id}:"
        self.groups = Groups(f"{arn}group/")
        self.sampling = Sampling(f"{arn}sampling-rule/")
        self.search = TransactionSearch(account_id, region_name)
        self.traces: dict[str, Trace] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self._unindexed: set[str] = set()
        self._counts = GroupCounts(account_id, region_name)

    @property
    def _url_module(self) -> Any:
        return URLS

    def process_segment(self, doc: Any) -> None:
        """One document of PutTraceSegments; BadSegmentException where it is none."""
        try:
            document = json.loads(doc)
        except ValueError as error:
            raise BadSegmentException(code="JSONFormatError", message="Bad JSON data") from error
        if len(doc) > _LARGEST:
            raise BadSegmentException(document.get("id"), "SegmentTooLarge", "The document is larger than 64 kB")
        missing = [name for name in ("id", "name", "trace_id", "start_time") if name not in document]
        if "end_time" not in document and not document.get("in_progress"):
            missing.append("end_time")
        if missing:
            raise BadSegmentException(document.get("id"), "MissingParam", f"Missing {', '.join(missing)}")
        if not _ID.fullmatch(document["id"]) or not _TRACE_ID.fullmatch(document["trace_id"]):
            raise BadSegmentException(document["id"], "InvalidId", "Invalid id or trace_id")
        self.put(document)

    def put(self, document: Document) -> None:
        trace = self.traces.get(document["trace_id"])
        if trace is None:
            trace = self.traces[document["trace_id"]] = Trace(document["trace_id"], self.search.on)
            if trace.in_logs and not self.search.indexes():
                self._unindexed.add(trace.id)
        trace.add(document)
        if trace.in_logs:
            self.search.write(document)
        self._count(trace)

    def _count(self, trace: Trace) -> None:
        """Traces are compared with the groups as they come, and not again when a group is changed."""
        for name, group in self.groups.by_name.items():
            if name not in trace.counted and self.test(group["FilterExpression"])(trace, None):
                trace.counted.add(name)
                self._counts.count(name, trace.start)

    def test(self, expression: str) -> Test:
        """InvalidRequest where it is none."""
        return parse(expression, self.groups.expression)

    @property
    def indexed(self) -> list[Trace]:
        """The traces that summaries, graphs and statistics know of."""
        return [trace for trace in self.traces.values() if trace.id not in self._unindexed]

    def in_group(self, given: dict[str, Any]) -> list[Trace]:
        """Of the group that is named, if one is."""
        if not given.get("GroupName") and not given.get("GroupARN"):
            return self.indexed
        test = self.test(self.groups.find(given)["FilterExpression"])
        return [trace for trace in self.indexed if test(trace, None)]

    def batch(self, ids: list[str]) -> list[Trace]:
        """At most 5: https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html

        Those that went to CloudWatch Logs are not found.
        """
        if not 1 <= len(ids) <= 5:
            raise InvalidRequest("TraceIds must have 1 to 5 items")
        return [self.traces[one] for one in ids if one in self.traces and not self.traces[one].in_logs]

    def tagged(self, arn: str) -> dict[str, str]:
        """Tags of a group or rule; NotFound where it is not there."""
        known = [group["GroupARN"] for group in self.groups.by_name.values()]
        known += [record["SamplingRule"]["RuleARN"] for record in self.sampling.rules.values()]
        if arn not in known:
            raise NotFound(f"Resource {arn} not found")
        return self.tags.setdefault(arn, {})

    @staticmethod
    def new_trace_id(at: float) -> str:
        return f"1-{int(at):08x}-{mock_random.get_random_hex(24)}"
