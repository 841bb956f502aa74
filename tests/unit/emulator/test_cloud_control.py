# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetResource of Cloud Control over what the emulator holds.

https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.cloudformation import parsing

from tests.emulator import Emulator
from tests.emulator.services.cloud_control.lookups import LOOKUPS
from tests.emulator.services.cloud_control.schemas import schema_of
from tests.unit.emulator.stacks import Stacks
from tests.workshops import NAMES, deploy

REGION = "eu-central-1"


class Looking:
    def __init__(self, emulator: Emulator) -> None:
        self.client = emulator.client("cloudcontrol")

    def get(self, type_name: str, identifier: str) -> Any:
        answer = self.client.get_resource(TypeName=type_name, Identifier=identifier)
        assert answer["TypeName"] == type_name
        assert answer["ResourceDescription"]["Identifier"] == identifier
        return json.loads(answer["ResourceDescription"]["Properties"])

    def error(self, type_name: str, identifier: str = "x") -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            self.client.get_resource(TypeName=type_name, Identifier=identifier)
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def looking(emulator: Emulator) -> Looking:
    return Looking(emulator)


def test_what_is_there_is_found_and_what_is_gone_is_not(looking: Looking, stacks: Stacks) -> None:
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    assert looking.get("AWS::SSM::Parameter", "/p") == {"Name": "/p", "Type": "String", "Value": "value"}
    assert looking.get("AWS::SSM::Parameter", '{"Name": "/p"}')["Value"] == "value"
    stacks.delete("one")
    stacks.end(stack_id)
    code, message = looking.error("AWS::SSM::Parameter", "/p")
    assert code == "ResourceNotFoundException"
    assert "AWS::SSM::Parameter Handler returned status FAILED" in message and "HandlerErrorCode: NotFound" in message


def test_what_no_stack_has_made_is_found_too(emulator: Emulator, looking: Looking) -> None:
    emulator.client("logs").create_log_group(logGroupName="by-hand")
    assert looking.get("AWS::Logs::LogGroup", "by-hand") == {"LogGroupName": "by-hand"}


@pytest.mark.parametrize(
    ("type_name", "code"),
    [
        ("AWS::No::Such", "TypeNotFoundException"),
        ("AWS::CodeBuild::Project", "UnsupportedActionException"),
        ("AWS::AppMesh::Mesh", "UnsupportedActionException"),
        ("AWS::IAM::Policy", "UnsupportedActionException"),
        ("AWS::FIS::ExperimentTemplate", "ResourceNotFoundException"),
        ("AWS::ECS::Service", "ValidationException"),
    ],
)
def test_types_that_it_cannot_read(looking: Looking, type_name: str, code: str) -> None:
    """supported-resources.html: no such type, no read handler, nothing of it here, half an identifier"""
    assert looking.error(type_name)[0] == code


def test_it_reads_with_the_rights_of_its_caller(emulator: Emulator, looking: Looking) -> None:
    """https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/security.html"""
    emulator.client("logs").create_log_group(logGroupName="by-hand")
    emulator.faults.deny("logs:DescribeLogGroups")
    code, message = looking.error("AWS::Logs::LogGroup", "by-hand")
    assert code == "GeneralServiceException" and "HandlerErrorCode: AccessDenied" in message
    emulator.faults.deny("cloudformation:GetResource")
    assert looking.error("AWS::Logs::LogGroup", "by-hand")[0] == "AccessDeniedException"
    assert emulator.calls.by_action["cloudformation:GetResource"] == 2


def test_every_row_is_of_a_type_that_can_be_made_and_read(emulator: Emulator) -> None:
    for type_name in LOOKUPS:
        schema = schema_of(type_name, REGION)
        assert schema is not None and schema.read is not None, type_name
        assert type_name in parsing.get_model_map(), type_name


def test_a_type_without_a_row_is_no_proof_of_anything(looking: Looking) -> None:
    assert "AWS::SageMaker::Model" not in LOOKUPS
    assert looking.error("AWS::SageMaker::Model") == (
        "InternalFailure",
        "The emulator cannot look AWS::SageMaker::Model up.",
    )


@pytest.mark.parametrize("name", NAMES)
def test_all_that_the_workshops_own_is_found_until_it_is_gone(
    emulator: Emulator, looking: Looking, stacks: Stacks, name: str
) -> None:
    emulator.durations.set("lambda.interface", 10)
    deployed = deploy(emulator, name)
    owned: set[tuple[str, str]] = set()
    for stack in stacks.client.describe_stacks()["Stacks"]:
        for row in stacks.client.list_stack_resources(StackName=stack["StackId"])["StackResourceSummaries"]:
            schema = schema_of(row["ResourceType"], REGION)
            kept = (row["ResourceType"], row["LogicalResourceId"]) == ("AWS::S3::Bucket", "StagingBucket")
            identified = len(schema.identifier) == 1 if schema and schema.read is not None else False
            # The physical id of a rule is its name, what identifies it is its ARN.
            if identified and not kept and row["ResourceType"] != "AWS::Events::Rule":
                owned.add((row["ResourceType"], row["PhysicalResourceId"]))
    missing = []
    for type_name, identifier in owned:
        try:
            looking.get(type_name, identifier)
        except ClientError as error:
            missing.append((type_name, identifier, error.response["Error"]["Code"]))
    assert not missing
    for level in deployed.manifest.levels:
        for stack_name in level:
            stacks.delete(deployed.ids[stack_name])
        for stack_name in level:
            assert stacks.end(deployed.ids[stack_name]) == "DELETE_COMPLETE"
    for type_name, identifier in owned:
        assert looking.error(type_name, identifier)[0] == "ResourceNotFoundException"
