# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources import general
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.owners import Owners
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Entry
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Stacks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.verify import Verification
from tests.unit.plugins.fake_aws import FakeAws, refusal

ARN = "arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-{}"


def tagged(number, stack_id):
    tags = {"aws:cloudformation:stack-name": "vpc", "aws:cloudformation:stack-id": stack_id}
    return {"ResourceARN": ARN.format(number), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def had(number, status="DELETE_COMPLETE", logical_id="Subnet", kind="AWS::EC2::Subnet"):
    return StackResource(logical_id, f"subnet-{number}", kind, status)


def deleted(*resources, stack_ids=("old",), **more):
    return Stacks(inventory=[Entry("vpc", stack_id, False, None, resources) for stack_id in stack_ids], **more)


def account(hits=(), there=(), owned=()):
    """An account with hits of the tagging API, and subnets that are there."""

    def describe(Filters):
        return {"Subnets": [{"SubnetId": name} for name in Filters[0]["Values"] if name in there]}

    def owner(PhysicalResourceId):
        rows = [{"PhysicalResourceId": name, "StackName": "new", "StackId": "n", "ResourceStatus": "CREATE_COMPLETE",
                 "ResourceType": "AWS::EC2::Subnet"} for name in owned]  # fmt: skip
        return {"StackResources": rows}

    return FakeAws(
        {
            "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": list(hits)},
            "cloudformation.describe_stack_resources": owner,
            "ec2.describe_subnets": describe,
        }
    )


def verify(aws, stacks, known=()):
    """What is there, and the gaps."""
    looks = Looks(aws)
    verification = Verification(looks, "eu-central-1")
    return verification.proof(verification.tagged(["vpc"]), stacks, Owners(looks, stacks, dict(known))), looks.gaps()


def numbers(rows):
    return [row["physical_id"] for row in rows]


@pytest.mark.parametrize("status", ["DELETE_COMPLETE", "DELETE_SKIPPED", "DELETE_FAILED", "UPDATE_COMPLETE", ""])
def test_what_a_stack_had_and_is_there_remains_whatever_became_of_it(status):
    proof, _gaps = verify(account(there=["subnet-1"]), deleted(had(1, status), had(2, status)))
    assert proof.remaining == [
        {"stack_name": "vpc", "stack_id": "old", "logical_id": "Subnet", "type": "AWS::EC2::Subnet",
         "physical_id": "subnet-1", "status": status, "present": True,
         "how_to_remove": "aws ec2 delete-subnet --subnet-id subnet-1 --region eu-central-1"}
    ]  # fmt: skip
    assert proof.tagged == proof.owned == proof.not_looked_up == []


def test_what_may_not_be_looked_up_remains_as_unknown():
    aws = account(there=["subnet-1"])
    aws.answers["ec2.describe_subnets"] = refusal("AccessDenied")
    proof, gaps = verify(aws, deleted(had(1)))
    assert [row["present"] for row in proof.remaining] == [None] and gaps[0]["action"] == "ec2:DescribeSubnets"


def test_what_a_live_stack_has_and_what_was_never_made_is_not_looked_at():
    live = Entry("vpc", "live", True, None, (had(1, "CREATE_COMPLETE"),))
    never = Entry("vpc", "old", False, None, (StackResource("Subnet", "", "AWS::EC2::Subnet", "DELETE_COMPLETE"),))
    unread = Entry("other", "unread", False, None, None)
    aws = account(there=["subnet-1"])
    proof, _gaps = verify(aws, Stacks(inventory=[live, never, unread]))
    assert proof.remaining == [] and not aws.asked("ec2.describe_subnets")


def test_of_several_deleted_stacks_the_newest_tells():
    proof, _gaps = verify(account(there=["subnet-1"]), deleted(had(1), stack_ids=["newer", "older"]))
    assert [row["stack_id"] for row in proof.remaining] == ["newer"]


def test_what_another_stack_owns_by_now_is_theirs():
    stacks = deleted(had(1), names={"n": "new"})
    proof, _gaps = verify(account(there=["subnet-1"], owned=["subnet-1"]), stacks)
    assert proof.remaining == []
    assert proof.owned == [
        {"kind": "AWS::EC2::Subnet", "name": "subnet-1", "id": "subnet-1", "service_id": None, "details": {},
         "stack_name": "new"}
    ]  # fmt: skip


def test_a_type_that_is_not_known_is_not_looked_up():
    rule = had(1, kind="AWS::Events::Rule")
    arn = "arn:aws:events:eu-central-1:123456789012:rule/subnet-1"
    for hits, is_tagged in (([], False), ([tagged(1, "old") | {"ResourceARN": arn}], True)):
        proof, gaps = verify(account(hits), deleted(rule))
        assert proof.not_looked_up == [
            {"stack_name": "vpc", "type": "AWS::Events::Rule", "physical_id": "subnet-1", "tagged": is_tagged,
             "why": general.NO_IDENTIFIER}
        ]  # fmt: skip
        assert proof.remaining == proof.tagged == gaps == []


def test_a_service_whose_cluster_nobody_knows_is_not_looked_up():
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/web"
    proof, gaps = verify(account(), deleted(StackResource("Service", arn, "AWS::ECS::Service", "DELETE_COMPLETE")))
    assert [row["physical_id"] for row in proof.not_looked_up] == [arn] and proof.remaining == gaps == []


def test_a_service_that_aws_has_ended_tells_nothing_which_is_no_gap():
    mesh = StackResource("Mesh", "arn:aws:appmesh:eu-central-1:1:mesh/shop", "AWS::AppMesh::Mesh", "DELETE_SKIPPED")
    aws = account()
    aws.answers["appmesh.list_meshes"] = EndpointConnectionError(endpoint_url="http://x")
    proof, gaps = verify(aws, deleted(mesh))
    assert [row["type"] for row in proof.not_looked_up] == ["AWS::AppMesh::Mesh"] and proof.remaining == gaps == []


def test_what_is_known_by_its_tags_alone_is_told_if_it_is_there():
    untagged = tagged(1, "old") | {"Tags": []}
    hits = [tagged(2, "old"), tagged(1, "old"), tagged(3, "live"), untagged]
    proof, _gaps = verify(account(hits, there=["subnet-1", "subnet-3"]), deleted(names={"live": "vpc"}))
    assert proof.remaining == [] and proof.tagged == [
        {"arn": ARN.format(1), "type": "AWS::EC2::Subnet", "stack_name": "vpc", "confirmed": True,
         "how_to_remove": "aws ec2 delete-subnet --subnet-id subnet-1 --region eu-central-1"}
    ]  # fmt: skip


def test_what_has_tags_and_can_not_be_looked_up_counts_unconfirmed():
    hit = tagged(1, "old") | {"ResourceARN": "arn:aws:sqs:eu-central-1:123456789012:q"}
    proof, _gaps = verify(account([hit]), deleted())
    (row,) = proof.tagged
    assert (row["type"], row["confirmed"], row["how_to_remove"]) == ("sqs:q", False, "")


@pytest.mark.parametrize("there", [True, False])
def test_what_a_stack_had_is_not_told_again_by_its_tags(there):
    proof, _gaps = verify(account([tagged(1, "old")], there=["subnet-1"] if there else []), deleted(had(1)))
    assert proof.tagged == [] and numbers(proof.remaining) == ["subnet-1"] * there


def test_one_name_in_two_services_is_two_things():
    table = StackResource("Table", "shop", "AWS::DynamoDB::Table", "DELETE_COMPLETE")
    hit = tagged(1, "old") | {"ResourceARN": "arn:aws:sqs:eu-central-1:123456789012:shop"}
    aws = account([hit])
    aws.answers["dynamodb.describe_table"] = refusal("ResourceNotFoundException")
    assert [row["type"] for row in verify(aws, deleted(table))[0].tagged] == ["sqs:shop"]


def test_names_in_twenties():
    aws = account()
    names = [f"s{number}" for number in range(24)]
    assert Verification(Looks(aws), "eu-central-1").tagged(names) == []
    filters = [call["TagFilters"][0]["Values"] for call in aws.asked("resourcegroupstaggingapi.get_resources")]
    assert sorted(filters, key=len) == [names[20:], names[:20]]
