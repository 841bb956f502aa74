# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3: what moto does not do as AWS does with the contents of buckets.

DeleteObjects deletes exactly the versions that it names, and answers for each of them; pages of ListObjectVersions go
on from a version that is gone; a bucket's owner can be expected; retention can be read; somebody may go on writing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import MalformedXML, S3ClientError
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend
from moto.s3.responses import S3Response

from ..patching import Patches
from ..world import ACCOUNT_ID, world

#: Objects in one DeleteObjects: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
MOST = 1000
_XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
_LOCKED = "Access Denied because object protected by object lock."  # versity/versitygw#1330

_list_as_moto = S3Response.list_object_versions
_bucket_response = S3Response._bucket_response
_key_response = S3Response._key_response
_key_response_get = S3Response._key_response_get
_list_buckets = S3Backend.list_buckets
_delete_bucket = S3Backend.delete_bucket

Version = Any  # FakeKey or FakeDeleteMarker


def _version_id(version: Version) -> str:
    return version.version_id or "null"


def _newest_first(bucket: FakeBucket, key: str) -> list[Version]:
    found = list(reversed(bucket.keys.getlist(key, [])))
    for version in found:
        version.is_latest = version is found[0]
    return found


def _following(
    bucket: FakeBucket, prefix: str, key_marker: str | None, version_marker: str | None
) -> Iterator[Version]:
    """By key, the newest version first, from a place on. A version that is gone is a place as well."""
    keys = sorted(bucket.keys)
    if key_marker and version_marker:
        ids = [_version_id(version) for version in _newest_first(bucket, key_marker)]
        start = ids.index(version_marker) + 1 if version_marker in ids else 0
        yield from _newest_first(bucket, key_marker)[start:]
    first = bisect_right(keys, key_marker) if key_marker else bisect_left(keys, prefix)
    for key in itertools.islice(keys, first, None):
        if key.startswith(prefix):
            yield from _newest_first(bucket, key)


def _list_versions(response: S3Response) -> Any:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html

    Written here: moto's serializer takes a second for a thousand versions.
    """
    asked = {name: values[0] for name, values in response._get_querystring(response.request, response.uri).items()}
    if asked.get("delimiter"):
        return _list_as_moto(response)
    bucket = response.backend.get_bucket(response.bucket_name)
    most = min(int(asked.get("max-keys") or MOST), MOST)
    prefix = asked.get("prefix", "")
    versions = _following(bucket, prefix, asked.get("key-marker"), asked.get("version-id-marker"))
    listed = list(itertools.islice(versions, most))
    more = bool(listed) and next(versions, None) is not None
    told = quote if asked.get("encoding-type") == "url" else escape
    place = {"NextKeyMarker": told(listed[-1].name), "NextVersionIdMarker": _version_id(listed[-1])} if more else {}
    head = {
        "Name": bucket.name,
        "Prefix": told(prefix),
        "KeyMarker": told(asked.get("key-marker", "")),
        "VersionIdMarker": asked.get("version-id-marker", ""),
        "MaxKeys": most,
        "EncodingType": asked.get("encoding-type", ""),
        "IsTruncated": str(more).lower(),
        **place,
    }
    rows = [_told(version, told(version.name)) for version in listed]
    return f'<ListVersionsResult xmlns="{_XMLNS}">{_elements(head)}{"".join(rows)}</ListVersionsResult>'


def _told(version: Version, key: str) -> str:
    marker = isinstance(version, FakeDeleteMarker)
    fields = {
        "Key": key,
        "VersionId": _version_id(version),
        "IsLatest": str(version.is_latest).lower(),
        "LastModified": version.last_modified_ISO8601,
    }
    if not marker:
        fields |= {"ETag": escape(version.etag), "Size": version.size, "StorageClass": version.storage_class}
    name = "DeleteMarker" if marker else "Version"
    return f"<{name}>{_elements(fields)}</{name}>"


def _elements(fields: dict[str, Any]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value != "")


def _delete(backend: S3Backend, bucket: FakeBucket, key: str, version_id: str | None, bypass: bool) -> str:
    """The message of what refuses it; empty if it is gone. A version that is not there counts as deleted."""
    if version_id is None:
        backend.delete_object(bucket.name, key)
        return ""
    versions = bucket.keys.getlist(key, [])
    for version in versions:
        if _version_id(version) == version_id:
            if isinstance(version, FakeKey) and version.is_locked(governance_bypass=bypass):
                return _LOCKED
            versions.remove(version)
            if isinstance(version, FakeKey):
                version.dispose()
            break
    if not versions:
        dict.pop(bucket.keys, key, None)
    return ""


def _delete_keys(response: S3Response, bucket_name: str, authenticated: bool = True) -> Any:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""
    root = ElementTree.fromstring(response.body)
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    wanted = [
        (item.findtext(f"{space}Key", ""), item.findtext(f"{space}VersionId")) for item in root.iter(f"{space}Object")
    ]
    if not 0 < len(wanted) <= MOST:
        raise MalformedXML()
    bucket = response.backend.get_bucket(bucket_name)
    bypass = response.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"
    deleted: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for key, version_id in wanted:
        which = {"Key": key, **({"VersionId": version_id} if version_id else {})}
        action = "s3:DeleteObjectVersion" if version_id else "s3:DeleteObject"
        denied = not authenticated or world.faults.denies(action, world.caller)
        message = "Access Denied" if denied else _delete(response.backend, bucket, key, version_id, bypass)
        if message:
            errors.append({**which, "Code": "AccessDenied", "Message": message})
        else:
            deleted.append(which)
    _write_late(response.backend, bucket)
    quiet = root.findtext(f"{space}Quiet", "").lower() == "true"
    response.data["Action"] = "DeleteObjects"
    return response.serialized(ActionResult({"Deleted": [] if quiet else deleted, "Errors": errors}))


def _write_late(backend: S3Backend, bucket: FakeBucket) -> None:
    """What somebody writes while others delete, unless the bucket's policy denies it."""
    arn = f"arn:{bucket.partition}:s3:::{bucket.name}/late"
    if bucket.get_permission("s3:PutObject", arn) != PermissionResult.DENIED:
        key = world.faults.take_late_object(bucket.name)
        if key is not None:
            backend.put_object(bucket.name, key, b"late")


def _refuse_others(response: S3Response) -> None:
    """Raises what a bucket of another account answers, and one whose owner is not the expected one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    expected = response.headers.get("x-amz-expected-bucket-owner", ACCOUNT_ID)
    if expected != ACCOUNT_ID or response.bucket_name in world.faults.buckets_of_others:
        raise S3ClientError("AccessDenied", "Access Denied")


def _ours_in(backend: S3Backend, *arguments: Any, **more: Any) -> list[FakeBucket]:
    found = _list_buckets(backend, *arguments, **more)
    return [bucket for bucket in found if bucket.name not in world.faults.buckets_of_others]


def _delete_with_tags(backend: S3Backend, bucket_name: str) -> Any:
    """moto gives the next bucket of this name the tags of this one."""
    if bucket_name in backend.buckets and not backend.buckets[bucket_name].keys:
        backend.delete_bucket_tagging(bucket_name)
    return _delete_bucket(backend, bucket_name)


def _of_bucket(response: S3Response, request: Any, full_url: str) -> Any:
    _refuse_others(response)
    return _bucket_response(response, request, full_url)


def _of_key(response: S3Response, request: Any, full_url: str) -> Any:
    _refuse_others(response)
    return _key_response(response, request, full_url)


def _get_of_key(response: S3Response, query: dict[str, Any], key_name: str) -> Any:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html"""
    if "retention" not in query:
        return _key_response_get(response, query, key_name)
    key, _not_modified = response._get_key()
    if not key.lock_mode:
        raise S3ClientError(
            "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration"
        )
    response.data["Action"] = "GetObjectRetention"
    return response.serialized(ActionResult({"Retention": {"Mode": key.lock_mode, "RetainUntilDate": key.lock_until}}))


def install(patches: Patches) -> None:
    patches.set(S3Response, "list_object_versions", _list_versions)
    patches.set(S3Backend, "list_buckets", _ours_in)
    patches.set(S3Backend, "delete_bucket", _delete_with_tags)
    patches.set(S3Response, "_bucket_response_delete_keys", _delete_keys)
    patches.set(S3Response, "_bucket_response", _of_bucket)
    patches.set(S3Response, "_key_response", _of_key)
    patches.set(S3Response, "_key_response_get", _get_of_key)
