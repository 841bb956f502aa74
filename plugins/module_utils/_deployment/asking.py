# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Sends the requests of probes, each probe on a thread of its own, so that none delays another, or the look at ECS."""

from __future__ import annotations

import http.client
import queue
import ssl
import threading
import time
import urllib.request
from datetime import datetime
from datetime import timezone
from typing import Callable
from typing import Sequence
from urllib.error import URLError

from .probes import OVERDUE
from .probes import Answer
from .probes import Probe

MOST_READ = 256 * 1024  # bytes of a body that expect is looked for in
_PIECE = 8192
SHORTEST_REST = 0.25  # seconds


def ask(probe: Probe) -> tuple[int, str]:
    """Status and body of one answer; the body only where it is looked at. Redirects are answers, too, and not followed:
    they could lead anywhere, with the headers. Raises OSError and HTTPException."""
    deadline = time.monotonic() + probe.timeout
    context = ssl.create_default_context()
    if not probe.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.OpenerDirector()
    # No handler of files, FTP or redirects, and none that makes an exception of a status.
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
    ):
        opener.add_handler(handler)
    body = None if probe.body is None else probe.body.encode()
    request = urllib.request.Request(probe.url, body, dict(probe.headers), method=probe.method)
    with opener.open(request, timeout=probe.timeout) as response:
        read = b""
        while probe.expect is not None and len(read) < MOST_READ:
            piece = response.read1(_PIECE)
            if not piece:
                break
            read += piece
            if time.monotonic() > deadline:
                break
        if time.monotonic() > deadline:  # connection, headers and each piece have had the time for themselves
            raise TimeoutError
        return response.status, read.decode("utf-8", "replace")


class Prober:
    """Threads that ask again and again until :meth:`stop`. ``request``: as :func:`ask`."""

    def __init__(
        self,
        probes: Sequence[Probe],
        request: Callable[[Probe], tuple[int, str]] = ask,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probes = probes
        self._request = request
        self._clock = clock
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._over = threading.Event()
        self._failed = threading.Event()
        self._asked: dict[int, tuple[float, str]] = {}  # what is not answered yet: since when, by both clocks
        self._lock = threading.Lock()

    def start(self) -> None:
        for index in range(len(self._probes)):
            # They end with the process even while an answer is awaited.
            threading.Thread(target=self._go_on, args=(index,), name=f"probe-{index}", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def answers(self) -> list[Answer]:
        """What has come since the last time, and what is overdue: no timeout ends the look for an address, or an answer
        whose lines come one by one."""
        found = []
        while not self._answers.empty():
            found.append(self._answers.get())
        now = self._clock()
        with self._lock:
            for index, (since, at) in self._asked.items():
                timeout = self._probes[index].timeout
                if now - since > timeout + OVERDUE:
                    found.append(Answer(index, now, at, None, f"no answer within {timeout:g} s"))
                    self._asked[index] = (now, datetime.now(timezone.utc).isoformat(timespec="milliseconds"))
        return found

    def rest(self, seconds: float) -> None:
        """Wait so long, or until an answer comes that is not as wanted; not so short that each leads to a call."""
        least = min(seconds, SHORTEST_REST)
        time.sleep(least)
        if self._failed.wait(seconds - least):
            self._failed.clear()

    def _go_on(self, index: int) -> None:
        probe = self._probes[index]
        while not self._over.is_set():
            began = self._clock()
            at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            with self._lock:
                self._asked[index] = (began, at)
            answer = self._one(index, probe, at)
            with self._lock:
                overdue = self._asked.pop(index)[0] != began
            if self._over.is_set():
                return
            if overdue:
                continue  # it has been told
            self._answers.put(answer)
            if answer.problem:
                self._failed.set()
            self._over.wait(max(probe.interval - (self._clock() - began), 0.0))

    def _one(self, index: int, probe: Probe, at: str) -> Answer:
        status = None
        try:
            status, body = self._request(probe)
            problem = probe.problem(status, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            problem = _words(error, probe)
        return Answer(index, self._clock(), at, status, problem)


def _words(error: Exception, probe: Probe) -> str:
    """Why nothing was answered. No word of the request is in it."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, TimeoutError):
        return f"no answer within {probe.timeout:g} s"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {cause.verify_message}"
    if isinstance(cause, OSError) and cause.strerror:
        return f"no answer: {cause.strerror}"
    return f"no answer: {type(cause).__name__}"
