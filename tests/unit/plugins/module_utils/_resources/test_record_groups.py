# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.record_groups import groups_of_others
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.record_groups import may_be_in
from tests.unit.plugins.fake_aws import FakeAws, refusal

OURS = Ours({Resource("AWS::Route53::HostedZone", "Z1"): "shop"})
GROUP = {"Resources": {"Group": {"Type": "AWS::Route53::RecordSetGroup"}}}
ID = "arn:aws:cloudformation:eu-central-1:123456789012:stack/{}/1"


def stack(name, status="CREATE_COMPLETE", root="", *values):
    parameters = [{"ParameterKey": "P", "ParameterValue": value} for value in values]
    found = {"StackName": name, "StackId": ID.format(name), "StackStatus": status, "Parameters": parameters}
    return {**found, "RootId": ID.format(root)} if root else found


def groups(*stacks, templates=None):
    templates = templates or GROUP
    answers = {
        "cloudformation.describe_stacks": {"Stacks": list(stacks)},
        "cloudformation.get_template": lambda StackName, TemplateStage: templates
        if isinstance(templates, Exception)
        else {"TemplateBody": templates},
    }
    aws = FakeAws(answers)
    with Looks(aws, lambda seconds: None) as looks:
        return groups_of_others(looks, OURS), [gap["action"] for gap in looks.gaps()]


def test_those_of_live_stacks_that_are_none_of_ours_nor_nested_in_one():
    others = (stack("bank"), stack("bank-inner", root="bank"))
    ours = (stack("shop"), stack("shop-inner", root="shop"), stack("gone", "DELETE_COMPLETE"))
    found, gaps = groups(*others, *ours)
    assert list(found) == ["bank", "bank-inner"] and gaps == []
    assert groups(*others, templates="Resources: {A: {Type: AWS::Route53::RecordSet}}")[0] == {}
    assert list(groups(*others, templates="Resources: {A: {Type: AWS::Route53::RecordSetGroup}}")[0]) == list(found)


@pytest.mark.parametrize("refused", [refusal("AccessDenied", status=403), refusal("Throttling", "Rate exceeded")])
def test_what_could_not_be_looked_at_is_not_known(refused):
    assert groups(stack("bank"), templates=refused) == (None, ["cloudformation:GetTemplate"])
    gone = refusal("ValidationError", "Stack with id bank does not exist")
    assert groups(stack("bank"), templates=gone) == ({}, [])


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ("HostedZoneId: Z1", True),
        ("HostedZoneName: Shop.Example.", True),
        ("Name: www.shop.example", True),
        (json.dumps({"HostedZoneId": {"Fn::ImportValue": "zone"}}), True),
        ("HostedZoneId: '{{resolve:ssm:/zone}}'", True),
        ("HostedZoneId: Z2, Name: www.bank.example", False),
    ],
)
def test_whether_one_may_be_in_a_zone(words, may):
    assert may_be_in(words, "Z1", "shop.example.") is may


def test_what_a_stack_was_given_counts_as_what_its_template_says():
    (words,) = groups(stack("bank", "CREATE_COMPLETE", "", "Z1"))[0].values()
    assert may_be_in(words, "Z1", "shop.example.")
