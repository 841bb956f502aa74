# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves one thing of each kind behind in an account, as workshops do that were not torn down well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .manifest import read_manifest

if TYPE_CHECKING:
    from tests.emulator import Emulator

API = "order-api"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
#: As AWS words it, see hashicorp/terraform-provider-aws#4853.
_IN_USE = (
    'Resource handler returned message: "Service contains registered instances; delete the instances before deleting '
    'the service" (HandlerErrorCode: GeneralServiceException)'
)


@dataclass(frozen=True)
class LeftBehind:
    """One thing that is there although it should not be.

    kind: ``stack``, ``retained``, ``tagged`` or the kind of a leftover; name: what a report shows of it; id: what
    deletes it; parent: the stack or Cloud Map service it belongs to
    """

    kind: str
    name: str
    id: str
    parent: str = ""


def leave_behind(emulator: Emulator, name: str = "cuddlekube", region: str | None = None) -> dict[str, LeftBehind]:
    """Leave one of each kind behind; by kind. The account must not have stacks of this workshop.

    What is there: ``stack``: a service's stack in DELETE_FAILED, whose Cloud Map service has an orphan
    (``cloud_map_instance``), with the stack of the namespace it lives in (``namespace_stack``); ``retained``: the role
    of a deleted stack; ``tagged``: a subnet of a stack that is gone and has not kept it; ``log_group``, ``xray_group``,
    ``faults_group`` (another X-Ray group), ``xray_sampling_rule``, ``alarm``, ``ssm_parameter``; ``task_definition``:
    an INACTIVE revision.
    """
    maker = _Maker(emulator, name, region)
    left = [
        *maker.service_with_orphan(),
        maker.retained_role(),
        maker.tagged_subnet(),
        maker.log_group(),
        maker.xray_group(),
        maker.faults_group(),
        maker.sampling_rule(),
        maker.alarm(),
        maker.parameter(),
        maker.task_definition(),
    ]
    return {thing.kind: thing for thing in left}


def put_alarm(cloudwatch: Any, name: str, group: str) -> None:
    """An alarm on the traces of an X-Ray group."""
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/X-Ray",
        MetricName="ApproximateTraceCount",
        Dimensions=[{"Name": "GroupName", "Value": group}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )


def make_faults_group(xray: Any, group: str) -> str:
    """The X-Ray group that the role observe makes beside the workshop's own; its name."""
    mark = {"Key": "workshop-lifecycle:observes", "Value": group}
    made = xray.create_group(GroupName=f"{group}-faults", FilterExpression="fault = true", Tags=[mark])
    return str(made["Group"]["GroupName"])


class _Maker:
    def __init__(self, emulator: Emulator, name: str, region: str | None) -> None:
        self._emulator = emulator
        self._name = name
        self._region = region
        self._mesh = read_manifest(name).xray_group["name"]  # type: ignore[index]
        self._cloudformation = self._client("cloudformation")
        self._default_vpc = self._client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]

    def _client(self, service: str) -> Any:
        return self._emulator.client(service, region=self._region)

    def _stack(self, suffix: str, resources: dict[str, Any]) -> str:
        """Create a stack of the workshop; its id."""
        return self._cloudformation.create_stack(
            StackName=f"{self._name}-{suffix}",
            TemplateBody=json.dumps({"Resources": resources}),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )["StackId"]

    def _delete(self, stack_id: str, ends_in: str) -> None:
        self._cloudformation.delete_stack(StackName=stack_id)
        self._emulator.wait_until(lambda: self._status(stack_id) not in ("CREATE_COMPLETE", "DELETE_IN_PROGRESS"))
        if self._status(stack_id) != ends_in:
            raise RuntimeError(f"{stack_id}: {self._status(stack_id)} instead of {ends_in}")

    def _status(self, stack_id: str) -> str:
        return self._cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]

    def _physical_id(self, stack_id: str, logical_id: str) -> str:
        detail = self._cloudformation.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        return detail["StackResourceDetail"]["PhysicalResourceId"]

    def service_with_orphan(self) -> list[LeftBehind]:
        """Namespace and service of Cloud Map in stacks; an instance whose task is gone keeps the service."""
        namespace_name = f"{self._mesh}.svc.cluster.local"
        namespace = {
            "Type": "AWS::ServiceDiscovery::PrivateDnsNamespace",
            "Properties": {"Name": namespace_name, "Vpc": self._default_vpc},
        }
        namespace_stack = self._stack("cloudmap", {"Namespace": namespace})
        service = {
            "Type": "AWS::ServiceDiscovery::Service",
            "Properties": {"Name": API, "NamespaceId": self._physical_id(namespace_stack, "Namespace")},
        }
        stack_id = self._stack(f"service-{API}", {"Registry": service})
        service_id = self._physical_id(stack_id, "Registry")
        instance_id = "0123456789abcdef0123456789abcdef"
        self._client("servicediscovery").register_instance(
            ServiceId=service_id,
            InstanceId=instance_id,
            Attributes={
                "AWS_INSTANCE_IPV4": "172.31.0.9",
                "ECS_CLUSTER_NAME": self._name,
                "ECS_SERVICE_NAME": API,
                "REGION": self._region or self._emulator.region,
            },
        )
        discovery = self._client("servicediscovery")
        self._emulator.wait_until(lambda: discovery.list_instances(ServiceId=service_id)["Instances"])
        stack_name = f"{self._name}-service-{API}"
        self._emulator.faults.fail_resource(stack_name, "Registry", _IN_USE, times=1)
        self._delete(stack_id, "DELETE_FAILED")
        return [
            LeftBehind("stack", stack_name, stack_id),
            LeftBehind("namespace_stack", f"{self._name}-cloudmap", namespace_stack),
            LeftBehind("cloud_map_instance", instance_id, instance_id, service_id),
        ]

    def retained_role(self) -> LeftBehind:
        """A role that the cluster's stack has kept because its template says so."""
        role_name = f"{self._name}-kept-role"
        role = {
            "Type": "AWS::IAM::Role",
            "DeletionPolicy": "Retain",
            "Properties": {"RoleName": role_name, "AssumeRolePolicyDocument": _TRUST},
        }
        cluster = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": self._name}}
        self._delete(self._stack("ecs", {"Cluster": cluster, "TaskRole": role}), "DELETE_COMPLETE")
        return LeftBehind("retained", role_name, role_name, f"{self._name}-ecs")

    def tagged_subnet(self) -> LeftBehind:
        """A subnet with the tags of a stack that says it has deleted everything."""
        parameter = {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": f"/{self._name}/VPCID", "Type": "String", "Value": self._default_vpc},
        }
        stack_id = self._stack("vpc", {"Id": parameter})
        self._delete(stack_id, "DELETE_COMPLETE")
        subnet = self._client("ec2").create_subnet(VpcId=self._default_vpc, CidrBlock="172.31.240.0/24")["Subnet"]
        self._emulator.tag_as_of_stack(subnet["SubnetId"], stack_id, "SubnetOne")
        return LeftBehind("tagged", subnet["SubnetArn"], subnet["SubnetId"], f"{self._name}-vpc")

    def log_group(self) -> LeftBehind:
        """Container Insights has written after the cluster's end."""
        group = f"/aws/ecs/containerinsights/{self._name}/performance"
        self._client("logs").create_log_group(logGroupName=group)
        return LeftBehind("log_group", group, group)

    def xray_group(self) -> LeftBehind:
        """The group that the workshop makes by hand."""
        self._client("xray").create_group(GroupName=self._mesh, FilterExpression="fault = true")
        return LeftBehind("xray_group", self._mesh, self._mesh)

    def faults_group(self) -> LeftBehind:
        """The group beside it that the role observe makes."""
        group = make_faults_group(self._client("xray"), self._mesh)
        return LeftBehind("faults_group", group, group)

    def sampling_rule(self) -> LeftBehind:
        """A sampling rule with the workshop's name."""
        rule = {
            "RuleName": self._name,
            "ResourceARN": "*",
            "Priority": 100,
            "FixedRate": 1.0,
            "ReservoirSize": 1,
            "ServiceName": "*",
            "ServiceType": "*",
            "Host": "*",
            "HTTPMethod": "*",
            "URLPath": "*",
            "Version": 1,
        }
        self._client("xray").create_sampling_rule(SamplingRule=rule)
        return LeftBehind("xray_sampling_rule", self._name, self._name)

    def alarm(self) -> LeftBehind:
        """An alarm on the group's traces with the workshop's name."""
        name = f"{self._name}/faults"
        put_alarm(self._client("cloudwatch"), name, self._mesh)
        return LeftBehind("alarm", name, name)

    def parameter(self) -> LeftBehind:
        """A parameter that somebody has put by hand."""
        parameter = f"/{self._name}/by-hand"
        self._client("ssm").put_parameter(Name=parameter, Type="String", Value="somebody's")
        return LeftBehind("ssm_parameter", parameter, parameter)

    def task_definition(self) -> LeftBehind:
        """A revision that is INACTIVE, as each deleted one stays."""
        container = {"Name": "app", "Image": "example/app", "Memory": 128}
        properties = {"Family": API, "ContainerDefinitions": [container]}
        stack_id = self._stack(
            f"task-{API}", {"Definition": {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}}
        )
        arn = self._physical_id(stack_id, "Definition")
        self._delete(stack_id, "DELETE_COMPLETE")
        return LeftBehind("task_definition", arn.rpartition("/")[2], arn, f"{self._name}-task-{API}")
