# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ecs import ended_tasks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
TASK = "0123456789abcdef0123456789abcdef"
GONE = "fedcba9876543210fedcba9876543210"


def find(kind, aws, *where):
    """What the row of a kind finds, from the values of its options."""
    return KINDS[kind].leftover.find(Looks(aws), *where)


def names(found):
    return sorted(item.name for item in found)


def test_log_groups_by_name_and_by_prefix():
    there = ["shop-logs", "shop-logs-of-others", "/shop/a", "/shop/b"]

    def describe(logGroupNamePrefix):
        groups = [name for name in there if name.startswith(logGroupNamePrefix)]
        return {"logGroups": [{"logGroupName": name, "retentionInDays": 1} for name in groups]}

    found = find("log_group", FakeAws({"logs.describe_log_groups": describe}), ["shop-logs"], ["/shop/", "/shop/a"])
    assert names(found) == ["/shop/a", "/shop/b", "shop-logs"]
    assert found[0].owned_as == found[0].id == found[0].name
    assert found[0].details == {"retention_in_days": 1, "stored_bytes": 0}


@pytest.mark.parametrize(
    ("wanted", "asked"), [(["shop-flow", "shop-logs"], ["shop-"]), (["shop-flow", "b"], ["shop-flow", "b"]), ([], [])]
)
def test_names_that_begin_alike_are_looked_for_in_one_listing(wanted, asked):
    there = ["shop-flow", "shop-logs", "shop-logs-of-others", "b", "bb"]

    def describe(logGroupNamePrefix):
        return {"logGroups": [{"logGroupName": name} for name in there if name.startswith(logGroupNamePrefix)]}

    aws = FakeAws({"logs.describe_log_groups": describe})
    assert names(find("log_group", aws, wanted, [])) == sorted(wanted)
    assert [call["logGroupNamePrefix"] for call in aws.asked("logs.describe_log_groups")] == asked


def test_xray_by_exact_names():
    groups = [{"GroupName": name, "GroupARN": f"arn:{name}"} for name in ("shop", "shop2")]
    rules = [{"SamplingRule": {"RuleName": name, "RuleARN": f"arn:{name}"}} for name in ("shop", "Default")]
    aws = FakeAws({"xray.get_groups": {"Groups": groups}, "xray.get_sampling_rules": {"SamplingRuleRecords": rules}})
    assert [(item.id, item.owned_as) for item in find("xray_group", aws, "shop")] == [("shop", "arn:shop")]
    assert [(item.id, item.owned_as) for item in find("xray_sampling_rule", aws, ["shop"])] == [("shop", "arn:shop")]


def test_inactive_task_definitions_of_exact_families():
    arns = [f"arn:aws:ecs:eu-central-1:1:task-definition/{name}" for name in ("web:1", "web:2", "web-2:1")]
    aws = FakeAws({"ecs.list_task_definitions": {"taskDefinitionArns": arns}})
    found = find("task_definition", aws, ["web"])
    assert [(item.name, item.id) for item in found] == [("web:1", arns[0]), ("web:2", arns[1])]
    assert aws.calls == [("ecs.list_task_definitions", {"familyPrefix": "web", "status": "INACTIVE"})]


def test_parameters_below_a_path():
    rows = [{"Name": "/shop/a", "Type": "SecureString", "LastModifiedDate": NOON}]
    aws = FakeAws({"ssm.describe_parameters": {"Parameters": rows}})
    (found,) = find("ssm_parameter", aws, "/shop/")
    assert found.details == {"type": "SecureString", "last_modified": "2026-01-01T12:00:00+00:00"}
    filters = [{"Key": "Path", "Option": "Recursive", "Values": ["/shop"]}]
    assert aws.asked("ssm.describe_parameters") == [{"ParameterFilters": filters}]


def test_instances_whose_task_is_gone():
    services = [{"Id": "srv-0", "Name": "empty", "InstanceCount": 0}, {"Id": "srv-1", "Name": "web"}]
    instances = [
        {"Id": TASK, "Attributes": {"ECS_CLUSTER_NAME": "shop"}},
        {"Id": GONE, "Attributes": {"ECS_CLUSTER_NAME": "shop"}},
        {"Id": "a" * 32, "Attributes": {"ECS_CLUSTER_NAME": "other"}},
        {"Id": "by-hand"},
    ]
    aws = FakeAws(
        {
            "servicediscovery.list_namespaces": {"Namespaces": [{"Id": "ns-1"}]},
            "servicediscovery.list_services": {"Services": services},
            "servicediscovery.list_instances": {"Instances": instances},
            "ecs.describe_tasks": {
                "tasks": [{"taskArn": f"arn:task/shop/{TASK}", "lastStatus": "RUNNING"}],
                "failures": [{"arn": f"arn:task/{GONE}", "reason": "MISSING"}],
            },
        }
    )
    (found,) = find("cloud_map_instance", aws, "shop.local", "shop")
    assert (found.name, found.id, found.service_id) == (f"web/{GONE}", GONE, "srv-1")
    assert found.details == {"service": "web", "namespace": "shop.local"}
    assert aws.asked("servicediscovery.list_namespaces")[0]["Filters"][0]["Values"] == ["shop.local"]
    assert aws.asked("servicediscovery.list_services")[0]["Filters"][0]["Values"] == ["ns-1"]
    assert aws.asked("servicediscovery.list_instances") == [{"ServiceId": "srv-1"}]
    assert aws.asked("ecs.describe_tasks") == [{"cluster": "shop", "tasks": [GONE, TASK][::-1]}]


def test_without_a_namespace_no_instance_is_looked_for():
    assert find("cloud_map_instance", FakeAws({}), "", "shop") == []


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


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_where_a_kind_is_looked_for_is_an_option(kind):
    assert set(KINDS[kind].leftover.options) <= set(SCOPE_SPEC) & set(Scope.__dataclass_fields__)
