# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are not AWS's, in each of the protocols that our services speak, through botocore's own parsers."""

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from tests.emulator import Emulator

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
#: One call in each protocol: query, EC2's, JSON, REST with JSON and with XML.
CALLS = [
    ("sts", "get_caller_identity", {}),
    ("cloudformation", "describe_stacks", {}),
    ("ec2", "describe_vpcs", {}),
    ("dynamodb", "describe_table", {"TableName": "t"}),
    ("ecs", "list_clusters", {}),
    ("xray", "get_groups", {}),
    ("s3", "list_object_versions", {"Bucket": "shop"}),
    ("s3", "delete_objects", {"Bucket": "shop", "Delete": {"Objects": [{"Key": "a"}], "Quiet": True}}),
]


@pytest.fixture(name="emulator", scope="module")
def _emulator():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(name="clients", scope="module")
def _clients(emulator):
    return Clients("eu-central-1", emulator.endpoint_url, KEYS)


@pytest.mark.parametrize("kind", ["page", "nothing", "other_form"])
@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=str)
def test_what_says_that_all_went_well_and_is_no_answer_is_an_error(
    emulator, clients, service, operation, arguments, kind
):
    """botocore returns an empty answer, which reads like "there is none", or breaks off with an exception of Python."""
    emulator.faults.clear()
    emulator.faults.answer_oddly("*", kind)
    with pytest.raises(errors.AwsCallError) as caught:
        with errors.aws_call("x:Y"):
            getattr(clients(service), operation)(**arguments)
    # Newer botocore itself reads no XML from S3 as a failure of the server, which may pass.
    codes = ["ResponseParserError"] + ["500"] * ((service, kind) == ("s3", "other_form"))
    assert caught.value.kind == errors.TRANSIENT and caught.value.code in codes


def test_answers_of_aws_pass(emulator, clients):
    """Also an empty list, and an answer that has no members at all."""
    emulator.faults.clear()
    assert clients("ecs").list_clusters()["clusterArns"] == []
    assert clients("ec2").describe_nat_gateways()["NatGateways"] == []
    assert clients("sts").get_caller_identity()["Account"] == "123456789012"
    clients("logs").create_log_group(logGroupName="/a")
    clients("logs").delete_log_group(logGroupName="/a")


def test_answers_of_s3_may_have_nothing_in_them(emulator, clients):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (quiet mode),
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html (no content)"""
    emulator.faults.clear()
    s3 = clients("s3")
    emulator.client("s3", "us-east-1").create_bucket(Bucket="shop")
    emulator.client("s3").put_object(Bucket="shop", Key="a")
    upload = emulator.client("s3").create_multipart_upload(Bucket="shop", Key="b")["UploadId"]
    s3.abort_multipart_upload(Bucket="shop", Key="b", UploadId=upload)
    assert not s3.delete_objects(Bucket="shop", Delete={"Objects": [{"Key": "a"}], "Quiet": True}).get("Errors")
    assert not s3.get_bucket_location(Bucket="shop").get("LocationConstraint")


def test_an_exception_that_is_not_the_parsers_comes_through(clients):
    with pytest.raises(ValueError, match="ours"):
        with errors.aws_call("x:Y"):
            raise ValueError("ours")
