# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3: versions, pages and denials as AWS has them. Pages of AWS are named by their file names."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator
from tests.emulator.services import s3 as service

NAME = "assets"


@pytest.fixture(name="s3")
def _s3(emulator: Emulator) -> Any:
    """A client, and a bucket with versions."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": emulator.region})
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    return s3


def put(s3: Any, *keys: str) -> list[dict[str, str]]:
    """What names each version."""
    return [{"Key": key, "VersionId": s3.put_object(Bucket=NAME, Key=key, Body=b"x")["VersionId"]} for key in keys]


def listed(s3: Any) -> list[dict[str, Any]]:
    answer = s3.list_object_versions(Bucket=NAME)
    return [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]


def delete(s3: Any, *objects: dict[str, str], **more: Any) -> dict[str, Any]:
    return s3.delete_objects(Bucket=NAME, Delete={"Objects": list(objects), **more})


def test_exactly_the_versions_that_are_named_are_deleted(s3: Any) -> None:
    """API_DeleteObjects.html"""
    _old, new = put(s3, "a", "a")
    assert delete(s3, new)["Deleted"] == [new]
    (left,) = listed(s3)
    assert left["VersionId"] != new["VersionId"] and left["IsLatest"]
    assert delete(s3, new)["Deleted"] == [new], "one that is not there counts as deleted"
    delete(s3, {"Key": "a"})
    assert [("Size" in row, row["IsLatest"]) for row in listed(s3)] == [(True, False), (False, True)], "a delete marker"


def test_quiet_tells_only_what_is_not_deleted(emulator: Emulator, s3: Any) -> None:
    """API_DeleteObjects.html: errors are told for each, and the call itself succeeds"""
    (version,) = put(s3, "a")
    emulator.faults.deny("s3:DeleteObjectVersion")
    answer = delete(s3, version, Quiet=True)
    assert answer["Errors"] == [{**version, "Code": "AccessDenied", "Message": "Access Denied"}]
    emulator.faults.allow("s3:DeleteObjectVersion")
    assert not {"Errors", "Deleted"} & set(delete(s3, version, Quiet=True))


def test_a_call_has_at_most_a_thousand(s3: Any) -> None:
    """API_DeleteObjects.html"""
    with pytest.raises(ClientError, match="MalformedXML"):
        delete(s3, *({"Key": str(number)} for number in range(1001)))


def test_pages_go_on_from_what_is_gone(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """API_ListObjectVersions.html: by key, the newest first, from a key and version on"""
    monkeypatch.setattr(service, "MOST", 2)
    versions = put(s3, "a", "a", "a", "b", "c")
    found, place = [], {}
    while True:
        page = s3.list_object_versions(Bucket=NAME, **place)
        found += [{"Key": row["Key"], "VersionId": row["VersionId"]} for row in page["Versions"]]
        delete(s3, *found[-2:])
        if not page["IsTruncated"]:
            break
        place = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    assert found == [*reversed(versions[:3]), *versions[3:]] and listed(s3) == []


def test_whose_a_bucket_is(emulator: Emulator, s3: Any) -> None:
    """bucket-owner-condition.html"""
    s3.list_object_versions(Bucket=NAME, ExpectedBucketOwner="123456789012")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_object_versions(Bucket=NAME, ExpectedBucketOwner="210987654321")
    emulator.faults.bucket_of_another(NAME)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=NAME, Key="a")
    assert s3.list_buckets()["Buckets"] == []


def test_retention_is_told(s3: Any) -> None:
    """API_GetObjectRetention.html"""
    put(s3, "a")
    with pytest.raises(ClientError, match="NoSuchObjectLockConfiguration"):
        s3.get_object_retention(Bucket=NAME, Key="a")


def test_somebody_writes_until_that_is_denied(emulator: Emulator, s3: Any) -> None:
    """aws/aws-cdk#26874; the policy of the bucket: access-policy-language-overview.html"""
    emulator.faults.write_late(NAME, times=None)
    delete(s3, *put(s3, "a"))
    assert [row["Key"] for row in listed(s3)] == ["late-1"]
    statement = f'{{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::{NAME}/*"}}'
    s3.put_bucket_policy(Bucket=NAME, Policy=f'{{"Version": "2012-10-17", "Statement": [{statement}]}}')
    delete(s3, {"Key": "late-1", "VersionId": listed(s3)[0]["VersionId"]})
    assert listed(s3) == []


def test_what_iam_calls_its_operations(emulator: Emulator, s3: Any) -> None:
    """using-with-s3-policy-actions.html"""
    emulator.calls.clear()
    (version,) = put(s3, "a")
    s3.list_object_versions(Bucket=NAME)
    s3.list_multipart_uploads(Bucket=NAME)
    s3.list_objects_v2(Bucket=NAME)
    s3.head_bucket(Bucket=NAME)
    s3.list_buckets()
    s3.get_object(Bucket=NAME, **version)
    s3.delete_objects(Bucket=NAME, Delete={"Objects": [{"Key": "a"}]})
    delete(s3, version)
    upload = s3.create_multipart_upload(Bucket=NAME, Key="b")["UploadId"]
    s3.abort_multipart_upload(Bucket=NAME, Key="b", UploadId=upload)
    assert [call.action.removeprefix("s3:") for call in emulator.calls.log] == [
        "PutObject", "ListBucketVersions", "ListBucketMultipartUploads", "ListBucket", "ListBucket", "ListAllMyBuckets",
        "GetObjectVersion", "DeleteObject", "DeleteObjectVersion", "PutObject", "AbortMultipartUpload",
    ]  # fmt: skip
