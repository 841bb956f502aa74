# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.template import kept
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.template import perhaps_kept

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


def test_what_may_stay_for_all_that_is_understood_of_a_template():
    """Nothing is destroyed in it then."""
    kept_one = "  A:\n    Type: X\n    DeletionPolicy: Retain\n"
    plain = f"Resources:\n{kept_one}  B:\n    Type: X\n    # DeletionPolicy: Retain\n"
    assert perhaps_kept(plain) == {"A"}
    assert perhaps_kept(f"{plain}    DeletionPolicy: !Ref Policy\n") == {"A", "B"}
    assert perhaps_kept(f"{plain}    DeletionPolicy: Snapshot\n  C: {{Type: X}}\n") == {"A"}
    for odd in ("  C: {Type: X, DeletionPolicy: Retain}\n", "  C:\n    <<: *kept\n"):
        assert perhaps_kept(plain + odd) is None, odd
    policies = {"A": "Retain", "B": {"Ref": "P"}, "C": "Delete"}
    resources = {name: {"DeletionPolicy": policy} for name, policy in policies.items()}
    assert perhaps_kept({"Resources": {**resources, "D": {}}}) == {"A", "B"}
