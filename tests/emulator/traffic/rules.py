# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule of a listener takes a request.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Asked:
    """What a client asks. ``headers``: by their names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    source: str


def rule_of(listener: Any, asked: Asked) -> Any:
    """The rule with the lowest priority whose conditions are all met; else the default one."""
    default, others = None, []
    for rule in listener.rules.values():
        if rule.is_default:
            default = rule
        else:
            others.append(rule)
    others.sort(key=lambda rule: int(rule.priority))
    return next((rule for rule in others if all(_met(item, asked) for item in rule.conditions)), default)


def _met(condition: Mapping[str, Any], asked: Asked) -> bool:
    """Whether one of the values of this condition fits."""
    check = {
        "host-header": _host,
        "http-header": _header,
        "http-request-method": _method,
        "path-pattern": _path,
        "query-string": _query,
        "source-ip": _source,
    }[condition["Field"]]
    return check(condition, asked)


def _host(condition: Mapping[str, Any], asked: Asked) -> bool:
    host = asked.headers.get("host", "").partition(":")[0]
    return _any(_values(condition, "HostHeaderConfig"), host, ignore_case=True)


def _header(condition: Mapping[str, Any], asked: Asked) -> bool:
    """Neither the name nor the value is case-sensitive."""
    value = asked.headers.get(condition["HttpHeaderConfig"]["HttpHeaderName"].lower())
    return value is not None and _any(_values(condition, "HttpHeaderConfig"), value, ignore_case=True)


def _method(condition: Mapping[str, Any], asked: Asked) -> bool:
    """Case-sensitive, without wildcards."""
    return asked.method in _values(condition, "HttpRequestMethodConfig")


def _path(condition: Mapping[str, Any], asked: Asked) -> bool:
    """Case-sensitive; the query is no part of it."""
    return _any(_values(condition, "PathPatternConfig"), asked.path, ignore_case=False)


def _query(condition: Mapping[str, Any], asked: Asked) -> bool:
    """Keys and values, not case-sensitive; without a key any."""
    given = parse_qsl(asked.query, keep_blank_values=True)
    return any(
        _fits(wanted.get("Key") or "*", key, True) and _fits(wanted["Value"], value, True)
        for wanted in _values(condition, "QueryStringConfig")
        for key, value in given
    )


def _source(condition: Mapping[str, Any], asked: Asked) -> bool:
    networks = map(ipaddress.ip_network, _values(condition, "SourceIpConfig"))
    return any(ipaddress.ip_address(asked.source) in network for network in networks)


def _values(condition: Mapping[str, Any], configuration: str) -> list[Any]:
    return list((condition.get(configuration) or condition).get("Values") or [])


def _any(patterns: Iterable[str], text: str, ignore_case: bool) -> bool:
    return any(_fits(pattern, text, ignore_case) for pattern in patterns)


def _fits(pattern: str, text: str, ignore_case: bool) -> bool:
    """``*`` stands for 0 or more characters, ``?`` for exactly one."""
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None
