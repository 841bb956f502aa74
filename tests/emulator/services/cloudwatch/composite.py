# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of composite alarms, such as ``ALARM("errors") AND NOT OK("health")``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: Gives the state of an alarm by its name or ARN; None where there is none.
States = Callable[[str], str | None]
_TOKEN = re.compile(
    r"""\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?P<quote>["']?)(?P<name>[^"')]+)(?P=quote)\s*\)"""
    r"""|(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<bracket>[()]))""",
    re.VERBOSE,
)


def holds(rule: str, states: States) -> bool:
    """Whether the rule is met. ValueError for what is no rule."""
    tokens: list[bool | str] = []
    position = 0
    while rule[position:].strip():
        match = _TOKEN.match(rule, position)
        if match is None:
            raise ValueError(rule)
        position = match.end()
        if match["state"]:
            tokens.append(states(match["name"].strip()) == match["state"])
        else:
            tokens.append({"TRUE": True, "FALSE": False}.get(match["word"], match["word"] or match["bracket"]))
    found = _either(tokens)
    if tokens:
        raise ValueError(rule)
    return found


def _either(tokens: list[bool | str]) -> bool:
    found = _both(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        found = _both(tokens) or found
    return found


def _both(tokens: list[bool | str]) -> bool:
    found = _one(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        found = _one(tokens) and found
    return found


def _one(tokens: list[bool | str]) -> bool:
    if not tokens:
        raise ValueError("the rule ends too early")
    token = tokens.pop(0)
    if token == "NOT":
        return not _one(tokens)
    if token == "(":
        found = _either(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("a bracket is not closed")
        return found
    if not isinstance(token, bool):
        raise ValueError(f"unexpected {token}")
    return token
