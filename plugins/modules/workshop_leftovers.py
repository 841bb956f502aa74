#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_leftovers
short_description: Remove what a workshop has left outside its stacks
version_added: 1.0.0
description:
  - Removes leftovers of a workshop, as M(workshop.lifecycle.workshop_info) has found them.
  - Removes what it is told to, without a look at who owns it.
  - Each one is tried, whatever became of the others.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
attributes:
  check_mode:
    details:
      - Looks which of them are there. One that may not be looked for counts as there.
options:
  leftovers:
    description:
      - Rows of RV(workshop.lifecycle.workshop_info#module:leftovers), as they are.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description:
          - What it is.
          - For a V(task_definition), a revision that is INACTIVE. Others are left alone.
        type: str
        choices:
          - cloud_map_instance
          - log_group
          - ssm_parameter
          - task_definition
          - xray_group
          - xray_sampling_rule
        required: true
      id:
        description:
          - What AWS deletes it by.
          - The name of a log group, SSM parameter, X-Ray group or sampling rule, the id of a Cloud Map instance, the
            ARN of a task definition.
        type: str
        required: true
      name:
        description:
          - What it is called in messages. O(leftovers[].id) if not given.
        type: str
      service_id:
        description:
          - Id of the Cloud Map service in which an instance is registered. Required for a V(cloud_map_instance).
        type: str
      details:
        description:
          - Not used. Here so that rows can be given as they are.
        type: dict
  state:
    description:
      - They are not to be there.
    type: str
    choices: [absent]
    default: absent
  wait_timeout:
    description:
      - Seconds to wait until Cloud Map has deregistered instances, which it does later. Then they count as failed.
    type: int
    default: 120
notes:
  - The IAM actions needed depend on the kind. V(cloud_map_instance) needs C(servicediscovery:ListInstances),
    C(servicediscovery:DeregisterInstance) and C(servicediscovery:GetOperation), V(log_group) needs
    C(logs:DescribeLogGroups) and C(logs:DeleteLogGroup), V(ssm_parameter) C(ssm:DescribeParameters) and
    C(ssm:DeleteParameters), V(task_definition) C(ecs:ListTaskDefinitions) and C(ecs:DeleteTaskDefinitions),
    V(xray_group) C(xray:GetGroups) and C(xray:DeleteGroup), V(xray_sampling_rule) C(xray:GetSamplingRules) and
    C(xray:DeleteSamplingRule).
  - A task definition that a task still uses goes when that task has ended, see
    U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html).
seealso:
  - module: workshop.lifecycle.workshop_info
"""

EXAMPLES = r"""
- name: Look what a workshop has left
  workshop.lifecycle.workshop_info:
    log_group_prefixes:
      - /aws/ecs/containerinsights/shop/
    xray_group: shop
  register: survey

- name: Remove it
  workshop.lifecycle.workshop_leftovers:
    leftovers: "{{ survey.leftovers }}"

- name: Remove one log group
  workshop.lifecycle.workshop_leftovers:
    leftovers:
      - kind: log_group
        id: /aws/ecs/containerinsights/shop/performance
"""

RETURN = r"""
leftovers:
  description: What became of each, in the order given.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: What it is.
      type: str
      sample: log_group
    name:
      description: What it is called.
      type: str
      sample: /aws/ecs/containerinsights/shop/performance
    id:
      description: What AWS deletes it by.
      type: str
      sample: /aws/ecs/containerinsights/shop/performance
    service_id:
      description: Id of the Cloud Map service of an instance. V(none) for other kinds.
      type: str
      sample: srv-e4anhexample0004
    action:
      description: V(removed), V(absent) if it was not there, or V(failed).
      type: str
      sample: removed
    reason:
      description: Why it failed, and what to do. Empty otherwise.
      type: str
      sample: ''
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_removal import Removal
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_types import ABSENT
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_types import FAILED
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_types import REMOVED
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_types import Leftover
from ansible_collections.workshop.lifecycle.plugins.module_utils._leftover_types import Outcome
from ansible_collections.workshop.lifecycle.plugins.module_utils._regions import region_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey_clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey_reading import Reading
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey_types import KINDS


def ensure_absent(clients, items, wait_timeout, check_mode):
    """What becomes, or would become, of each item. Raises AwsCallError."""
    with Reading() as reading:
        removal = Removal(clients, reading, time.monotonic, time.sleep, wait_timeout)
        there = removal.there(items)
        outcomes = {item: Outcome(ABSENT if there[item] is False else REMOVED) for item in items}
        if not check_mode:
            for item, outcome in removal.remove([item for item in items if there[item] is not False]).items():
                # What was there and is not any more has been removed, by a call that had to be repeated at the latest.
                outcomes[item] = Outcome(REMOVED) if there[item] and outcome.action == ABSENT else outcome
    return outcomes


def text(outcomes, actions):
    """A line for each item of which one of these actions was taken."""
    return "".join(f"{item.kind} {item.name}\n" for item, outcome in outcomes.items() if outcome.action in actions)


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            leftovers=dict(
                type="list",
                elements="dict",
                required=True,
                options=dict(
                    kind=dict(type="str", choices=list(KINDS), required=True),
                    id=dict(type="str", required=True),
                    name=dict(type="str"),
                    service_id=dict(type="str"),
                    details=dict(type="dict"),
                ),
                required_if=[("kind", "cloud_map_instance", ["service_id"])],
            ),
            state=dict(type="str", choices=["absent"], default="absent"),
            wait_timeout=dict(type="int", default=120),
        ),
        supports_check_mode=True,
    )
    region, endpoint_url, arguments = get_aws_connection_info(module)
    problem = region_problem(region) if region else ""
    if problem:
        module.fail_json(msg=problem)
    items = [
        Leftover(row["kind"], row["name"] or row["id"], row["id"], row["service_id"])
        for row in module.params["leftovers"]
    ]
    outcomes = {}
    try:
        if items:
            clients = Clients(region, endpoint_url, arguments)
            outcomes = ensure_absent(clients, items, module.params["wait_timeout"], module.check_mode)
    except AwsCallError as error:
        module.fail_json(msg=error.advice(), leftovers=[])
    result = dict(
        changed=any(outcome.action == REMOVED for outcome in outcomes.values()),
        leftovers=[outcomes[item].row(item) for item in dict.fromkeys(items)],
        diff=dict(before=text(outcomes, (REMOVED, FAILED)), after=text(outcomes, (FAILED,))),
    )
    failed = [f"{item.kind} {item.name}: {it.reason}" for item, it in outcomes.items() if it.action == FAILED]
    if failed:
        module.fail_json(msg=f"Could not be removed: {' '.join(failed)}", **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
