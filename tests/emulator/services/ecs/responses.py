# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the ECS API that moto answers without pages, limits or failures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import (
    DESCRIBE_SERVICES_TAGS,
    DESCRIBE_TASKS_TAGS,
    EC2ContainerServiceResponse,
)
from moto.ecs.urls import url_bases

from ..pages import InvalidToken, page
from ..swap import url_module
from .backend import EcsBackend
from .errors import InvalidParameter
from .history import Revision, ServiceDeployment
from .task import Task


class EcsResponse(EC2ContainerServiceResponse):
    """moto's responses with AWS's limits."""

    @property
    def _backend(self) -> EcsBackend:
        return self.ecs_backend  # type: ignore[return-value]

    def _page(self, arns: list[str], default: int, key: str) -> ActionResult:
        limit = self._get_int_param("maxResults", default)
        if not 1 <= limit <= 100:
            raise InvalidParameter("Invalid maxResults. It must be between 1 and 100.")
        try:
            shown, token = page(arns, self._get_param("nextToken"), limit)
        except InvalidToken as error:
            raise InvalidParameter("Invalid token.") from error
        return ActionResult({key: shown, "nextToken": token})

    def _show_tags(self, path: str) -> None:
        if "TAGS" in self._get_param("include", []):
            self._include_in_response(path)
        else:
            self._exclude_from_response(path)

    # services

    def list_services(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html"""
        arns = self._backend.list_services(
            self._get_param("cluster", "default"), self._get_param("schedulingStrategy"), self._get_param("launchType")
        )
        return self._page(arns, 10, "serviceArns")

    def describe_services(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html"""
        names = self._get_param("services", [])
        if not names:
            raise InvalidParameter("Services cannot be empty.")
        if len(names) > 10:
            raise InvalidParameter("Services cannot have more than 10 elements.")
        self._show_tags(DESCRIBE_SERVICES_TAGS)
        services, failures = self._backend.describe_services(self._get_param("cluster", "default"), names)
        return ActionResult({"services": services, "failures": failures})

    def create_service(self) -> ActionResult:
        values = {
            name: self._get_param(key)
            for name, key in {
                "load_balancers": "loadBalancers",
                "scheduling_strategy": "schedulingStrategy",
                "tags": "tags",
                "deployment_controller": "deploymentController",
                "deployment_configuration": "deploymentConfiguration",
                "capacity_provider_strategy": "capacityProviderStrategy",
                "launch_type": "launchType",
                "network_configuration": "networkConfiguration",
                "service_connect_configuration": "serviceConnectConfiguration",
                "service_registries": "serviceRegistries",
                "platform_version": "platformVersion",
                "propagate_tags": "propagateTags",
                "role_arn": "role",
                "health_check_grace_period_seconds": "healthCheckGracePeriodSeconds",
            }.items()
        }
        service = self._backend.create_service(
            self._get_param("cluster", "default"),
            self._get_param("serviceName"),
            desired_count=self._get_int_param("desiredCount"),
            task_definition_str=self._get_param("taskDefinition"),
            **values,
        )
        return ActionResult({"service": service})

    # capacity providers

    def describe_capacity_providers(self) -> ActionResult:
        """All of them where none is named.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html
        """
        names = self._get_param("capacityProviders") or list(self._backend.capacity_providers)
        providers, failures = self._backend.describe_capacity_providers(names)
        return ActionResult({"capacityProviders": providers, "failures": failures})

    # service deployments

    def list_service_deployments(self) -> ActionResult:
        """The newest first, 20 a page unless told otherwise.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
        """
        service = self._backend.find_service(self._get_param("cluster", "default"), self._get_param("service"))
        limit = self._get_int_param("maxResults", 20)
        if not 1 <= limit <= 100:
            raise InvalidParameter("Invalid maxResults. It must be between 1 and 100.")
        statuses, created = self._get_param("status") or [], self._get_param("createdAt") or {}
        after, before = created.get("after"), created.get("before")
        found = [
            (f"{10**6 - number:07}", deployment)
            for number, deployment in enumerate(reversed(service.history))
            if (not statuses or deployment.status in statuses)
            and (after is None or deployment.created_at > _time(after))
            and (before is None or deployment.created_at < _time(before))
        ]
        try:
            shown, token = page(found, self._get_param("nextToken"), limit, lambda item: item[0])
        except InvalidToken as error:
            raise InvalidParameter("Invalid token.") from error
        return ActionResult({"serviceDeployments": [item[1].brief() for item in shown], "nextToken": token})

    def describe_service_deployments(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html"""
        arns = self._get_param("serviceDeploymentArns", [])
        return self._described(arns, "serviceDeployments", self._backend.service_deployments())

    def describe_service_revisions(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html"""
        arns = self._get_param("serviceRevisionArns", [])
        return self._described(arns, "serviceRevisions", self._backend.service_revisions())

    def _described(self, arns: list[str], key: str, items: Sequence[Revision | ServiceDeployment]) -> ActionResult:
        """At most 20 a call; those that are not there as failures, as in DescribeServices."""
        if not arns or len(arns) > 20:
            raise InvalidParameter(f"{key[0].upper()}{key[1:-1]}Arns must have between 1 and 20 elements.")
        known = {item.arn: item for item in items}
        failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known]
        return ActionResult({key: [known[arn].shown() for arn in arns if arn in known], "failures": failures})

    def stop_service_deployment(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html"""
        deployment = self._backend.stop_service_deployment(
            self._get_param("serviceDeploymentArn"), self._get_param("stopType") or "ROLLBACK"
        )
        return ActionResult({"serviceDeploymentArn": deployment.arn})

    def continue_service_deployment(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html"""
        deployment = self._backend.continue_service_deployment(
            self._get_param("serviceDeploymentArn"), self._get_param("hookId"), self._get_param("action") or "CONTINUE"
        )
        return ActionResult({"serviceDeploymentArn": deployment.arn})

    # tasks

    def list_tasks(self) -> ActionResult:
        """Filters by *desired* status, RUNNING unless told otherwise.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        """
        cluster = self._backend.active_cluster(self._get_param("cluster", "default"), "ClusterNotFoundException")
        desired = self._get_param("desiredStatus") or "RUNNING"
        service, family = self._get_param("serviceName"), self._get_param("family")
        if service is not None:
            service = self._backend.find_service(cluster.name, service).name
        wanted = {
            "desired_status": desired,
            "started_by": self._get_param("startedBy"),
            "launch_type": self._get_param("launchType"),
            "container_instance_arn": self._get_param("containerInstance"),
        }
        arns = [
            task.task_arn
            for task in self._backend.tasks_of(cluster.name)
            if all(value in (None, getattr(task, name)) for name, value in wanted.items())
            and (service is None or task.group == f"service:{service}")
            and (family is None or _family(task) == family)
        ]
        return self._page(arns, 100, "taskArns")

    def describe_tasks(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html"""
        ids = self._get_param("tasks", [])
        if not ids:
            raise InvalidParameter("Tasks cannot be empty.")
        if len(ids) > 100:
            raise InvalidParameter("Tasks cannot have more than 100 elements.")
        self._show_tags(DESCRIBE_TASKS_TAGS)
        tasks, failures = self._backend.find_tasks(self._get_param("cluster", "default"), ids)
        for task in tasks:
            if not isinstance(task, Task):
                task.advance()
        return ActionResult({"tasks": tasks, "failures": failures})

    # task definitions

    def register_task_definition(self) -> ActionResult:
        """Nobody but AWS sets tags that begin with ``aws:``.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
        """
        reserved = [tag["key"] for tag in self._get_param("tags") or () if tag["key"].lower().startswith("aws:")]
        if reserved:
            raise InvalidParameter(f"The tag key {reserved[0]} begins with aws:, which is reserved for AWS use.")
        return super().register_task_definition()

    def list_task_definitions(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html"""
        arns = self._backend.list_task_definitions(
            self._get_param("familyPrefix"), self._get_param("status") or "ACTIVE"
        )
        return self._page(arns, 100, "taskDefinitionArns")

    def list_clusters(self) -> ActionResult:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html"""
        return self._page(self._backend.list_clusters(), 100, "clusterArns")


def _time(given: Any) -> datetime:
    """A point in time of a request, as moto's clock has it."""
    moment = given if isinstance(given, datetime) else datetime.fromtimestamp(float(given), timezone.utc)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _family(task: Any) -> str:
    return task.task_definition_arn.rpartition("/")[2].rpartition(":")[0]


urls = url_module(url_bases, {"{0}/$": EcsResponse.dispatch})
