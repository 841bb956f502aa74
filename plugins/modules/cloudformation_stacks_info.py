#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudformation_stacks_info
short_description: Find the stacks of an environment, and in which order they can be deleted
version_added: 1.0.0
description:
  - Finds the CloudFormation stacks that belong to a scope, and what each of them has to come after when they are
    deleted, with the evidence for it. Changes nothing.
  - RV(stacks) goes into O(workshop.lifecycle.cloudformation_stacks#module:stacks) as it is.
  - The order is read in the stacks themselves. Looked at are exports and imports, parameters that are read from Systems
    Manager, C({{resolve:ssm:NAME}}), C(Fn::GetStackOutput), ids and ARNs in the values of parameters and in templates,
    the roles that stacks were made with, the CDK's bootstrap stack, the functions of custom resources, and what is
    known of the types of resources. Words that mean nothing by themselves, such as C(dev) or a port, never count.
  - A reference that does not matter when all is deleted is no edge. It is told in RV(dropped).
  - At most two calls are made for each stack of the scope, and a few more. With O(imports) one more for each export.
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
requirements:
  - PyYAML, for templates that are written in YAML
options:
  scope:
    description:
      - Which stacks belong. Any that O(scope.prefix), O(scope.tags) or O(scope.names) takes in does, without those in
        O(scope.except).
      - Stacks that prepare an account (C(CDKToolkit), C(StackSet-*), C(aws-*) and their like) are left out, and told in
        RV(left_out), unless O(scope.names) has them. Stacks that a stack set has made fail the module if they are
        named, since it would make them again.
      - Nested stacks go with the stack that they are nested in, and are never told as stacks.
    type: dict
    required: true
    suboptions:
      prefix:
        description:
          - What names of stacks begin with. Three characters at least.
        type: str
        default: ''
      tags:
        description:
          - Tags, all of which a stack has. Each value has three characters at least.
        type: dict
        default: {}
      names:
        description:
          - Exact names of stacks.
        type: list
        elements: str
        default: []
      except:
        description:
          - Exact names of stacks that do not belong, whatever else is said. One that no stack has is a doubt, and fails
            the module if it resembles a stack of the scope. Nested stacks go with the outermost one, and to name one
            here fails the module unless that does not belong.
        type: list
        elements: str
        default: []
  order:
    description:
      - What you know better. It holds over what is found.
    type: list
    elements: dict
    default: []
    suboptions:
      stack:
        description:
          - Name of a stack of the scope.
        type: str
        required: true
      after:
        description:
          - Names of stacks that have to be gone before it is asked for.
        type: list
        elements: str
        default: []
      not_after:
        description:
          - Names of stacks that it need not wait for, whatever seems so.
        type: list
        elements: str
        default: []
  imports:
    description:
      - Also ask for each export of the stacks which others import it, for RV(outsiders).
    type: bool
    default: false
  deleted:
    description:
      - Also find stacks of the scope that were deleted within 90 days, see RV(deleted). Where no stack of the scope is
        there, that is done in any case.
    type: bool
    default: false
  workshop:
    description:
      - Name of the workshop whose stacks these are. One that M(workshop.lifecycle.cloudformation_manifest) has made for
        another workshop, by its tag C(workshop:lifecycle), is then in RV(left_out), and fails the module if
        O(scope.names) has it.
    type: str
notes:
  - The IAM actions needed are C(cloudformation:DescribeStacks), C(cloudformation:ListStacks),
    C(cloudformation:ListStackResources) and C(cloudformation:GetTemplate), with O(imports)
    C(cloudformation:ListImports), with O(account_id) C(sts:GetCallerIdentity).
  - SSM parameters themselves are not read. What was in them when a stack was made is what C(DescribeStacks) shows.
seealso:
  - module: workshop.lifecycle.cloudformation_stacks
  - module: workshop.lifecycle.workshop_info
"""

EXAMPLES = r"""
- name: See in which order an environment can be deleted
  workshop.lifecycle.cloudformation_stacks_info:
    scope:
      prefix: shop-dev-
  register: shop

- name: Delete it
  workshop.lifecycle.cloudformation_stacks:
    stacks: "{{ shop.stacks }}"

- name: Find stacks by their tags, and set one thing right
  workshop.lifecycle.cloudformation_stacks_info:
    scope:
      tags:
        workshop: shop
      names: [shared-shop-logs]
      except: [shop-notes]
    order:
      - stack: shared-shop-logs
        after: [shop-dev-api]
      - stack: shop-dev-net
        not_after: [shop-dev-table]
"""

RETURN = r"""
stacks:
  description: The stacks of the scope, sorted by name, as M(workshop.lifecycle.cloudformation_stacks) takes them.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-dev-net
    stack_id:
      description: Its id.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-dev-net/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    after:
      description: What has to be gone before it is asked for.
      type: list
      elements: str
      sample: [shop-dev-api]
    only_when:
      description:
        - What else has to be so, by what it owns. V(network_interfaces_gone) if it has a VPC, V(tasks_stopped) if it
          has an ECS cluster, V(members_gone) if it has that, a namespace of Cloud Map or a hosted zone.
      type: list
      elements: str
      sample: [network_interfaces_gone]
    stop_tasks:
      description: Whether it has an ECS cluster or service.
      type: bool
      sample: false
    resources:
      description:
        - What it has, with what is in stacks nested in it, whose logical ids begin with that of the nested stack and a
          slash. Missing if that could not be read, which is a gap.
      type: list
      elements: dict
      contains:
        logical_id:
          description: Name of the resource in the template.
          type: str
          sample: Vpc
        type:
          description: CloudFormation's type.
          type: str
          sample: AWS::EC2::VPC
        physical_id:
          description: Physical id of the resource. Empty for one that was never made.
          type: str
          sample: vpc-0123456789abcdef0
        status:
          description: Its status.
          type: str
          sample: CREATE_COMPLETE
groups:
  description:
    - The same in groups, one for each of RV(levels), for O(workshop.lifecycle.cloudformation_stacks#module:groups).
    - Stacks of RV(deleted) follow, by their names alone. If there is neither, what O(scope) says by name.
  returned: success
  type: list
  elements: dict
  contains:
    group:
      description: Name of the group.
      type: str
      sample: level_1
    phase:
      description: Number of the level.
      type: int
      sample: 1
    stacks:
      description: Its stacks, as in RV(stacks).
      type: list
      elements: dict
      sample: [{name: shop-dev-api, after: []}]
deleted:
  description:
    - Names of stacks of the scope that were deleted within 90 days, sorted. Looked for with O(deleted), or if no stack
      of the scope is there. For O(scope.tags), the 30 that were deleted last are asked for their tags.
  returned: success
  type: list
  elements: str
  sample: [shop-dev-old]
edges:
  description: Which stack comes after which, and how that shows. Sorted; one for each pair of stacks and signal.
  returned: success
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack that goes later.
      type: str
      sample: shop-dev-net
    after:
      description: Name of the stack that has to be gone before.
      type: str
      sample: shop-dev-api
    signal:
      description:
        - What shows it. V(export) is one that is imported, V(ssm_parameter) a parameter that is read from Systems
          Manager, V(dynamic_reference) a reference to Systems Manager in the template, V(stack_output) is
          C(Fn::GetStackOutput).
        - V(parameter) is an id or ARN in the value of a parameter, V(literal) one in the template, V(name) a name where
          a property takes just that.
        - V(role) is that that a stack was made with, V(bootstrap) the stack with which the CDK deploys,
          V(service_token) the function of a custom resource.
        - V(physical) is what is known of the types of resources, V(created) what was made later where all else says
          both, V(said) is O(order).
      type: str
      sample: ssm_parameter
    where:
      description: In which resource and property of the other stack it shows. Empty if it is about all of it.
      type: str
      sample: Function.VpcConfig.SubnetIds
    evidence:
      description: The same in words.
      type: str
      sample: the parameter Vpc of shop-dev-api resolves /shop/vpc, EC2::VPC Vpc of shop-dev-net
    certain:
      description: Whether it is more than a likeness of words.
      type: bool
      sample: true
dropped:
  description: What seemed to be an edge and does not count, as in RV(edges), where nothing else makes it one.
  returned: success
  type: list
  elements: dict
  contains:
    because:
      description: Why it does not count. The rest is as in RV(edges).
      type: str
      sample: what is named in Environment is not held by it
levels:
  description:
    - Names of the stacks in as few levels as possible. Those of the first can go at once, those of each other when
      what they come after is gone.
  returned: success
  type: list
  elements: list
  sample: [[shop-dev-api, shop-dev-web], [shop-dev-net]]
outsiders:
  description:
    - Stacks outside the scope that use what is in it, by what C(DescribeStacks) shows of them, and with O(imports) by
      what they import. They may keep stacks of the scope, or fail without them.
  returned: success
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack outside.
      type: str
      sample: bank-web
    depends_on:
      description: Name of the stack of the scope.
      type: str
      sample: shop-dev-net
    evidence:
      description: How that shows.
      type: str
      sample: bank-web imports shop-dev-net-Vpc, an export of shop-dev-net
strays:
  description: Stacks outside the scope that may have been forgotten. They are left alone unless the scope names them.
  returned: success
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack.
      type: str
      sample: shopdev-extra
    because:
      description: Why it may belong.
      type: str
      sample: it has the tag workshop=shop, as all stacks of the scope
left_out:
  description: Stacks that the scope takes in, or names, and that are not in RV(stacks).
  returned: success
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack.
      type: str
      sample: CDKToolkit
    because:
      description: Why it is left out.
      type: str
      sample: it is nested in shop-dev-web, with which alone it goes
survivors:
  description:
    - Resources of the stacks that stay when these go, or leave a snapshot, as their templates say (C(DeletionPolicy)).
      Nothing is known of a stack whose template could not be read.
  returned: success
  type: list
  elements: dict
  contains:
    stack:
      description: Name of the stack.
      type: str
      sample: shop-dev-data
    logical_id:
      description: Name of the resource in the template, behind those of the nested stacks that it is in.
      type: str
      sample: Orders
    type:
      description: CloudFormation's type. Of a nested stack that stays, nothing in it has a row of its own.
      type: str
      sample: AWS::DynamoDB::Table
    physical_id:
      description: Physical id of the resource.
      type: str
      sample: shop-dev-data-Orders-1A2B3C
    policy:
      description: V(Retain), V(RetainExceptOnCreate) or V(Snapshot), which is what CloudFormation does with databases
        of which a template says nothing.
      type: str
      sample: Retain
    costs:
      description: Whether what stays costs money though nobody uses it.
      type: bool
      sample: true
seen:
  description:
    - Whether a stack of the scope is there, or was deleted within 90 days. V(none) if that is not known.
  returned: success
  type: bool
  sample: true
near_names:
  description: When none was seen, beginnings of names of stacks that resemble O(scope.prefix) or O(scope.names).
  returned: success
  type: list
  elements: str
  sample: []
doubts:
  description: What may be wrong with the order, in sentences. The module warns of it as well.
  returned: success
  type: list
  elements: str
  sample: []
gaps:
  description: What could not be looked at. What follows from it is not known.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: The IAM action of the call.
      type: str
      sample: cloudformation:GetTemplate
    message:
      description: What AWS said, or what kept the call from it.
      type: str
      sample: User is not authorized to perform cloudformation:GetTemplate
    denied:
      description: Whether it is enough to allow the action.
      type: bool
      sample: true
    about:
      description: What was asked for. Empty if the call asks for everything.
      type: list
      elements: str
      sample: [shop-dev-net]
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
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import Scope
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import OrderError
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import Said
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.run import ScopeRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.parser import Parser
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            scope=dict(
                type="dict",
                required=True,
                options=dict(
                    [
                        ("prefix", dict(type="str", default="")),
                        ("tags", dict(type="dict", default={})),
                        ("names", dict(type="list", elements="str", default=[])),
                        ("except", dict(type="list", elements="str", default=[])),
                    ]
                ),
            ),
            order=dict(
                type="list",
                elements="dict",
                default=[],
                options=dict(
                    stack=dict(type="str", required=True),
                    after=dict(type="list", elements="str", default=[]),
                    not_after=dict(type="list", elements="str", default=[]),
                ),
            ),
            imports=dict(type="bool", default=False),
            deleted=dict(type="bool", default=False),
            workshop=dict(type="str"),
            account_id=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    given = module.params["scope"]
    tags = {key: str(value) for key, value in given["tags"].items()}
    scope = Scope(given["prefix"], tags, tuple(given["names"]), tuple(given["except"]))
    said = [Said(row["stack"], tuple(row["after"]), tuple(row["not_after"])) for row in module.params["order"]]
    problem = scope.problem() or check_account(module.params["account_id"])
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
    except ValueError as error:
        module.fail_json(msg=str(error))
    try:
        problem = account_problem(clients, module.params["account_id"])
        if problem:
            module.fail_json(msg=problem)
        with Looks(clients) as looks:
            imports, deleted, workshop = (module.params[name] for name in ("imports", "deleted", "workshop"))
            run = ScopeRun(looks, Parser(yaml), imports, deleted, workshop=workshop or "")
            found = run.take(scope, said)
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    except OrderError as error:
        module.fail_json(msg=str(error))
    for warning in found["doubts"]:
        module.warn(warning)
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
