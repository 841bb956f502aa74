# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::AutoScaling::AutoScalingGroup: goes when its instances have gone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
Instances with scale-in protection stay, and hold it for "1h or so": aws/aws-cdk#18179 and
aws-samples/aws-fault-injection-simulator-workshop#114. The words are those of DeleteAutoScalingGroup
(cloud-custodian/cloud-custodian#1686); that CloudFormation shows them is a guess.
"""

from __future__ import annotations

from moto.autoscaling.models import autoscaling_backends

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..world import world


_PATIENCE = 3600.0


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("autoscaling.group", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = autoscaling_backends[resource.account_id][resource.region]
        group = backend.autoscaling_groups.get(resource.physical_id)
        if group is None:
            return True
        group.min_size = 0
        backend.set_desired_capacity(group.name, 0)
        if not group.instance_states:
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


def install() -> None:
    register("AWS::AutoScaling::AutoScalingGroup", _Deletion())
