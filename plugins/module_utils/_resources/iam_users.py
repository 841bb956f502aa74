# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Users, groups and policies of IAM."""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping
from typing import NamedTuple

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import Work
from .iam import POLICY
from .iam import ROLE
from .ours import Ours
from .ours import Resource
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import one
from .resource import whole
from .steps import call
from .steps import listed_if_there
from .steps import owner_of
from .steps import unless

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

USER = "AWS::IAM::User"
GROUP = "AWS::IAM::Group"
_DEVICE = "AWS::IAM::VirtualMFADevice"
_MOST_NAMED = 5
_ENTITIES = "iam:ListEntitiesForPolicy"
_MEMBERS = "iam:GetGroup"
_REMOVE = "iam:RemoveUserFromGroup"
_DELETE_DEVICE = "iam:DeleteVirtualMFADevice"


class _Credential(NamedTuple):
    """``key``: where they are listed. ``id``: that of one. ``end``: the action that ends one, by its id."""

    list: str
    key: str
    id: str
    end: str
    one: str
    many: str


# What a user has to be without, and CloudFormation does not take: it ends access keys, the login profile, memberships
# and policies itself, as "permissions" of the delete handler in the type's schema say.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
# https://github.com/aws/aws-cdk/issues/16511 (an MFA device), https://github.com/rebuy-de/aws-nuke/pull/319 (SSH keys)
_CREDENTIALS = (
    _Credential(
        "iam:ListMFADevices", "MFADevices", "SerialNumber", "iam:DeactivateMFADevice", "MFA device", "MFA devices"
    ),
    _Credential(
        "iam:ListSigningCertificates",
        "Certificates",
        "CertificateId",
        "iam:DeleteSigningCertificate",
        "signing certificate",
        "signing certificates",
    ),
    _Credential(
        "iam:ListSSHPublicKeys",
        "SSHPublicKeys",
        "SSHPublicKeyId",
        "iam:DeleteSSHPublicKey",
        "SSH public key",
        "SSH public keys",
    ),
    _Credential(
        "iam:ListServiceSpecificCredentials",
        "ServiceSpecificCredentials",
        "ServiceSpecificCredentialId",
        "iam:DeleteServiceSpecificCredential",
        "service-specific credential",
        "service-specific credentials",
    ),
)
_LISTS = tuple(kind.list for kind in _CREDENTIALS)


def _of_users(looks: Looks, ours: Ours, users: Ids) -> list[tuple[str, Blocker]]:
    pairs = [(user, kind) for user in users for kind in _CREDENTIALS]
    found = looks.each(lambda pair: _of_user(looks, ours, *pair), pairs)
    held: dict[str, list[tuple[_Credential, list[str]]]] = {}
    for (user, kind), keys in zip(pairs, found):
        if keys:
            held.setdefault(user, []).append((kind, keys))
    return [(user, _user(user, several)) for user, several in held.items()]


def _of_user(looks: Looks, ours: Ours, user: str, kind: _Credential) -> list[str]:
    return _held(looks.listing(kind.list, kind.key, user, UserName=user), ours, kind)


def _held(items: Iterable[Mapping[str, Any]], ours: Ours, kind: _Credential) -> list[str]:
    """Their ids, without those of devices of ours, which go before their user."""
    return [item[kind.id] for item in items if Resource(_DEVICE, item[kind.id]) not in ours.owned]


def _user(user: str, several: list[tuple[_Credential, list[str]]]) -> Blocker:
    amounts = tuple(Amount(len(keys), kind.one, kind.many) for kind, keys in several)
    kind, keys = several[0]
    command, flag = xform_name(kind.end.partition(":")[2], "-"), xform_name(kind.id, "-")
    return Blocker(
        USER,
        user,
        user,
        f"A user is deleted only without these, which CloudFormation leaves: {user} has "
        f"{', '.join(map(str, amounts))}.",
        ("iam", command, "--user-name", user, f"--{flag}", keys[0]),
        goes_with_owner=False,
        amounts=amounts,
        clear=USER,
        lost="these credentials; virtual MFA devices are deleted",
    )


def _clear_user(work: Work, user: str) -> list[Amount]:
    """End credentials. A virtual MFA device is deleted, unless a stack owns it, which deletes it."""
    done = []
    for kind in _CREDENTIALS:
        ended = 0
        items = listed_if_there(work, kind.list, kind.key, UserName=user)
        for key in _held(items, work.ours, kind):
            ended += unless((), lambda kind=kind, key=key: call(work, kind.end, UserName=user, **{kind.id: key}))
            if ":mfa/" in key and not owner_of(work, _DEVICE, key):
                unless((), lambda key=key: call(work, _DELETE_DEVICE, SerialNumber=key))
        done.append(Amount(ended, kind.one, kind.many))
        work.told([amount for amount in done if amount.count])
    return [amount for amount in done if amount.count]


def _of_groups(looks: Looks, ours: Ours, groups: Ids) -> list[tuple[str, Blocker]]:
    """Users of others in our groups. Those of ours go, or are taken out by the stack that has put them there.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
    https://github.com/go-to-k/delstack/issues/40
    """
    own = ours.owned_ids(USER)
    found = looks.each(lambda group: looks.listing(_MEMBERS, "Users", group, GroupName=group), groups)
    users = [[item["UserName"] for item in members if item["UserName"] not in own] for members in found]
    return [(group, _group(group, names)) for group, names in zip(groups, users) if names]


def _group(group: str, names: list[str]) -> Blocker:
    amount = Amount(len(names), "user", "users")
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return Blocker(
        GROUP,
        group,
        group,
        f"A group is deleted only without users, and {group} has {amount} of others: "
        f"{', '.join(names[:_MOST_NAMED])}{more}.",
        ("iam", "remove-user-from-group", "--group-name", group, "--user-name", names[0]),
        goes_with_owner=False,
        amounts=(amount,),
        clear=GROUP,
        lost="that they are in the group; the users stay",
    )


def _clear_group(work: Work, group: str) -> list[Amount]:
    own = work.ours.owned_ids(USER)
    removed = 0
    for name in (item["UserName"] for item in listed_if_there(work, _MEMBERS, "Users", GroupName=group)):
        if name not in own:
            removed += unless((), lambda name=name: call(work, _REMOVE, GroupName=group, UserName=name))
            work.told([Amount(removed, "user", "users")])
    return [Amount(removed, "user", "users")] if removed else []


def _of_policies(looks: Looks, ours: Ours, policies: Ids) -> list[tuple[str, Blocker]]:
    """Roles, users and groups of others that our policies are attached to. They would be without its permissions, or
    with more where it is their boundary, so that it is for others to take it off them.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
    """
    pairs = [(arn, usage) for arn in policies for usage in ("PermissionsPolicy", "PermissionsBoundary")]
    found = looks.each(lambda pair: _entities(looks, *pair), pairs)
    return [
        (arn, _attachment(arn, entity, usage))
        for (arn, usage), entities in zip(pairs, found)
        for entity in entities
        if entity not in ours.owned
    ]


def _entities(looks: Looks, arn: str, usage: str) -> list[Resource]:
    def ask() -> list[Resource]:
        pages = looks.pages(_ENTITIES, PolicyArn=arn, PolicyUsageFilter=usage)
        return [
            Resource(kind, item[name])
            for page in pages
            for kind, key, name in (
                (ROLE, "PolicyRoles", "RoleName"),
                (USER, "PolicyUsers", "UserName"),
                (GROUP, "PolicyGroups", "GroupName"),
            )
            for item in page.get(key) or ()
        ]

    return looks.at(arn, ask, []) or []


def _attachment(arn: str, entity: Resource, usage: str) -> Blocker:
    kind = {ROLE: "role", USER: "user", GROUP: "group"}[entity.type]
    name = entity.physical_id
    if usage == "PermissionsBoundary":
        reason = (
            f"A policy cannot be deleted while it is a permissions boundary, and {last_part(arn)} is that of the "
            f"{kind} {name} of others: whoever that belongs to has to give it another."
        )
        return Blocker(entity.type, name, name, reason, (), goes_with_owner=False)
    # CloudFormation may detach it, as "permissions" of the delete handler in the type's schema say, and has been seen
    # not to: https://github.com/gchq/sleeper/issues/3956
    reason = (
        f"A policy cannot be deleted while it is attached, and {last_part(arn)} is attached to the {kind} {name} of "
        "others, who may need what it allows."
    )
    command = ("iam", f"detach-{kind}-policy", f"--{kind}-name", name, "--policy-arn", arn)
    return Blocker(entity.type, name, name, reason, command, certain=False, goes_with_owner=False)


TYPES = (
    ResourceType(
        name=USER,
        command=by("iam delete-user --user-name"),
        lookup=one("iam:GetUser", "UserName", "NoSuchEntity"),
        arn="iam:user",
        clearing=Clearing(
            detect=_of_users,
            clear=_clear_user,
            detects=_LISTS,
            clears=(
                *_LISTS,
                *(kind.end for kind in _CREDENTIALS),
                _DELETE_DEVICE,
                "cloudformation:DescribeStackResources",
            ),
            lost="MFA devices, signing certificates, SSH public keys and service-specific credentials",
            source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html",
        ),
    ),
    ResourceType(
        name=GROUP,
        command=by("iam delete-group --group-name"),
        lookup=one(_MEMBERS, "GroupName", "NoSuchEntity"),
        arn="iam:group",
        clearing=Clearing(
            detect=_of_groups,
            clear=_clear_group,
            detects=(_MEMBERS,),
            clears=(_MEMBERS, _REMOVE),
            lost="that users of others are in it",
            source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html",
        ),
    ),
    ResourceType(
        name=POLICY,
        command=by("iam delete-policy --policy-arn"),
        lookup=one("iam:GetPolicy", "PolicyArn", "NoSuchEntity"),
        arn="iam:policy",
        arn_id=whole,
        held_by=_of_policies,
    ),
)
