#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudformation_manifest
short_description: Bring the stacks of a manifest to what it says
version_added: 1.0.0
description:
  - Creates and updates CloudFormation stacks, each as soon as those stand that it comes after, all others at the same
    time. It is the group form of M(amazon.aws.cloudformation) with O(amazon.aws.cloudformation#module:state=present).
  - The order is found in the templates, by exports and imports, SSM parameters that one writes and another reads, and
    outputs that the manifest hands from one to another. Where the manifest says C(after), that holds instead.
  - A manifest that cannot be right is refused with all that is wrong, each with path and line, before AWS is asked
    anything.
  - A stack that fails keeps those from being asked for that come after it. All others go on. Its reason is that of the
    resource that failed first.
  - A run that was killed is finished by running it again. What is under way then is waited for.
  - The form of a manifest is in docs/manifest.schema.json of this collection.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  path:
    description:
      - The manifest, a file of YAML.
    type: path
    required: true
  content:
    description:
      - The text of the manifest, if it is another than what is in O(path), such as a template that has been rendered.
        Messages name O(path) all the same, with the lines of this text.
    type: str
  source:
    description:
      - The folder in which the templates, parameter files and items are. If omitted, that of O(path).
    type: path
  replace:
    description:
      - Delete stacks that can only be deleted, and make them anew. They are in C(ROLLBACK_COMPLETE),
        C(ROLLBACK_FAILED), C(CREATE_FAILED), C(DELETE_FAILED) or C(REVIEW_IN_PROGRESS). Otherwise one of them refuses
        the run.
    type: bool
    default: false
  adopt:
    description:
      - Names of stacks that are taken for the manifest's, and updated, though they do not have its tag. Any other stack
        that has a name of the manifest and not its tag refuses the run.
    type: list
    elements: str
    default: []
  discontinued:
    description:
      - Take templates with types of resources that AWS has ended, C(AWS::AppMesh::*). Where AWS makes none any more,
        the stack fails.
    type: bool
    default: false
  changes:
    description:
      - In check mode, have CloudFormation say what would change, by a change set for each stack that is there. All of
        them are deleted again. Of new stacks, the templates tell, after CloudFormation has validated them.
      - With V(false) it is only looked which stacks are there.
    type: bool
    default: true
  account_id:
    description:
      - Id of the AWS account, 12 digits. Any other one is refused.
    type: str
  wait_timeout:
    description:
      - Seconds for each stack, from when it was asked for. Then it counts as failed.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks.
    type: float
    default: 3.0
  progress_file:
    description:
      - Append a line of JSON to this file for each event. Set by the action plugin, which prints the lines.
    type: path
notes:
  - Each stack gets the tag C(workshop:lifecycle) with the name of the manifest, which CloudFormation hands on to its
    resources. Other tags that a stack has stay.
  - Whatever is waited for is asked for again by C(cloudformation:DescribeStacks), once for all stacks.
  - The IAM actions needed are C(cloudformation:DescribeStacks), C(cloudformation:CreateStack),
    C(cloudformation:UpdateStack), C(cloudformation:TagResource), C(cloudformation:DescribeStackEvents) for the reasons,
    C(sts:GetCallerIdentity), in check mode C(cloudformation:ValidateTemplate), C(cloudformation:CreateChangeSet),
    C(cloudformation:DescribeChangeSet) and C(cloudformation:DeleteChangeSet), with O(replace)
    C(cloudformation:DeleteStack), where a manifest says C(termination_protection)
    C(cloudformation:UpdateTerminationProtection), where it refers to a resource
    C(cloudformation:DescribeStackResource), with C(role_arn) C(iam:PassRole), for parameters from SSM
    C(ssm:GetParameters), and what the resources of the stacks need, unless they have a role.
seealso:
  - module: amazon.aws.cloudformation
  - module: workshop.lifecycle.cloudformation_stacks
"""

EXAMPLES = r"""
- name: Make the stacks
  workshop.lifecycle.cloudformation_manifest:
    path: shop.yml

- name: Make those anew that failed at first
  workshop.lifecycle.cloudformation_manifest:
    path: shop.yml
    replace: true
"""

RETURN = r"""
workshop:
  description: The name that the manifest gives.
  returned: when the manifest could be read
  type: str
  sample: shop
scope:
  description: Which stacks are the workshop's, as in O(workshop.lifecycle.cloudformation_stacks_info#module:scope).
  returned: when the manifest could be read
  type: dict
  sample: {prefix: shop-}
account:
  description: Id of the account. Empty where the caller may not ask.
  returned: when the manifest could be read
  type: str
  sample: "123456789012"
caller:
  description: ARN of the caller. Empty where the caller may not ask.
  returned: when the manifest could be read
  type: str
  sample: arn:aws:sts::123456789012:assumed-role/Teacher/anna
region:
  description: The region.
  returned: when the manifest could be read
  type: str
  sample: eu-central-1
rows:
  description: Rows of tables that the manifest has, each with C(table) and C(item), in DynamoDB's JSON.
  returned: when the manifest could be read
  type: list
  elements: dict
  sample: [{table: shop, item: {id: {S: "1"}}}]
xray_group:
  description: The X-Ray group that the manifest has. Empty if it has none.
  returned: when the manifest could be read
  type: dict
  sample: {name: shop, filter_expression: 'http.url BEGINSWITH "http://shop"'}
xray_sampling_rules:
  description: The sampling rules that the manifest has, as options of M(workshop.lifecycle.xray_sampling_rule).
  returned: when the manifest could be read
  type: list
  elements: dict
  sample: [{rule_name: shop, priority: 10, fixed_rate: 0, reservoir_size: 0, url_path: /health}]
stacks:
  description: The stacks. In check mode in the order in which they would be made.
  returned: when AWS was asked
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-web
    wave:
      description: 1 if it waits for no other stack, else one more than the highest of those that it comes after.
      type: int
      sample: 2
    template:
      description: Path or address of its template.
      type: str
      sample: templates/web.yml
    after:
      description: What it comes after, each with the C(stack) and the C(evidence).
      type: list
      elements: dict
      sample: [{stack: shop-net, evidence: Web imports shop-net-Vpc}]
    action:
      description:
        - V(created), V(updated), V(replaced) or V(unchanged) of one that stands, V(asked) of one of which nothing has
          become, empty of one that was not asked for.
        - In check mode V(create), V(update), V(replace) or V(unchanged). Without O(changes), V(update) is also said of
          what would not change.
      type: str
      sample: created
    status:
      description:
        - The same, or V(failed), V(skipped) if something failed that it comes after, V(refused), V(timed_out), or
          V(pending) if the run has ended before. Empty in check mode.
      type: str
      sample: created
    reason:
      description: Why it did not become what it should, or why it is not known what would change. Empty otherwise.
      type: str
      sample: "Table (AWS::DynamoDB::Table): Resource handler returned message: already exists"
    stack_id:
      description: Id of the stack. Empty if it is not there.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/1a2b3c
    status_before:
      description: CloudFormation's status before. V(none) if it was not there.
      type: str
      sample: CREATE_COMPLETE
    seconds:
      description: Seconds from when it was asked for to its end.
      type: float
      sample: 31.5
    changes:
      description:
        - In check mode, what would change, each with C(action), C(logical_id), C(type), C(replacement) and C(scope), as
          in a change set. Empty where only tags, parameters or outputs would change. V(none) where it is not known.
        - What follows from a change of another stack is not in it, such as another value of an SSM parameter.
      type: list
      elements: dict
      sample: [{action: Modify, logical_id: Site, type: "AWS::ECS::Service", replacement: "False", scope: [Properties]}]
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
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.reading import ManifestReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.run import ManifestRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.types import ManifestError
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers


def text_of(params):
    """The manifest's text. Raises OSError or ValueError."""
    if params["content"] is not None:
        return params["content"]
    with open(params["path"], encoding="utf-8") as stream:
        return stream.read()


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            path=dict(type="path", required=True),
            content=dict(type="str"),
            source=dict(type="path"),
            replace=dict(type="bool", default=False),
            adopt=dict(type="list", elements="str", default=[]),
            discontinued=dict(type="bool", default=False),
            changes=dict(type="bool", default=True),
            account_id=dict(type="str"),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=3.0),
            progress_file=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    params = module.params
    problem = check_numbers(params) or check_account(params["account_id"])
    if problem:
        module.fail_json(msg=problem)
    params.update(one_identity(params, os.environ))
    try:
        text = text_of(params)
        clients = Clients(*get_aws_connection_info(module))
        source = params["source"] or os.path.dirname(params["path"])
        reader = ManifestReader(params["path"], source, yaml, params["discontinued"], clients.region or "")
        manifest = reader.read(text)
    except ManifestError as error:
        module.fail_json(msg=f"The manifest cannot be right. Nothing was asked of AWS.\n{error}")
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    result = {"rows": list(manifest.items), "xray_group": dict(manifest.xray_group)}
    result["xray_sampling_rules"] = list(manifest.xray_sampling_rules)
    try:
        run = ManifestRun(params, clients, manifest)
        problem = account_problem(clients, params["account_id"]) or run.look()
        if not problem:
            problem, found = run.plan() if module.check_mode else run.run()
            result.update(found)
    except AwsCallError as error:
        module.fail_json(msg=error.advice(), **result)
    for warning in run.warnings:
        module.warn(warning)
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
