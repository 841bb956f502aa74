# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets and nested stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError


def _ssm(emulator, name):
    return emulator.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def test_change_set_for_a_new_stack(stacks):
    """API_CreateChangeSet: the new stack is in REVIEW_IN_PROGRESS until the change set is executed"""
    body = json.dumps({"Resources": {"P": stacks.parameter("/p")}})
    options = {"StackName": "one", "ChangeSetName": "first"}
    stacks.client.create_change_set(TemplateBody=body, ChangeSetType="CREATE", **options)
    assert stacks.status("one") == "REVIEW_IN_PROGRESS"
    assert stacks.client.describe_change_set(**options)["Status"] == "CREATE_COMPLETE"
    stacks.client.execute_change_set(**options)
    assert stacks.status("one") == "CREATE_COMPLETE"


def test_a_stack_in_review_can_be_deleted(stacks):
    """go-to-k/delstack#646"""
    body = json.dumps({"Resources": {"P": stacks.parameter("/p")}})
    created = stacks.client.create_change_set(
        StackName="one", ChangeSetName="first", TemplateBody=body, ChangeSetType="CREATE"
    )
    stacks.delete("one")
    assert stacks.end(created["StackId"]) == "DELETE_COMPLETE"


def test_change_set_for_an_update(emulator, stacks):
    stacks.create("one", {"P": stacks.parameter("/p", "old")})
    body = json.dumps({"Resources": {"P": stacks.parameter("/p", "new")}})
    options = {"StackName": "one", "ChangeSetName": "second"}
    stacks.client.create_change_set(TemplateBody=body, **options)
    assert _ssm(emulator, "/p") == "old"
    stacks.client.execute_change_set(**options)
    assert _ssm(emulator, "/p") == "new"
    assert stacks.status("one") == "UPDATE_COMPLETE"


def test_change_set_without_changes(stacks):
    body = json.dumps({"Resources": {"P": stacks.parameter("/p")}})
    stacks.create("one", {"P": stacks.parameter("/p")})
    created = stacks.client.create_change_set(StackName="one", ChangeSetName="none", TemplateBody=body)
    described = stacks.client.describe_change_set(ChangeSetName=created["Id"])
    assert described["Status"] == "FAILED"
    assert "didn't contain changes" in described["StatusReason"]


def _nested(emulator, stacks):
    """Create a root stack with one nested stack; the id of the root and the nested stack."""
    inner = json.dumps({"Resources": {"P": stacks.parameter("/inner")}})
    emulator.client("s3", "us-east-1").create_bucket(Bucket="templates")
    emulator.client("s3", "us-east-1").put_object(Bucket="templates", Key="inner.json", Body=inner)
    url = "https://s3.amazonaws.com/templates/inner.json"
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    root_id = stacks.create("root", {"Nested": nested})
    (child,) = [stack for stack in stacks.client.describe_stacks()["Stacks"] if stack["StackName"] != "root"]
    return root_id, child


def test_nested_stacks_go_with_their_root(emulator, stacks):
    root_id, child = _nested(emulator, stacks)
    assert (child["ParentId"], child["RootId"]) == (root_id, root_id)
    stacks.delete("root")
    assert stacks.end(root_id) == "DELETE_COMPLETE"
    assert stacks.status(child["StackId"]) == "DELETE_COMPLETE"


def test_a_nested_stack_that_fails_fails_its_root(emulator, stacks):
    root_id, child = _nested(emulator, stacks)
    emulator.faults.fail_resource(child["StackName"], "P", "Internal Failure")
    stacks.delete("root")
    assert stacks.end(root_id) == "DELETE_FAILED"
    assert "was not successfully deleted" in stacks.reason(root_id, "Nested")


def test_a_change_set_with_the_same_template_has_no_changes_whatever_moto_adds(stacks):
    """To a resource without properties moto adds some when it is built."""
    body = json.dumps({"Resources": {"Gateway": {"Type": "AWS::EC2::InternetGateway"}}})
    stacks.client.create_stack(StackName="one", TemplateBody=body)
    created = stacks.client.create_change_set(StackName="one", ChangeSetName="none", TemplateBody=body)
    assert stacks.client.describe_change_set(ChangeSetName=created["Id"])["Status"] == "FAILED"


@pytest.mark.parametrize("body", ["Resources: [", "Outputs: {}"])
def test_what_is_no_template_is_not_valid(stacks, body):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html"""
    with pytest.raises(ClientError, match="ValidationError.*Template format error"):
        stacks.client.validate_template(TemplateBody=body)
    good = json.dumps({"Parameters": {"A": {"Type": "String"}}, "Resources": {"P": stacks.parameter("/p")}})
    assert stacks.client.validate_template(TemplateBody=good)["Parameters"][0]["ParameterKey"] == "A"
