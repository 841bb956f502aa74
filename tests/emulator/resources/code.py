# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CodeBuild::Project and AWS::CodePipeline::Pipeline, which moto's CloudFormation does not know.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html
"""

from __future__ import annotations

from typing import Any

from moto.codebuild.models import codebuild_backends
from moto.codepipeline.models import codepipeline_backends

from ..services.models import StackResource
from ..services.shapes import api_parameters


class Project(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CodeBuild::Project"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "Id")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Project:
        wanted = api_parameters("codebuild", "CreateProject", cloudformation_json["Properties"])
        project = codebuild_backends[account_id][region_name].create_project(
            project_name=resource_name,
            description=wanted.get("description"),
            project_source=wanted["source"],
            artifacts=wanted["artifacts"],
            environment=wanted["environment"],
            service_role=wanted["serviceRole"],
            tags=wanted.get("tags"),
            cache=wanted.get("cache"),
            timeout=wanted.get("timeoutInMinutes"),
            queued_timeout=wanted.get("queuedTimeoutInMinutes"),
            source_version=wanted.get("sourceVersion"),
            logs_config=wanted.get("logsConfig"),
            vpc_config=wanted.get("vpcConfig"),
        )
        return cls(resource_name, {"Arn": project["arn"], "Id": project["arn"]})

    def delete(self, account_id: str, region: str) -> None:
        """Nothing to wait for: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_DeleteProject.html"""
        codebuild_backends[account_id][region].delete_project(self.physical_resource_id)


class Pipeline(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CodePipeline::Pipeline"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Version"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Pipeline:
        properties = {**cloudformation_json["Properties"], "Name": resource_name}
        wanted = api_parameters("codepipeline", "CreatePipeline", {"pipeline": properties})["pipeline"]
        codepipeline_backends[account_id][region_name].create_pipeline({**wanted, "version": 1}, [])
        return cls(resource_name, {"Version": "1"})

    def delete(self, account_id: str, region: str) -> None:
        """https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_DeletePipeline.html"""
        codepipeline_backends[account_id][region].delete_pipeline(self.physical_resource_id)
