#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ensure that an X-Ray sampling rule is there, or is not."""

from __future__ import annotations

DOCUMENTATION = r"""
module: xray_sampling_rule
short_description: Manage an AWS X-Ray sampling rule
version_added: 1.0.0
description:
  - Creates, changes or deletes an X-Ray sampling rule, which says how many of the requests that it matches are traced.
  - Applications fetch the rules when they start and every few minutes after, so that a change takes as long to be seen.
  - Traces that are there already are not touched.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  rule_name:
    description:
      - Name of the rule, at most 32 characters.
      - Of the rule V(Default), which is for what no other matches, X-Ray changes O(fixed_rate) and O(reservoir_size)
        alone, and does not delete it.
    type: str
    required: true
  priority:
    description:
      - Which rule is asked first, from 1 to 9999. The first that matches a request decides.
      - Needed to create a rule.
    type: int
  fixed_rate:
    description:
      - Which share of the matching requests is traced beyond O(reservoir_size), from V(0) to V(1).
      - Needed to create a rule.
    type: float
  reservoir_size:
    description:
      - How many matching requests are traced in each second before O(fixed_rate) holds.
      - Needed to create a rule.
    type: int
  service_name:
    description: Name with which the service sends its segments. Wildcards are V(*) and V(?), as in all that follow.
    type: str
  service_type:
    description: Origin of the segments, such as V(AWS::ECS::Container).
    type: str
  host:
    description: The header C(Host) of the request.
    type: str
  http_method:
    description: Method of the request.
    type: str
  url_path:
    description: Path of the request.
    type: str
  resource_arn:
    description:
      - ARN of the resource on which the service runs.
      - Rules with another one than V(*) are passed over by applications that use an SDK.
    type: str
  attributes:
    description:
      - At most 5 attributes of the request.
      - Rules with attributes are passed over by applications that use an X-Ray SDK.
    type: dict
  state:
    description: Whether the rule is to be there.
    type: str
    choices: [present, absent]
    default: present
notes:
  - What is not given is left as it is, or is V(*), for O(attributes) none, in a rule that is created.
  - A rule can not be renamed. X-Ray has up to 25 of them in an account and region, see
    U(https://docs.aws.amazon.com/general/latest/gr/xray.html).
  - The IAM actions needed are C(xray:GetSamplingRules), C(xray:CreateSamplingRule), C(xray:UpdateSamplingRule),
    C(xray:DeleteSamplingRule), and with O(tags) C(xray:ListTagsForResource), C(xray:TagResource) and
    C(xray:UntagResource).
seealso:
  - module: workshop.lifecycle.xray_group
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
"""

EXAMPLES = r"""
- name: Don't log health checks
  workshop.lifecycle.xray_sampling_rule:
    rule_name: health-checks
    priority: 1
    url_path: /health
    fixed_rate: 0
    reservoir_size: 0

- name: Trace every registration, and a few of the other requests
  workshop.lifecycle.xray_sampling_rule:
    rule_name: "{{ item.name }}"
    priority: "{{ item.priority }}"
    url_path: "{{ item.path }}"
    fixed_rate: "{{ item.rate }}"
    reservoir_size: 1
  loop:
    - {name: register, priority: 10, path: /register, rate: 1.0}
    - {name: others, priority: 20, path: "*", rate: 0.05}

- name: Trace fewer of the requests that no rule matches
  workshop.lifecycle.xray_sampling_rule:
    rule_name: Default
    fixed_rate: 0.01

- name: Remove a rule
  workshop.lifecycle.xray_sampling_rule:
    rule_name: health-checks
    state: absent
"""

RETURN = r"""
sampling_rule:
  description: The rule, or V(null) where it is not there.
  returned: success
  type: dict
  contains:
    rule_name:
      description: Name of the rule.
      type: str
      sample: health-checks
    rule_arn:
      description: ARN of the rule, V(null) where check mode only predicts it.
      type: str
      sample: arn:aws:xray:eu-central-1:123456789012:sampling-rule/health-checks
    priority:
      description: Which rule is asked first.
      type: int
      sample: 1
    fixed_rate:
      description: Share of the requests that is traced beyond RV(sampling_rule.reservoir_size).
      type: float
      sample: 0.0
    reservoir_size:
      description: How many requests are traced in each second before.
      type: int
      sample: 0
    service_name:
      description: Name of the services that it is for.
      type: str
      sample: '*'
    service_type:
      description: Origin of the segments.
      type: str
      sample: '*'
    host:
      description: The header C(Host).
      type: str
      sample: '*'
    http_method:
      description: Method of the request.
      type: str
      sample: '*'
    url_path:
      description: Path of the request.
      type: str
      sample: /health
    resource_arn:
      description: ARN of the resource on which the service runs.
      type: str
      sample: '*'
    attributes:
      description: Attributes of the request.
      type: dict
      sample: {}
    tags:
      description: Tags of the rule.
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

# What X-Ray calls our options: https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html
NAMES = {
    "priority": "Priority",
    "fixed_rate": "FixedRate",
    "reservoir_size": "ReservoirSize",
    "service_name": "ServiceName",
    "service_type": "ServiceType",
    "host": "Host",
    "http_method": "HTTPMethod",
    "url_path": "URLPath",
    "resource_arn": "ResourceARN",
    "attributes": "Attributes",
}
NEEDED = ("fixed_rate", "priority", "reservoir_size")
# https://docs.aws.amazon.com/xray/latest/devguide/xray-api-configuration.html#xray-api-configuration-sampling
OF_DEFAULT = ("fixed_rate", "reservoir_size")
LONGEST = {
    "rule_name": 32,
    "service_name": 64,
    "service_type": 64,
    "host": 64,
    "http_method": 10,
    "url_path": 128,
    "resource_arn": 500,
}
RANGES = {"fixed_rate": (0, 1), "reservoir_size": (0, None), "priority": (1, 9999)}
MOST_ATTRIBUTES = 5
LONGEST_ATTRIBUTE = 32


def find(client, name: str) -> dict | None:
    """The rule, or None where it is not there."""
    for page in client.get_paginator("get_sampling_rules").paginate():
        for record in page["SamplingRuleRecords"]:
            rule = record["SamplingRule"]
            if rule.get("RuleName") == name:
                known = {option: rule.get(field) for option, field in NAMES.items()}
                return {
                    "rule_name": name,
                    "rule_arn": rule["RuleARN"],
                    **known,
                    "attributes": known["attributes"] or {},
                }
    return None


def wanted_of(params: dict) -> dict:
    """What is given of the rule itself."""
    wanted = {option: params[option] for option in NAMES if params[option] is not None}
    if "attributes" in wanted:
        wanted["attributes"] = {key: str(value) for key, value in wanted["attributes"].items()}
    return wanted


def limits(params: dict) -> str | None:
    """Why X-Ray would refuse it whatever there is, None if it would not."""
    for option, longest in LONGEST.items():
        if params[option] is not None and not 1 <= len(params[option]) <= longest:
            return f"{option} must have 1 to {longest} characters, not {len(params[option])}"
    for option, (least, most) in RANGES.items():
        value = params[option]
        if value is not None and (value < least or (most is not None and value > most)):
            if params["rule_name"] == "Default" and option == "priority":
                continue  # it has one beyond the range, and whether it is to be changed is seen later
            return (
                f"{option} must be {least} or more, not {value}"
                if most is None
                else (f"{option} must be from {least} to {most}, not {value}")
            )
    attributes = params["attributes"] or {}
    if len(attributes) > MOST_ATTRIBUTES:
        return f"attributes must be at most {MOST_ATTRIBUTES}, not {len(attributes)}"
    for text in [*attributes, *map(str, attributes.values())]:
        if not 1 <= len(text) <= LONGEST_ATTRIBUTE:
            return f"attributes must have names and values of 1 to {LONGEST_ATTRIBUTE} characters: {text!r}"
    return None


def refusal(name: str, before: dict | None, wanted: dict, state: str) -> str | None:
    """Why X-Ray would refuse it as things are, None if it would not."""
    if name == "Default":
        if state == "absent":
            return "X-Ray does not delete the rule Default"
        changed = [option for option, value in wanted.items() if before is None or before[option] != value]
        fixed = sorted(set(changed) - set(OF_DEFAULT))
        if fixed:
            return f"of the rule Default X-Ray changes fixed_rate and reservoir_size alone, not {', '.join(fixed)}"
    if state == "present" and before is None:
        missing = [option for option in NEEDED if option not in wanted]
        if missing:
            return f"the rule is not there, and to create it {', '.join(missing)} must be given"
    return None


def ensure_absent(client, before: dict | None, check_mode: bool) -> None:
    """Delete the rule if it is there; one that somebody else deletes meanwhile is gone as well."""
    if before and not check_mode:
        try:
            client.delete_sampling_rule(RuleName=before["rule_name"])
        except is_boto3_error_message("does not exist"):
            pass


def ensure_present(client, name: str, before: dict | None, after: dict, check_mode: bool) -> dict:
    """Create the rule, or change what differs. ``after`` and ``before``: with ``tags`` where they are looked at."""
    if check_mode or before == after:
        return after
    fields = {NAMES[option]: after[option] for option in NAMES if before is None or before[option] != after[option]}
    if before is None:
        tags = {"Tags": as_list(after["tags"])} if after.get("tags") else {}
        rule = client.create_sampling_rule(SamplingRule={"RuleName": name, "Version": 1, **fields}, **tags)
        return {**after, "rule_arn": rule["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]}
    if fields:
        client.update_sampling_rule(SamplingRuleUpdate={"RuleName": name, **fields})
    if "tags" in after:
        change_tags(client, after["rule_arn"], before["tags"], after["tags"])
    return after


def present(client, module, before: dict | None, wanted: dict) -> tuple[dict | None, dict]:
    """The rule before and after."""
    name, tags = module.params["rule_name"], module.params["tags"]
    if before is None:
        created = {option: {} if option == "attributes" else "*" for option in NAMES}
        after = {"rule_name": name, "rule_arn": None, **created, **wanted}
    else:
        after = {**before, **wanted}
    if tags is not None:
        now = tags_of(client, before["rule_arn"]) if before else {}
        before = before and {**before, "tags": now}
        after["tags"] = tags_after(now, tags, module.params["purge_tags"])
    return before, ensure_present(client, name, before, after, module.check_mode)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "rule_name": {"type": "str", "required": True},
            "priority": {"type": "int"},
            "fixed_rate": {"type": "float"},
            "reservoir_size": {"type": "int"},
            "service_name": {"type": "str"},
            "service_type": {"type": "str"},
            "host": {"type": "str"},
            "http_method": {"type": "str"},
            "url_path": {"type": "str"},
            "resource_arn": {"type": "str"},
            "attributes": {"type": "dict"},
            "tags": {"type": "dict", "aliases": ["resource_tags"]},
            "purge_tags": {"type": "bool", "default": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    module.params.update(one_identity(module.params, os.environ))
    name, state = module.params["rule_name"], module.params["state"]
    failed = f"X-Ray sampling rule {name} could not be brought to state {state}"
    refused = limits(module.params)
    if refused:
        module.fail_json(msg=f"{failed}: {refused}.")
    try:
        client = module.client("xray")
        before, wanted = find(client, name), wanted_of(module.params)
        refused = refusal(name, before, wanted, state)
        if refused:
            module.fail_json(msg=f"{failed}: {refused}.")
        if state == "absent":
            after = ensure_absent(client, before, module.check_mode)
        else:
            before, after = present(client, module, before, wanted)
    except (BotoCoreError, ClientError) as error:
        module.fail_json_aws(error, msg=failed)
    module.exit_json(changed=before != after, sampling_rule=after, diff={"before": before or {}, "after": after or {}})


if __name__ == "__main__":
    main()
