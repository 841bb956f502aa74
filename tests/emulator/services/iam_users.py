# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: users and groups, and what they cannot be deleted with, most of which moto does not mind.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
"""

from __future__ import annotations

import secrets
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import DeleteConflictException, IAMException, NotFoundException
from moto.iam.models import IAMBackend, User, iam_backends
from moto.iam.responses import IamResponse
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world
from .models import StackResource

_moto_delete_user = IAMBackend.delete_user
_moto_delete_group = IAMBackend.delete_group
_moto_entities = IamResponse.list_entities_for_policy


def _backend(account_id: str, region: str) -> IAMBackend:
    return iam_backends[account_id][get_partition(region)]


def _credentials(user: User) -> dict[str, dict[str, str]]:
    """Of single services, by their ids."""
    if not hasattr(user, "service_specific_credentials"):
        user.service_specific_credentials = {}
    return user.service_specific_credentials


def _delete_user(backend: IAMBackend, user_name: str) -> None:
    """Words: aws-controllers-k8s/community#2229 (keys), rebuy-de/aws-nuke#169 (profile), aws/aws-cdk#16511 (device),
    hashicorp/terraform#3774 (groups), rebuy-de/aws-nuke#319 (the rest)."""
    user = backend.get_user(user_name)
    held = {
        "delete access keys": user.access_keys,
        "delete login profile": user.password,
        "delete MFA device": user.mfa_devices,
        "remove users from group": backend.get_groups_for_user(user_name),
        "remove referenced objects": user.signing_certificates or user.ssh_public_keys or _credentials(user),
    }
    for words, items in held.items():
        if items:
            raise DeleteConflictException(f"Cannot delete entity, must {words} first.")
    _moto_delete_user(backend, user_name)


def _delete_group(backend: IAMBackend, group_name: str) -> None:
    """Words: go-to-k/delstack#40 (users), cloud-custodian/cloud-custodian#7484 (policies)."""
    group = backend.get_group(group_name)
    if group.users:
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    if group.managed_policies:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    if group.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")
    _moto_delete_group(backend, group_name)


def _create_credential(response: IamResponse) -> ActionResult:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html"""
    name, key = response._get_param("UserName"), f"ACCA{secrets.token_hex(8).upper()}"
    made = {
        "UserName": name,
        "ServiceName": response._get_param("ServiceName"),
        "ServiceSpecificCredentialId": key,
        "ServiceUserName": f"{name}-at-{response.current_account}",
        "Status": "Active",
    }
    _credentials(response.backend.get_user(name))[key] = made
    return ActionResult({"ServiceSpecificCredential": {**made, "ServicePassword": secrets.token_hex(8)}})


def _list_credentials(response: IamResponse) -> ActionResult:
    user = response.backend.get_user(response._get_param("UserName"))
    return ActionResult({"ServiceSpecificCredentials": list(_credentials(user).values())})


def _delete_credential(response: IamResponse) -> ActionResult:
    credentials = _credentials(response.backend.get_user(response._get_param("UserName")))
    if credentials.pop(response._get_param("ServiceSpecificCredentialId"), None) is None:
        raise NotFoundException("The credential cannot be found.")
    return ActionResult({})


def _entities(response: IamResponse) -> ActionResult:
    """With PolicyUsageFilter, which moto does not mind: https://docs.aws.amazon.com/IAM/latest/APIReference/
    API_ListEntitiesForPolicy.html"""
    if response._get_param("PolicyUsageFilter") != "PermissionsBoundary":
        return _moto_entities(response)
    arn = response._get_param("PolicyArn")
    roles = [role for role in response.backend.roles.values() if role.permissions_boundary_arn == arn]
    rows = [{"RoleName": role.name, "RoleId": role.id} for role in roles]
    return ActionResult({"PolicyRoles": rows, "PolicyUsers": [], "PolicyGroups": [], "IsTruncated": False})


class Group(StackResource, StackResource.base):
    """Ref is its name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
    """

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::IAM::Group"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "GroupName"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Group:
        group = _backend(account_id, region_name).create_group(resource_name)
        return cls(group.name, {"Arn": group.arn})

    def delete(self, account_id: str, region: str) -> None:
        """Gone already: no error."""
        backend = _backend(account_id, region)
        if self.physical_resource_id in backend.groups:
            backend.delete_group(self.physical_resource_id)


class _Deletion:
    """As "permissions" of the delete handlers in the types' schemas say: what a user is without then, and a group."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("iam.policy", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        self.at_once(resource)
        return True

    def at_once(self, resource: Resource) -> None:
        backend = _backend(resource.account_id, resource.region)
        try:
            (_end_user if resource.type == "AWS::IAM::User" else _end_group)(backend, resource.physical_id)
        except NotFoundException:
            pass  # gone already
        except IAMException as error:
            raise Refused(error.code, error.message, service="Iam", status=409) from error


def _end_user(backend: IAMBackend, name: str) -> None:
    user = backend.get_user(name)
    user.access_keys.clear()
    user.password = None
    for group in backend.get_groups_for_user(name):
        backend.remove_user_from_group(group.name, name)
    for arn in list(user.managed_policies):
        backend.detach_user_policy(arn, name)
    user.policies.clear()
    backend.delete_user(name)


def _end_group(backend: IAMBackend, name: str) -> None:
    group = backend.get_group(name)
    for arn in list(group.managed_policies):
        backend.detach_group_policy(arn, name)
    group.policies.clear()
    backend.delete_group(name)


def install(patches: Patches) -> None:
    patches.set(IAMBackend, "delete_user", _delete_user)
    patches.set(IAMBackend, "delete_group", _delete_group)
    patches.set(IamResponse, "create_service_specific_credential", _create_credential)
    patches.set(IamResponse, "list_service_specific_credentials", _list_credentials)
    patches.set(IamResponse, "delete_service_specific_credential", _delete_credential)
    patches.set(IamResponse, "list_entities_for_policy", _entities)
    for name in ("User", "Group"):
        register(f"AWS::IAM::{name}", _Deletion())
