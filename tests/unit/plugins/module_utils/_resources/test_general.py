# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources import general
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.lookup import Lookups
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import how_to_remove
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from tests.emulator.services.cloud_control.schemas import schema_of
from tests.unit.plugins.fake_aws import FakeAws

REGION = "eu-central-1"
QUEUE = Resource("AWS::SQS::Queue", "https://sqs.eu-central-1.amazonaws.com/123456789012/q")
ASKED = {"TypeName": QUEUE.type, "Identifier": QUEUE.physical_id}
DENIED = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: {}"


@pytest.fixture
def client():
    """A real client."""
    return boto3.client("cloudcontrol", REGION, aws_access_key_id="x", aws_secret_access_key="x")


def asked(client, stub, resource):
    """What is said of a resource: whether it is there, why that is not known, and the gaps."""

    def make(name):
        assert name == "cloudcontrol"
        return client

    with stub, Looks(make, lambda seconds: None) as looks:
        lookups = Lookups(looks)
        there = lookups.there([resource])[resource]
        stub.assert_no_pending_responses()
        return there, lookups.reasons.get(resource), looks.gaps()


def refused(client, code, message="no", resource=QUEUE, times=1):
    stub = Stubber(client)
    for _time in range(times):
        stub.add_client_error("get_resource", code, message)
    return asked(client, stub, resource)


def test_what_cloud_control_shows_is_there(client):
    stub = Stubber(client)
    shown = {"Identifier": QUEUE.physical_id, "Properties": "{}"}
    stub.add_response("get_resource", {"TypeName": QUEUE.type, "ResourceDescription": shown}, ASKED)
    assert asked(client, stub, QUEUE) == (True, None, [])


def test_what_it_does_not_find_by_what_identifies_it_is_absent(client):
    message = "AWS::SQS::Queue Handler returned status FAILED: none (HandlerErrorCode: NotFound, RequestToken: x)"
    assert refused(client, "ResourceNotFoundException", message) == (False, None, [])


@pytest.mark.parametrize(
    ("kind", "physical_id"),
    [("AWS::New::Thing", "x"), ("MyOrg::Own::Thing", "x"), ("AWS::SNS::Subscription", "PendingConfirmation")],
)
def test_what_it_may_know_by_another_id_is_not_said_to_be_absent(client, kind, physical_id):
    strange = Resource(kind, physical_id)
    assert refused(client, "ResourceNotFoundException", resource=strange) == (None, general.UNCERTAIN, [])
    assert how_to_remove(strange, REGION) == ""


@pytest.mark.parametrize("code", sorted(general.UNREADABLE))
def test_what_it_cannot_read_is_not_looked_up_and_no_gap(client, code):
    there, reason, gaps = refused(client, code, "It is so.")
    assert (there, reason, gaps) == (None, "Cloud Control cannot read it: It is so", [])


def test_what_its_handler_may_not_read_is_not_looked_up_and_no_gap(client):
    action = "sqs:GetQueueAttributes"
    there, reason, gaps = refused(client, "GeneralServiceException", DENIED.format(action))
    assert there is None and action in reason and gaps == []


def test_a_denial_by_a_handler_need_not_name_an_action(client):
    message = "AWS::SQS::Queue Handler returned status FAILED: Access Denied (HandlerErrorCode: AccessDenied)"
    there, reason, gaps = refused(client, "AccessDeniedException", message)
    assert there is None and "Access Denied" in reason and gaps == []


def test_that_it_may_not_be_asked_is_a_gap(client):
    there, reason, gaps = refused(client, "AccessDeniedException", DENIED.format(general.ACTION))
    assert (there, reason) == (None, None)
    assert [(gap["action"], gap["denied"]) for gap in gaps] == [(general.ACTION, True)]


@pytest.mark.parametrize(
    ("code", "times"),
    [
        ("ThrottlingException", 5),
        ("HandlerFailureException", 1),
        ("InvalidCredentialsException", 1),
        ("NetworkFailureException", 1),
        ("ResourceConflictException", 1),
        ("ServiceInternalErrorException", 1),
        ("ServiceLimitExceededException", 1),
    ],
)
def test_no_answer_is_a_gap(client, code, times):
    there, reason, gaps = refused(client, code, times=times)
    assert (there, reason) == (None, None) and [gap["denied"] for gap in gaps] == [False]


def test_ended_credentials_come_through(client):
    with pytest.raises(AwsCallError, match="ExpiredToken"):
        refused(client, "ExpiredTokenException")


@pytest.mark.parametrize(
    "kind", [*general.OTHERWISE, *sorted(general.UNREAD), "AWS::CloudFormation::Stack", "Custom::X", "x:y"]
)
def test_what_would_be_asked_in_vain_is_not_asked(kind):
    aws, item = FakeAws({}), Resource(kind, "x")
    with Looks(aws) as looks:
        lookups = Lookups(looks)
        assert lookups.there([item]) == {item: None} and lookups.reasons[item] and not aws.calls + looks.gaps()


@pytest.mark.parametrize("kind", sorted(general.BY_ARN | general.BY_ID))
def test_the_schema_of_what_is_said_to_be_absent_has_one_identifier_and_can_be_read(kind):
    schema = schema_of(kind, REGION) or schema_of(kind, "us-east-1")
    assert len(schema.identifier) == 1 and schema.read is not None
    assert not general.reason_not_to_ask(kind) and kind not in TYPES, "its own row looks it up: take it out here"


def test_what_identifies_a_type_is_said_once():
    assert not general.BY_ARN & general.BY_ID
    assert not (general.BY_ARN | general.BY_ID) & {*general.OTHERWISE, *general.UNREAD}


@pytest.mark.parametrize("kind", sorted(general.OTHERWISE))
def test_what_identifies_a_type_otherwise_is_in_its_schema(kind):
    schema = schema_of(kind, REGION)
    one = ("AWS::Batch::JobDefinition", "AWS::Events::Rule", "AWS::Scheduler::Schedule")
    assert schema.read is not None and (len(schema.identifier) > 1 or kind in one)


@pytest.mark.parametrize("kind", sorted(general.UNREAD))
def test_the_schema_of_what_is_not_read_says_so(kind):
    assert schema_of(kind, REGION).read is None


def test_how_a_person_removes_what_it_finds():
    line = "aws cloudcontrol delete-resource --type-name AWS::Lambda::Alias --identifier arn:x --region eu-central-1"
    assert how_to_remove(Resource("AWS::Lambda::Alias", "arn:x"), REGION) == line
