# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stays when stacks go, as their templates say."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.survivors import deletion_policy, survivors
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.template import readings_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Stack

from ..made_stacks import part, res, stack_id


def shop(*inner: str, **policies: str) -> Stack:
    """A stack with a nested one, both with a bucket and a role. policies: of the outer one's resources. inner: of the
    nested one's bucket."""
    outer = part(
        "shop",
        {
            "Data": res("S3::Bucket", "shop-data"),
            "Role": res("IAM::Role", "shop-role"),
            "Db": res("RDS::DBInstance", "shop-db"),
            "Inner": res("CloudFormation::Stack", stack_id("shop-Inner")),
        },
    )
    nested = part("shop-Inner", {"Data": res("S3::Bucket", "inner-data")})
    for name, policy in policies.items():
        outer.template["Resources"][name]["DeletionPolicy"] = policy  # type: ignore[index]
    for policy in inner:
        nested.template["Resources"]["Data"]["DeletionPolicy"] = policy  # type: ignore[index]
    return Stack((outer, type(nested)(nested.view, nested.resources, nested.template, "Inner/")))


def told(made: Stack) -> list[tuple[str, str, bool]]:
    rows = survivors([made], readings_of([made]))
    assert {row["stack"] for row in rows} <= {"shop"}
    return [(row["logical_id"], row["policy"], row["costs"]) for row in rows]


def test_what_a_template_keeps_with_what_costs() -> None:
    made = shop("RetainExceptOnCreate", Data="Retain", Role="Retain", Db="Delete")
    kept = [("Data", "Retain", True), ("Role", "Retain", False), ("Inner/Data", "RetainExceptOnCreate", True)]
    assert told(made) == kept
    (row, *_others) = survivors([made], readings_of([made]))
    assert (row["type"], row["physical_id"]) == ("AWS::S3::Bucket", "shop-data")


def test_what_is_in_a_nested_stack_that_stays_stays_with_it() -> None:
    assert told(shop("Delete", Inner="Retain", Db="Delete")) == [("Inner", "Retain", True)]
    assert told(shop("Retain", Inner="Retain", Db="Delete")) == [("Inner", "Retain", True)]


def test_a_database_leaves_a_snapshot_unless_a_template_says_otherwise() -> None:
    assert told(shop()) == [("Db", "Snapshot", True)]


def test_what_is_not_there_does_not_stay() -> None:
    made = shop(Data="Retain", Db="Delete")
    outer = made.parts[0]
    gone = Stack((type(outer)(outer.view, outer.resources[1:], outer.template),))  # type: ignore[index]
    assert told(gone) == []
    assert told(Stack((type(outer)(outer.view, outer.resources, None),))) == []


@pytest.mark.parametrize(
    ("body", "policy"),
    [
        ({"Type": "AWS::S3::Bucket"}, "Delete"),
        ({"Type": "AWS::RDS::DBCluster"}, "Snapshot"),
        ({"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": "x"}}, "Delete"),
        ({"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Retain"}, "Retain"),
        ({"Type": "AWS::S3::Bucket", "DeletionPolicy": {"Ref": "Policy"}}, "Delete"),
    ],
)
def test_deletion_policy(body: dict[str, Any], policy: str) -> None:
    assert deletion_policy(body) == policy
