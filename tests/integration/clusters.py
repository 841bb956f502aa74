# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS clusters with services and tasks for the tests of the modules."""

from __future__ import annotations

from typing import Any

from tests.emulator import Emulator


class Shop:
    """The cluster ``shop`` with a network and a Cloud Map namespace."""

    def __init__(self, emulator: Emulator) -> None:
        self.ecs = emulator.client("ecs")
        self.cloud_map = emulator.client("servicediscovery")
        self._emulator = emulator
        ec2 = emulator.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
        self._namespace = ""
        self.ecs.create_cluster(clusterName="shop")
        self.ecs.register_task_definition(
            family="app",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "app"}],
        )

    def service(self, name: str, count: int = 1, discovery: bool = False) -> str:
        """A service with running tasks; with ``discovery`` in Cloud Map, too: then the id of its Cloud Map service."""
        arguments: dict[str, Any] = {}
        if discovery:
            arguments["serviceRegistries"] = [{"registryArn": self._registry(name)}]
        self.ecs.create_service(
            cluster="shop", serviceName=name, taskDefinition="app", desiredCount=count, launchType="FARGATE",
            networkConfiguration=self._network, **arguments,
        )  # fmt: skip
        return arguments["serviceRegistries"][0]["registryArn"].rsplit("/", 1)[-1] if discovery else ""

    def standalone(self, count: int = 1) -> list[str]:
        """Tasks without a service, running; their ARNs."""
        arns: list[str] = []
        while len(arns) < count:
            answer = self.ecs.run_task(
                cluster="shop", taskDefinition="app", launchType="FARGATE", count=min(10, count - len(arns)),
                networkConfiguration=self._network,
            )  # fmt: skip
            arns.extend(task["taskArn"] for task in answer["tasks"])
        self._emulator.wait_until(lambda: len(self.statuses("RUNNING", "RUNNING")) >= count)
        return arns

    def statuses(self, desired: str, last: str | None = None) -> list[str]:
        """Groups of the tasks with this desired (and last) status, sorted."""
        arns = [arn for page in self.ecs.get_paginator("list_tasks").paginate(cluster="shop", desiredStatus=desired)
                for arn in page["taskArns"]]  # fmt: skip
        tasks = []
        for start in range(0, len(arns), 100):
            tasks += self.ecs.describe_tasks(cluster="shop", tasks=arns[start : start + 100])["tasks"]
        return sorted(task["group"] for task in tasks if last in (None, task["lastStatus"]))

    def running(self) -> list[str]:
        """Groups of the tasks that were not told to stop."""
        return self.statuses("RUNNING")

    def instances(self, service_id: str) -> list[str]:
        return [item["Id"] for item in self.cloud_map.list_instances(ServiceId=service_id)["Instances"]]

    @property
    def _network(self) -> dict[str, Any]:
        return {"awsvpcConfiguration": {"subnets": [self.subnet]}}

    def _registry(self, name: str) -> str:
        if not self._namespace:
            self.cloud_map.create_private_dns_namespace(Name="shop.local", Vpc=self.vpc)
            found = self._emulator.wait_until(lambda: self.cloud_map.list_namespaces()["Namespaces"])
            self._namespace = found[0]["Id"]
        answer = self.cloud_map.create_service(
            Name=name, NamespaceId=self._namespace, DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 10}]}
        )
        return answer["Service"]["Arn"]
