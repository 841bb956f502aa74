# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the ECS API that moto lacks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html and the pages of the single actions;
the texts as quoted in public issues (gruntwork-io/cloud-nuke#368, coldbrewcloud/coldbrew-cli#35, aws/aws-cli#2078).
"""

from __future__ import annotations

from moto.ecs.exceptions import ECSException


class ClusterContainsServices(ECSException):
    def __init__(self) -> None:
        super().__init__("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")


class ClusterContainsContainerInstances(ECSException):
    def __init__(self) -> None:
        text = "The Cluster cannot be deleted while Container Instances are active."
        super().__init__("ClusterContainsContainerInstancesException", text)


class ClusterContainsTasks(ECSException):
    def __init__(self) -> None:
        super().__init__("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")


class ClusterInactive(ECSException):
    def __init__(self, code: str = "ClientException") -> None:
        super().__init__(code, "The referenced cluster was inactive.")


class ServiceNotActive(ECSException):
    def __init__(self) -> None:
        super().__init__("ServiceNotActiveException", "Service was not ACTIVE.")


class DeploymentConflict(ECSException):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html"""

    def __init__(self) -> None:
        super().__init__(
            "ConflictException",
            "The request could not be processed because of conflict in the current state of the resource.",
        )


class DeploymentNotFound(ECSException):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html"""

    def __init__(self) -> None:
        super().__init__("ServiceDeploymentNotFoundException", "Service deployment not found.")


class InvalidParameter(ECSException):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameterException", message)
