# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a resource's deletion meets because a test has switched them on."""

from __future__ import annotations

from ..call_faults import USER_ARN
from ..world import world
from .deletion import Refused, Resource
from .permissions import delete_actions


def fail_as_told(resource: Resource) -> None:
    """Raise Refused if this deletion is to fail now. CloudFormation does not try such failures again."""
    reason = world.faults.take_resource_failure(resource.stack_name, resource.logical_id)
    if reason is not None:
        raise Refused("InternalFailure", reason, retry=False)
    service = resource.type.split("::")[1]
    if world.faults.app_mesh_is_gone and service == "AppMesh":
        raise Refused("AccessDenied", "The AWS App Mesh service has been discontinued.", service=service, retry=False)
    for action in delete_actions(resource.type):
        world.calls.add_on_behalf(action)
        if world.faults.denies(action, resource.caller):
            raise Refused("AccessDenied", _denial(resource, action), service=service.capitalize(), retry=False)


def _denial(resource: Resource, action: str) -> str:
    """The service's own message: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
    if action.startswith("ec2:"):
        return f"You are not authorized to perform this operation. User: {USER_ARN} is not authorized to perform: " + (
            f"{action} because no identity-based policy allows the {action} action."
        )
    return (
        f"User: {USER_ARN} is not authorized to perform: {action} on resource: {resource.physical_id} "
        f"because no identity-based policy allows the {action} action"
    )
