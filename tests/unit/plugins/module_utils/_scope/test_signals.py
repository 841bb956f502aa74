# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every signal by itself: without it there would be no edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Stack

from ..made_stacks import arn, order_of, part, ref, res, shown, ssm, stack, stack_id

VPC = "vpc-0123456789abcdef0"


def net(**options: Any) -> Stack:
    """A network, which says its id in every way."""
    resources = {
        "Vpc": res("EC2::VPC", VPC),
        "Id": ssm("/shop/vpc", ref("Vpc")),
        "Word": ssm("/shop/stage", "dev"),
    }
    outputs = {"VpcId": (ref("Vpc"), VPC, "shop-vpc")}
    return stack("shop-net", resources, outputs=outputs, **options)


def group(vpc: Any) -> dict[str, Any]:
    return {"Group": res("EC2::SecurityGroup", "sg-0123456789abcdef0", VpcId=vpc)}


@pytest.mark.parametrize(
    ("signal", "user", "where", "words"),
    [
        (
            "export",
            stack("shop-api", group({"Fn::ImportValue": {"Fn::Sub": "${Prefix}-vpc"}}), parameters={"Prefix": "shop"}),
            "Group.VpcId",
            "Group of shop-api imports shop-vpc, an export of shop-net",
        ),
        (
            "ssm_parameter",
            stack("shop-api", group(ref("Vpc")), parameters={"Vpc": ("/shop/vpc", VPC)}),
            "Group.VpcId",
            "the parameter Vpc of shop-api resolves /shop/vpc, EC2::VPC Vpc of shop-net",
        ),
        (
            "dynamic_reference",
            stack("shop-api", group("{{resolve:ssm:/shop/vpc:3}}")),
            "Group.VpcId",
            "Group of shop-api resolves /shop/vpc, EC2::VPC Vpc of shop-net",
        ),
        (
            "dynamic_reference",
            stack("shop-api", group({"Fn::Sub": "{{resolve:ssm-secure:/${Name}/vpc}}"}), parameters={"Name": "shop"}),
            "Group.VpcId",
            "Group of shop-api resolves /shop/vpc, EC2::VPC Vpc of shop-net",
        ),
        (
            "stack_output",
            stack("shop-api", group({"Fn::GetStackOutput": {"StackName": "shop-net", "OutputName": "VpcId"}})),
            "Group.VpcId",
            "Group of shop-api takes the output VpcId of shop-net",
        ),
        (
            "parameter",
            stack("shop-api", group(ref("Vpc")), parameters={"Vpc": VPC}),
            "Group.VpcId",
            f"the parameter Vpc of shop-api is {VPC}, EC2::VPC Vpc of shop-net",
        ),
        (
            "literal",
            stack("shop-api", group(VPC)),
            "Group.VpcId",
            f"Group of shop-api names {VPC}, EC2::VPC Vpc of shop-net",
        ),
    ],
)
def test_a_reference(signal: str, user: Stack, where: str, words: str) -> None:
    order = order_of(user, net())
    assert shown(order) == {("shop-net", "shop-api", signal)}
    (edge,) = order.edges
    assert (edge.where, edge.evidence, edge.certain) == (where, words, True)
    assert order.levels == (("shop-api",), ("shop-net",))


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Join": ["", [ref("Prefix"), "-vpc"]]},
        {"Fn::Select": ["1", ["x", "shop-vpc"]]},
        {"Fn::Select": [0, {"Fn::Split": [",", "shop-vpc,x"]}]},
        {"Fn::FindInMap": ["Names", ref("Stage"), "Vpc"]},
        {"Fn::If": ["IsDev", "shop-vpc", "other"]},
        {"Fn::If": ["IsProd", "other", "shop-vpc"]},
        {"Fn::If": ["Unknown", "other", "shop-vpc"]},
        {"Fn::Sub": ["${A}-${B}", {"A": ref("Prefix"), "B": "vpc"}]},
    ],
)
def test_functions_are_worked_out(value: Any) -> None:
    more = {
        "Mappings": {"Names": {"dev": {"Vpc": "shop-vpc"}}},
        "Conditions": {
            "IsDev": {"Fn::Equals": [ref("Stage"), "dev"]},
            "IsProd": {"Fn::Not": [{"Condition": "IsDev"}]},
        },
    }
    imports = {"Fn::ImportValue": value if "Fn::If" not in value else ref("Never")}
    if "Fn::If" in value:
        condition, yes, no = value["Fn::If"]
        imports = {"Fn::If": [condition, *({"Fn::ImportValue": name} for name in (yes, no))]}
    user = stack("shop-api", group(imports), parameters={"Prefix": "shop", "Stage": "dev"}, more=more)
    assert shown(order_of(user, net())) == {("shop-net", "shop-api", "export")}


def test_what_a_condition_leaves_out_is_not_used() -> None:
    more = {"Conditions": {"IsProd": {"Fn::Equals": [ref("Stage"), "prod"]}}}
    value = {"Fn::If": ["IsProd", {"Fn::ImportValue": "shop-vpc"}, ref("AWS::NoValue")]}
    user = stack("shop-api", group(value), parameters={"Stage": "dev"}, more=more)
    assert not order_of(user, net()).edges
    unused = stack("shop-api", group("x"), parameters={"Vpc": ("/shop/vpc", VPC)})
    assert not order_of(unused, net()).edges


def test_an_export_holds_wherever_it_is_imported() -> None:
    function = res("Lambda::Function", "shop-f", Environment={"Variables": {"V": {"Fn::ImportValue": "shop-vpc"}}})
    assert shown(order_of(stack("shop-api", {"F": function}), net())) == {("shop-net", "shop-api", "export")}


@pytest.mark.parametrize("value", ["dev", "true", "8080", "10.0.0.0/16", "eu-central-1", "shop-dev"])
def test_words_that_mean_nothing_are_no_evidence(value: str) -> None:
    outputs = {"Stage": (value, value), "Own": (ref("Thing"), value)}
    owner = stack("shop-dev-net", {"Thing": res("New::Thing", value)}, outputs=outputs)
    user = stack("shop-dev-api", {"F": res("New::Thing", "x", Any=ref("V"), Other=value)}, parameters={"V": value})
    order = order_of(user, owner)
    assert not order.edges and not order.dropped


def test_a_word_that_may_be_a_coincidence_is_not_certain() -> None:
    owner = stack("shop-data", {"Bucket": res("S3::Bucket", "shop-assets")})
    user = stack("shop-api", {"F": res("New::Thing", "x", Assets=ref("B"))}, parameters={"B": "shop-assets"})
    (edge,) = order_of(user, owner).edges
    assert (edge.signal, edge.certain) == ("parameter", False)


@pytest.mark.parametrize(
    ("owned", "named"),
    [
        (res("IAM::Role", "shop-role"), "arn:aws:iam::123456789012:role/path/shop-role"),
        (res("DynamoDB::Table", "shop"), arn("dynamodb", "table/shop/stream/2026-11-01T00:00:00.000")),
        (res("Lambda::Function", "api"), arn("lambda", "function:api:live")),
        (res("SQS::Queue", "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"), arn("sqs", "jobs")),
        (res("Logs::LogGroup", "/shop/api"), arn("logs", "log-group:/shop/api:*")),
        (res("S3::Bucket", "assets"), "arn:aws:s3:::assets/images/*"),
        (res("ElasticLoadBalancingV2::TargetGroup", arn("elasticloadbalancing", "targetgroup/a/1")),
         arn("elasticloadbalancing", "targetgroup/a/1")),
    ],
)  # fmt: skip
def test_an_arn_is_known_by_what_it_names(owned: Any, named: str) -> None:
    user = stack("shop-api", {"Thing": res("Custom::Thing", "x", Arn=named)})
    assert shown(order_of(user, stack("shop-data", {"It": owned}))) == {("shop-data", "shop-api", "literal")}


@pytest.mark.parametrize(
    "named", [arn("dynamodb", "table/shop", "us-east-1"), f"arn:aws:dynamodb::{'9' * 12}:table/shop"]
)
def test_an_arn_of_elsewhere_is_nobodys(named: str) -> None:
    user = stack("shop-api", {"Thing": res("Custom::Thing", "x", Arn=named)})
    assert not order_of(user, stack("shop-data", {"It": res("DynamoDB::Table", "shop")})).edges


def test_a_bare_name_where_a_name_of_that_type_stands() -> None:
    mesh = res("AppMesh::Mesh", arn("appmesh", "mesh/m"))
    owner = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop"), "Mesh": mesh})
    service = stack("shop-api", {"S": res("ECS::Service", "x", Cluster=ref("Name"))}, parameters={"Name": "shop"})
    router = stack("shop-mesh", {"R": res("AppMesh::VirtualRouter", "x", MeshName="m", Other="shop")})
    order = order_of(service, router, owner)
    assert shown(order) == {("shop-ecs", "shop-api", "name"), ("shop-ecs", "shop-mesh", "name")}
    assert all(edge.certain for edge in order.edges)


def test_a_custom_resource_goes_before_its_function() -> None:
    name = arn("lambda", "function:make")
    owner = stack("shop-base", {"F": res("Lambda::Function", "make")})
    user = stack("shop-api", {"Thing": res("Custom::Thing", "x", ServiceToken=ref("F"))}, parameters={"F": name})
    order = order_of(user, owner)
    assert ("shop-base", "shop-api", "service_token") in shown(order)
    (edge,) = [item for item in order.edges if item.signal == "service_token"]
    assert edge.evidence == "the custom resource Thing of shop-api is deleted by Lambda::Function F of shop-base"


def test_a_stack_goes_before_the_role_that_it_was_made_with() -> None:
    owner = stack("shop-pipeline", {"Deploy": res("IAM::Role", "deploy")})
    user = stack("shop-api", role_arn="arn:aws:iam::123456789012:role/deploy")
    order = order_of(user, owner)
    assert shown(order) == {("shop-pipeline", "shop-api", "role")}
    assert order.edges[0].evidence == "shop-api is deleted with the role deploy of shop-pipeline"


def test_what_the_cdk_deployed_goes_before_what_it_deploys_with() -> None:
    version = "/cdk-bootstrap/hnb659fds/version"
    toolkit = stack("CDKToolkit", {"Version": ssm(version, "21")})
    user = stack("shop-api", parameters={"BootstrapVersion": (version, "21")})
    assert shown(order_of(user, toolkit)) == {("CDKToolkit", "shop-api", "bootstrap")}


def test_what_is_in_something_by_its_own_id() -> None:
    owner = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop")})
    user = stack("shop-api", {"S": res("ECS::Service", arn("ecs", "service/shop/api"))}, template=False)
    order = order_of(user, owner)
    assert shown(order) == {("shop-ecs", "shop-api", "physical")}
    assert order.edges[0].evidence == "S of shop-api is in ECS::Cluster Cluster of shop-ecs"


@pytest.mark.parametrize(
    ("kind", "name", "log_group"),
    [
        ("Lambda::Function", "api", "/aws/lambda/api"),
        ("CodeBuild::Project", "api", "/aws/codebuild/api"),
        ("ECS::Cluster", "api", "/aws/ecs/containerinsights/api/performance"),
        ("EKS::Cluster", "api", "/aws/eks/api/cluster"),
    ],
)
def test_who_writes_goes_before_the_log_group(kind: str, name: str, log_group: str) -> None:
    owner = stack("shop-logs", {"Log": res("Logs::LogGroup", log_group)})
    assert shown(order_of(stack("shop-api", {"It": res(kind, name)}), owner)) == {("shop-logs", "shop-api", "physical")}


def roles(**more: Any) -> Stack:
    return stack("shop-iam", {"Role": res("IAM::Role", "task"), "Log": res("Logs::LogGroup", "/shop/log"), **more})


def definition(role: Any) -> tuple[str, str, dict[str, Any]]:
    return res("ECS::TaskDefinition", arn("ecs", "task-definition/api:1"), TaskRoleArn=role)


def test_a_service_goes_before_what_its_tasks_act_as() -> None:
    role = "arn:aws:iam::123456789012:role/task"
    tasks = stack("shop-task", {"D": definition(role)})
    service = stack("shop-api", {"S": res("ECS::Service", "x", TaskDefinition=arn("ecs", "task-definition/api:1"))})
    order = order_of(service, tasks, roles())
    assert shown(order) == {("shop-iam", "shop-api", "physical")}
    assert order.edges[0].evidence == "what S of shop-api runs acts as IAM::Role Role of shop-iam"
    assert {(item.edge.stack, item.edge.after) for item in order.dropped} == {
        ("shop-iam", "shop-task"),
        ("shop-task", "shop-api"),
    }
    both = stack("shop-api", {"D": definition(role), "S": res("ECS::Service", "x", TaskDefinition=ref("D"))})
    assert shown(order_of(both, roles())) == {("shop-iam", "shop-api", "physical")}


@pytest.mark.parametrize(
    ("user", "because"),
    [
        (res("ECS::TaskDefinition", "x", Volumes=[{"V": VPC}]), "ECS::TaskDefinition holds nothing"),
        (res("Lambda::Function", "x", Environment={"Variables": {"V": VPC}}), "named in Environment"),
        (res("New::Thing", "x", Tags=[{"Key": "net", "Value": VPC}]), "named in Tags"),
        (res("IAM::Role", "x", AssumeRolePolicyDocument={"Statement": [VPC]}), "named in AssumeRolePolicyDocument"),
        (res("IAM::Role", "x", Policies=[{"PolicyName": VPC}]), "read when it is made"),
        (res("SSM::Parameter", "x", Value=VPC), "SSM::Parameter holds nothing"),
    ],
)
def test_an_edge_that_aws_does_not_need_is_dropped(user: Any, because: str) -> None:
    order = order_of(stack("shop-api", {"It": user}), net())
    assert not order.edges
    assert [(item.edge.stack, item.edge.after) for item in order.dropped] == [("shop-net", "shop-api")]
    assert because in order.dropped[0].because
    assert order.levels == (("shop-api", "shop-net"),)


def test_an_ssm_parameter_that_holds_but_a_word_holds_nothing() -> None:
    user = stack("shop-api", group(ref("Stage")), parameters={"Stage": ("/shop/stage", "dev")})
    order = order_of(user, net())
    assert not order.edges and order.dropped[0].because == "it is only a word that no resource stands behind"


def test_an_attribute_in_an_ssm_parameter_is_what_has_it() -> None:
    owner = stack("shop-db", {"Db": res("RDS::DBInstance", "db"), "P": ssm("/db", {"Fn::GetAtt": ["Db", "Endpoint"]})})
    user = stack("shop-api", {"It": res("New::Thing", "x", Host=ref("Db"))}, parameters={"Db": ("/db", "db.local")})
    assert shown(order_of(user, owner)) == {("shop-db", "shop-api", "ssm_parameter")}


def test_an_id_that_is_handed_on_is_that_of_the_stack_that_has_the_thing() -> None:
    """Not of the one whose SSM parameter or output it is."""
    names = stack("shop-names", {"P": ssm("/names/vpc", ref("Vpc"))}, parameters={"Vpc": VPC})
    user = stack("shop-api", group(ref("Vpc")), parameters={"Vpc": ("/names/vpc", VPC)})
    order = order_of(user, names, net())
    assert shown(order) == {("shop-net", "shop-api", "ssm_parameter")}


def test_without_a_template_the_parameters_speak() -> None:
    user = stack("shop-api", parameters={"Vpc": VPC, "Other": ("/shop/vpc", VPC)}, template=False)
    order = order_of(user, net())
    assert shown(order) == {("shop-net", "shop-api", "parameter"), ("shop-net", "shop-api", "ssm_parameter")}
    assert {edge.signal: edge.certain for edge in order.edges} == {"parameter": False, "ssm_parameter": True}


def test_nested_stacks_speak_for_their_root() -> None:
    inner = part("shop-net-Inner-1", {"Vpc": res("EC2::VPC", VPC)}, root_id=stack_id("shop-net"))
    root = part("shop-net", {"Inner": res("CloudFormation::Stack", stack_id("shop-net-Inner-1"))})
    network = Stack((root, replace(inner, inside="Inner/")))
    deep = part("shop-api-Inner-1", group(VPC), root_id=stack_id("shop-api"))
    user = Stack((part("shop-api"), replace(deep, inside="Inner/")))
    order = order_of(user, network)
    assert order.levels == (("shop-api",), ("shop-net",))
    assert order.edges[0].evidence == f"Group of shop-api names {VPC}, EC2::VPC Inner/Vpc of shop-net"


def test_a_resource_that_is_gone_is_nobodys() -> None:
    network = part("shop-net", {"Vpc": res("EC2::VPC", VPC)})
    gone = tuple(replace(item, status="DELETE_COMPLETE") for item in network.resources or ())
    user = stack("shop-api", group(VPC))
    assert order_of(user, Stack((network,))).edges
    assert not order_of(user, Stack((replace(network, resources=gone),))).edges
