# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import re

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import EndpointConnectionError
from botocore.validate import ParamValidator

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.finding import is_protected
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Leftover
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.lookup import Lookups
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ec2 import PARTS
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import how_to_remove
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_at
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import client_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import operation_of
from tests.unit.plugins.fake_aws import FakeAws, refusal
from tests.workshop.manifest import HERE

ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
MESH = ARN.format("appmesh", "mesh/m")
SUBNETS = [Resource("AWS::EC2::Subnet", f"subnet-{number}") for number in range(3)]


def some(kind):
    """A resource of this type, with an id that says what has to be known."""
    return Resource(kind, ARN.format("ecs", "service/shop/x") if kind == "AWS::ECS::Service" else "x")


def looks_at(aws):
    return Looks(aws, lambda seconds: None)


def there(aws, *resources, looks=None):
    return list(Lookups(looks or looks_at(aws)).there(resources).values())


@pytest.fixture(scope="module")
def clients():
    """Real clients, which are never used to call."""
    session = boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
    made = {}
    return lambda name: made.setdefault(name, session.client(name))


IDS = {
    "AWS::AppMesh::Mesh": MESH,
    "AWS::AppMesh::Route": f"{MESH}/virtualRouter/r/route/t",
    "AWS::AppMesh::VirtualNode": f"{MESH}/virtualNode/n",
    "AWS::AppMesh::VirtualRouter": f"{MESH}/virtualRouter/r",
    "AWS::AppMesh::VirtualService": f"{MESH}/virtualService/s",
}


# Which the oldest supported botocore does not know.
NEWER = {"AWS::DSQL::Cluster"}
SERVICES = boto3.session.Session().get_available_services()


def test_all_services_but_the_newest_are_known_to_boto():
    assert {kind for kind, row in TYPES.items() if client_of(row.lookup.action) not in SERVICES} <= NEWER


@pytest.mark.parametrize("kind", sorted(kind for kind in TYPES if client_of(TYPES[kind].lookup.action) in SERVICES))
def test_every_call_is_one_that_boto_knows_with_arguments_it_takes(kind, clients):
    look = TYPES[kind].lookup
    operation = operation_of(look.action)
    assert xform_name(operation) in clients(client_of(look.action)).meta.method_to_api_mapping
    shape = clients(client_of(look.action)).meta.service_model.operation_model(operation).input_shape
    report = ParamValidator().validate(look.ask([IDS.get(kind, "arn:x/cluster/name-of-it")]), shape)
    assert not report.has_errors(), report.generate_report()


def test_every_type_of_the_workshop_is_known_but_for_parts_of_others():
    templates = "".join(path.read_text("utf-8") for path in (HERE / "templates").glob("*.template"))
    unknown = set(re.findall(r"Type: (AWS::\w+::\w+)", templates)) - set(TYPES)
    assert unknown == {*PARTS, "AWS::IAM::Policy"}


@pytest.mark.parametrize(
    "kind, physical_id, call, answer",
    [
        ("Route", "rtb-1a|0.0.0.0/0", "ec2.describe_route_tables", {"RouteTables": [{"RouteTableId": "rtb-1a"}]}),
        ("VPCGatewayAttachment", "IGW|vpc-1a", "ec2.describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1a"}]}),
    ],
)
def test_what_is_a_part_of_something_goes_with_it(kind, physical_id, call, answer):
    part = Resource(f"AWS::EC2::{kind}", physical_id)
    assert there(FakeAws({call: {key: [] for key in answer}}), part) == [False]
    assert there(FakeAws({call: answer}), part) == [None]
    assert there(FakeAws({}), Resource(part.type, "stack-Route-1ABC")) == [None]


def test_where_a_subnet_has_its_route_table():
    tables = [{"RouteTableId": "rtb-1", "Associations": [{"RouteTableAssociationId": "rtbassoc-1"}]}]
    aws = FakeAws({"ec2.describe_route_tables": {"RouteTables": tables}})
    kind = "AWS::EC2::SubnetRouteTableAssociation"
    assert there(aws, Resource(kind, "rtbassoc-1"), Resource(kind, "rtbassoc-2")) == [True, False]


def test_a_deleted_nat_gateway_that_is_still_shown_is_not_there():
    rows = [{"NatGatewayId": "nat-1", "State": "deleted"}, {"NatGatewayId": "nat-2", "State": "deleting"}]
    aws = FakeAws({"ec2.describe_nat_gateways": {"NatGateways": rows}})
    assert there(aws, *(Resource("AWS::EC2::NatGateway", f"nat-{number}") for number in (1, 2))) == [False, True]


def test_many_of_a_kind_in_one_call():
    aws = FakeAws({"ec2.describe_subnets": {"Subnets": [{"SubnetId": "subnet-1"}]}})
    assert there(aws, *SUBNETS) == [False, True, False]
    filters = [{"Name": "subnet-id", "Values": ["subnet-0", "subnet-1", "subnet-2"]}]
    assert aws.calls == [("ec2.describe_subnets", {"Filters": filters})]


def test_services_of_one_cluster_in_one_call():
    arns = [ARN.format("ecs", f"service/{name}") for name in ("a/x", "b/x", "a/y")]

    def describe(cluster, services):
        statuses = {"x": "DRAINING", "y": "INACTIVE"}
        return {"services": [{"serviceArn": arn, "status": statuses[arn[-1]]} for arn in services]}

    aws = FakeAws({"ecs.describe_services": describe})
    assert there(aws, *(Resource("AWS::ECS::Service", arn) for arn in arns)) == [True, True, False]
    asked = aws.asked("ecs.describe_services")
    assert sorted((call["cluster"], len(call["services"])) for call in asked) == [("a", 2), ("b", 1)]


def test_only_an_active_task_definition_is_there():
    arns = {"ACTIVE": ["arn:task-definition/feed:1"], "INACTIVE": ["arn:task-definition/feed:2"]}
    aws = FakeAws({"ecs.list_task_definitions": lambda status: {"taskDefinitionArns": arns[status]}})
    resources = [Resource("AWS::ECS::TaskDefinition", f"arn:task-definition/feed:{revision}") for revision in (1, 2)]
    assert there(aws, *resources) == [True, False]
    assert len(aws.asked("ecs.list_task_definitions")) == 1


def test_a_deleted_endpoint_that_is_still_shown_is_not_there():
    rows = [{"VpcEndpointId": "vpce-1", "State": "Deleted"}, {"VpcEndpointId": "vpce-2", "State": "available"}]
    aws = FakeAws({"ec2.describe_vpc_endpoints": {"VpcEndpoints": rows}})
    assert there(aws, *(Resource("AWS::EC2::VPCEndpoint", f"vpce-{number}") for number in (1, 2))) == [False, True]


def test_a_log_group_whose_name_only_begins_so_is_another():
    aws = FakeAws({"logs.describe_log_groups": {"logGroups": [{"logGroupName": "shop-2"}]}})
    assert there(aws, Resource("AWS::Logs::LogGroup", "shop")) == [False]


@pytest.mark.parametrize(
    "kind, call, code",
    [
        ("AWS::DynamoDB::Table", "dynamodb.describe_table", "ResourceNotFoundException"),
        ("AWS::ECS::Service", "ecs.describe_services", "ClusterNotFoundException"),
        ("AWS::ElasticLoadBalancingV2::Listener", "elbv2.describe_listeners", "ListenerNotFound"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2.describe_load_balancers", "LoadBalancerNotFound"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "elbv2.describe_target_groups", "TargetGroupNotFound"),
        ("AWS::IAM::Role", "iam.get_role", "NoSuchEntity"),
        ("AWS::AppMesh::VirtualNode", "appmesh.list_virtual_nodes", "NotFoundException"),
    ],
)
def test_how_services_say_that_it_is_gone(kind, call, code):
    assert there(FakeAws({call: refusal(code)}), some(kind)) == [False]


def test_a_service_whose_arn_does_not_name_its_cluster_is_not_asked_for():
    """No cluster of the name "default" does not mean that a service is gone which may be in another."""
    aws, short = FakeAws({}), Resource("AWS::ECS::Service", ARN.format("ecs", "service/web"))
    looks = looks_at(aws)
    assert there(aws, short, looks=looks) == [None] and looks.gaps() == [] == aws.calls


def test_what_can_not_be_looked_up():
    aws = FakeAws({"ec2.describe_subnets": refusal("InvalidParameterValue")})
    resources = [Resource("AWS::IAM::Policy", "x"), Resource("AWS::EC2::Subnet", ""), SUBNETS[0]]
    assert there(aws, *resources) == [None, None, None]


@pytest.mark.parametrize("kind", sorted(kind for kind in TYPES if not TYPES[kind].lookup.ended))
@pytest.mark.parametrize("code", ["AccessDeniedException", "UnauthorizedOperation"])
def test_what_may_not_be_looked_up_is_a_gap(kind, code):
    look = TYPES[kind].lookup
    aws = FakeAws({f"{client_of(look.action)}.{xform_name(operation_of(look.action))}": refusal(code)})
    looks = looks_at(aws)
    assert there(aws, some(kind), looks=looks) == [None]
    assert [item["action"] for item in looks.gaps()] == [look.action]


@pytest.mark.parametrize("code, tries", [("Throttling", 5), ("InvalidParameterValue", 1)])
def test_no_answer_at_all_is_not_taken_for_one(code, tries):
    aws = FakeAws({"ec2.describe_subnets": refusal(code, "why")})
    looks = looks_at(aws)
    assert there(aws, SUBNETS[0], looks=looks) == [None]
    gap = {"action": "ec2:DescribeSubnets", "message": "why", "denied": False, "about": ["subnet-0"]}
    assert looks.gaps() == [gap] and len(aws.calls) == tries


def test_ended_credentials_come_through():
    with pytest.raises(errors.AwsCallError, match="ExpiredToken"):
        expired = refusal("ExpiredToken")
        there(FakeAws({"ec2.describe_subnets": expired, "sts.get_caller_identity": expired}), SUBNETS[0])


@pytest.mark.parametrize(
    "error", [refusal("AccessDeniedException"), refusal("Gone", status=500), EndpointConnectionError(endpoint_url="x")]
)
def test_a_service_that_has_ended_is_asked_once_and_is_no_gap(error):
    aws = FakeAws({"appmesh.list_meshes": error})
    looks = looks_at(aws)
    lookups = Lookups(looks)
    assert lookups.there([Resource("AWS::AppMesh::Mesh", MESH)]) == {Resource("AWS::AppMesh::Mesh", MESH): None}
    node = Resource("AWS::AppMesh::VirtualNode", f"{MESH}/virtualNode/n")
    assert lookups.there([node]) == {node: None}
    assert len(aws.calls) == 1 and looks.gaps() == []


def test_of_a_mesh_that_is_gone_nothing_else_is_asked():
    aws = FakeAws({"appmesh.list_meshes": {"meshes": []}})
    parts = [Resource(f"AWS::AppMesh::{kind}", IDS[f"AWS::AppMesh::{kind}"]) for kind in ("Route", "Mesh")]
    assert there(aws, *parts) == [False, False] and len(aws.calls) == 1


def test_what_is_in_a_mesh_is_listed_where_it_is():
    routes = [f"{MESH}/virtualRouter/{router}/route/t" for router in ("r", "s")]
    aws = FakeAws(
        {
            "appmesh.list_meshes": {"meshes": [{"arn": MESH}]},
            "appmesh.list_routes": lambda **asked: {"routes": [{"arn": routes[0]}]},
        }
    )
    assert there(aws, *(Resource("AWS::AppMesh::Route", arn) for arn in routes)) == [True, False]
    assert {"meshName": "m", "virtualRouterName": "s"} in aws.asked("appmesh.list_routes")


@pytest.mark.parametrize(
    "service, path, kind, physical_id",
    [
        ("appmesh", "mesh/m", "AWS::AppMesh::Mesh", None),
        ("appmesh", "mesh/m/virtualRouter/r/route/t", "AWS::AppMesh::Route", None),
        ("dynamodb", "table/shop", "AWS::DynamoDB::Table", "shop"),
        ("ec2", "subnet/subnet-1", "AWS::EC2::Subnet", "subnet-1"),
        ("ec2", "vpc-flow-log/fl-1", "AWS::EC2::FlowLog", "fl-1"),
        ("ecs", "cluster/shop", "AWS::ECS::Cluster", "shop"),
        ("ecs", "service/shop/web", "AWS::ECS::Service", None),
        ("ecs", "task-definition/web:1", "AWS::ECS::TaskDefinition", None),
        ("elasticloadbalancing", "listener/app/shop/1/2", "AWS::ElasticLoadBalancingV2::Listener", None),
        ("elasticloadbalancing", "loadbalancer/app/shop/1", "AWS::ElasticLoadBalancingV2::LoadBalancer", None),
        ("elasticloadbalancing", "loadbalancer/shop", "AWS::ElasticLoadBalancing::LoadBalancer", "shop"),
        ("iam", "role/path/shop", "AWS::IAM::Role", "shop"),
        ("logs", "log-group:/shop/a", "AWS::Logs::LogGroup", "/shop/a"),
        ("logs", "log-group:shop:*", "AWS::Logs::LogGroup", "shop"),
        ("servicediscovery", "namespace/ns-1", "AWS::ServiceDiscovery::PrivateDnsNamespace", "ns-1"),
        ("servicediscovery", "service/srv-1", "AWS::ServiceDiscovery::Service", "srv-1"),
        ("ec2", "volume/vol-1", "AWS::EC2::Volume", "vol-1"),
        ("mq", "broker:shop:b-1", "mq:broker", None),
        ("rds", "cluster-snapshot:shop", "db_cluster_snapshot", "shop"),
        ("rds", "snapshot:rds:shop-2026-10-01", "db_snapshot", "rds:shop-2026-10-01"),
        ("secretsmanager", "secret:shop-a1b2c3", "AWS::SecretsManager::Secret", None),
        ("sns", "topic", "AWS::SNS::Topic", None),
        ("sqs", "queue", "sqs:queue", None),
        ("ssm", "parameter/note", "AWS::SSM::Parameter", "note"),
        ("ssm", "parameter/shop/a", "AWS::SSM::Parameter", "/shop/a"),
    ],
)
def test_resources_by_their_arns(service, path, kind, physical_id):
    arn = ARN.format(service, path)
    assert resource_at(arn) == Resource(kind, physical_id or arn)


@pytest.mark.parametrize(
    "kind, physical_id, line",
    [
        ("AWS::EC2::Subnet", "subnet-1", "aws ec2 delete-subnet --subnet-id subnet-1 --region eu-central-1"),
        (
            "AWS::AppMesh::Route",
            f"{MESH}/virtualRouter/r/route/t",
            "aws appmesh delete-route --mesh-name m --virtual-router-name r --route-name t --region eu-central-1",
        ),
        (
            "AWS::ECS::Service",
            ARN.format("ecs", "service/shop/web"),
            "aws ecs delete-service --force --cluster shop --service "
            "arn:aws:ecs:eu-central-1:123456789012:service/shop/web --region eu-central-1",
        ),
        (
            "AWS::Logs::LogGroup",
            "it's",
            "aws logs delete-log-group --log-group-name 'it'\"'\"'s' --region eu-central-1",
        ),
        ("AWS::IAM::Policy", "x", ""),
        ("AWS::EC2::Subnet", "", ""),
    ],
)
def test_how_a_person_removes_it(kind, physical_id, line):
    assert how_to_remove(Resource(kind, physical_id), "eu-central-1") == line


@pytest.mark.parametrize(
    "item, line",
    [
        (Leftover("cloud_map_instance", "web/i", "i", "srv-1"),
         "aws servicediscovery deregister-instance --service-id srv-1 --instance-id i"),
        (Leftover("log_group", "x", "x"), "aws logs delete-log-group --log-group-name x"),
        (Leftover("ssm_parameter", "/x", "/x"), "aws ssm delete-parameter --name /x"),
        (Leftover("task_definition", "x:1", "arn:x:1"), "aws ecs delete-task-definitions --task-definitions arn:x:1"),
        (Leftover("xray_group", "x", "x"), "aws xray delete-group --group-name x"),
        (Leftover("xray_sampling_rule", "x", "x"), "aws xray delete-sampling-rule --rule-name x"),
        (Leftover("alarm", "shop/x", "shop/x"), "aws cloudwatch delete-alarms --alarm-names shop/x"),
    ],
)  # fmt: skip
def test_how_a_person_removes_a_leftover(item, line):
    assert how_to_remove(resource_of(item), "") == line


def test_what_a_stack_had_of_x_ray_is_known_by_its_arn():
    group = resource_at(ARN.format("xray", "group/shop/ABC"))
    assert group.type == "AWS::XRay::Group"
    assert how_to_remove(group, "") == f"aws xray delete-group --group-arn {group.physical_id}"
    aws = FakeAws({"xray.get_groups": {"Groups": [{"GroupName": "shop", "GroupARN": group.physical_id}]}})
    by_name = Resource("AWS::XRay::Group", "shop")
    other = Resource("AWS::XRay::Group", "sho")
    assert there(aws, group, by_name, other) == [True, True, False]


@pytest.mark.parametrize("state", ["PendingDeletion", "PendingReplicaDeletion", "Enabled", "Disabled"])
def test_a_key_that_is_to_be_deleted_is_gone_and_its_day_is_known(state):
    day = datetime.datetime(2026, 12, 26, 12, tzinfo=datetime.timezone.utc)
    date = {"DeletionDate": day} if state == "PendingDeletion" else {}
    key = Resource("AWS::KMS::Key", "1234")
    with Looks(FakeAws({"kms.describe_key": {"KeyMetadata": {"KeyState": state, **date}}})) as looks:
        lookups = Lookups(looks)
        assert lookups.there([key]) == {key: not state.startswith("Pending")} and not looks.gaps()
    assert lookups.ends == ({key: "2026-12-26"} if date else {})


@pytest.mark.parametrize(
    ("kind", "call", "absent", "other"),
    [
        ("AWS::Athena::WorkGroup", "athena.get_work_group", "WorkGroup x is not found.", "WorkGroup name is too long"),
        ("AWS::EMR::Cluster", "emr.describe_cluster", "Cluster id 'x' is not valid.", "Instance fleets are exclusive"),
    ],
)
def test_a_code_that_stands_for_all_sorts_of_things_says_gone_only_with_the_words_for_that(kind, call, absent, other):
    item = Resource(kind, "x")
    for words, there, gaps in ((absent, False, 0), (other, None, 1)):
        aws = FakeAws({call: refusal("InvalidRequestException", words)})
        with Looks(aws, lambda seconds: None) as looks:
            assert Lookups(looks).there([item]) == {item: there} and len(looks.gaps()) == gaps
            assert not is_protected(looks, item) and len(looks.gaps()) == gaps
