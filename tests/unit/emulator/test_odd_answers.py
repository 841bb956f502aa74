# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that something else than AWS answers, or that AWS refuses with a given error."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.emulator import Emulator
from tests.emulator.odd_answers import KINDS

SIGNED = "AWS4-HMAC-SHA256 Credential=emulator/20260101/eu-central-1/xray/aws4_request, SignedHeaders=h, Signature=s"


def ask(emulator: Emulator) -> tuple[int, str, bytes]:
    """Status, type and body of the answer to X-Ray's GetGroups."""
    request = urllib.request.Request(f"{emulator.endpoint_url}/Groups", b"{}", {"Authorization": SIGNED})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read()


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "words"),
    [
        ("empty", 400, "", b""),
        ("not_found", 404, "text/plain; charset=utf-8", b"404 page not found"),
        ("not_implemented", 501, "text/plain; charset=utf-8", b"Not Implemented"),
        ("bad_gateway", 502, "text/html", b"<title>502 Bad Gateway</title>"),
        ("page", 200, "text/html; charset=utf-8", b"<title>Sign in</title>"),
        ("nothing", 200, "", b""),
        ("other_form", 200, "application/json", b'["a", "list"]'),
    ],
)
def test_every_kind_is_answered_as_it_is_on_the_wire(
    emulator: Emulator, kind: str, status: int, content_type: str, words: bytes
) -> None:
    """What a proxy, a gateway without a service behind it, and a look-alike that lacks a service send."""
    emulator.faults.answer_oddly("xray:*", kind)
    found, its_type, body = ask(emulator)
    assert (found, its_type) == (status, content_type)
    assert words in body and bool(words) == bool(body)
    assert [(call.action, call.error) for call in emulator.calls.log] == [("xray:GetGroups", kind)]


def test_the_kinds_are_these() -> None:
    rest = ("empty", "not_found", "not_implemented", "bad_gateway", "page", "nothing", "other_form")
    assert KINDS == (*rest, "cut")


def test_a_connection_can_be_cut_for_one_service_alone(emulator: Emulator) -> None:
    emulator.faults.answer_oddly("xray:*", "cut")
    with pytest.raises(ConnectionClosedError):
        emulator.client("xray").create_group(GroupName="never")
    assert emulator.calls.log[-1].error == "ConnectionClosed"
    emulator.client("ecs").list_clusters()
    emulator.faults.clear()
    assert emulator.client("xray").get_groups()["Groups"] == []


def test_an_odd_answer_may_be_for_one_action_and_some_times(emulator: Emulator) -> None:
    """Another action of the same service is carried out, and the same one is afterwards."""
    emulator.faults.answer_oddly("ecs:ListClusters", "empty", times=1)
    emulator.faults.answer_oddly("ecs:ListServices", "cut", times=1)
    ecs = emulator.client("ecs")
    ecs.describe_clusters()
    with pytest.raises(ClientError):
        ecs.list_clusters()
    ecs.list_clusters()
    with pytest.raises(ConnectionClosedError):
        ecs.list_services()
    ecs.create_cluster(clusterName="default")
    ecs.list_services()


def test_a_kind_that_does_not_exist(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="'teapot' is none of empty, "):
        emulator.faults.answer_oddly("xray:*", "teapot")


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("xray", "get_groups", "xray:GetGroups"),
        ("cloudformation", "list_stacks", "cloudformation:ListStacks"),
        ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
        ("ecs", "list_clusters", "ecs:ListClusters"),
    ],
)
def test_a_call_can_be_refused_with_any_error_of_aws(
    emulator: Emulator, service: str, operation: str, action: str
) -> None:
    """In the protocol of the service: https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1579"""
    words = "The AWS Access Key Id needs a subscription for the service"
    emulator.faults.refuse(action, "SubscriptionRequiredException", words, status=403, times=1)
    call = getattr(emulator.client(service), operation)
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] == "SubscriptionRequiredException"
    assert caught.value.response["Error"]["Message"] == words
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    call()
