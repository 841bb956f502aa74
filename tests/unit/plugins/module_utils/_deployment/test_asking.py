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
