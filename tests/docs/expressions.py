# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of the expressions of GitHub Actions and GitLab CI as our files use; anything else is an error.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions,
https://docs.gitlab.com/ci/jobs/job_rules/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<sign>\|\||&&|==|!=|!|\(|\))|(?P<name>\$?[\w.-]+(?:\(\))?))"""
)
_EMBEDDED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_VARIABLE = re.compile(r"\$(\w+)")


class Expression:
    """One expression. ``lookup``: the value of a name such as ``inputs.workshop``, ``always()`` or ``$CI``."""

    def __init__(self, text: str, lookup: Callable[[str], Any]) -> None:
        self._lookup = lookup
        self._tokens: list[tuple[str, str]] = []
        place, text = 0, text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise ValueError(f"not understood: {text[place:]}")
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()

    def value(self) -> Any:
        """What it comes to."""
        value = self._either()
        if self._tokens:
            raise ValueError(f"not understood: {self._tokens}")
        return value

    def _next(self, *signs: str) -> str | None:
        if self._tokens and self._tokens[0][0] == "sign" and self._tokens[0][1] in signs:
            return self._tokens.pop(0)[1]
        return None

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._comparison()
        while self._next("&&"):
            other = self._comparison()
            value = value and other
        return value

    def _comparison(self) -> Any:
        value = self._single()
        sign = self._next("==", "!=")
        if sign:
            return (value == self._single()) is (sign == "==")
        return value

    def _single(self) -> Any:
        if self._next("!"):
            return not self._single()
        if self._next("("):
            value = self._either()
            if not self._next(")"):
                raise ValueError("a parenthesis is not closed")
            return value
        kind, text = self._tokens.pop(0)
        return text[1:-1] if kind == "text" else self._lookup(text)


def filled(text: str, lookup: Callable[[str], Any]) -> str:
    """A text of a GitHub workflow with its ``${{ … }}`` filled in."""
    return _EMBEDDED.sub(lambda found: str(Expression(found[1], lookup).value()), text)


def holds(text: str, lookup: Callable[[str], Any]) -> bool:
    """Whether a condition holds. In one of GitHub's the ``${{ }}`` around the whole may be missing."""
    found = _EMBEDDED.fullmatch(text.strip())
    return bool(Expression(found[1] if found else text, lookup).value())


def expanded(values: Mapping[str, str]) -> dict[str, str]:
    """Variables of GitLab, with those inside them filled in; what is not set is empty."""
    done = dict(values)
    for _round in range(3):
        done = {name: _VARIABLE.sub(lambda found: done.get(found[1], ""), text) for name, text in done.items()}
    return done
