# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API action a request asks for."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import botocore.loaders
from botocore.exceptions import UnknownServiceError

#: Signing names that differ from the prefix of IAM actions.
_PREFIXES = {"tagging": "tag", "monitoring": "cloudwatch", "cloudcontrolapi": "cloudformation"}
_SCOPE = re.compile(r"Credential=(?P<caller>[^/]*)/\d*/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(?P<action>[^/]+)$")


@dataclass(frozen=True)
class Action:
    """``name`` like ``ecs:StopTask``; ``protocol`` one of query, ec2, json, rest-json, rest-xml.

    ``caller``: the id of the access key that signed.
    """

    service: str
    name: str
    protocol: str
    region: str
    caller: str = ""


def identify(environ: dict[str, Any], body: bytes) -> Action:
    """The action of a request, by its signature's scope and protocol."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service, region, caller = scope.group("service", "region", "caller") if scope else ("unknown", "", "")
    prefix = _PREFIXES.get(service, service)

    def action(operation: str, protocol: str) -> Action:
        return Action(service, f"{prefix}:{operation}", protocol, region, caller)

    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return action(target.rsplit(".", 1)[-1], "json")
    form = environ.get("QUERY_STRING", "")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = body.decode("utf-8", "replace")
    operation = parse_qs(form).get("Action")
    if operation:
        return action(operation[0], "ec2" if service == "ec2" else "query")
    path = environ.get("PATH_INFO", "")
    rpc = _RPC_PATH.match(path)
    if rpc:
        return action(rpc["action"], "json")
    protocol = "rest-xml" if service in ("s3", "route53", "cloudfront") else "rest-json"
    return action(_rest_operation(service, environ.get("REQUEST_METHOD", ""), path) or "Unknown", protocol)


def _rest_operation(service: str, method: str, path: str) -> str | None:
    for operation, verb, pattern in _rest_operations(service):
        if verb == method and pattern.match(path):
            return operation
    return None


@functools.lru_cache
def _rest_operations(service: str) -> list[tuple[str, str, re.Pattern[str]]]:
    """Operation, method and path of a REST service, those with fewer variable parts first."""
    try:
        model = botocore.loaders.Loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return []
    operations = []
    for name, operation in model["operations"].items():
        uri = operation["http"]["requestUri"].split("?")[0].rstrip("/")
        pattern = "".join(
            part if index % 2 == 0 else (".+" if part.endswith("+") else "[^/]+")
            for index, part in enumerate(re.split(r"\{([^}]+)\}", re.sub(r"([.$])", r"\\\1", uri)))
        )
        operations.append((uri.count("{"), name, operation["http"]["method"], re.compile(f"^{pattern}/?$")))
    return [(name, method, pattern) for _variables, name, method, pattern in sorted(operations, key=lambda op: op[:2])]
