# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of EC2 with their protections, which moto's CloudFormation drops, and half of which its EC2 does not mind.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import OperationDisableApiStopNotPermitted
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import Instance

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world

_moto_create = Instance.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]
_moto_terminate = EC2Backend.terminate_instances


def _create(model: type[Instance], name: str, definition: Any, *arguments: Any, **details: Any) -> Instance:
    instance: Instance = _moto_create(model, name, definition, *arguments, **details)
    instance.disable_api_termination = str(definition["Properties"].get("DisableApiTermination")).lower() == "true"
    return instance


def _terminate(backend: EC2Backend, instance_ids: list[str]) -> Any:
    """Stop protection keeps an instance, too: ekristen/aws-nuke meets these words of EC2."""
    for instance in backend.get_multi_instances_by_id(instance_ids):
        if instance.disable_api_stop:
            raise OperationDisableApiStopNotPermitted(instance.id)
    return _moto_terminate(backend, instance_ids)


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("ec2.instance", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        self.at_once(resource)
        return True

    @staticmethod
    def at_once(resource: Resource) -> None:
        """Gone already: no error."""
        try:
            ec2_backends[resource.account_id][resource.region].terminate_instances([resource.physical_id])
        except ServiceException as error:
            if not error.code.endswith(".NotFound"):
                raise Refused(error.code, error.message, service="Ec2") from error


def install(patches: Patches) -> None:
    patches.set(Instance, "create_from_cloudformation_json", classmethod(_create))
    patches.set(EC2Backend, "terminate_instances", _terminate)
    register("AWS::EC2::Instance", _Deletion())
