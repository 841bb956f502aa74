# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GetTraceSummaries tells of a trace: https://docs.aws.amazon.com/xray/latest/api/API_TraceSummary.html"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .entities import Entity, Trace

#: A call that takes this share of its caller's time is on the way to why a response took so long. AWS does not say
#: where it draws the line.
_COVERAGE = 0.5


def service_id(entity: Entity, account_id: str) -> dict[str, Any]:
    found = {"Name": entity.service_name, "Names": [entity.service_name], "AccountId": account_id}
    return {**found, "Type": entity.service_type} if entity.service_type else found


def summary(trace: Trace, account_id: str) -> dict[str, Any]:
    root = trace.root
    http = root.document.get("http") or {}
    request = http.get("request") or {}
    told = {
        "HttpURL": request.get("url"),
        "HttpStatus": root.status,
        "HttpMethod": request.get("method"),
        "UserAgent": request.get("user_agent"),
        "ClientIp": request.get("client_ip"),
    }
    ids = {(one.service_name, one.service_type): service_id(one, account_id) for one in trace.services}
    found = {
        "Id": trace.id,
        "StartTime": trace.start,
        "Duration": round(trace.end - trace.start, 6),
        "ResponseTime": None if root.end is None else round(root.seconds, 6),
        "HasFault": root.has("fault"),
        "HasError": root.has("error"),
        "HasThrottle": any(one.has("throttle") for one in trace.services),
        "IsPartial": trace.partial,
        "Http": {name: value for name, value in told.items() if value is not None},
        "Annotations": _annotations(trace, account_id),
        "Users": _users(trace, account_id),
        "ServiceIds": list(ids.values()),
        "EntryPoint": service_id(root, account_id),
        "FaultRootCauses": _causes(trace, account_id, "fault"),
        "ErrorRootCauses": _causes(trace, account_id, "error"),
        "ResponseTimeRootCauses": _slowness(trace, account_id),
        "Revision": trace.revision,
    }
    return {name: value for name, value in found.items() if value is not None}


def _annotations(trace: Trace, account_id: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entity in trace.entities:
        for key, value in (entity.document.get("annotations") or {}).items():
            kind = {bool: "BooleanValue", str: "StringValue"}.get(type(value), "NumberValue")
            service = service_id(entity.segment, account_id)
            found.setdefault(key, []).append({"AnnotationValue": {kind: value}, "ServiceIds": [service]})
    return found


def _users(trace: Trace, account_id: str) -> list[dict[str, Any]]:
    named = [one for one in trace.services if "user" in one.document]
    return [{"UserName": one.document["user"], "ServiceIds": [service_id(one, account_id)]} for one in named]


def _path(entity: Entity) -> list[Entity]:
    """From the segment that nothing called to this entity."""
    path: list[Entity] = []
    current: Entity | None = entity
    while current is not None and current not in path:
        path.append(current)
        current = current.parent
    return path[::-1]


def _cause(path: list[Entity], account_id: str, told: Callable[[Entity], dict[str, Any]]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-analytics"""
    services: list[dict[str, Any]] = []
    last: Entity | None = None
    for entity in path:
        if entity.segment is not last:
            last = entity.segment
            services.append({**service_id(last, account_id), "Inferred": last.inferred, "EntityPath": []})
        services[-1]["EntityPath"].append({"Name": entity.name, "Remote": entity.remote, **told(entity)})
    return {"Services": services}


def _causes(trace: Trace, account_id: str, flag: str) -> list[dict[str, Any]]:
    """One for each entity with the flag below which there is no other with it."""
    found = []
    for entity in trace.entities:
        below = list(entity.walk())[1:]
        if entity.has(flag) and not any(inner.has(flag) for inner in below):
            path = _path(entity)
            impacting = path[0].has("fault") or path[0].has("error")
            found.append({**_cause(path, account_id, _exceptions), "ClientImpacting": impacting})
    return found


def _exceptions(entity: Entity) -> dict[str, Any]:
    told = [{"Name": one.get("type", ""), "Message": one.get("message", "")} for one in entity.exceptions]
    return {"Exceptions": told}


def _slowness(trace: Trace, account_id: str) -> list[dict[str, Any]]:
    """The way down along what took most of the time."""
    root = trace.root
    if not root.seconds:
        return []
    path = [root]
    while longest := max(path[-1].children, key=lambda child: child.seconds, default=None):
        if longest in path or longest.seconds < _COVERAGE * path[-1].seconds:
            break
        path.append(longest)
    cause = _cause(path, account_id, lambda entity: {"Coverage": round(entity.seconds / root.seconds, 3)})
    return [{**cause, "ClientImpacting": True}]
