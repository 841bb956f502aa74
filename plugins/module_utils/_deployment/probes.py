# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Probes: requests that decide whether a new version stays. What is wanted of each, and what its answers come to. No
network, no threads."""

from __future__ import annotations

import math
import re
from collections import deque
from dataclasses import dataclass
from typing import Any
from typing import Mapping
from typing import Sequence
from urllib.parse import urlsplit

MOST = 20  # probes: each has a thread
OVERDUE = 1.0  # seconds after its timeout, when an answer is awaited no longer
HIDDEN = "(hidden)"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # https://www.rfc-editor.org/rfc/rfc9110#name-tokens


@dataclass(frozen=True)
class Probe:
    """``status``: those that are wanted, all of 200 to 299 if empty. ``failures`` of the last ``of`` answers are too
    many. ``timeout`` and ``interval``: seconds."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: str | None
    status: tuple[int, ...]
    expect: re.Pattern[str] | None
    timeout: float
    interval: float
    failures: int
    of: int
    validate_certs: bool

    @property
    def name(self) -> str:
        """As it may be shown: what is asked for may be a secret."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.scheme}://{parts.netloc}{parts.path}{'?…' if parts.query else ''}"

    def longest(self) -> float:
        """Seconds within which as many answers have come as let it fail, or are overdue."""
        return (self.failures + 1) * max(self.interval, self.timeout + OVERDUE)

    def problem(self, status: int, body: str) -> str:
        """What is wrong with an answer; empty if nothing is. The body is not shown: it may hold secrets."""
        if status not in self.status if self.status else not 200 <= status < 300:
            return f"status {status}"
        if self.expect is not None and not self.expect.search(body):
            return f"status {status}, and the body does not match {self.expect.pattern}"
        return ""


@dataclass(frozen=True)
class Answer:
    """``probe``: its index. ``came``: when it was there, by the clock of the run. ``at``: when it was asked for, in ISO
    8601. ``status``: None where nothing has answered. ``problem``: empty if it is as wanted."""

    probe: int
    came: float
    at: str
    status: int | None
    problem: str

    def as_result(self) -> dict[str, Any]:
        return {"at": self.at, "status": self.status, "problem": self.problem}


class Tally:
    """What the answers to one probe come to. Those before the new version took traffic are counted apart. ``failed``:
    whether there were too many failures."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.requests = self.failures = 0
        self.requests_before = self.failures_before = 0
        self.first: Answer | None = None
        self.last: Answer | None = None
        self.failed = False
        self._recent: deque[bool] = deque(maxlen=probe.of)

    def observe(self, answer: Answer, judged: bool) -> None:
        failed = bool(answer.problem)
        if not judged:
            self.requests_before += 1
            self.failures_before += failed
            return
        self.requests += 1
        self._recent.append(failed)
        if failed:
            self.failures += 1
            self.first = self.first or answer
            self.last = answer
            self.failed = self.failed or sum(self._recent) >= self.probe.failures

    def in_doubt(self) -> bool:
        """Whether it could not have failed yet, or its last answer was a failure."""
        return not self.failed and (self.requests < self.probe.failures or self._recent[-1])

    def sentence(self) -> str:
        """Why it has failed."""
        if self.first is None or self.last is None:
            return ""
        last = "" if self.last is self.first else f", last {_clock(self.last.at)}: {self.last.problem}"
        before = (
            f"; before the new version took traffic {self.failures_before} of {self.requests_before}"
            if self.requests_before
            else ""
        )
        return (
            f"{self.probe.name} failed {self.failures} of {self.requests} times "
            f"(first {_clock(self.first.at)}: {self.first.problem}{last}{before})."
        )

    def as_result(self) -> dict[str, Any]:
        return {
            "probe": self.probe.name,
            "failed": self.failed,
            "requests": self.requests,
            "failures": self.failures,
            "requests_before": self.requests_before,
            "failures_before": self.failures_before,
            "first_failure": self.first.as_result() if self.first else None,
            "last_failure": self.last.as_result() if self.last else None,
        }


def parsed(given: Sequence[Mapping[str, Any]] | None) -> list[Probe]:
    """The probes of the option. Raises ValueError, with what to tell the user, for one that is malformed."""
    given = given or ()
    if len(given) > MOST:
        raise ValueError(f"probes has {len(given)}, and takes at most {MOST}.")
    return [_parsed(f"probes[{index}]", item) for index, item in enumerate(given)]


def shown(given: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]] | None:
    """The option as it may be shown: headers, bodies and queries may be secrets."""
    if given is None:
        return None
    return [
        {
            **item,
            "url": re.sub(r"(?<=://)[^/@]*@", f"{HIDDEN}@", item["url"]).partition("?")[0],
            "headers": dict.fromkeys(item["headers"] or {}, HIDDEN),
            "body": None if item["body"] is None else HIDDEN,
        }
        for item in given
    ]


def _parsed(where: str, item: Mapping[str, Any]) -> Probe:
    for name in ("timeout", "interval"):
        if not (math.isfinite(item[name]) and item[name] > 0):
            raise ValueError(f"{where}.{name} must be more than 0 seconds, not {item[name]}.")
    of = item["failures"] if item["of"] is None else item["of"]
    if not 1 <= item["failures"] <= of <= 1000:
        raise ValueError(f"{where} must have failures of at least 1 and at most of, not {item['failures']} of {of}.")
    status = tuple(item["status"] or ())
    wrong = [number for number in status if not 100 <= number <= 599]
    if wrong:
        raise ValueError(f"{where}.status must be from 100 to 599, not {', '.join(map(str, wrong))}.")
    if not _TOKEN.match(item["method"]):
        raise ValueError(f"{where}.method is {item['method']!r}, which is no method of HTTP.")
    try:
        expect = None if item["expect"] is None else re.compile(item["expect"])
    except re.error as error:
        raise ValueError(f"{where}.expect is no regular expression: {error}.") from error
    return Probe(
        url=_url(where, item["url"]),
        method=item["method"].upper(),
        headers=_headers(where, item["headers"] or {}),
        body=item["body"],
        status=status,
        expect=expect,
        timeout=item["timeout"],
        interval=item["interval"],
        failures=item["failures"],
        of=of,
        validate_certs=item["validate_certs"],
    )


def _url(where: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme not in ("http", "https") or re.search(r"[^!-~]", url):
        raise ValueError(
            f"{where}.url must begin with http:// or https:// and a host, and have no spaces and no letters that are "
            "not ASCII: write these as %20 and the like."
        )
    if parts.username is not None:
        raise ValueError(f"{where}.url has a user name in it. Give an Authorization header in its place.")
    return url


def _headers(where: str, given: Mapping[str, Any]) -> dict[str, str]:
    made = {}
    for name, value in given.items():
        text = str(value)
        if not _TOKEN.match(str(name)):
            raise ValueError(f"{where}.headers has {name!r}, which is no name of a header.")
        if isinstance(value, (Mapping, list)) or value is None or re.search(r"[^\t -~\x80-\xff]", text):
            raise ValueError(f"{where}.headers.{name} must be text of one line.")
        made[str(name)] = text
    return made


def _clock(at: str) -> str:
    return f"{at[11:19]} UTC"
