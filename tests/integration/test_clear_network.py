# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds security groups, VPCs and file systems up: seen, cleared, and then the stack goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from tests.emulator import Emulator
from tests.integration import others
from tests.integration.clearings import Held, stack
from tests.integration.inprocess import Inside
from tests.unit.emulator.account import Account
from tests.unit.emulator.test_functions import TRUST, function, in_network, role

VPC = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"
GROUP = "AWS::EC2::SecurityGroup"
FILE_SYSTEM = "AWS::EFS::FileSystem"
FUNCTION = "AWS::Lambda::Function"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
NETWORK = {
    "Vpc": {"Type": VPC, "Properties": {"CidrBlock": "10.7.0.0/16"}},
    "Subnet": {"Type": SUBNET, "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.7.0.0/24"}},
}

pytestmark = pytest.mark.usefixtures("still")


@pytest.fixture(name="network")
def _network(aws: Emulator) -> Account:
    return Account(aws).network()


def rules(aws: Emulator, group: str) -> list[str]:
    """What its rules name."""
    (row,) = aws.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    found = []
    for rule in [*row["IpPermissions"], *row["IpPermissionsEgress"]]:
        found += [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] + [item["CidrIp"] for item in rule["IpRanges"]]
    return found


def test_rules_of_others_that_name_a_group(aws: Emulator, network: Account) -> None:
    """hashicorp/terraform-provider-aws#1671, API_DeleteSecurityGroup.html"""
    properties = {"GroupDescription": "web", "VpcId": network.vpc}
    both = {name: {"Type": GROUP, "Properties": properties} for name in ("One", "Two")}
    held = Held(aws, stack(aws, both), GROUP)
    ec2 = aws.client("ec2")
    other = network.group
    third = others.tagged_group(aws, network.vpc, "third")
    for group in (*held.ids, third):
        pairs = {**HTTPS, "UserIdGroupPairs": [{"GroupId": group}]}
        ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[pairs])
    everybody = {**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[everybody])
    pairs = {**HTTPS, "UserIdGroupPairs": [{"GroupId": held.ids[0]}]}
    ec2.authorize_security_group_egress(GroupId=other, IpPermissions=[pairs])
    found = held.detect()
    assert [(item.id, str(item.amounts[0])) for item in found] == [
        (other, "2 rules of other security groups"), (other, "1 rule of another security group")
    ]  # fmt: skip
    assert {item.of_stack("theirs").clear for item in found} == {GROUP}
    held.fails("One")
    aws.faults.deny("ec2:RevokeSecurityGroupEgress")
    with pytest.raises(AwsCallError) as caught:
        held.clear()
    assert caught.value.action == "ec2:RevokeSecurityGroupEgress"
    aws.faults.allow("ec2:RevokeSecurityGroupEgress")
    assert held.clear() == ["1 rule of another security group"] * 2
    assert held.detect() == [] == held.clear()
    assert rules(aws, other) == [third, "10.0.0.0/8", "0.0.0.0/0"]
    assert held.goes()


def test_what_guard_duty_has_made_in_a_vpc(aws: Emulator, network: Account) -> None:
    """hashicorp/terraform-provider-aws#46747"""
    held = Held(aws, stack(aws, NETWORK), VPC)
    subnet = others.physical_id(aws, "shop-dev", "Subnet")
    made = others.guard_duty(aws, held.ids[0], subnet)
    elsewhere = others.guard_duty(aws, network.vpc, network.subnets[0])
    assert {item.id: (item.clear, item.certain) for item in held.detect()} == dict.fromkeys(made, (VPC, True))
    assert "has dependencies and cannot be deleted" in held.fails("Subnet")
    assert held.clear() == ["1 VPC endpoint of GuardDuty", "1 security group of GuardDuty"]
    assert held.detect() == [] == held.clear()
    assert others.there(aws, *made, *elsewhere) == list(elsewhere)
    assert held.goes()


def test_what_only_looks_like_guard_dutys_stays(aws: Emulator) -> None:
    held = Held(aws, stack(aws, NETWORK), VPC)
    made = others.guard_duty(aws, held.ids[0], others.physical_id(aws, "shop-dev", "Subnet"), managed=False)
    assert {item.id: item.clear for item in held.detect() if item.id in made} == dict.fromkeys(made, "")
    assert held.clear() == []
    assert others.there(aws, *made) == list(made)


def test_a_file_system_with_mount_targets_of_others(aws: Emulator, network: Account) -> None:
    """rebuy-de/aws-nuke#1203, kanisterio/kanister#1140, API_DeleteFileSystem.html"""
    resources = {
        "Files": {"Type": FILE_SYSTEM},
        "Own": {
            "Type": "AWS::EFS::MountTarget",
            "Properties": {
                "FileSystemId": {"Ref": "Files"}, "SubnetId": network.subnets[0], "SecurityGroups": [network.group]
            },
        },
    }  # fmt: skip
    held = Held(aws, stack(aws, resources), FILE_SYSTEM)
    efs = aws.client("efs")
    another = efs.create_file_system(CreationToken="another")["FileSystemId"]
    (first,) = aws.client("ec2").describe_subnets(SubnetIds=network.subnets[:1])["Subnets"]
    zone = next(zone for zone in (f"{aws.region}a", f"{aws.region}b") if zone != first["AvailabilityZone"])
    place = {"VpcId": network.vpc, "CidrBlock": "10.42.9.0/24", "AvailabilityZone": zone}
    subnet = aws.client("ec2").create_subnet(**place)["Subnet"]["SubnetId"]
    target = efs.create_mount_target(FileSystemId=held.ids[0], SubnetId=subnet)["MountTargetId"]
    theirs = efs.create_mount_target(FileSystemId=another, SubnetId=network.subnets[2])["MountTargetId"]
    (blocker,) = held.detect()
    assert (blocker.id, blocker.clear, blocker.of_stack("theirs").clear) == (target, FILE_SYSTEM, "")
    assert "cannot be deleted because it has mount targets" in held.fails("Files")
    before = aws.clock.now()
    assert held.clear() == ["1 mount target"]
    assert aws.clock.now() - before >= 30
    assert held.detect() == [] == held.clear()
    assert efs.describe_mount_targets(FileSystemId=another)["MountTargets"][0]["MountTargetId"] == theirs
    assert held.goes()
    assert held.clear() == []


def test_a_mount_target_of_another_stack_keeps_a_file_system(aws: Emulator, network: Account) -> None:
    held = Held(aws, stack(aws, {"Files": {"Type": FILE_SYSTEM}}), FILE_SYSTEM)
    target = {"FileSystemId": held.ids[0], "SubnetId": network.subnets[0], "SecurityGroups": [network.group]}
    stack(aws, {"Target": {"Type": "AWS::EFS::MountTarget", "Properties": target}}, "another")
    with pytest.raises(NotCleared, match="Mount targets of other stacks keep"):
        held.clear()
    assert len(aws.client("efs").describe_mount_targets(FileSystemId=held.ids[0])["MountTargets"]) == 1


def test_a_function_in_a_vpc_is_taken_out_of_it(aws: Emulator, network: Account) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""
    arn = {"Fn::GetAtt": ["Role", "Arn"]}
    resources = {"Role": role(), "Api": in_network(network, name="api", Role=arn), "Plain": function(Role=arn)}
    held = Held(aws, stack(aws, resources), FUNCTION)
    elsewhere = {"SubnetIds": network.subnets[2:], "SecurityGroupIds": [network.group]}
    stack(aws, {"Other": function("api-v2", VpcConfig=elsewhere)}, "another")
    (blocker,) = held.detect()
    assert (blocker.id, blocker.certain, blocker.clear) == ("api", False, FUNCTION)
    assert "up to 40 min" in blocker.reason and len(network.interfaces()) == 3
    assert held.clear() == ["2 network interfaces of Lambda"]
    assert [item["Description"][:26] for item in network.interfaces()] == ["AWS Lambda VPC ENI-api-v2-"]
    assert held.detect() == [] == held.clear()
    before = aws.clock.now()
    assert held.goes()
    assert aws.clock.now() - before < 60


def test_an_interface_that_another_function_shares_is_not_waited_for(aws: Emulator, network: Account) -> None:
    arn = {"Fn::GetAtt": ["Role", "Arn"]}
    held = Held(aws, stack(aws, {"Role": role(), "Api": in_network(network, name="api", Role=arn)}), FUNCTION)
    stack(aws, {"Other": in_network(network, name="other")}, "another")
    aws.durations.set("lambda.interface", 10_000)
    before = aws.clock.now()
    assert held.clear() == []
    assert aws.clock.now() - before < 100
    assert len(network.interfaces()) == 4


def test_a_function_that_lambda_keeps_in_its_vpc(aws: Emulator, network: Account) -> None:
    arn = {"Fn::GetAtt": ["Role", "Arn"]}
    held = Held(aws, stack(aws, {"Role": role(), "Api": in_network(network, name="api", Role=arn)}), FUNCTION)
    aws.durations.set("lambda.interface", 10_000)
    with pytest.raises(NotCleared, match="Waited 2700 s until Lambda has let go of interfaces of api: eni-"):
        held.clear()


def test_a_function_that_cloudfront_may_replicate(aws: Emulator) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-delete-replicas.html"""
    edge = {**TRUST["Statement"][0], "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}}
    trust = {"AssumeRolePolicyDocument": {**TRUST, "Statement": [edge]}}
    held = Held(aws, stack(aws, {"Role": role(**trust), "F": function(Role={"Fn::GetAtt": ["Role", "Arn"]})}), FUNCTION)
    assert held.detect() == []
    ours = held.ours()
    with Looks(aws.client) as looks:
        (pair,) = held.row.detect(looks, replace(ours, place=replace(ours.place, region="us-east-1")), held.ids)
        assert looks.gaps() == []
    assert (pair[1].certain, pair[1].clear) == (False, "") and "some hours" in pair[1].reason


TWO_SUBNETS = {
    "Vpc": NETWORK["Vpc"],
    **{
        name: {
            "Type": SUBNET,
            "Properties": {
                "VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.7.{number}.0/24",
                "AvailabilityZone": f"eu-central-1{zone}",
            },
        }
        for number, (name, zone) in enumerate((("Subnet", "a"), ("Second", "b")))
    },
}  # fmt: skip


def of_kubernetes(aws: Emulator, vpc_id: str, subnets: list[str], cluster: str) -> dict[str, str]:
    """What it makes for a service and an ingress: ids by kind."""
    tags = {"elbv2.k8s.aws/cluster": cluster}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    group = others.tagged_group(aws, vpc_id, f"k8s-{cluster}", **tags)
    owned = {f"kubernetes.io/cluster/{cluster}": "owned"}
    backend = others.tagged_group(aws, vpc_id, f"k8s-traffic-{cluster}", **owned)
    pairs = {**HTTPS, "UserIdGroupPairs": [{"GroupId": group}]}
    aws.client("ec2").authorize_security_group_ingress(GroupId=backend, IpPermissions=[pairs])
    elbv2 = aws.client("elbv2")
    balancer = elbv2.create_load_balancer(
        Name=f"k8s-{cluster}", Subnets=subnets, SecurityGroups=[group], Tags=listed
    )["LoadBalancers"][0]["LoadBalancerArn"]
    targets = elbv2.create_target_group(
        Name=f"k8s-{cluster}", Protocol="HTTP", Port=80, VpcId=vpc_id, TargetType="ip", Tags=listed
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}],
    )  # fmt: skip
    elb = aws.client("elb")
    elb.create_load_balancer(
        LoadBalancerName=f"classic-{cluster}",
        Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}],
        Subnets=subnets,
        SecurityGroups=[group],
        Tags=[{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}],
    )
    return {"balancer": balancer, "targets": targets, "group": group, "backend": backend,
            "classic": f"classic-{cluster}"}  # fmt: skip


def balancers(aws: Emulator) -> set[str]:
    classic = aws.client("elb").describe_load_balancers()["LoadBalancerDescriptions"]
    return {
        *(item["LoadBalancerArn"] for item in aws.client("elbv2").describe_load_balancers()["LoadBalancers"]),
        *(item["TargetGroupArn"] for item in aws.client("elbv2").describe_target_groups()["TargetGroups"]),
        *(item["LoadBalancerName"] for item in classic),
    }


def test_what_kubernetes_has_left_in_a_vpc(aws: Emulator, network: Account) -> None:
    """eksctl-io/eksctl#103, kubernetes-sigs/aws-alb-ingress-controller#1469"""
    held = Held(aws, stack(aws, TWO_SUBNETS), VPC)
    subnets = [others.physical_id(aws, "shop-dev", name) for name in ("Subnet", "Second")]
    made = of_kubernetes(aws, held.ids[0], subnets, "gone")
    shared = others.tagged_group(aws, network.vpc, "shared", **{"kubernetes.io/cluster/gone": "shared"})
    elsewhere = others.tagged_group(aws, network.vpc, "theirs", **{"kubernetes.io/cluster/gone": "owned"})
    assert {item.id: (item.clear, item.certain) for item in held.detect()} == {
        made[kind]: (VPC, kind != "targets") for kind in made
    }
    assert sorted(held.clear()) == [
        "1 target group of Kubernetes cluster gone",
        "2 load balancers of Kubernetes cluster gone",
        "2 security groups of Kubernetes cluster gone",
    ]
    assert held.detect() == [] == held.clear()
    assert balancers(aws) == set() and others.there(aws, shared, elsewhere) == [shared, elsewhere]
    assert held.goes()


def test_what_a_cluster_of_others_needs_stays(aws: Emulator) -> None:
    held = Held(aws, stack(aws, TWO_SUBNETS), VPC)
    subnets = [others.physical_id(aws, "shop-dev", name) for name in ("Subnet", "Second")]
    made = of_kubernetes(aws, held.ids[0], subnets, "theirs")
    config = {"subnetIds": subnets}
    aws.client("eks").create_cluster(
        name="theirs", roleArn="arn:aws:iam::123456789012:role/x", resourcesVpcConfig=config
    )
    assert {item.id: item.clear for item in held.detect() if item.id in made.values()} == dict.fromkeys(
        made.values(), ""
    )
    assert held.clear() == []
    assert {made["balancer"], made["targets"], made["classic"]} == balancers(aws)
    assert others.there(aws, made["group"], made["backend"]) == [made["group"], made["backend"]]


def test_an_interface_that_lambda_has_left(aws: Emulator, network: Account) -> None:
    """awslabs/aws-support-tools#174"""
    held = Held(aws, stack(aws, NETWORK), VPC)
    subnet = others.physical_id(aws, "shop-dev", "Subnet")
    ec2 = aws.client("ec2")
    words = "AWS Lambda VPC ENI-api-1b2c3d4e-0000-4000-8000-000000000000"
    keys = [
        ec2.create_network_interface(SubnetId=place, Description=text)["NetworkInterface"]["NetworkInterfaceId"]
        for place, text in ((subnet, words), (network.subnets[0], words))
    ]
    assert [(item.id, item.clear) for item in held.detect()] == [(keys[0], VPC)]
    assert held.clear() == ["1 network interface of Lambda"]
    assert [item["NetworkInterfaceId"] for item in network.interfaces()] == [keys[1]]
    assert held.goes()


def test_a_vpc_that_waits_for_its_interfaces_is_cleared_of_guard_dutys(aws: Emulator, inside: Inside) -> None:
    """The whole way: its endpoint keeps the gate closed that it is cleared behind."""
    aws.clock.resume()
    stack_id = stack(aws, NETWORK)
    vpc = others.physical_id(aws, "shop-dev", "Vpc")
    made = others.guard_duty(aws, vpc, others.physical_id(aws, "shop-dev", "Subnet"))
    stacks = [{"name": "shop-dev", "only_when": ["network_interfaces_gone"]}]
    refused = inside("cloudformation_stacks", stacks=stacks, state="absent", wait_timeout=60)
    assert refused["failed"] and made[0] in str(refused) and others.there(aws, *made) == list(made)
    done = inside("cloudformation_stacks", stacks=stacks, state="absent", clear=[VPC], wait_timeout=600)
    assert not done["failed"], done
    assert others.status(aws, stack_id) == "DELETE_COMPLETE" and others.there(aws, *made) == []


EKS = "AWS::EKS::Cluster"
A_ROLE = "arn:aws:iam::123456789012:role/nodes"


def test_what_others_have_attached_to_an_eks_cluster(aws: Emulator, network: Account) -> None:
    """gruntwork-io/cloud-nuke#148, kubernetes-sigs/cluster-api-provider-aws#4728, cloud-custodian/cloud-custodian#5585:
    that node groups keep it, that Fargate profiles do, and that these go one at a time"""
    config = {"SubnetIds": network.subnets}
    properties = {"Name": "shop", "RoleArn": A_ROLE, "ResourcesVpcConfig": config}
    held = Held(aws, stack(aws, {"Cluster": {"Type": EKS, "Properties": properties}}), EKS)
    eks = aws.client("eks")
    eks.create_cluster(name="shop2", roleArn=A_ROLE, resourcesVpcConfig={"subnetIds": network.subnets})
    for cluster in ("shop", "shop2"):
        eks.create_nodegroup(clusterName=cluster, nodegroupName="nodes", subnets=network.subnets, nodeRole=A_ROLE)
        for name in ("one", "two"):
            eks.create_fargate_profile(
                clusterName=cluster, fargateProfileName=name, podExecutionRoleArn=A_ROLE,
                selectors=[{"namespace": name}],
            )  # fmt: skip
    assert [(item.id, item.clear) for item in held.detect()] == [
        ("shop/nodes", EKS), ("shop/one", EKS), ("shop/two", EKS)
    ]  # fmt: skip
    assert "Cluster has nodegroups attached" in held.fails("Cluster")
    aws.faults.deny("eks:DeleteNodegroup")
    with pytest.raises(AwsCallError) as caught:
        held.clear()
    assert caught.value.action == "eks:DeleteNodegroup"
    aws.faults.allow("eks:DeleteNodegroup")
    assert held.clear() == ["1 node group", "2 Fargate profiles"]
    assert held.detect() == [] == held.clear()
    assert eks.list_nodegroups(clusterName="shop2")["nodegroups"] == ["nodes"]
    assert eks.list_fargate_profiles(clusterName="shop2")["fargateProfileNames"] == ["one", "two"]
    assert held.goes()
    assert held.clear() == []


@pytest.fixture(name="listener")
def _listener(aws: Emulator, network: Account) -> str:
    """ARN of a listener that is somebody else's, and answers by itself."""
    elb = aws.client("elbv2")
    balancer = elb.create_load_balancer(Name="front", Subnets=network.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    made = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=answer)
    return made["Listeners"][0]["ListenerArn"]


def groups_of(aws: Emulator, network: Account, listener: str) -> Held:
    """A stack with two target groups, one of which has a rule of its stack on that listener."""
    properties = {"Protocol": "HTTP", "Port": 80, "VpcId": network.vpc, "TargetType": "ip"}
    forward = [{"Type": "forward", "TargetGroupArn": {"Ref": "One"}}]
    own = {"ListenerArn": listener, "Priority": 5, "Actions": forward,
           "Conditions": [{"Field": "host-header", "Values": ["own.invalid"]}]}  # fmt: skip
    resources = {
        **{name: {"Type": TARGETS, "Properties": properties} for name in ("One", "Two")},
        "Own": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": own},
    }
    return Held(aws, stack(aws, resources), TARGETS)


def rule(aws: Emulator, listener: str, priority: int, *groups: str) -> str:
    tuples = [{"TargetGroupArn": group, "Weight": 1} for group in groups]
    return aws.client("elbv2").create_rule(
        ListenerArn=listener, Priority=priority, Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": tuples}}],
    )["Rules"][0]["RuleArn"]  # fmt: skip


def test_rules_of_nobody_that_send_requests_to_a_target_group(aws: Emulator, network: Account, listener: str) -> None:
    """A route that was not taken back. API_DeleteTargetGroup.html"""
    held = groups_of(aws, network, listener)
    elb = aws.client("elbv2")
    other = elb.create_target_group(Name="other", Protocol="HTTP", Port=80, VpcId=network.vpc, TargetType="ip")
    theirs = rule(aws, listener, 1, other["TargetGroups"][0]["TargetGroupArn"])
    ours = rule(aws, listener, 2, held.ids[0], other["TargetGroups"][0]["TargetGroupArn"])
    assert [(item.id, item.clear, str(item.amounts[0])) for item in held.detect()] == [
        (ours, TARGETS, "1 rule of a listener")
    ]
    assert "is currently in use by a listener or a rule" in held.fails("One")
    aws.faults.deny("elasticloadbalancing:DescribeRules")
    assert held.gaps() == ["elasticloadbalancing:DescribeRules"]
    aws.faults.allow("elasticloadbalancing:DescribeRules")
    assert held.clear() == ["1 rule of a listener"]
    assert held.detect() == [] == held.clear()
    left = [item["RuleArn"] for item in elb.describe_rules(ListenerArn=listener)["Rules"]]
    assert theirs in left and ours not in left and held.goes()


def test_rules_that_keep_no_target_group(aws: Emulator, network: Account, listener: str) -> None:
    """Of a listener whose default action needs it, which goes before it; and a target group that is gone."""
    held = groups_of(aws, network, listener)
    rule(aws, listener, 2, held.ids[0])
    forward = [{"Type": "forward", "TargetGroupArn": held.ids[0]}]
    aws.client("elbv2").modify_listener(ListenerArn=listener, DefaultActions=forward)
    aws.client("elbv2").delete_target_group(TargetGroupArn=held.ids[1])
    assert held.detect() == [] and held.clear() == []


def test_a_rule_of_another_stack_goes_with_that(aws: Emulator, network: Account, listener: str) -> None:
    held = groups_of(aws, network, listener)
    forward = [{"Type": "forward", "TargetGroupArn": held.ids[1]}]
    theirs = {"ListenerArn": listener, "Priority": 6, "Actions": forward,
              "Conditions": [{"Field": "host-header", "Values": ["b.invalid"]}]}  # fmt: skip
    stack(aws, {"B": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": theirs}}, "bank-rules")
    with pytest.raises(NotCleared, match="go with those: arn:.* of bank-rules"):
        held.clear()
