# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds Auto Scaling groups, ECS clusters and Cloud Map up: seen, cleared, and then the stack goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.ecs.models import ecs_backends

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from tests.emulator import Emulator
from tests.emulator.world import ACCOUNT_ID
from tests.integration import others
from tests.integration.clearings import Held, stack
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks

GROUP = "AWS::AutoScaling::AutoScalingGroup"
CLUSTER = "AWS::ECS::Cluster"
KITCHEN = {"Cluster": {"Type": CLUSTER, "Properties": {"ClusterName": "kitchen"}}}

pytestmark = pytest.mark.usefixtures("still")


def group(account: Account, name: str = "workers", size: int = 2, **properties: Any) -> dict[str, Any]:
    """A group with its configuration, for a template."""
    configuration = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "SecurityGroups": [account.group]}
    settings = {
        "AutoScalingGroupName": name,
        "MinSize": str(size),
        "MaxSize": str(size),
        "DesiredCapacity": str(size),
        "LaunchConfigurationName": {"Ref": "Configuration"},
        "VPCZoneIdentifier": account.subnets[:1],
        **properties,
    }
    return {
        "Configuration": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": configuration},
        "Group": {"Type": GROUP, "Properties": settings},
    }


def instances(aws: Emulator, name: str = "workers") -> dict[str, dict[str, Any]]:
    groups = aws.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return {item["InstanceId"]: item for item in groups["AutoScalingGroups"][0]["Instances"]}


@pytest.fixture(name="network")
def _network(aws: Emulator) -> Account:
    return Account(aws).network()


def test_instances_protected_from_scale_in(aws: Emulator, network: Account) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html"""
    held = Held(aws, stack(aws, group(network, NewInstancesProtectedFromScaleIn=True)), GROUP)
    stack(aws, group(network, "others", NewInstancesProtectedFromScaleIn=True), "another")
    provider = {"managedTerminationProtection": "ENABLED", "managedScaling": {"status": "ENABLED"}}
    ecs, groups = aws.client("ecs"), aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    for row in groups:
        settings = {"autoScalingGroupArn": row["AutoScalingGroupARN"], **provider}
        ecs.create_capacity_provider(name=row["AutoScalingGroupName"], autoScalingGroupProvider=settings)
    (blocker,) = held.detect()
    assert [str(item) for item in blocker.amounts] == ["2 instances protected from scale-in"]
    assert (blocker.clear, blocker.certain, blocker.of_stack("shop-dev").clear) == (GROUP, True, GROUP)
    assert "there are instances" in held.fails("Group")
    assert held.clear() == held.told == ["2 instances protected from scale-in"]
    assert held.detect() == [] == held.clear()
    protection = {
        item["name"]: item["autoScalingGroupProvider"]["managedTerminationProtection"]
        for item in ecs.describe_capacity_providers()["capacityProviders"]
        if "autoScalingGroupProvider" in item
    }
    assert protection == {"workers": "DISABLED", "others": "ENABLED"}
    assert held.goes()
    assert all(item["ProtectedFromScaleIn"] for item in instances(aws, "others").values())


def test_instances_in_standby_a_suspended_process_and_a_warm_pool(aws: Emulator, network: Account) -> None:
    """hashicorp/terraform-provider-aws#34113, suspend-resume-considerations.html, API_DeleteAutoScalingGroup.html"""
    held = Held(aws, stack(aws, group(network, MinSize="0")), GROUP)
    client = aws.client("autoscaling")
    first = next(iter(instances(aws)))
    standby = {"InstanceIds": [first], "ShouldDecrementDesiredCapacity": False}
    client.enter_standby(AutoScalingGroupName="workers", **standby)
    client.suspend_processes(AutoScalingGroupName="workers", ScalingProcesses=["Terminate", "AZRebalance"])
    client.put_warm_pool(AutoScalingGroupName="workers")
    expected = ["1 instance in standby", "1 warm pool", "1 suspended process (Terminate)"]
    (blocker,) = held.detect()
    assert [str(item) for item in blocker.amounts] == expected
    assert "there are instances" in held.fails("Group")
    assert held.clear() == expected
    row = client.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    assert [item["ProcessName"] for item in row["SuspendedProcesses"]] == ["AZRebalance"]
    assert {item["LifecycleState"] for item in row["Instances"]} == {"InService"}
    assert held.goes()


def test_a_warm_pool_of_the_stack_and_a_short_hook_hold_nothing(aws: Emulator, network: Account) -> None:
    held = Held(aws, stack(aws, group(network)), GROUP)
    client = aws.client("autoscaling")
    for name, seconds in (("short", 300), ("long", 7200)):
        client.put_lifecycle_hook(
            AutoScalingGroupName="workers",
            LifecycleHookName=name,
            LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
            HeartbeatTimeout=seconds,
        )
    (hook,) = held.detect()
    assert (hook.id, hook.certain, hook.clear) == ("long", False, "")
    assert "up to 120 min" in hook.reason
    assert held.clear() == []


def test_what_may_not_be_called_is_named(aws: Emulator, network: Account) -> None:
    held = Held(aws, stack(aws, group(network, NewInstancesProtectedFromScaleIn=True)), GROUP)
    aws.faults.deny("autoscaling:SetInstanceProtection")
    with pytest.raises(AwsCallError) as caught:
        held.clear()
    assert caught.value.action == "autoscaling:SetInstanceProtection"
    aws.faults.deny("autoscaling:DescribeAutoScalingGroups")
    assert held.gaps() == ["autoscaling:DescribeAutoScalingGroups"]


def test_the_protection_of_a_group(aws: Emulator, network: Account) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/resource-deletion-protection.html"""
    held = Held(aws, stack(aws, group(network, DeletionProtection="prevent-all-deletion")), GROUP)
    protection = held.type_row.protection
    client = aws.client("autoscaling")
    assert protection.on(client.describe_auto_scaling_groups(**protection.ask("workers")), "workers")
    assert "deletion protection" in held.fails("Group")
    protection.switch(client, "workers", False)
    assert not protection.on(client.describe_auto_scaling_groups(**protection.ask("workers")), "workers")
    assert held.goes()
    assert Stacks(aws).status(held.stack_id) == "DELETE_COMPLETE"


def register(aws: Emulator, cluster: str, connected: bool = True) -> str:
    """An EC2 instance joins a cluster; its ARN there."""
    ec2 = aws.client("ec2")
    key = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    document = json.dumps({"instanceId": key})
    answer = aws.client("ecs").register_container_instance(cluster=cluster, instanceIdentityDocument=document)
    arn = answer["containerInstance"]["containerInstanceArn"]
    backend = ecs_backends[ACCOUNT_ID][aws.region]
    backend.container_instances[cluster][arn.rpartition("/")[2]].agent_connected = connected
    return arn


def test_what_others_run_in_a_cluster(aws: Emulator) -> None:
    """gruntwork-io/cloud-nuke#368: the words; API_DeleteCluster.html"""
    held = Held(aws, stack(aws, KITCHEN), CLUSTER)
    others.service_by_hand(aws, "kitchen", count=2)
    aws.client("ecs").create_cluster(clusterName="kitchen2")
    stranger = others.service_by_hand(aws, "kitchen2", "theirs")
    (blocker,) = held.detect()
    assert [str(item) for item in blocker.amounts] == ["1 service", "2 tasks"]
    assert (blocker.name, blocker.clear, blocker.of_stack("another").clear) == ("by-hand", CLUSTER, "")
    assert "Services are active" in held.fails("Cluster")
    assert held.clear() == held.told[-1:] == ["1 service"]
    assert held.detect() == [] == held.clear()
    assert held.goes()
    assert stranger.touched() == ""
    assert held.clear() == []


def test_a_service_of_another_stack_keeps_all_that_is_in_a_cluster(aws: Emulator) -> None:
    held = Held(aws, stack(aws, KITCHEN), CLUSTER)
    things = [others.service_of_a_stack(aws, "kitchen"), others.service_by_hand(aws, "kitchen")]
    register(aws, "kitchen")
    with pytest.raises(NotCleared, match="go with those stacks: payments"):
        held.clear()
    assert [thing.touched() for thing in things] == ["", ""]
    assert aws.client("ecs").list_container_instances(cluster="kitchen")["containerInstanceArns"]


def test_a_service_of_the_stack_itself_is_its_own(aws: Emulator) -> None:
    resources = {**KITCHEN, "Definition": others.definition("app")}
    resources["Service"] = others.service(aws, {"Ref": "Cluster"}, "app", 1, {"Ref": "Definition"})
    held = Held(aws, stack(aws, resources), CLUSTER)
    arn = register(aws, "kitchen")
    assert [blocker.certain for blocker in held.detect()] == [False]
    assert held.clear() == []
    lost = register(aws, "kitchen", connected=False)
    assert [(str(item.amounts[0]), item.certain) for item in held.detect()] == [("1 container instance", True)]
    assert held.clear() == ["1 container instance"]
    ecs = aws.client("ecs")
    assert ecs.list_container_instances(cluster="kitchen")["containerInstanceArns"] == [arn] != [lost]
    assert ecs.list_services(cluster="kitchen")["serviceArns"]


def test_container_instances_and_capacity_providers(aws: Emulator, network: Account) -> None:
    """aws/aws-cli#2078; ekristen/aws-nuke#542: a provider is not deleted while it is attached"""
    stack(aws, group(network), "nodes")
    held = Held(aws, stack(aws, KITCHEN), CLUSTER)
    ecs = aws.client("ecs")
    register(aws, "kitchen", connected=False)
    arn = aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupARN"]
    ecs.create_capacity_provider(name="nodes", autoScalingGroupProvider={"autoScalingGroupArn": arn})
    providers = {"capacityProviders": ["nodes", "FARGATE"], "defaultCapacityProviderStrategy": []}
    ecs.put_cluster_capacity_providers(cluster="kitchen", **providers)
    assert [str(blocker.amounts[0]) for blocker in held.detect()] == [
        "1 container instance", "1 associated capacity provider"
    ]  # fmt: skip
    assert "Container Instances are active" in held.fails("Cluster")
    assert held.clear() == ["1 container instance", "1 associated capacity provider"]
    assert ecs.describe_clusters(clusters=["kitchen"])["clusters"][0]["capacityProviders"] == ["FARGATE"]
    assert held.goes()


def test_tasks_that_do_not_end_are_named_after_a_while(aws: Emulator) -> None:
    held = Held(aws, stack(aws, KITCHEN), CLUSTER)
    others.service_by_hand(aws, "kitchen")
    aws.faults.deny("ecs:StopTask")
    with pytest.raises(AwsCallError) as caught:
        held.clear()
    assert caught.value.action == "ecs:StopTask"
    assert held.told == ["1 service"], "which is gone, whatever became of its task"
    aws.faults.allow("ecs:StopTask")
    held.stopped = lambda: True
    assert held.clear() == []
    held.stopped = lambda: False
    held.clear()
    assert held.goes()


SERVICE = "AWS::ServiceDiscovery::Service"
NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"


def names(network: Account, domain: str = "shop.internal") -> dict[str, Any]:
    """A namespace with a service, for a template."""
    return {
        "Namespace": {"Type": NAMESPACE, "Properties": {"Name": domain, "Vpc": network.vpc}},
        "Service": {
            "Type": SERVICE,
            "Properties": {
                "Name": "web",
                "NamespaceId": {"Ref": "Namespace"},
                "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 10}]},
            },
        },
    }


def put(aws: Emulator, service_id: str, *keys: str) -> None:
    """Instances by hand."""
    client = aws.client("servicediscovery")
    for key in keys:
        client.register_instance(ServiceId=service_id, InstanceId=key, Attributes={"AWS_INSTANCE_IPV4": "10.0.0.9"})
    aws.wait_until(
        lambda: {item["Id"] for item in client.list_instances(ServiceId=service_id)["Instances"]} >= set(keys)
    )


def test_instances_of_others_in_a_cloud_map_service(aws: Emulator, network: Account) -> None:
    """hashicorp/terraform-provider-aws#4853, API_DeleteService.html"""
    held = Held(aws, stack(aws, names(network)), SERVICE)
    another = Held(aws, stack(aws, names(network, "theirs.internal"), "another"), SERVICE)
    put(aws, held.ids[0], "one", "two")
    put(aws, another.ids[0], "three")
    assert [(item.id, item.clear) for item in held.detect()] == [("one", SERVICE), ("two", SERVICE)]
    assert "Service contains registered instances" in held.fails("Service")
    aws.faults.fail_deregistrations(1)
    assert held.clear() == ["2 Cloud Map instances"]
    assert held.detect() == [] == held.clear()
    assert len(another.detect()) == 1
    assert held.goes()
    assert held.clear() == []


def test_an_instance_of_another_account_is_not_ours_to_deregister(aws: Emulator, network: Account) -> None:
    held = Held(aws, stack(aws, names(network)), SERVICE)
    put(aws, held.ids[0], "one")
    thing = others.instance_of_another_account(aws, held.ids[0], "kitchen")
    assert {item.name: item.clear for item in held.detect()} == {"": SERVICE, "account 210987654321": ""}
    with pytest.raises(NotCleared, match="of account 210987654321"):
        held.clear()
    assert thing.touched() == ""
    assert [item.id for item in held.detect()] == sorted(["one", thing.name])


def test_services_of_others_in_a_namespace(aws: Emulator, network: Account) -> None:
    """API_DeleteNamespace.html; stacktape has the words"""
    held = Held(aws, stack(aws, names(network)), NAMESPACE)
    another = Held(aws, stack(aws, names(network, "theirs.internal"), "another"), NAMESPACE)
    things = [others.cloud_map_service(aws, namespace.ids[0]) for namespace in (held, another)]
    put(aws, things[0].name, "one")
    (blocker,) = held.detect()
    assert (blocker.id, blocker.clear) == (things[0].name, NAMESPACE)
    assert "Namespace has associated services" in held.fails("Namespace")
    assert held.clear() == ["1 Cloud Map service", "1 Cloud Map instance"]
    assert held.detect() == [] == held.clear()
    assert things[1].touched() == ""
    assert held.goes()


def test_a_service_of_another_stack_keeps_a_namespace(aws: Emulator, network: Account) -> None:
    held = Held(aws, stack(aws, names(network)), NAMESPACE)
    theirs = {"Service": names(network)["Service"]}
    theirs["Service"]["Properties"].update({"Name": "theirs", "NamespaceId": held.ids[0]})
    stack(aws, theirs, "another")
    thing = others.cloud_map_service(aws, held.ids[0])
    with pytest.raises(NotCleared, match="Services of other stacks or accounts are in .*: theirs"):
        held.clear()
    assert thing.touched() == ""
