# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small account on the emulator for the tests of its services."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator

CLUSTER = "kitchen"


class Account:
    """Builds what a test needs, by API calls, and reads it back in few words."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.ecs = emulator.client("ecs")
        self.ec2 = emulator.client("ec2")
        self.discovery = emulator.client("servicediscovery")
        self.elbv2 = emulator.client("elbv2")
        self.logs = emulator.client("logs")
        self.vpc = ""
        self.subnets: list[str] = []
        self.group = ""

    def network(self) -> Account:
        """A VPC with three subnets and a security group."""
        self.vpc = self.ec2.create_vpc(CidrBlock="10.42.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.42.{number}.0/24")["Subnet"]["SubnetId"]
            for number in range(3)
        ]
        self.group = self.ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=self.vpc)["GroupId"]
        return self

    def cluster(self, name: str = CLUSTER, **settings: Any) -> Account:
        """A cluster with a task definition ``app`` for its services."""
        self.ecs.create_cluster(clusterName=name, **settings)
        self.define("app")
        return self

    def define(self, family: str, **settings: Any) -> str:
        """A new revision of a task definition; its ARN."""
        answer = self.ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": family, "image": "example/app"}],
            **settings,
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    @property
    def network_configuration(self) -> dict[str, Any]:
        return {
            "awsvpcConfiguration": {
                "subnets": self.subnets,
                "securityGroups": [self.group],
                "assignPublicIp": "ENABLED",
            }
        }

    def service(self, name: str, desired: int = 1, **settings: Any) -> str:
        """A Fargate service in the cluster; its ARN."""
        answer = self.ecs.create_service(
            **{
                "cluster": CLUSTER,
                "serviceName": name,
                "taskDefinition": "app",
                "desiredCount": desired,
                "launchType": "FARGATE",
                "networkConfiguration": self.network_configuration,
                **settings,
            }
        )
        return answer["service"]["serviceArn"]

    def listen(self, group: str) -> str:
        """A load balancer that sends everything to this target group; ARN of its listener."""
        balancer = self.elbv2.create_load_balancer(Name="front", Subnets=self.subnets[:2])["LoadBalancers"][0]
        answer = self.elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return answer["Listeners"][0]["ListenerArn"]

    def run_task(self, **settings: Any) -> str:
        """A standalone Fargate task; its ARN."""
        answer = self.ecs.run_task(
            **{
                "cluster": CLUSTER,
                "taskDefinition": "app",
                "launchType": "FARGATE",
                "networkConfiguration": self.network_configuration,
                **settings,
            }
        )
        return answer["tasks"][0]["taskArn"]

    def describe_service(self, name: str) -> dict[str, Any]:
        return self.ecs.describe_services(cluster=CLUSTER, services=[name])["services"][0]

    def listed(self, **filters: Any) -> list[str]:
        """Task ARNs as ListTasks gives them."""
        return self.ecs.list_tasks(cluster=CLUSTER, **filters)["taskArns"]

    def describe_task(self, arn: str) -> dict[str, Any]:
        return self.ecs.describe_tasks(cluster=CLUSTER, tasks=[arn])["tasks"][0]

    def status(self, arn: str) -> str:
        return self.describe_task(arn)["lastStatus"]

    def wait_for_status(self, arn: str, *statuses: str, aws_seconds: float = 400.0) -> None:
        self.emulator.wait_until(lambda: self.status(arn) in statuses, aws_seconds)

    def interfaces(self) -> list[dict[str, Any]]:
        """The network interfaces in the VPC."""
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}]
        return self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]

    def registry(self, name: str) -> tuple[str, str]:
        """A Cloud Map service in a private namespace of the VPC; its id and ARN."""
        namespaces = self.discovery.list_namespaces()["Namespaces"]
        if not namespaces:
            self.discovery.create_private_dns_namespace(Name="kitchen.local", Vpc=self.vpc, CreatorRequestId="x")
            namespaces = self.discovery.list_namespaces()["Namespaces"]
        service = self.discovery.create_service(
            Name=name, NamespaceId=namespaces[0]["Id"], DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 60}]}
        )["Service"]
        return service["Id"], service["Arn"]

    def instances(self, registry_id: str) -> list[str]:
        return [item["Id"] for item in self.discovery.list_instances(ServiceId=registry_id)["Instances"]]

    def times(self, kind: str, name: str) -> dict[str, float]:
        """Status of the timeline -> AWS seconds, of the events of one thing; ``name`` may be the end of its name."""
        return {
            event.status: event.time
            for event in self.emulator.timeline
            if event.kind == kind and event.name.endswith(name)
        }


def task_id(arn: str) -> str:
    return arn.rpartition("/")[2]


def about(aws_seconds: float) -> Any:
    """Equal but for the moments that a request takes on a busy machine."""
    return pytest.approx(aws_seconds, abs=10)
