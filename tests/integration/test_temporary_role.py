# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role that is made for the stacks whose own role is gone, and removed after the run whatever comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import run
from tests.docs import policies
from tests.emulator import Emulator
from tests.integration import templates
from tests.integration.inprocess import Inside

POLICY = "arn:aws:iam::aws:policy/AmazonSSMFullAccess"
NAME = "workshop-lifecycle-shop-eu-central-1"
GIVEN = {"create": True, "name": "shop", "policies": [POLICY]}
FAST = {"poll_interval": 0.05, "wait_timeout": 60}
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"},
                        "Action": "sts:AssumeRole"}]}  # fmt: skip


def role(aws: Emulator, name: str, **more: Any) -> str:
    made = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **more)
    return str(made["Role"]["Arn"])


def made_with(aws: Emulator, name: str, arn: str | None) -> None:
    """A stack that CloudFormation has made with a role, if with any."""
    with_role = {"RoleARN": arn} if arn else {}
    aws.client("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps(templates.parameters(name)), **with_role
    )
    aws.wait_until(lambda: templates.status(aws, name) == "CREATE_COMPLETE")


@pytest.fixture
def shop(aws: Emulator) -> Emulator:
    """Two stacks whose role is gone, one whose role is there, one that has none."""
    lost, there = role(aws, "lost"), role(aws, "there")
    for name, arn in (("shop-a", lost), ("shop-b", lost), ("shop-c", there), ("shop-d", None)):
        made_with(aws, name, arn)
    aws.client("iam").delete_role(RoleName="lost")
    aws.calls.clear()
    return aws


def roles(aws: Emulator) -> list[str]:
    return sorted(row["RoleName"] for row in aws.client("iam").list_roles()["Roles"])


def deletes(inside: Inside, **options: Any) -> Callable[[], dict[str, Any]]:
    stacks = [{"name": f"shop-{letter}"} for letter in "abcd"]
    return lambda **more: inside("cloudformation_stacks", stacks=stacks, **{**FAST, **options, **more})


def test_it_deletes_these_stacks_alone_as_soon_as_iam_has_told_it_and_is_removed(
    shop: Emulator, inside: Inside
) -> None:
    shop.faults.new_roles_known_after = 10.0
    delete = deletes(inside, temporary_role=GIVEN)
    foretold = delete(check=True)
    assert foretold["temporary_role"]["stacks"] == ["shop-a", "shop-b"] and not foretold["temporary_role"]["removed"]
    assert roles(shop) == ["there"]

    done = delete()

    assert not done["failed"] and done["changed"] and templates.live(shop) == [] and roles(shop) == ["there"], done
    told = done["temporary_role"]
    assert (told["name"], told["stacks"], told["removed"]) == (NAME, ["shop-a", "shop-b"], True)
    assert told["policies"] == [POLICY] and told["arn"].endswith(f":role/workshop-lifecycle/{NAME}")
    # As CloudFormation keeps it with the stack.
    deleted = shop.client("cloudformation").describe_stacks
    with_it = {row["name"]: deleted(StackName=row["stack_id"])["Stacks"][0].get("RoleARN") for row in done["stacks"]}
    there = f"{told['arn'].split(':role/')[0]}:role/there"
    assert with_it == {"shop-a": told["arn"], "shop-b": told["arn"], "shop-c": there, "shop-d": None}
    # What it takes is what the policy allows; to tag and to pass a role are no calls of their own.
    called = {action for action in shop.calls.by_action if action.startswith("iam:")} - {"iam:ListRoles"}
    attached = [item for item in policies.actions("role-policy.json") if item not in ("iam:TagRole", "iam:PassRole")]
    assert sorted(called | {"iam:DetachRolePolicy"}) == sorted(attached)
    again = delete()
    assert not again["failed"] and not again["changed"] and again["temporary_role"] is None


def test_nobody_who_has_not_asked_for_it_gets_one_and_none_is_made_without_policies(
    shop: Emulator, inside: Inside
) -> None:
    failed = deletes(inside)()
    assert failed["failed"] and "temporary_role" in failed["msg"] and failed["temporary_role"] is None
    for given, words in (
        ({**GIVEN, "policies": []}, "a role without a policy deletes nothing"),
        ({**GIVEN, "policies": ["AdministratorAccess"]}, "is no ARN of a managed policy"),
    ):
        assert words in deletes(inside, temporary_role=given)()["msg"]
    assert "wait: true" in deletes(inside, temporary_role=GIVEN, wait=False)()["msg"]
    assert roles(shop) == ["there"] and "iam:CreateRole" not in shop.calls.by_action


def test_a_role_of_its_name_that_is_anothers_is_left_alone_and_no_stack_is_asked_for(
    shop: Emulator, inside: Inside
) -> None:
    role(shop, NAME)
    failed = deletes(inside, temporary_role=GIVEN)()
    assert failed["failed"] and "was not made for this by a run of this module" in failed["msg"]
    assert len(templates.live(shop)) == 4 and roles(shop) == ["there", NAME]
    assert "cloudformation:DeleteStack" not in shop.calls.by_action


def test_it_is_removed_after_a_run_that_failed_and_made_anew_by_the_next(shop: Emulator, inside: Inside) -> None:
    delete = deletes(inside, temporary_role=GIVEN)
    shop.faults.fail_resource("shop-a", "P1", "deletion protection is on")
    failed = delete()
    assert failed["failed"] and templates.live(shop) == ["shop-a"] and roles(shop) == ["there"]
    assert failed["temporary_role"]["removed"]
    shop.faults.clear()
    done = delete()
    assert not done["failed"] and templates.live(shop) == [] and roles(shop) == ["there"], done
    assert done["temporary_role"]["stacks"] == ["shop-a"]


def test_it_is_removed_when_a_run_is_interrupted(
    shop: Emulator, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(watch: object) -> None:
        assert NAME in roles(shop)
        raise KeyboardInterrupt

    monkeypatch.setattr(run.Watch, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        deletes(inside, temporary_role=GIVEN)()
    assert roles(shop) == ["there"]


def test_one_that_a_killed_run_has_left_is_used_and_removed_and_also_where_no_stack_is_left(
    shop: Emulator, inside: Inside
) -> None:
    tag = {"Key": "workshop-lifecycle:made-for", "Value": "shop eu-central-1"}
    mine = {"Path": "/workshop-lifecycle/", "Tags": [tag]}
    arn = role(shop, NAME, **mine)
    shop.client("iam").attach_role_policy(RoleName=NAME, PolicyArn=POLICY)
    made_with(shop, "shop-e", arn)
    done = inside("cloudformation_stacks", stacks=[{"name": "shop-e"}], temporary_role=GIVEN, **FAST)
    assert not done["failed"] and done["temporary_role"]["stacks"] == ["shop-e"] and roles(shop) == ["there"], done
    role(shop, NAME, **mine)
    foretold = inside("cloudformation_stacks", groups=[], temporary_role=GIVEN, check=True, **FAST)
    assert foretold["changed"] and not foretold["temporary_role"]["removed"] and roles(shop) == ["there", NAME]
    done = inside("cloudformation_stacks", groups=[], temporary_role=GIVEN, **FAST)
    assert not done["failed"] and done["changed"] and roles(shop) == ["there"], done


def test_a_role_that_cannot_be_removed_fails_the_run(shop: Emulator, inside: Inside) -> None:
    shop.faults.deny("iam:DeleteRole")
    failed = deletes(inside, temporary_role=GIVEN)()
    assert failed["failed"] and templates.live(shop) == [] and "is still there" in failed["msg"], failed
    assert "iam:DeleteRole" in failed["msg"] and not failed["temporary_role"]["removed"]
    shop.faults.clear()
    done = deletes(inside, temporary_role=GIVEN)()
    assert not done["failed"] and done["changed"] and roles(shop) == ["there"], done
