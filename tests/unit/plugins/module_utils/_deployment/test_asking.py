# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of probes, against a small site."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.asking import Prober, ask
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.probes import Answer

from tests.integration.answering import Site, answering
from tests.unit.plugins.module_utils._deployment.test_probes import one


@pytest.fixture
def site() -> Iterator[Site]:
    with answering() as site:
        yield site


def answers(prober: Prober, number: int = 1) -> list[Answer]:
    found: list[Answer] = []
    end = time.monotonic() + 10
    while len(found) < number and time.monotonic() < end:
        prober.rest(0.01)
        found += prober.answers()
    return found


def asked(**more: Any) -> Answer:
    prober = Prober([one(**more)])
    prober.start()
    try:
        return answers(prober)[0]
    finally:
        prober.stop()


def test_headers_are_sent_and_the_body_is_read_where_it_matters(site: Site) -> None:
    site.answer = lambda path, headers: (201, f"{path} {headers['X-Version']}")
    probe = {"url": f"{site.url}/a?b=c", "headers": {"x-version": "new"}}
    assert ask(one(**probe)) == (201, "")
    assert ask(one(**probe, expect="new", method="post", body="é")) == (201, "/a?b=c new")


@pytest.mark.parametrize("status", [302, 404, 503])
def test_no_status_is_an_error_and_no_redirect_followed(site: Site, status: int) -> None:
    site.answer = lambda path, headers: (status, "file:///etc/passwd")
    assert ask(one(url=f"{site.url}/"))[0] == status and site.asked == ["/"]


def test_a_connection_that_is_cut_is_an_answer(site: Site) -> None:
    site.answer = lambda path, headers: None
    with pytest.raises((OSError, HTTPException)):
        ask(one(url=site.url))
    answer = asked(url=f"{site.url}/?key=hunter2")
    assert answer.status is None and answer.problem == "no answer: RemoteDisconnected"


def test_an_answer_that_takes_too_long(site: Site) -> None:
    site.answer = lambda path, headers: time.sleep(0.5) or (200, "")
    assert asked(url=site.url, timeout=0.1).problem == "no answer within 0.1 s"


def test_nobody_there() -> None:
    assert "Connection refused" in asked(url="http://127.0.0.1:1/").problem


def test_a_slow_probe_delays_no_other_and_waking_takes_a_failure(site: Site) -> None:
    site.answer = lambda path, headers: (time.sleep(1) if path == "/slow" else None) or (200, "")
    prober = Prober([one(url=f"{site.url}/slow"), one(url=f"{site.url}/", interval=0.05)])
    prober.start()
    began, threads = time.monotonic(), [item for item in threading.enumerate() if item.name.startswith("probe-")]
    prober.rest(0.5)
    assert time.monotonic() - began >= 0.5
    assert {answer.probe for answer in prober.answers()} == {1}
    site.answer = lambda path, headers: (500, "")
    prober.rest(10)
    assert time.monotonic() - began < 8 and prober.answers()[-1].problem == "status 500"
    prober.stop()
    for thread in threads:
        thread.join(10)
    assert threads and not any(thread.is_alive() for thread in threads)


def test_one_that_is_never_answered_fails_as_often_as_its_time_is_over_and_no_later_answer_makes_it_well() -> None:
    now, let_go = [0.0], threading.Event()

    def hangs(probe: Any) -> tuple[int, str]:
        let_go.wait(10)
        return 200, ""

    prober = Prober([one(timeout=2.0, interval=0.01)], hangs, lambda: now[0])
    prober.start()
    try:
        end = time.monotonic() + 10
        found: list[Answer] = []
        while len(found) < 2 and time.monotonic() < end:
            now[0] += 1.0
            time.sleep(0.01)
            found += prober.answers()
        assert [answer.problem for answer in found[:2]] == ["no answer within 2 s"] * 2
        let_go.set()
        later = answers(prober)
        assert later and later[0].problem == "" and later[0].at > found[1].at
    finally:
        let_go.set()
        prober.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_nobody_asks_any_more_is_overdue() -> None:
    def breaks(probe: Any) -> tuple[int, str]:
        raise MemoryError

    now = [0.0]
    prober = Prober([one(timeout=2.0)], breaks, lambda: now[0])
    prober.start()
    time.sleep(0.1)
    now[0] = 4.0
    assert [answer.problem for answer in answers(prober)] == ["no answer within 2 s"]


def test_one_whose_body_comes_too_late_was_not_answered_in_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answer = lambda path, headers: time.sleep(0.3) or (200, "")
    real = time.monotonic
    began = real()
    # What comes in pieces has the time-out for each of them: of the whole, the clock tells.
    monkeypatch.setattr("time.monotonic", lambda: began + 10 * (real() - began))
    with pytest.raises(TimeoutError):
        ask(one(url=site.url, timeout=2.0))
