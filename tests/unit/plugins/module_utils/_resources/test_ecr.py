# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repositories, from answers that no look-alike gives."""

from __future__ import annotations

import botocore.session
import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Work
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_at
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.templates import says
from tests.unit.plugins.fake_aws import FakeAws, refusal

REPOSITORY = "AWS::ECR::Repository"
PUBLIC = "AWS::ECR::PublicRepository"
IMAGE = {"imageDigest": "sha256:1", "imageTags": ["v1"], "imageSizeInBytes": 7}
SESSION = botocore.session.get_session()


class Aws(FakeAws):
    """Clients that know what their services take, but for what an older botocore does not know."""

    def __init__(self, answers, older=False):
        super().__init__(answers)
        self.older = older

    def __call__(self, service):
        client = super().__call__(service)
        client.meta = Meta(service, self.older)
        return client


class Meta:
    """What a client knows of its service."""

    def __init__(self, service, older):
        self.service_model = SESSION.get_service_model("ecr-public" if older else service)


def stack(logical_id="Web", kind=REPOSITORY, physical_id="shop/web"):
    row = {"LogicalResourceId": logical_id, "ResourceType": kind, "PhysicalResourceId": physical_id, "StackId": "arn:s"}
    return {"StackResources": [row]}


def private(**answers):
    return {
        "ecr.describe_images": lambda **asked: {"imageDetails": [] if "filter" in asked else [IMAGE]},
        "ecr.describe_pull_through_cache_rules": {"pullThroughCacheRules": []},
        "ecr.describe_registry": {"replicationConfiguration": {"rules": []}},
        "cloudformation.describe_stack_resources": stack(),
        "cloudformation.get_template": {"TemplateBody": {"Resources": {"Web": {"Type": REPOSITORY}}}},
        **answers,
    }


def detect(aws, kind=REPOSITORY):
    with Looks(aws) as looks:
        ours = Ours(owned={Resource(kind, "shop/web"): "shop"})
        found = TYPES[kind].clearing.detect(looks, ours, ["shop/web"])
        return [blocker for _name, blocker in found], looks.gaps()


def test_what_is_not_active_is_asked_for_where_botocore_knows_it():
    aws = Aws(private())
    detect(aws)
    asked = [arguments.get("filter") for arguments in aws.asked("ecr.describe_images")]
    # The oldest supported botocore is an older one itself.
    knows = "imageStatus" in SESSION.get_service_model("ecr").shape_for("DescribeImagesFilter").members
    assert asked == [None, *([{"imageStatus": "ARCHIVED"}, {"imageStatus": "ACTIVATING"}] if knows else [])]
    older = Aws(private(), older=True)
    assert detect(older)[0] and len(older.asked("ecr.describe_images")) == 1


def test_deletions_that_are_replicated_are_lost_as_well():
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ReplicationRule.html"""
    rule = {"destinations": [{"region": "eu-west-1", "registryId": "1"}], "deleteReplication": {"enabled": True}}
    registry = {"replicationConfiguration": {"rules": [rule]}}
    (blocker,), _gaps = detect(Aws(private(**{"ecr.describe_registry": registry})))
    assert blocker.lost == "all images, with all their tags; replication deletes them in 1 in eu-west-1 as well"
    assert "stays there" not in blocker.reason


def test_a_template_that_can_not_be_read_leaves_it_uncertain():
    (blocker,), gaps = detect(Aws(private(**{"cloudformation.get_template": refusal("AccessDenied")})))
    assert not blocker.certain and blocker.clear == REPOSITORY
    assert [gap["action"] for gap in gaps] == ["cloudformation:GetTemplate"]


def test_a_public_repository():
    """https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DeleteRepository.html"""
    aws = Aws({"ecr-public.describe_images": {"imageDetails": [IMAGE]}})
    (blocker,), gaps = detect(aws, PUBLIC)
    assert (blocker.type, blocker.clear, blocker.certain, gaps) == (PUBLIC, PUBLIC, True, [])
    assert [str(amount) for amount in blocker.amounts] == ["1 image", "7 B"]
    aws.answers["ecr-public.describe_images"] = lambda **_asked: {
        "imageDetails": [] if aws.asked("ecr-public.batch_delete_image") else [IMAGE]
    }
    aws.answers["ecr-public.batch_delete_image"] = {"failures": []}
    assert clear(aws, PUBLIC) == ["1 image"]


def clear(aws, kind=REPOSITORY):
    looks = Looks(aws, lambda seconds: None)
    work = Work(looks, "arn:s", "1", lambda amounts: None, lambda: False, lambda seconds: None, Ours())
    return [str(amount) for amount in TYPES[kind].clearing.clear(work, "shop/web")]


def test_an_image_that_can_not_be_deleted_is_no_success():
    row = {"failureCode": "KmsError", "failureReason": "No key", "imageId": {"imageDigest": "sha256:1"}}
    aws = Aws(private(**{"ecr.batch_delete_image": {"failures": [row]}}))
    with pytest.raises(AwsCallError, match="KmsError: No key .sha256:1 in the repository shop/web") as caught:
        clear(aws)
    assert caught.value.action == "ecr:BatchDeleteImage"


def test_one_that_is_gone_holds_nothing():
    aws = Aws(private(**{"ecr.describe_images": refusal("RepositoryNotFoundException")}))
    assert detect(aws) == ([], []) and clear(aws) == []


def test_its_arn():
    arn = "arn:aws:ecr:eu-central-1:123456789012:repository/shop/web"
    assert resource_at(arn) == Resource(REPOSITORY, "shop/web")


YAML = """
Mappings:
  Web:
    EmptyOnDelete:
      EmptyOnDelete: true
Resources:
  Other:
    Type: AWS::ECR::Repository
    Properties:
      EmptyOnDelete: true

  Web:   # of the shop
    Type: AWS::ECR::Repository
    Properties:
{lines}
  Last:
    Properties:
      EmptyOnDelete: true
Outputs:
  Web:
    EmptyOnDelete: true
"""


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("      EmptyOnDelete: true", True),
        ("# a remark\n\n      'EmptyOnDelete': \"true\"", True),
        ("      EmptyOnDelete: false", False),
        ("      # EmptyOnDelete: true", False),
        ("      RepositoryName: shop", False),
    ],
)
def test_what_a_template_in_yaml_says(lines, told):
    answers = {"cloudformation.describe_stack_resources": stack()}
    aws = FakeAws({**answers, "cloudformation.get_template": {"TemplateBody": YAML.replace("{lines}", lines)}})
    with Looks(aws) as looks:
        assert says(looks, REPOSITORY, "shop/web", "EmptyOnDelete") is told


@pytest.mark.parametrize(
    ("found", "told"), [(stack(kind="AWS::Logs::LogGroup"), False), (stack(physical_id="shop"), False), (stack(), True)]
)
def test_what_is_another_resource_of_this_name_says_nothing(found, told):
    body = {"Resources": {"Web": {"Type": REPOSITORY, "Properties": {"EmptyOnDelete": "true"}}}}
    answers = {"cloudformation.describe_stack_resources": found}
    aws = FakeAws({**answers, "cloudformation.get_template": {"TemplateBody": body}})
    with Looks(aws) as looks:
        assert says(looks, REPOSITORY, "shop/web", "EmptyOnDelete") is told
