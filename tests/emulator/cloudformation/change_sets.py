# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""

from __future__ import annotations

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudformation.utils import generate_changeset_id
from moto.core.responses import ActionResult

from ..patching import Patches
from . import arguments, requests, stacks, updates


def create_change_set(self: CloudFormationResponse) -> ActionResult:
    backend = self.cloudformation_backend
    stack_name = requests.check_name(self._get_param("StackName"))
    name = self._get_param("ChangeSetName")
    kind = self._get_param("ChangeSetType") or "UPDATE"
    stack = requests.find(backend, stack_name)
    if kind == "UPDATE" and (stack is None or stack.status == "REVIEW_IN_PROGRESS"):
        raise ValidationError(message=f"Stack [{stack_name}] does not exist")
    if kind == "CREATE" and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(
            message=f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}]."
        )
    template = arguments.template(self, stack)
    arguments.check_capabilities(self, template)
    if stack is None:
        stack = stacks.review(backend, stack_name)
    new = updates.variant(backend, stack, template, arguments.parameters(self, stack))
    change_set = ChangeSet(
        change_set_type=kind,
        change_set_id=generate_changeset_id(name, self.region, self.current_account),
        change_set_name=name,
        stack=stack,
        template=template,
        parameters=new.parameters,
        description=self._get_param("Description"),
        notification_arns=self._get_param("NotificationARNs", []),
        tags=arguments.tags(self),
        role_arn=self._get_param("RoleARN"),
    )
    if kind == "UPDATE" and updates.is_same(stack, new):
        change_set.status, change_set.execution_status = "FAILED", "UNAVAILABLE"
        change_set.status_reason = (
            "The submitted information didn't contain changes. Submit different information to create a change set."
        )
    else:
        change_set.status, change_set.execution_status = "CREATE_COMPLETE", "AVAILABLE"
    backend.change_sets[change_set.change_set_id] = change_set
    return ActionResult({"Id": change_set.change_set_id, "StackId": stack.stack_id})


def list_change_sets(self: CloudFormationResponse) -> ActionResult:
    stack = arguments.existing_stack(self, "Stack [{}] does not exist")
    change_sets = self.cloudformation_backend.change_sets.values()
    return ActionResult({"Summaries": [item for item in change_sets if item.stack_id == stack.stack_id]})


def execute_change_set(backend: CloudFormationBackend, change_set_name: str, stack_name: str | None = None) -> None:
    """ExecuteChangeSet, with our creation and update."""
    change_set = _change_set(backend, change_set_name, stack_name)
    stack = change_set.stack
    if change_set.change_set_type == "CREATE":
        stacks.create(backend, stack.name, change_set.template, change_set.parameters, tags=change_set.tags)
    else:
        updates.update(backend, stack, change_set.template, change_set.parameters, change_set.tags or None)
    change_set.execution_status = "EXECUTE_COMPLETE"


def _change_set(backend: CloudFormationBackend, name: str, stack_name: str | None) -> ChangeSet:
    for identifier, change_set in backend.change_sets.items():
        stack_matches = stack_name in (None, change_set.stack_name, change_set.stack_id)
        if name == identifier or name == change_set.change_set_name and stack_matches:
            return change_set
    raise ValidationError(message=f"ChangeSet [{name}] does not exist")


def install(patches: Patches) -> None:
    patches.set(CloudFormationResponse, "create_change_set", create_change_set)
    patches.set(CloudFormationResponse, "list_change_sets", list_change_sets)
    patches.set(CloudFormationBackend, "execute_change_set", execute_change_set)
