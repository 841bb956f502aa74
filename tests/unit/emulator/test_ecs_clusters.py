# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS clusters and task definitions on the emulator."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.services import ecs
from tests.emulator.world import ACCOUNT_ID, world
from tests.unit.emulator.account import CLUSTER, Account


def test_a_cluster_with_services_is_not_deleted(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html#API_DeleteCluster_Errors

    Text: https://github.com/coldbrewcloud/coldbrew-cli/issues/35
    """
    kitchen.service("soup", desired=0)
    message = "ClusterContainsServicesException.*The Cluster cannot be deleted while Services are active"
    with pytest.raises(ClientError, match=message):
        kitchen.ecs.delete_cluster(cluster=CLUSTER)


def test_a_cluster_with_tasks_is_not_deleted(kitchen: Account) -> None:
    """Standalone ones, and those of a service that is INACTIVE already, until they are STOPPED.

    https://github.com/gruntwork-io/cloud-nuke/issues/368
    """
    world.durations.set("ec2.interface.task", 200)
    arn = kitchen.run_task()
    message = "ClusterContainsTasksException.*The Cluster cannot be deleted while Tasks are active"
    with pytest.raises(ClientError, match=message):
        kitchen.ecs.delete_cluster(cluster=CLUSTER)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=arn)
    with pytest.raises(ClientError, match=message):
        kitchen.ecs.delete_cluster(cluster=CLUSTER)
    kitchen.wait_for_status(arn, "STOPPED")
    kitchen.ecs.delete_cluster(cluster=CLUSTER)


def test_a_deleted_cluster_is_inactive(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html (discoverable, INACTIVE)

    https://github.com/aws/aws-cli/issues/2078
    """
    assert len(kitchen.ecs.list_clusters()["clusterArns"]) == 1
    assert kitchen.ecs.delete_cluster(cluster=CLUSTER)["cluster"]["status"] == "INACTIVE"
    assert kitchen.ecs.list_clusters()["clusterArns"] == []
    assert kitchen.ecs.describe_clusters(clusters=[CLUSTER])["clusters"][0]["status"] == "INACTIVE"
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        kitchen.ecs.list_services(cluster=CLUSTER)
    with pytest.raises(ClientError, match="The referenced cluster was inactive"):
        kitchen.service("soup")
    assert kitchen.ecs.create_cluster(clusterName=CLUSTER)["cluster"]["status"] == "ACTIVE"


def test_a_cluster_counts_what_it_has(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html"""
    world.durations.set("ecs.task.start", 600)
    kitchen.service("soup", desired=2)
    kitchen.run_task()
    cluster = kitchen.ecs.describe_clusters(clusters=[CLUSTER])["clusters"][0]
    assert (cluster["runningTasksCount"], cluster["pendingTasksCount"], cluster["activeServicesCount"]) == (2, 1, 1)


def test_clusters_of_every_region_use_the_service_linked_role(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html"""
    kitchen.emulator.client("ecs", region="us-west-2").create_cluster(clusterName="elsewhere")
    regions = {arn.split(":")[3] for arn in ecs.clusters_in_use(ACCOUNT_ID)}
    assert regions == {"eu-central-1", "us-west-2"}
    kitchen.ecs.delete_cluster(cluster=CLUSTER)
    assert len(ecs.clusters_in_use(ACCOUNT_ID)) == 1


def test_a_tag_that_only_aws_may_set_is_refused(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html"""
    given = {"family": "soup", "containerDefinitions": [{"name": "app", "image": "shop/soup:1", "memory": 64}]}
    with pytest.raises(ClientError, match="InvalidParameterException.*AWS:x"):
        kitchen.ecs.register_task_definition(**given, tags=[{"key": "AWS:x", "value": "1"}])
    kitchen.ecs.register_task_definition(**given, tags=[{"key": "aws", "value": "1"}])


def test_a_task_definition_is_deregistered_and_then_deleted(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html"""
    world.durations.set("ecs.task_definition", 150)
    arn = kitchen.define("extra")
    assert kitchen.ecs.delete_task_definitions(taskDefinitions=[arn])["failures"]
    kitchen.ecs.deregister_task_definition(taskDefinition=arn)
    assert kitchen.ecs.list_task_definitions(familyPrefix="extra")["taskDefinitionArns"] == []
    inactive = kitchen.ecs.list_task_definitions(familyPrefix="extra", status="INACTIVE")
    assert inactive["taskDefinitionArns"] == [arn]
    with pytest.raises(ClientError, match="ClientException"):
        kitchen.run_task(taskDefinition=arn)
    kitchen.ecs.delete_task_definitions(taskDefinitions=[arn])
    assert kitchen.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]["status"] == "DELETE_IN_PROGRESS"
    listed = kitchen.ecs.list_task_definitions(familyPrefix="extra", status="DELETE_IN_PROGRESS")
    assert listed["taskDefinitionArns"] == [arn]
    kitchen.emulator.wait_until(
        lambda: not kitchen.ecs.list_task_definitions(status="DELETE_IN_PROGRESS")["taskDefinitionArns"], 400
    )
    with pytest.raises(ClientError, match="Unable to describe task definition"):
        kitchen.ecs.describe_task_definition(taskDefinition=arn)


def test_a_task_definition_in_use_stays_in_deletion(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html"""
    kitchen.service("soup")
    arn = kitchen.describe_service("soup")["taskDefinition"]
    kitchen.ecs.deregister_task_definition(taskDefinition=arn)
    kitchen.ecs.delete_task_definitions(taskDefinitions=[arn])
    kitchen.emulator.clock.sleep(100)
    kitchen.ecs.stop_task(cluster=CLUSTER, task=kitchen.listed()[0])
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("soup")["runningCount"] == 1, 200)
    assert kitchen.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]["status"] == "DELETE_IN_PROGRESS"


def test_pages_of_task_definitions(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html (100 a page)"""
    for _number in range(104):
        kitchen.define("app")
    first = kitchen.ecs.list_task_definitions()
    second = kitchen.ecs.list_task_definitions(nextToken=first["nextToken"])
    assert (len(first["taskDefinitionArns"]), len(second["taskDefinitionArns"])) == (100, 5)


def test_container_insights_writes_a_log_group_while_tasks_run(account: Account) -> None:
    """https://github.com/aws/containers-roadmap/issues/2315 (who creates it, its name)

    https://github.com/ministryofjustice/opg-digideps/pull/1325 (it comes back when deleted)
    """
    account.network().cluster(settings=[{"name": "containerInsights", "value": "enabled"}])
    name = f"/aws/ecs/containerinsights/{CLUSTER}/performance"

    def groups() -> list[str]:
        return [group["logGroupName"] for group in account.logs.describe_log_groups()["logGroups"]]

    assert groups() == []
    world.durations.set("logs.log_group.return", 100)
    account.service("soup")
    arn = account.listed()[0]
    assert groups() == [name]
    assert account.logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 1
    account.logs.delete_log_group(logGroupName=name)
    assert groups() == []
    account.emulator.wait_until(lambda: groups() == [name], 300)
    account.ecs.delete_service(cluster=CLUSTER, service="soup", force=True)
    account.wait_for_status(arn, "STOPPED")
    account.emulator.clock.sleep(70)
    account.logs.delete_log_group(logGroupName=name)
    account.emulator.clock.sleep(150)
    assert groups() == []


def test_no_container_insights_no_log_group(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html"""
    kitchen.service("soup")
    assert kitchen.logs.describe_log_groups()["logGroups"] == []
