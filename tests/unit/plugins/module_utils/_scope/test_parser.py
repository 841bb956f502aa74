# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How templates in YAML are read."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.parser import Parser

TEMPLATE = """
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  Both: !And [!Condition One, !Equals [!Ref Stage, dev]]
Resources:
  It:
    Type: AWS::EC2::SecurityGroup
    Condition: Both
    Properties:
      VpcId: !ImportValue {"Fn::Sub": "${Name}-vpc"}
      Text: !Sub ["${A}", {A: !GetAtt Other.Arn}]
      Key: !GetStackOutput
        StackName: shop-net
        OutputName: Vpc
      On: yes
      Number: 010
"""


def test_what_yaml_abbreviates_is_written_out() -> None:
    found = Parser(yaml)(TEMPLATE)
    assert found["AWSTemplateFormatVersion"] == "2010-09-09"
    assert found["Conditions"]["Both"] == {"Fn::And": [{"Condition": "One"}, {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}]}
    assert found["Resources"]["It"]["Properties"] == {
        "VpcId": {"Fn::ImportValue": {"Fn::Sub": "${Name}-vpc"}},
        "Text": {"Fn::Sub": ["${A}", {"A": {"Fn::GetAtt": "Other.Arn"}}]},
        "Key": {"Fn::GetStackOutput": {"StackName": "shop-net", "OutputName": "Vpc"}},
        "On": "yes",
        "Number": "010",
    }


@pytest.mark.parametrize(("text", "problem"), [("a: [", "flow"), ("- a", "no mapping"), ("", "no mapping")])
def test_what_is_no_template(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Parser(yaml)(text)


def test_without_pyyaml_that_is_said() -> None:
    with pytest.raises(ValueError, match="has no PyYAML"):
        Parser(None)(TEMPLATE)
