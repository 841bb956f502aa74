#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudformation_blockers
short_description: See and clear what keeps CloudFormation stacks from being deleted
version_added: 1.0.0
description:
  - CloudFormation deletes what a stack has, not what somebody has put into that. This module finds what is in the
    resources of stacks, or protects them, and brings what O(clear) names to O(state=absent). With an empty O(clear) it
    only finds it.
  - Nothing is touched but what is in resources that the stacks own by physical id at that time, and that their
    templates do not keep (C(DeletionPolicy)). What another stack owns is not touched either.
  - In a stack with something that can not be cleared nothing is. What can be undone, such as a protection, is put back
    where not all of the stack could be cleared.
  - No stack is deleted. M(workshop.lifecycle.cloudformation_stacks) does both, each stack at the time when nothing
    writes to its resources any more.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  stacks:
    description:
      - Names or ids of the stacks. Those that are not there, or are being deleted, are fine.
      - What is in the stacks that are nested in one is found and cleared with it. A nested stack can not be named.
    type: list
    elements: str
    required: true
  clear:
    description:
      - Types of resources, such as V(AWS::S3::Bucket), patterns of them, or V(all). What holds resources of these types
        up is B(deleted), and their deletion protection switched off. What can be cleared is listed in
        C(docs/what-holds-a-stack.md); other types are refused.
    type: list
    elements: str
    default: []
  state:
    description:
      - The state to bring to what holds the stacks, and O(clear) names.
    type: str
    choices: [absent]
    default: absent
  wait_timeout:
    description:
      - Seconds that all of it may take. What is not cleared by then is a failure; another call goes on.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks at what goes on.
    type: float
    default: 1.0
  account_id:
    description:
      - The account in which the stacks are. With credentials for another one, nothing is touched.
    type: str
  progress_file:
    description:
      - Append a line of JSON to this file for each event. Set by the action plugin, which prints the lines.
    type: path
notes:
  - The IAM actions needed are C(cloudformation:DescribeStacks), C(cloudformation:ListStackResources),
    C(cloudformation:DescribeStackResources) and C(cloudformation:GetTemplate), with O(account_id)
    C(sts:GetCallerIdentity), and those in C(docs/iam/blockers-policy.json) and C(docs/iam/clear-policy.json) of the
    services that stacks have resources of.
seealso:
  - module: workshop.lifecycle.cloudformation_stacks
  - module: workshop.lifecycle.workshop_info
"""

EXAMPLES = r"""
- name: See what holds two stacks up
  workshop.lifecycle.cloudformation_blockers:
    stacks: [shop-assets, shop-data]

- name: Empty their buckets and repositories
  workshop.lifecycle.cloudformation_blockers:
    stacks: [shop-assets, shop-data]
    clear: [AWS::S3::Bucket, AWS::ECR::Repository]

- name: Show what would be cleared of all that can be
  workshop.lifecycle.cloudformation_blockers:
    stacks: [shop-assets, shop-data]
    clear: [all]
  check_mode: true
"""

RETURN = r"""
blockers:
  description: What held the stacks at the first look, whether it is cleared or not.
  returned: success, and when something could not be cleared
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack that it keeps.
      type: str
      sample: shop-assets
    type:
      description: CloudFormation's type.
      type: str
      sample: AWS::S3::Bucket
    id:
      description: Its physical id.
      type: str
      sample: shop-assets-1a2b3c
    name:
      description: What a person calls it.
      type: str
      sample: shop-assets-1a2b3c
    owner:
      description: Name of the stack that owns it. V(none) if none does.
      type: str
      sample: shop-assets
    reason:
      description: Why it keeps the stack.
      type: str
      sample: A bucket cannot be deleted with anything in it.
    certain:
      description: Whether it is sure to keep the stack.
      type: bool
      sample: true
    how_to_remove:
      description: A command line that takes it away. Empty if none does.
      type: str
      sample: aws s3 rm s3://shop-assets-1a2b3c --recursive --region eu-central-1
    amounts: &amounts
      description: How much it is, as far as AWS tells that cheaply.
      type: list
      elements: dict
      contains:
        count:
          description: How many.
          type: int
          sample: 1204
        one:
          description: What one of these is called.
          type: str
          sample: object
        many:
          description: What several of these are called.
          type: str
          sample: objects
        at_least:
          description: Whether there may be more.
          type: bool
          sample: false
    clear:
      description: The type to name in O(clear) for it to be cleared. Empty for what can not be.
      type: str
      sample: AWS::S3::Bucket
    lost:
      description: What is lost when it is cleared.
      type: str
      sample: all objects, with all their versions
cleared:
  description: What was cleared, in the order in which it was done. In check mode, what would be.
  returned: success, and when something could not be cleared
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack.
      type: str
      sample: shop-assets
    type:
      description: Type of the resource that was held up.
      type: str
      sample: AWS::S3::Bucket
    id:
      description: Its physical id.
      type: str
      sample: shop-assets-1a2b3c
    amounts: *amounts
    lost:
      description: What is lost by that.
      type: str
      sample: all objects, with all their versions
    reason:
      description: Why it was not all cleared. Empty if it was.
      type: str
      sample: ''
    put_back:
      description: Whether it was undone, since not all of its stack could be cleared.
      type: bool
      sample: false
gaps:
  description: What could not be looked at. Whether something holds a stack there, nobody knows.
  returned: success, and when something could not be cleared
  type: list
  elements: dict
  contains:
    action:
      description: The IAM action of the call, or the one that it misses.
      type: str
      sample: s3:ListBucketVersions
    message:
      description: What AWS said, or what kept the call from it.
      type: str
      sample: User is not authorized to perform s3:ListBucketVersions
    denied:
      description: Whether it is enough to allow the action.
      type: bool
      sample: true
    about:
      description: What was asked for.
      type: list
      elements: str
      sample: [shop-assets-1a2b3c]
"""

import os

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreement_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.clearing_run import ClearingRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            stacks=dict(type="list", elements="str", required=True),
            clear=dict(type="list", elements="str", default=[]),
            state=dict(type="str", choices=["absent"], default="absent"),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=1.0),
            account_id=dict(type="str"),
            progress_file=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    problem = (
        check_numbers(module.params)
        or check_account(module.params["account_id"])
        or agreement_problem(module.params["clear"], "clear")
    )
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
        run = ClearingRun(module.params, clients, module.check_mode)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    problem = run.run()
    for warning in run.warnings():
        module.warn(warning)
    if problem:
        module.fail_json(msg=problem, **run.result())
    module.exit_json(**run.result())


if __name__ == "__main__":
    main()
