# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workshops there are in several regions, with an AWS that answers what a test says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.everywhere import WorkshopsRun, enabled_regions

from ...fake_aws import FakeAws, refusal
from ..made_stacks import DAY, res, ssm, stack
from .test_run import aws

NET = stack("shop-net", {"Nat": res("EC2::NatGateway", "nat-0123456789abcdef0")})
BASES = {"A": res("RDS::DBInstance", "a"), "B": res("RDS::DBInstance", "b"), "Not": res("RDS::DBInstance", "")}
API = stack("shop-api", BASES)
USER = stack("web", parameters={"Nat": "nat-0123456789abcdef0"})
DENIED = refusal("AccessDenied")


def take(**regions: FakeAws) -> dict[str, Any]:
    run = WorkshopsRun(lambda name: Looks(regions[name], sleep=lambda seconds: None), json.loads)
    return run.take(list(regions))


def test_each_region_has_its_own() -> None:
    found = take(here=aws(NET, API), there=aws(), beyond=aws(stack("notes")))
    first, second = found["workshops"]
    assert first == {
        "name": "shop",
        "region": "here",
        "by": "prefix",
        "scope": {"prefix": "shop-"},
        "stacks": ["shop-api", "shop-net"],
        "joined": [],
        "linked": [],
        "made": DAY.isoformat(),
        "runs": {"nat_gateways": 1, "databases": 2},
        "not_counted": [],
        "not_known": [],
    }
    assert (second["name"], second["region"], second["scope"]) == ("notes", "beyond", {"names": ["notes"]})
    assert found["regions"] == ["here", "there", "beyond"] and found["gaps"] == []


def test_templates_are_read_where_no_tag_says_what_belongs_together() -> None:
    alone = aws(NET, API, stack("CDKToolkit"))
    take(here=alone)
    assert len(alone.asked("cloudformation.list_stack_resources")) == 2
    assert not alone.asked("cloudformation.get_template")
    tagged = aws(stack("a", tags={"project": "one"}), stack("b", tags={"project": "two"}))
    take(here=tagged)
    assert not tagged.asked("cloudformation.get_template")
    several = aws(NET, API, stack("notes"))
    take(here=several)
    assert [len(several.asked(f"cloudformation.{name}")) for name in ("list_stack_resources", "get_template")] == [3, 3]


def test_what_only_a_template_shows() -> None:
    user = stack("web", {"It": res("EC2::Route", "r", NatGatewayId="nat-0123456789abcdef0")})
    (row,) = take(here=aws(NET, API, user))["workshops"]
    assert row["scope"] == {"prefix": "shop-", "names": ["web"]}
    assert row["joined"] == [
        {"stack": "web", "because": "It of web names nat-0123456789abcdef0, EC2::NatGateway Nat of shop-net"}
    ]
    assert len(take(here=aws(NET, API, user, get_template=DENIED))["workshops"]) == 2


def test_what_has_an_id_of_a_workshop_joins_it() -> None:
    (row,) = take(here=aws(NET, API, USER))["workshops"]
    assert [item["stack"] for item in row["joined"]] == ["web"]
    assert row["scope"] == {"prefix": "shop-", "names": ["web"]}


def test_what_deploys_is_of_no_workshop() -> None:
    boot = stack("shop-boot", {"Version": ssm("/cdk-bootstrap/hnb659fds/version", "1")})
    found = take(here=aws(NET, API, boot, stack("CDKToolkit")))
    (row,) = found["workshops"]
    assert row["stacks"] == ["shop-api", "shop-net"] and row["scope"] == {"prefix": "shop-"}
    assert [(item["region"], item["stack"]) for item in found["left_out"]] == [
        ("here", "CDKToolkit"),
        ("here", "shop-boot"),
    ]


def test_what_cannot_be_read_is_a_gap() -> None:
    found = take(here=aws(NET, API, list_stack_resources=DENIED), there=aws(NET, describe_stacks=DENIED))
    (row,) = found["workshops"]
    assert row["runs"] == {} and row["not_counted"] == ["shop-api", "shop-net"]
    assert [(gap["region"], gap["action"], gap["denied"]) for gap in found["gaps"]] == [
        ("here", "cloudformation:ListStackResources", True),
        ("there", "cloudformation:DescribeStacks", True),
    ]


def test_a_region_that_fails_is_a_gap_where_another_answers() -> None:
    broken = aws(NET, describe_stacks=refusal("InvalidClientTokenId", status=403))
    found = take(here=aws(NET), there=broken)
    assert [row["region"] for row in found["workshops"]] == ["here"]
    assert [(gap["region"], gap["denied"]) for gap in found["gaps"]] == [("there", False)]
    with pytest.raises(AwsCallError):
        take(there=broken)


def test_which_regions_are_enabled() -> None:
    answers: dict[str, Any] = {"ec2.describe_regions": {"Regions": [{"RegionName": "b"}, {"RegionName": "a"}]}}
    with Looks(FakeAws(answers)) as looks:
        assert enabled_regions(looks) == ["a", "b"] and looks.gaps() == []
    with Looks(FakeAws({"ec2.describe_regions": refusal("UnauthorizedOperation", status=403)})) as looks:
        assert enabled_regions(looks) == []
        assert [(gap["action"], gap["denied"]) for gap in looks.gaps()] == [("ec2:DescribeRegions", True)]
