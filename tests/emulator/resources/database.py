# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases of RDS: they take minutes to go, hold an interface and their subnet group, and leave a snapshot. And
clusters of Aurora.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
moto's own types take models where AWS takes names.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import InvalidDBInstanceStateFault, InvalidParameterCombination, RDSClientError
from moto.rds.models import DBInstance, RDSBackend, rds_backends

from ..cloudformation.deletion import Context, Refused, Resource, Simple, register
from ..patching import Patches
from ..services.models import StackResource
from ..services.network.interfaces import attach_managed, release
from ..services.shapes import api_parameters
from ..world import world

_moto_create = RDSBackend.create_db_instance
_moto_delete = RDSBackend.delete_db_instance
_moto_delete_group = RDSBackend.delete_subnet_group


def _create(backend: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    """With its interface, as recorded in tests/data/placebo/test_security_group_used of cloud-custodian."""
    instance = _moto_create(backend, db_kwargs)
    group = backend.subnet_groups.get(db_kwargs.get("db_subnet_group_name") or "")
    if group is not None:
        instance.held_interface = attach_managed(
            account_id=backend.account_id,
            region=backend.region_name,
            subnet_id=group._subnets[0].id,
            group_ids=list(instance.vpc_security_group_ids or []),
            description="RDSNetworkInterface",
            requester="amazon-rds",
            public=False,
        )
    return instance


def _delete(backend: RDSBackend, db_instance_identifier: str, *arguments: Any, **options: Any) -> DBInstance:
    """Later: an instance is "deleting" first."""
    instance = backend.databases.get(db_instance_identifier)
    if instance is None:
        return _moto_delete(backend, db_instance_identifier, *arguments, **options)
    if instance.deletion_protection:
        raise InvalidParameterCombination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again."
        )
    if instance.status == "deleting":
        raise InvalidDBInstanceStateFault(f"Instance {db_instance_identifier} is already being deleted.")
    instance.status = "deleting"

    def end() -> None:
        _moto_delete(backend, db_instance_identifier, *arguments, **options)
        if hasattr(instance, "held_interface"):
            release(instance.held_interface)

    world.clock.call_later(world.durations.draw("rds.instance"), end)
    return instance


def _delete_group(backend: RDSBackend, subnet_name: str) -> Any:
    """anomalyco/sst#6592 has the words."""
    group = backend.subnet_groups.get(subnet_name)
    for name, instance in backend.databases.items() if group is not None else ():
        if instance.db_subnet_group is group:
            raise RDSClientError(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{subnet_name}' because at least one database instance: {name} "
                "is still using it.",
            )
    return _moto_delete_group(backend, subnet_name)


class SubnetGroup(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::RDS::DBSubnetGroup"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "DBSubnetGroupName"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> SubnetGroup:
        properties = cloudformation_json["Properties"]
        subnets = [ec2_backends[account_id][region_name].get_subnet(item) for item in properties["SubnetIds"]]
        description = properties["DBSubnetGroupDescription"]
        group = rds_backends[account_id][region_name].create_subnet_group(
            resource_name.lower(), description, subnets, properties.get("Tags") or []
        )
        return cls(group.name, {})

    def delete(self, account_id: str, region: str) -> None:
        """Gone already: no error."""
        backend = rds_backends[account_id][region]
        if self.physical_resource_id in backend.subnet_groups:
            backend.delete_subnet_group(self.physical_resource_id)


class Instance(StackResource, StackResource.base):
    """Ref is its identifier."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::RDS::DBInstance"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "DBInstanceIdentifier"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("DBInstanceArn", "Endpoint.Address", "Endpoint.Port")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Instance:
        properties = {**cloudformation_json["Properties"], "DBInstanceIdentifier": resource_name.lower()}
        wanted = api_parameters("rds", "CreateDBInstance", properties)
        names = {_snake(name): value for name, value in wanted.items() if name not in ("VpcSecurityGroupIds", "DBName")}
        instance = rds_backends[account_id][region_name].create_db_instance(
            {
                **names,
                "db_name": wanted.get("DBName"),
                "vpc_security_group_ids": wanted.get("VpcSecurityGroupIds", []),
                "allocated_storage": wanted.get("AllocatedStorage", 20),
            }
        )
        address = {"Endpoint.Address": instance.address, "Endpoint.Port": str(instance.port)}
        return cls(instance.db_instance_identifier, {"DBInstanceArn": instance.arn, **address})

    def delete(self, account_id: str, region: str) -> None:
        """At once, when a creation is rolled back."""
        backend = rds_backends[account_id][region]
        instance = backend.databases.get(self.physical_resource_id)
        if instance is not None:
            _moto_delete(backend, self.physical_resource_id)
            if hasattr(instance, "held_interface"):
                release(instance.held_interface)


class Cluster(StackResource, StackResource.base):
    """Ref is its identifier.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
    """

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::RDS::DBCluster"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "DBClusterIdentifier"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> Cluster:
        properties = {**cloudformation_json["Properties"], "DBClusterIdentifier": resource_name.lower()}
        wanted = api_parameters("rds", "CreateDBCluster", properties)
        cluster = rds_backends[account_id][region_name].create_db_cluster(
            {_snake(name): value for name, value in wanted.items()}
        )
        return cls(cluster.db_cluster_identifier, {"DBClusterArn": cluster.db_cluster_arn})

    def delete(self, account_id: str, region: str) -> None:
        """Refused as it is by moto, in the words of AWS: aurora-serverless.modifying.html of Aurora's user guide."""
        backend = rds_backends[account_id][region]
        if self.physical_resource_id in backend.clusters:
            backend.delete_db_cluster(self.physical_resource_id)


def _snake(name: str) -> str:
    """``DBInstanceClass`` as moto calls it."""
    text = name.replace("DB", "Db").replace("IAM", "Iam").replace("AZ", "Az").replace("KMS", "Kms").replace("CA", "Ca")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in text).lstrip("_")


class _Deletion:
    """Asks, with a last snapshot unless the template says Delete or the instance is a cluster's, and waits.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """

    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = rds_backends[resource.account_id][resource.region]
        instance = backend.databases.get(resource.physical_id)
        if instance is None or instance.status == "deleting":
            return None
        snapshot = _last_snapshot(resource)
        try:
            backend.delete_db_instance(resource.physical_id, snapshot, snapshot is None)
        except ServiceException as error:
            raise Refused(error.code, error.message, service="Rds") from error
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        return resource.physical_id not in rds_backends[resource.account_id][resource.region].databases


class _ClusterDeletion(Simple):
    """The same of a cluster."""

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = rds_backends[resource.account_id][resource.region]
        if resource.physical_id in backend.clusters:
            try:
                backend.delete_db_cluster(resource.physical_id, _last_snapshot(resource))
            except ServiceException as error:
                raise Refused(error.code, error.message, service="Rds") from error
        return True


def _last_snapshot(resource: Resource) -> str | None:
    """How it is called, if there is to be one.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds (DeleteHandler, IdentifierFactory)
    """
    name = f"{resource.stack_name}-snapshot-{resource.logical_id}-{uuid.uuid4().hex[:12]}".lower()
    return name if resource.policy == "Snapshot" else None


def install(patches: Patches) -> None:
    patches.set(RDSBackend, "create_db_instance", _create)
    patches.set(RDSBackend, "delete_db_instance", _delete)
    patches.set(RDSBackend, "delete_subnet_group", _delete_group)
    register("AWS::RDS::DBInstance", _Deletion())
    register("AWS::RDS::DBCluster", _ClusterDeletion("resource.other"))
