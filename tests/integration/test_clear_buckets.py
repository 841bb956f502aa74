# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a bucket up: seen with numbers, cleared, and then the stack goes. And what can not be cleared, named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from moto.s3.models import s3_backends

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources import s3_emptying
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.s3_policy import SID
from tests.emulator import Emulator
from tests.emulator.services import s3
from tests.emulator.world import ACCOUNT_ID
from tests.integration.clearings import Held, stack

BUCKET = "AWS::S3::Bucket"
NAME = "shop-dev-assets"
VERSIONED = {"VersioningConfiguration": {"Status": "Enabled"}}
LOCKING = {**VERSIONED, "ObjectLockEnabled": True}
TOMORROW = datetime.now(timezone.utc) + timedelta(days=1)
THEIRS = {"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}

pytestmark = pytest.mark.usefixtures("still")


def bucket(aws: Emulator, **properties: Any) -> Held:
    """A workshop of one stack with a bucket."""
    resources = {"Assets": {"Type": BUCKET, "Properties": {"BucketName": NAME, **properties}}}
    return Held(aws, stack(aws, resources), BUCKET)


def put(aws: Emulator, *keys: str, **options: Any) -> None:
    """One by one, as somebody does who writes objects."""
    for key in keys:
        aws.client("s3").put_object(Bucket=NAME, Key=key, Body=b"12345", **options)


def put_many(*keys: str) -> None:
    """The same in no time."""
    for key in keys:
        s3_backends[ACCOUNT_ID]["aws"].put_object(NAME, key, b"12345")


def fill(aws: Emulator, count: int) -> None:
    """So many objects; every other with an old version, every fourth deleted as well."""
    keys = [f"photos/{number:04}.jpg" for number in range(count)]
    put_many(*keys, *keys[::2])
    for key in keys[::4]:
        aws.client("s3").delete_object(Bucket=NAME, Key=key)


def in_it(aws: Emulator) -> int:
    listed = aws.client("s3").list_object_versions(Bucket=NAME)
    return len(listed.get("Versions", [])) + len(listed.get("DeleteMarkers", []))


def policy(aws: Emulator) -> list[dict[str, Any]]:
    return json.loads(aws.client("s3").get_bucket_policy(Bucket=NAME)["Policy"])["Statement"]


def test_objects_versions_markers_and_uploads(aws):
    """F5Networks/f5-aws-cloudformation#52, gruntwork-io/cloud-nuke#369"""
    held = bucket(aws, **VERSIONED)
    assert held.detect() == []
    fill(aws, 300)
    aws.client("s3").create_multipart_upload(Bucket=NAME, Key="film.mp4")
    assert "You must delete all versions in the bucket. (Service: S3, Status Code: 409" in held.fails("Assets")

    (blocker,) = held.detect()
    numbers = ["225 objects", "225 old versions", "75 delete markers", "1 unfinished upload"]
    assert [str(amount) for amount in blocker.amounts] == [*numbers, "2,250 B"]
    assert (blocker.clear, blocker.owner, blocker.certain, blocker.command) == (BUCKET, "shop-dev", True, ())

    aws.calls.clear()
    assert held.clear() == numbers
    assert aws.calls.by_action["s3:DeleteObjectVersion"] == 1, "a thousand go with one call"
    assert held.told[-len(numbers):] == numbers
    assert held.detect() == [] and held.clear() == []
    assert held.goes()
    assert held.detect() == [] and held.clear() == [], "what is gone holds nothing, and is cleared"


def test_objects_without_versions(aws):
    held = bucket(aws)
    put(aws, "a", "with a space & more/ü", "<Key>", "odd\x01key")
    (blocker,) = held.detect()
    assert blocker.command == ("s3", "rm", f"s3://{NAME}", "--recursive")
    assert held.clear() == ["4 objects"]
    assert held.goes()


def test_more_than_is_counted(aws, monkeypatch):
    monkeypatch.setattr("ansible_collections.workshop.lifecycle.plugins.module_utils._resources.s3.PAGES", 1)
    monkeypatch.setattr(s3, "MOST", 100)
    held = bucket(aws)
    put_many(*map(str, range(101)))
    (blocker,) = held.detect()
    assert [str(amount) for amount in blocker.amounts] == ["at least 100 objects", "at least 500 B"]
    assert "lifecycle rule" in blocker.reason


def test_what_goes_on_too_long_is_ended_and_gone_on_with(aws, monkeypatch):
    monkeypatch.setattr(s3_emptying, "MOST", 100)
    monkeypatch.setattr(s3, "MOST", 100)
    held = bucket(aws)
    put_many(*map(str, range(120)))
    with pytest.raises(NotCleared, match="more than the 100 objects and versions.*Run it again. A lifecycle rule"):
        held.clear()
    assert held.clear() == ["20 objects"]


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_ended_in_between_it_goes_on(aws, monkeypatch, how):
    monkeypatch.setattr(s3_emptying, "AT_ONCE", 1)
    monkeypatch.setattr(s3, "MOST", 100)
    held = bucket(aws)
    put_many(*(f"{number:03}" for number in range(350)))
    if how == "killed":
        held.told = Told(die)
        with pytest.raises(SystemExit):
            held.clear()
        held.told = []
    else:
        held.stopped = lambda: bool(held.told)
        assert held.clear() != ["350 objects"]
        held.stopped = lambda: False
    left = sum(amount.count for amount in held.detect()[0].amounts if amount.many == "objects")
    assert 0 < left < 350
    assert held.clear() == [f"{left:,} objects"]
    assert held.goes()


def die() -> None:
    raise SystemExit


class Told(list):
    """Calls something when it is first told of progress."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self._call = call

    def extend(self, words: Iterable[str]) -> None:
        if not self:
            self._call()
        super().extend(words)


def test_what_may_not_be_deleted_is_no_success(aws):
    held = bucket(aws)
    put(aws, "a", "b")
    aws.faults.deny("s3:DeleteObjectVersion")
    with pytest.raises(AwsCallError, match="Access Denied .a and 1 others in the bucket") as caught:
        held.clear()
    assert caught.value.action == "s3:DeleteObjectVersion"
    assert "Allow the IAM action s3:DeleteObjectVersion." in caught.value.advice()
    assert in_it(aws) == 2


@pytest.mark.parametrize("action", ["s3:GetBucketLocation", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"])
def test_what_may_not_be_looked_at_is_a_gap(aws, action):
    held = bucket(aws)
    put(aws, "a")
    aws.faults.deny(action)
    assert held.gaps() == [action]


def test_locks_are_looked_up_only_where_there_may_be_some(aws):
    held = bucket(aws, **LOCKING)
    put(aws, "free")
    assert held.detect()[0].clear == BUCKET
    aws.faults.deny("s3:GetObjectRetention")
    aws.faults.deny("s3:GetObjectLegalHold")
    assert held.gaps() == ["s3:GetObjectLegalHold", "s3:GetObjectRetention"]


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        ({"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": TOMORROW}, "locked, as .* in compliance mode"),
        ({"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": TOMORROW}, "locked, as .* in governance mode"),
        ({"ObjectLockLegalHoldStatus": "ON"}, "under a legal hold, as exam.pdf in"),
    ],
)
def test_a_locked_version(aws, lock, words):
    """object-lock.html; what it says: versity/versitygw#1330"""
    held = bucket(aws, **LOCKING)
    put(aws, "free")
    put(aws, "exam.pdf", **lock)
    (blocker,) = held.detect()
    assert blocker.clear == "" and blocker.certain
    assert re.search(words, blocker.reason)
    with pytest.raises(NotCleared, match="does not delete exam.pdf in the bucket.*protected by object lock"):
        held.clear()


def test_a_bucket_of_the_same_name_elsewhere(aws):
    held = bucket(aws)
    s3 = aws.client("s3", "us-east-1")
    s3.delete_bucket(Bucket=NAME)
    s3.create_bucket(Bucket=NAME)
    put(aws, "theirs")
    (blocker,) = held.detect()
    assert blocker.clear == "" and f"The bucket {NAME} is in us-east-1" in blocker.reason
    with pytest.raises(NotCleared, match="is in us-east-1"):
        held.clear()
    assert in_it(aws) == 1


def test_a_bucket_that_has_become_another_accounts(aws):
    """bucket-owner-condition.html"""
    held = bucket(aws)
    aws.client("s3").create_bucket(Bucket="other", CreateBucketConfiguration={"LocationConstraint": aws.region})
    aws.faults.bucket_of_another(NAME)
    (blocker,) = held.detect()
    assert blocker.clear == "" and "is not one of this account any more" in blocker.reason
    with pytest.raises(AwsCallError, match="AccessDenied"):
        held.clear()


def test_objects_written_once_meanwhile(aws):
    """aws/aws-cdk#26874"""
    held = bucket(aws)
    put(aws, "a")
    aws.faults.write_late(NAME)
    assert held.clear() == ["2 objects"]
    assert [statement["Sid"] for statement in policy(aws)] == [SID], "until the bucket is gone"
    assert held.goes()


def test_writing_is_denied_and_the_policy_put_back(aws):
    held = bucket(aws)
    before = {**THEIRS, "Resource": f"arn:aws:s3:::{NAME}/*"}
    document = {"Version": "2012-10-17", "Statement": before}
    aws.client("s3").put_bucket_policy(Bucket=NAME, Policy=json.dumps(document))
    put(aws, "a")
    aws.faults.write_late(NAME, times=None)
    assert held.clear() == ["2 objects"] and held.detect() == []
    theirs, ours = policy(aws)
    assert theirs == before and (ours["Sid"], ours["Effect"], ours["Principal"]) == (SID, "Deny", "*")
    held.put_back()
    assert policy(aws) == [before]
    held.put_back()
    assert policy(aws) == [before], "done once"


def test_objects_written_on_and_on(aws):
    """Where its policy can not be changed. That names who writes."""
    held = bucket(aws)
    put(aws, "a")
    aws.faults.write_late(NAME, "AWSLogs/123456789012/elasticloadbalancing/eu-central-1/{}.log.gz", times=None)
    aws.faults.deny("s3:PutBucketPolicy")
    with pytest.raises(NotCleared) as caught:
        held.clear()
    reason = str(caught.value)
    assert "again and again by the log delivery of elasticloadbalancing, the last at 20" in reason
    assert "elasticloadbalancing/eu-central-1/3.log.gz" in reason
    assert "Allow the IAM action s3:PutBucketPolicy" in reason
    assert aws.calls.by_action["s3:DeleteObjectVersion"] == s3_emptying.ROUNDS


def test_a_policy_is_as_before_if_it_is_not_emptied(aws):
    held = bucket(aws, **LOCKING)
    put(aws, "a")
    aws.faults.write_late(NAME)

    def lock() -> None:
        put(aws, "exam.pdf", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=TOMORROW)

    held.told = Told(lock)
    with pytest.raises(NotCleared, match="object lock"):
        held.clear()
    with pytest.raises(aws.client("s3").exceptions.ClientError, match="NoSuchBucketPolicy"):
        policy(aws)
    assert [call.action for call in aws.calls.log].count("s3:DeleteBucketPolicy") == 1


def made_anew(aws: Emulator, held: Held) -> None:
    """The stack's own is deleted by hand; the stack goes on listing it."""
    aws.client("s3").delete_bucket(Bucket=NAME)
    assert held.ids == [NAME]


def test_one_that_another_stack_has_made_under_its_name_is_left_to_that(aws: Emulator) -> None:
    held = bucket(aws)
    made_anew(aws, held)
    stack(aws, {"Vault": {"Type": BUCKET, "Properties": {"BucketName": NAME}}}, "bank")
    put(aws, "money")
    (blocker,) = held.detect()
    assert (blocker.clear, blocker.certain) == ("", True) and "is that of the stack bank" in blocker.reason
    # The other one's own is that of the other one.
    theirs = Held(aws, aws.client("cloudformation").describe_stacks(StackName="bank")["Stacks"][0]["StackId"], BUCKET)
    assert theirs.detect()[0].clear == BUCKET


def test_one_that_somebody_has_made_by_hand_under_its_name_is_left_alone(aws: Emulator) -> None:
    held = bucket(aws)
    made_anew(aws, held)
    aws.client("s3").create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": aws.region})
    put(aws, "diary")
    assert held.detect()[0].clear == BUCKET, "S3's date may be a little later than CloudFormation's"
    (listed,) = aws.client("cloudformation").describe_stack_resources(PhysicalResourceId=NAME)["StackResources"]
    s3_backends[ACCOUNT_ID]["aws"].buckets[NAME].creation_date = listed["Timestamp"] + timedelta(hours=1)
    (blocker,) = held.detect()
    assert (blocker.clear, blocker.certain) == ("", True) and "has no tag of CloudFormation" in blocker.reason


def test_one_of_which_nobody_may_see_who_has_made_it_is_left_alone(aws: Emulator) -> None:
    held = bucket(aws)
    put(aws, "a")
    aws.faults.deny("s3:GetBucketTagging")
    assert held.gaps() == ["s3:GetBucketTagging"]
    with held._looks(*held.row.detects) as looks:
        ((_name, blocker),) = held.row.detect(looks, held.ours(), held.ids)
    assert blocker.clear == "" and "could not be looked at" in blocker.reason
