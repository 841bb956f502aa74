# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EKS::Cluster, which moto's CloudFormation does not know. With a node group or Fargate profile it is not deleted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-cluster.html
The words: gruntwork-io/cloud-nuke#148 (node groups), kubernetes-sigs/cluster-api-provider-aws#4728 (Fargate profiles).
Both take their time, and Fargate profiles go one at a time: cloud-custodian/cloud-custodian#5585.
"""

from __future__ import annotations

from typing import Any

from moto.eks.exceptions import ResourceInUseException
from moto.eks.models import EKSBackend, FargateProfile, Nodegroup, eks_backends

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..services.models import StackResource
from ..world import world


class EksCluster(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::EKS::Cluster"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> EksCluster:
        properties = cloudformation_json["Properties"]
        network = properties["ResourcesVpcConfig"]
        cluster = eks_backends[account_id][region_name].create_cluster(
            name=resource_name,
            role_arn=properties["RoleArn"],
            resources_vpc_config={"subnetIds": network.get("SubnetIds", [])},
        )
        return cls(cluster.name, {"Arn": cluster.arn})

    def delete(self, account_id: str, region: str) -> None:
        """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html"""
        backend = eks_backends[account_id][region]
        if self.physical_resource_id in backend.clusters:
            backend.delete_cluster(self.physical_resource_id)


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        cluster = eks_backends[resource.account_id][resource.region].clusters.get(resource.physical_id)
        if cluster is not None and cluster.nodegroups:
            raise _in_use("Cluster has nodegroups attached")
        if cluster is not None and cluster.fargate_profiles:
            raise _in_use("Cluster has Fargate Profiles in ACTIVE/CREATING state")
        return world.durations.draw("eks.cluster", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        resource.delete_with_moto()
        return True


def _in_use(message: str) -> Refused:
    return Refused("ResourceInUseException", message, service="Eks", status=409, retry=False)


_moto_delete_group = EKSBackend.delete_nodegroup
_moto_delete_profile = EKSBackend.delete_fargate_profile


def _delete_group(backend: EKSBackend, cluster_name: str, nodegroup_name: str) -> Nodegroup:
    group = backend.describe_nodegroup(cluster_name, nodegroup_name)
    if group.status != "DELETING":
        group.status = "DELETING"
        seconds = world.durations.draw("eks.nodegroup", nodegroup_name)
        world.clock.call_later(seconds, _moto_delete_group, backend, cluster_name, nodegroup_name)
    return group


def _delete_profile(backend: EKSBackend, cluster_name: str, fargate_profile_name: str) -> FargateProfile:
    profile = backend.describe_fargate_profile(cluster_name, fargate_profile_name)
    for name, other in backend.clusters[cluster_name].fargate_profiles.items():
        if other.status == "DELETING":
            raise ResourceInUseException(
                clusterName=cluster_name,
                nodegroupName=None,
                addonName=None,
                message=f"Cannot Delete Fargate Profile {fargate_profile_name} because cluster {cluster_name} "
                f"currently has Fargate profile {name} in status DELETING",
            )
    profile.status = "DELETING"
    seconds = world.durations.draw("eks.fargate_profile", fargate_profile_name)
    world.clock.call_later(seconds, _moto_delete_profile, backend, cluster_name, fargate_profile_name)
    return profile


def _of_known(listing: Any) -> Any:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListNodegroups.html: ResourceNotFoundException"""

    def listed(backend: EKSBackend, cluster_name: str, *arguments: Any, **more: Any) -> Any:
        backend.describe_cluster(cluster_name)
        return listing(backend, cluster_name, *arguments, **more)

    return listed


def install(patches: Patches) -> None:
    register("AWS::EKS::Cluster", _Deletion())
    patches.set(EKSBackend, "delete_nodegroup", _delete_group)
    patches.set(EKSBackend, "delete_fargate_profile", _delete_profile)
    for name in ("list_nodegroups", "list_fargate_profiles"):
        patches.set(EKSBackend, name, _of_known(getattr(EKSBackend, name)))
