# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import ALL
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreed_to
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreement_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import clearable
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import called
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import cleared_words
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import is_protection
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import noun
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.words import progress
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import PROTECTION
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Amount
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import added
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.custom import CUSTOM
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Resource
from tests.unit.plugins.module_utils.boxes import BOX, SAFE, Boxes, things


@pytest.mark.parametrize(
    ("type_name", "words"),
    [
        ("AWS::S3::Bucket", "bucket"),
        ("AWS::Logs::LogGroup", "log group"),
        ("AWS::RDS::DBInstance", "DB instance"),
        ("AWS::EC2::VPC", "VPC"),
        ("AWS::Route53::HostedZone", "hosted zone"),
        ("Custom::S3AutoDelete", "S3 auto delete"),
        ("odd", "odd"),
    ],
)
def test_a_type_in_a_sentence(type_name, words):
    assert noun(type_name) == words


def test_a_resource_in_a_sentence():
    arn = "arn:aws:{}:eu-central-1:123456789012:{}"
    assert called(Resource("AWS::ECS::Cluster", arn.format("ecs", "cluster/shop"))) == "cluster shop"
    assert called(Resource("AWS::SNS::Topic", arn.format("sns", "orders"))) == "topic orders"
    balancer = Resource("AWS::ElasticLoadBalancingV2::LoadBalancer", arn.format("x", "loadbalancer/app/shop/1a2b"))
    assert called(balancer) == "load balancer app/shop/1a2b"
    assert called(Resource("AWS::Logs::LogGroup", "/shop/web")) == "log group /shop/web"


def test_how_far_it_is():
    found = [things(12_000), Amount(310, "version", "versions")]
    assert progress([things(3000)], found) == "3,000 of 12,000 things"
    assert progress([things(12_000), Amount(1, "version", "versions")], found) == "12,000 things, 1 of 310 versions"
    assert progress([things(3000)], [Amount(1000, "thing", "things", True)]) == "3,000 things"
    assert progress([], found) == ""


def test_a_row_in_words():
    row = {"type": "AWS::S3::Bucket", "id": "assets", "amounts": [things(1204).row(), things(0).row()]}
    assert cleared_words(row) == "bucket assets: 1,204 things"
    assert cleared_words({**row, "amounts": []}) == "bucket assets"
    assert not is_protection(row)


def test_a_protection_in_words():
    row = {"type": "AWS::DynamoDB::Table", "id": "orders", "amounts": [PROTECTION.row()]}
    assert cleared_words(row) == "table orders: deletion protection" and is_protection(row)
    assert [str(amount) for amount in added([PROTECTION, PROTECTION])] == ["2 deletion protections"]


def test_amounts_are_added_by_what_they_are():
    several = [things(3), Amount(1, "image", "images"), Amount(4, "thing", "things", at_least=True)]
    assert list(map(str, added(several))) == ["at least 7 things", "1 image"]


def test_what_is_agreed_to(monkeypatch):
    Boxes(monkeypatch)
    assert {BOX, SAFE} <= set(clearable()) and "AWS::SNS::Topic" not in clearable()
    assert agreed_to([ALL]) == tuple(sorted([*clearable(), CUSTOM])) and agreed_to([]) == ()
    assert agreed_to(["AWS::Test::B*"]) == (BOX,) and agreed_to(["AWS::SNS::Topic"]) == ()
    assert agreed_to(["Custom::Filled"]) == (CUSTOM,)
    assert agreement_problem([ALL, "AWS::Test::*", "Custom::*"], "clear") == ""


def test_what_can_not_be_cleared_is_refused_with_what_can(monkeypatch):
    Boxes(monkeypatch)
    told = agreement_problem([BOX, "AWS::Test::Bix", "All"], "workshop_clear")
    assert told.startswith("workshop_clear has 'AWS::Test::Bix', 'All', of which nothing can be cleared here.")
    assert f"Did you mean {BOX}?" in told and "It takes all, or types" in told and SAFE in told
