# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from tests.unit.plugins.fake_aws import FakeAws, refusal


@pytest.fixture
def slept():
    return []


@pytest.fixture
def looks(slept):
    with Looks(FakeAws({}), slept.append) as made:
        yield made


def raising(*kinds, then="answer", code="Code", message="message"):
    waiting = list(kinds)

    def call():
        if waiting:
            raise errors.AwsCallError(waiting.pop(0), code, message, "ecs:ListTasks")
        return then

    return call


def test_what_is_missing_is_no_gap(looks):
    assert looks.at("shop", raising(errors.MISSING), "nothing") == "nothing"
    assert looks.gaps() == []


def test_what_is_denied_is_a_gap_and_told_once(looks):
    for about, message in (("b", "on task/b"), ("a", "on task/a"), ("b", "on task/b")):
        assert looks.at(about, raising(errors.DENIED, message=message), "nothing") is None
    assert looks.gaps() == [
        {"action": "ecs:ListTasks", "message": "on task/a", "denied": True, "about": ["a", "b"]}
    ]  # fmt: skip


def test_throttling_gets_a_few_more_tries(looks, slept):
    assert looks.at("", raising(*[errors.TRANSIENT] * 4)) == "answer"
    assert slept == [1, 2, 3, 4]


def test_a_connection_that_breaks_gets_them_too(looks):
    assert looks.at("", raising(errors.UNREACHABLE, code="ConnectionClosedError")) == "answer"


LASTING = [[errors.TRANSIENT] * 5, [errors.UNREACHABLE], [errors.WRONG_STATUS], [errors.OTHER]]


@pytest.mark.parametrize("kinds", LASTING)
def test_every_other_error_is_a_gap_that_no_permission_closes(looks, kinds):
    assert looks.at("", raising(*kinds, code="EndpointConnectionError"), "nothing") is None
    assert looks.gaps() == [{"action": "ecs:ListTasks", "message": "message", "denied": False, "about": []}]


ENDED = refusal("ExpiredTokenException", "The security token included in the request is expired")
ACCOUNT = {"Account": "123456789012", "Arn": "arn:x", "UserId": "u"}


def test_ended_credentials_come_through():
    with Looks(FakeAws({"sts.get_caller_identity": ENDED})) as looks:
        with pytest.raises(errors.AwsCallError):
            looks.at("", raising(errors.CREDENTIALS))


def test_credentials_that_one_service_alone_does_not_know_are_a_gap():
    """As one answers for a region that is not enabled: https://github.com/aws/chalice/issues/1445"""
    aws = FakeAws({"sts.get_caller_identity": ACCOUNT, "xray.get_groups": refusal("UnrecognizedClientException")})
    with Looks(aws) as looks:
        assert looks.listing("xray:GetGroups", "Groups") == []
        assert [gap["action"] for gap in looks.gaps()] == ["xray:GetGroups"]


def test_credentials_that_cloudformation_does_not_know_are_never_one():
    with Looks(FakeAws({"sts.get_caller_identity": ACCOUNT, "cloudformation.list_stacks": ENDED})) as looks:
        with pytest.raises(errors.AwsCallError):
            looks.listing("cloudformation:ListStacks", "StackSummaries")


def test_a_service_that_the_account_does_not_have_is_a_gap_that_says_so():
    """https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1579"""
    words = "The AWS Access Key Id needs a subscription for the service"
    with Looks(FakeAws({"xray.get_groups": refusal("SubscriptionRequiredException", words, 403)})) as looks:
        looks.listing("xray:GetGroups", "Groups")
        assert looks.gaps()[0]["message"].startswith(f"{words}. This account has no such service in this region")


def test_a_client_that_can_not_be_made_is_a_gap_of_the_call():
    def clients(service):
        raise errors.AwsCallError(errors.UNREACHABLE, "ValueError", "Invalid endpoint: x", f"{service}:*", True)

    with Looks(clients) as looks:
        assert looks.listing("tag:GetResources", "ResourceTagMappingList", "shop") == []
        (gap,) = looks.gaps()
        assert (gap["action"], gap["message"]) == ("tag:GetResources", "Invalid endpoint: x")


def test_what_sends_nothing_of_aws_is_waited_for_once(looks, slept):
    """By all its calls together: a service that answers with a gateway's error does so to each."""
    for _call in range(3):
        assert looks.at("", raising(*[errors.TRANSIENT] * 5, code="502")) is None
    assert slept == [1, 2, 3, 4]
    assert looks.at("", raising(errors.TRANSIENT, code="Throttling")) == "answer"
    assert slept == [1, 2, 3, 4, 1]


def test_an_answer_without_the_list_that_belongs_in_it_is_an_empty_one():
    """Which of its members AWS always sends, no model says."""
    with Looks(FakeAws({"xray.get_groups": {"NextToken": "x"}})) as looks:
        assert looks.listing("xray:GetGroups", "Groups") == []


@pytest.mark.parametrize("kinds", [*LASTING, [errors.CREDENTIALS], [errors.MISSING]])
def test_what_is_needed_stops_all(looks, kinds):
    with pytest.raises(errors.AwsCallError):
        looks.needed(raising(*kinds, code="EndpointConnectionError"))


def test_what_is_needed_and_denied_is_a_gap(looks):
    assert looks.needed(raising(errors.DENIED)) is None
    assert [gap["action"] for gap in looks.gaps()] == ["ecs:ListTasks"]


def test_a_gap_of_two_causes_is_not_closed_by_a_permission(looks):
    looks.at("", raising(errors.DENIED))
    looks.at("", raising(errors.OTHER))
    assert [gap["denied"] for gap in looks.gaps()] == [False]


def test_what_can_not_be_listed_is_nothing_and_a_gap():
    with Looks(FakeAws({"elbv2.describe_listeners": refusal("AccessDenied")})) as looks:
        assert looks.listing("elasticloadbalancing:DescribeListeners", "Listeners", "arn:x") == []
        assert [gap["about"] for gap in looks.gaps()] == [["arn:x"]]


def test_several_at_the_same_time_in_the_order_given(looks):
    both = threading.Barrier(2)

    def meet(number):
        both.wait(5)
        return number

    assert looks.each(meet, [2, 1]) == [2, 1]
    assert looks.together({"a": lambda: meet("x"), "b": lambda: meet("y")}) == {"a": "x", "b": "y"}


def test_an_error_in_one_of_them_comes_through(looks):
    functions = {"a": lambda: 1, "b": raising(errors.CREDENTIALS)}
    with pytest.raises(errors.AwsCallError):
        looks.together(functions)
    assert looks.together({}) == {}


def test_no_thread_stays():
    before = set(threading.enumerate())
    with Looks(FakeAws({})) as looks:
        looks.each(abs, range(3))
        looks.together({"a": threading.get_ident})
    assert not set(threading.enumerate()) - before


def test_what_several_want_to_know_is_asked_once(looks):
    asked = threading.Event()
    calls = []

    def slow():
        calls.append("call")
        asked.wait(5)
        return len(calls)

    waiting = [threading.Thread(target=lambda: answers.append(looks.once("key", slow))) for _number in range(3)]
    answers: list[int] = []
    for thread in waiting:
        thread.start()
    asked.set()
    for thread in waiting:
        thread.join()
    assert answers == [1, 1, 1] and looks.once("other", slow) == 2


def test_an_error_is_for_all_that_want_to_know_it(looks):
    for _number in range(2):
        with pytest.raises(errors.AwsCallError):
            looks.once("key", raising(errors.CREDENTIALS))
