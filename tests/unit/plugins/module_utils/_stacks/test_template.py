# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.template import kept

YAML = """\
Metadata:
  Before:
    DeletionPolicy: Retain

Resources:
  # DeletionPolicy: Retain
  Vpc:
    Type: AWS::EC2::VPC
    DeletionPolicy: Retain
    Properties:
      CidrBlock: 10.0.0.0/16

  "Table":
    Type: 'AWS::DynamoDB::Table'
    Properties:
      DeletionPolicy: Retain
    DeletionPolicy:   "RetainExceptOnCreate"  # a note
  Goes:
      Type: AWS::SQS::Queue
      DeletionPolicy: Delete
      Metadata:
        Text: |
          DeletionPolicy: Retain
  Snapshot: {Type: AWS::EC2::Volume}
Outputs:
  After:
    DeletionPolicy: Retain
"""


def test_what_a_template_in_yaml_keeps():
    assert kept(YAML) == {"Vpc", "Table"}
    assert kept("") == frozenset()


def test_what_a_template_in_json_keeps():
    policies = {"Vpc": "Retain", "Table": "RetainExceptOnCreate", "Goes": "Delete", "Volume": "Snapshot"}
    resources = {name: {"Type": "X", "DeletionPolicy": policy} for name, policy in policies.items()}
    assert kept({"Resources": {**resources, "Plain": {"Type": "X"}}}) == {"Vpc", "Table"}
    assert kept({}) == frozenset()
