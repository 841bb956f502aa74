# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from botocore.exceptions import EndpointConnectionError
from botocore.exceptions import NoCredentialsError
from botocore.parsers import ResponseParserError

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors


def answer(code, message="", status=400):
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Op"
    )


@pytest.mark.parametrize(
    ("code", "message", "status", "kind"),
    [
        ("Throttling", "Rate exceeded", 400, errors.TRANSIENT),
        ("ThrottlingException", "Rate exceeded", 400, errors.TRANSIENT),  # how ECS says it
        ("ClientException", "Rate exceeded", 400, errors.TRANSIENT),
        ("WeirdCode", "", 503, errors.TRANSIENT),
        ("ExpiredToken", "", 403, errors.CREDENTIALS),
        ("ExpiredTokenException", "", 400, errors.CREDENTIALS),
        ("AccessDenied", "", 403, errors.DENIED),
        ("AccessDeniedException", "", 400, errors.DENIED),
        ("ClusterNotFoundException", "", 400, errors.MISSING),
        ("ValidationError", "Stack with id x does not exist", 400, errors.MISSING),
        (
            "ValidationError",
            "Stack [x] cannot be deleted while TerminationProtection is enabled",
            400,
            errors.PROTECTED,
        ),
        ("ValidationError", "Stack [x] cannot be deleted while in status UPDATE_IN_PROGRESS", 400, errors.WRONG_STATUS),
        ("ValidationError", "Export x:y cannot be deleted as it is in use by z", 400, errors.EXPORT_IN_USE),
        ("ValidationError", "1 validation error detected", 400, errors.OTHER),
    ],
)
def test_kinds_of_answers(code, message, status, kind):
    assert errors.translate(answer(code, message, status), "ecs:StopTask").kind == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (EndpointConnectionError(endpoint_url="http://x"), errors.UNREACHABLE),
        (NoCredentialsError(), errors.CREDENTIALS),
        (ResponseParserError("html"), errors.TRANSIENT),
    ],
)
def test_kinds_of_errors_on_our_side(error, kind):
    assert errors.translate(error, "ecs:StopTask").kind == kind


def test_a_denied_call_names_the_action_to_allow():
    with pytest.raises(errors.AwsCallError) as caught:
        with errors.aws_call("cloudformation:DeleteStack"):
            raise answer("AccessDenied", "User is not authorized.")
    assert caught.value.advice() == (
        "cloudformation:DeleteStack answered AccessDenied: User is not authorized. "
        "Allow the IAM action cloudformation:DeleteStack."
    )


def test_what_is_no_answer_of_aws_is_told_in_a_line():
    page = f"<html>\n{'<p>Sorry</p>' * 1000}</html>"
    empty = errors.translate(answer("400", "", 400), "xray:GetGroups")
    assert (empty.kind, empty.message) == (errors.OTHER, "no word on why came with it")
    for error in (answer("502", page, 502), ResponseParserError(page)):
        told = errors.translate(error, "xray:GetGroups")
        assert errors.is_odd(told) and told.kind == errors.TRANSIENT
        assert "\n" not in told.message and len(told.message) <= errors.LONGEST
    nameless = errors.translate(ClientError({"ResponseMetadata": {"HTTPStatusCode": 503}}, "X"), "ec2:DescribeVpcs")
    assert nameless.code == "503" and errors.is_odd(nameless)
    assert not errors.is_odd(errors.translate(answer("ThrottlingException", "x", 400), "ecs:StopTask"))


def test_what_is_not_implemented_is_not_tried_again():
    """Of a look-alike that lacks a service, with whatever code"""
    words = "API for service 'xray' not yet implemented"
    assert errors.translate(answer("InternalFailure", words, 501), "xray:GetGroups").kind == errors.OTHER


def test_other_exceptions_come_through():
    with pytest.raises(KeyError):
        with errors.aws_call("x:Y"):
            raise KeyError("bug")


def test_the_action_that_aws_names_is_the_one_to_allow():
    message = "User: arn:aws:iam::1:user/a is not authorized to perform: cloudformation:ListStacks on resource: *"
    assert (
        errors.translate(answer("AccessDenied", message), "cloudformation:DescribeStacks").action
        == "cloudformation:ListStacks"
    )
