# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an application load balancer answers to a request, and after how long.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from moto.elbv2.models import FakeListener, elbv2_backends

from ..services.ecs.task import Task
from ..world import world
from .balancing import Balancing, runs, task_at
from .handling import handle
from .records import Request
from .rules import Asked, rule_of

#: AWS seconds that a load balancer waits for a connection to a target.
_CONNECTION_TIMEOUT = 10.0
_TRACE = "x-amzn-trace-id"
_REASONS = {502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


@dataclass(frozen=True)
class Answer:
    """What a client gets: ``headers`` beside those of any answer. ``request``: as it is remembered."""

    request: Request
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    task: Task | None = None


class Balancer:
    """The load balancers of the emulator."""

    def __init__(self) -> None:
        self._balancing = Balancing()

    def clear(self) -> None:
        self._balancing.clear()

    def begin(self, account_id: str, region: str, listener: FakeListener, asked: Asked) -> Answer:
        """Take a request, with the world's lock held: how it will be answered after ``request.seconds``."""
        asked = replace(asked, headers=_traced(asked.headers))
        rule = rule_of(listener, asked)
        action = next(item for item in rule.actions if item.type in ("forward", "fixed-response", "redirect"))
        request = Request(
            at=world.clock.epoch(),
            method=asked.method,
            path=asked.path,
            query=asked.query,
            headers=dict(asked.headers),
            listener=listener.arn,
            rule=rule.arn,
            target_group=None,
            status=200,
            seconds=0.0,
            hops=(),
            by_balancer=True,
        )
        if action.type == "fixed-response":
            given = action.data["FixedResponseConfig"]
            headers = {"Content-Type": given.get("ContentType") or "text/plain"}
            return Answer(replace(request, status=int(given["StatusCode"])), given.get("MessageBody") or "", headers)
        if action.type == "redirect":
            return _redirect(request, asked, listener, action.data["RedirectConfig"])
        group = self._balancing.group_of(rule, action)
        return self._forward(replace(request, target_group=group), account_id, region, group)

    def end(self, answer: Answer) -> Answer:
        """Its time is over, with the world's lock held: a task that ended meanwhile has not answered."""
        if answer.task is not None and not runs(answer.task) and not answer.request.by_balancer:
            answer = _failure(answer.request, 502, answer.request.seconds)
        world.traffic.finished(answer.request)
        return answer

    def _forward(self, request: Request, account_id: str, region: str, group: str) -> Answer:
        address = self._balancing.target_of(account_id, region, group)
        if address is None:
            return _failure(request, 503)
        task = task_at(account_id, region, address)
        if task is None:
            return _failure(request, 504, _CONNECTION_TIMEOUT)
        if not task.listens:
            return _failure(request, 502)
        hops, body = handle(task, request.path, request.at, self._balancing)
        request = replace(request, hops=tuple(hops))
        balancer = elbv2_backends[account_id][region].load_balancers[_balancer_of(request.listener)]
        idle_timeout = float(balancer.attrs.get("idle_timeout.timeout_seconds", 60))
        if hops[0].seconds > idle_timeout:
            return _failure(request, 504, idle_timeout)
        if not hops[0].status:
            return _failure(request, 502, hops[0].seconds)
        answered = replace(request, status=hops[0].status, seconds=hops[0].seconds, by_balancer=False)
        return Answer(answered, body, {"Content-Type": "application/json"}, task)


def _balancer_of(listener_arn: str) -> str:
    return listener_arn.replace(":listener/", ":loadbalancer/").rpartition("/")[0]


def _failure(request: Request, status: int, seconds: float = 0.0) -> Answer:
    """The load balancer's own answer."""
    title = f"{status} {_REASONS[status]}"
    body = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
    headers = {"Server": "awselb/2.0", "Content-Type": "text/html"}
    return Answer(replace(request, status=status, seconds=seconds, by_balancer=True), body, headers)


def _redirect(request: Request, asked: Asked, listener: FakeListener, given: dict[str, Any]) -> Answer:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html"""
    host = asked.headers.get("host", "").partition(":")[0]
    known = {
        "#{protocol}": listener.protocol.lower(),
        "#{host}": host,
        "#{port}": str(listener.port),
        "#{path}": asked.path.lstrip("/"),
        "#{query}": asked.query,
    }

    def filled(name: str, default: str) -> str:
        text = given.get(name) or default
        for placeholder, value in known.items():
            text = text.replace(placeholder, value)
        return text

    query = filled("Query", "#{query}")
    location = (
        f"{filled('Protocol', '#{protocol}').lower()}://{filled('Host', '#{host}')}:{filled('Port', '#{port}')}"
        f"{filled('Path', '/#{path}')}{'?' + query if query else ''}"
    )
    status = int(given["StatusCode"].removeprefix("HTTP_"))
    return Answer(replace(request, status=status), "", {"Server": "awselb/2.0", "Location": location})


def _traced(headers: Any) -> dict[str, str]:
    """A request without a trace gets one; the load balancer adds itself to any other.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
    """
    own = f"1-{int(world.clock.epoch()):08x}-{secrets.token_hex(12)}"
    given = headers.get(_TRACE, "")
    trace = f"Self={own};{given}" if "Root=" in given else f"Root={own}"
    return {**headers, _TRACE: trace}
