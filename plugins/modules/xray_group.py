#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ensure that an X-Ray group is there, or is not."""

from __future__ import annotations

DOCUMENTATION = r"""
module: xray_group
short_description: Manage an AWS X-Ray group
version_added: 1.0.0
description:
  - Creates, changes or deletes an X-Ray group, the named filter under which traces are looked at.
  - Traces are not touched. X-Ray keeps them for 30 days, and they can not be deleted.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  name:
    description: Name of the group.
    type: str
    required: true
  filter_expression:
    description:
      - Which traces are in the group, as an X-Ray filter expression.
      - Left as it is when not given.
    type: str
  state:
    description: Whether the group is to be there.
    type: str
    choices: [present, absent]
    default: present
notes:
  - X-Ray reports a group that is not there as an InvalidRequestException that says so, see
    U(https://docs.aws.amazon.com/xray/latest/api/API_GetGroup.html).
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
"""

EXAMPLES = r"""
- name: Look at the traces of one site
  workshop.lifecycle.xray_group:
    name: cuddle-kube
    filter_expression: 'http.url BEGINSWITH "http://cuddlek-alb"'

- name: Remove the group
  workshop.lifecycle.xray_group:
    name: cuddle-kube
    state: absent
"""

RETURN = r"""
group:
  description: The group, or V(null) where it is not there.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the group.
      type: str
      sample: cuddle-kube
    arn:
      description: ARN of the group, V(null) where check mode only predicts it.
      type: str
      sample: arn:aws:xray:eu-central-1:123456789012:group/cuddle-kube/ABCDEF
    filter_expression:
      description: Which traces are in the group. Empty for all.
      type: str
      sample: 'http.url BEGINSWITH "http://cuddlek-alb"'
"""

import os

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # Handled by AnsibleAWSModule

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_message
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity


def find(client, name: str) -> dict | None:
    """The group, or None where X-Ray says that it is not there."""
    try:
        found = client.get_group(GroupName=name)["Group"]
    except is_boto3_error_message("not found"):
        return None
    expression = found.get("FilterExpression", "")
    return {"name": found["GroupName"], "arn": found["GroupARN"], "filter_expression": expression}


def ensure_absent(client, group: dict | None, check_mode: bool) -> dict | None:
    """Delete the group if it is there; one that somebody else deletes meanwhile is gone as well."""
    if group and not check_mode:
        try:
            client.delete_group(GroupName=group["name"])
        except is_boto3_error_message("not found"):
            pass
    return None


def ensure_present(client, group: dict | None, name: str, expression: str | None, check_mode: bool) -> dict:
    """Create the group, or give it the filter expression."""
    if group and expression in (None, group["filter_expression"]):
        return group
    arguments = {"GroupName": name} if expression is None else {"GroupName": name, "FilterExpression": expression}
    if check_mode:
        return {"name": name, "arn": group and group["arn"], "filter_expression": expression or ""}
    if group:
        client.update_group(**arguments)
    else:
        client.create_group(**arguments)
    return find(client, name)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "filter_expression": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    module.params.update(one_identity(module.params, os.environ))
    name, expression = module.params["name"], module.params["filter_expression"]
    try:
        client = module.client("xray")
        before = find(client, name)
        if module.params["state"] == "absent":
            after = ensure_absent(client, before, module.check_mode)
        else:
            after = ensure_present(client, before, name, expression, module.check_mode)
    except (BotoCoreError, ClientError) as error:
        module.fail_json_aws(error, msg=f"X-Ray group {name} could not be brought to state {module.params['state']}")
    module.exit_json(changed=before != after, group=after, diff={"before": before or {}, "after": after or {}})


if __name__ == "__main__":
    main()
