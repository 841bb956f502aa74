# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter expressions: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html

Keywords of root causes and of places (``rootcause``, ``name``, ``availabilityzone``, …) are not known here: an
expression with one is refused, as is any that AWS does not know either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from .entities import Entity, Trace
from .errors import InvalidRequest

#: Whether what is asked about is so.
Test = Callable[[Trace, "Entity | None"], bool]
#: What is chosen of a trace: segments, or for an edge the calls.
Selection = Callable[[Trace], list[Entity]]

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign><=|>=|!=|[=<>!(){},:\[\]])'
    r"|(?P<word>[A-Za-z_][\w.\-]*))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "CONTAINS": lambda left, right: right in left,
    "BEGINSWITH": lambda left, right: left.startswith(right),
    "ENDSWITH": lambda left, right: left.endswith(right),
}
_OF_TYPE = {bool: {"=", "!="}, float: {"=", "!=", "<", "<=", ">", ">="}}
_OF_TEXT = {"=", "!=", "CONTAINS", "BEGINSWITH", "ENDSWITH"}


def _request(field: str) -> Callable[[Trace, Entity], Any]:
    return lambda trace, entity: ((entity.document.get("http") or {}).get("request") or {}).get(field)


def _user(trace: Trace) -> str | None:
    """That of any segment."""
    return next((str(one.document["user"]) for one in trace.services if "user" in one.document), None)


#: What a keyword is of a segment; without one, of the trace's root.
_KEYWORDS: dict[str, tuple[type, Callable[[Trace, Entity], Any]]] = {
    "ok": (bool, lambda trace, entity: entity.ok),
    "error": (bool, lambda trace, entity: entity.has("error")),
    "throttle": (bool, lambda trace, entity: entity.has("throttle")),
    "fault": (bool, lambda trace, entity: entity.has("fault")),
    "root": (bool, lambda trace, entity: entity in trace.roots),
    "partial": (bool, lambda trace, entity: any(inner.end is None for inner in entity.walk())),
    "responsetime": (float, lambda trace, entity: None if entity.end is None else entity.seconds),
    "duration": (float, lambda trace, entity: trace.end - trace.start),
    "http.status": (float, lambda trace, entity: entity.status),
    "http.url": (str, _request("url")),
    "http.method": (str, _request("method")),
    "http.useragent": (str, _request("user_agent")),
    "http.clientip": (str, _request("client_ip")),
    "user": (str, lambda trace, entity: _user(trace)),
}


def parse(expression: str, group: Callable[[str, str], str]) -> Test:
    """InvalidRequest where it is none. ``group(field, value)``: expression of the group with this name or ARN."""
    return _Parser(expression, group).whole()


def select(expression: str, group: Callable[[str, str], str]) -> Selection:
    """``service``, ``edge`` or ``id``; InvalidRequest where it is none of them.

    https://docs.aws.amazon.com/xray/latest/api/API_GetTimeSeriesServiceStatistics.html
    """
    return _Parser(expression, group).selector()


class _Parser:
    def __init__(self, expression: str, group: Callable[[str, str], str]) -> None:
        self._expression = expression
        self._group = group
        self._tokens = list(self._read(expression))
        self._at = 0

    def _refuse(self) -> InvalidRequest:
        return InvalidRequest(f"Invalid filter expression: {self._expression}")

    def _read(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise self._refuse()
            yield found.lastgroup, found[found.lastgroup]
            at = found.end()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, *signs: str) -> str | None:
        """The next token if it is one of these (words in any case)."""
        _kind, text = self._peek()
        if text.upper() not in signs:
            return None
        self._at += 1
        return text.upper()

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self._refuse()

    def _next(self, kind: str) -> str:
        found, text = self._peek()
        if found != kind:
            raise self._refuse()
        self._at += 1
        return text

    def whole(self) -> Test:
        if not self._tokens:
            return lambda trace, entity: True
        test = self._any()
        if self._peek()[0] != "end":
            raise self._refuse()
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._take("OR"):
            tests.append(self._all())
        return lambda trace, entity: any(test(trace, entity) for test in tests)

    def _all(self) -> Test:
        """Beside each other, as in ``ok !partial``, is as good as AND."""
        tests = [self._one()]
        while self._take("AND") or (self._peek()[1] not in ("", ")", "}") and self._peek()[1].upper() != "OR"):
            tests.append(self._one())
        return lambda trace, entity: all(test(trace, entity) for test in tests)

    def _one(self) -> Test:
        if self._take("!"):
            test = self._one()
            return lambda trace, entity: not test(trace, entity)
        if self._take("("):
            test = self._any()
            self._need(")")
            return test
        word = self._next("word")
        lowered = word.lower()
        if lowered in ("service", "edge"):
            chosen = self.chosen(lowered)
            return lambda trace, entity: bool(chosen(trace))
        if lowered in ("group.name", "group.arn"):
            self._need("=")
            return parse(self._group(lowered.partition(".")[2], self._text()), self._group)
        if lowered.startswith("annotation"):
            return self._annotation(word)
        if lowered not in _KEYWORDS:
            raise self._refuse()
        kind, read = _KEYWORDS[lowered]
        return self._compared(kind, lambda trace, entity: read(trace, entity or trace.root))

    def _compared(self, kind: type | None, read: Callable[[Trace, Entity | None], Any]) -> Test:
        """``kind`` None: that of the value it is compared with. Alone: whether it is set, or true."""
        sign = self._take(*_COMPARISONS)
        if not sign:
            return lambda trace, entity: read(trace, entity) not in (None, False)
        value: Any
        found, text = self._peek()
        if found == "string":
            given, value = str, self._text()
        elif found == "number":
            given, value = float, float(self._next("number"))
        elif text.lower() in ("true", "false"):
            given, value = bool, self._next("word").lower() == "true"
        else:
            raise self._refuse()
        if kind not in (None, given) or sign not in _OF_TYPE.get(given, _OF_TEXT):
            raise self._refuse()
        compare = _COMPARISONS[sign]

        def test(trace: Trace, entity: Entity | None) -> bool:
            have = read(trace, entity)
            same = isinstance(have, (int, float) if given is float else given)
            return have is not None and same and compare(have, value)

        return test

    def _text(self) -> str:
        return re.sub(r"\\(.)", r"\1", self._next("string")[1:-1])

    def _annotation(self, word: str) -> Test:
        if word.lower() == "annotation":
            self._need("[")
            key = self._text() if self._peek()[0] == "string" else self._next("word")
            self._need("]")
        else:
            key = word.partition(".")[2]

        def read(trace: Trace, entity: Entity | None) -> Any:
            found = (one.document.get("annotations") or {} for one in trace.entities)
            return next((annotations[key] for annotations in found if key in annotations), None)

        return self._compared(None, read)

    def _node(self) -> Callable[[Entity], bool]:
        """A name, an ``id(name: …, type: …)``, or nothing for each."""
        wanted: dict[str, str] = {}
        if self._peek()[0] == "string":
            wanted["name"] = self._text()
        elif self._take("ID"):
            self._need("(")
            while not self._take(")"):
                field = self._next("word").lower()
                if field not in ("name", "type", "account.id"):
                    raise self._refuse()
                self._need(":")
                wanted[field] = self._text()
                self._take(",")
        return lambda entity: (
            wanted.get("name") in (None, entity.service_name, entity.name)
            and wanted.get("type") in (None, entity.service_type)
        )

    def _inner(self) -> Test:
        if not self._take("{"):
            return lambda trace, entity: True
        test = self._any()
        self._need("}")
        return test

    def chosen(self, word: str) -> Selection:
        """What follows ``service`` or ``edge``."""
        self._need("(")
        source = self._node()
        if word == "edge":
            self._need(",")
            target = self._node()
        self._need(")")
        inner = self._inner()
        if word == "service":
            return lambda trace: [one for one in trace.services if source(one) and inner(trace, one)]
        return lambda trace: [
            one.parent
            for one in trace.services
            if one.parent is not None and target(one) and source(one.parent.segment) and inner(trace, one.parent)
        ]

    def selector(self) -> Selection:
        """The whole of it chooses entities."""
        word = self._peek()[1].lower()
        if word == "id":
            node = self._node()
            selection: Selection = lambda trace: [one for one in trace.services if node(one)]
        elif word in ("service", "edge"):
            self._next("word")
            selection = self.chosen(word)
        else:
            raise self._refuse()
        if self._peek()[0] != "end":
            raise self._refuse()
        return selection
