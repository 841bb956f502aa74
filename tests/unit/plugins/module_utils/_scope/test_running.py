# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many tasks and instances run, with an AWS that answers what a test says."""

from __future__ import annotations

from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.running import RunningLook
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource

from ...fake_aws import FakeAws, refusal
from ..made_stacks import arn


def own(*resources: tuple[str, str]) -> list[StackResource]:
    return [StackResource("It", name, f"AWS::{kind}", "CREATE_COMPLETE") for kind, name in resources]


def service(name: str, cluster: str = "shop") -> str:
    return arn("ecs", f"service/{cluster}/{name}")


def take(answers: dict[str, Any], *owned: list[StackResource]) -> tuple[list[Any], list[str], FakeAws]:
    aws = FakeAws(answers)
    with Looks(aws, sleep=lambda seconds: None) as looks:
        return RunningLook(looks).take(owned), [gap["action"] for gap in looks.gaps()], aws


def ecs(services: dict[str, int], **clusters: int) -> dict[str, Any]:
    def described(cluster: str, services: list[str]) -> dict[str, Any]:
        rows = [
            {"serviceArn": item, "clusterArn": arn("ecs", f"cluster/{cluster}"), "runningCount": counts[item]}
            for item in services
            if item in counts
        ]
        return {"services": rows}

    counts = services
    rows = [{"clusterName": name, "runningTasksCount": number} for name, number in clusters.items()]
    return {"ecs.describe_services": described, "ecs.describe_clusters": {"clusters": rows}}


def test_tasks_are_of_who_owns_the_service_and_the_others_of_who_owns_the_cluster() -> None:
    first = own(("ECS::Cluster", "shop"), ("ECS::Service", service("web")))
    answers = ecs({service("web"): 2, service("jobs"): 3}, shop=9)
    more = [own(("ECS::Service", service(name))) for name in ("jobs", "gone")]
    found, gaps, _aws = take(answers, first, *more, [])
    assert found == [{"tasks": 6}, {"tasks": 3}, {"tasks": 0}, {}] and gaps == []


def test_a_call_for_ten_services() -> None:
    names = [service(f"s{number}") for number in range(25)]
    found, _gaps, aws = take(ecs(dict.fromkeys(names, 1)), own(*(("ECS::Service", name) for name in names)))
    assert found == [{"tasks": 25}] and len(aws.calls) == 3


def test_instances_are_known_by_their_ids_and_by_the_tags_of_their_groups() -> None:
    def instance(number: int, **tags: str) -> dict[str, Any]:
        given = [{"Key": key.replace("_", ":", 1).replace("_", "-"), "Value": value} for key, value in tags.items()]
        return {"InstanceId": f"i-{number}", "Tags": given}

    group = {"Key": "aws:autoscaling:groupName", "Value": "shop-group"}
    running = [
        instance(1),
        {"InstanceId": "i-2", "Tags": [group]},
        {"InstanceId": "i-3", "Tags": [group]},
        instance(4, eks_cluster_name="kube", eks_nodegroup_name="nodes"),
        instance(5, eks_cluster_name="other", eks_nodegroup_name="nodes"),
        {"InstanceId": "i-6"},
    ]
    answers = {"ec2.describe_instances": {"Reservations": [{"Instances": running}]}}
    found, gaps, aws = take(
        answers,
        own(("EC2::Instance", "i-1"), ("EC2::Instance", "i-9"), ("AutoScaling::AutoScalingGroup", "shop-group")),
        own(("EKS::Nodegroup", "kube/nodes")),
        own(("S3::Bucket", "i-6")),
    )
    assert found == [{"instances": 3}, {"instances": 1}, {}] and gaps == []
    (filters,) = aws.asked("ec2.describe_instances")
    assert filters == {"Filters": [{"Name": "instance-state-name", "Values": ["pending", "running"]}]}


def test_what_may_not_be_looked_at_is_not_known() -> None:
    denied = refusal("AccessDenied")
    answers = {"ecs.describe_services": denied, "ecs.describe_clusters": denied, "ec2.describe_instances": denied}
    found, gaps, _aws = take(answers, own(("ECS::Service", service("web"))), own(("EC2::Instance", "i-1")), [])
    assert found == [{"tasks": None}, {"instances": None}, {}]
    assert gaps == ["ec2:DescribeInstances", "ecs:DescribeServices"]


def test_nothing_is_asked_where_nothing_can_run() -> None:
    found, gaps, aws = take({}, own(("S3::Bucket", "notes")))
    assert found == [{}] and gaps == [] and aws.calls == []
