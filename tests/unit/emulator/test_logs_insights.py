# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of CloudWatch Logs Insights on the emulator.

Every test has its source below https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import json

import pytest

from tests.emulator.services.logs.insights import MalformedQuery, Query, row

#: 2026-11-26 10:00:00
START = 1795687200000
MESSAGES = [
    "GET /health 200",
    "POST /register 400",
    "ERROR x509: certificate signed by unknown authority",
    json.dumps({"status": 502, "took": 1.5, "request": {"path": "/register"}, "ok": False}),
    json.dumps({"status": 200, "took": 0.5, "request": {"path": "/health"}}),
]


def run(text: str) -> list[dict[str, str]]:
    """The rows that a query finds, without their pointers; an event each 30 seconds in two streams."""
    rows = [
        row(START + 30000 * number, START, message, f"web/{number % 2}", "123456789012:shop", str(number))
        for number, message in enumerate(MESSAGES)
    ]
    found = [{item["field"]: item["value"] for item in shown} for shown in Query(text).run(rows)]
    return [{name: value for name, value in item.items() if name != "@ptr"} for item in found]


def messages(text: str) -> list[int]:
    """Which of the messages a filter lets through."""
    return [MESSAGES.index(item["@message"]) for item in run(f"fields @message | filter {text} | sort @timestamp asc")]


def test_fields_and_the_newest_first() -> None:
    found = run("fields @timestamp, @logStream, @log")
    assert found[-1] == {
        "@timestamp": "2026-11-26 10:00:00.000", "@logStream": "web/0", "@log": "123456789012:shop",
    }  # fmt: skip
    assert [item["@timestamp"][-9:] for item in found] == [
        "02:00.000"[-9:], "01:30.000", "01:00.000", "00:30.000", "00:00.000",
    ]  # fmt: skip


def test_without_fields_time_and_message_are_shown() -> None:
    assert run("limit 1") == [{"@timestamp": "2026-11-26 10:02:00.000", "@message": MESSAGES[4]}]


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("@message like /ERROR|400/", [1, 2]),
        ("@message like /error/i", [2]),
        ('@message like "x509"', [2]),
        ("@message like 'x509' or @message like 'register 4'", [1, 2]),
        ("@message not like /health/ and @message not like /ERROR/", [1, 3]),
        ("not (@message like /register/)", [0, 2, 4]),
        ("@message =~ /^GET/", [0]),
        ("status = 502", [3]),
        ("status != 502", [4]),
        ("status >= 200 and took < 1", [4]),
        ("request.path = '/register'", [3]),
        ("request.path in ['/x', '/health']", [4]),
        ("status not in [502] and ispresent(status)", [4]),
        ("ok = 'false'", [3]),
        ("@logStream = 'web/1'", [1, 3]),
    ],
)
def test_filters(text: str, fitting: list[int]) -> None:
    assert messages(text) == fitting


def test_sort_and_limit() -> None:
    found = run("filter ispresent(took) | sort took desc | display status")
    assert [item["status"] for item in found] == ["502", "200"]
    found = run("fields @logStream | sort @logStream asc, @timestamp desc | limit 4")
    assert [item["@logStream"] for item in found] == ["web/0", "web/0", "web/0", "web/1"]


def test_stats() -> None:
    assert run("stats count(*) as many by @logStream | sort many desc") == [
        {"@logStream": "web/0", "many": "3"}, {"@logStream": "web/1", "many": "2"},
    ]  # fmt: skip
    assert run("stats count(*) by bin(1m) | sort bin(1m) asc") == [
        {"bin(1m)": "2026-11-26 10:00:00.000", "count(*)": "2"},
        {"bin(1m)": "2026-11-26 10:01:00.000", "count(*)": "2"},
        {"bin(1m)": "2026-11-26 10:02:00.000", "count(*)": "1"},
    ]
    rest = "max(took), sum(took), min(took), count(took), count_distinct(@logStream) as n"
    assert run(f"stats avg(took) as mean, {rest}") == [
        {"mean": "1", "max(took)": "1.5", "sum(took)": "2", "min(took)": "0.5", "count(took)": "2", "n": "2"}
    ]


def test_parse_and_dedup() -> None:
    found = run('parse @message "* /* *" as method, path, code | filter ispresent(code) | display method, path, code')
    assert found == [
        {"method": "POST", "path": "register", "code": "400"}, {"method": "GET", "path": "health", "code": "200"},
    ]  # fmt: skip
    found = run("parse @message /(?<method>GET|POST) / | filter ispresent(method) | display method | dedup method")
    assert found == [{"method": "POST"}, {"method": "GET"}]


@pytest.mark.parametrize(
    "text",
    ["", "find @message", "fields", "fields @message @log", "filter @message like", "filter @message like x", "limit x",
     "limit 10001", "stats median(took)", "filter (a = 1", "filter @message like /(/", "stats count(*) by bin(5)"],
)  # fmt: skip
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(MalformedQuery):
        Query(text)
