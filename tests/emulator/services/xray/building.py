# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segment documents from a few words.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from .entities import Document

#: These make parts of the document; everything else goes into it as it is.
_WORDS = frozenset("seconds after skew status url method exception calls operation table_name remote local cut".split())


class Builder:
    """Documents of one trace.

    Words of a segment or call, all optional beside ``name``: ``seconds`` it took; ``after`` how many seconds of its
    caller it began; ``skew`` by how many the clock of that service is ahead; ``status`` of its answer, with the flags
    that follow from it; ``url``, ``method``; ``exception`` (type, message); ``calls``, a list of what it called:
    with ``operation`` (and ``table_name``) a service of AWS, with ``remote`` true a host that sends no segments, with
    ``local`` true code of its own, else a service that is traced: one with ``cut`` true gives no answer and sends
    no segment. All other words are part of the document as they are.
    """

    def __init__(self, trace_id: str, at: float) -> None:
        """``at``: epoch seconds at which it began."""
        self.trace_id = trace_id
        self._at = at
        self._numbers = itertools.count(1)
        self.documents: list[Document] = []

    def add(self, words: Mapping[str, Any]) -> None:
        """A segment that no other called."""
        self._segment(words, self._at, 0.0, None)

    def _id(self) -> str:
        return f"{int(self.trace_id[-8:], 16):08x}{next(self._numbers):08x}"

    def _segment(self, words: Mapping[str, Any], caller_began: float, skew: float, parent_id: str | None) -> None:
        """``caller_began``: by its caller's own clock, which is ahead by ``skew``."""
        skew_here = float(words.get("skew", 0.0))
        document = self._document(words, caller_began - skew + skew_here)
        document["trace_id"] = self.trace_id
        if parent_id:
            document["parent_id"] = parent_id
        document.update(_verbatim(words))
        if not words.get("cut"):
            self.documents.append(document)
        self._calls(words.get("calls") or [], document, skew_here)

    def _document(self, words: Mapping[str, Any], caller_began: float) -> Document:
        start = words.get("start_time", caller_began + float(words.get("after", 0.0)))
        document: Document = {"id": self._id(), "name": words["name"], "start_time": start}
        if not words.get("in_progress"):
            document["end_time"] = start + float(words.get("seconds", 0.1))
        status = words.get("status")
        request = {name: words[name] for name in ("method", "url") if name in words}
        response = {} if status is None else {"status": status}
        http = {**({"request": request} if request else {}), **({"response": response} if response else {})}
        if http:
            document["http"] = http
        document.update(_flags(status))
        if "exception" in words:
            kind, message = words["exception"]
            document["cause"] = {"exceptions": [{"id": self._id(), "type": kind, "message": message}]}
        return document

    def _calls(self, calls: Iterable[Mapping[str, Any]], caller: Document, skew: float) -> None:
        for words in calls:
            if words.get("local"):
                inner = {**self._document(words, caller["start_time"]), **_verbatim(words)}
                self._calls(words.get("calls") or [], inner, skew)
            elif "operation" in words or words.get("remote"):
                inner = {**self._document(words, caller["start_time"]), **_verbatim(words)}
                inner["namespace"] = "aws" if "operation" in words else "remote"
                if "operation" in words:
                    named = {name: words[name] for name in ("operation", "table_name") if name in words}
                    inner["aws"] = {**named, **(inner.get("aws") or {})}
                for told in (inner.get("cause") or {}).get("exceptions", []) if "exception" in words else []:
                    told["remote"] = True
            else:
                seen = {name: value for name, value in words.items() if name not in ("exception", "in_progress")}
                inner = self._document(seen, caller["start_time"])
                inner["namespace"] = "remote"
                if words.get("cut"):
                    inner["fault"] = True
                inner.setdefault("http", {}).setdefault("request", {})["traced"] = True
                self._segment({**words, "after": 0.0}, inner["start_time"], skew, inner["id"])
            caller.setdefault("subsegments", []).append(inner)


def _verbatim(words: Mapping[str, Any]) -> Document:
    return {name: value for name, value in words.items() if name not in _WORDS}


def _flags(status: int | None) -> Document:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors"""
    if status is None or status < 400:
        return {}
    if status >= 500:
        return {"fault": True}
    return {"error": True, **({"throttle": True} if status == 429 else {})}
