# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.probes import (
    Answer,
    Probe,
    Tally,
    parsed,
    shown,
)
from hypothesis import given
from hypothesis import strategies as st

OPTIONS: dict[str, Any] = {
    "url": "https://shop/orders", "method": "get", "headers": None, "body": None, "status": None, "expect": None,
    "timeout": 5.0, "interval": 5.0, "failures": 3, "of": None, "validate_certs": True,
}  # fmt: skip


def one(**more: Any) -> Probe:
    return parsed([{**OPTIONS, **more}])[0]


def answer(problem: str, number: int = 0) -> Answer:
    return Answer(0, float(number), f"2026-10-01T16:00:{number:02}.000+00:00", 400 if problem else 200, problem)


def told(probe: Probe, failures: str) -> Tally:
    """``failures``: an x for each answer that is one."""
    tally = Tally(probe)
    for number, mark in enumerate(failures):
        tally.observe(answer("status 400" if mark == "x" else "", number), True)
    return tally


@pytest.mark.parametrize(
    ("answers", "failures", "of", "failed"),
    [
        (".........x", 1, 1, True),
        (".........x", 2, 10, False),
        ("x........x", 2, 10, True),
        ("x.........x", 2, 10, False),
        ("xx.xx.xx.xx", 3, None, False),
        ("..xxx....", 3, None, True),
        ("", 1, 1, False),
    ],
)
def test_how_many_failures_are_too_many(answers: str, failures: int, of: int | None, failed: bool) -> None:
    tally = told(one(failures=failures, of=of), answers)
    assert tally.failed is failed and tally.requests == len(answers) and tally.failures == answers.count("x")


@given(st.text("x.", max_size=30), st.integers(1, 5), st.integers(0, 5))
def test_it_fails_if_any_window_has_too_many(answers: str, failures: int, more: int) -> None:
    of = failures + more
    windows = [answers[max(0, end - of) : end] for end in range(1, len(answers) + 1)]
    expected = any(window.count("x") >= failures for window in windows)
    assert told(one(failures=failures, of=of), answers).failed is expected


def test_what_came_before_is_counted_apart_and_does_not_judge() -> None:
    tally = Tally(one(failures=1))
    tally.observe(answer("status 400", 1), False)
    assert not tally.failed and tally.first is None and tally.as_result()["failures_before"] == 1
    tally.observe(answer("status 400", 2), True)
    tally.observe(answer("no answer", 3), True)
    assert tally.failed and tally.sentence() == (
        "GET https://shop/orders failed 2 of 2 times (first 16:00:02 UTC: status 400, last 16:00:03 UTC: no answer; "
        "before the new version took traffic 1 of 1)."
    )


@pytest.mark.parametrize(
    ("options", "status", "body", "problem"),
    [
        ({}, 204, "", ""),
        ({}, 302, "", "status 302"),
        ({"status": [302, 400]}, 400, "", ""),
        ({"status": [302]}, 200, "", "status 200"),
        ({"expect": "ord.rs"}, 200, "the orders", ""),
        ({"expect": "^orders"}, 200, "hunter2", "status 200, and the body does not match ^orders"),
    ],
)
def test_what_is_wanted_of_an_answer(options: dict[str, Any], status: int, body: str, problem: str) -> None:
    assert one(**options).problem(status, body) == problem


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "ftp://shop/"}, "must begin with http:// or https://"),
        ({"url": "https:///orders"}, "and a host"),
        ({"url": "https://shop:99999/"}, "and a host"),
        ({"url": "https://[::1/"}, "and a host"),
        ({"url": "https://shop/a b"}, "no spaces"),
        ({"url": "https://shop/\r\nX: y"}, "no spaces"),
        ({"url": "https://me:secret@shop/"}, "Authorization header"),
        ({"headers": {"X y": "1"}}, "no name of a header"),
        ({"headers": {"X": "1\r\nY: 2"}}, "text of one line"),
        ({"headers": {"X": None}}, "text of one line"),
        ({"method": "GET /"}, "no method of HTTP"),
        ({"expect": "("}, "no regular expression"),
        ({"status": [200, 99]}, "from 100 to 599, not 99"),
        ({"failures": 0}, "failures of at least 1"),
        ({"failures": 4, "of": 3}, "not 4 of 3"),
        ({"timeout": 0.0}, "timeout must be more than 0"),
        ({"interval": float("inf")}, "interval must be more than 0"),
    ],
)
def test_what_is_malformed_is_refused_by_its_place(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"^probes\[1\]") as caught:
        parsed([OPTIONS, {**OPTIONS, **options}])
    assert words in str(caught.value) and "secret" not in str(caught.value)


def test_there_are_not_too_many() -> None:
    with pytest.raises(ValueError, match="takes at most 20"):
        parsed([OPTIONS] * 21)
    assert parsed(None) == []


def test_no_secret_is_shown() -> None:
    url = "https://me:hunter2@shop/?key=hunter2"
    secrets = {"url": url, "headers": {"Authorization": "hunter2"}, "body": "hunter2"}
    (item,) = shown([{**OPTIONS, **secrets}]) or []
    assert "hunter2" not in str(item) and item["headers"] == {"Authorization": "(hidden)"} and shown(None) is None
    assert one(url="https://shop/a?key=hunter2").name == "GET https://shop/a?…"
