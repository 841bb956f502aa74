# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::AutoScaling::AutoScalingGroup: goes when its instances have gone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
Instances with scale-in protection stay, and hold it for "1h or so": aws/aws-cdk#18179 and
aws-samples/aws-fault-injection-simulator-workshop#114. So do those in standby
(hashicorp/terraform-provider-aws#34113), and all while the process Terminate is suspended:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/suspend-resume-considerations.html
A warm pool goes along only where the deletion is forced:
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
The words are those of DeleteAutoScalingGroup (cloud-custodian/cloud-custodian#1686); that CloudFormation shows them is
a guess. Protected from deletion it is refused with ValidationError, in words that are a guess:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/resource-deletion-protection.html
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world


_PATIENCE = 3600.0


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        group = autoscaling_backends[resource.account_id][resource.region].autoscaling_groups.get(resource.physical_id)
        if getattr(group, "deletion_protection", "none") == "prevent-all-deletion":
            raise Refused(
                "ValidationError",
                f"AutoScalingGroup '{resource.physical_id}' cannot be deleted because deletion protection is enabled.",
                service="AutoScaling",
            )
        return world.durations.draw("autoscaling.group", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = autoscaling_backends[resource.account_id][resource.region]
        group = backend.autoscaling_groups.get(resource.physical_id)
        if group is None:
            return True
        _scale_to_zero(backend, group)
        if not group.instance_states and group.warm_pool is None:
            backend.autoscaling_groups.pop(group.name)
            return True
        if world.clock.now() > context.started + _PATIENCE:
            raise Refused(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
                "still in the group.",
                service="AutoScaling",
                retry=False,
            )
        return False


def _scale_to_zero(backend: AutoScalingBackend, group: FakeAutoScalingGroup) -> None:
    group.min_size = group.desired_capacity = 0
    suspended = [item["ProcessName"] for item in group.suspended_processes]
    going = [
        state
        for state in group.instance_states
        if not state.protected_from_scale_in and state.lifecycle_state != "Standby" and "Terminate" not in suspended
    ]
    group.instance_states = [state for state in group.instance_states if state not in going]
    if going:
        backend.ec2_backend.terminate_instances([state.instance.id for state in going])


def _make(original: Any) -> Any:
    """With the protection of the template, which moto drops."""

    def create(cls: Any, resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any) -> Any:
        group = original.__func__(cls, resource_name, cloudformation_json, *args, **kwargs)
        group.deletion_protection = cloudformation_json["Properties"].get("DeletionProtection", "none")
        return group

    return classmethod(create)


def _update(original: Any) -> Any:
    def update_auto_scaling_group(self: AutoScalingResponse) -> Any:
        wanted = self._get_param("DeletionProtection")
        if wanted:
            self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")].deletion_protection = (
                wanted
            )
        return original(self)

    return update_auto_scaling_group


def install(patches: Patches) -> None:
    register("AWS::AutoScaling::AutoScalingGroup", _Deletion())
    patches.set(
        FakeAutoScalingGroup,
        "create_from_cloudformation_json",
        _make(vars(FakeAutoScalingGroup)["create_from_cloudformation_json"]),
    )
    patches.set(
        AutoScalingResponse, "update_auto_scaling_group", _update(AutoScalingResponse.update_auto_scaling_group)
    )
