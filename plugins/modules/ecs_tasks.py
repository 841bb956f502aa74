#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_tasks
short_description: Bring the tasks of ECS services, or of a whole cluster, to an end
version_added: 1.0.0
description:
  - Scales services to 0 so that nothing is replaced, stops the tasks that run, and goes on until no task is left whose
    last
    status is not C(STOPPED).
  - A task that was told to stop still runs for a while and holds its network interface. This module goes by the last
    status
    of a task, not by the desired one.
  - Tasks that linger in C(DEACTIVATING) are stopped again.
  - Cloud Map instances that ended tasks left behind are deregistered. They keep their Cloud Map service from being
    deleted.
  - A cluster or service that does not exist is fine, there is nothing to do for it then.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  cluster:
    description:
      - Name or ARN of the cluster.
    type: str
    required: true
  services:
    description:
      - Exact names of services, no ARNs. Tasks of other services, and tasks without a service, are not touched.
      - If omitted, every task of the cluster is stopped, those without a service included. If empty, none.
    type: list
    elements: str
  state:
    description:
      - The state to bring the tasks to.
    type: str
    choices: [stopped]
    default: stopped
  wait:
    description:
      - Wait until no task runs any more.
      - With V(false), the services are scaled and the tasks told to stop; Cloud Map instances of tasks that have not
        ended
        by then are not looked at.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait, from the start. When they are over the module fails and returns the tasks that still run.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks. Three times as long while all tasks have been told to stop.
      - StopTask is sent again after five times this long in C(DEACTIVATING).
      - However short it is, a Cloud Map instance that stays registered is given up after 30 seconds at the earliest.
    type: float
    default: 2.0
  progress_file:
    description:
      - Append a line of JSON to this file for each event. Set by the action plugin, which prints the lines.
    type: path
notes:
  - The lifecycle of a task is described at
    U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html).
  - The IAM actions needed are C(ecs:DescribeServices), C(ecs:UpdateService), C(ecs:ListTasks), C(ecs:DescribeTasks),
    C(ecs:StopTask), without O(services) also C(ecs:ListServices); for services with service discovery also
    C(servicediscovery:ListInstances), C(servicediscovery:DeregisterInstance) and C(servicediscovery:GetOperation), and
    what these need in Route 53
    (U(https://docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html)).
  - Services with the C(DAEMON) scheduling strategy cannot be scaled. Their tasks are stopped, and replaced until the
    service is
    deleted.
seealso:
  - module: workshop.lifecycle.cloudformation_stacks
  - module: community.aws.ecs_service
"""

EXAMPLES = r"""
- name: Stop the tasks of two services
  workshop.lifecycle.ecs_tasks:
    cluster: shop
    services: [web, worker]

- name: Stop everything in a cluster, for ten minutes at most
  workshop.lifecycle.ecs_tasks:
    cluster: shop
    wait_timeout: 600
"""

RETURN = r"""
services:
  description: The services, in the order given; sorted by name if O(services) was omitted.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the service.
      type: str
      sample: web
    desired_count_before:
      description: How many tasks it wanted at the first look.
      type: int
      sample: 2
    desired_count:
      description: How many tasks it wants now. In check mode, would want.
      type: int
      sample: 0
    status:
      description: Its status when it was last looked at, V(MISSING) if it does not exist.
      type: str
      sample: ACTIVE
    problem:
      description: Why it was not scaled, if ECS refused that. The other services are stopped all the same.
      type: str
      sample: ''
  sample:
    - name: web
      desired_count_before: 2
      desired_count: 0
      status: ACTIVE
      problem: ''
tasks:
  description: The tasks that had not ended at the first look, or came later; sorted by group and ARN.
  returned: always
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
    last_status_before:
      description: Its last status when it was first seen.
      type: str
      sample: RUNNING
    last_status:
      description: Its last status, V(MISSING) if ECS does not know it any more. In check mode, the status expected.
      type: str
      sample: STOPPED
    action:
      description: V(stopped) by this module, or V(already_stopping) when it was first seen.
      type: str
      sample: stopped
    lingered:
      description: Whether it had to be told to stop once more, since it stayed in C(DEACTIVATING).
      type: bool
      sample: false
    problem:
      description: Why it was not told to stop, if ECS refused that. The other tasks are stopped all the same.
      type: str
      sample: ''
    began_at:
      description: When it was first seen.
      type: str
      sample: '2026-10-01T16:00:00.000+00:00'
    seconds:
      description: Seconds from the first look at it to its end.
      type: float
      sample: 37.5
  sample:
    - task_arn: arn:aws:ecs:eu-central-1:123456789012:task/shop/0123456789abcdef0123456789abcdef
      group: service:web
      last_status_before: RUNNING
      last_status: STOPPED
      action: stopped
      lingered: false
      problem: ''
      began_at: '2026-10-01T16:00:00.000+00:00'
      seconds: 37.5
deregistered_instances:
  description: Cloud Map instances of ended tasks that were deregistered. In check mode, would be.
  returned: always
  type: list
  elements: dict
  contains:
    service_id:
      description: Id of the Cloud Map service.
      type: str
      sample: srv-e4anhexample0004
    instance_id:
      description: Id of the instance, which is the id of the task.
      type: str
      sample: 0123456789abcdef0123456789abcdef
  sample: []
survived_errors:
  description: Number of AWS errors that passed by themselves (throttling, cut connections).
  returned: always
  type: int
  sample: 0
"""

import os
import re

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.run import TaskRun


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            cluster=dict(type="str", required=True),
            services=dict(type="list", elements="str"),
            state=dict(type="str", choices=["stopped"], default="stopped"),
            wait=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=2.0),
            progress_file=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    problem = check_numbers(module.params)
    if not problem and not module.params["cluster"].strip():
        problem = "cluster must not be empty."
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    for name in module.params["services"] or ():
        if not problem and not re.fullmatch("[A-Za-z0-9_-]+", name):
            problem = f"services has {name!r}, which is no name of a service."
    if problem:
        module.fail_json(msg=problem)

    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
        run = TaskRun(module.params, clients, check_mode=module.check_mode)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    problem = run.run()
    for warning in run.warnings():
        module.warn(warning)
    result = run.result()
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
