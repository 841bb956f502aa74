# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which workshops refer to what they have, each as two small stacks."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Stack

from ..made_stacks import arn, order_of, ref, res, shown, ssm, stack, stack_id

VPC, SUBNET = "vpc-0123456789abcdef0", "subnet-0123456789abcdef0"


def net(**more: Any) -> Stack:
    return stack("shop-net", {"Vpc": res("EC2::VPC", VPC), "Subnet": res("EC2::Subnet", SUBNET), **more})


@pytest.mark.parametrize(
    "text",
    [
        f"{SUBNET},subnet-0fedcba9876543210",
        '{"subnets": ["' + SUBNET + '"]}',
        f"https://example.org/{SUBNET}/x",
        arn("ec2", f"subnet/{SUBNET}"),
    ],
)
def test_an_id_within_a_text(text: str) -> None:
    user = stack("shop-api", {"It": res("New::Thing", "x", Any=text)})
    assert shown(order_of(user, net())) == {("shop-net", "shop-api", "literal")}


def test_the_default_of_a_parameter_is_given_as_well() -> None:
    """DescribeStacks shows the values of all parameters, whether they were given or not."""
    user = stack("shop-api", {"It": res("New::Thing", "x", Any=ref("Subnet"))}, parameters={"Subnet": SUBNET})
    assert shown(order_of(user, net())) == {("shop-net", "shop-api", "parameter")}


def test_a_list_from_systems_manager() -> None:
    owner = net(Ids=ssm("/shop/subnets", {"Fn::Join": [",", [ref("Subnet"), "subnet-0fedcba9876543210"]]}))
    given = {"Ids": ("/shop/subnets", f"{SUBNET},subnet-0fedcba9876543210")}
    user = stack("shop-api", {"It": res("New::Thing", "x", Any={"Fn::Select": [0, ref("Ids")]})}, parameters=given)
    assert shown(order_of(user, owner)) == {("shop-net", "shop-api", "ssm_parameter")}


def test_an_arn_in_an_arn() -> None:
    function = arn("lambda", "function:make")
    uri = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{function}/invocations"
    owner = stack("shop-make", {"F": res("Lambda::Function", "make")})
    user = stack("shop-api", {"It": res("Custom::Thing", "x", Uri=uri)})
    assert shown(order_of(user, owner)) == {("shop-make", "shop-api", "literal")}


def test_a_bucket_in_an_address() -> None:
    owner = stack("shop-data", {"Bucket": res("S3::Bucket", "pictures")})
    user = stack("shop-api", {"It": res("Synthetics::Canary", "look", ArtifactS3Location="s3://pictures/canary/")})
    order = order_of(user, owner)
    assert shown(order) == {("shop-data", "shop-api", "literal")}


def test_an_output_of_a_stack_that_is_named_by_its_id() -> None:
    owner = stack("shop-net", {"Vpc": res("EC2::VPC", VPC)}, outputs={"VpcId": (ref("Vpc"), VPC)})
    output = {"Fn::GetStackOutput": {"StackName": stack_id("shop-net"), "OutputName": "VpcId"}}
    order = order_of(stack("shop-api", {"It": res("EC2::Subnet", "x", VpcId=output)}), owner)
    assert shown(order) == {("shop-net", "shop-api", "stack_output")}
    assert order.edges[0].evidence == "It of shop-api takes the output VpcId of shop-net"


def test_records_by_the_name_of_their_zone() -> None:
    zone = {"Zone": res("Route53::HostedZone", "Z0123456789ABC", Name={"Fn::Sub": "${Name}.example.org"})}
    owner = stack("shop-zone", zone, parameters={"Name": "shop"})
    user = stack("shop-api", {"It": res("Route53::RecordSet", "x", HostedZoneName="shop.example.org.")})
    order = order_of(user, owner)
    assert shown(order) == {("shop-zone", "shop-api", "name")}
    assert "It.HostedZoneName of shop-api" in order.edges[0].evidence


def test_instances_hold_the_cluster_that_they_join() -> None:
    owner = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop")})
    start = {"Fn::Base64": {"Fn::Sub": "#!/bin/bash\necho ECS_CLUSTER=${Name} >> /etc/ecs/ecs.config"}}
    nodes = res("EC2::LaunchTemplate", "lt-0123456789abcdef0", LaunchTemplateData={"UserData": start})
    order = order_of(stack("shop-nodes", {"Nodes": nodes}, parameters={"Name": "shop"}), owner)
    assert shown(order) == {("shop-ecs", "shop-nodes", "name")}
    assert order.edges[0].evidence == (
        "Nodes.LaunchTemplateData.UserData of shop-nodes names shop, ECS::Cluster Cluster of shop-ecs"
    )


@pytest.mark.parametrize(
    ("user", "group"),
    [
        (res("ApiGateway::RestApi", "a1b2c3d4e5"), "API-Gateway-Execution-Logs_a1b2c3d4e5/prod"),
        (res("RDS::DBCluster", "shop"), "/aws/rds/cluster/shop/error"),
        (res("Lambda::Function", "edge"), "/aws/lambda/us-east-1.edge"),
        (res("Synthetics::Canary", "look"), "/aws/lambda/cwsyn-look-0a1b2c"),
    ],
)
def test_who_writes_under_a_name_of_aws_goes_before_the_log_group(user: Any, group: str) -> None:
    owner = stack("shop-logs", {"Log": res("Logs::LogGroup", group), "Other": res("Logs::LogGroup", f"{group}2")})
    order = order_of(stack("shop-api", {"It": user}), owner)
    assert shown(order) == {("shop-logs", "shop-api", "physical")}
    assert group in order.edges[0].evidence


def test_a_log_group_of_another_of_that_beginning_is_not_meant() -> None:
    owner = stack("shop-logs", {"Log": res("Logs::LogGroup", "/aws/lambda/api-two")})
    assert not order_of(stack("shop-api", {"It": res("Lambda::Function", "api")}), owner).edges


def test_code_that_is_told_of_a_bucket_goes_before_it() -> None:
    """What it puts into it keeps the bucket from being deleted."""
    owner = stack("shop-data", {"Bucket": res("S3::Bucket", "shop-data-bucket-1abcdefghij2k")})
    told = {"Variables": {"BUCKET": "shop-data-bucket-1abcdefghij2k"}}
    user = stack("shop-api", {"F": res("Lambda::Function", "api", Environment=told)})
    order = order_of(user, owner)
    assert shown(order) == {("shop-data", "shop-api", "literal")}
    assert not order.edges[0].certain


def test_what_may_be_put_into_a_bucket_closes_no_circle() -> None:
    """Its own stack has something that the function has to delete."""
    bucket = "shop-data-bucket-1abcdefghij2k"
    function = arn("lambda", "function:seed")
    seed = res("Custom::Seed", "x", ServiceToken=function)
    owner = stack("shop-data", {"Bucket": res("S3::Bucket", bucket), "Seed": seed})
    told = {"Variables": {"BUCKET": bucket}}
    order = order_of(owner, stack("shop-code", {"F": res("Lambda::Function", "seed", Environment=told)}))
    assert order.levels == (("shop-data",), ("shop-code",))
    assert "shop-data does not wait for shop-code" in order.warnings[0]


def test_what_an_agent_writes_under_the_name_of_its_cluster_is_the_agents() -> None:
    owner = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop")})
    logs = {"Log": res("Logs::LogGroup", "/aws/ecs/containerinsights/shop/prometheus")}
    agent = {"Agent": res("ECS::Service", arn("ecs", "service/shop/agent"), Cluster="shop")}
    order = order_of(owner, stack("shop-agent", {**logs, **agent}))
    assert order.levels == (("shop-agent",), ("shop-ecs",)) and not order.warnings


def test_where_aws_writes_closes_no_circle() -> None:
    """A log group is deleted whoever writes to it."""
    owner = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop")})
    logs = {"Log": res("Logs::LogGroup", "/aws/ecs/containerinsights/shop/performance")}
    service = {"Web": res("ECS::Service", arn("ecs", "service/shop/web"), Cluster="shop")}
    order = order_of(owner, stack("shop-web", {**logs, **service}))
    assert order.levels == (("shop-web",), ("shop-ecs",))
    assert order.warnings[0].startswith("shop-web does not wait for shop-ecs")


@pytest.mark.parametrize("text", ["arn:aws:iam", "arn:aws:iam::123456789012", "arn:", "arn:aws:s3:::", "s3://"])
def test_the_beginning_of_an_arn_is_nobodys(text: str) -> None:
    owner = stack("shop-iam", {"Role": res("IAM::Role", "shop-role")})
    assert not order_of(stack("shop-api", {"It": res("New::Thing", "x", Any=text)}), owner).edges


def test_what_two_stacks_have_in_common_is_no_evidence() -> None:
    """Who is given the name of an environment does not use the cluster that is called so."""
    cluster = {"Cluster": res("ECS::Cluster", "shop-stage-1", ClusterName=ref("Env"))}
    owner = stack("net-stage", cluster, parameters={"Env": "shop-stage-1"})
    topic = {"It": res("SNS::Topic", "x", DisplayName=ref("Env"))}
    user = stack("api-stage", topic, parameters={"Env": "shop-stage-1"})
    order = order_of(user, owner)
    assert not order.edges and not order.dropped
    service = {"S": res("ECS::Service", "x", Cluster=ref("Env"))}
    order = order_of(stack("api-stage", service, parameters={"Env": "shop-stage-1"}), owner)
    assert shown(order) == {("net-stage", "api-stage", "name")}


def test_a_name_that_several_have_is_nobodys() -> None:
    owners = [
        stack(f"shop-{name}", {"Stage": res("ApiGateway::Stage", "prod", RestApiId=f"{name}12345678")})
        for name in ("a", "b")
    ]
    stage = "arn:aws:apigateway:eu-central-1::/restapis/c12345678/stages/prod"
    user = stack("shop-api", {"It": res("WAFv2::WebACLAssociation", "x", ResourceArn=stage)})
    assert not order_of(user, *owners).edges


def test_what_a_stack_owns_itself_is_not_the_other_ones() -> None:
    """One that was imported into a second stack is in both."""
    user = stack("shop-api", {"Vpc": res("EC2::VPC", VPC), "It": res("EC2::Subnet", "x", VpcId=VPC)})
    assert not order_of(user, net()).edges


def test_security_groups_that_name_each_other_across_stacks() -> None:
    """The rule goes with its own stack: the group that it names comes after."""
    web, data = "sg-0123456789abcdef0", "sg-0fedcba9876543210"
    rule = {"IpProtocol": "tcp", "SourceSecurityGroupId": web}
    owner = stack("shop-web", {"Group": res("EC2::SecurityGroup", web)})
    user = stack("shop-data", {"Group": res("EC2::SecurityGroup", data, SecurityGroupIngress=[rule])})
    assert order_of(user, owner).levels == (("shop-data",), ("shop-web",))


def test_a_certificate_outlives_the_domain_that_it_is_for() -> None:
    """It is made for a name which the domain of the API has as well."""
    certificate = arn("acm", "certificate/12345678-1234-1234-1234-123456789012")
    name = "api.example.org"
    owner = stack("shop-cert", {"It": res("CertificateManager::Certificate", certificate, DomainName=name)})
    domain = res("ApiGateway::DomainName", name, DomainName=name, RegionalCertificateArn=certificate)
    order = order_of(owner, stack("shop-api", {"Domain": domain}))
    assert order.levels == (("shop-api",), ("shop-cert",)) and not order.warnings


def test_two_workshops_in_one_vpc() -> None:
    users = [stack(f"{name}-api", {"It": res("EC2::Subnet", f"{name}-1", VpcId=VPC)}) for name in ("red", "blue")]
    assert order_of(*users, net()).levels == (("blue-api", "red-api"), ("shop-net",))
    order = order_of(users[0], net(), outside=(users[1],))
    assert order.levels == (("red-api",), ("shop-net",))


def test_a_secret_in_a_dynamic_reference_is_read_once() -> None:
    secret = arn("secretsmanager", "secret:db-AbCdEf")
    owner = stack("shop-secret", {"Secret": res("SecretsManager::Secret", secret)})
    word = "{{resolve:secretsmanager:" + secret + ":SecretString:password}}"
    order = order_of(stack("shop-db", {"Db": res("RDS::DBInstance", "db", MasterUserPassword=word)}), owner)
    assert not order.edges
    assert order.dropped[0].because == "MasterUserPassword of RDS::DBInstance is read when it is made, and not again"


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": ["${Subnet}"]},
        {"Fn::Select": [ref("Subnet")]},
        {"Fn::Join": {"a": [ref("Subnet")]}},
        {"Fn::Split": ref("Subnet")},
        {"Fn::If": ["Never", ref("Subnet")]},
        {"Fn::If": "Never", "Other": ref("Subnet")},
        {"Fn::FindInMap": [{"Fn::If": ["Never", ref("Subnet"), "x"]}]},
        {"Fn::GetStackOutput": ["x", ref("Subnet")]},
        {"Fn::ToJsonString": {"ids": [ref("Subnet")]}},
        {"Fn::ForEach::Ids": ["Id", [ref("Subnet")], {"Any": "${Id}"}]},
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": ref("Subnet")}}},
        {"Fn::GetAtt": []},
    ],
)
def test_a_form_that_is_not_known_ends_nothing(value: Any) -> None:
    given = {"Subnet": SUBNET}
    conditions = {"Conditions": {"Never": {"Fn::Equals": ["a"]}, "Odd": ["x"]}, "Mappings": None, "Outputs": None}
    uses = {"It": res("New::Thing", "x", Any=value, Sure=ref("Subnet"))}
    assert shown(order_of(stack("shop-api", uses, parameters=given, more=conditions), net())) == {
        ("shop-net", "shop-api", "parameter")
    }
