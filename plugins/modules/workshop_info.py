#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_info
short_description: See what there is of a workshop
version_added: 1.0.0
description:
  - Tells which of the stacks of a workshop exist, which tasks run, which log groups and X-Ray group are there, and who
    asks, in few
    calls. Changes nothing.
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
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    details:
      - This module changes nothing. What it finds may change.
options:
  stacks:
    description:
      - Exact names of stacks.
    type: list
    elements: str
    default: []
  prefix:
    description:
      - Also tell the names of other stacks that begin with this text, such as C(shop-).
    type: str
    default: ''
  cluster:
    description:
      - Name or ARN of an ECS cluster whose tasks are to be told.
    type: str
  log_groups:
    description:
      - Tell which of the log groups of these exact names exist.
    type: list
    elements: str
    default: []
  log_group_prefixes:
    description:
      - Tell the log groups whose names begin with one of these texts.
    type: list
    elements: str
    default: []
  xray_group:
    description:
      - Tell whether there is an X-Ray group of this name.
    type: str
notes:
  - The IAM actions needed are C(sts:GetCallerIdentity), C(cloudformation:DescribeStacks) and
    C(cloudformation:ListStacks); with O(cluster)
    C(ecs:ListTasks) and C(ecs:DescribeTasks), with O(log_groups) or
    O(log_group_prefixes) C(logs:DescribeLogGroups), with O(xray_group)
    C(xray:GetGroups). What may not be read is told in RV(denied).
seealso:
  - module: workshop.lifecycle.cloudformation_stacks
  - module: workshop.lifecycle.ecs_tasks
"""

EXAMPLES = r"""
- name: Look at a workshop
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    prefix: shop-
    cluster: shop
    log_group_prefixes:
      - /aws/ecs/containerinsights/shop/
    xray_group: shop
"""

RETURN = r"""
caller:
  description: Who asks. V(none) if that may not be asked.
  returned: success
  type: dict
  contains:
    account:
      description: Id of the account.
      type: str
      sample: '123456789012'
    arn:
      description: ARN of the user or role.
      type: str
      sample: arn:aws:iam::123456789012:user/teacher
    user_id:
      description: Id of the user or role.
      type: str
      sample: AIDACKCEVSQ6C2EXAMPLE
region:
  description: The region that was looked at.
  returned: success
  type: str
  sample: eu-central-1
stacks:
  description: Those of O(stacks) that exist, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-web
    stack_id:
      description: Its id.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    status:
      description: Its status.
      type: str
      sample: CREATE_COMPLETE
    termination_protection:
      description: Whether it is protected from deletion.
      type: bool
      sample: false
    creation_time:
      description: When it was made.
      type: str
      sample: '2026-10-01T08:00:00+00:00'
other_stacks:
  description: Names of other stacks that begin with O(prefix), sorted.
  returned: success
  type: list
  elements: str
  sample: [shop-notes]
tasks:
  description: Tasks of the cluster that have not ended, sorted by group and ARN.
  returned: success
  type: list
  elements: dict
  contains:
    task_arn:
      description: ARN of the task.
      type: str
      sample: arn:aws:ecs:eu-central-1:123456789012:task/shop/0123456789abcdef0123456789abcdef
    group:
      description: C(service:) and the name of its service, or what a task without a service was started with.
      type: str
      sample: service:web
    last_status:
      description: What the task does.
      type: str
      sample: RUNNING
    desired_status:
      description: What the task is meant to do.
      type: str
      sample: RUNNING
log_groups:
  description: Log groups, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the log group.
      type: str
      sample: /aws/ecs/containerinsights/shop/performance
    retention_in_days:
      description: How long entries are kept. V(none) if for ever.
      type: int
      sample: 1
xray_group:
  description: Name of the X-Ray group if it exists, otherwise V(none).
  returned: success
  type: str
  sample: shop
denied:
  description: What may not be read.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: The IAM action to allow.
      type: str
      sample: xray:GetGroups
    message:
      description: What AWS said.
      type: str
      sample: User is not authorized to perform xray:GetGroups
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._regions import region_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey import Survey


def collect(survey, params):
    """All parts of the survey, as they are returned."""
    stacks, others = survey.stacks(params["stacks"], params["prefix"])
    return dict(
        caller=survey.caller(),
        stacks=stacks,
        other_stacks=others,
        tasks=survey.tasks(params["cluster"]) if params["cluster"] else [],
        log_groups=survey.log_groups(params["log_groups"], params["log_group_prefixes"]),
        xray_group=survey.xray_group(params["xray_group"]) if params["xray_group"] else None,
    )


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            stacks=dict(type="list", elements="str", default=[]),
            prefix=dict(type="str", default=""),
            cluster=dict(type="str"),
            log_groups=dict(type="list", elements="str", default=[]),
            log_group_prefixes=dict(type="list", elements="str", default=[]),
            xray_group=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    problem = region_problem(module.region) if module.region else ""
    if problem:
        module.fail_json(msg=problem)
    survey = Survey(module.client)
    try:
        found = collect(survey, module.params)
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    module.exit_json(changed=False, region=module.region, denied=survey.denied, **found)


if __name__ == "__main__":
    main()
