# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::IAM::ServiceLinkedRole, and the asynchronous deletion of such roles.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html: the call returns a task, which
fails when the service still uses the role; for ECS that is while a cluster exists in any region:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam import iam_backends
from moto.iam import models as iam_models
from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world

_moto_delete = IAMBackend.delete_service_linked_role
_moto_create = IAMBackend.create_service_linked_role
_users: list[Callable[[str], list[str]]] = []


def ask_for_users(clusters_in_use: Callable[[str], list[str]]) -> None:
    """``clusters_in_use(account_id)`` names the ECS clusters, in all regions, that use ECS's role."""
    _users[:] = [clusters_in_use]


class NameTaken(ServiceException):
    code = "InvalidInput"

    message = "Service role name has been taken in this account, please try a different suffix."


class _Task:
    def __init__(self, role: Role) -> None:
        self.id = f"task{role.path}{role.name}/{uuid.uuid4()}"
        self.status = "IN_PROGRESS"
        self.reason: str | None = None


def _tasks(backend: IAMBackend) -> dict[str, _Task]:
    return vars(backend).setdefault("service_linked_role_tasks", {})


def _create(backend: IAMBackend, service_name: str, description: str, suffix: str) -> Role:
    try:
        return _moto_create(backend, service_name, description, suffix)
    except EntityAlreadyExists as error:
        raise NameTaken() from error


def _delete(backend: IAMBackend, role_name: str) -> str:
    role = backend.get_role(role_name)
    task = _Task(role)
    _tasks(backend)[task.id] = task
    world.clock.call_later(world.durations.draw("iam.service_linked_role", role_name), _decide, backend, role, task)
    return task.id


def _decide(backend: IAMBackend, role: Role, task: _Task) -> None:
    clusters = [arn for users in _users for arn in users(backend.account_id)] if "/ecs." in role.arn else []
    if clusters or world.faults.service_linked_role_is_in_use:
        task.status = "FAILED"
        task.reason = (
            "The service-linked role is in use: "
            + (", ".join(clusters) or "arn:aws:ecs:us-east-1:123456789012:cluster/elsewhere")
        )
        return
    if role.id in backend.roles:
        _moto_delete(backend, role.name)
    task.status = "SUCCEEDED"


def _deletion_status(self: IamResponse) -> ActionResult:
    task = _tasks(self.backend).get(self._get_param("DeletionTaskId"))
    if task is None:
        raise ServiceException("NoSuchEntity", "The specified deletion task does not exist.")
    result: dict[str, Any] = {"Status": task.status}
    if task.reason:
        result["Reason"] = {"Reason": task.reason}
    return ActionResult(result)


class ServiceLinkedRole(CloudFormationModel):
    """The role as a resource of a stack; Ref is its name."""

    def __init__(self, role: Role) -> None:
        self.role = role

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::IAM::ServiceLinkedRole"

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "RoleName"

    @property
    def physical_resource_id(self) -> str:
        return self.role.name

    def get_cfn_attribute(self, attribute_name: str) -> str:
        if attribute_name == "RoleName":
            return self.role.name
        raise UnformattedGetAttTemplateException()

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> ServiceLinkedRole:
        properties = cloudformation_json["Properties"]
        role = _backend(account_id, region_name).create_service_linked_role(
            properties["AWSServiceName"], properties.get("Description", ""), properties.get("CustomSuffix", "")
        )
        return cls(role)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> ServiceLinkedRole:
        """Only the description can be changed."""
        original_resource.role.description = cloudformation_json["Properties"].get("Description", "")
        return original_resource

    def delete(self, account_id: str, region: str) -> None:
        """At once, when a creation is rolled back."""
        _moto_delete(_backend(account_id, region), self.role.name)


def _backend(account_id: str, region: str) -> IAMBackend:
    return iam_backends[account_id][get_partition(region)]


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = _backend(resource.account_id, resource.region)
        if resource.model.role.id not in backend.roles:
            return 0.0
        context.memory["task"] = _tasks(backend)[backend.delete_service_linked_role(resource.physical_id)]
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        task = context.memory.get("task")
        if task is not None and task.status == "FAILED":
            raise Refused("ResourceInUse", task.reason, service="Iam", retry=False)
        return task is None or task.status == "SUCCEEDED"


def install(patches: Patches) -> None:
    names = {**iam_models.SERVICE_NAME_CONVERSION, "ecs": "ECS"}
    patches.set(iam_models, "SERVICE_NAME_CONVERSION", names)
    patches.set(IAMBackend, "create_service_linked_role", _create)
    patches.set(IAMBackend, "delete_service_linked_role", _delete)
    patches.set(IamResponse, "get_service_linked_role_deletion_status", _deletion_status)
    register("AWS::IAM::ServiceLinkedRole", _Deletion())
