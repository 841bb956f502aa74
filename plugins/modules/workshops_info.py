#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: workshops_info
short_description: Find out which workshops there are, in all regions
version_added: 1.0.0
description:
  - Groups the CloudFormation stacks of several regions into what seem to be workshops, and tells what of them runs.
    Changes nothing.
  - Stacks belong together that have the same of O(tag_keys), and of the others those whose names begin with the same
    words, which hyphens end. What neither gathers is put where the one workshop is that uses it or that it uses, or
    with others of its kind. Stacks that only one other workshop uses belong to that one, unless a tag says otherwise.
  - What uses what is found as M(workshop.lifecycle.cloudformation_stacks_info) finds it.
  - It is a guess. What holds is RV(workshops[].scope), which takes in the stacks of RV(workshops[].stacks) and no
    other that is there.
  - Stacks that prepare an account (C(CDKToolkit), C(StackSet-*), C(aws-*) and their like) are of no workshop.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
  - workshop.lifecycle.scope.account
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
  regions:
    description:
      - Names of the regions that are looked at. If there are none, all that the account has enabled; if these may not
        be asked for, that of O(region) alone, and that is a gap.
    type: list
    elements: str
    default: []
  tag_keys:
    description:
      - Keys of tags whose values say to what a stack belongs, the most telling first. Capitals do not matter in them.
      - A value of fewer than three characters does not count.
    type: list
    elements: str
    default: [workshop, project, application]
notes:
  - The IAM actions needed are C(cloudformation:DescribeStacks), C(cloudformation:ListStackResources) and
    C(cloudformation:GetTemplate), C(ecs:DescribeServices), C(ecs:DescribeClusters) and C(ec2:DescribeInstances),
    without O(regions) C(ec2:DescribeRegions), with O(account_id) C(sts:GetCallerIdentity).
  - In each region it takes a call or a few for all stacks, and two for each stack that may be of a workshop, one of
    them for its template. Templates are read only where there are stacks of which no tag says to what they belong.
    What runs takes a call for ten ECS services, one for a hundred clusters, and a few for all instances.
seealso:
  - module: workshop.lifecycle.cloudformation_stacks_info
  - module: workshop.lifecycle.workshops_list
"""

EXAMPLES = r"""
- name: See which workshops there are
  workshop.lifecycle.workshops_info:
  register: found

- name: Look in two regions, for stacks that a tag of our own puts together
  workshop.lifecycle.workshops_info:
    regions: [eu-central-1, us-east-1]
    tag_keys: [course, workshop]
"""

RETURN = r"""
workshops:
  description: What seem to be workshops, sorted by region and name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: What its stacks have in common, or the name of the first.
      type: str
      sample: shop-dev
    region:
      description: The region that it is in.
      type: str
      sample: eu-central-1
    by:
      description:
        - What put its stacks together, V(tag), V(prefix) of their names, or V(edges), which is what they use of each
          other. V(alone) if it is but one stack, with which nothing has to do.
      type: str
      sample: prefix
    scope:
      description: What takes in these stacks, for O(workshop.lifecycle.cloudformation_stacks_info#module:scope).
      type: dict
      sample: {prefix: shop-dev-}
    stacks:
      description: Names of its stacks, sorted. Nested ones are not told.
      type: list
      elements: str
      sample: [shop-dev-api, shop-dev-net]
    joined:
      description: Those of its stacks that belong to it by what they use, or by what uses them.
      type: list
      elements: dict
      contains:
        stack:
          description: Its name.
          type: str
          sample: core-network
        because:
          description:
            - What shows it, a sentence without its full stop. Empty if only others that are called like it have to do
              with the workshop.
          type: str
          sample: Function of shop-dev-api imports core-vpc, an export of core-network
    linked:
      description: Names of stacks that use what is in it, or that it uses, and that seem to be of another workshop.
      type: list
      elements: str
      sample: []
    made:
      description: When the oldest of its stacks was made. V(none) if that is not told.
      type: str
      sample: '2026-11-20T08:00:00+00:00'
    runs:
      description:
        - How much of what costs money while nobody uses it there is, by kind, in its stacks and in what is nested in
          them.
        - V(tasks) of ECS and V(instances) of EC2 are those that run now, in services, clusters, Auto Scaling groups and
          node groups of EKS that its stacks own.
        - The others are resources, whether they run just now or not, V(ecs_services), V(instance_groups),
          V(kubernetes_clusters), V(nat_gateways), V(load_balancers), V(databases), V(database_clusters), V(caches) and
          V(search_domains).
      type: dict
      sample: {tasks: 2, ecs_services: 2, nat_gateways: 1}
    not_counted:
      description: Names of stacks, nested ones as well, whose resources could not be read. That is a gap.
      type: list
      elements: str
      sample: []
    not_known:
      description: Which of V(tasks) and V(instances) there may be that could not be looked at. That is a gap.
      type: list
      elements: str
      sample: []
left_out:
  description: Stacks that are of no workshop.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The region that it is in.
      type: str
      sample: eu-central-1
    stack:
      description: Its name.
      type: str
      sample: CDKToolkit
    because:
      description: Why.
      type: str
      sample: it is the CDK's bootstrap stack, which others need in order to be deleted
regions:
  description: Names of the regions that were to be looked at, sorted unless they were given.
  returned: success
  type: list
  elements: str
  sample: [eu-central-1, us-east-1]
gaps:
  description: What could not be looked at.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The region in which it was asked.
      type: str
      sample: eu-central-1
    action:
      description: The IAM action of the call.
      type: str
      sample: cloudformation:DescribeStacks
    message:
      description: What AWS said, or what kept the call from it.
      type: str
      sample: User is not authorized to perform cloudformation:DescribeStacks
    denied:
      description: Whether it is enough to allow the action.
      type: bool
      sample: true
    about:
      description: What was asked for. Empty if the call asks for everything.
      type: list
      elements: str
      sample: []
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
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import region_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.everywhere import WorkshopsRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.everywhere import enabled_regions
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.parser import Parser
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            regions=dict(type="list", elements="str", default=[]),
            tag_keys=dict(type="list", elements="str", default=["workshop", "project", "application"], no_log=False),
            account_id=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    regions = list(dict.fromkeys(module.params["regions"]))
    problem = check_account(module.params["account_id"]) or next(filter(None, map(region_problem, regions)), "")
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    region, endpoint_url, arguments = get_aws_connection_info(module)
    try:
        clients = Clients(region or next(iter(regions), None), endpoint_url, arguments)
    except ValueError as error:
        module.fail_json(msg=str(error))

    try:
        problem = account_problem(clients, module.params["account_id"])
        if problem:
            module.fail_json(msg=problem)
        gaps = []
        if not regions:
            here = clients("ec2").meta.region_name
            with Looks(clients) as looks:
                regions = enabled_regions(looks) or [here]
                gaps = [{**gap, "region": here} for gap in looks.gaps()]
        tag_keys = [key.lower() for key in module.params["tag_keys"]]
        found = WorkshopsRun(lambda name: Looks(clients.elsewhere(name)), Parser(yaml), tag_keys).take(regions)
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    module.exit_json(changed=False, **{**found, "gaps": [*gaps, *found["gaps"]]})


if __name__ == "__main__":
    main()
