# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets, from answers that no look-alike gives."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Work
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Place
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_at
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import data
from tests.unit.plugins.fake_aws import FakeAws, refusal

BUCKET = "AWS::S3::Bucket"
ACCOUNT = "123456789012"
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)


class Region:
    """What a client knows of itself."""

    region_name = "eu-west-1"
    partition = "aws"


class Aws(FakeAws):
    """A bucket with these keys. ``refused``: what each DeleteObjects answers as its errors, one after another."""

    def __init__(self, *keys, refused=(), region="EU"):
        super().__init__(
            {
                "s3.get_bucket_location": {"LocationConstraint": region},
                "s3.get_bucket_tagging": refusal("NoSuchTagSet", status=404),
                "s3.list_buckets": {"Buckets": []},
                "cloudformation.describe_stack_resources": {"StackResources": []},
                "s3.list_object_versions": self.listed,
                "s3.list_multipart_uploads": {"Uploads": []},
                "s3.get_object_lock_configuration": refusal("ObjectLockConfigurationNotFoundError", status=404),
                "s3.delete_objects": self.delete,
                "s3.delete_object": lambda Key, **_more: self.gone(Key),
            }
        )
        self.keys = list(keys)
        self.refused = list(refused)

    def __call__(self, service):
        client = super().__call__(service)
        client.meta = Region
        return client

    def listed(self, **_place):
        row = {"VersionId": "null", "IsLatest": True, "Size": 1, "LastModified": NOON}
        return {"Versions": [{"Key": key, **row} for key in self.keys], "IsTruncated": False}

    def gone(self, key):
        self.keys.remove(key)
        return {}

    def delete(self, Delete, **_bucket):
        errors = self.refused.pop(0) if self.refused else []
        for item in Delete["Objects"]:
            if item["Key"] not in [row["Key"] for row in errors]:
                self.gone(item["Key"])
        return {"Errors": errors} if errors else {}


def clear(aws, slept=None, kind=BUCKET, name="shop"):
    work = Work(
        Looks(aws, lambda seconds: None),
        "arn:stack",
        ACCOUNT,
        lambda amounts: None,
        lambda: False,
        (slept if slept is not None else []).append,
    )
    return [str(amount) for amount in TYPES[kind].clearing.clear(work, name)]


def row(key, code, message="No"):
    return {"Key": key, "VersionId": "null", "Code": code, "Message": message}


def test_the_owner_is_expected_in_every_call():
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html"""
    aws = Aws("a")
    assert clear(aws) == ["1 object"]
    assert {arguments["ExpectedBucketOwner"] for _name, arguments in aws.calls} == {ACCOUNT}
    (asked,) = aws.asked("s3.delete_objects")
    assert asked["Delete"] == {"Objects": [{"Key": "a", "VersionId": "null"}], "Quiet": True}


def test_a_key_that_is_no_xml_is_deleted_alone():
    aws = Aws("a", "b\x01")
    assert clear(aws) == ["2 objects"]
    (asked,) = aws.asked("s3.delete_object")
    assert (asked["Key"], asked["VersionId"]) == ("b\x01", "null")


def test_what_s3_wants_to_be_asked_for_later_is_no_late_writer():
    """DeleteObjects answers for each key; a code of these passes: API_Error.html"""
    aws, slept = Aws("a", "b", refused=[[row("b", "InternalError")]]), []
    assert clear(aws, slept) == ["2 objects"]
    assert not aws.asked("s3.get_bucket_policy") and not slept


def test_what_s3_never_deletes_though_it_says_later():
    aws = Aws("a", refused=[[row("a", "SlowDown")]] * 9)
    with pytest.raises(NotCleared, match="goes on asking to delete a in the bucket shop later"):
        clear(aws)
    assert len(aws.asked("s3.delete_objects")) == 3


def test_what_is_gone_already_is_deleted():
    aws = Aws("a", refused=[[row("a", "NoSuchVersion")]])
    aws.answers["s3.list_object_versions"] = lambda **_place: {} if aws.asked("s3.delete_objects") else aws.listed()
    assert clear(aws) == ["1 object"]


@pytest.mark.parametrize("words", ["Mfa Authentication must be used for this request", "protected by object lock"])
def test_what_nobody_deletes_without_more(words):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html"""
    with pytest.raises(NotCleared, match=f"S3 does not delete a in the bucket shop: {words}"):
        clear(Aws("a", refused=[[row("a", "AccessDenied", words)]]))


def test_an_error_without_a_version_is_of_its_key():
    refused = [{"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}]
    with pytest.raises(AwsCallError, match="Access Denied .a in the bucket shop"):
        clear(Aws("a", "b", refused=[refused]))


@pytest.mark.parametrize(("location", "region"), [("EU", "eu-west-1"), (None, "us-east-1"), ("x-1", "x-1")])
def test_where_a_bucket_is(location, region):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html"""
    aws = Aws("a", region=location)
    with Looks(aws) as looks:
        here = Ours(owned={Resource(BUCKET, "shop"): "one"}, place=Place("aws", region, ACCOUNT))
        (found,) = TYPES[BUCKET].clearing.detect(looks, here, ["shop"])
        assert (found[1].clear, found[1].owner) == (BUCKET, "one")
        elsewhere = Ours(place=Place("aws", "eu-north-1", ACCOUNT))
        (found,) = TYPES[BUCKET].clearing.detect(looks, elsewhere, ["shop"])
        assert f"is in {region}" in found[1].reason and found[1].clear == ""


def test_a_bucket_that_is_gone_holds_nothing():
    aws = Aws()
    aws.answers["s3.get_bucket_location"] = refusal("NoSuchBucket", status=404)
    with Looks(aws) as looks:
        assert TYPES[BUCKET].clearing.detect(looks, Ours(), ["shop"]) == [] and looks.gaps() == []
    assert clear(aws) == []


@pytest.mark.parametrize("listed", [[], ["shop"]])
def test_what_is_denied_is_another_accounts_only_if_the_own_are_known(listed):
    aws = Aws("a")
    aws.answers["s3.get_bucket_location"] = refusal("AccessDenied", status=403)
    aws.answers["s3.list_buckets"] = {"Buckets": [{"Name": name} for name in listed]}
    with Looks(aws) as looks:
        assert TYPES[BUCKET].clearing.detect(looks, Ours(), ["shop"]) == []
        assert [gap["action"] for gap in looks.gaps()] == ["s3:GetBucketLocation"]


@pytest.mark.parametrize(
    ("size", "told"), [(1, "1 B"), (9_999, "9,999 B"), (10_000, "10 KB"), (31 * 10**8, "3,100 MB")]
)
def test_sizes(size, told):
    assert str(data(size)) == told


def test_a_directory_bucket():
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html: no versions, no owner to
    expect, and unfinished uploads hold it too"""
    name, kind = "shop--euw1-az1--x-s3", "AWS::S3Express::DirectoryBucket"
    aws, uploads = Aws("a"), [{"Key": "film", "UploadId": "1"}]
    aws.answers["s3.list_objects_v2"] = lambda **_place: {
        "Contents": [{"Key": key, "Size": 1} for key in aws.keys], "IsTruncated": False
    }
    aws.answers["s3.list_multipart_uploads"] = lambda **_place: {"Uploads": list(uploads)}
    aws.answers["s3.abort_multipart_upload"] = lambda **_upload: uploads.clear() or {}
    with Looks(aws) as looks:
        ours = Ours(owned={Resource(kind, name): "one"}, place=Place("aws", "eu-west-1", ACCOUNT))
        ((_name, blocker),) = TYPES[kind].clearing.detect(looks, ours, [name])
        assert (blocker.type, blocker.clear, blocker.owner, looks.gaps()) == (kind, kind, "one", [])
        assert [str(amount) for amount in blocker.amounts] == ["1 object", "1 unfinished upload", "1 B"]
        aws.keys.clear()
        ((_name, blocker),) = TYPES[kind].clearing.detect(looks, ours, [name])
        assert [str(amount) for amount in blocker.amounts] == ["1 unfinished upload"]
    aws.keys.append("a")
    aws.calls.clear()
    assert clear(aws, kind=kind, name=name) == ["1 object", "1 unfinished upload"]
    assert aws.asked("s3.delete_objects")[0]["Delete"]["Objects"] == [{"Key": "a"}]
    assert not any("ExpectedBucketOwner" in arguments for _name, arguments in aws.calls)


def test_a_directory_bucket_that_may_not_be_entered_is_a_gap():
    aws, kind = Aws(), "AWS::S3Express::DirectoryBucket"
    aws.answers["s3.list_objects_v2"] = refusal("AccessDenied", status=403)
    with Looks(aws) as looks:
        assert TYPES[kind].clearing.detect(looks, Ours(), ["shop--euw1-az1--x-s3"]) == []
        assert [gap["action"] for gap in looks.gaps()] == ["s3express:CreateSession"]


def test_its_arn():
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""
    assert resource_at("arn:aws:s3:::shop") == Resource(BUCKET, "shop")
    point = "arn:aws:s3:eu-central-1:123456789012:accesspoint/shop"
    assert resource_at(point) == Resource("s3:accesspoint", point)
