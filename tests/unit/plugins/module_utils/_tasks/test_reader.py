# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.reader import TaskReader

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}


@pytest.fixture
def ecs():
    client = boto3.client("ecs", **KEYS)
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def test_services_in_tens(ecs):
    client, stub = ecs
    names = [f"s{number}" for number in range(13)]
    for batch in (names[:10], names[10:]):
        services = [{"serviceName": name, "status": "ACTIVE", "desiredCount": 1} for name in batch]
        stub.add_response("describe_services", {"services": services}, {"cluster": "shop", "services": batch})
    assert [item.name for item in TaskReader(client, "shop").services(names)] == names


def test_cloud_map_services_of_a_service(ecs):
    client, stub = ecs
    registries = [{"registryArn": "arn:aws:servicediscovery:eu-central-1:1:service/srv-abc"}]
    service = {"serviceName": "a", "status": "DRAINING", "serviceRegistries": registries}
    stub.add_response("describe_services", {"services": [service]})
    assert TaskReader(client, "shop").services(["a"])[0].registries == ("srv-abc",)


def test_every_page_of_tasks(ecs):
    client, stub = ecs
    stub.add_response(
        "list_tasks", {"taskArns": ["a"], "nextToken": "more"}, {"cluster": "shop", "desiredStatus": "STOPPED"}
    )
    stub.add_response(
        "list_tasks", {"taskArns": ["b"]}, {"cluster": "shop", "desiredStatus": "STOPPED", "nextToken": "more"}
    )
    assert TaskReader(client, "shop").task_arns("STOPPED") == ["a", "b"]


def test_every_page_of_services(ecs):
    client, stub = ecs
    stub.add_response("list_services", {"serviceArns": ["arn:x/shop/b"], "nextToken": "more"})
    stub.add_response("list_services", {"serviceArns": ["arn:x/shop/a"]})
    assert TaskReader(client, "shop").service_names() == ["a", "b"]


def test_tasks_in_hundreds_and_those_that_vanished(ecs):
    client, stub = ecs
    arns = [f"arn:task/shop/{number}" for number in range(101)]
    found = [{"taskArn": arn, "lastStatus": "RUNNING", "group": "service:a"} for arn in arns[:100]]
    stub.add_response("describe_tasks", {"tasks": found}, {"cluster": "shop", "tasks": arns[:100]})
    stub.add_response("describe_tasks", {"tasks": [], "failures": [{"arn": arns[100], "reason": "MISSING"}]})
    views, missing = TaskReader(client, "shop").tasks(arns)
    assert len(views) == 100 and missing == arns[100:]


def test_scaling_sends_the_count_alone(ecs):
    client, stub = ecs
    stub.add_response("update_service", {}, {"cluster": "shop", "service": "a", "desiredCount": 0})
    TaskReader(client, "shop").scale_to_zero("a")


def test_a_missing_cluster_has_a_kind_of_its_own(ecs):
    client, stub = ecs
    stub.add_client_error("list_tasks", "ClusterNotFoundException", "Cluster not found.", 400)
    with pytest.raises(errors.AwsCallError) as caught:
        TaskReader(client, "shop").task_arns("RUNNING")
    assert caught.value.kind == errors.MISSING
