# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not a workshop's but in or beside it: of strangers' stacks, of other accounts, made by hand.

Each says what has been done to it: a teardown may do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.servicediscovery.models import servicediscovery_backends

from tests.emulator import Emulator
from tests.emulator.services.cloudmap import put_foreign_instance
from tests.emulator.world import ACCOUNT_ID, world

ANOTHER_ACCOUNT = "210987654321"
_DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
)


@dataclass(frozen=True)
class Thing:
    """``name``: what a person has to read of it where it is in the way; ``owner``: its stack or account, if any.

    ``touched()``: what has been done to it, "" if nothing; ``remove()``: its owner takes it away.
    """

    name: str
    touched: Callable[[], str]
    remove: Callable[[], object]
    owner: str = ""


def stack(aws: Emulator, name: str, resources: dict[str, Any], **outputs: Any) -> str:
    """Make a stack of these resources; its id."""
    client = aws.client("cloudformation")
    body = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
    stack_id = client.create_stack(
        StackName=name, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_NAMED_IAM"]
    )["StackId"]
    aws.wait_until(lambda: status(aws, stack_id) == "CREATE_COMPLETE")
    return stack_id


def delete(aws: Emulator, stack_id: str) -> None:
    """Delete a stack, and wait until it is gone."""
    aws.client("cloudformation").delete_stack(StackName=stack_id)
    aws.wait_until(lambda: status(aws, stack_id) == "DELETE_COMPLETE")


def status(aws: Emulator, name_or_id: str) -> str:
    """A stack's status. A name without a stack is an error."""
    (row,) = aws.client("cloudformation").describe_stacks(StackName=name_or_id)["Stacks"]
    return row["StackStatus"]


def _default_subnets(aws: Emulator) -> list[str]:
    subnets = aws.client("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    return [subnet["SubnetId"] for subnet in subnets]


def definition(family: str) -> dict[str, Any]:
    """A task definition for a template."""
    properties = {
        "Family": family,
        "NetworkMode": "awsvpc",
        "RequiresCompatibilities": ["FARGATE"],
        "Cpu": "256",
        "Memory": "512",
        "ContainerDefinitions": [{"Name": "app", "Image": "example/app"}],
    }
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def service(aws: Emulator, cluster: Any, name: str, count: int, task_definition: Any) -> dict[str, Any]:
    """A service for a template, in the default network."""
    properties = {
        "ServiceName": name,
        "Cluster": cluster,
        "TaskDefinition": task_definition,
        "DesiredCount": count,
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": _default_subnets(aws)}},
    }
    return {"Type": "AWS::ECS::Service", "Properties": properties}


def service_of_a_stack(
    aws: Emulator, cluster: str, name: str = "payments", count: int = 2, *, own_cluster: bool = False
) -> Thing:
    """A service with its tasks, of a stranger's stack ``shop-<name>``, which may have the cluster, too."""
    resources = {
        "Definition": definition(name),
        "Service": service(aws, cluster, name, count, {"Ref": "Definition"}),
    }
    if own_cluster:
        resources["Cluster"] = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": cluster}}
        resources["Service"]["DependsOn"] = "Cluster"
    stack_id = stack(aws, f"shop-{name}", resources)
    as_before = _service_as_before(aws, cluster, name, count)

    def touched() -> str:
        now = status(aws, stack_id)
        return as_before() or ("" if now == "CREATE_COMPLETE" else f"stack shop-{name}: {now}")

    return Thing(name, touched, lambda: delete(aws, stack_id), f"shop-{name}")


def service_by_hand(aws: Emulator, cluster: str, name: str = "by-hand", count: int = 1) -> Thing:
    """One more service in a cluster, of no stack."""
    ecs = aws.client("ecs")
    properties = definition(name)["Properties"]
    ecs.register_task_definition(
        family=name,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu=properties["Cpu"],
        memory=properties["Memory"],
        containerDefinitions=[{"name": "app", "image": "example/app"}],
    )
    ecs.create_service(
        cluster=cluster,
        serviceName=name,
        taskDefinition=name,
        desiredCount=count,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": _default_subnets(aws)}},
    )
    as_before = _service_as_before(aws, cluster, name, count)

    def remove() -> None:
        ecs.delete_service(cluster=cluster, service=name, force=True)
        aws.wait_until(lambda: _service(ecs, cluster, name)["status"] == "INACTIVE" and not _tasks(ecs, cluster, name))

    return Thing(name, as_before, remove)


def _service(ecs: Any, cluster: str, name: str) -> dict[str, Any]:
    return ecs.describe_services(cluster=cluster, services=[name])["services"][0]


def _tasks(ecs: Any, cluster: str, name: str) -> list[str]:
    """Tasks of a service that are not stopped and shall not stop."""
    arns = ecs.list_tasks(cluster=cluster, serviceName=name)["taskArns"]
    tasks = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
    return sorted(task["taskArn"] for task in tasks if task["lastStatus"] not in ("STOPPED", "DEPROVISIONING"))


def _service_as_before(aws: Emulator, cluster: str, name: str, count: int) -> Callable[[], str]:
    ecs = aws.client("ecs")
    aws.wait_until(lambda: _service(ecs, cluster, name)["runningCount"] == count)
    before = _tasks(ecs, cluster, name)

    def touched() -> str:
        now, tasks = _service(ecs, cluster, name), _tasks(ecs, cluster, name)
        if (now["status"], now["desiredCount"], tasks) == ("ACTIVE", count, before):
            return ""
        return f"service {name}: {now['status']}, desired {now['desiredCount']}, {len(tasks)} of {count} tasks"

    return touched


def cloud_map_service(aws: Emulator, namespace_id: str, name: str = "by-hand") -> Thing:
    """One more Cloud Map service in a namespace, of no stack."""
    client = aws.client("servicediscovery")
    made = client.create_service(
        Name=name, NamespaceId=namespace_id, DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 10}]}
    )["Service"]["Id"]

    def touched() -> str:
        there = [item["Id"] for item in client.list_services()["Services"]]
        return "" if made in there else f"Cloud Map service {name} is gone"

    return Thing(made, touched, lambda: client.delete_service(Id=made))


def security_group(aws: Emulator, vpc_id: str) -> Thing:
    """A security group in a VPC, of no stack."""
    ec2 = aws.client("ec2")
    made = ec2.create_security_group(GroupName="by-hand", Description="made by hand", VpcId=vpc_id)["GroupId"]

    def touched() -> str:
        there = [group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]]
        return "" if made in there else f"security group {made} is gone"

    return Thing(made, touched, lambda: ec2.delete_security_group(GroupId=made))


def tagged_group(aws: Emulator, vpc_id: str, name: str, **tags: str) -> str:
    """A security group in a VPC, of no stack, with these tags; its id."""
    ec2 = aws.client("ec2")
    key = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]
    if tags:
        ec2.create_tags(Resources=[key], Tags=[{"Key": tag, "Value": value} for tag, value in tags.items()])
    return key


def guard_duty(aws: Emulator, vpc_id: str, subnet_id: str, managed: bool = True) -> tuple[str, str]:
    """Its endpoint and its group, or what somebody has made like them: their ids."""
    tags = {"GuardDutyManaged": "true"} if managed else {}
    group = tagged_group(aws, vpc_id, f"GuardDutyManagedSecurityGroup-{vpc_id}", **tags)
    ec2 = aws.client("ec2")
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc_id,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{aws.region}.guardduty-data",
        SubnetIds=[subnet_id],
        SecurityGroupIds=[group],
    )["VpcEndpoint"]["VpcEndpointId"]
    if tags:
        ec2.create_tags(Resources=[endpoint], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
    return endpoint, group


def there(aws: Emulator, *keys: str) -> list[str]:
    """Which of these endpoints and groups are there."""
    ec2 = aws.client("ec2")
    known = {item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]}
    known |= {item["VpcEndpointId"] for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
    return [key for key in keys if key in known]


def attached_policy(aws: Emulator, role: str) -> Thing:
    """A policy attached to a role, by nobody's template. It is the policy that is somebody's, the role is not."""
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="by-hand", PolicyDocument=_DOCUMENT)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)

    def touched() -> str:
        there = [item["Arn"] for item in iam.list_policies(Scope="Local")["Policies"]]
        return "" if arn in there else f"policy {arn} is gone"

    def remove() -> None:
        for item in iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"]:
            iam.detach_role_policy(RoleName=item["RoleName"], PolicyArn=arn)

    return Thing(arn, touched, remove)


def instance_of_another_account(aws: Emulator, service_id: str, cluster: str, identifier: str = "f" * 32) -> Thing:
    """An instance that another account has registered in a Cloud Map service, for a cluster of the same name."""
    attributes = {"AWS_INSTANCE_IPV4": "10.254.0.9", "ECS_CLUSTER_NAME": cluster, "ECS_SERVICE_NAME": "theirs"}
    put_foreign_instance(service_id, identifier, attributes, created_by=ANOTHER_ACCOUNT)
    client = aws.client("servicediscovery")

    def touched() -> str:
        if service_id not in [item["Id"] for item in client.list_services()["Services"]]:
            return f"Cloud Map service {service_id} is gone"
        there = [item["Id"] for item in client.list_instances(ServiceId=service_id)["Instances"]]
        return "" if identifier in there else f"instance {identifier} is deregistered"

    def remove() -> None:
        with world.lock:
            servicediscovery_backends[ACCOUNT_ID][world.region].drop_instance(service_id, identifier)

    return Thing(identifier, touched, remove, ANOTHER_ACCOUNT)


def physical_id(aws: Emulator, stack_name: str, logical_id: str) -> str:
    """Of a resource of a stack."""
    detail = aws.client("cloudformation").describe_stack_resource(StackName=stack_name, LogicalResourceId=logical_id)
    return detail["StackResourceDetail"]["PhysicalResourceId"]
