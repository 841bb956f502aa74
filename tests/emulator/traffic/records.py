# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of the traffic: who calls whom, and each request that came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..switches.answers import Cause, Dependency


@dataclass(frozen=True)
class Hop:
    """One task that handled a request, or a call that another task made for it.

    ``task``: its ARN. ``parent``: index of the hop that called it; None for the one that the load balancer chose.
    ``status``: HTTP status of its answer, 0 if it gave none. ``started``: epoch seconds, ``seconds``: how long it took,
    both of AWS. ``cause``: type and message of the exception that made it fail; ``dependency``: service, operation and
    resource of the call in which that sits, None if in the task itself.
    """

    service: str
    task: str
    image: str
    parent: int | None
    status: int
    seconds: float
    started: float
    cause: Cause | None = None
    dependency: Dependency | None = None


@dataclass(frozen=True)
class Request:
    """A request that a load balancer has answered.

    ``at``: when it came, in epoch seconds of AWS. ``path``: without ``query``. ``headers``: as the target sees them,
    their names in lower case. ``listener``, ``rule``, ``target_group``: ARNs; no target group where the load balancer
    answers by itself. ``by_balancer``: whether its status is the load balancer's own instead of the target's.
    """

    at: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    listener: str
    rule: str
    target_group: str | None
    status: int
    seconds: float
    hops: tuple[Hop, ...]
    by_balancer: bool = False


@dataclass
class Traffic:
    """The traffic of the emulated account."""

    requests: list[Request] = field(default_factory=list)
    _calls: list[tuple[str, str, str]] = field(default_factory=list)
    _observers: list[Callable[[Request], None]] = field(default_factory=list)
    _always: list[Callable[[Request], None]] = field(default_factory=list)

    def calls(self, caller: str, callee: str, path: str = "/") -> None:
        """A request whose path begins so, and that a task of the service ``caller`` handles, makes it call the service
        ``callee``: one of its running tasks. That may call others for the same request."""
        self._calls.append((caller, callee, path))

    def called_by(self, service: str, path: str) -> list[str]:
        """The services that this one calls for a request, in this order."""
        return [callee for caller, callee, prefix in self._calls if caller == service and path.startswith(prefix)]

    def on_request(self, function: Callable[[Request], None], always: bool = False) -> None:
        """Have the function called with each finished request, with the world's lock held, until the account is
        emptied; ``always``: also after that."""
        (self._always if always else self._observers).append(function)

    def finished(self, request: Request) -> None:
        """A request has been answered."""
        self.requests.append(request)
        for function in (*self._always, *self._observers):
            function(request)

    def clear(self) -> None:
        """No requests so far, no calls, and nobody who looks but those who always do."""
        self.requests.clear()
        self._calls.clear()
        self._observers.clear()
