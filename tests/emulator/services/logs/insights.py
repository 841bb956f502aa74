# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of CloudWatch Logs Insights: fields, display, filter, parse, stats, sort, dedup and limit.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

Row = dict[str, Any]
Step = Callable[[list[Row]], list[Row]]
Test = Callable[[Row], bool]

_MOST = 10000
_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\s*)*(?P<token>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|/(?:[^/\\]|\\.)+/i?|\|
    |=~|!=|<=|>=|[()\[\],*=<>]|[^\s()\[\],|=<>!"']+)""",
    re.VERBOSE,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "avg": lambda values: sum(values) / len(values),
}


class MalformedQuery(ValueError):
    """The query is none, or uses what this emulator lacks."""


class Query:
    """A query that can be run. Raises MalformedQuery."""

    def __init__(self, text: str) -> None:
        self._shown: list[str] = []
        self._aggregated = False
        self._steps: list[Step] = []
        for words in _commands(text):
            self._read(_Words(words))

    def run(self, rows: Iterable[Row]) -> list[list[dict[str, str]]]:
        """What GetQueryResults shows of these rows; see ``row``."""
        found = sorted(rows, key=lambda item: item["@timestamp"], reverse=True)
        for step in self._steps:
            found = step(found)
        shown = self._shown or ["@timestamp", "@message"]
        names = shown if self._aggregated else [*shown, "@ptr"]
        return [
            [{"field": name, "value": _text(name, item[name])} for name in names if item.get(name) is not None]
            for item in found[:_MOST]
        ]

    def _read(self, words: _Words) -> None:
        command = words.take().lower()
        reader = {
            "fields": self._fields,
            "display": self._display,
            "filter": self._filter,
            "parse": self._parse,
            "stats": self._stats,
            "sort": self._sort,
            "dedup": self._dedup,
            "limit": self._limit,
        }.get(command)
        if reader is None:
            raise MalformedQuery(f"unexpected symbol found {command}")
        reader(words)
        words.end()

    def _fields(self, words: _Words) -> None:
        self._shown.extend(words.names())

    def _display(self, words: _Words) -> None:
        self._shown = words.names()

    def _filter(self, words: _Words) -> None:
        test = _either(words)
        self._steps.append(lambda rows: [item for item in rows if test(item)])

    def _parse(self, words: _Words) -> None:
        """With ``*`` for what is taken, and names for it, or with the named groups of an expression."""
        source, pattern = words.name(), words.take()
        if pattern.startswith("/"):
            expression = _expression(re.sub(r"\(\?<(?=\w)", "(?P<", pattern))
            names = list(expression.groupindex)
        else:
            expression = re.compile("(.*?)".join(map(re.escape, _unquoted(pattern).split("*"))) + "$", re.DOTALL)
            words.want("as")
            names = words.names()

        def step(rows: list[Row]) -> list[Row]:
            for item in rows:
                match = expression.search(str(item.get(source, "")))
                if match is not None:
                    item.update(zip(names, match.groups()))
            return rows

        self._steps.append(step)

    def _stats(self, words: _Words) -> None:
        aggregates = [_aggregate(words)]
        while words.skip(","):
            aggregates.append(_aggregate(words))
        groups: list[tuple[str, Callable[[Row], Any]]] = []
        if words.skip("by"):
            groups.append(_group(words))
            while words.skip(","):
                groups.append(_group(words))
        self._aggregated = True
        self._shown = [name for name, _of in [*groups, *aggregates]]

        def step(rows: list[Row]) -> list[Row]:
            by: dict[tuple[Any, ...], list[Row]] = {}
            for item in rows:
                by.setdefault(tuple(of(item) for _name, of in groups), []).append(item)
            names = [name for name, _of in groups]
            return [
                {**dict(zip(names, key)), **{name: of(items) for name, of in aggregates}} for key, items in by.items()
            ]

        self._steps.append(step)

    def _sort(self, words: _Words) -> None:
        orders = []
        while True:
            name = words.name()
            if words.skip("("):
                name = f"{name}({words.take()})"
                words.want(")")
            down = not words.skip("asc")
            words.skip("desc")
            orders.append((name, down))
            if not words.skip(","):
                break

        def step(rows: list[Row]) -> list[Row]:
            for name, down in reversed(orders):
                rows = sorted(rows, key=lambda item, name=name: _order(item.get(name)), reverse=down)
            return rows

        self._steps.append(step)

    def _dedup(self, words: _Words) -> None:
        names = words.names()

        def step(rows: list[Row]) -> list[Row]:
            first: dict[tuple[Any, ...], Row] = {}
            for item in rows:
                first.setdefault(tuple(item.get(name) for name in names), item)
            return list(first.values())

        self._steps.append(step)

    def _limit(self, words: _Words) -> None:
        given = words.take()
        if not given.isdigit() or not 0 < int(given) <= _MOST:
            raise MalformedQuery(f"limit must be 1 to {_MOST}, not {given}")
        self._steps.append(lambda rows: rows[: int(given)])


def row(timestamp: int, ingested: int, message: str, stream: str, log: str, pointer: str) -> Row:
    """A log event as queries see it; times in milliseconds. Fields of JSON are discovered.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
    """
    return {
        **_discovered(message),
        "@timestamp": timestamp,
        "@ingestionTime": ingested,
        "@message": message,
        "@logStream": stream,
        "@log": log,
        "@ptr": pointer,
    }


class _Words:
    """The words of one command."""

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def take(self) -> str:
        if not self._words:
            raise MalformedQuery("unexpected end of input")
        return self._words.pop(0)

    def skip(self, word: str) -> bool:
        """Whether the next one is this; takes it then."""
        found = bool(self._words) and self._words[0].lower() == word
        if found:
            self._words.pop(0)
        return found

    def want(self, word: str) -> None:
        if not self.skip(word):
            raise MalformedQuery(f"expected {word}")

    def name(self) -> str:
        word = self.take()
        if not re.fullmatch(r"@?[\w.\-]+|`[^`]+`", word):
            raise MalformedQuery(f"unexpected symbol found {word}")
        return word.strip("`")

    def names(self) -> list[str]:
        found = [self.name()]
        while self.skip(","):
            found.append(self.name())
        return found

    def end(self) -> None:
        if self._words:
            raise MalformedQuery(f"unexpected symbol found {self._words[0]}")


def _commands(text: str) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise MalformedQuery(f"unexpected symbol found {text[position:].strip()[:20]}")
        position = match.end()
        if match["token"] == "|":
            commands.append([])
        else:
            commands[-1].append(match["token"])
    return commands


def _either(words: _Words) -> Test:
    tests = [_both(words)]
    while words.skip("or"):
        tests.append(_both(words))
    return lambda item: any(test(item) for test in tests)


def _both(words: _Words) -> Test:
    tests = [_one(words)]
    while words.skip("and"):
        tests.append(_one(words))
    return lambda item: all(test(item) for test in tests)


def _one(words: _Words) -> Test:
    if words.skip("not"):
        test = _one(words)
        return lambda item: not test(item)
    if words.skip("("):
        test = _either(words)
        words.want(")")
        return test
    name = words.name()
    if name.lower() == "ispresent":
        words.want("(")
        present = words.name()
        words.want(")")
        return lambda item: item.get(present) is not None
    return _compared(name, words)


def _compared(name: str, words: _Words) -> Test:
    negative = words.skip("not")
    word = words.take().lower()
    if word in ("like", "=~"):
        fits = _like(words.take())
        return lambda item: fits(str(item.get(name, ""))) != negative
    if word == "in":
        words.want("[")
        values = [_value(words.take())]
        while words.skip(","):
            values.append(_value(words.take()))
        words.want("]")
        return lambda item: any(_same(item.get(name), value) for value in values) != negative
    if negative or word not in _COMPARE:
        raise MalformedQuery(f"unexpected symbol found {word}")
    value, compare = _value(words.take()), _COMPARE[word]
    return lambda item: _compare(item.get(name), value, compare)


def _like(pattern: str) -> Callable[[str], bool]:
    """An expression between slashes, else a text in quotes."""
    if pattern.startswith("/"):
        expression = _expression(pattern)
        return lambda text: expression.search(text) is not None
    if not pattern.startswith(('"', "'")):
        raise MalformedQuery(f"unexpected symbol found {pattern}")
    wanted = _unquoted(pattern)
    return lambda text: wanted in text


def _compare(found: Any, value: Any, compare: Callable[[Any, Any], bool]) -> bool:
    if found is None:
        return False
    if isinstance(value, float):
        number = _number(found)
        return number is not None and compare(number, value)
    return compare(str(found), value)


def _same(found: Any, value: Any) -> bool:
    return _compare(found, value, operator.eq)


def _aggregate(words: _Words) -> tuple[str, Callable[[list[Row]], Any]]:
    function = words.name().lower()
    words.want("(")
    of = "*" if words.skip("*") else words.name()
    words.want(")")
    name = words.name() if words.skip("as") else f"{function}({of})"
    if function == "count":
        return name, lambda items: len(items) if of == "*" else sum(item.get(of) is not None for item in items)
    if function == "count_distinct":
        return name, lambda items: len({item.get(of) for item in items} - {None})
    if function not in _AGGREGATES:
        raise MalformedQuery(f"unexpected symbol found {function}")

    def value(items: list[Row]) -> Any:
        numbers = [number for item in items if (number := _number(item.get(of))) is not None]
        return _AGGREGATES[function](numbers) if numbers else None

    return name, value


def _group(words: _Words) -> tuple[str, Callable[[Row], Any]]:
    name = words.name()
    if name.lower() != "bin":
        return name, lambda item: item.get(name)
    words.want("(")
    period = words.take()
    words.want(")")
    match = re.fullmatch(r"(\d+)([smhd])", period)
    if match is None:
        raise MalformedQuery(f"unexpected symbol found {period}")
    width = int(match[1]) * _UNITS[match[2]] * 1000
    shown = words.name() if words.skip("as") else f"bin({period})"
    return shown, lambda item: _moment(item["@timestamp"] // width * width)


def _discovered(message: str) -> Row:
    try:
        document = json.loads(message)
    except ValueError:
        return {}
    found: Row = {}

    def add(prefix: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                add(f"{prefix}.{key}" if prefix else key, item)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                add(f"{prefix}.{number}", item)
        elif prefix and value is not None:
            found[prefix] = str(value).lower() if isinstance(value, bool) else value

    add("", document)
    return found


def _value(word: str) -> Any:
    """A number, or a text."""
    number = None if word.startswith(('"', "'")) else _number(word)
    return _unquoted(word) if number is None else number


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _order(value: Any) -> tuple[bool, float, str]:
    number = _number(value)
    return value is not None, -float("inf") if number is None else number, str(value)


def _text(name: str, value: Any) -> str:
    if name in ("@timestamp", "@ingestionTime"):
        return _moment(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _moment(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{milliseconds % 1000:03}"


def _expression(word: str) -> re.Pattern[str]:
    text, _slash, flags = word[1:].rpartition("/")
    try:
        return re.compile(text, re.IGNORECASE if flags else 0)
    except re.error as error:
        raise MalformedQuery(f"unexpected symbol found {word}") from error


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word[:1] in "\"'" else word
