# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.owners import Owners
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Entry
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Stacks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.verify import Verification
from tests.unit.plugins.fake_aws import FakeAws

ARN = "arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-{}"


def tagged(number, stack_id):
    tags = {"aws:cloudformation:stack-name": "vpc", "aws:cloudformation:stack-id": stack_id}
    return {"ResourceARN": ARN.format(number), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def kept(number, status="DELETE_SKIPPED", logical_id="Subnet"):
    return StackResource(logical_id, f"subnet-{number}", "AWS::EC2::Subnet", status)


def deleted(*resources, stack_ids=("old",), **more):
    return Stacks(inventory=[Entry("vpc", stack_id, False, None, resources) for stack_id in stack_ids], **more)


def account(hits=(), there=(), owned=()):
    """An account with hits of the tagging API, and subnets that are there."""

    def describe(Filters):
        return {"Subnets": [{"SubnetId": name} for name in Filters[0]["Values"] if name in there]}

    def owner(PhysicalResourceId):
        rows = [{"PhysicalResourceId": name, "StackName": "new", "StackId": "n", "ResourceStatus": "CREATE_COMPLETE"}
                for name in owned]  # fmt: skip
        return {"StackResources": rows}

    return FakeAws(
        {
            "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": list(hits)},
            "cloudformation.describe_stack_resources": owner,
            "ec2.describe_subnets": describe,
        }
    )


def verify(aws, stacks, known=(), gone=()):
    looks = Looks(aws)
    verification = Verification(looks, "eu-central-1")
    return verification.rows(verification.tagged(["vpc"]), stacks, known, gone, Owners(looks, stacks))


DELETED = deleted()


def test_only_what_its_service_shows_counts():
    untagged = tagged(1, "old") | {"Tags": []}
    hits = [tagged(2, "old"), tagged(1, "old"), tagged(3, "live"), untagged]
    stacks = deleted(names={"live": "vpc"})
    found, left = verify(account(hits, there=["subnet-1", "subnet-3"]), stacks)
    assert left == [] and found == [
        {"arn": ARN.format(1), "type": "AWS::EC2::Subnet", "stack_name": "vpc", "confirmed": True,
         "how_to_remove": "aws ec2 delete-subnet --subnet-id subnet-1 --region eu-central-1"}
    ]  # fmt: skip


def test_what_can_not_be_looked_up_counts_unconfirmed():
    hit = tagged(1, "old") | {"ResourceARN": "arn:aws:sqs:eu-central-1:123456789012:q"}
    (row,), _left = verify(account([hit]), DELETED)
    assert (row["type"], row["confirmed"], row["how_to_remove"]) == ("sqs:q", False, "")


def test_what_was_left_on_purpose_is_told_once():
    stacks = deleted(kept(1), kept(2), kept(3, "DELETE_COMPLETE"))
    found, left = verify(account([tagged(1, "old")], there=["subnet-1"]), stacks)
    assert found == [] and left == [
        {"stack_name": "vpc", "stack_id": "old", "logical_id": "Subnet", "physical_id": "subnet-1",
         "type": "AWS::EC2::Subnet", "present": True,
         "how_to_remove": "aws ec2 delete-subnet --subnet-id subnet-1 --region eu-central-1"}
    ]  # fmt: skip


def test_of_several_deleted_stacks_the_newest_tells():
    stacks = deleted(kept(1), stack_ids=["newer", "older"])
    _found, left = verify(account(there=["subnet-1"]), stacks)
    assert [row["stack_id"] for row in left] == ["newer"]


def test_what_a_live_stack_has_taken_over_is_not_left():
    stacks = deleted(kept(1), names={"n": "new"})
    assert verify(account(there=["subnet-1"], owned=["subnet-1"]), stacks) == ([], [])


@pytest.mark.parametrize("there, told", [([], 0), (["subnet-1"], 1)])
def test_of_a_known_stack_is_told_what_is_there_by_its_tags(there, told):
    found, left = verify(account([tagged(1, "old")], there), deleted(kept(1)), known=["old"])
    assert found == [] and len(left) == told


def test_what_is_known_to_be_gone_is_not_looked_up():
    aws = account([tagged(1, "old")], there=["subnet-1"])
    assert verify(aws, DELETED, gone=[ARN.format(1)]) == ([], [])
    assert not aws.asked("ec2.describe_subnets")


def test_names_in_twenties():
    aws = account()
    names = [f"s{number}" for number in range(24)]
    assert Verification(Looks(aws), "eu-central-1").tagged(names) == []
    filters = [call["TagFilters"][0]["Values"] for call in aws.asked("resourcegroupstaggingapi.get_resources")]
    assert sorted(filters, key=len) == [names[20:], names[:20]]
