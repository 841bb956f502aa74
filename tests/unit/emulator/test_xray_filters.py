# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter expressions on the emulator: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator

AT = 1_700_000_000.0


@pytest.fixture
def found(shared_emulator: Emulator) -> Any:
    """Names of the traces that an expression finds: ``good``, ``bad`` (its own fault), ``deep`` (of what it called)."""
    names = {}
    url = "http://api.example.com/v2/"
    calls = [{"name": "backend", "status": 500, "seconds": 2}, {"name": "b", "status": 429}]
    for name, words in {
        "good": {"status": 200, "annotations": {"age": 30, "member": True}, "user": "alice"},
        "bad": {"status": 503, "seconds": 6.0, "annotations": {"kind": "x"}},
        "deep": {"status": 200, "calls": calls},
    }.items():
        trace = [{"name": "front", "url": f"{url}{name}", "method": "GET", "origin": "AWS::ECS::Container", **words}]
        names[shared_emulator.xray.trace(trace, AT)] = name
    xray = shared_emulator.client("xray")
    xray.create_group(GroupName="slow", FilterExpression="responsetime > 5")

    def call(expression: str) -> set[str]:
        answer = xray.get_trace_summaries(StartTime=AT, EndTime=AT + 60, FilterExpression=expression)
        return {names[one["Id"]] for one in answer["TraceSummaries"]}

    return call


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("", "good bad deep"),
        ("fault = true", "bad"),
        ("fault", "bad"),
        ("!ok", "bad"),
        ("ok = false", "bad"),
        ("fault != true", "good deep"),
        ("service() { fault }", "bad deep"),
        ('service("backend") { fault = true }', "deep"),
        ('service("front") { fault = true }', "bad"),
        ('!service("backend")', "good bad"),
        ('service("b") { throttle AND error }', "deep"),
        ('edge("front", "backend") { fault }', "deep"),
        ('edge("backend", "front")', ""),
        ('service(id(name: "front", type: "AWS::ECS::Container")) { fault }', "bad"),
        ('service(id(type: "AWS::Lambda::Function"))', ""),
        ("responsetime > 5", "bad"),
        ("responseTime >= 6 AND duration <= 6", "bad"),
        ("http.status != 200", "bad"),
        ('http.url BEGINSWITH "http://api.example.com/" AND http.url CONTAINS "/v2/g"', "good"),
        ('http.url ENDSWITH "deep" OR http.url ENDSWITH "bad"', "deep bad"),
        ('http.method = "GET" AND (fault OR user = "alice")', "good bad"),
        ("ok !partial duration <3", "good deep"),
        ('user CONTAINS ""', "good"),
        ("annotation.age > 29", "good"),
        ("annotation[member] = true", "good"),
        ('annotation.kind = "x"', "bad"),
        ("annotation.kind = 3", ""),
        ("!annotation.age", "bad deep"),
        ('group.name = "slow" AND fault', "bad"),
        ('service("front") { root = true and fault = true }', "bad"),
    ],
)
def test_what_it_finds(found: Any, expression: str, expected: str) -> None:
    assert found(expression) == set(expected.split())


@pytest.mark.parametrize(
    "expression",
    [
        "fautl = true",
        "fault =",
        "fault = 1",
        'responsetime > "5"',
        "http.url > 3",
        'http.url BEGINSWITH "x',
        "service(",
        "service() { fault",
        "(fault",
        "fault)",
        "AND fault",
        "fault ~ true",
        'rootcause.fault.service { name = "Auth" }',
        'group.name = "nobody"',
    ],
)
def test_what_it_does_not_know_is_refused(found: Any, shared_emulator: Emulator, expression: str) -> None:
    with pytest.raises(ClientError, match="InvalidRequestException"):
        found(expression)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        shared_emulator.client("xray").create_group(GroupName="new", FilterExpression=expression)
