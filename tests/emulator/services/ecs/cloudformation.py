# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECS::* of CloudFormation. moto's own classes drop most of the properties."""

from __future__ import annotations

from typing import Any

from botocore import xform_name
from moto.ecs.models import ecs_backends

from ...cloudformation.deletion import register
from ..models import StackResource
from ..shapes import api_parameters
from .deletion import ClusterDeletion, ServiceDeletion, TaskDefinitionDeletion


class ClusterResource(StackResource, StackResource.base):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html"""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "ClusterName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ECS::Cluster"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> ClusterResource:
        properties = dict(cloudformation_json.get("Properties", {}))
        properties["Settings"] = properties.pop("ClusterSettings", [])
        given = api_parameters("ecs", "CreateCluster", properties)
        cluster = ecs_backends[account_id][region_name].create_cluster(
            resource_name,
            given.get("tags"),
            given.get("settings") or None,
            given.get("configuration"),
            given.get("capacityProviders"),
            given.get("defaultCapacityProviderStrategy"),
        )
        return cls(cluster.name, {"Arn": cluster.arn})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> ClusterResource:
        if new_resource_name != original_resource.physical_resource_id:
            created = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            ecs_backends[account_id][region_name].delete_cluster(original_resource.physical_resource_id)
            return created
        settings = cloudformation_json.get("Properties", {}).get("ClusterSettings", [])
        given = api_parameters("ecs", "UpdateCluster", {"Settings": settings})
        ecs_backends[account_id][region_name].update_cluster(new_resource_name, given["settings"] or None, None, None)
        return original_resource


class TaskDefinitionResource(StackResource, StackResource.base):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html"""

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ECS::TaskDefinition"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "TaskDefinitionArn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> TaskDefinitionResource:
        properties = dict(cloudformation_json["Properties"])
        proxy = dict(properties.get("ProxyConfiguration", {}))
        if proxy:
            proxy["Properties"] = proxy.pop("ProxyConfigurationProperties", [])
            properties["ProxyConfiguration"] = proxy
        properties.setdefault("Family", resource_name)
        given = api_parameters("ecs", "RegisterTaskDefinition", properties)
        for name in ("enableFaultInjection", "trustedExecutionConfiguration"):
            given.pop(name, None)
        definition = ecs_backends[account_id][region_name].register_task_definition(
            **{xform_name(name): value for name, value in given.items()}
        )
        return cls(definition.arn, {"TaskDefinitionArn": definition.arn})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> TaskDefinitionResource:
        created = cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        ecs_backends[account_id][region_name].deregister_task_definition(original_resource.physical_resource_id)
        return created


class ServiceResource(StackResource, StackResource.base):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html"""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "ServiceName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ECS::Service"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Name", "ServiceArn")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> ServiceResource:
        given = _service_parameters(cloudformation_json, "CreateService")
        given.setdefault("desired_count", 1)
        given.pop("service_name", None)
        service = ecs_backends[account_id][region_name].create_service(
            given.pop("cluster", "default"),
            resource_name,
            task_definition_str=given.pop("task_definition"),
            role_arn=given.pop("role", None),
            **given,
        )
        return cls(service.arn, {"Name": service.name, "ServiceArn": service.arn})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> ServiceResource:
        given = _service_parameters(cloudformation_json, "UpdateService")
        backend = ecs_backends[account_id][region_name]
        cluster, name = original_resource.physical_resource_id.split("/")[-2:]
        if name != new_resource_name or given.get("cluster", "default").split("/")[-1] != cluster:
            created = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            backend.delete_service(cluster, name, True)
            return created
        service = backend.find_service(cluster, name)
        changed = {key: value for key, value in given.items() if getattr(service, key, None) != value}
        backend.update_service({**changed, "cluster": cluster, "service": name})
        return original_resource


def _service_parameters(cloudformation_json: Any, operation: str) -> dict[str, Any]:
    given = api_parameters("ecs", operation, cloudformation_json["Properties"])
    return {xform_name(name): value for name, value in given.items()}


def register_handlers() -> None:
    """Have CloudFormation delete ECS resources the way ECS lets them go."""
    register("AWS::ECS::Service", ServiceDeletion())
    register("AWS::ECS::Cluster", ClusterDeletion())
    register("AWS::ECS::TaskDefinition", TaskDefinitionDeletion())
