# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of stacks on the emulator, with policies that others have put on them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.stacks import Stacks

DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}],
}
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "RoleName": "cook",
        "AssumeRolePolicyDocument": DOCUMENT,
        "Policies": [{"PolicyName": "own", "PolicyDocument": DOCUMENT}],
    },
}
POLICY = {
    "Type": "AWS::IAM::Policy",
    "Properties": {"PolicyName": "second", "Roles": [{"Ref": "Role"}], "PolicyDocument": DOCUMENT},
}


@pytest.fixture
def role(stacks: Stacks) -> str:
    """A stack with a role and its policies; its id."""
    return stacks.create("one", {"Role": ROLE, "Policy": POLICY}, Capabilities=["CAPABILITY_NAMED_IAM"])


def test_a_role_goes_with_its_own_policies(emulator: Emulator, stacks: Stacks, role: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html"""
    assert sorted(emulator.client("iam").list_role_policies(RoleName="cook")["PolicyNames"]) == ["own", "second"]
    stacks.delete("one")
    assert stacks.end(role) == "DELETE_COMPLETE"
    assert emulator.client("iam").list_roles()["Roles"] == []


def test_policies_of_others_go_with_the_role(emulator: Emulator, stacks: Stacks, role: str) -> None:
    """https://github.com/go-to-k/delstack/pull/369; the policy itself stays"""
    iam = emulator.client("iam")
    arn = iam.create_policy(PolicyName="extra", PolicyDocument=json.dumps(DOCUMENT))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="cook", PolicyArn=arn)
    iam.put_role_policy(RoleName="cook", PolicyName="extra", PolicyDocument=json.dumps(DOCUMENT))
    stacks.delete("one")
    assert stacks.end(role) == "DELETE_COMPLETE"
    assert iam.list_roles()["Roles"] == [] and iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0


def test_a_policy_attached_by_hand_keeps_the_role(emulator: Emulator, stacks: Stacks, role: str) -> None:
    """As it was: https://github.com/waterbear-cloud/paco/issues/27; and where the caller may not take it off"""
    iam = emulator.client("iam")
    arn = iam.create_policy(PolicyName="extra", PolicyDocument=json.dumps(DOCUMENT))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="cook", PolicyArn=arn)
    emulator.faults.policies_stay_on_roles()
    stacks.delete("one")
    assert stacks.end(role, 120) == "DELETE_FAILED"
    text = "Cannot delete entity, must detach all policies first. (Service: Iam, Status Code: 409, Request ID: "
    assert text in stacks.reason(role, "Role")
    iam.detach_role_policy(RoleName="cook", PolicyArn=arn)
    stacks.delete("one")
    assert stacks.end(role) == "DELETE_COMPLETE"


def test_a_policy_put_by_hand_keeps_the_role(emulator: Emulator, stacks: Stacks, role: str) -> None:
    """https://github.com/convox/rack/issues/2672"""
    iam = emulator.client("iam")
    iam.put_role_policy(RoleName="cook", PolicyName="extra", PolicyDocument=json.dumps(DOCUMENT))
    emulator.faults.policies_stay_on_roles()
    stacks.delete("one")
    assert stacks.end(role, 120) == "DELETE_FAILED"
    assert "Cannot delete entity, must delete policies first" in stacks.reason(role, "Role")
    assert iam.list_role_policies(RoleName="cook")["PolicyNames"] == ["extra"]
    iam.delete_role_policy(RoleName="cook", PolicyName="extra")
    stacks.delete("one")
    assert stacks.end(role) == "DELETE_COMPLETE"


def test_a_role_that_is_gone_already(emulator: Emulator, stacks: Stacks) -> None:
    stack = stacks.create("one", {"Role": ROLE}, Capabilities=["CAPABILITY_NAMED_IAM"])
    iam = emulator.client("iam")
    iam.delete_role_policy(RoleName="cook", PolicyName="own")
    iam.delete_role(RoleName="cook")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
