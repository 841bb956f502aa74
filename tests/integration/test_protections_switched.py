# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that are protected by themselves: told, switched off, gone; or put back as they were."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import client_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.emulator import Emulator
from tests.integration import others
from tests.integration.inprocess import Inside
from tests.integration.test_faults_protection import table

FAST = {"wait_timeout": 60, "poll_interval": 0.1}
PASSWORDS = {"MinimumLength": 14, "TemporaryPasswordValidityDays": 2}
#: A resource of each type that can be protected and is in the emulator, and the words with which AWS refuses.
PROTECTED = {
    "AWS::Cognito::UserPool": (
        {
            "UserPoolName": "people",
            "DeletionProtection": "ACTIVE",
            "Policies": {"PasswordPolicy": PASSWORDS},
            "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-central-1:123456789012:function:check"},
        },
        "The user pool cannot be deleted because deletion protection is activated.",
    ),
    "AWS::DynamoDB::Table": (
        table("orders")["Properties"],
        "Resource cannot be deleted as it is currently protected against deletion.",
    ),
    "AWS::EC2::Instance": (
        {"ImageId": "ami-12c6146b", "DisableApiTermination": True},
        "may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        {"LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]},
        "cannot be deleted because deletion protection is enabled",
    ),
    "AWS::Logs::LogGroup": (
        {"LogGroupName": "/shop/web"},
        "Cannot delete log group with deletion protection enabled. Disable deletion protection first.",
    ),
    "AWS::RDS::DBCluster": (
        {
            "Engine": "aurora-mysql",
            "MasterUsername": "admin",
            "MasterUserPassword": "password1",
            "DeletionProtection": True,
        },
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
    ),
    "AWS::RDS::DBInstance": (
        {"DBInstanceClass": "db.t3.micro", "Engine": "mysql", "AllocatedStorage": "20", "DeletionProtection": True},
        "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    ),
}  # fmt: skip


def protected(aws: Emulator, kind: str) -> tuple[str, str]:
    """A stack with a protected resource of this type; its id and that of the resource."""
    aws.durations.set("rds.instance", 5)
    properties = dict(PROTECTED[kind][0])
    if kind == "AWS::ElasticLoadBalancingV2::LoadBalancer":
        properties["Subnets"] = [row["SubnetId"] for row in aws.client("ec2").describe_subnets()["Subnets"]][:2]
    stack_id = others.stack(aws, "shop", {"It": {"Type": kind, "Properties": properties, "DeletionPolicy": "Delete"}})
    physical_id = others.physical_id(aws, "shop", "It")
    if kind == "AWS::Logs::LogGroup":
        switch(aws, kind, physical_id, True)
    return stack_id, physical_id


def switch(aws: Emulator, kind: str, physical_id: str, on: bool) -> None:
    """As this collection does it."""
    protection = TYPES[kind].protection
    assert protection is not None and protection.switch is not None
    protection.switch(aws.client(client_of(protection.action)), physical_id, on)


def blockers(inside: Inside) -> list[tuple[str, str]]:
    found = inside("workshop_info", stacks=["shop"], blockers=True)
    assert found["gaps"] == []
    return [(row["type"], row["id"]) for row in found["blockers"]]


@pytest.mark.parametrize("kind", sorted(PROTECTED))
def test_it_holds_its_stack_until_it_is_switched_off(aws: Emulator, inside: Inside, kind: str) -> None:
    _stack_id, physical_id = protected(aws, kind)
    assert blockers(inside) == [(kind, physical_id)]
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)
    (row,) = failed["stacks"]
    assert failed["failed"] and PROTECTED[kind][1] in row["reason"]
    assert [item["id"] for item in row["blockers"]] == [physical_id]
    assert aws.calls.by_action["cloudformation:DeleteStack"] == 1, "not tried again"

    aws.calls.clear()
    switch(aws, kind, physical_id, False)
    assert set(aws.calls.by_action) == set(TYPES[kind].protection.switches), "no action beside those of the row"
    switch(aws, kind, physical_id, False)
    assert blockers(inside) == []
    switch(aws, kind, physical_id, True)
    assert blockers(inside) == [(kind, physical_id)]
    switch(aws, kind, physical_id, False)
    assert not inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)["failed"]


def test_nothing_else_of_a_user_pool_has_changed_when_it_is_put_back(aws: Emulator, inside: Inside) -> None:
    """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html"""
    kind, client = "AWS::Cognito::UserPool", aws.client("cognito-idp")
    _stack_id, pool_id = protected(aws, kind)

    def settings() -> dict[str, Any]:
        pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
        pool["AdminCreateUserConfig"].pop("UnusedAccountValidityDays", None)
        return {name: value for name, value in pool.items() if name != "LastModifiedDate"}

    before = settings()
    assert before["Policies"]["PasswordPolicy"] == PASSWORDS and before["LambdaConfig"]
    switch(aws, kind, pool_id, False)
    assert settings() == before | {"DeletionProtection": "INACTIVE"}
    switch(aws, kind, pool_id, True)
    assert settings() == before


def test_stop_protection_holds_an_instance_too(aws: Emulator, inside: Inside) -> None:
    """https://github.com/ekristen/aws-nuke/blob/main/resources/ec2-instance.go has the words"""
    kind, ec2 = "AWS::EC2::Instance", aws.client("ec2")
    _stack_id, instance = protected(aws, kind)
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
    assert blockers(inside) == [(kind, instance)]
    failed = inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)
    assert "may not be terminated. Modify its 'disableApiStop'" in failed["stacks"][0]["reason"]
    switch(aws, kind, instance, False)
    assert not inside("cloudformation_stacks", stacks=[{"name": "shop"}], **FAST)["failed"]
