# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ECS task on Fargate: what DescribeTasks shows of it, and what it holds elsewhere."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from ...switches.images import ImageFault
from ...world import utcnow, world
from ..network.interfaces import Interface, attach_managed, release

if TYPE_CHECKING:
    from moto.ecs.models import Cluster, TaskDefinition

    from .backend import EcsBackend
    from .service import Service

#: Statuses in which the containers have been told to stop, in order.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
STOPPING_STATUSES = ("STOPPING", "DEPROVISIONING", "STOPPED")
STARTING_STATUSES = ("PROVISIONING", "PENDING", "ACTIVATING")


class Task:
    """The state of one task. ``life`` moves it from status to status."""

    def __init__(
        self,
        backend: EcsBackend,
        cluster: Cluster,
        task_definition: TaskDefinition,
        *,
        group: str,
        network: dict[str, Any] | None,
        launch_type: str = "FARGATE",
        capacity_provider_name: str | None = None,
        platform_version: str | None = None,
        started_by: str = "",
        overrides: dict[str, Any] | None = None,
        tags: list[dict[str, str]] | None = None,
        service: Service | None = None,
        deployment_id: str = "",
    ) -> None:
        self.backend = backend
        self.service = service
        self.deployment_id = deployment_id
        self.alternate = service is not None and service.primary.alternate
        self.definition = task_definition
        self.network = (network or {}).get("awsvpcConfiguration", {})
        self.interface: Interface | None = None
        self.freed = False
        self.roles: list[str] = []
        self.pending: Any = None
        self.gone_at = float("-inf")
        self.running_since = float("inf")

        self.id = uuid.UUID(int=mock_random.getrandbits(128)).hex
        self.cluster_name = cluster.name
        self.cluster_arn = cluster.arn
        self.task_arn = (
            f"arn:{get_partition(backend.region_name)}:ecs:{backend.region_name}:{backend.account_id}"
            f":task/{cluster.name}/{self.id}"
        )
        self.task_definition_arn = task_definition.arn
        self.group = group
        self.started_by = started_by
        self.launch_type = launch_type
        self.capacity_provider_name = capacity_provider_name
        self.platform_version = platform_version or "1.4.0"
        self.platform_family = "Linux"
        self.container_instance_arn: str | None = None
        self.resource_requirements = None
        self.overrides = overrides or {}
        self.tags = tags or []
        self.cpu = task_definition.cpu
        self.memory = task_definition.memory
        self.version = 1
        self.last_status = "PROVISIONING"
        self.desired_status = "RUNNING"
        self.health_status = "UNKNOWN"
        self.connectivity = "CONNECTED"
        self.created_at: datetime = utcnow()
        self.connectivity_at: datetime | None = self.created_at
        self.started_at: datetime | None = None
        self.stopping_at: datetime | None = None
        self.execution_stopped_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.stop_code: str | None = None
        self.stopped_reason: str | None = None
        self.attachments: list[dict[str, Any]] = []
        self.availability_zone: str | None = None
        self.exit_code: int | None = None
        self.container_reason = ""

    @property
    def service_name(self) -> str:
        """Name of the service it belongs to; for a standalone task the family of its definition."""
        return self.group.partition(":")[2]

    @property
    def family(self) -> str:
        return self.definition.family

    @property
    def healthy(self) -> bool:
        """Whether it runs and passes its health check, if it has one."""
        return self.last_status == "RUNNING" and self.health_status == "HEALTHY"

    @property
    def fault(self) -> ImageFault | None:
        """What is wrong with one of its images."""
        images = (str(item.get("image")) for item in self.definition.container_definitions)
        return next(filter(None, map(world.faults.image_fault, images)), None)

    @property
    def listens(self) -> bool:
        """Whether its container takes connections on the port that others know."""
        fault = self.fault
        return fault is None or fault.listens(world.clock.now() - self.running_since)

    @property
    def label(self) -> str:
        """How timeline and progress name it."""
        return f"{self.service_name}/{self.id}"

    @property
    def containers(self) -> list[dict[str, Any]]:
        status = self.last_status if self.last_status in ("RUNNING", "STOPPED") else "PENDING"
        if self.last_status in ("DEACTIVATING", "STOPPING"):
            status = "RUNNING"
        elif self.last_status == "DEPROVISIONING":
            status = "STOPPED"
        shown = []
        for definition in self.definition.container_definitions:
            container = {
                "containerArn": f"{self.task_arn.replace(':task/', ':container/')}/{definition['name']}",
                "taskArn": self.task_arn,
                "name": definition["name"],
                "image": definition.get("image"),
                "lastStatus": status,
                "networkInterfaces": self._container_interfaces(),
                "healthStatus": self.health_status,
            }
            if self.exit_code is not None:
                container["exitCode"] = self.exit_code
            if self.container_reason:
                container["reason"] = self.container_reason
            shown.append(container)
        return shown

    def _container_interfaces(self) -> list[dict[str, str]]:
        if self.interface is None:
            return []
        return [
            {
                "attachmentId": self.attachments[0]["id"],
                "privateIpv4Address": str(self.interface.private_ip_address),
            }
        ]

    def attach_interface(self) -> None:
        """Take an interface in one of the subnets, as tasks in network mode awsvpc do.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
        """
        subnets = self.network.get("subnets") or []
        if not subnets:
            return
        subnet_id = subnets[self.backend.next_number() % len(subnets)]
        attachment_id = str(uuid.UUID(int=mock_random.getrandbits(128)))
        account_id, region = self.backend.account_id, self.backend.region_name
        self.interface = attach_managed(
            account_id=account_id,
            region=region,
            subnet_id=subnet_id,
            group_ids=list(self.network.get("securityGroups") or []),
            description=f"arn:{get_partition(region)}:ecs:{region}:{account_id}:attachment/{attachment_id}",
            requester="amazon-ecs",
            public=self.network.get("assignPublicIp") == "ENABLED",
        )
        self.availability_zone = ec2_backends[account_id][region].get_subnet(subnet_id).availability_zone
        details = {
            "subnetId": subnet_id,
            "networkInterfaceId": self.interface.id,
            "macAddress": self.interface.mac_address,
            "privateDnsName": getattr(self.interface, "private_dns_name", None),
            "privateIPv4Address": self.interface.private_ip_address,
        }
        self.attachments = [
            {
                "id": attachment_id,
                "type": "ElasticNetworkInterface",
                "status": "ATTACHED",
                "details": [{"name": name, "value": value} for name, value in details.items() if value],
            }
        ]

    def release_interface(self) -> None:
        if self.interface is not None:
            release(self.interface)
            self.attachments[0]["status"] = "DELETED"
