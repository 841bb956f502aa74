# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How stacks refer to each other, beside exports: dynamic references, outputs, nested outputs, the service role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.stacks import Stacks

ROLE = "arn:aws:iam::123456789012:role/deployer"


def make_role(emulator: Emulator, name: str = "deployer") -> None:
    emulator.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")


def parameter_of(emulator: Emulator, name: str) -> str:
    return emulator.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


@pytest.mark.parametrize(
    "value", ["{{resolve:ssm:/there}}/x", {"Fn::Sub": "{{resolve:ssm:/${Where}}}/x"}, "{{resolve:ssm:/there:1}}/x"]
)
def test_a_dynamic_reference_is_the_parameters_value(emulator: Emulator, stacks: Stacks, value: Any) -> None:
    """dynamic-references-ssm.html"""
    emulator.client("ssm").put_parameter(Name="/there", Type="String", Value="found")
    where = {"Parameters": {"Where": {"Type": "String", "Default": "there"}}}
    stacks.create("one", {"P": stacks.parameter("/p", value)}, where)
    assert parameter_of(emulator, "/p") == "found/x"
    template = stacks.client.get_template(StackName="one")["TemplateBody"]
    assert template["Resources"]["P"]["Properties"]["Value"] == value


@pytest.mark.parametrize("reference", ["{{resolve:ssm:/missing}}", "{{resolve:secretsmanager:one:SecretString:key}}"])
def test_a_dynamic_reference_to_nothing_fails(stacks: Stacks, reference: str) -> None:
    """What is not there, and what the emulator lacks"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p", reference)})
    assert stacks.status(stack_id) == "ROLLBACK_COMPLETE"
    events = stacks.client.describe_stack_events(StackName="one")["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert any("/missing" in reason or "lacks" in reason for reason in reasons)


def test_an_output_of_another_stack_holds_nothing(emulator: Emulator, stacks: Stacks) -> None:
    """intrinsic-function-reference-getstackoutput.html: no export is needed, and it is a weak reference"""
    outputs = {"Outputs": {"Name": {"Value": {"Ref": "P"}}}}
    first = stacks.create("one", {"P": stacks.parameter("/first")}, outputs)
    value = {"Fn::GetStackOutput": {"StackName": "one", "OutputName": "Name"}}
    stacks.create("two", {"P": stacks.parameter("/second", value)})
    assert parameter_of(emulator, "/second") == "/first"
    stacks.delete("one")
    assert stacks.end(first) == "DELETE_COMPLETE"
    stacks.create("three", {"P": stacks.parameter("/third", value)})
    assert stacks.status("three") == "ROLLBACK_COMPLETE"


def test_a_nested_stack_gives_its_outputs_to_its_parent(emulator: Emulator, stacks: Stacks) -> None:
    """aws-resource-cloudformation-stack.html: Fn::GetAtt Outputs.Name; the root's tags and role are its own too"""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    inner = {"Resources": {"P": stacks.parameter("/inner")}, "Outputs": {"Name": {"Value": {"Ref": "P"}}}}
    s3.put_object(Bucket="templates", Key="inner.json", Body=json.dumps(inner))
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://templates.s3.amazonaws.com/inner.json"},
    }
    values = {
        "Att": {"Fn::GetAtt": ["Inner", "Outputs.Name"]},
        "Dotted": {"Fn::GetAtt": "Inner.Outputs.Name"},
        "Sub": {"Fn::Sub": "${Inner.Outputs.Name}"},
    }
    parameters = {name: stacks.parameter(f"/{name}", value) for name, value in values.items()}
    make_role(emulator)
    root = stacks.create("outer", {"Inner": nested, **parameters}, RoleARN=ROLE, Tags=[{"Key": "lab", "Value": "1"}])
    assert {parameter_of(emulator, f"/{name}") for name in values} == {"/inner"}
    inner_stack = next(s for s in stacks.client.describe_stacks()["Stacks"] if s["StackId"] != root)
    assert (inner_stack["RoleARN"], inner_stack["Tags"]) == (ROLE, [{"Key": "lab", "Value": "1"}])


def test_without_its_role_a_stack_cannot_go(emulator: Emulator, stacks: Stacks) -> None:
    """The words and the cure: https://gist.github.com/sivaramsajeev/9d47d8b89c2a818e296f825b5bd1155f"""
    make_role(emulator)
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")}, RoleARN=ROLE)
    assert stacks.show(stack_id)["RoleARN"] == ROLE
    emulator.client("iam").delete_role(RoleName="deployer")
    refused = ("ValidationError", f"Role {ROLE} is invalid or cannot be assumed")
    assert stacks.error("delete_stack", StackName="one") == refused
    assert stacks.status(stack_id) == "CREATE_COMPLETE"
    make_role(emulator, "other")
    stacks.delete("one", RoleARN=ROLE.replace("deployer", "other"))
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_role_that_is_not_there_makes_nothing(stacks: Stacks) -> None:
    body = json.dumps({"Resources": {"P": stacks.parameter("/p")}})
    assert stacks.error("create_stack", StackName="one", TemplateBody=body, RoleARN=ROLE)[0] == "ValidationError"
    assert not stacks.client.describe_stacks()["Stacks"]


@pytest.mark.parametrize("kind", ["AWS::No::Such", "AWS::FIS::ExperimentTemplate", "Some::Vendor::Type"])
def test_a_type_that_is_not_known_is_refused(stacks: Stacks, kind: str) -> None:
    """Never a resource that is none: aws/aws-cli#7226"""
    resources = {"P": stacks.parameter("/p"), "Odd": {"Type": kind, "Properties": {}}}
    code, message = stacks.error("create_stack", StackName="one", TemplateBody=json.dumps({"Resources": resources}))
    assert code == "ValidationError"
    assert f"Unrecognized resource types: [{kind}]" in message
    stacks.create("one", {"P": stacks.parameter("/p")})
    update = {"StackName": "one", "TemplateBody": json.dumps({"Resources": resources})}
    assert "Unrecognized resource types" in stacks.error("update_stack", **update)[1]


def test_what_makes_nothing_anywhere_is_accepted(stacks: Stacks) -> None:
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    metadata = {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}}
    stack_id = stacks.create("one", {"Handle": handle, "Metadata": metadata})
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_type_that_is_not_known_but_not_wanted_is_accepted(stacks: Stacks) -> None:
    """ministackorg/ministack#1628: measured on AWS"""
    template = {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }
    odd = {"Type": "AWS::No::Such", "Condition": "Production"}
    stacks.create("one", {"P": stacks.parameter("/p"), "Odd": odd}, template)
    assert stacks.status("one") == "CREATE_COMPLETE"
    stacks.update("one", {"P": stacks.parameter("/p", "other"), "Odd": odd}, template)
    assert stacks.status("one") == "UPDATE_COMPLETE"
