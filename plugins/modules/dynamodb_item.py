#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ensure that a table has a row."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_item
short_description: Put a row into a DynamoDB table
version_added: 1.0.0
description:
  - Puts an item into a table unless one with its key is there. What an application has made of a row since is kept,
    unless O(overwrite) says otherwise.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  table:
    description: Name of the table.
    type: str
    required: true
  item:
    description:
      - The item, in DynamoDB's JSON, each value with its type.
      - See U(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).
    type: dict
    required: true
  overwrite:
    description: Put it too where an item with its key is there that differs.
    type: bool
    default: false
notes:
  - In check mode, a table that is not there is taken for one that will be.
  - The IAM actions needed are C(dynamodb:DescribeTable), C(dynamodb:GetItem) and C(dynamodb:PutItem).
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
"""

EXAMPLES = r"""
- name: Have one row to look at
  workshop.lifecycle.dynamodb_item:
    table: cuddlykube
    item:
      ckid: {S: ck1}
      happiness: {N: "1"}
"""

RETURN = r"""
item:
  description: The item that is there, in DynamoDB's JSON. In check mode, that would be.
  returned: success
  type: dict
  sample: {ckid: {S: ck1}, happiness: {N: "1"}}
"""

import base64
import os

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # Handled by AnsibleAWSModule

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity


def as_boto3(value):
    """An attribute with bytes where JSON has base64."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(content)}
    if kind == "BS":
        return {kind: [base64.b64decode(item) for item in content]}
    if kind == "L":
        return {kind: [as_boto3(item) for item in content]}
    if kind == "M":
        return {kind: {name: as_boto3(item) for name, item in content.items()}}
    return {kind: content}


def as_json(value):
    """The same the other way round."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64encode(content).decode()}
    if kind == "BS":
        return {kind: [base64.b64encode(item).decode() for item in content]}
    if kind == "L":
        return {kind: [as_json(item) for item in content]}
    if kind == "M":
        return {kind: {name: as_json(item) for name, item in content.items()}}
    return {kind: content}


def find(client, table, item):
    """The item of the same key; None if there is none. KeyError for an item without its key."""
    keys = [part["AttributeName"] for part in client.describe_table(TableName=table)["Table"]["KeySchema"]]
    found = client.get_item(TableName=table, Key={name: item[name] for name in keys}, ConsistentRead=True)
    return found.get("Item")


def main():
    module = AnsibleAWSModule(
        argument_spec={
            "table": {"type": "str", "required": True},
            "item": {"type": "dict", "required": True},
            "overwrite": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    module.params.update(one_identity(module.params, os.environ))
    table, given = module.params["table"], module.params["item"]
    try:
        item = {name: as_boto3(value) for name, value in given.items()}
    except (AttributeError, TypeError, ValueError):
        module.fail_json(msg=f"item is not in DynamoDB's JSON, such as {{id: {{S: '1'}}}}: {given}")
    try:
        client = module.client("dynamodb")
        try:
            before = find(client, table, item)
        except is_boto3_error_code("ResourceNotFoundException"):
            if not module.check_mode:
                raise
            before = None
        put = before is None or (module.params["overwrite"] and before != item)
        if put and not module.check_mode:
            client.put_item(TableName=table, Item=item)
    except KeyError as error:
        module.fail_json(msg=f"item lacks {error}, which is in the key of the table {table}.")
    except (BotoCoreError, ClientError) as error:
        module.fail_json_aws(error, msg=f"The table {table} could not be given a row")
    after = item if put else before
    shown = [{name: as_json(value) for name, value in (some or {}).items()} for some in (before, after)]
    module.exit_json(changed=put, item=shown[1], diff={"before": shown[0], "after": shown[1]})


if __name__ == "__main__":
    main()
