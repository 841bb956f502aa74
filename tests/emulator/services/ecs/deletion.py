# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How CloudFormation deletes AWS::ECS::*."""

from __future__ import annotations

import uuid

from moto.ecs.exceptions import ClusterNotFoundException, ECSException, ServiceNotFoundException
from moto.ecs.models import ecs_backends

from ...cloudformation.deletion import Context, Refused, Resource
from ...world import world
from .backend import EcsBackend
from .service import Service


def _backend(resource: Resource) -> EcsBackend:
    return ecs_backends[resource.account_id][resource.region]  # type: ignore[return-value]


class ServiceDeletion:
    """Scales to 0, deletes, and waits until the service is INACTIVE and its tasks have let go of everything.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        service = self._service(resource)
        if service is not None and service.status != "INACTIVE":
            service.backend.delete_service(service.cluster_name, service.name, True)
        context.memory["until"] = world.clock.now() + world.durations.draw("cloudformation.service_timeout")
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        service = self._service(resource)
        if service is None:
            return True
        if service.status == "INACTIVE" and all(task.last_status == "STOPPED" for task in service.tasks):
            return self._has_noticed(resource, context, service)
        if world.clock.now() >= context.memory["until"]:
            raise Refused("NotStabilized", _timed_out(), retry=False)
        return False

    @staticmethod
    def _has_noticed(resource: Resource, context: Context, service: Service) -> bool:
        """Whether CloudFormation has seen it: it looks only now and then."""
        if "noticed" not in context.memory:
            last = max((task.gone_at for task in service.tasks), default=float("-inf"))
            noticed = last + world.durations.draw("ecs.service.settle", resource.label)
            context.memory["noticed"] = noticed
            if noticed > world.clock.now():
                world.clock.call_later(noticed - world.clock.now(), context.wake)
        return world.clock.now() >= context.memory["noticed"]

    @staticmethod
    def _service(resource: Resource) -> Service | None:
        cluster, name = resource.physical_id.split("/")[-2:]
        try:
            return _backend(resource).find_service(cluster, name)
        except (ClusterNotFoundException, ServiceNotFoundException):
            return None


class ClusterDeletion:
    """Fails at once when something is left in the cluster (aws-samples/aws-scalable-big-blue-button-example#79)."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        self._delete(resource)
        return world.durations.draw("ecs.cluster", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        return True

    @staticmethod
    def _delete(resource: Resource) -> None:
        try:
            _backend(resource).delete_cluster(resource.physical_id)
        except ClusterNotFoundException:
            return
        except ECSException as error:
            message = (
                f"Resource handler returned message: \"Error occurred during operation 'DeleteClusters SDK Error: "
                f"{error.message} (Service: AmazonECS; Status Code: 400; Error Code: {error.code}; "
                f"Request ID: {uuid.uuid4()}; Proxy: null)'.\" (RequestToken: {uuid.uuid4()}, "
                "HandlerErrorCode: GeneralServiceException)"
            )
            raise Refused(error.code, message, retry=False) from error


class TaskDefinitionDeletion:
    """Deregisters the revision, which stays INACTIVE.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("ecs.task_definition", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        try:
            _backend(resource).deregister_task_definition(resource.physical_id)
        except ECSException as error:
            if error.code != "ClientException":  # ClientException: it is gone already
                raise Refused(error.code, error.message, service="Ecs") from error
        return True


def _timed_out() -> str:
    """What CloudFormation says of a service that does not get stable within its time-out.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    """
    return (
        'Resource handler returned message: "Exceeded attempts to wait" '
        f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: NotStabilized)"
    )
