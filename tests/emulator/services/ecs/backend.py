# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS whose services run tasks: moto's backend with the parts replaced that decide how things end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.ecs.exceptions import ClusterNotFoundException, ServiceNotFoundException
from moto.ecs.models import Cluster
from moto.utilities.utils import get_partition

from ...world import world
from . import connect, insights, life, rollout, scheduler, stages
from .definitions import TaskDefinitions
from .errors import (
    ClusterContainsContainerInstances,
    ClusterContainsServices,
    ClusterContainsTasks,
    ClusterInactive,
    DeploymentNotFound,
    InvalidParameter,
    ServiceNotActive,
)
from .history import Revision, ServiceDeployment
from .service import Service
from .task import STARTING_STATUSES, Task

_UPDATED_AS_THEY_ARE = (
    "load_balancers",
    "service_registries",
    "capacity_provider_strategy",
    "propagate_tags",
    "health_check_grace_period_seconds",
)
_NEW_DEPLOYMENT = ("network_configuration", "platform_version")


class EcsBackend(TaskDefinitions):
    """State of ECS in one account and region. Tasks on EC2 instances are left to moto."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._numbers = itertools.count()

    @property
    def _url_module(self) -> Any:
        from .responses import urls  # responses import the backend

        return urls

    def next_number(self) -> int:
        """0, 1, 2, …: spreads tasks over subnets."""
        return next(self._numbers)

    # clusters

    def create_cluster(self, cluster_name: str, *args: Any, **kwargs: Any) -> Cluster:
        existing = self.clusters.get(cluster_name)
        if existing is not None and existing.status == "ACTIVE":
            return existing
        return super().create_cluster(cluster_name, *args, **kwargs)

    def list_clusters(self) -> list[str]:
        return [cluster.arn for cluster in self.clusters.values() if cluster.status != "INACTIVE"]

    def describe_clusters(self, cluster_names: list[str]) -> tuple[list[Cluster], list[Any]]:
        for cluster in self.clusters.values():
            self._count(cluster)
        return super().describe_clusters(cluster_names)

    def delete_cluster(self, cluster_str: str) -> Cluster:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html"""
        cluster = self._get_cluster(cluster_str)
        if any(service.status != "INACTIVE" for service in self.services_of(cluster.name)):
            raise ClusterContainsServices()
        if any(task.last_status != "STOPPED" for task in self.tasks_of(cluster.name)):
            raise ClusterContainsTasks()
        if self.container_instances.get(cluster.name):
            raise ClusterContainsContainerInstances()
        self._count(cluster)
        return super().delete_cluster(cluster_str)

    def active_cluster(self, name: str, code: str = "ClientException") -> Cluster:
        """The cluster; raises ClusterNotFoundException, or ``code`` when it is INACTIVE."""
        cluster = self._get_cluster(name)
        if cluster.status == "INACTIVE":
            raise ClusterInactive(code)
        return cluster

    def _count(self, cluster: Cluster) -> None:
        tasks = self.tasks_of(cluster.name)
        cluster.running_tasks_count = sum(task.last_status == "RUNNING" for task in tasks)
        cluster.pending_tasks_count = sum(task.last_status in STARTING_STATUSES for task in tasks)
        cluster.active_services_count = sum(service.status == "ACTIVE" for service in self.services_of(cluster.name))

    # services

    def services_of(self, cluster_name: str) -> list[Service]:
        """All services of the cluster, INACTIVE ones included."""
        return [service for service in self.services.values() if service.cluster_name == cluster_name]

    def create_service(self, cluster_str: str, service_name: str, *args: Any, **kwargs: Any) -> Service:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html

        Its first tasks run at once: creation takes no time in the emulator.
        """
        names = ("desired_count", "task_definition_str", "load_balancers", "scheduling_strategy", "tags",
                 "deployment_controller", "launch_type")  # fmt: skip
        settings = {**dict(zip(names, args)), **kwargs}
        cluster = self.active_cluster(cluster_str)
        existing = self.services.get(f"{cluster.name}:{service_name}")
        if existing is not None and existing.status == "DRAINING":
            raise InvalidParameter("Unable to Start a service that is still Draining.")
        if existing is not None and existing.status == "ACTIVE":
            raise InvalidParameter("Creation of service was not idempotent.")
        stages.check(settings.get("deployment_configuration") or {})
        definition = self.usable_definition(settings.pop("task_definition_str"))
        service = Service(self, cluster, service_name, **settings)
        connect.begin(service)
        self.services[f"{cluster.name}:{service_name}"] = service
        world.note("service", service_name, "ACTIVE")
        rollout.create(service, Revision(service, definition))
        scheduler.reconcile(service, at_once=True)
        return service

    def find_service(self, cluster_str: str, name_or_arn: str) -> Service:
        """The service, INACTIVE or not. Raises ClusterNotFoundException, ServiceNotFoundException."""
        cluster = self._get_cluster(cluster_str)
        service = self.services.get(f"{cluster.name}:{name_or_arn.split('/')[-1]}")
        if service is None or (name_or_arn.startswith("arn:") and service.arn != name_or_arn):
            raise ServiceNotFoundException
        return service

    def list_services(
        self, cluster_str: str, scheduling_strategy: str | None = None, launch_type: str | None = None
    ) -> list[str]:
        """Only ACTIVE ones: services that drain are missing.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
        """
        cluster = self.active_cluster(cluster_str, "ClusterNotFoundException")
        return [
            service.arn
            for service in self.services_of(cluster.name)
            if service.status == "ACTIVE"
            and scheduling_strategy in (None, service.scheduling_strategy)
            and launch_type in (None, service.launch_type)
        ]

    def update_service(self, service_properties: dict[str, Any]) -> Service:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"""
        service = self.find_service(service_properties.get("cluster", "default"), service_properties["service"])
        if service.status != "ACTIVE":
            raise ServiceNotActive()
        controller = service.deployment_controller["type"]
        if service_properties.get("task_definition") and controller != "ECS":
            # https://github.com/boto/boto3/issues/1936
            raise InvalidParameter(
                f"Unable to update task definition on services with a {controller} deployment controller. "
                + ("Use AWS CodeDeploy to trigger a new deployment." if controller == "CODE_DEPLOY" else "")
            )
        given = {name: value for name, value in service_properties.items() if value is not None}
        stages.check(given.get("deployment_configuration") or {})
        for name in _UPDATED_AS_THEY_ARE + _NEW_DEPLOYMENT:
            if name in given:
                setattr(service, name, given[name])
        # What is not given stays as it is.
        service.deployment_configuration = {
            **service.deployment_configuration,
            **given.get("deployment_configuration", {}),
        }
        wanted = given.get("task_definition")
        definition = self.usable_definition(wanted) if wanted else service.primary.definition
        changed = definition is not service.primary.definition or bool(set(_NEW_DEPLOYMENT) & set(given))
        if changed or given.get("force_new_deployment"):
            rollout.begin(service, Revision(service, definition))
        if "desired_count" in given:
            self._scale(service, int(given["desired_count"]))
        scheduler.wake(service)
        return service

    def delete_service(self, cluster_name: str, service_name: str, force: bool) -> Service:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html"""
        service = self.find_service(cluster_name, service_name)
        if service.status == "INACTIVE":
            raise ServiceNotFoundException
        if service.status == "ACTIVE":
            if service.desired_count > 0 and not force:
                raise InvalidParameter("The service cannot be stopped while it is scaled above 0.")
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
            service.history.clear()
            self._scale(service, 0)
            scheduler.drain(service)
        return service

    def service_deployments(self) -> list[ServiceDeployment]:
        """Those of all services, the newest of each first."""
        return [deployment for service in self.services.values() for deployment in service.history]

    def service_revisions(self) -> list[Revision]:
        """Those of all services that have not been deleted."""
        live = (service for service in self.services.values() if service.history)
        return [revision for service in live for revision in service.revisions]

    def stop_service_deployment(self, arn: str, stop_type: str) -> ServiceDeployment:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html"""
        found = self._service_deployment(arn)
        rollout.stop(found, stop_type)
        return found

    def continue_service_deployment(self, arn: str, hook_id: str, action: str) -> ServiceDeployment:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html"""
        found = self._service_deployment(arn)
        stages.act(found, hook_id, action)
        return found

    def _service_deployment(self, arn: str) -> ServiceDeployment:
        found = next((item for item in self.service_deployments() if item.arn == arn), None)
        if found is None:
            raise DeploymentNotFound()
        return found

    @staticmethod
    def wake(service: Service) -> None:
        """Have the scheduler look at the service."""
        scheduler.wake(service)

    @staticmethod
    def _scale(service: Service, desired: int) -> None:
        if desired == 0 and service.desired_count > 0:
            scheduler.scaled_to_zero(service)
        service.desired_count = desired

    # tasks

    def tasks_of(self, cluster_name: str) -> list[Any]:
        """All tasks of the cluster that can still be described."""
        return list(self.tasks.get(cluster_name, {}).values())

    def new_task_of(self, service: Service) -> Task:
        """A task of the service's primary deployment, not started yet."""
        return self._keep(
            Task(
                self,
                self.clusters[service.cluster_name],
                service.primary.definition,
                group=f"service:{service.name}",
                network=service.network_configuration,
                launch_type=service.launch_type or "FARGATE",
                platform_version=None if service.platform_version == "LATEST" else service.platform_version,
                started_by=service.primary.id,
                tags=list(service.tags) if service.propagate_tags == "SERVICE" else [],
                service=service,
                deployment_id=service.primary.id,
            )
        )

    def run_task(
        self,
        cluster_str: str,
        task_definition_str: str,
        count: int,
        overrides: dict[str, Any] | None,
        started_by: str,
        tags: list[dict[str, str]] | None,
        launch_type: str | None,
        networking_configuration: dict[str, Any] | None = None,
        group: str | None = None,
        platform_version: str | None = None,
        capacity_provider_strategy: list[dict[str, Any]] | None = None,
    ) -> list[Any]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html"""
        self.active_cluster(cluster_str)
        provider = (capacity_provider_strategy or [{}])[0].get("capacityProvider")
        if launch_type != "FARGATE" and provider not in ("FARGATE", "FARGATE_SPOT"):
            return super().run_task(
                cluster_str, task_definition_str, count, overrides, started_by, tags, launch_type,
                networking_configuration, group, platform_version, capacity_provider_strategy,
            )  # fmt: skip
        if not networking_configuration:
            raise InvalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
        tasks = self.make_tasks(
            cluster_str,
            task_definition_str,
            count,
            group=group,
            network=networking_configuration,
            launch_type="FARGATE",
            capacity_provider_name=provider,
            platform_version=platform_version,
            started_by=started_by or "",
            overrides=overrides,
            tags=tags,
        )
        for task in tasks:
            life.start(task, at_once=False)
        return tasks

    def make_tasks(
        self,
        cluster_str: str,
        definition_str: str,
        count: int,
        *,
        network: dict[str, Any] | None,
        group: str | None = None,
        **settings: Any,
    ) -> list[Task]:
        """Standalone tasks that are not started yet."""
        cluster = self.active_cluster(cluster_str)
        definition = self.usable_definition(definition_str)
        group = group or f"family:{definition.family}"
        made = [Task(self, cluster, definition, group=group, network=network, **settings) for _number in range(count)]
        return [self._keep(task) for task in made]

    def find_tasks(self, cluster_str: str, ids: list[str]) -> tuple[list[Any], list[dict[str, str]]]:
        """The tasks by id or ARN, and failures with reason MISSING."""
        cluster = self._get_cluster(cluster_str)
        by_id = {arn.split("/")[-1]: task for arn, task in self.tasks.get(cluster.name, {}).items()}
        prefix = f"arn:{get_partition(self.region_name)}:ecs:{self.region_name}:{self.account_id}:task/{cluster.name}"
        found, failures = [], []
        for wanted in ids:
            task = by_id.get(wanted.split("/")[-1])
            if task is None:
                arn = wanted if wanted.startswith("arn:") else f"{prefix}/{wanted}"
                failures.append({"arn": arn, "reason": "MISSING"})
            else:
                found.append(task)
        return found, failures

    def stop_task(self, cluster_str: str, task_str: str, reason: str | None) -> Any:
        tasks, _missing = self.find_tasks(cluster_str, [task_str])
        if not tasks:
            raise InvalidParameter("The referenced task was not found.")
        if not isinstance(tasks[0], Task):
            return super().stop_task(cluster_str, task_str, reason or "")
        life.stop(tasks[0], reason)
        return tasks[0]

    @staticmethod
    def task_failed(task: Task) -> None:
        """A task ended by itself, or its health check failed."""
        rollout.task_failed(task)

    @staticmethod
    def task_healthy(task: Task) -> None:
        """A task has come to pass its health check."""
        rollout.task_healthy(task)

    def task_changed(self, task: Task) -> None:
        """A task went to another status."""
        insights.task_changed(task)
        scheduler.task_changed(task)

    def _keep(self, task: Task) -> Task:
        self.tasks.setdefault(task.cluster_name, {})[task.task_arn] = task
        return task

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Without clusters and services that are only remembered; INACTIVE task definitions keep their tags."""
        forgotten = {item.arn for items in (self.clusters, self.services) for item in items.values()
                     if item.status == "INACTIVE"}  # fmt: skip
        return (item for item in super().iter_tagged_resources() if item.arn not in forgotten)

    def _get_cluster(self, name: str) -> Cluster:
        cluster = self.clusters.get(name.split("/")[-1])
        if cluster is None:
            raise ClusterNotFoundException
        return cluster
