# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import CloudMap
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import task_instances
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
ENDED_WITH = "servicediscovery:DeregisterInstance ended with"


@pytest.fixture
def cloud_map():
    client = boto3.client("servicediscovery", **KEYS)
    with Stubber(client) as stub:
        yield CloudMap(client), stub
        stub.assert_no_pending_responses()


def test_instances_and_their_cluster(cloud_map):
    calls, stub = cloud_map
    instances = [{"Id": "b", "Attributes": {"ECS_CLUSTER_NAME": "shop"}}, {"Id": "a"}]
    stub.add_response("list_instances", {"Instances": instances}, {"ServiceId": "srv-1"})
    assert calls.instances("srv-1") == [("a", ""), ("b", "shop")]


def test_tasks_of_other_clusters_and_what_is_no_task_are_none_of_ours():
    ours, unknown = "a" * 32, "01234567-89ab-cdef-0123-456789abcdef"
    instances = [(ours, "shop"), (unknown, ""), ("b" * 32, "other"), ("by-hand", "")]
    assert task_instances(instances, "arn:aws:ecs:eu-central-1:1:cluster/shop") == [ours, unknown]


def test_an_operation_begins(cloud_map):
    calls, stub = cloud_map
    stub.add_response("deregister_instance", {"OperationId": "op"}, {"ServiceId": "srv-1", "InstanceId": "i"})
    assert calls.deregister("srv-1", "i") == "op"


def test_one_that_goes_on_already_is_as_good(cloud_map):
    calls, stub = cloud_map
    stub.add_client_error("deregister_instance", "DuplicateRequest")
    assert calls.deregister("srv-1", "i") == ""


def test_a_refusal_comes_through(cloud_map):
    calls, stub = cloud_map
    stub.add_client_error("deregister_instance", "ResourceInUse")
    with pytest.raises(errors.AwsCallError, match="ResourceInUse"):
        calls.deregister("srv-1", "i")


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        ({"Status": "PENDING"}, None),
        ({"Status": "SUCCESS"}, Outcome("removed")),
        (
            {"Status": "FAIL", "ErrorCode": "ACCESS_DENIED", "ErrorMessage": "no"},
            Outcome("failed", f"{ENDED_WITH} ACCESS_DENIED: no"),
        ),
        ({"Status": "FAIL"}, Outcome("failed", f"{ENDED_WITH} FAIL")),
    ],
)
def test_how_an_operation_stands(cloud_map, operation, outcome):
    calls, stub = cloud_map
    stub.add_response("get_operation", {"Operation": operation}, {"OperationId": "op"})
    assert calls.operation("op") == outcome
