# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the emulator, service by service, what of a workshop is still there. Independent of the code under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .manifest import read_manifest

if TYPE_CHECKING:
    from tests.emulator import Emulator


def whats_left(emulator: Emulator, name: str = "cuddlekube", region: str | None = None) -> dict[str, list[str]]:
    """The names of what is there of a workshop, by kind; every list is empty when it is gone.

    Interfaces are those of every network but the default one: the caller knows whether somebody else has any.
    """

    def client(service: str) -> Any:
        return emulator.client(service, region=region)

    mesh = read_manifest(name).xray_group["name"]  # type: ignore[index]
    return {
        "stacks": _stacks(client("cloudformation"), set(read_manifest(name).names)),
        "tasks": _tasks(client("ecs"), name),
        "network interfaces": _interfaces(client("ec2")),
        "log groups": _log_groups(client("logs"), name),
        "X-Ray groups": [
            group["GroupName"]
            for group in client("xray").get_groups()["Groups"]
            if group["GroupName"] in (mesh, f"{mesh}-faults")
        ],
        "clusters": [arn for arn in client("ecs").list_clusters()["clusterArns"] if arn.endswith(f"/{name}")],
        "meshes": [m["meshName"] for m in client("appmesh").list_meshes()["meshes"] if m["meshName"] == mesh],
        "namespaces": [
            namespace["Name"]
            for namespace in client("servicediscovery").list_namespaces()["Namespaces"]
            if namespace["Name"] in (mesh, f"{mesh}.svc.cluster.local")
        ],
        "parameters": [
            parameter["Name"]
            for page in client("ssm").get_paginator("get_parameters_by_path").paginate(Path=f"/{name}/", Recursive=True)
            for parameter in page["Parameters"]
        ],
    }


def _stacks(cloudformation: Any, names: set[str]) -> list[str]:
    pages = cloudformation.get_paginator("list_stacks").paginate()
    return sorted(
        f"{stack['StackName']} {stack['StackStatus']}"
        for page in pages
        for stack in page["StackSummaries"]
        if stack["StackName"] in names and stack["StackStatus"] != "DELETE_COMPLETE"
    )


def tasks_of(ecs: Any, cluster: str) -> list[dict[str, Any]]:
    """Every task of a cluster that AWS still knows, stopped ones included; none if there is no such cluster."""
    found: list[dict[str, Any]] = []
    try:
        # ListTasks shows only tasks that are meant to run unless it is asked for the others as well:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        for status in ("RUNNING", "STOPPED"):
            for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=status):
                if page["taskArns"]:
                    found += ecs.describe_tasks(cluster=cluster, tasks=page["taskArns"])["tasks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ClusterNotFoundException":
            raise
    return found


def _tasks(ecs: Any, cluster: str) -> list[str]:
    tasks = tasks_of(ecs, cluster)
    return sorted(f"{task['group']} {task['lastStatus']}" for task in tasks if task["lastStatus"] != "STOPPED")


def _interfaces(ec2: Any) -> list[str]:
    default = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["IsDefault"]}
    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    return sorted(
        f"{interface['NetworkInterfaceId']} {interface.get('Description', '')}".strip()
        for interface in interfaces
        if interface["VpcId"] not in default
    )


def _log_groups(logs: Any, name: str) -> list[str]:
    found: list[str] = []
    for prefix in (f"{name}-", f"/aws/ecs/containerinsights/{name}/"):
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            found += [group["logGroupName"] for group in page["logGroups"]]
    return found
