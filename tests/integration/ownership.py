# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts in which a name says something else than what the stacks of a workshop own.

Each function puts such an account into an emulator that has been reset, and returns what of it is to be looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulator import Emulator
from tests.emulator.services import network
from tests.integration import others, templates
from tests.integration.others import Thing

NAME = "cuddlekube"
API = "order-api"
RETAIN = {"DeletionPolicy": "Retain"}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass
class Scene:
    """``stacks``: the workshop's, name to id; ``things``: what is not its; ``names``: what a person has to read."""

    aws: Emulator
    stacks: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def make(self, suffix: str, resources: dict[str, Any], **outputs: Any) -> str:
        """Make a stack of the workshop; its id."""
        name = f"{NAME}-{suffix}"
        self.stacks[name] = others.stack(self.aws, name, resources, **outputs)
        return self.stacks[name]

    def unmake(self, suffix: str) -> None:
        """Delete a stack of the workshop, as somebody has done before."""
        others.delete(self.aws, self.stacks[f"{NAME}-{suffix}"])

    def id(self, suffix: str, logical_id: str) -> str:
        """Physical id of a resource of one of its stacks."""
        return others.physical_id(self.aws, self.stacks[f"{NAME}-{suffix}"], logical_id)

    def touched(self) -> list[str]:
        """What has been done to what is not its."""
        return [text for thing in self.things if (text := thing.touched())]

    def statuses(self) -> dict[str, str]:
        """Of its stacks, by the rest of their names."""
        return {name.removeprefix(f"{NAME}-"): others.status(self.aws, key) for name, key in self.stacks.items()}


def table(name: str = "cuddlykube", **more: Any) -> dict[str, Any]:
    """A table for a template."""
    properties = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    return {"Type": "AWS::DynamoDB::Table", "Properties": properties, **more}


def vpc(**more: Any) -> dict[str, Any]:
    """A VPC with a subnet for a template, with ``more`` for each of them."""
    subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.42.0.0/24"}
    return {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.42.0.0/16"}, **more},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet, **more},
    }


def cluster() -> dict[str, Any]:
    """The workshop's cluster, with a role beside it, for a template."""
    role = {"RoleName": f"{NAME}-task-role", "AssumeRolePolicyDocument": _TRUST}
    return {
        "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": NAME}},
        "TaskRole": {"Type": "AWS::IAM::Role", "Properties": role},
    }


def _namespace(aws: Emulator) -> dict[str, Any]:
    default = aws.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    properties = {"Name": "cuddle-kube.svc.cluster.local", "Vpc": default}
    return {"Namespace": {"Type": "AWS::ServiceDiscovery::PrivateDnsNamespace", "Properties": properties}}


def _registry(namespace_id: str, name: str = API) -> dict[str, Any]:
    dns = {"DnsRecords": [{"Type": "A", "TTL": 10}]}
    properties = {"Name": name, "NamespaceId": namespace_id, "DnsConfig": dns}
    return {"Registry": {"Type": "AWS::ServiceDiscovery::Service", "Properties": properties}}


def _service(aws: Emulator, **more: Any) -> dict[str, Any]:
    resources = {
        "Definition": others.definition(API),
        "Service": others.service(aws, NAME, API, 1, {"Ref": "Definition"}),
    }
    resources["Service"].update(more)
    return resources


# 1: whose services are stopped


def strangers_cluster(aws: Emulator, name: str = NAME) -> Scene:
    """The cluster belongs to a stranger's stack; of the workshop only the table is there."""
    scene = Scene(aws)
    scene.things.append(others.service_of_a_stack(aws, name, own_cluster=True))
    scene.make("dynamodb", {"Table": table()})
    return scene


def stranger_in_our_cluster(aws: Emulator) -> Scene:
    """The cluster is ours, with a service of ours and one of a stranger's stack."""
    scene = Scene(aws)
    scene.make("ecs", cluster())
    scene.make(f"service-{API}", _service(aws))
    thing = others.service_of_a_stack(aws, NAME)
    scene.things.append(thing)
    scene.names += [thing.name, thing.owner]
    return scene


def same_service_in_a_strangers_cluster(aws: Emulator) -> Scene:
    """A service of the name of ours, in a stranger's cluster of the name that ours would have; ours is elsewhere."""
    scene = Scene(aws)
    scene.things.append(others.service_of_a_stack(aws, NAME, API, own_cluster=True))
    scene.make(f"task-{API}", {"Definition": others.definition(API)})
    return scene


# 2: verdicts without a look


def live_table(aws: Emulator, region: str | None = None) -> Scene:
    """The table's stack is there."""
    scene = Scene(aws)
    if region is None:
        scene.make("dynamodb", {"Table": table()})
    else:
        body = json.dumps({"Resources": {"Table": table()}})
        aws.client("cloudformation", region).create_stack(StackName=f"{NAME}-dynamodb", TemplateBody=body)
    return scene


# 5, 6: what is still there


def service_that_stayed(aws: Emulator) -> Scene:
    """The stacks are gone, the service is ACTIVE and wants no task."""
    scene = Scene(aws)
    scene.make(f"service-{API}", {"Cluster": cluster()["Cluster"], **_service(aws, DependsOn="Cluster", **RETAIN)})
    aws.faults.leave_behind(f"{NAME}-service-{API}", "Cluster", "DELETE_SKIPPED")
    aws.client("ecs").update_service(cluster=NAME, service=API, desiredCount=0)
    scene.unmake(f"service-{API}")
    scene.names.append(API)
    return scene


def bare_service(aws: Emulator) -> Scene:
    """No stack at all: a cluster and a service of the workshop's names, which wants no task."""
    aws.client("ecs").create_cluster(clusterName=NAME)
    others.service_by_hand(aws, NAME, API, 0)
    return Scene(aws, names=[API])


def retained_table(aws: Emulator) -> Scene:
    """Its template keeps the table; the stack is gone."""
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": table(**RETAIN)})
    scene.unmake("dynamodb")
    scene.names.append("cuddlykube")
    return scene


def table_left_with_another_status(aws: Emulator, status: str) -> Scene:
    """The stack is gone and shows the table in this status, which is there."""
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": table()})
    aws.faults.leave_behind(f"{NAME}-dynamodb", "Table", status)
    scene.unmake("dynamodb")
    scene.names.append("cuddlykube")
    return scene


def table_put_back(aws: Emulator) -> Scene:
    """The stack has deleted the table, and somebody has made it again."""
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": table()})
    scene.unmake("dynamodb")
    properties = table()["Properties"]
    aws.client("dynamodb").create_table(**properties)
    scene.names.append("cuddlykube")
    return scene


def retained_load_balancer(aws: Emulator) -> Scene:
    """Its template keeps the load balancer; the stack is gone."""
    scene = Scene(aws)
    subnets = [item["SubnetId"] for item in aws.client("ec2").describe_subnets()["Subnets"]]
    properties = {"Name": "cuddlekube-site", "Subnets": subnets}
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": properties, **RETAIN}
    scene.make("alb", {"Balancer": balancer})
    scene.names.append(scene.id("alb", "Balancer").split("/")[-2])
    scene.unmake("alb")
    return scene


def rule_not_to_be_looked_up(aws: Emulator) -> Scene:
    """A deleted stack had a resource whose physical id does not say enough to look it up."""
    scene = Scene(aws)
    scene.make("logs", {"Rule": {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)"}}})
    scene.names.append("AWS::Events::Rule")
    scene.unmake("logs")
    return scene


# 9: a gate that cannot see


def tasks_unseen(aws: Emulator) -> Scene:
    """ListTasks is denied, and a task that nobody's service runs is in our cluster."""
    scene = Scene(aws)
    scene.make("ecs", cluster())
    scene.make(f"task-{API}", {"Definition": others.definition(API)})
    subnets = [item["SubnetId"] for item in aws.client("ec2").describe_subnets()["Subnets"]]
    aws.client("ecs").run_task(
        cluster=NAME,
        taskDefinition=API,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    )
    aws.faults.deny("ecs:ListTasks")
    scene.names += ["ListTasks", f"{NAME}-ecs"]
    return scene


# 10, 17: whose log groups


def log_group_beside_a_strangers_table(aws: Emulator) -> Scene:
    """A log group of ours came back; a stranger's stack has a table of the same name."""
    scene = Scene(aws)
    aws.faults.tagging_lag(0)
    group = f"{NAME}-Microservices"
    scene.make("logs", {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": group}}})
    scene.unmake("logs")
    aws.client("logs").create_log_group(logGroupName=group)
    strangers = others.stack(aws, "shop-tables", {"Table": table(group)})

    def touched() -> str:
        there = aws.client("dynamodb").list_tables()["TableNames"]
        return "" if there == [group] and others.status(aws, strangers) == "CREATE_COMPLETE" else f"tables: {there}"

    scene.things.append(Thing(group, touched, lambda: others.delete(aws, strangers), "shop-tables"))
    scene.names.append(group)
    return scene


def logs_of_a_live_stack(aws: Emulator) -> Scene:
    """The VPC's stack fails for good, so that the logs' stays; CloudFormation does not find the groups' owner."""
    scene = Scene(aws)
    scene.make("vpc", vpc())
    groups = [f"{NAME}-FlowLogs", f"{NAME}-Microservices"]
    resources = {
        f"Logs{number}": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": group}}
        for number, group in enumerate(groups)
    }
    scene.make("logs", resources)
    aws.faults.fail_resource(f"{NAME}-vpc", "Subnet", "You are not authorized (HandlerErrorCode: AccessDenied)")
    for group in groups:
        aws.faults.hide_owner(group)

    def touched() -> str:
        gone = [event.name for event in aws.timeline.select("log_group", status="deleted")]
        return f"deleted: {gone}" if gone else ""

    scene.things.append(Thing("the log groups", touched, lambda: None))
    return scene


# 11, 12: what is in the VPC


def vpc_with_its_nat_gateway(aws: Emulator) -> Scene:
    """The VPC's stack has a NAT gateway, whose interface goes only with it."""
    scene = Scene(aws)
    attachment = {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}}
    allocation = {"Fn::GetAtt": ["Address", "AllocationId"]}
    nat = {"SubnetId": {"Ref": "Subnet"}, "AllocationId": allocation}
    more: dict[str, Any] = {
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Attachment": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": attachment},
        "Address": {"Type": "AWS::EC2::EIP", "DependsOn": "Attachment", "Properties": {"Domain": "vpc"}},
        "Nat": {"Type": "AWS::EC2::NatGateway", "DependsOn": "Attachment", "Properties": nat},
    }
    scene.make("vpc", {**vpc(), **more})
    return scene


def retained_vpc_with_somebodys_interface(aws: Emulator) -> Scene:
    """Its template keeps the VPC, in which somebody has an interface."""
    scene = Scene(aws)
    parameter = templates.parameters("keeps")["Resources"]
    scene.make("vpc", {**vpc(**RETAIN), **parameter})
    scene.names.append(scene.id("vpc", "Vpc"))
    interface = network.put_foreign_interface(scene.id("vpc", "Subnet"))

    def touched() -> str:
        found = aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
        return "" if interface in [item["NetworkInterfaceId"] for item in found] else "the interface is gone"

    scene.things.append(Thing(interface, touched, lambda: network.remove_foreign_interface(interface)))
    return scene


def _thing(made: str, there: Callable[[], list[str]]) -> Thing:
    return Thing(made, lambda: "" if made in there() else f"{made} is gone", lambda: None)


def _by_hand_in_vpc(aws: Emulator, kind: str, vpc_id: str, subnet: str) -> Thing:
    ec2 = aws.client("ec2")
    in_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
    if kind == "security group":
        return others.security_group(aws, vpc_id)
    if kind == "subnet":
        made = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.42.9.0/24")["Subnet"]["SubnetId"]
        return _thing(made, lambda: [i["SubnetId"] for i in ec2.describe_subnets(Filters=in_vpc)["Subnets"]])
    if kind == "route table":
        made = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
        return _thing(made, lambda: [i["RouteTableId"] for i in ec2.describe_route_tables()["RouteTables"]])
    if kind == "endpoint":
        answer = ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName="com.amazonaws.eu-central-1.s3")
        made = answer["VpcEndpoint"]["VpcEndpointId"]
        return _thing(made, lambda: [i["VpcEndpointId"] for i in ec2.describe_vpc_endpoints()["VpcEndpoints"]])
    if kind == "internet gateway":
        made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc_id)
        return _thing(made, lambda: [i["InternetGatewayId"] for i in ec2.describe_internet_gateways()[
            "InternetGateways"] if i["Attachments"]])  # fmt: skip
    if kind == "NAT gateway":
        answer = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]
        return _thing(answer["NatGatewayId"], lambda: [
            i["NatGatewayId"] for i in ec2.describe_nat_gateways()["NatGateways"] if i["State"] == "available"
        ])  # fmt: skip
    if kind == "peering":
        made = network.put_foreign_peering(vpc_id)
        return _thing(made, lambda: [
            i["VpcPeeringConnectionId"] for i in ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
            if i["Status"]["Code"] == "pending-acceptance"
        ])  # fmt: skip
    if kind == "transit gateway attachment":
        gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        answer = ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=gateway, VpcId=vpc_id, SubnetIds=[subnet]
        )["TransitGatewayVpcAttachment"]
        return _thing(answer["TransitGatewayAttachmentId"], lambda: [
            i["TransitGatewayAttachmentId"]
            for i in ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
        ])  # fmt: skip
    raise ValueError(kind)


#: Kinds of things in a VPC -> the command that takes them away
IN_VPC = {
    "security group": "delete-security-group",
    "subnet": "delete-subnet",
    "route table": "delete-route-table",
    "endpoint": "delete-vpc-endpoints",
    "internet gateway": "detach-internet-gateway",
    "NAT gateway": "delete-nat-gateway",
    "peering": "vpc-peering-connection",
    "transit gateway attachment": "delete-transit-gateway-vpc-attachment",
}


def by_hand_in_our_vpc(aws: Emulator, kind: str) -> Scene:
    """Something of this kind is in the VPC, and not the stack's."""
    scene = Scene(aws)
    scene.make("vpc", vpc())
    thing = _by_hand_in_vpc(aws, kind, scene.id("vpc", "Vpc"), scene.id("vpc", "Subnet"))
    scene.things.append(thing)
    scene.names += [thing.name, IN_VPC[kind]]
    return scene


# 13: exports


def exporter_and_importer(aws: Emulator, shows: str) -> dict[str, str]:
    """Two stacks, one of which imports from the other; their ids by name. ``shows``: how AWS shows it."""
    aws.faults.export_in_use(shows)
    return {
        "exporter": templates.create(aws, "exporter", templates.exporter()),
        "importer": templates.create(aws, "importer", templates.importer()),
    }


# 14, 15: Cloud Map, and what was made by hand


def another_accounts_instance(aws: Emulator) -> Scene:
    """Another account has registered an instance in our Cloud Map service, for a cluster of the same name."""
    scene = Scene(aws)
    scene.make("cloudmap", _namespace(aws))
    scene.make(f"service-{API}", _registry(scene.id("cloudmap", "Namespace")))
    scene.things.append(others.instance_of_another_account(aws, scene.id(f"service-{API}", "Registry"), NAME))
    scene.names.append(others.ANOTHER_ACCOUNT)
    return scene


def one_more_ecs_service(aws: Emulator) -> Scene:
    """In our cluster, made by hand."""
    scene = Scene(aws)
    scene.make("ecs", cluster())
    scene.things.append(others.service_by_hand(aws, NAME))
    scene.names += ["by-hand", "delete-service"]
    return scene


def one_more_cloud_map_service(aws: Emulator) -> Scene:
    """In our namespace, made by hand."""
    scene = Scene(aws)
    scene.make("cloudmap", _namespace(aws))
    thing = others.cloud_map_service(aws, scene.id("cloudmap", "Namespace"))
    scene.things.append(thing)
    scene.names += [thing.name, "servicediscovery delete-service"]
    return scene


def one_more_policy(aws: Emulator) -> Scene:
    """On the role of our stack, attached by hand."""
    scene = Scene(aws)
    scene.make("ecs", cluster())
    thing = others.attached_policy(aws, scene.id("ecs", "TaskRole"))
    scene.things.append(thing)
    scene.names += [thing.name, "detach-role-policy"]
    return scene


BY_HAND: dict[str, Callable[[Emulator], Scene]] = {
    "ECS service": one_more_ecs_service,
    "Cloud Map service": one_more_cloud_map_service,
    "policy": one_more_policy,
}


def in_the_way(aws: Emulator) -> tuple[Scene, dict[str, list[str]]]:
    """A workshop with one of everything of others in it: in its VPC, cluster, namespace and Cloud Map service, and on
    its role; and what a person has to read of each."""
    scene = Scene(aws)
    scene.make("vpc", vpc())
    scene.make("ecs", cluster())
    scene.make("cloudmap", _namespace(aws))
    scene.make(f"service-{API}", {**_service(aws), **_registry(scene.id("cloudmap", "Namespace"))})
    told: dict[str, list[str]] = {}

    def add(kind: str, thing: Thing, *words: str) -> None:
        scene.things.append(thing)
        told[kind] = [thing.name, *words]

    for kind, words in IN_VPC.items():
        add(kind, _by_hand_in_vpc(aws, kind, scene.id("vpc", "Vpc"), scene.id("vpc", "Subnet")), words)
    add("stranger's service", others.service_of_a_stack(aws, NAME), "delete-stack --stack-name shop-payments")
    add("ECS service", others.service_by_hand(aws, NAME), "delete-service --force")
    registry = others.cloud_map_service(aws, scene.id("cloudmap", "Namespace"))
    add("Cloud Map service", registry, "servicediscovery delete-service")
    instance = others.instance_of_another_account(aws, scene.id(f"service-{API}", "Registry"), NAME)
    add("Cloud Map instance", instance, others.ANOTHER_ACCOUNT, "deregister-instance")
    add("policy", others.attached_policy(aws, scene.id("ecs", "TaskRole")), "detach-role-policy")
    return scene, told


# 16: families


def strangers_family(aws: Emulator) -> Scene:
    """A stranger's stack had a family of the name of one of ours, which no stack of the workshop ever had."""
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": table()})
    others.delete(aws, others.stack(aws, "shop-task", {"Definition": others.definition(API)}))
    ecs = aws.client("ecs")

    def touched() -> str:
        found = ecs.list_task_definitions(familyPrefix=API, status="INACTIVE")["taskDefinitionArns"]
        return "" if len(found) == 1 else f"INACTIVE revisions: {found}"

    scene.things.append(Thing(API, touched, lambda: None, "shop-task"))
    return scene


def our_family(aws: Emulator) -> Scene:
    """A deleted stack of the workshop had the family."""
    scene = Scene(aws)
    scene.make(f"task-{API}", {"Definition": others.definition(API)})
    scene.unmake(f"task-{API}")
    return scene
