# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Place
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.blockers import blockers
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.blockers import foreign_services
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.owners import Owners
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Stacks
from tests.unit.plugins.fake_aws import FakeAws, refusal

ACCOUNT, ANOTHER = "123456789012", "210987654321"
PLACE = Place("aws", "eu-central-1", ACCOUNT)
NAMESPACE = Resource("AWS::ServiceDiscovery::PrivateDnsNamespace", "ns-1")
REGISTRY = Resource("AWS::ServiceDiscovery::Service", "srv-1")
ROLE = Resource("AWS::IAM::Role", "task-role")
VPC = Resource("AWS::EC2::VPC", "vpc-1")
NOTHING = refusal("ValidationError", "Stack for x does not exist")
IN_VPC = {
    "SecurityGroups": (), "Subnets": (), "RouteTables": (), "NetworkAcls": (), "InternetGateways": (),
    "EgressOnlyInternetGateways": (), "VpnGateways": (), "NatGateways": (), "VpcEndpoints": (),
    "VpcPeeringConnections": (), "TransitGatewayVpcAttachments": (), "NetworkInterfaces": (),
}  # fmt: skip


def found(aws, *owned, clusters=("shop",)):
    """Rows, and the gaps."""
    looks = Looks(aws)
    ours = Ours(dict.fromkeys(owned, "shop-a"), place=PLACE, clusters=clusters)
    stacks = Stacks(names={"id": "shop-a"})
    return blockers(looks, ours, Owners(looks, stacks, ours.owned)), looks.gaps()


def cloud_map(services=(), instances=(), owner=NOTHING):
    return FakeAws(
        {
            "servicediscovery.list_services": {"Services": [{"Id": "srv-1", "Name": "web"}, *services]},
            "servicediscovery.list_instances": {"Instances": list(instances)},
            "cloudformation.describe_stack_resources": owner,
        }
    )


def test_nothing_is_asked_about_what_nobody_owns():
    assert found(FakeAws({}), Resource("AWS::DynamoDB::Table", "shop")) == ([], [])


def test_a_service_of_others_in_our_namespace():
    rows, _gaps = found(cloud_map([{"Id": "srv-2", "Name": "by-hand"}]), NAMESPACE, REGISTRY)
    assert rows == [
        {"stack_name": "shop-a", "type": "AWS::ServiceDiscovery::Service", "id": "srv-2", "name": "by-hand",
         "owner": None, "certain": True,
         "reason": "A namespace cannot be deleted with a service in it, and this one of others is in ns-1.",
         "how_to_remove": "aws servicediscovery delete-service --id srv-2 --region eu-central-1",
         "amounts": [{"count": 1, "one": "Cloud Map service", "many": "Cloud Map services", "at_least": False}],
         "clear": "AWS::ServiceDiscovery::PrivateDnsNamespace", "lost": "the service, and its instances"}
    ]  # fmt: skip


def test_what_another_stack_owns_goes_with_that():
    theirs = {"PhysicalResourceId": "srv-2", "ResourceType": "AWS::ServiceDiscovery::Service", "StackName": "bank",
              "ResourceStatus": "CREATE_COMPLETE"}  # fmt: skip
    aws = cloud_map([{"Id": "srv-2", "Name": "bank", "CreatedByAccount": ACCOUNT}], owner={"StackResources": [theirs]})
    ((row,), _gaps) = found(aws, NAMESPACE, REGISTRY)
    assert row["owner"] == "bank"
    assert row["how_to_remove"] == "aws cloudformation delete-stack --stack-name bank --region eu-central-1"


def test_instances_in_our_service_that_are_no_tasks_of_ours():
    by_ecs = {"ECS_CLUSTER_NAME": "shop", "REGION": "eu-central-1"}
    instances = [
        {"Id": "a" * 32, "Attributes": by_ecs, "CreatedByAccount": ACCOUNT},
        {"Id": "b" * 32, "Attributes": by_ecs, "CreatedByAccount": ANOTHER},
        {"Id": "by-hand"},
    ]
    aws = cloud_map(instances=instances)
    rows, _gaps = found(aws, NAMESPACE, REGISTRY)
    assert [(row["id"], row["name"]) for row in rows] == [("b" * 32, f"account {ANOTHER}"), ("by-hand", "")]
    assert f"of account {ANOTHER} is in web" in rows[0]["reason"]
    assert "deregister-instance --service-id srv-1 --instance-id by-hand" in rows[1]["how_to_remove"]
    # Two that want to know it, one call.
    assert len(aws.asked("servicediscovery.list_services")) == len(aws.asked("servicediscovery.list_instances")) == 1


def test_an_instance_profile_of_others_around_our_role():
    client = boto3.client("iam", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
    profile = {
        "Path": "/", "InstanceProfileId": "A" * 20, "Arn": "arn:aws:iam::123456789012:instance-profile/x", "Roles": [],
        "CreateDate": "2026-01-01",
    }  # fmt: skip
    answer = {"InstanceProfiles": [{**profile, "InstanceProfileName": name} for name in ("own", "by-hand")]}
    aws = cloud_map()
    with Stubber(client) as stub:
        stub.add_response("list_instance_profiles_for_role", answer, {"RoleName": "task-role"})
        stub.add_response("list_attached_role_policies", {"AttachedPolicies": []}, {"RoleName": "task-role"})
        rows, _gaps = found(
            lambda service: client if service == "iam" else aws(service),
            ROLE,
            Resource("AWS::IAM::InstanceProfile", "own"),
        )
    assert [(row["id"], row["how_to_remove"]) for row in rows] == [
        (
            "by-hand",
            "aws iam remove-role-from-instance-profile --instance-profile-name by-hand --role-name task-role"
            " --region eu-central-1",
        )
    ]


def roles(*policies, owner=None):
    """An account in which these policies are attached to the role."""
    stack = {"PhysicalResourceId": "task-role", "ResourceType": "AWS::IAM::Role", "ResourceStatus": "CREATE_COMPLETE",
             "StackName": "shop-a", "StackId": "id"}  # fmt: skip
    theirs = {**stack, "ResourceType": "AWS::IAM::ManagedPolicy", "StackName": owner}
    properties = {"ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/Logs"}]}

    def resources(PhysicalResourceId):
        if PhysicalResourceId == "task-role":
            return {"StackResources": [stack]}
        return {"StackResources": [{**theirs, "PhysicalResourceId": PhysicalResourceId}]} if owner else NOTHING

    return FakeAws(
        {
            "iam.list_instance_profiles_for_role": {"InstanceProfiles": []},
            "iam.list_attached_role_policies": {"AttachedPolicies": [{"PolicyArn": arn} for arn in policies]},
            "iam.list_entities_for_policy": {},
            "cloudformation.describe_stack_resources": resources,
            "cloudformation.get_template": {"TemplateBody": {"Resources": {"TaskRole": {"Properties": properties}}}},
            "cloudformation.describe_stacks": {"Stacks": [{"Parameters": [{"ParameterValue": f"{POLICY}/given"}]}]},
        }
    )


POLICY = f"arn:aws:iam::{ACCOUNT}:policy"


def test_policies_that_others_have_attached_to_our_role():
    ours = ("arn:aws:iam::aws:policy/service-role/Logs", f"{POLICY}/given", f"{POLICY}/own")
    aws = roles(*ours, f"{POLICY}/by-hand")
    rows, gaps = found(aws, ROLE, Resource("AWS::IAM::ManagedPolicy", f"{POLICY}/own"))
    assert gaps == [] and rows == [
        {"stack_name": "shop-a", "type": "AWS::IAM::ManagedPolicy", "id": f"{POLICY}/by-hand", "name": "by-hand",
         "owner": None, "certain": False,
         "reason": "A role is deleted only without policies, and this one of others is attached to task-role.",
         "how_to_remove": f"aws iam detach-role-policy --role-name task-role --policy-arn {POLICY}/by-hand"
                          " --region eu-central-1",
         "amounts": [{"count": 1, "one": "attached policy", "many": "attached policies", "at_least": False}],
         "clear": "AWS::IAM::Role", "lost": "that it is attached to the role; the policy stays"}
    ]  # fmt: skip


def test_a_policy_of_another_stack_is_detached_and_its_stack_stays():
    ((row,), _gaps) = found(roles(f"{POLICY}/theirs", owner="bank"), ROLE)
    assert row["owner"] == "bank" and row["how_to_remove"].startswith("aws iam detach-role-policy ")


def test_a_role_that_a_failed_deletion_has_removed_is_no_gap():
    aws = roles()
    for call in ("iam.list_instance_profiles_for_role", "iam.list_attached_role_policies"):
        aws.answers[call] = refusal("NoSuchEntity")
    assert found(aws, ROLE) == ([], [])


def test_no_template_is_read_for_a_role_to_which_nothing_is_attached():
    aws = roles(f"{POLICY}/own")
    assert found(aws, ROLE, Resource("AWS::IAM::ManagedPolicy", f"{POLICY}/own")) == ([], [])
    assert {name.partition(".")[0] for name, _arguments in aws.calls} == {"iam"}


def network(**items):
    names = {
        "NetworkAcls": "network_acls", "VpnGateways": "vpn_gateways", "NatGateways": "nat_gateways",
        "SecurityGroups": "security_groups", "Subnets": "subnets", "RouteTables": "route_tables",
        "InternetGateways": "internet_gateways", "EgressOnlyInternetGateways": "egress_only_internet_gateways",
        "VpcEndpoints": "vpc_endpoints", "VpcPeeringConnections": "vpc_peering_connections",
        "TransitGatewayVpcAttachments": "transit_gateway_vpc_attachments", "NetworkInterfaces": "network_interfaces",
    }  # fmt: skip
    answers = {f"ec2.describe_{names[key]}": {key: list(rows)} for key, rows in {**IN_VPC, **items}.items()}
    return FakeAws({**answers, "cloudformation.describe_stack_resources": NOTHING})


def test_what_others_have_in_our_vpc():
    groups = [{"GroupId": "sg-1", "GroupName": "by-hand"}, {"GroupId": "sg-2", "GroupName": "own"}]
    tagged = {"SubnetId": "subnet-9", "Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "bank"}]}
    rows, _gaps = found(
        network(SecurityGroups=groups, Subnets=[tagged]), VPC, Resource("AWS::EC2::SecurityGroup", "sg-2")
    )
    assert [(row["id"], row["name"], row["owner"], row["how_to_remove"]) for row in rows] == [
        ("sg-1", "by-hand", None, "aws ec2 delete-security-group --group-id sg-1 --region eu-central-1"),
        ("subnet-9", "", "bank", "aws cloudformation delete-stack --stack-name bank --region eu-central-1"),
    ]


@pytest.mark.parametrize(
    "interface, kept",
    [
        ({}, ("AWS::EC2::NetworkInterface", "eni-1", True)),
        ({"Attachment": {"InstanceId": "i-9"}}, ("AWS::EC2::Instance", "i-9", False)),
        ({"Attachment": {"InstanceId": "i-1"}}, None),
        ({"RequesterManaged": True, "Description": "ELB app/x/1"}, None),
        ({"InterfaceType": "lambda"}, None),
        ({"Description": "AWS Lambda VPC ENI: x"}, None),
        ({"Description": "arn:aws:ecs:eu-central-1:123456789012:attachment/1"}, None),
        ({"Attachment": {"InstanceOwnerId": "amazon-aws"}}, None),
        ({"NetworkInterfaceId": "eni-own"}, None),
    ],
)
def test_interfaces_that_somebody_made_by_hand(interface, kept):
    item = {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "InterfaceType": "interface", "RequesterManaged": False}
    own = [Resource("AWS::EC2::NetworkInterface", "eni-own"), Resource("AWS::EC2::Instance", "i-1")]
    rows, _gaps = found(network(NetworkInterfaces=[item | interface]), VPC, *own)
    assert [(row["type"], row["id"], row["certain"]) for row in rows] == ([kept] if kept else [])


@pytest.mark.parametrize(
    "call, owned",
    [
        ("servicediscovery.list_services", [NAMESPACE]),
        ("servicediscovery.list_instances", [NAMESPACE, REGISTRY]),
        ("ec2.describe_security_groups", [VPC]),
        ("ec2.describe_network_interfaces", [VPC]),
        ("iam.list_instance_profiles_for_role", [ROLE]),
        ("iam.list_attached_role_policies", [ROLE]),
    ],
)
def test_what_may_not_be_looked_at_is_a_gap(call, owned):
    aws = network()
    aws.answers |= roles().answers | cloud_map().answers
    aws.answers[call] = refusal("AccessDenied")
    rows, gaps = found(aws, *owned)
    assert rows == [] and [gap["action"].rpartition(":")[2].lower() for gap in gaps] == [
        call.partition(".")[2].replace("_", "")
    ]


def test_what_others_serve_our_certificate_with():
    """https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html (InUseBy)"""
    arn = f"arn:aws:acm:eu-central-1:{ACCOUNT}:certificate/1a2b"
    balancer = f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:loadbalancer/app/"
    balancers = [balancer + name for name in ("own/1", "bank/2")]
    in_use = [*balancers, *(f"arn:aws:cloudfront::{ACCOUNT}:distribution/{name}" for name in ("E1", "E2"))]
    theirs = {"ResourceType": "AWS::ElasticLoadBalancingV2::LoadBalancer", "PhysicalResourceId": balancers[1],
              "StackName": "bank", "ResourceStatus": "CREATE_COMPLETE"}  # fmt: skip
    aws = FakeAws(
        {
            "acm.describe_certificate": {"Certificate": {"InUseBy": in_use}},
            "cloudformation.describe_stack_resources": lambda PhysicalResourceId: (
                {"StackResources": [theirs]} if PhysicalResourceId == balancers[1] else NOTHING
            ),
        }
    )
    rows, gaps = found(
        aws,
        Resource("AWS::CertificateManager::Certificate", arn),
        Resource("AWS::ElasticLoadBalancingV2::LoadBalancer", balancers[0]),
        Resource("AWS::CloudFront::Distribution", "E1"),
    )
    assert gaps == [] and [(row["type"], row["id"], row["owner"], row["certain"]) for row in rows] == [
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", balancers[1], "bank", False),
        ("AWS::CloudFront::Distribution", "E2", None, False),
    ]
    assert rows[0]["how_to_remove"].startswith("aws cloudformation delete-stack --stack-name bank")


def test_services_of_others_in_our_cluster():
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/{}/web"
    rows = [
        {"name": "web", "arn": arn.format(cluster), "cluster": cluster, "stack_name": stack, "owner": owner}
        for cluster, stack, owner in (
            ("shop", None, None), ("shop", None, "bank"), ("shop", "shop-a", None), ("shared", None, None)
        )
    ]  # fmt: skip
    ours = Ours({Resource("AWS::ECS::Cluster", "shop"): "shop-ecs"}, place=PLACE)
    told = foreign_services(ours, rows)
    assert [(row["stack_name"], row["owner"]) for row in told] == [("shop-ecs", None), ("shop-ecs", "bank")]
    assert told[0]["how_to_remove"].startswith("aws ecs delete-service --force --cluster shop --service arn:")
    assert "delete-stack --stack-name bank" in told[1]["how_to_remove"]
