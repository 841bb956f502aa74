# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds roles, users, groups and policies of IAM up: seen, cleared, and then the stack goes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.emulator import Emulator
from tests.integration.clearings import Held, stack

ROLE, USER, GROUP, POLICY = (f"AWS::IAM::{name}" for name in ("Role", "User", "Group", "ManagedPolicy"))
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"

pytestmark = pytest.mark.usefixtures("still")


def workshop(aws: Emulator, kind: str, **properties: Any) -> Held:
    name = kind.rpartition("::")[2]
    return Held(aws, stack(aws, {"It": {"Type": kind, "Properties": {f"{name}Name": "ours", **properties}}}), kind)


def role_of(aws: Emulator, name: str) -> None:
    aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))


def test_a_role_in_an_instance_profile_of_others(aws: Emulator) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"""
    iam, held = aws.client("iam"), workshop(aws, ROLE, AssumeRolePolicyDocument=TRUST)
    role_of(aws, "theirs")
    for name, role in (("console", "ours"), ("another", "theirs")):
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    assert "must remove roles from instance profile first." in held.fails("It")
    (blocker,) = held.detect()
    assert (blocker.id, blocker.clear, blocker.certain) == ("console", ROLE, True)
    assert held.clear() == ["1 instance profile around it"]
    assert held.detect() == [] == held.clear()
    profiles = {row["InstanceProfileName"]: row["Roles"] for row in iam.list_instance_profiles()["InstanceProfiles"]}
    assert [len(profiles[name]) for name in ("console", "another")] == [0, 1]
    assert held.goes()


def test_an_instance_profile_of_another_stack_is_left_to_that(aws: Emulator) -> None:
    held = workshop(aws, ROLE, AssumeRolePolicyDocument=TRUST)
    profile = {"InstanceProfileName": "bank", "Roles": ["ours"]}
    stack(aws, {"Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": profile}}, "bank")
    (blocker,) = held.detect()
    assert blocker.id == "bank" and blocker.of_stack("bank").clear == "" and held.clear() == []
    assert aws.client("iam").get_instance_profile(InstanceProfileName="bank")["InstanceProfile"]["Roles"]


def test_policies_that_others_have_attached_to_a_role(aws: Emulator) -> None:
    """waterbear-cloud/paco#27: where CloudFormation takes off only its own"""
    iam = aws.client("iam")
    held = workshop(aws, ROLE, AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=[MANAGED])
    role_of(aws, "theirs")
    arn = iam.create_policy(PolicyName="by-hand", PolicyDocument=json.dumps(DOCUMENT))["Policy"]["Arn"]
    for role in ("ours", "theirs"):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    aws.faults.policies_stay_on_roles()
    assert "Cannot delete entity, must detach all policies first." in held.fails("It")
    (blocker,) = held.detect()
    assert (blocker.id, blocker.clear, blocker.certain) == (arn, ROLE, False)
    assert held.clear() == ["1 attached policy"]
    assert [item["RoleName"] for item in iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"]] == ["theirs"]
    assert held.detect() == [] and held.goes()


def certificate() -> str:
    """One that its owner has signed."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ours")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2026, 1, 1), datetime(2027, 1, 1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def credentials(aws: Emulator, user: str) -> None:
    """Of every kind that a user cannot be deleted with, and those that CloudFormation takes itself."""
    iam = aws.client("iam")
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName=user, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    iam.upload_ssh_public_key(UserName=user, SSHPublicKeyBody="ssh-rsa AAAA")
    iam.create_service_specific_credential(UserName=user, ServiceName="codecommit.amazonaws.com")
    iam.create_access_key(UserName=user)
    iam.create_login_profile(UserName=user, Password="correct horse")


def test_credentials_of_a_user(aws: Emulator) -> None:
    """aws/aws-cdk#16511 (the device); API_DeleteUser names the rest"""
    iam, held = aws.client("iam"), workshop(aws, USER)
    iam.create_user(UserName="theirs")
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="ours")
    credentials(aws, "ours")
    credentials(aws, "theirs")
    assert "Cannot delete entity, must delete MFA device first." in held.fails("It")
    (blocker,) = held.detect()
    amounts = ["1 MFA device", "1 SSH public key", "1 service-specific credential"]
    assert list(map(str, blocker.amounts)) == amounts and blocker.of_stack("shop-dev").clear == USER
    assert blocker.command[:2] == ("iam", "deactivate-mfa-device") and "--serial-number" in blocker.command
    assert held.clear() == amounts
    assert held.detect() == [] == held.clear() and held.goes()
    assert [item["UserName"] for item in iam.list_users()["Users"]] == ["theirs"]
    assert len(iam.list_virtual_mfa_devices()["VirtualMFADevices"]) == 1, "that of theirs"
    assert len(iam.list_mfa_devices(UserName="theirs")["MFADevices"]) == 1
    assert len(iam.list_service_specific_credentials(UserName="theirs")["ServiceSpecificCredentials"]) == 1


@pytest.mark.parametrize("left", ["sign", "ssh"])
def test_each_credential_holds_a_user_alone(aws: Emulator, left: str) -> None:
    """rebuy-de/aws-nuke#319 has the words"""
    iam, held = aws.client("iam"), workshop(aws, USER)
    if left == "sign":
        iam.upload_signing_certificate(UserName="ours", CertificateBody=certificate())
    else:
        iam.upload_ssh_public_key(UserName="ours", SSHPublicKeyBody="ssh-rsa AAAA")
    assert "Cannot delete entity, must remove referenced objects first." in held.fails("It")
    assert len(held.clear()) == 1 and held.goes()


def test_what_cloudformation_takes_off_a_user_holds_none(aws: Emulator) -> None:
    """"permissions" of the delete handler in the schema of AWS::IAM::User"""
    iam, held = aws.client("iam"), workshop(aws, USER)
    iam.create_access_key(UserName="ours")
    iam.create_login_profile(UserName="ours", Password="correct horse")
    iam.put_user_policy(UserName="ours", PolicyName="p", PolicyDocument=json.dumps(DOCUMENT))
    assert held.detect() == [] and held.goes()


def test_users_of_others_in_a_group(aws: Emulator) -> None:
    """go-to-k/delstack#40"""
    iam, held = aws.client("iam"), workshop(aws, GROUP)
    iam.create_group(GroupName="theirs")
    for user in ("alice", "bob"):
        iam.create_user(UserName=user)
        for name in ("ours", "theirs"):
            iam.add_user_to_group(GroupName=name, UserName=user)
    assert "Cannot delete entity, must remove users from group first." in held.fails("It")
    (blocker,) = held.detect()
    assert "2 users of others: alice, bob." in blocker.reason and blocker.of_stack("shop-dev").clear == GROUP
    assert held.clear() == ["2 users"]
    assert held.detect() == [] == held.clear() and held.goes()
    assert len(iam.get_group(GroupName="theirs")["Users"]) == 2 == len(iam.list_users()["Users"])


def test_a_policy_that_others_use_is_told_and_left(aws: Emulator) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html; gchq/sleeper#3956"""
    iam = aws.client("iam")
    statement = {"ManagedPolicyName": "ours", "PolicyDocument": DOCUMENT}
    held = Held(aws, stack(aws, {"It": {"Type": POLICY, "Properties": statement}}), POLICY)
    for name in ("theirs", "bounded"):
        role_of(aws, name)
    iam.attach_role_policy(RoleName="theirs", PolicyArn=held.ids[0])
    iam.put_role_permissions_boundary(RoleName="bounded", PermissionsBoundary=held.ids[0])
    with Looks(aws.client) as looks:
        found = [blocker for _arn, blocker in TYPES[POLICY].held_by(looks, held.ours(), held.ids)]
    assert [(item.id, item.certain, item.clear) for item in found] == [("theirs", False, ""), ("bounded", True, "")]
    assert found[0].command[:2] == ("iam", "detach-role-policy") and found[1].command == ()
    assert "Cannot delete a policy attached to entities." in held.fails("It")


@pytest.mark.parametrize(
    "kind, look, change",
    [
        (ROLE, "iam:ListAttachedRolePolicies", "iam:DetachRolePolicy"),
        (USER, "iam:ListSSHPublicKeys", "iam:DeleteSSHPublicKey"),
        (GROUP, "iam:GetGroup", "iam:RemoveUserFromGroup"),
    ],
)
def test_what_is_denied_is_told_with_the_action(aws: Emulator, kind: str, look: str, change: str) -> None:
    iam = aws.client("iam")
    held = workshop(aws, kind, **({"AssumeRolePolicyDocument": TRUST} if kind == ROLE else {}))
    if kind == ROLE:
        iam.attach_role_policy(RoleName="ours", PolicyArn=MANAGED)
    elif kind == USER:
        iam.upload_ssh_public_key(UserName="ours", SSHPublicKeyBody="ssh-rsa AAAA")
    else:
        iam.create_user(UserName="alice")
        iam.add_user_to_group(GroupName="ours", UserName="alice")
    aws.faults.deny(change)
    with pytest.raises(AwsCallError) as told:
        held.clear()
    assert (told.value.kind, told.value.action) == ("denied", change)
    aws.faults.deny(look)
    assert held.gaps() == [look]
