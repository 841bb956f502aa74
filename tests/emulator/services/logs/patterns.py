# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter patterns of CloudWatch Logs.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import fnmatch
import json
import operator
import re
from collections.abc import Callable
from typing import Any

#: Whether a message fits.
Matches = Callable[[str], bool]
_TERM = re.compile(r'\s*([?-]?)("(?:[^"\\]|\\.)*"|[^\s"]+)')
_PLAIN = re.compile(r"[\w.:/@*$\\-]+")
_TOKEN = re.compile(
    r"""\s*(?P<token>&&|\|\||!=|<=|>=|[()=<>]|%(?:[^%\\]|\\.)*%|"(?:[^"\\]|\\.)*"|[^\s()=<>!&|"]+)""", re.VERBOSE
)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ABSENT = object()


class InvalidPattern(ValueError):
    """The pattern is none."""


def matcher(pattern: str) -> Matches:
    """What a pattern lets through; an empty one everything. Raises InvalidPattern."""
    text = pattern.strip()
    if not text:
        return lambda message: True
    if text.startswith("{"):
        return _of_json(text)
    if text.startswith("["):
        return _of_columns(text)
    return _of_terms(text)


def field_of(document: Any, selector: str) -> Any:
    """What ``$.request.status`` or ``$.items[0]`` selects of a document; None if it is not there."""
    found = _selected(document, selector)
    return None if found is _ABSENT else found


# terms


def _of_terms(text: str) -> Matches:
    """All terms, or, where all are marked with ``?``, one of them; ``-`` leaves out. Beside others ``?`` has no use."""
    required: list[Matches] = []
    optional: list[Matches] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None:
            raise InvalidPattern(text)
        mark, term = match[1], match[2]
        fits = _term(term)
        if mark == "?":
            optional.append(fits)
        elif mark == "-":
            required.append(lambda message, fits=fits: not fits(message))
        else:
            required.append(fits)
        position = match.end()
    if required:
        return lambda message: all(fits(message) for fits in required)
    return lambda message: any(fits(message) for fits in optional)


def _term(term: str) -> Matches:
    if len(term) > 1 and term.startswith("%") and term.endswith("%"):
        expression = _expression(term)
        return lambda message: expression.search(message) is not None
    if term.startswith('"'):
        wanted = _unquoted(term)
    elif _PLAIN.fullmatch(term):
        wanted = term
    else:
        # Terms with other characters have to be in quotes.
        raise InvalidPattern(term)
    return lambda message: wanted in message


# JSON


def _of_json(text: str) -> Matches:
    if not text.endswith("}"):
        raise InvalidPattern(text)
    tokens = _tokens(text[1:-1])
    test = _either(tokens)
    if tokens:
        raise InvalidPattern(text)

    def fits(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, (dict, list)) and test(document)

    return fits


def _either(tokens: list[str]) -> Callable[[Any], bool]:
    tests = [_both(tokens)]
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        tests.append(_both(tokens))
    return lambda document: any(test(document) for test in tests)


def _both(tokens: list[str]) -> Callable[[Any], bool]:
    tests = [_one(tokens)]
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        tests.append(_one(tokens))
    return lambda document: all(test(document) for test in tests)


def _one(tokens: list[str]) -> Callable[[Any], bool]:
    first = _next(tokens)
    if first == "(":
        test = _either(tokens)
        if _next(tokens) != ")":
            raise InvalidPattern("a bracket is not closed")
        return test
    if not first.startswith("$"):
        raise InvalidPattern(first)
    word = _next(tokens).upper()
    if word in ("IS", "NOT"):
        return _of_state(first, f"{word} {_next(tokens).upper()}")
    if word not in _COMPARE:
        raise InvalidPattern(word)
    value = _value(word, _next(tokens))
    return lambda document: value(_selected(document, first))


def _of_state(selector: str, words: str) -> Callable[[Any], bool]:
    wanted = {"IS TRUE": True, "IS FALSE": False, "IS NULL": None, "NOT EXISTS": _ABSENT}
    if words not in wanted:
        raise InvalidPattern(words)
    return lambda document: _selected(document, selector) is wanted[words]


def _value(compare: str, text: str) -> Callable[[Any], bool]:
    """Whether something compares so with a number, a text with ``*``, or a regular expression."""
    function = _COMPARE[compare]
    number = None if text.startswith(('"', "%")) else _number(text)

    def fits(found: Any) -> bool:
        if found is _ABSENT or isinstance(found, (dict, list)):
            return False
        if number is not None:
            value = None if isinstance(found, bool) else _number(found)
            return value is not None and function(value, number)
        if text.startswith("%"):
            same = _expression(text).search(str(found)) is not None
        else:
            same = fnmatch.fnmatchcase(str(found), _unquoted(text).replace("[", "[[]"))
        return same if compare == "=" else compare == "!=" and not same

    return fits


def _selected(document: Any, selector: str) -> Any:
    for name, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", selector):
        if name and isinstance(document, dict) and name in document:
            document = document[name]
        elif index and isinstance(document, list) and int(index) < len(document):
            document = document[int(index)]
        else:
            return _ABSENT
    return document


# columns


def _of_columns(text: str) -> Matches:
    """Columns between spaces, of which each may have conditions: ``[ip, ..., status = 4*, size > 100]``."""
    if not text.endswith("]"):
        raise InvalidPattern(text)
    columns = [column.strip() for column in text[1:-1].split(",")]
    tests = [_column(column) for column in columns]
    rest = columns.index("...") if "..." in columns else None

    def fits(message: str) -> bool:
        words = [word.strip('"[]') for word in re.findall(r'"[^"]*"|\[[^\]]*\]|\S+', message)]
        if rest is None:
            return len(words) == len(tests) and all(test(word) for test, word in zip(tests, words))
        last = len(tests) - rest - 1
        if len(words) < rest + last:
            return False
        pairs = [*zip(tests[:rest], words), *(zip(tests[-last:], words[-last:]) if last else ())]
        return all(test(word) for test, word in pairs)

    return fits


def _column(text: str) -> Matches:
    """A name alone is anything; conditions name the column again, joined by ``&&`` or ``||``."""
    if text == "..." or re.fullmatch(r"\w+", text):
        return lambda word: True
    tokens = [f"$.{token}" if re.fullmatch(r"[A-Za-z_]\w*", token) else token for token in _tokens(text)]
    # Values are no names.
    for position, token in enumerate(tokens):
        if position and tokens[position - 1] in _COMPARE:
            tokens[position] = token.removeprefix("$.")
    name = next((token for token in tokens if token.startswith("$.")), "")
    test = _either(tokens)
    if tokens:
        raise InvalidPattern(text)
    return lambda word: test({name.removeprefix("$."): word})


# words


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise InvalidPattern(text)
        found.append(match["token"])
        position = match.end()
    return found


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise InvalidPattern("something is missing at the end")
    return tokens.pop(0)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _expression(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        raise InvalidPattern(text) from error


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
