# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small workshops, made in a second, in which a teardown has every kind of thing to do."""

from __future__ import annotations

from tests.emulator import Emulator
from tests.integration import others, ownership
from tests.workshop.deployment import wait_for_stacks, wait_for_tasks
from tests.workshop.left_behind import put_alarm
from tests.workshop.manifest import read_manifest

API = "order-api"
#: One service and what it cannot be without, and a table.
LIVING = ("ecs", "dynamodb", "vpc", f"task-{API}", "alb", "cloudmap", f"service-{API}")
#: One resource at least of each type that the workshop has.
EVERYTHING = (*LIVING, "appmesh", "appmesh-structure", "logs")


def names(kinds: tuple[str, ...] = LIVING) -> list[str]:
    """The stacks' names."""
    return [f"cuddlekube-{kind}" for kind in kinds]


def make(emulator: Emulator, kinds: tuple[str, ...] = LIVING) -> None:
    """Make the stacks, and let the service run its task."""
    cloudformation = emulator.client("cloudformation")
    for wave in read_manifest(step=4 if kinds == EVERYTHING else 1).waves:
        made = [stack for stack in wave if stack.name in names(kinds)]
        for stack in made:
            cloudformation.create_stack(
                StackName=stack.name,
                TemplateBody=stack.body,
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
                Capabilities=["CAPABILITY_IAM"],
            )
        wait_for_stacks(cloudformation, [stack.name for stack in made])
    wait_for_tasks(emulator.client("ecs"), "cuddlekube", (API,))


def unmake(emulator: Emulator, kinds: tuple[str, ...] = LIVING) -> None:
    """Delete the stacks as somebody would who knows the order."""
    cloudformation = emulator.client("cloudformation")
    for wave in reversed(read_manifest().waves):
        ids = [cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
               for stack in wave if stack.name in names(kinds)]  # fmt: skip
        for stack_id in ids:
            cloudformation.delete_stack(StackName=stack_id)
        emulator.wait_until(lambda ids=ids: all(_gone(cloudformation, stack_id) for stack_id in ids))


def _gone(cloudformation: object, stack_id: str) -> bool:
    (stack,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]  # type: ignore[attr-defined]
    return stack["StackStatus"] == "DELETE_COMPLETE"


def leave_leftovers(emulator: Emulator) -> None:
    """One of each kind, outside any stack: of a cluster, a task definition and a namespace of stacks."""
    vpc = emulator.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    others.stack(emulator, "cuddlekube-ecs", ownership.cluster())
    namespace = {"Name": "cuddle-kube.svc.cluster.local", "Vpc": vpc}
    others.stack(
        emulator,
        "cuddlekube-cloudmap",
        {"Namespace": {"Type": "AWS::ServiceDiscovery::PrivateDnsNamespace", "Properties": namespace}},
    )
    others.delete(emulator, others.stack(emulator, f"cuddlekube-task-{API}", {"Definition": others.definition(API)}))
    emulator.client("logs").create_log_group(logGroupName="/aws/ecs/containerinsights/cuddlekube/performance")
    emulator.client("ssm").put_parameter(Name="/cuddlekube/by-hand", Value="x", Type="String")
    put_alarm(emulator.client("cloudwatch"), "cuddlekube/faults", "cuddle-kube")
    xray = emulator.client("xray")
    xray.create_group(GroupName="cuddle-kube", FilterExpression="fault = true")
    xray.create_sampling_rule(
        SamplingRule={
            "RuleName": "cuddle-kube", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1,
            "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
        }
    )  # fmt: skip
    _leave_an_instance(emulator)


def _leave_an_instance(emulator: Emulator) -> None:
    """A Cloud Map instance of a task that is not there, in the namespace of the workshop."""
    cloud_map = emulator.client("servicediscovery")
    service = cloud_map.create_service(
        Name=API,
        NamespaceId=others.physical_id(emulator, "cuddlekube-cloudmap", "Namespace"),
        DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 10}]},
    )["Service"]["Id"]
    by_ecs = {"AWS_INSTANCE_IPV4": "10.0.0.9", "ECS_CLUSTER_NAME": "cuddlekube", "REGION": emulator.region}
    operation = cloud_map.register_instance(ServiceId=service, InstanceId="0" * 32, Attributes=by_ecs)["OperationId"]
    emulator.wait_until(
        lambda: cloud_map.get_operation(OperationId=operation)["Operation"]["Status"] == "SUCCESS"
    )
