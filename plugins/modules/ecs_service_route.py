#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_service_route
short_description: Send marked requests, or a share of all, to another version of an ECS service
version_added: 1.0.0
description:
  - Makes rules on the listeners of an Application Load Balancer, in front of the rule or default action by which
    requests come to a service. Requests that meet O(conditions) go to another target group, and of the others a share
    by O(weights). Everything else stays as it is, and with O(state=absent) all is as it was.
  - Only rules that have its tag C(workshop.lifecycle:route), which they get as they are made, are ever changed or
    deleted. Rules and default actions of others are read, and theirs keep their priorities.
  - The tag names O(service) with its O(cluster), or O(target_group_arn). So what one of them made goes by that alone.
    With O(state=absent) a warning tells of rules of another that are still there.
  - The requests that another rule would have taken are not taken from it. A new rule comes directly before that of the
    service, and after all others that are before that.
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
      - Name or ARN of the cluster of O(service) and O(new_service).
    type: str
  service:
    description:
      - Name of the service that everybody uses. Its target group and load balancer are found by it.
    type: str
  target_group_arn:
    description:
      - The target group that everybody uses, instead of O(service) or where that has several.
    type: str
  new_service:
    description:
      - Name of the service that runs the other version.
    type: str
  new_target_group_arn:
    description:
      - The target group of the other version, instead of O(new_service). For a service with blue/green deployments this
        can be its alternate target group.
    type: str
  listener_arns:
    description:
      - The listeners that get the rules. If omitted, those of the load balancers of the target group.
      - Needed for O(state=absent) if the service is not there any more.
    type: list
    elements: str
  conditions:
    description:
      - Which requests go to the other version, as ELBv2 says it. All of them have to be met, each by one of its values.
      - With those of the service's own rule, a rule can have five values.
    type: list
    elements: dict
    default: []
    suboptions:
      field:
        description: What it looks at.
        type: str
        required: true
        choices: [host-header, http-header, http-request-method, path-pattern, query-string, source-ip]
      host_header_config:
        description: For V(host-header).
        type: dict
        suboptions: &values
          values:
            description: The values, one of which has to be there.
            type: list
            elements: str
            required: true
      http_header_config:
        description: For V(http-header).
        type: dict
        suboptions:
          http_header_name:
            description: The name of the header, in whatever case.
            type: str
            required: true
          values:
            description: The values, one of which has to be there.
            type: list
            elements: str
            required: true
      http_request_method_config:
        description: For V(http-request-method).
        type: dict
        suboptions: *values
      path_pattern_config:
        description: For V(path-pattern).
        type: dict
        suboptions: *values
      query_string_config:
        description: For V(query-string).
        type: dict
        suboptions:
          values:
            description: The values, one of which has to be there.
            type: list
            elements: dict
            required: true
            suboptions:
              key:
                description: The name of the parameter. Any, if omitted.
                type: str
              value:
                description: Its value.
                type: str
                required: true
      source_ip_config:
        description: For V(source-ip).
        type: dict
        suboptions: *values
  weights:
    description:
      - How the requests that meet no condition are shared. If omitted they are not.
      - Of a service whose weights ECS sets itself, as with blue/green deployments, this is refused while a deployment
        is under way.
    type: dict
    suboptions:
      current:
        description: Weight of the version that everybody uses, 0 to 999.
        type: int
        required: true
      new:
        description: Weight of the other version, 0 to 999.
        type: int
        required: true
  state:
    description:
      - V(present) brings the rules of this route to what is said here. Those of it that are not, go.
      - V(absent) deletes them.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - Also send requests to a target group without any healthy target.
    type: bool
    default: false
  account_id:
    description:
      - Fail unless this is the account.
    type: str
  scope:
    description:
      - Fail unless the listeners belong to CloudFormation stacks of this scope, and the other target group to one of
        them or to none, as in O(workshop.lifecycle.cloudformation_stacks_info#module:scope).
    type: dict
    suboptions:
      prefix:
        description: What names of stacks begin with. Three characters at least.
        type: str
        default: ''
      tags:
        description: Tags, all of which a stack has. Each value has three characters at least.
        type: dict
        default: {}
      names:
        description: Exact names of stacks.
        type: list
        elements: str
        default: []
      except:
        description: Exact names of stacks that do not belong, whatever else is said.
        type: list
        elements: str
        default: []
notes:
  - The IAM actions needed are C(ecs:DescribeServices) with O(service) or O(new_service),
    C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTargetHealth),
    C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeTags), C(elasticloadbalancing:CreateRule) with C(elasticloadbalancing:AddTags),
    C(elasticloadbalancing:ModifyRule), C(elasticloadbalancing:SetRulePriorities) and
    C(elasticloadbalancing:DeleteRule), C(ecs:ListServiceDeployments) with
    O(weights) of a service with blue/green deployments, and C(cloudformation:DescribeStackResources) and
    C(cloudformation:DescribeStacks) with O(scope).
  - M(amazon.aws.elb_application_lb) is not meant for this. It takes a rule of somebody else with the same priority for
    the one that it is given and rewrites it, and deletes listeners and rules that it is not given, unless it is told
    not to.
  - A stack whose target group a rule of this route uses cannot be deleted before the route, which
    M(workshop.lifecycle.cloudformation_blockers) sees. A listener takes its rules with it.
seealso:
  - module: workshop.lifecycle.ecs_deployment
  - module: workshop.lifecycle.app_mesh_route
  - module: amazon.aws.elb_application_lb
"""

EXAMPLES = r"""
- name: Try the new version, and nobody else sees it
  workshop.lifecycle.ecs_service_route:
    cluster: shop
    service: web
    new_service: web-new
    conditions:
      - field: http-header
        http_header_config:
          http_header_name: x-workshop-version
          values: [new]

- name: Let every tenth request see it
  workshop.lifecycle.ecs_service_route:
    cluster: shop
    service: web
    new_service: web-new
    weights:
      current: 90
      new: 10

- name: As it was
  workshop.lifecycle.ecs_service_route:
    cluster: shop
    service: web
    state: absent
"""

RETURN = r"""
rules:
  description: The rules of this route as they are now, or in check mode would be, by listener and priority.
  returned: always
  type: list
  elements: dict
  contains:
    listener_arn:
      description: ARN of the listener.
      type: str
      sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop/0123/4567
    rule_arn:
      description: ARN of the rule; V(none) of one that check mode predicts.
      type: str
      sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/0123/4567/89ab
    priority:
      description: Its priority. The lowest one comes first.
      type: int
      sample: 49999
    kind:
      description: V(marked) for the one with O(conditions), V(shared) for the one with O(weights).
      type: str
      sample: marked
    conditions:
      description: Its conditions, with those of the service's own rule.
      type: list
      elements: dict
      sample: [{field: http-header, http_header_config: {http_header_name: x-workshop-version, values: [new]}}]
    target_groups:
      description: Where the requests go.
      type: list
      elements: dict
      contains:
        target_group_arn:
          description: ARN of the target group.
          type: str
          sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web-new/0123456789abcdef
        weight:
          description: Its weight among those of the rule.
          type: int
          sample: 1
lines:
  description: The same for people, a line for each rule.
  returned: always
  type: list
  elements: str
  sample: ['port 80, priority 49999: x-workshop-version: new -> 100.0% to web-new (weight 1)']
current_target_group:
  description: ARN of the target group that everybody uses; V(none) if it was not looked for.
  returned: always
  type: str
  sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef
new_target_group:
  description: ARN of the target group of the other version; V(none) if it was not looked for.
  returned: always
  type: str
  sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web-new/0123456789abcdef
new_target_health:
  description: The targets of that; V(none) if they were not looked at.
  returned: always
  type: dict
  contains:
    registered:
      description: How many there are.
      type: int
      sample: 2
    healthy:
      description: How many get requests, for being healthy or since nobody checks that.
      type: int
      sample: 2
    others:
      description: State and reason of the others.
      type: list
      elements: str
      sample: []
"""

import os

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.account import account_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.conditions import CONFIGS
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.refusals import of_options
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.run import RouteRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import Scope
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account


def without_none(value):
    """The same without what was not given."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, list) else value


def conditions_problem(conditions):
    """Which condition does not say what its field takes, or says more; empty if none does."""
    configs = {field: f"{field.replace('-', '_')}_config" for field in CONFIGS}
    for item in conditions:
        given, needed = sorted(name for name in configs.values() if item.get(name)), configs[item["field"]]
        if given != [needed]:
            return f"A condition of the field {item['field']} takes {needed}, not {', '.join(given) or 'nothing'}."
        if not item[needed]["values"]:
            return f"A condition of the field {item['field']} has no values."
    return ""


def scope_of(given):
    """The scope, or None if none was given."""
    if given is None:
        return None
    tags = {key: str(value) for key, value in given["tags"].items()}
    return Scope(given["prefix"], tags, tuple(given["names"]), tuple(given["except"]))


def main():
    values = dict(values=dict(type="list", elements="str", required=True))
    module = AnsibleAWSModule(
        argument_spec=dict(
            cluster=dict(type="str"),
            service=dict(type="str"),
            target_group_arn=dict(type="str"),
            new_service=dict(type="str"),
            new_target_group_arn=dict(type="str"),
            listener_arns=dict(type="list", elements="str"),
            conditions=dict(
                type="list",
                elements="dict",
                default=[],
                options=dict(
                    field=dict(type="str", required=True, choices=sorted(CONFIGS)),
                    host_header_config=dict(type="dict", options=values),
                    http_header_config=dict(
                        type="dict", options=dict(http_header_name=dict(type="str", required=True), **values)
                    ),
                    http_request_method_config=dict(type="dict", options=values),
                    path_pattern_config=dict(type="dict", options=values),
                    query_string_config=dict(
                        type="dict",
                        options=dict(
                            values=dict(
                                type="list",
                                elements="dict",
                                required=True,
                                options=dict(
                                    key=dict(type="str", no_log=False), value=dict(type="str", required=True)
                                ),
                            )
                        ),
                    ),
                    source_ip_config=dict(type="dict", options=values),
                ),
            ),
            weights=dict(
                type="dict",
                options=dict(current=dict(type="int", required=True), new=dict(type="int", required=True)),
            ),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            force=dict(type="bool", default=False),
            account_id=dict(type="str"),
            scope=dict(
                type="dict",
                options=dict(
                    [
                        ("prefix", dict(type="str", default="")),
                        ("tags", dict(type="dict", default={})),
                        ("names", dict(type="list", elements="str", default=[])),
                        ("except", dict(type="list", elements="str", default=[])),
                    ]
                ),
            ),
        ),
        mutually_exclusive=[("service", "target_group_arn"), ("new_service", "new_target_group_arn")],
        required_one_of=[("service", "target_group_arn")],
        required_by=dict(service="cluster", new_service="cluster"),
        required_if=[("state", "present", ("new_service", "new_target_group_arn"), True)],
        supports_check_mode=True,
    )
    params, scope = dict(module.params), scope_of(module.params["scope"])
    problem = (
        check_account(params["account_id"])
        or (scope.problem() if scope else "")
        or conditions_problem(params["conditions"])
        or of_options(params["weights"], params["conditions"], params["state"] == "present")
    )
    if problem:
        module.fail_json(msg=problem)
    params["conditions"] = [
        snake_dict_to_camel_dict(item, capitalize_first=True) for item in without_none(params["conditions"])
    ]
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
        problem = account_problem(clients, params["account_id"])
        run = RouteRun(params, clients, scope, module.check_mode)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    problem = problem or run.run()
    for warning in run.warnings:
        module.warn(warning)
    result = run.result()
    for rule in result["rules"]:
        rule["conditions"] = [camel_dict_to_snake_dict(item) for item in rule["conditions"]]
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
