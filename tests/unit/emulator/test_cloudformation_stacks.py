# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creation and update of stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, API_UpdateStack.html
"""

from __future__ import annotations

import json

import pytest

from tests.emulator.cloudformation.graph import dependants, dependencies
from tests.emulator.cloudformation.templates import cidr

SSM_VALUE = {"Parameters": {"Source": {"Type": "AWS::SSM::Parameter::Value<String>"}}}


def _ssm(emulator, name):
    return emulator.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def _put(emulator, name, value, kind="String"):
    emulator.client("ssm").put_parameter(Name=name, Value=value, Type=kind, Overwrite=True)


def _given(name):
    return [{"ParameterKey": "Source", "ParameterValue": name}]


def test_cidr():
    """intrinsic-function-reference-cidr.html, first example and one of this kind of workshop"""
    assert cidr("192.168.0.0/24", 6, 5)[:3] == ["192.168.0.0/27", "192.168.0.32/27", "192.168.0.64/27"]
    assert cidr("10.42.0.0/16", 8, 8)[2] == "10.42.2.0/24"


def test_cidr_in_a_template(emulator, stacks):
    block = {"Fn::Select": ["1", {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 8, 8]}]}
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.42.0.0/16"}}
    stacks.create("one", {"Vpc": vpc, "P": stacks.parameter("/p", block)})
    assert _ssm(emulator, "/p") == "10.42.1.0/24"


def test_zones_are_those_of_the_region(emulator, stacks):
    """intrinsic-function-reference-getavailabilityzones.html: an empty string is the stack's region"""
    stacks.create("one", {"P": stacks.parameter("/p", {"Fn::Select": ["0", {"Fn::GetAZs": ""}]})})
    assert _ssm(emulator, "/p") == "eu-central-1a"


def test_no_value_in_a_list_is_no_element(emulator, stacks):
    """pseudo-parameter-reference.html, AWS::NoValue"""
    stacks.create("one", {"P": stacks.parameter("/p", {"Fn::Join": [",", ["a", {"Ref": "AWS::NoValue"}, "b"]]})})
    assert _ssm(emulator, "/p") == "a,b"


def test_dependencies_of_a_template():
    template = {
        "Resources": {
            "A": {"Type": "T"},
            "B": {"Type": "T", "Properties": {"X": {"Fn::Sub": ["${Local} ${A.Arn}", {"Local": {"Ref": "C"}}]}}},
            "C": {"Type": "T", "Properties": {"X": {"Fn::GetAtt": "A.Arn"}, "Y": {"Ref": "AWS::Region"}}},
            "D": {"Type": "T", "DependsOn": "C"},
        }
    }
    assert dependencies(template) == {"A": set(), "B": {"A", "C"}, "C": {"A"}, "D": {"C"}}
    assert dependants(template)["A"] == {"B", "C"}


def test_parameters_from_the_parameter_store(emulator, stacks):
    """cloudformation-supplied-parameter-types.html: the stack shows name and resolved value"""
    _put(emulator, "/source", "from the store")
    stacks.create("one", {"P": stacks.parameter("/p", {"Ref": "Source"})}, SSM_VALUE, Parameters=_given("/source"))
    assert _ssm(emulator, "/p") == "from the store"
    (parameter,) = stacks.show("one")["Parameters"]
    assert parameter == {"ParameterKey": "Source", "ParameterValue": "/source", "ResolvedValue": "from the store"}


def test_lists_from_the_parameter_store(emulator, stacks):
    _put(emulator, "/source", "a,b", "StringList")
    template = {"Parameters": {"Source": {"Type": "AWS::SSM::Parameter::Value<List<String>>"}}}
    value = {"Fn::Select": ["1", {"Ref": "Source"}]}
    stacks.create("one", {"P": stacks.parameter("/p", value)}, template, Parameters=_given("/source"))
    assert _ssm(emulator, "/p") == "b"


def test_a_parameter_that_the_store_lacks(stacks):
    """awslabs/aws-deployment-framework#339"""
    body = json.dumps({"Resources": {"P": stacks.parameter("/p", {"Ref": "Source"})}, **SSM_VALUE})
    assert stacks.error("create_stack", StackName="one", TemplateBody=body, Parameters=_given("/missing")) == (
        "ValidationError",
        "Unable to fetch parameters [/missing] from parameter store for this account.",
    )
    assert not stacks.client.describe_stacks()["Stacks"]


def test_an_unused_default_is_not_fetched(emulator, stacks):
    template = {"Parameters": {"Source": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/missing"}}}
    _put(emulator, "/source", "x")
    stacks.create("one", {"P": stacks.parameter("/p", {"Ref": "Source"})}, template, Parameters=_given("/source"))
    assert stacks.status("one") == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([], "Parameters: [Size] must have values"),
        (["Size", "Colour"], "Parameters: [Colour] do not exist in the template"),
    ],
)
def test_parameters_that_do_not_fit(stacks, parameters, message):
    """boto/botocore#2598, amazon-ec2-image-builder-samples#18"""
    body = json.dumps({"Parameters": {"Size": {"Type": "String"}}, "Resources": {"P": stacks.parameter("/p")}})
    given = [{"ParameterKey": name, "ParameterValue": "x"} for name in parameters]
    result = stacks.error("create_stack", StackName="one", TemplateBody=body, Parameters=given)
    assert result == ("ValidationError", message)


def test_capabilities(stacks):
    """API_CreateStack, Capabilities"""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    body = json.dumps({"Resources": {"R": role}})
    code, message = stacks.error("create_stack", StackName="one", TemplateBody=body)
    assert (code, message) == ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")
    stacks.create("one", {"R": role}, Capabilities=["CAPABILITY_IAM"])


def _conflict(stacks):
    return {"Fine": stacks.parameter("/fine"), "Twice": stacks.parameter("/taken", DependsOn="Fine")}


def test_a_failed_creation_is_rolled_back(emulator, stacks):
    """stack-failure-options.html: ROLLBACK is the default"""
    _put(emulator, "/taken", "x")
    stack_id = stacks.create("one", _conflict(stacks))
    assert stacks.status("one") == "ROLLBACK_COMPLETE"
    assert stacks.resources(stack_id) == {"Fine": "DELETE_COMPLETE", "Twice": "DELETE_COMPLETE"}
    names = [entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"]]
    assert names == ["/taken"]
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_failed_creation_without_rollback(emulator, stacks):
    _put(emulator, "/taken", "x")
    stack_id = stacks.create("one", _conflict(stacks), DisableRollback=True)
    assert stacks.status("one") == "CREATE_FAILED"
    assert stacks.resources(stack_id) == {"Fine": "CREATE_COMPLETE", "Twice": "CREATE_FAILED"}
    stacks.delete("one")
    assert stacks.end(stack_id) == "DELETE_COMPLETE"


def test_a_failed_creation_that_deletes_itself(emulator, stacks):
    _put(emulator, "/taken", "x")
    stack_id = stacks.create("one", _conflict(stacks), OnFailure="DELETE")
    assert stacks.status(stack_id) == "DELETE_COMPLETE"
    assert not stacks.client.describe_stacks()["Stacks"]


def test_export_names_are_unique(stacks):
    """using-cfn-stack-exports.html"""
    exporting = {"Outputs": {"O": {"Value": "x", "Export": {"Name": "exported"}}}}
    stacks.create("one", {"P": stacks.parameter("/p")}, exporting)
    stacks.create("two", {"Q": stacks.parameter("/q")}, exporting)
    assert stacks.status("two") == "ROLLBACK_COMPLETE"
    events = stacks.client.describe_stack_events(StackName="two")["StackEvents"]
    reason = "Export with name exported is already exported by stack one"
    assert reason in [event.get("ResourceStatusReason") for event in events]


def test_update_changes_adds_and_removes(emulator, stacks):
    stacks.create("one", {"Stays": stacks.parameter("/stays"), "Goes": stacks.parameter("/goes")})
    stacks.update("one", {"Stays": stacks.parameter("/stays", "new"), "Comes": stacks.parameter("/comes")})
    assert stacks.status("one") == "UPDATE_COMPLETE"
    assert _ssm(emulator, "/stays") == "new"
    names = sorted(entry["Name"] for entry in emulator.client("ssm").describe_parameters()["Parameters"])
    assert names == ["/comes", "/stays"]
    assert stacks.show("one")["LastUpdatedTime"]


def test_update_without_changes(stacks):
    stacks.create("one", {"P": stacks.parameter("/p")})
    body = json.dumps({"Resources": {"P": stacks.parameter("/p")}})
    assert stacks.error("update_stack", StackName="one", TemplateBody=body) == (
        "ValidationError",
        "No updates are to be performed.",
    )


def test_a_new_value_in_the_parameter_store_is_a_change(emulator, stacks):
    """cloudformation-supplied-parameter-types.html: the latest value is fetched at each update"""
    _put(emulator, "/source", "old")
    resources = {"P": stacks.parameter("/p", {"Ref": "Source"})}
    stacks.create("one", resources, SSM_VALUE, Parameters=_given("/source"))
    _put(emulator, "/source", "new")
    stacks.update("one", resources, SSM_VALUE, Parameters=[{"ParameterKey": "Source", "UsePreviousValue": True}])
    assert _ssm(emulator, "/p") == "new"


def test_a_change_reaches_what_refers_to_it(emulator, stacks):
    def resources(cpu):
        definition = {"Name": "c", "Image": "i"}
        task = {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"Family": "f", "Cpu": cpu, "Memory": "512", "ContainerDefinitions": [definition]},
        }
        return {"Task": task, "Latest": stacks.parameter("/latest", {"Ref": "Task"})}

    stacks.create("one", resources("256"))
    assert _ssm(emulator, "/latest").endswith("task-definition/f:1")
    stacks.update("one", resources("512"))
    assert _ssm(emulator, "/latest").endswith("task-definition/f:2")


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED"])
def test_no_update_in_these_states(emulator, stacks, status):
    """widdix/cfn-create-or-update#3 has the wording"""
    stack_id = stacks.create("one", {"P": stacks.parameter("/p")})
    emulator.set_stack_status("one", status)
    body = json.dumps({"Resources": {"P": stacks.parameter("/p", "new")}})
    assert stacks.error("update_stack", StackName="one", TemplateBody=body) == (
        "ValidationError",
        f"Stack:{stack_id} is in {status} state and can not be updated.",
    )
