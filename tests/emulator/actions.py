# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API action a request asks for."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import botocore.loaders
from botocore.exceptions import UnknownServiceError

#: Signing names that differ from the prefix of IAM actions.
_PREFIXES = {"tagging": "tag", "monitoring": "cloudwatch", "cloudcontrolapi": "cloudformation"}
#: What IAM calls operations of S3, where that differs.
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_OF_S3 = {
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListParts": "ListMultipartUploadParts",
    "UploadPart": "PutObject",
}
_OF_VERSIONS = {"DeleteObject": "DeleteObjectVersion", "GetObject": "GetObjectVersion"}
#: Signing names of REST services that differ from the names of their models.
_MODELS = {"elasticfilesystem": "efs"}
_SCOPE = re.compile(r"Credential=(?P<caller>[^/]*)/\d*/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(?P<action>[^/]+)$")


@dataclass(frozen=True)
class Action:
    """``name`` like ``ecs:StopTask``; ``protocol`` one of query, ec2, json, rest-json, rest-xml.

    ``caller``: the id of the access key that signed. ``each``: whether a denial is told of each of its things in an
    answer, instead of being that.
    """

    service: str
    name: str
    protocol: str
    region: str
    caller: str = ""
    each: bool = False


def identify(environ: dict[str, Any], body: bytes) -> Action:
    """The action of a request, by its signature's scope and protocol."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service, region, caller = scope.group("service", "region", "caller") if scope else ("unknown", "", "")
    prefix = _PREFIXES.get(service, service)

    def action(operation: str, protocol: str, each: bool = False) -> Action:
        return Action(service, f"{prefix}:{operation}", protocol, region, caller, each)

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
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    headers = {name[len("HTTP_") :].lower().replace("_", "-") for name in environ if name.startswith("HTTP_")}
    # As it was sent: an ARN in it has slashes of its own, which are escaped.
    raw = environ.get("REQUEST_URI", path).partition("?")[0]
    operation = _rest_operation(service, environ.get("REQUEST_METHOD", ""), raw, {*query, *headers}) or "Unknown"
    if service == "s3":
        versions = "versionId" in query or (operation == "DeleteObjects" and b"<VersionId>" in body)
        name = _OF_S3.get(operation, operation)
        return action(_OF_VERSIONS.get(name, name) if versions else name, protocol, operation == "DeleteObjects")
    return action(operation, protocol)


def _rest_operation(service: str, method: str, path: str, given: Set[str]) -> str | None:
    """``given``: names of what is in its query, and of its headers."""
    for operation, verb, pattern, needed in _rest_operations(service):
        if verb == method and pattern.match(path) and needed <= given:
            return operation
    return None


@functools.lru_cache
def _rest_operations(service: str) -> list[tuple[str, str, re.Pattern[str], frozenset[str]]]:
    """Operation, method, path, and needed names of query and headers of a REST service, those with fewer variable parts
    and more such names first."""
    try:
        model = botocore.loaders.Loader().load_service_model(_MODELS.get(service, service), "service-2")
    except UnknownServiceError:
        return []
    operations = []
    for name, operation in model["operations"].items():
        uri = operation["http"]["requestUri"].split("?")[0].rstrip("/")
        pattern = "".join(
            part if index % 2 == 0 else (".+" if part.endswith("+") else "[^/]+")
            for index, part in enumerate(re.split(r"\{([^}]+)\}", re.sub(r"([.$])", r"\\\1", uri)))
        )
        needed = _needed(model, operation)
        order = (uri.count("{"), -len(needed), name)
        operations.append((order, name, operation["http"]["method"], re.compile(f"^{pattern}/?$"), needed))
    return [found for _order, *found in sorted(operations, key=lambda operation: operation[0])]


def _needed(model: Mapping[str, Any], operation: Mapping[str, Any]) -> frozenset[str]:
    """Names that are in the query, or the headers, of an operation in any case."""
    fixed = parse_qs(operation["http"]["requestUri"].partition("?")[2], keep_blank_values=True)
    shape = model["shapes"].get(operation.get("input", {}).get("shape"), {})
    members = [shape["members"][name] for name in shape.get("required", ())]
    required = {member["locationName"] for member in members if member.get("location") in ("querystring", "header")}
    # Older botocores do not say what the operation is called.
    return frozenset({*fixed, *required} - {"x-id"})
