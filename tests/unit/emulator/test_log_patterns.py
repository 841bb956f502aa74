# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter patterns of CloudWatch Logs on the emulator.

Every test has its source on https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json

import pytest

from tests.emulator.services.logs.patterns import InvalidPattern, field_of, matcher

LINES = ["[ERROR 400] BAD REQUEST", "[ERROR 419] MISSING ARGUMENTS", "[WARN] slow", "error: x509: unknown authority"]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("", [0, 1, 2, 3]),
        ("ERROR", [0, 1]),
        ("ERROR ARGUMENTS", [1]),
        ("?ERROR ?WARN", [0, 1, 2]),
        ("?WARN ERROR", [0, 1]),
        ("ERROR -419", [0]),
        ('"BAD REQUEST"', [0]),
        ('"x509:" -"[WARN]"', [3]),
        ("%\\[(ERROR|WARN)%", [0, 1, 2]),
        ('"[ERROR 4" REQUEST', [0]),
    ],
)
def test_terms(pattern: str, fitting: list[int]) -> None:
    assert [number for number, line in enumerate(LINES) if matcher(pattern)(line)] == fitting


EVENTS = [
    {"path": "/health", "status": 200, "user": {"name": "ann"}, "ok": True, "tags": ["a", "b"]},
    {"path": "/register", "status": 400, "user": None, "ok": False, "tags": ["c"]},
    {"path": "/register/x", "status": 502, "error": "x509: unknown"},
]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("{ $.status = 400 }", [1]),
        ("{ $.status >= 400 && $.status < 500 }", [1]),
        ('{ $.path = "/register*" }', [1, 2]),
        ("{ $.path != /health }", [1, 2]),
        ("{ ($.status = 502) || ($.user.name = ann) }", [0, 2]),
        ("{ $.ok IS TRUE }", [0]),
        ("{ $.ok IS FALSE }", [1]),
        ("{ $.user IS NULL }", [1]),
        ("{ $.error NOT EXISTS }", [0, 1]),
        ("{ $.error = %x5\\d+% }", [2]),
        ('{ $.tags[1] = "b" }', [0]),
        ("{ $.status > 1e2 && ($.ok IS TRUE || $.error = x509*) }", [0, 2]),
    ],
)
def test_json(pattern: str, fitting: list[int]) -> None:
    fits = matcher(pattern)
    assert [number for number, event in enumerate(EVENTS) if fits(json.dumps(event))] == fitting
    assert not fits("no JSON") and not fits("7")


ACCESS = [
    '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
    '10.0.0.7 - ann [10/Oct/2000:13:25:16 -0700] "POST /register HTTP/1.1" 200 20',
]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("[ip, id, user, time, request, status, size]", [0, 1]),
        ("[ip, id, user, time, request, status = 4*, size]", [0]),
        ("[ip = 10.*, ..., size < 100]", [1]),
        ("[..., status = 200 || status = 404, size > 1000]", [0]),
        ("[ip, user]", []),
        ("[ip, ...]", [0, 1]),
    ],
)
def test_columns(pattern: str, fitting: list[int]) -> None:
    assert [number for number, line in enumerate(ACCESS) if matcher(pattern)(line)] == fitting


@pytest.mark.parametrize(
    "pattern",
    ["{ $.a }", "{ $.a = 1", "{ a = 1 }", "{ ($.a = 1 }", "{ $.a = 1 $.b = 2 }", "{ $.a IS ODD }", "[a, b", "a=b", '"a',
     "%(%", "[a = 1 b]"],
)  # fmt: skip
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        matcher(pattern)


def test_a_value_is_selected() -> None:
    assert field_of({"a": {"b": [1, 2]}}, "$.a.b[1]") == 2
    assert field_of({"a": 1}, "$.b") is None
