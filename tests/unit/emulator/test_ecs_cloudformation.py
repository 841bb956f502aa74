# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECS::* in stacks on the emulator."""

from __future__ import annotations

from typing import Any

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account, about
from tests.unit.emulator.stacks import Stacks


def service(kitchen: Account, **properties: Any) -> dict[str, Any]:
    """Resources of a stack with one service."""
    given = {
        "Cluster": CLUSTER,
        "ServiceName": "soup",
        "TaskDefinition": "app",
        "DesiredCount": "1",
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "AssignPublicIp": "ENABLED",
                "SecurityGroups": [kitchen.group],
                "Subnets": kitchen.subnets,
            }
        },
        "DeploymentConfiguration": {"MaximumPercent": 100, "MinimumHealthyPercent": 0},
        **properties,
    }
    return {"Service": {"Type": "AWS::ECS::Service", "Properties": given}}


def seconds_of(stacks: Stacks, name: str) -> float:
    """AWS seconds that the deletion of a resource (``stack/logical id``) took."""
    began = stacks.emulator.timeline.first("resource", name, "DELETE_IN_PROGRESS").time
    return stacks.emulator.timeline.first("resource", name, "DELETE_COMPLETE").time - began


def test_a_service_of_a_stack_has_the_settings_of_the_template(kitchen: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html"""
    registry_id, registry_arn = kitchen.registry("soup")
    stacks.create("one", service(kitchen, ServiceRegistries=[{"RegistryArn": registry_arn}]))
    shown = kitchen.describe_service("soup")
    assert (shown["launchType"], shown["desiredCount"], shown["runningCount"]) == ("FARGATE", 1, 1)
    assert shown["deploymentConfiguration"]["maximumPercent"] == 100
    assert shown["networkConfiguration"] == kitchen.network_configuration
    assert shown["serviceRegistries"] == [{"registryArn": registry_arn}]
    assert len(kitchen.instances(registry_id)) == len(kitchen.interfaces()) == 1


def test_the_deletion_of_a_service_waits_for_its_tasks(kitchen: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html

    That CloudFormation waits, and how long, is an estimate from the logs named in the table of durations.
    """
    stack = stacks.create("one", service(kitchen))
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert kitchen.describe_service("soup")["status"] == "INACTIVE"
    assert kitchen.interfaces() == []
    assert seconds_of(stacks, "one/Service") == about(85)


def test_tasks_that_were_stopped_before_make_it_quicker(kitchen: Account, stacks: Stacks) -> None:
    """https://github.com/cuddlekube/workshop/blob/master/step5.md (stop the tasks manually)"""
    stack = stacks.create("one", service(kitchen))
    arn = kitchen.listed()[0]
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", desiredCount=0)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    asked = world.clock.now()
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    gone = stacks.emulator.timeline.first("resource", "one/Service", "DELETE_COMPLETE").time
    assert gone - asked == about(40)


def test_a_service_that_hangs_fails_the_stack_after_half_an_hour(kitchen: Account, stacks: Stacks) -> None:
    """https://github.com/aws/aws-cli/issues/1334; the code is one of CloudFormation's own:

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    The text and the half hour are estimates.
    """
    assert world.durations.draw("cloudformation.service_timeout") == 1800
    world.durations.set("cloudformation.service_timeout", 200)
    kitchen.emulator.faults.hang_service("soup")
    stack = stacks.create("one", service(kitchen))
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_FAILED"
    reason = stacks.reason(stack, "Service")
    assert "Exceeded attempts to wait" in reason and "HandlerErrorCode: NotStabilized" in reason


def test_a_lingering_task_holds_the_stack_until_it_is_stopped(kitchen: Account, stacks: Stacks) -> None:
    """https://github.com/cuddlekube/workshop/blob/master/step5.md"""
    kitchen.emulator.faults.linger()
    stack = stacks.create("one", service(kitchen))
    arn = kitchen.listed()[0]
    stacks.delete("one")
    kitchen.wait_for_status(arn, "DEACTIVATING")
    kitchen.emulator.clock.sleep(150)
    assert stacks.status(stack) == "DELETE_IN_PROGRESS"
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    assert stacks.end(stack) == "DELETE_COMPLETE"


def test_a_service_that_is_gone_already(kitchen: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html (NotFound)"""
    stack = stacks.create("one", service(kitchen, DesiredCount=0))
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"


def test_an_update_rolls_the_service_over(kitchen: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html"""
    stacks.create("one", service(kitchen))
    old = kitchen.listed()[0]
    new_definition = kitchen.define("app")
    stacks.update("one", service(kitchen, TaskDefinition=new_definition))
    kitchen.emulator.wait_until(lambda: kitchen.listed() not in ([], [old]), 200)
    assert kitchen.describe_task(kitchen.listed()[0])["taskDefinitionArn"] == new_definition


def test_a_cluster_in_use_fails_the_stack_at_once(account: Account, stacks: Stacks) -> None:
    """https://github.com/aws-samples/aws-scalable-big-blue-button-example/issues/79"""
    cluster = {
        "Type": "AWS::ECS::Cluster",
        "Properties": {
            "ClusterName": CLUSTER,
            "ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}],
        },
    }
    stack = stacks.create("one", {"Cluster": cluster})
    account.network().define("app")
    shown = account.ecs.describe_clusters(clusters=[CLUSTER], include=["SETTINGS"])["clusters"][0]
    assert shown["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    arn = account.run_task()
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_FAILED"
    assert "The Cluster cannot be deleted while Tasks are active" in stacks.reason(stack, "Cluster")
    account.ecs.stop_task(cluster=CLUSTER, task=arn)
    account.wait_for_status(arn, "STOPPED")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert account.ecs.list_clusters()["clusterArns"] == []


def test_a_task_definition_has_what_the_template_says_and_is_deregistered(account: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html"""
    definition = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": "soup",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "Cpu": "256",
            "Memory": "512",
            "ProxyConfiguration": {
                "Type": "APPMESH",
                "ContainerName": "envoy",
                "ProxyConfigurationProperties": [{"Name": "AppPorts", "Value": "8080"}],
            },
            "ContainerDefinitions": [
                {
                    "Name": "app",
                    "Image": "example/app",
                    "Essential": "true",
                    "PortMappings": [{"ContainerPort": "8080", "Protocol": "tcp"}],
                    "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "x"}},
                    "DependsOn": [{"ContainerName": "envoy", "Condition": "HEALTHY"}],
                },
                {"Name": "envoy", "Image": "example/envoy"},
            ],
        },
    }
    stack = stacks.create("one", {"Definition": definition})
    shown = account.ecs.describe_task_definition(taskDefinition="soup")["taskDefinition"]
    assert (shown["networkMode"], shown["cpu"], shown["memory"]) == ("awsvpc", "256", "512")
    assert shown["proxyConfiguration"]["properties"] == [{"name": "AppPorts", "value": "8080"}]
    container = shown["containerDefinitions"][0]
    assert container["portMappings"] == [{"containerPort": 8080, "protocol": "tcp"}]
    assert container["logConfiguration"]["options"] == {"awslogs-group": "x"}
    assert container["essential"] is True
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    arns = account.ecs.list_task_definitions(familyPrefix="soup", status="INACTIVE")["taskDefinitionArns"]
    assert arns == [shown["taskDefinitionArn"]]
