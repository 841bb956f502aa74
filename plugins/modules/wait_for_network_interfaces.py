#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_network_interfaces
short_description: Wait until no network interface is left in a VPC
version_added: 1.0.0
description:
  - Waits until AWS has released every network interface of one or several VPCs. Changes nothing.
  - Asked to delete a VPC that still has one, CloudFormation tries for a quarter of an hour and more before it fails.
    Interfaces of ended ECS tasks and deleted load balancers go by themselves within a minute or two.
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
      - In check mode it looks once and does not wait.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    details:
      - This module changes nothing.
options:
  vpc_ids:
    description:
      - Ids of the VPCs. One that does not exist has no interface.
    type: list
    elements: str
    required: true
  wait_timeout:
    description:
      - Seconds to wait. When they are over the module fails and names every interface that is left.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks. Grows up to five times while nothing changes.
    type: float
    default: 2.0
  progress_file:
    description:
      - A file to which a JSON line is appended for each event.
      - Set by the action plugin of the same name, which shows these events on the terminal.
    type: path
notes:
  - The IAM action needed is C(ec2:DescribeNetworkInterfaces).
  - What a VPC depends on is told in U(https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html),
    how long CloudFormation tries in U(https://github.com/convox/rack/issues/1090).
seealso:
  - module: amazon.aws.ec2_eni_info
"""

EXAMPLES = r"""
- name: Wait until nothing uses the VPC
  workshop.lifecycle.wait_for_network_interfaces:
    vpc_ids: [vpc-0123456789abcdef0]
    wait_timeout: 300
"""

RETURN = r"""
network_interfaces:
  description: The interfaces that are left, sorted by VPC and id. Empty on success, but for check mode.
  returned: always
  type: list
  elements: dict
  contains:
    network_interface_id:
      description: Id of the interface.
      type: str
      sample: eni-0123456789abcdef0
    description:
      description: What its maker wrote about it.
      type: str
      sample: ELB app/shop/50dc6c495c0c9188
    owner:
      description: The AWS service or account that made it, or else the account that it is in.
      type: str
      sample: amazon-elb
    interface_type:
      description: Its type.
      type: str
      sample: interface
    status:
      description: Its status.
      type: str
      sample: in-use
    subnet_id:
      description: Id of its subnet.
      type: str
      sample: subnet-0123456789abcdef0
    vpc_id:
      description: Id of its VPC.
      type: str
      sample: vpc-0123456789abcdef0
  sample: []
survived_errors:
  description: Number of AWS errors that passed by themselves (throttling, cut connections).
  returned: always
  type: int
  sample: 0
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._client_config import CLIENT_CONFIG
from ansible_collections.workshop.lifecycle.plugins.module_utils._errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._interfaces import InterfaceWatch
from ansible_collections.workshop.lifecycle.plugins.module_utils._module_checks import check_numbers
from ansible_collections.workshop.lifecycle.plugins.module_utils._progress import Progress
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch import Watch


def wait(interfaces, params):
    """Look until nothing is left. Returns what went wrong; empty if nothing did."""
    progress = Progress(params["progress_file"])
    watch = Watch(
        [interfaces],
        params["poll_interval"],
        params["wait_timeout"],
        time.monotonic,
        time.sleep,
        lambda text: progress.tell("waiting", "", "waiting", f"waiting for {text}"),
    )
    return "" if watch.run() else interfaces.message(params["wait_timeout"])


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            vpc_ids=dict(type="list", elements="str", required=True),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=2.0),
            progress_file=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    problem = check_numbers(module.params)
    if problem:
        module.fail_json(msg=problem)
    interfaces = InterfaceWatch(module.client("ec2", config=CLIENT_CONFIG), module.params["vpc_ids"], time.monotonic)
    try:
        if module.check_mode:
            interfaces.look()
        else:
            problem = wait(interfaces, module.params)
    except AwsCallError as error:
        problem = error.advice()
    result = dict(changed=False, network_interfaces=interfaces.left, survived_errors=interfaces.survived)
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
