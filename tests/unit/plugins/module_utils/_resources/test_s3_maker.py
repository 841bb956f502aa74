# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.s3_maker import BUCKET
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.s3_maker import why_not_ours
from tests.unit.plugins.fake_aws import FakeAws, refusal

OURS = Ours({Resource(BUCKET, "assets"): "shop"})
MADE = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
GONE = refusal("ValidationError", "Stack with id x does not exist")


def stack_id(name):
    return f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/1"


def row(status="CREATE_COMPLETE", name="assets", kind=BUCKET):
    return {"ResourceType": kind, "PhysicalResourceId": name, "ResourceStatus": status, "Timestamp": MADE}


def why(maker="", *, lists=None, root="", date=MADE, tags=None, rows=(row(),)):
    """``maker``: the stack that its tag names; ``lists``: what that one has under the logical id of the tag."""
    named = [
        {"Key": "aws:cloudformation:stack-id", "Value": stack_id(maker)},
        {"Key": "aws:cloudformation:logical-id", "Value": "Assets"},
    ]
    aws = FakeAws(
        {
            "s3.get_bucket_tagging": tags or ({"TagSet": named} if maker else refusal("NoSuchTagSet", status=404)),
            "cloudformation.describe_stack_resource": GONE if lists is None else {"StackResourceDetail": lists},
            "cloudformation.describe_stacks": {"Stacks": [{"RootId": stack_id(root)} if root else {}]},
            "cloudformation.describe_stack_resources": {"StackResources": list(rows)},
        }
    )
    with Looks(aws, lambda seconds: None) as looks:
        return why_not_ours(looks, OURS, "assets", lambda: date), looks.gaps()


@pytest.mark.parametrize(
    "of",
    [
        {"maker": "shop"},
        {"maker": "shop-Inner-1ABC", "lists": row(), "root": "shop"},
        {"maker": "bank"},
        {"maker": "bank", "lists": row("DELETE_SKIPPED")},
        {"maker": "bank", "lists": row(name="another")},
    ],
    ids=["ours", "nested in ours", "a stack that is gone", "let go of", "another bucket of that stack"],
)
def test_it_is_that_of_a_stack_of_ours_or_was_taken_over_by_one(of):
    assert why(**of) == ("", [])


@pytest.mark.parametrize("root", ["", "bank-of-all"])
def test_it_is_that_of_another_stack_which_has_made_it_and_has_it(root):
    reason, gaps = why("bank", lists=row(), root=root)
    assert "is that of the stack bank" in reason and gaps == []


def test_without_a_tag_the_dates_tell_what_may_be():
    assert why(date=MADE + timedelta(minutes=15)) == ("", [])
    assert why(date=None) == ("", []) == why(rows=[row("DELETE_COMPLETE")], date=MADE + timedelta(days=9))
    reason, _gaps = why(date=MADE + timedelta(minutes=16))
    assert "no tag of CloudFormation" in reason and "2026-10-01 12:16 UTC" in reason


def test_what_may_not_be_looked_at_is_not_taken_for_ours():
    reason, gaps = why(tags=refusal("AccessDenied", status=403))
    assert "could not be looked at" in reason and [gap["action"] for gap in gaps] == ["s3:GetBucketTagging"]
