# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest workshop in which a teardown has everything to do, made in a second."""

from __future__ import annotations

from tests.emulator import Emulator
from tests.workshop.deployment import wait_for_stacks, wait_for_tasks
from tests.workshop.manifest import read_manifest

API = "order-api"
STACKS = ("ecs", "dynamodb", "vpc", f"task-{API}", "alb", "cloudmap", f"service-{API}")
#: A Cloud Map instance whose task is not there
ORPHAN = "0123456789abcdef0123456789abcdef"


def deploy_tiny(emulator: Emulator) -> None:
    """Seven stacks with one service, one of them protected; and one leftover of each kind."""
    cloudformation = emulator.client("cloudformation")
    for wave in read_manifest(step=1).waves:
        made = [stack for stack in wave if stack.name.removeprefix("cuddlekube-") in STACKS]
        for stack in made:
            cloudformation.create_stack(
                StackName=stack.name,
                TemplateBody=stack.body,
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
                Capabilities=["CAPABILITY_IAM"],
            )
        wait_for_stacks(cloudformation, [stack.name for stack in made])
    wait_for_tasks(emulator.client("ecs"), "cuddlekube", (API,))
    cloudformation.update_termination_protection(StackName="cuddlekube-dynamodb", EnableTerminationProtection=True)
    leave_leftovers(emulator)
    cloud_map = emulator.client("servicediscovery")
    cloud_map.register_instance(
        ServiceId=cloud_map.list_services()["Services"][0]["Id"],
        InstanceId=ORPHAN,
        Attributes={"AWS_INSTANCE_IPV4": "10.0.0.9"},
    )


def leave_leftovers(emulator: Emulator) -> None:
    """One of each kind that needs no stack."""
    emulator.client("logs").create_log_group(logGroupName="/aws/ecs/containerinsights/cuddlekube/performance")
    emulator.client("ssm").put_parameter(Name="/cuddlekube/by-hand", Value="x", Type="String")
    xray = emulator.client("xray")
    xray.create_group(GroupName="cuddle-kube", FilterExpression="fault = true")
    xray.create_sampling_rule(
        SamplingRule={
            "RuleName": "cuddle-kube", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1,
            "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
        }
    )  # fmt: skip
    ecs = emulator.client("ecs")
    definition = ecs.register_task_definition(
        family=API, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[{"name": API, "image": "app"}],
    )["taskDefinition"]  # fmt: skip
    ecs.deregister_task_definition(taskDefinition=definition["taskDefinitionArn"])
