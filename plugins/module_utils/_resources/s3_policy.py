# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Nobody may write into a bucket that is being emptied: a statement of ours in its policy, and the policy without it.

The statement is known by its Sid, so that it can be taken away again by a run that did not put it there.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Mapping

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .clearing import Work

#: Sid of the statement.
SID = "WorkshopLifecycleIsEmptyingThisBucket"
# With these all objects come into a bucket, also copies, parts of uploads, and logs that services deliver:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_WRITES = ("s3:PutObject", "s3:ReplicateObject")
ACTIONS = ("s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy")

Policy = Mapping[str, Any]


def deny_writes(work: Work, name: str) -> None:
    """Until :func:`allow_writes`, or until the bucket is gone. Raises :class:`AwsCallError`."""
    policy = _policy(work, name) or {"Version": "2012-10-17"}
    statement = {
        "Sid": SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(_WRITES),
        "Resource": f"arn:{work.client('s3').meta.partition}:s3:::{name}/*",
    }
    _put(work, name, {**policy, "Statement": [*_others(policy), statement]})


def allow_writes(work: Work, name: str) -> None:
    """The policy as it is without our statement; nothing to do without that. Raises :class:`AwsCallError`."""
    policy = _policy(work, name)
    if policy is None or _others(policy) == _statements(policy):
        return
    if _others(policy):
        _put(work, name, {**policy, "Statement": _others(policy)})
        return

    def delete() -> None:
        with aws_call("s3:DeleteBucketPolicy"):
            work.client("s3").delete_bucket_policy(Bucket=name, **whose(work.account))

    work.looks.tried(delete)


def whose(account: str) -> dict[str, str]:
    """Arguments with which S3 refuses a bucket that has become another account's: its name was free for a while.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    return {"ExpectedBucketOwner": account} if account else {}


def _policy(work: Work, name: str) -> dict[str, Any] | None:
    """That of the bucket; None if it has none, or is gone."""

    def get() -> Any:
        with aws_call("s3:GetBucketPolicy"):
            return work.client("s3").get_bucket_policy(Bucket=name, **whose(work.account))["Policy"]

    try:
        return json.loads(work.looks.tried(get))
    except AwsCallError as error:
        if error.code in ("NoSuchBucketPolicy", "NoSuchBucket"):
            return None
        raise


def _put(work: Work, name: str, policy: Policy) -> None:
    def put() -> None:
        with aws_call("s3:PutBucketPolicy"):
            work.client("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy), **whose(work.account))

    work.looks.tried(put)


def _statements(policy: Policy) -> list[Policy]:
    """All of them. One alone need not be in a list:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _others(policy: Policy) -> list[Policy]:
    """Those that are not ours."""
    return [statement for statement in _statements(policy) if statement.get("Sid") != SID]
