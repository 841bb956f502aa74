#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_service_stack
short_description: Find an ECS service by the stacks that own it, and bring its stack in line with what it runs
version_added: 1.0.0
description:
  - Finds a service among those that stacks own, or by its cluster, and says which stack owns it, where the template of
    that takes the task definition from, and whether it says the same as the service runs. After a release or a way back
    it does not, and the next update of the stack brings back what it says.
  - With O(reconcile) the parameter is brought in line, in an update with the same template and all other parameters as
    they are. Nothing is updated but the stack that owns this very service.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  service:
    description:
      - Name of the service. If omitted, O(stacks) have to own exactly one.
    type: str
  cluster:
    description:
      - Name or ARN of the cluster. If omitted, it is found among what O(stacks) own.
    type: str
  stacks:
    description:
      - Names of the stacks among whose services it is looked for. Those that are not there own none.
    type: list
    elements: str
    default: []
  reconcile:
    description:
      - Bring the parameter of the stack that owns the service in line with what the service runs. A parameter that is
        looked up in Systems Manager is changed there.
      - Refused where the template takes the task definition from no parameter, where the stack is nested or not at
        rest, where a deployment of the service is under way, and where the update would change more, since another
        parameter has another value in Systems Manager by now.
    type: bool
    default: false
  account_id:
    description:
      - Id of the account that this has to be, 12 digits. Any other is refused.
    type: str
  wait_timeout:
    description:
      - Seconds to wait for the end of the update.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks.
    type: float
    default: 5.0
notes:
  - The IAM actions needed are C(ecs:DescribeServices), C(cloudformation:DescribeStackResources),
    C(cloudformation:DescribeStacks), C(cloudformation:ListStackResources), C(cloudformation:GetTemplate), and with
    O(reconcile) C(cloudformation:UpdateStack), C(ssm:GetParameters) and C(ssm:PutParameter), with what CloudFormation
    then does to the service, C(ecs:UpdateService).
  - Templates in YAML take PyYAML, which Ansible has, too.
seealso:
  - module: workshop.lifecycle.ecs_deployment
  - module: amazon.aws.cloudformation
"""

EXAMPLES = r"""
- name: See whether the stack still says what the service runs
  workshop.lifecycle.ecs_service_stack:
    cluster: shop
    service: web

- name: Bring it in line
  workshop.lifecycle.ecs_service_stack:
    service: web
    stacks: [shop-web, shop-worker]
    reconcile: true
"""

RETURN = r"""
account:
  description: Id of the account.
  returned: success
  type: str
  sample: '123456789012'
region:
  description: The region.
  returned: success
  type: str
  sample: eu-central-1
services:
  description: The services that O(stacks) own, sorted.
  returned: always
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack.
      type: str
      sample: shop-web
    cluster:
      description: Name of its cluster.
      type: str
      sample: shop
    service:
      description: Its name.
      type: str
      sample: web
  sample: []
service:
  description: Name of the service that was found.
  returned: success
  type: str
  sample: web
cluster:
  description: Its cluster.
  returned: success
  type: str
  sample: shop
service_arn:
  description: Its ARN.
  returned: success
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:service/shop/web
task_definition:
  description: ARN of the task definition that it is to run.
  returned: success
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:task-definition/web:8
stack:
  description: Name of the stack that owns it; empty if none does.
  returned: success
  type: str
  sample: shop-web
source:
  description: Where the template takes the task definition from; V(none) without a stack.
  returned: success
  type: dict
  contains:
    kind:
      description: V(direct) from a parameter, V(ssm) from one that is looked up in Systems Manager, V(none) from none.
      type: str
      sample: ssm
    parameter:
      description: Name of the parameter.
      type: str
      sample: TaskDefinition
    value:
      description: Its value, which with V(ssm) is the name of the parameter there.
      type: str
      sample: /shop/web/Latest
    says:
      description: The task definition that comes of it; empty if that is not known.
      type: str
      sample: arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7
  sample:
    kind: ssm
drifted:
  description: Whether the stack says another task definition than the service runs.
  returned: success
  type: bool
  sample: true
how:
  description: What to do about it; empty if nothing is to be done.
  returned: success
  type: str
  sample: >-
    The stack shop-web says web:7, and web runs web:8: its next update brings web:7 back. Run this again with
    workshop_reconcile: true, which sets /shop/web/Latest in Systems Manager and updates the stack.
also_drifted:
  description: Name of another stack that owns the parameter in Systems Manager; empty if none does, or nothing drifted.
  returned: success
  type: str
  sample: ''
"""

import os

try:
    import yaml
except ImportError:
    yaml = None

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.account import account_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.parser import Parser
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.service_run import ServiceRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            service=dict(type="str"),
            cluster=dict(type="str"),
            stacks=dict(type="list", elements="str", default=[]),
            reconcile=dict(type="bool", default=False),
            account_id=dict(type="str"),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=5.0),
        ),
        supports_check_mode=True,
    )
    params = dict(module.params)
    problem = check_numbers(params) or check_account(params["account_id"])
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
        problem = account_problem(clients, params["account_id"])
        if problem:
            module.fail_json(msg=problem)
        run = ServiceRun(params, clients, Parser(yaml), module.check_mode)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    problem = run.run()
    result = run.result()
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
