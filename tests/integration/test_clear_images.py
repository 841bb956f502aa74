# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a repository of images up: seen with numbers, cleared, and then the stack goes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from tests.emulator import Emulator
from tests.emulator.services import ecr as service
from tests.integration.clearings import Held, stack
from tests.workshops.images import INDEX, push, push_list

REPOSITORY = "AWS::ECR::Repository"
NAME = "shop/web"

pytestmark = pytest.mark.usefixtures("still")


def repository(aws: Emulator, **properties: Any) -> Held:
    """A workshop of one stack with a repository."""
    resources = {"Web": {"Type": REPOSITORY, "Properties": {"RepositoryName": NAME, **properties}}}
    return Held(aws, stack(aws, resources), REPOSITORY)


def test_images_with_tags_and_without(aws):
    """brentley/appmeshworkshop#31, pulumi/pulumi-aws-native#1270"""
    held, ecr = repository(aws), aws.client("ecr")
    assert held.detect() == []
    for number in range(120):
        push(ecr, NAME, number, f"v{number}" if number % 4 else None)
    push(ecr, NAME, 1, "latest")
    reason = held.fails("Web")
    assert "cannot be deleted because it still contains images (Service: Ecr, Status Code: 400" in reason

    (blocker,) = held.detect()
    assert [str(amount) for amount in blocker.amounts] == ["90 images", "30 untagged images", "120 KB"]
    assert (blocker.clear, blocker.owner, blocker.certain) == (REPOSITORY, "shop-dev", True)
    assert blocker.command == ("ecr", "delete-repository", "--force", "--repository-name", NAME)

    aws.calls.clear()
    assert held.clear() == ["90 images", "30 untagged images"]
    assert aws.calls.by_action["ecr:BatchDeleteImage"] == 2, "a hundred with one call"
    assert held.detect() == [] and held.clear() == []
    assert held.goes()
    assert held.detect() == [] and held.clear() == [], "what is gone holds nothing, and is cleared"


def test_lists_of_images_go_first(aws, monkeypatch):
    """API_ImageFailure.html, ImageReferencedByManifestList"""
    monkeypatch.setattr("ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ecr.MOST", 2)
    held, ecr = repository(aws), aws.client("ecr")
    images = [push(ecr, NAME, number) for number in (1, 2, 3)]
    inner = push_list(ecr, NAME, 4, *images)
    push_list(ecr, NAME, 5, inner, kind=INDEX, tag="latest")
    assert held.clear() == ["1 image", "4 untagged images"]
    assert held.goes()


def test_archived_images_hold_it_as_well(aws):
    """API_DescribeImagesFilter.html: they are not shown if nothing is said"""
    held = repository(aws)
    aws.faults.archive_image(push(aws.client("ecr"), NAME, 1, "old"))
    assert not aws.client("ecr").describe_images(repositoryName=NAME)["imageDetails"]
    assert [str(amount) for amount in held.detect()[0].amounts] == ["1 image", "1,000 B"]
    assert held.clear() == ["1 image"]


@pytest.mark.parametrize("empties", [True, "true", False])
def test_what_empties_itself_holds_nothing(aws, empties):
    """aws-resource-ecr-repository.html, EmptyOnDelete"""
    held = repository(aws, EmptyOnDelete=empties)
    push(aws.client("ecr"), NAME, 1)
    assert bool(held.detect()) == (empties is False)
    assert held.goes() if empties else "still contains images" in held.fails("Web")


def test_a_template_that_may_not_be_read_may_say_so(aws):
    held = repository(aws)
    push(aws.client("ecr"), NAME, 1)
    aws.faults.deny("cloudformation:GetTemplate")
    assert held.gaps() == ["cloudformation:GetTemplate"]


@pytest.mark.parametrize("action", ["ecr:DescribeImages", "ecr:DescribeRegistry", "ecr:DescribePullThroughCacheRules"])
def test_what_may_not_be_looked_at_is_a_gap(aws, action):
    held = repository(aws)
    push(aws.client("ecr"), NAME, 1)
    aws.faults.deny(action)
    assert held.gaps() == [action]


def test_caches_and_copies_are_said(aws):
    """pull-through-cache.html, replication.html"""
    held, ecr = repository(aws), aws.client("ecr")
    push(ecr, NAME, 1)
    aws.faults.pull_through("shop", "public.ecr.aws")
    aws.faults.pull_through("sho", "quay.io")
    destinations = [{"region": "eu-west-1", "registryId": "123456789012"}]
    filters = [{"filter": "shop/", "filterType": "PREFIX_MATCH"}]
    rule = {"destinations": destinations, "repositoryFilters": filters}
    ecr.put_replication_configuration(replicationConfiguration={"rules": [rule]})
    reason = held.detect()[0].reason
    assert "A pull through cache of public.ecr.aws fills it anew" in reason and "quay.io" not in reason
    assert "What replication has copied to 123456789012 in eu-west-1 stays there." in reason


def test_what_may_not_be_deleted_is_no_success(aws):
    held = repository(aws)
    push(aws.client("ecr"), NAME, 1)
    aws.faults.deny("ecr:BatchDeleteImage")
    with pytest.raises(AwsCallError, match="AccessDeniedException") as caught:
        held.clear()
    assert caught.value.action == "ecr:BatchDeleteImage"


def test_ended_in_between_it_goes_on(aws, monkeypatch):
    monkeypatch.setattr("ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ecr.MOST", 2)
    held, ecr = repository(aws), aws.client("ecr")
    for number in range(5):
        push(ecr, NAME, number)
    held.stopped = lambda: bool(held.told)
    assert held.clear() == ["2 untagged images"]
    held.stopped = lambda: False
    assert held.clear() == ["3 untagged images"]
    assert held.goes()


def test_images_pushed_once_meanwhile(aws):
    held = repository(aws)
    push(aws.client("ecr"), NAME, 1, "v1")
    aws.faults.push_late(NAME)
    assert held.clear() == ["2 images"]
    assert held.goes()


def test_images_pushed_on_and_on(aws):
    held = repository(aws)
    push(aws.client("ecr"), NAME, 1, "v1")
    aws.faults.push_late(NAME, times=None)
    with pytest.raises(NotCleared, match="After 5 rounds .* some in shop/web, the newest pushed at 20.*: late-5. "):
        held.clear()


def test_a_call_has_at_most_a_hundred(aws):
    """API_BatchDeleteImage.html"""
    repository(aws)
    digests = [{"imageDigest": f"sha256:{number:064x}"} for number in range(service.MOST + 1)]
    with pytest.raises(aws.client("ecr").exceptions.InvalidParameterException):
        aws.client("ecr").batch_delete_image(repositoryName=NAME, imageIds=digests)
