# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ecs import clusters_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ecs import ended_tasks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Place
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.written import WRITERS
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
TASK = "0123456789abcdef0123456789abcdef"
GONE = "fedcba9876543210fedcba9876543210"


PLACE = Place("aws", "eu-central-1", "123456789012")
CLUSTER = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop"


def holding(type_name, *ids):
    """What stacks own or had."""
    return {Resource(f"AWS::{type_name}", name): "shop-web" for name in ids}


def find(kind, aws, **ours):
    """What the row of a kind finds of such a workshop."""
    return KINDS[kind].leftover.find(Looks(aws), Ours(place=PLACE, **ours))


def names(found):
    return sorted(item.name for item in found)


def test_log_groups_that_stacks_had_and_those_of_clusters():
    insights = [f"/aws/{word}/containerinsights/shop/x" for word in ("ecs", "events/ecs")]
    there = ["shop-logs", "shop-logs-of-others", "shop-live", "/aws/ecs/containerinsights/shop2/x", *insights]

    def describe(logGroupNamePrefix):
        groups = [name for name in there if name.startswith(logGroupNamePrefix)]
        return {"logGroups": [{"logGroupName": name, "retentionInDays": 1} for name in groups]}

    found = find(
        "log_group",
        FakeAws({"logs.describe_log_groups": describe}),
        had=holding("Logs::LogGroup", "shop-logs"),
        owned=holding("Logs::LogGroup", "shop-live"),
        clusters=("shop",),
    )
    assert names(found) == [*insights, "shop-logs"]
    assert found[0].owned_as == found[0].id == found[0].name
    assert found[0].details == {"retention_in_days": 1, "stored_bytes": 0}


API_LOGS = "API-Gateway-Execution-Logs"
APP = "arn:aws:apprunner:eu-central-1:123456789012:service/shop-app/8fe1e10304f84fd2b0df550fe98a71fa"
WRITTEN = {
    ("ApiGateway::RestApi", "a1b2c3"): (f"{API_LOGS}_a1b2c3/prod", f"{API_LOGS}_a1b2c34/prod"),
    ("ApiGatewayV2::Api", "abc"): ("/aws/apigateway/abc/prod", "/aws/apigateway/welcome"),
    ("AppRunner::Service", APP): (f"/aws/apprunner/{APP[52:]}/service", "/aws/apprunner/shop-app/x/service"),
    ("AppSync::GraphQLApi", "arn:aws:appsync:r:1:apis/xy"): ("/aws/appsync/apis/xy", "/aws/appsync/apis/xyz"),
    ("CodeBuild::Project", "build"): ("/aws/codebuild/build", "/aws/codebuild/build-2"),
    ("DocDB::DBCluster", "docs"): ("/aws/docdb/docs/audit", "/aws/docdb/docs2/audit"),
    ("EKS::Cluster", "shop"): ("/aws/eks/shop/cluster", "/aws/eks/shop2/cluster"),
    ("KinesisFirehose::DeliveryStream", "shop"): ("/aws/kinesisfirehose/shop", "/aws/kinesisfirehose/shop-2"),
    ("Lambda::Function", "fn"): ("/aws/lambda/us-east-1.fn", "/aws/lambda/fn2"),
    ("Neptune::DBCluster", "graph"): ("/aws/neptune/graph/audit", "/aws/neptune/graph2/audit"),
    ("RDS::DBCluster", "db"): ("/aws/rds/cluster/db/error", "/aws/rds/cluster/db2/error"),
    ("RDS::DBInstance", "db"): ("/aws/rds/instance/db/error", "/aws/rds/cluster/db/error"),
    ("Transfer::Server", "arn:aws:transfer:r:1:server/s-1"): ("/aws/transfer/s-1", "/aws/transfer/s-12"),
}


def groups(*rows):
    """An account with these log groups: name and milliseconds after the stack was made."""
    made = {name: int(NOON.timestamp() * 1000) + after for name, after in rows}

    def describe(logGroupNamePrefix):
        return {"logGroups": [
            {"logGroupName": name, "creationTime": when} for name, when in made.items()
            if name.startswith(logGroupNamePrefix)
        ]}  # fmt: skip

    return FakeAws({"logs.describe_log_groups": describe})


@pytest.mark.parametrize(("writer", "there"), WRITTEN.items(), ids=[kind for kind, _id in WRITTEN])
def test_groups_that_aws_writes_for_what_stacks_had(writer, there):
    aws = groups(*((name, 1) for name in there))
    mine = Resource(f"AWS::{writer[0]}", writer[1])
    (found,) = find("log_group", aws, writers={mine: NOON.isoformat()})
    assert (found.name, found.owned_as, found.kept) == (there[0], there[0], "")
    assert found.details["of"] == f"{mine.type} {mine.physical_id}"


def test_every_type_that_aws_writes_for_has_its_test():
    assert WRITERS == {f"AWS::{kind}" for kind, _id in WRITTEN}


@pytest.mark.parametrize(
    ("since", "after", "kept"),
    [(NOON.isoformat(), 0, ""), (NOON.isoformat(), -1, "older than the stack"), ("", 1, "Nobody knows")],
)
def test_a_group_that_is_older_than_the_stack_is_kept(since, after, kept):
    aws = groups(("/aws/lambda/fn", after))
    (found,) = find("log_group", aws, writers={Resource("AWS::Lambda::Function", "fn"): since})
    assert kept in found.kept and bool(found.kept) == bool(kept)


def test_a_group_that_a_stack_had_itself_is_not_kept_for_its_age():
    aws = groups(("/aws/lambda/fn", -1))
    had = holding("Logs::LogGroup", "/aws/lambda/fn")
    (found,) = find("log_group", aws, had=had, writers={Resource("AWS::Lambda::Function", "fn"): NOON.isoformat()})
    assert found.kept == ""


@pytest.mark.parametrize(
    ("functions", "asked"),
    [
        (["shop-a", "shop-b"], ["/aws/lambda/shop-", "/aws/lambda/us-east-1.shop-"]),
        (["a", "b"], ["/aws/lambda/a", "/aws/lambda/b", "/aws/lambda/us-east-1.a", "/aws/lambda/us-east-1.b"]),
    ],
)
def test_groups_of_functions_are_not_looked_for_among_all_functions_groups(functions, asked):
    aws = groups()
    find("log_group", aws, writers={Resource("AWS::Lambda::Function", name): "" for name in functions})
    assert sorted(arguments["logGroupNamePrefix"] for _name, arguments in aws.calls) == asked


@pytest.mark.parametrize(
    ("wanted", "asked"), [(["shop-flow", "shop-logs"], ["shop-"]), (["shop-flow", "b"], ["shop-flow", "b"]), ([], [])]
)
def test_names_that_begin_alike_are_looked_for_in_one_listing(wanted, asked):
    there = ["shop-flow", "shop-logs", "shop-logs-of-others", "b", "bb"]

    def describe(logGroupNamePrefix):
        return {"logGroups": [{"logGroupName": name} for name in there if name.startswith(logGroupNamePrefix)]}

    aws = FakeAws({"logs.describe_log_groups": describe})
    assert names(find("log_group", aws, had=holding("Logs::LogGroup", *wanted))) == sorted(wanted)
    assert [call["logGroupNamePrefix"] for call in aws.asked("logs.describe_log_groups")] == asked


def test_xray_by_exact_names():
    groups = [{"GroupName": name, "GroupARN": f"arn:{name}"} for name in ("shop", "shop2", "shop-faults")]
    rules = [{"SamplingRule": {"RuleName": name, "RuleARN": f"arn:{name}"}} for name in ("shop", "Default")]
    mark = {"Key": "workshop-lifecycle:observes", "Value": "shop"}
    answers = {
        "xray.get_groups": {"Groups": groups},
        "xray.get_sampling_rules": {"SamplingRuleRecords": rules},
        "xray.list_tags_for_resource": {"Tags": [mark]},
    }
    aws = FakeAws(answers)
    assert [(item.id, item.owned_as) for item in find("xray_group", aws, xray_group="shop")] == [
        ("shop", "arn:shop"),
        ("shop-faults", "arn:shop-faults"),
    ]
    assert aws.asked("xray.list_tags_for_resource") == [{"ResourceARN": "arn:shop-faults"}]
    found = find("xray_sampling_rule", aws, xray_sampling_rules=("shop",))
    assert [(item.id, item.owned_as) for item in found] == [("shop", "arn:shop")]

    for tags in ([], [{**mark, "Value": "shop2"}], [{**mark, "Key": "team"}]):
        others = FakeAws({**answers, "xray.list_tags_for_resource": {"Tags": tags}})
        assert [item.id for item in find("xray_group", others, xray_group="shop")] == ["shop"], tags


def test_alarms_whose_names_begin_so():
    alarm = {"AlarmName": "shop/faults", "Namespace": "AWS/X-Ray", "MetricName": "ApproximateTraceCount"}
    aws = FakeAws({"cloudwatch.describe_alarms": {"MetricAlarms": [alarm]}})
    (found,) = find("alarm", aws, alarm_prefix="shop/")
    assert (found.id, found.owned_as) == ("shop/faults", "shop/faults")
    assert found.details == {"namespace": "AWS/X-Ray", "metric_name": "ApproximateTraceCount"}
    assert aws.asked("cloudwatch.describe_alarms") == [{"AlarmNamePrefix": "shop/"}]
    assert find("alarm", aws) == [], "without a prefix none is the workshop's"


def test_inactive_task_definitions_of_families_that_stacks_had():
    arns = [f"arn:aws:ecs:eu-central-1:1:task-definition/{name}" for name in ("web:1", "web:2", "web-2:1")]
    active = []
    answers = {"INACTIVE": arns, "ACTIVE": active}
    aws = FakeAws({"ecs.list_task_definitions": lambda familyPrefix, status: {"taskDefinitionArns": answers[status]}})
    found = find("task_definition", aws, had=holding("ECS::TaskDefinition", arns[0]))
    assert [(item.name, item.id) for item in found] == [("web:1", arns[0]), ("web:2", arns[1])]
    assert aws.asked("ecs.list_task_definitions") == [
        {"familyPrefix": "web", "status": status} for status in ("INACTIVE", "ACTIVE")
    ]
    active.append("arn:aws:ecs:eu-central-1:1:task-definition/web:3")
    found = find("task_definition", aws, had=holding("ECS::TaskDefinition", arns[0]))
    assert [item.name for item in found] == ["web:1"], "somebody else uses the family, too"


def test_parameters_below_a_path():
    rows = [{"Name": "/shop/a", "Type": "SecureString", "LastModifiedDate": NOON}]
    aws = FakeAws({"ssm.describe_parameters": {"Parameters": rows}})
    (found,) = find("ssm_parameter", aws, ssm_path="/shop/")
    assert found.details == {"type": "SecureString", "last_modified": "2026-01-01T12:00:00+00:00"}
    filters = [{"Key": "Path", "Option": "Recursive", "Values": ["/shop"]}]
    assert aws.asked("ssm.describe_parameters") == [{"ParameterFilters": filters}]


def registered(task, cluster="shop", account="123456789012"):
    return {
        "Id": task,
        "Attributes": {"ECS_CLUSTER_NAME": cluster, "REGION": "eu-central-1"},
        **({"CreatedByAccount": account} if account else {}),
    }


def cloud_map(*instances, services=None, inside=True):
    """An account in which one task runs. ``inside``: whether the services are in the namespace ns-1."""
    services = services or [{"Id": "srv-0", "Name": "empty", "InstanceCount": 0}, {"Id": "srv-1", "Name": "web"}]

    def listing(Filters=None):
        return {"Services": services if inside or not Filters else []}

    return FakeAws(
        {
            "servicediscovery.list_services": listing,
            "servicediscovery.list_instances": {"Instances": list(instances)},
            "ecs.describe_tasks": {
                "tasks": [{"taskArn": f"arn:task/shop/{TASK}", "lastStatus": "RUNNING"}],
                "failures": [{"arn": f"arn:task/{GONE}", "reason": "MISSING"}],
            },
        }
    )


NAMESPACE = holding("ServiceDiscovery::PrivateDnsNamespace", "ns-1")


def test_instances_whose_task_is_gone_in_a_namespace_of_ours():
    aws = cloud_map(registered(TASK), registered(GONE), registered("a" * 32, "other"), {"Id": "by-hand"})
    (found,) = find("cloud_map_instance", aws, owned=NAMESPACE, clusters=("shop",))
    assert (found.name, found.id, found.service_id) == (f"web/{GONE}", GONE, "srv-1")
    assert found.details == {"service": "web"}
    filters = [{"Name": "NAMESPACE_ID", "Values": ["ns-1"], "Condition": "EQ"}]
    assert aws.asked("servicediscovery.list_services") == [{"Filters": filters}]
    assert aws.asked("servicediscovery.list_instances") == [{"ServiceId": "srv-1"}]
    assert aws.asked("ecs.describe_tasks") == [{"cluster": CLUSTER, "tasks": [TASK, GONE]}]


def test_in_services_of_ours_wherever_they_are_and_in_no_others():
    services = [{"Id": "srv-1", "Name": "web"}, {"Id": "srv-9", "Name": "theirs"}]
    for how in ("owned", "had"):
        aws = cloud_map(registered(GONE), services=services, inside=False)
        ours = {how: holding("ServiceDiscovery::Service", "srv-1", "srv-gone")}
        (found,) = find("cloud_map_instance", aws, clusters=("shop",), **ours)
        assert found.service_id == "srv-1" and len(aws.asked("servicediscovery.list_instances")) == 1


@pytest.mark.parametrize(("account", "number"), [("123456789012", 1), ("210987654321", 0), (None, 1)])
def test_another_accounts_instance_is_never_ours(account, number):
    aws = cloud_map(registered(GONE, account=account))
    assert len(find("cloud_map_instance", aws, owned=NAMESPACE, clusters=("shop",))) == number


def test_where_the_account_is_not_told_only_in_a_namespace_of_ours():
    service = holding("ServiceDiscovery::Service", "srv-1")
    shared = [{"Id": "srv-1", "Name": "web", "ResourceOwner": "210987654321"}]
    for aws, owned in (
        (cloud_map(registered(GONE, account=None), inside=False), service),
        (cloud_map(registered(GONE, account=None), services=shared), {**service, **NAMESPACE}),
    ):
        assert find("cloud_map_instance", aws, owned=owned, clusters=("shop",)) == []


def test_without_a_cluster_or_a_service_no_instance_is_looked_for():
    assert find("cloud_map_instance", FakeAws({}), owned=NAMESPACE) == []
    assert find("cloud_map_instance", FakeAws({}), clusters=("shop",)) == []


def test_clusters_that_somebody_made_again_are_not_ours():
    rows = [{"clusterName": "again", "status": "ACTIVE"}, {"clusterName": "gone", "status": "INACTIVE"}]
    aws = FakeAws({"ecs.describe_clusters": {"clusters": rows}})
    assert clusters_of(Looks(aws), ["live"], ["again", "gone", "live", "missing"]) == ("live", "gone", "missing")
    assert aws.asked("ecs.describe_clusters") == [{"clusters": ["again", "gone", "missing"]}]
    assert clusters_of(Looks(FakeAws({})), ["live"], ["live"]) == ("live",)


def test_clusters_that_can_not_be_looked_at_may_be_somebodys():
    looks = Looks(FakeAws({"ecs.describe_clusters": refusal("AccessDenied")}))
    assert clusters_of(looks, ["live"], ["gone"]) == ("live",) and looks.gaps()


def test_a_missing_cluster_has_no_task():
    aws = FakeAws({"ecs.describe_tasks": refusal("ClusterNotFoundException")})
    assert ended_tasks(aws("ecs"), "shop", [TASK]) == {TASK}


def test_tasks_in_hundreds():
    ids = [f"{number:032x}" for number in range(101)]

    def describe(cluster, tasks):
        return {"tasks": [{"taskArn": f"arn:task/shop/{item}", "lastStatus": "STOPPED"} for item in tasks]}

    aws = FakeAws({"ecs.describe_tasks": describe})
    assert ended_tasks(aws("ecs"), "shop", ids) == set(ids)
    assert [len(asked["tasks"]) for asked in aws.asked("ecs.describe_tasks")] == [100, 1]


@pytest.mark.parametrize("kind", ["db_snapshot", "db_cluster_snapshot"])
def test_of_snapshots_of_databases_only_the_last_ones(kind):
    noun = "DBSnapshot" if kind == "db_snapshot" else "DBClusterSnapshot"
    names = ["shop-web-snapshot-db-1a2b3c", "shop-web-nested-5d-snapshot-db-1a", "shop-web2-snapshot-db-1", "by-hand",
             "snapshot-shop-web-db", "shop-web"]  # fmt: skip
    aws = FakeAws({f"rds.describe_{kind}s": {f"{noun}s": [{f"{noun}Identifier": name} for name in names]}})
    kinds = {"db_snapshot": "RDS::DBInstance", "db_cluster_snapshot": "Neptune::DBCluster"}
    found = find(kind, aws, had=holding(kinds[kind], "shop-db"), owned=holding("RDS::DBSubnetGroup", "shop-group"))
    assert [item.id for item in found] == names[:2] and found[0].owned_as == ""
    ((_call, arguments),) = aws.calls
    assert arguments == {f"{noun.removesuffix('Snapshot')}{'Instance' * (kind == 'db_snapshot')}Identifier": "shop-db",
                         "SnapshotType": "manual"}  # fmt: skip
