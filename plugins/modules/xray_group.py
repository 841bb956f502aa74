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
  insights_enabled:
    description:
      - Whether X-Ray looks for anomalies in the traces of the group, which costs by the trace. Off in a group that is
        created without it, left as it is when not given.
      - Off for O(notifications_enabled) as well.
    type: bool
  notifications_enabled:
    description:
      - Whether X-Ray tells EventBridge of what it finds, see O(insights_enabled), without which it is refused.
      - Left as it is when not given.
    type: bool
  state:
    description: Whether the group is to be there.
    type: str
    choices: [present, absent]
    default: present
notes:
  - X-Ray reports a group that is not there as an InvalidRequestException that says so, see
    U(https://docs.aws.amazon.com/xray/latest/api/API_GetGroup.html).
  - A changed O(filter_expression) holds for the traces that come from then on. To have a graph and metrics that know
    only the new one, remove the group and create it again.
  - The IAM actions needed are C(xray:GetGroup), C(xray:CreateGroup), C(xray:UpdateGroup), C(xray:DeleteGroup), and with
    O(tags) C(xray:ListTagsForResource), C(xray:TagResource) and C(xray:UntagResource).
seealso:
  - module: workshop.lifecycle.xray_sampling_rule
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
"""

EXAMPLES = r"""
- name: Look at the traces of one site
  workshop.lifecycle.xray_group:
    name: cuddle-kube
    filter_expression: 'http.url BEGINSWITH "http://cuddlek-alb"'

- name: Have X-Ray look for anomalies in the faults of one site, and say when it finds one
  workshop.lifecycle.xray_group:
    name: cuddle-kube-faults
    filter_expression: 'service("register-api") { fault = true OR error = true }'
    insights_enabled: true
    notifications_enabled: true
    tags: {course: kitchen}

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
    insights_enabled:
      description: Whether X-Ray looks for anomalies.
      type: bool
      sample: true
    notifications_enabled:
      description: Whether X-Ray tells EventBridge of them.
      type: bool
      sample: false
    tags:
      description: Tags of the group.
      returned: when O(tags) is given
      type: dict
      sample: {course: kitchen}
"""

import os

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # Handled by AnsibleAWSModule

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_message
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.xray_tags import as_list
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.xray_tags import change_tags
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.xray_tags import tags_after
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.xray_tags import tags_of

OPTIONS = ("filter_expression", "insights_enabled", "notifications_enabled")
# https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html
NEW = {"filter_expression": "", "insights_enabled": False, "notifications_enabled": False}


def find(client, name: str) -> dict | None:
    """The group, or None where X-Ray says that it is not there."""
    try:
        found = client.get_group(GroupName=name)["Group"]
    except is_boto3_error_message("not found"):
        return None
    insights = found.get("InsightsConfiguration") or {}
    return {
        "name": found["GroupName"],
        "arn": found["GroupARN"],
        "filter_expression": found.get("FilterExpression", ""),
        "insights_enabled": insights.get("InsightsEnabled", False),
        "notifications_enabled": insights.get("NotificationsEnabled", False),
    }


def ensure_absent(client, group: dict | None, check_mode: bool) -> None:
    """Delete the group if it is there; one that somebody else deletes meanwhile is gone as well."""
    if group and not check_mode:
        try:
            client.delete_group(GroupName=group["name"])
        except is_boto3_error_message("not found"):
            pass


def after_of(name: str, before: dict | None, params: dict) -> dict:
    """The group as it is to be, without its tags."""
    wanted = {option: params[option] for option in OPTIONS if params[option] is not None}
    if wanted.get("insights_enabled") is False:
        wanted["notifications_enabled"] = False
    return {**(before or {"name": name, "arn": None, **NEW}), **wanted}


def ensure_present(client, before: dict | None, after: dict) -> dict:
    """Create the group, or change what differs. Both with ``tags`` where they are looked at."""
    insights = ("insights_enabled", "notifications_enabled")
    fields = {}
    if after["filter_expression"] != (before or NEW)["filter_expression"]:
        fields["FilterExpression"] = after["filter_expression"]
    if any(after[option] != (before or NEW)[option] for option in insights):
        enabled, notified = (after[option] for option in insights)
        fields["InsightsConfiguration"] = {"InsightsEnabled": enabled, "NotificationsEnabled": notified}
    if before is None:
        tags = {"Tags": as_list(after["tags"])} if after.get("tags") else {}
        made = client.create_group(GroupName=after["name"], **fields, **tags)["Group"]
        return {**after, "arn": made["GroupARN"]}
    if fields:
        client.update_group(GroupName=after["name"], **fields)
    if "tags" in after:
        change_tags(client, after["arn"], before["tags"], after["tags"])
    return after


def present(client, module, before: dict | None) -> tuple[dict | None, dict]:
    """The group before and after."""
    after, tags = after_of(module.params["name"], before, module.params), module.params["tags"]
    if after["notifications_enabled"] and not after["insights_enabled"]:
        module.fail_json(
            msg=f"X-Ray group {after['name']} can have notifications_enabled only together with insights_enabled."
        )
    if tags is not None:
        now = tags_of(client, before["arn"]) if before else {}
        before = before and {**before, "tags": now}
        after["tags"] = tags_after(now, tags, module.params["purge_tags"])
    if not module.check_mode:
        after = ensure_present(client, before, after)
    return before, after


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "filter_expression": {"type": "str"},
            "insights_enabled": {"type": "bool"},
            "notifications_enabled": {"type": "bool"},
            "tags": {"type": "dict", "aliases": ["resource_tags"]},
            "purge_tags": {"type": "bool", "default": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    module.params.update(one_identity(module.params, os.environ))
    name, state = module.params["name"], module.params["state"]
    try:
        client = module.client("xray")
        before = find(client, name)
        if state == "absent":
            after = ensure_absent(client, before, module.check_mode)
        else:
            before, after = present(client, module, before)
    except (BotoCoreError, ClientError) as error:
        module.fail_json_aws(error, msg=f"X-Ray group {name} could not be brought to state {state}")
    module.exit_json(changed=before != after, group=after, diff={"before": before or {}, "after": after or {}})


if __name__ == "__main__":
    main()
