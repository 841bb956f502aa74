# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: count of calls, faults of calls, reset, stop."""

from __future__ import annotations

import threading
import time

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.emulator import Emulator


def _error(function, **arguments):
    with pytest.raises(ClientError) as caught:
        function(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_calls_are_counted_by_action_in_every_protocol(emulator):
    emulator.client("cloudformation").list_stacks()
    emulator.client("ec2").describe_vpcs()
    emulator.client("ecs").list_clusters()
    emulator.client("ecs").list_clusters()
    emulator.client("appmesh").list_meshes()
    emulator.client("xray").get_trace_summaries(StartTime=0, EndTime=1)
    emulator.client("resourcegroupstaggingapi").get_resources()
    assert emulator.calls.by_action == {
        "ecs:ListClusters": 2,
        "cloudformation:ListStacks": 1,
        "ec2:DescribeVpcs": 1,
        "appmesh:ListMeshes": 1,
        "xray:GetTraceSummaries": 1,
        "tag:GetResources": 1,
    }
    assert emulator.calls.total == 7


def test_the_log_has_time_region_and_error_code(emulator):
    before = emulator.clock.now()
    _error(emulator.client("cloudformation", "us-west-2").describe_stacks, StackName="missing")
    (call,) = emulator.calls.log
    assert (call.action, call.error, call.region) == ("cloudformation:DescribeStacks", "ValidationError", "us-west-2")
    assert before <= call.time <= emulator.clock.now()


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("cloudformation", "describe_stacks", "Throttling", 400),
        ("ecs", "list_clusters", "ThrottlingException", 400),
        ("ec2", "describe_vpcs", "RequestLimitExceeded", 503),
        ("elbv2", "describe_load_balancers", "Throttling", 400),
        ("logs", "describe_log_groups", "ThrottlingException", 400),
        ("appmesh", "list_meshes", "TooManyRequestsException", 429),
        ("sts", "get_caller_identity", "Throttling", 400),
    ],
)
def test_throttling_has_the_code_of_the_service(emulator, service, operation, code, status):
    """Codes: the error lists of each API reference, such as AWSEC2/latest/APIReference/throttling.html."""
    emulator.faults.throttle(1.0)
    assert _error(getattr(emulator.client(service), operation)) == (code, status)


def test_only_the_named_actions_are_throttled(emulator):
    emulator.faults.throttle(1.0, ["ecs:ListServices"])
    emulator.client("ecs").list_clusters()
    assert _error(emulator.client("ecs").list_services)[0] == "ThrottlingException"


def test_a_fraction_of_the_calls_is_throttled(emulator):
    emulator.faults.throttle(0.3)
    codes = []
    for _number in range(200):
        try:
            emulator.client("sts").get_caller_identity()
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert 30 < len(codes) < 90


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("cloudformation", "describe_stacks", "AccessDenied", 403),
        ("ecs", "list_clusters", "AccessDeniedException", 400),
        ("ec2", "describe_vpcs", "UnauthorizedOperation", 403),
        ("appmesh", "list_meshes", "AccessDeniedException", 403),
    ],
)
def test_a_denied_action(emulator, service, operation, code, status):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
    action = "".join(part.capitalize() for part in operation.split("_"))
    emulator.faults.deny(f"{service}:{action}")
    assert _error(getattr(emulator.client(service), operation)) == (code, status)
    emulator.faults.clear()
    getattr(emulator.client(service), operation)()


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("cloudformation", "describe_stacks", "ExpiredToken"),
        ("ecs", "list_clusters", "ExpiredTokenException"),
        ("ec2", "describe_vpcs", "RequestExpired"),
    ],
)
def test_credentials_expire_after_some_calls(emulator, service, operation, code):
    """https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""
    emulator.faults.expire_credentials(after_calls=1)
    getattr(emulator.client(service), operation)()
    assert _error(getattr(emulator.client(service), operation))[0] == code


def test_credentials_expire_after_some_calls_of_one_action(emulator):
    emulator.faults.expire_credentials(after_calls=1, of="ecs:ListClusters")
    for _moment in range(2):
        emulator.client("cloudformation").describe_stacks()
    emulator.client("ecs").list_clusters()
    assert _error(emulator.client("cloudformation").describe_stacks)[0] == "ExpiredToken"


def test_server_errors(emulator):
    emulator.faults.server_errors(1.0)
    assert _error(emulator.client("ecs").list_clusters) == ("ServerException", 500)
    assert _error(emulator.client("cloudformation").describe_stacks) == ("InternalFailure", 500)


def test_a_cut_connection_carries_the_call_out(emulator):
    emulator.faults.cut_connections(1.0)
    with pytest.raises(ConnectionClosedError):
        emulator.client("ecs").create_cluster(clusterName="made")
    emulator.faults.clear()
    assert emulator.client("ecs").list_clusters()["clusterArns"]


def test_slow_answers(emulator):
    emulator.faults.slow(0.1)
    before = time.monotonic()
    emulator.client("sts").get_caller_identity()
    assert time.monotonic() - before >= 0.1


def test_reset_empties_the_account(emulator, stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.faults.deny("sts:GetCallerIdentity")
    emulator.reset()
    assert not emulator.client("cloudformation").describe_stacks()["Stacks"]
    assert not emulator.client("ssm").describe_parameters()["Parameters"]
    assert emulator.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert not list(emulator.timeline)


def test_reset_forgets_deletions_under_way(emulator, stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    stacks.delete("one")
    emulator.reset()
    stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.clock.sleep(20)
    assert stacks.status("one") == "CREATE_COMPLETE"


def test_connections_stay_open(emulator):
    client = emulator.client("sts")
    client.get_caller_identity()
    answer = client.get_caller_identity()
    assert answer["ResponseMetadata"]["HTTPHeaders"].get("connection") != "close"


def test_many_clients_at_once(emulator):
    emulator.client("sts")
    failed = []

    def call():
        try:
            for _number in range(10):
                emulator.client("sts").get_caller_identity()
        except ClientError as error:
            failed.append(error)

    threads = [threading.Thread(target=call) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert emulator.calls.by_action["sts:GetCallerIdentity"] == 100


def test_only_one_emulator_per_process(emulator):
    with pytest.raises(RuntimeError, match="one emulator"):
        Emulator().start()


def test_environment_for_a_child(emulator):
    environment = emulator.environment
    assert environment["AWS_ENDPOINT_URL"] == emulator.endpoint_url
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_retries_of_botocore_get_through(emulator):
    """https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html: what is a retryable error."""
    import boto3

    emulator.faults.throttle(0.4)
    client = boto3.client(
        "ecs",
        endpoint_url=emulator.endpoint_url,
        region_name="eu-central-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"mode": "standard", "total_max_attempts": 10}),
    )
    client.list_clusters()
    client.close()
