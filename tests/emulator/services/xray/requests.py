# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments that tasks send for the requests that a load balancer answers.

All tasks are taken to be instrumented. The load balancer itself sends none: it only gives the trace its id.
https://docs.aws.amazon.com/xray/latest/devguide/xray-services-elb.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from moto.xray.models import xray_backends

from ...traffic.records import Hop, Request
from .building import Builder

if TYPE_CHECKING:
    from .backend import XRay

ORIGIN = "AWS::ECS::Container"
_ROOT = re.compile(r"Root=(1-[0-9a-f]{8}-[0-9a-f]{24})")
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
_THROTTLES = frozenset(("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"))


def record(request: Request) -> None:
    """Call with the world's lock held."""
    if not request.hops:
        return
    _arn, _aws, _service, region, account_id, _resource = request.listener.split(":", 5)
    backend: XRay = xray_backends[account_id][region]
    header = request.headers.get("x-amzn-trace-id", "")
    if not _sampled(backend, request, header):
        return
    root = _ROOT.search(header)
    builder = Builder(root[1] if root else backend.new_trace_id(request.at), request.at)
    builder.add(_words(request, 0))
    for document in builder.documents:
        backend.process_segment(json.dumps(document))


def _host(request: Request) -> str:
    return request.headers.get("host", "localhost")


def _sampled(backend: XRay, request: Request, header: str) -> bool:
    """The one who calls may have decided: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html"""
    decided = re.search(r"Sampled=([01])", header)
    if decided:
        return decided[1] == "1"
    asked = {
        "ServiceName": request.hops[0].service,
        "ServiceType": ORIGIN,
        "Host": _host(request),
        "HTTPMethod": request.method,
        "URLPath": request.path,
    }
    return backend.sampling.takes(request.at, asked)


def _words(request: Request, index: int) -> dict[str, Any]:
    """A hop, with what it called, in the words of Builder."""
    hop = request.hops[index]
    inner = [number for number, other in enumerate(request.hops) if other.parent == index]
    calls = [_words(request, number) for number in inner]
    if hop.dependency:
        calls.append(_dependency(hop, sum(request.hops[number].seconds for number in inner)))
    address = _host(request) if hop.parent is None else hop.service
    query = f"?{request.query}" if request.query and hop.parent is None else ""
    words: dict[str, Any] = {
        "name": hop.service,
        "origin": ORIGIN,
        "start_time": hop.started,
        "seconds": hop.seconds,
        "method": request.method,
        "url": f"http://{address}{request.path}{query}",
        "aws": {"ecs": {"container": hop.task.rpartition("/")[2]}},
        "calls": calls,
    }
    if not hop.status:
        return {**words, "cut": True}
    words["status"] = hop.status
    if hop.cause and not hop.dependency:
        words["exception"] = hop.cause
    return words


def _dependency(hop: Hop, waited: float) -> dict[str, Any]:
    """The call, after those of other tasks, in which the hop spends the rest of its time."""
    service, operation, resource = hop.dependency or ("", "", "")
    words: dict[str, Any] = {
        "name": service,
        "operation": operation,
        "after": waited,
        "seconds": max(hop.seconds - waited, 0.0),
        "aws": {"resource_names": [resource]},
    }
    if service == "DynamoDB":
        words["table_name"] = resource
    if hop.cause is None:
        return {**words, "status": 200}
    kind, message = hop.cause
    words["exception"] = (kind, message)
    if kind in _THROTTLES:
        return {**words, "status": 400, "throttle": True}
    # Errors of AWS's services are called so; anything else, such as of TLS, came before there was an answer.
    return {**words, "status": 400} if kind.endswith("Exception") else {**words, "fault": True}
