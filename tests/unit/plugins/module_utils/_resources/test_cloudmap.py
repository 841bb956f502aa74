# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import CloudMap
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import Instance
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import task_instances
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome

ACCOUNT = "123456789012"
KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
ENDED_WITH = "servicediscovery:DeregisterInstance ended with"


@pytest.fixture
def cloud_map():
    client = boto3.client("servicediscovery", **KEYS)
    with Stubber(client) as stub:
        yield CloudMap(client), stub
        stub.assert_no_pending_responses()


def test_instances_and_whose_they_are(cloud_map):
    """Before botocore 1.40.10 nobody is told which account made an instance."""
    calls, stub = cloud_map
    model = boto3.client("servicediscovery", **KEYS).meta.service_model
    told = "CreatedByAccount" in model.shape_for("InstanceSummary").members
    by_ecs = {"ECS_CLUSTER_NAME": "shop", "REGION": "eu-central-1"}
    instances = [{"Id": "b", "Attributes": by_ecs, **({"CreatedByAccount": ACCOUNT} if told else {})}, {"Id": "a"}]
    stub.add_response("list_instances", {"Instances": instances}, {"ServiceId": "srv-1"})
    assert calls.instances("srv-1") == [Instance("a"), Instance("b", "shop", "eu-central-1", ACCOUNT if told else None)]


TASK, OLD_TASK = "a" * 32, "01234567-89ab-cdef-0123-456789abcdef"
CLUSTER = f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/shop"


@pytest.mark.parametrize(
    ("instance", "is_ours"),
    [
        (Instance(TASK, "shop", "eu-central-1", ACCOUNT), True),
        (Instance(OLD_TASK, "shop", "eu-central-1", ACCOUNT), True),
        (Instance(TASK, "shop", "eu-central-1", "210987654321"), False),
        (Instance(TASK, "shop", "us-east-1", ACCOUNT), False),
        (Instance(TASK, "other", "eu-central-1", ACCOUNT), False),
        (Instance(TASK, "", "", ACCOUNT), False),
        (Instance("by-hand", "shop", "eu-central-1", ACCOUNT), False),
    ],
)
def test_a_task_is_ours_by_cluster_region_and_account(instance, is_ours):
    assert bool(task_instances([instance], CLUSTER, trusted=True)) is is_ours
    assert bool(task_instances([instance], CLUSTER, trusted=False)) is is_ours


def test_where_nobody_tells_the_account_it_depends_on_the_namespace():
    untold = [Instance(TASK, "shop", "eu-central-1")]
    assert task_instances(untold, CLUSTER, trusted=True) == [TASK]
    assert task_instances(untold, CLUSTER, trusted=False) == [] == task_instances(untold, "", trusted=True)


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
