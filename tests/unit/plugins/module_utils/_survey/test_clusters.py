# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.clusters import Cluster
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.clusters import ClusterLook
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.clusters import clusters
from tests.unit.plugins.fake_aws import FakeAws, refusal

ARN = "arn:aws:ecs:eu-central-1:123456789012:{}"


def arn(name, cluster="shop"):
    return ARN.format(f"service/{cluster}/{name}")


def service(name, status="ACTIVE"):
    return {
        "serviceName": name, "serviceArn": arn(name), "status": status, "desiredCount": 2, "runningCount": 1,
        "pendingCount": 1,
    }  # fmt: skip


def cluster(listed=(), described=(), tasks=(), ended=(), **more):
    """A cluster. ``tasks``: their groups, each of which is the task's id; ``ended``: of those that were told to stop,
    which have."""

    def describe(cluster, services):
        wanted = {name.rsplit("/", 1)[-1] for name in services}
        return {"services": [item for item in described if item["serviceName"] in wanted]}

    def listing(cluster, desiredStatus, serviceName=None):
        groups = [group for group in tasks if serviceName in (None, group.partition(":")[2])]
        return {"taskArns": groups if desiredStatus == "RUNNING" else list(ended)}

    def describe_tasks(cluster, tasks):
        return {
            "tasks": [
                {"taskArn": group, "group": group, "lastStatus": "STOPPED" if group in ended else "RUNNING"}
                for group in reversed(tasks)
            ]
        }

    return FakeAws(
        {
            "ecs.list_services": {"serviceArns": [arn(name) for name in listed]},
            "ecs.describe_services": describe,
            "ecs.list_tasks": listing,
            "ecs.describe_tasks": describe_tasks,
            **more,
        }
    )


def look(aws, stack_name="shop-ecs", services=("web",)):
    looks = Looks(aws)
    of_stacks = {arn(name): f"shop-{name}" for name in services}
    rows, tasks = ClusterLook(looks, Cluster("shop", stack_name, of_stacks)).take()
    return rows, tasks, looks.gaps()


def whose(rows, key="name"):
    return {row[key]: row["stack_name"] for row in rows}


def test_which_clusters_matter():
    owned = {
        Resource("AWS::ECS::Cluster", "shop"): "shop-ecs",
        Resource("AWS::ECS::Service", arn("web")): "shop-web",
        Resource("AWS::ECS::Service", arn("guest", "shared")): "shop-guest",
        Resource("AWS::ECS::Service", ARN.format("service/short")): "shop-short",
    }
    assert clusters(Ours(owned)) == [
        Cluster("default", "", {ARN.format("service/short"): "shop-short"}),
        Cluster("shared", "", {arn("guest", "shared"): "shop-guest"}),
        Cluster("shop", "shop-ecs", {arn("web"): "shop-web", ARN.format("service/short"): "shop-short"}),
    ]


def test_services_of_our_cluster_and_whose_they_are():
    names = ["web", *(f"s{number:02}" for number in range(11))]
    aws = cluster(names, [service(name, "INACTIVE" if name == "s03" else "ACTIVE") for name in names])
    rows, _tasks, gaps = look(aws)
    assert [row["name"] for row in rows] == sorted(set(names) - {"s03"}) and not gaps
    assert rows[-1] == {
        "name": "web", "arn": arn("web"), "cluster": "shop", "status": "ACTIVE", "desired_count": 2,
        "running_count": 1, "pending_count": 1, "stack_name": "shop-web", "deployment": {
            "rolling": True, "minimum_healthy_percent": 100, "maximum_percent": 200,
            "circuit_breaker": False, "rollback": False,
        },
    }  # fmt: skip
    assert whose(rows)["s00"] is None
    assert sorted(len(asked["services"]) for asked in aws.asked("ecs.describe_services")) == [2, 10]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"schedulingStrategy": "DAEMON"}, None),
        ({"deploymentController": {"type": "CODE_DEPLOY"}}, None),
        (
            {"deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100}},
            (True, 0, 100, False, False),
        ),
        (
            {"deploymentConfiguration": {"strategy": "CANARY", "deploymentCircuitBreaker": {"enable": True}}},
            (False, 100, 200, True, False),
        ),
    ],
)
def test_how_new_versions_come_to_a_service(described, expected):
    rows, _tasks, _gaps = look(cluster(["web"], [{**service("web"), **described}]))
    shown = rows[0]["deployment"]
    assert (shown and tuple(shown.values())) == expected


def test_a_service_that_goes_is_not_listed_but_has_tasks():
    described = [service("web"), service("theirs", "DRAINING")]
    aws = cluster(["web"], described, ["service:theirs", "service:gone", "family:x"])
    rows, tasks, _gaps = look(aws)
    assert whose(rows) == {"theirs": None, "web": "shop-web"}
    assert whose(tasks, "group") == {"service:theirs": None, "service:gone": "shop-ecs", "family:x": "shop-ecs"}


def test_of_another_cluster_only_what_is_ours():
    aws = cluster(["web", "theirs"], [service("web"), service("theirs")], ["service:web", "service:theirs", "family:x"])
    rows, tasks, _gaps = look(aws, stack_name="")
    assert whose(rows) == {"web": "shop-web"} and whose(tasks, "group") == {"service:web": "shop-web"}
    assert not aws.asked("ecs.list_services")


def test_what_can_not_be_told_is_not_ours():
    for call in ("ecs.list_services", "ecs.describe_services"):
        aws = cluster(["web"], [service("web")], ["service:theirs", "family:x"], **{call: refusal("AccessDenied")})
        rows, tasks, gaps = look(aws)
        assert whose(tasks, "group") == {"service:theirs": None, "family:x": "shop-ecs"} and len(gaps) == 1
        assert whose(rows) == ({"web": "shop-web"} if call == "ecs.list_services" else {})


def test_a_cluster_that_is_gone_has_nothing():
    missing = refusal("ClusterNotFoundException")
    calls = ("ecs.list_services", "ecs.describe_services", "ecs.list_tasks")
    assert look(cluster(**dict.fromkeys(calls, missing))) == ([], [], [])


def test_tasks_that_are_told_to_stop_are_tasks_until_they_have():
    aws = cluster(tasks=["family:b", "family:a"], ended=["family:c"])
    _rows, tasks, _gaps = look(aws)
    assert tasks[0] == {
        "task_arn": "family:a", "group": "family:a", "last_status": "RUNNING", "desired_status": "RUNNING",
        "cluster": "shop", "stack_name": "shop-ecs",
    }  # fmt: skip
    assert [task["group"] for task in tasks] == ["family:a", "family:b"]
