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
  - Removes leftovers of a workshop, as M(workshop.lifecycle.workshop_info) has found them, or looks for them itself.
  - Removes O(leftovers) without a look at who owns them. Of what O(find) finds it removes only what no live stack owns;
    where that may not be read, nothing.
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
      - Looks which of them are there. One that may not be looked for counts as there. Waits for nothing.
options:
  leftovers:
    description:
      - Rows of RV(workshop.lifecycle.workshop_info#module:leftovers), as they are.
      - Either this or O(find) has to be given.
    type: list
    elements: dict
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
  find:
    description:
      - Where to look for leftovers, by options of M(workshop.lifecycle.workshop_info). What is not given is not looked
        at.
    type: dict
    suboptions:
      stacks:
        description:
          - Exact names of stacks. With some given, all stacks are listed first, and nothing is asked for its stack
            where there is no stack at all.
        type: list
        elements: str
        default: []
      prefix:
        description:
          - What the names of other stacks begin with that O(find.verify) tells.
        type: str
        default: ''
      cluster:
        description:
          - Name or ARN of the ECS cluster of O(find.namespace).
        type: str
      services:
        description:
          - Exact names of services of O(find.cluster) that O(find.verify) looks for.
        type: list
        elements: str
        default: []
      log_groups:
        description:
          - Exact names of log groups.
        type: list
        elements: str
        default: []
      log_group_prefixes:
        description:
          - What the names of other log groups begin with.
        type: list
        elements: str
        default: []
      xray_group:
        description:
          - Exact name of an X-Ray group.
        type: str
      xray_sampling_rules:
        description:
          - Exact names of X-Ray sampling rules.
        type: list
        elements: str
        default: []
      namespace:
        description:
          - Name of a Cloud Map namespace. Found are instances of ECS tasks of O(find.cluster) which ended.
        type: str
      task_families:
        description:
          - Families of task definitions, of which the INACTIVE revisions are found.
        type: list
        elements: str
        default: []
      ssm_path:
        description:
          - Path below which SSM parameters are found.
        type: str
      verify:
        description:
          - After everything was removed, look for all of it anew, and for what is left of O(find.stacks), by other
            means than those that deleted them. What is there then is returned as RV(survey).
        type: bool
        default: false
      known_stack_ids:
        description:
          - Ids of deleted stacks that O(find.verify) need not ask what they left behind, since the caller knows.
        type: list
        elements: str
        default: []
  kinds:
    description:
      - Kinds of what O(find) finds that are to be removed. All, if not given.
    type: list
    elements: str
    choices:
      - cloud_map_instance
      - log_group
      - ssm_parameter
      - task_definition
      - xray_group
      - xray_sampling_rule
  settle:
    description:
      - Seconds for which log groups get the time to come back. Used with O(find).
    type: int
    default: 10
  quiet_since:
    description:
      - Since when nothing writes to the log groups any more, as ISO 8601 text in UTC.
      - If given, waits until that is O(settle) seconds ago, then looks. After one of O(find.log_groups) was removed,
        which had come back without its stack, waits and looks again.
      - If not given, looks at once. After any log group was removed, waits and looks again, and waits once more before
        O(find.verify).
    type: str
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
    C(xray:DeleteSamplingRule). O(find) needs those of M(workshop.lifecycle.workshop_info) as well.
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

- name: Look and remove at once, and once more if a log group was there
  workshop.lifecycle.workshop_leftovers:
    find:
      log_group_prefixes:
        - /aws/ecs/containerinsights/shop/
      xray_group: shop

- name: Remove one log group
  workshop.lifecycle.workshop_leftovers:
    leftovers:
      - kind: log_group
        id: /aws/ecs/containerinsights/shop/performance
"""

RETURN = r"""
survey:
  description:
    - What is there in the end, with the keys that M(workshop.lifecycle.workshop_info) returns with its option
      O(workshop.lifecycle.workshop_info#module:verify).
  returned: with O(find.verify), if it could be seen; otherwise there is a warning
  type: dict
  sample: {stacks: [], leftovers: [], tagged_resources: [], retained_resources: [], verified: true}
leftovers:
  description: What became of each, in the order given. With O(find) in the order found, round by round.
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

import re
import time
from dataclasses import replace

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.removal import Removal
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.rounds import Rounds
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.rounds import leftovers_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import ABSENT
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import FAILED
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import REMOVED
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.reading import Reading
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import LOG_GROUP
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SSM_PARAMETER
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import scope_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.times import iso_to_ago


class Work:
    """``clients``: makes a boto3 client from the name of its service. All raise AwsCallError."""

    def __init__(self, clients, region, wait_timeout, check_mode):
        self._clients = clients
        self._region = region
        self._wait_timeout = wait_timeout
        self._check_mode = check_mode

    def find(self, where, kinds):
        """Leftovers of these kinds that no stack owns."""
        scope = replace(scope_of(where), prefix="", services=(), verify=False, caller=False)
        if kinds is not None and SSM_PARAMETER not in kinds:
            scope = replace(scope, ssm_path="")
        return leftovers_of(self._look(scope)["leftovers"], kinds)

    def prove(self, where, warn):
        """What is there now, all of it looked for anew. Nothing, with a warning, if that can not be seen: what was
        removed is removed all the same."""
        try:
            return dict(survey=self._look(scope_of(where)))
        except AwsCallError as error:
            warn(f"What is left can not be seen: {error.advice()}")
            return {}

    def _look(self, scope):
        with Reading() as reading:
            return Survey(self._clients, reading, self._region).look(scope)

    def remove(self, items, there=None):
        """What becomes, or would become, of each item. Whether one is there is looked up if that is not known."""
        with Reading() as reading:
            removal = Removal(self._clients, reading, time.monotonic, time.sleep, self._wait_timeout)
            there = there or removal.there(items)
            outcomes = {item: Outcome(ABSENT if there[item] is False else REMOVED) for item in items}
            if not self._check_mode:
                for item, outcome in removal.remove([item for item in items if there[item] is not False]).items():
                    # What was there and is not any more has been removed, by a call that had to be repeated at the
                    # latest.
                    outcomes[item] = Outcome(REMOVED) if there[item] and outcome.action == ABSENT else outcome
        return outcomes

    def clear(self, where, kinds, settle, quiet):
        """Find and remove. What became of each item, one after the other."""

        def look():
            return self.find(where, kinds)

        def remove(items):
            return self.remove(items, dict.fromkeys(items, True)) if items else {}

        if self._check_mode:
            return iter(remove(look()).items())
        return Rounds(look, remove, time.sleep, settle, quiet).run(where["log_groups"])


def text(outcomes, actions):
    """A line for each item of which one of these actions was taken."""
    return "".join(f"{item.kind} {item.name}\n" for item, outcome in outcomes if outcome.action in actions)


def log_group_removed(outcomes):
    """Whether one of these is a log group that was there."""
    return any(item.kind == LOG_GROUP and outcome.action == REMOVED for item, outcome in outcomes)


def quiet_for(since):
    """For how many seconds nothing has been writing to the log groups; None if that is not known. Raises ValueError."""
    if not since:
        return None
    text = since.replace("Z", "+00:00")
    return iso_to_ago(text if re.search(r"[+-]\d\d:\d\d\Z", text) else f"{text}+00:00")


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            leftovers=dict(
                type="list",
                elements="dict",
                options=dict(
                    kind=dict(type="str", choices=list(KINDS), required=True),
                    id=dict(type="str", required=True),
                    name=dict(type="str"),
                    service_id=dict(type="str"),
                    details=dict(type="dict"),
                ),
                required_if=[("kind", "cloud_map_instance", ["service_id"])],
            ),
            find=dict(
                type="dict",
                options=dict(
                    stacks=dict(type="list", elements="str", default=[]),
                    prefix=dict(type="str", default=""),
                    cluster=dict(type="str"),
                    services=dict(type="list", elements="str", default=[]),
                    log_groups=dict(type="list", elements="str", default=[]),
                    log_group_prefixes=dict(type="list", elements="str", default=[]),
                    xray_group=dict(type="str"),
                    xray_sampling_rules=dict(type="list", elements="str", default=[]),
                    namespace=dict(type="str"),
                    task_families=dict(type="list", elements="str", default=[]),
                    ssm_path=dict(type="str"),
                    verify=dict(type="bool", default=False),
                    known_stack_ids=dict(type="list", elements="str", default=[]),
                ),
                required_by=dict(namespace=["cluster"]),
            ),
            kinds=dict(type="list", elements="str", choices=list(KINDS)),
            settle=dict(type="int", default=10),
            quiet_since=dict(type="str"),
            state=dict(type="str", choices=["absent"], default="absent"),
            wait_timeout=dict(type="int", default=120),
        ),
        mutually_exclusive=[("leftovers", "find")],
        required_one_of=[("leftovers", "find")],
        supports_check_mode=True,
    )
    try:
        clients = Clients(*get_aws_connection_info(module))
    except ValueError as error:
        module.fail_json(msg=str(error))
    params = module.params
    if params["find"] and params["find"]["services"] and not params["find"]["cluster"]:
        module.fail_json(msg="services needs cluster: the name of the ECS cluster of these services.")
    try:
        quiet = quiet_for(params["quiet_since"])
    except ValueError as error:
        module.fail_json(msg=f"quiet_since has to be ISO 8601 text in UTC: {error}")
    items = list(dict.fromkeys(leftovers_of(params["leftovers"] or [])))
    outcomes = []
    proof = {}
    problem = ""
    try:
        if items or params["find"]:
            work = Work(clients, clients.region, params["wait_timeout"], module.check_mode)
            if items:
                outcomes.extend(work.remove(items).items())
            else:
                # One by one: what was done is told even if what follows can not be.
                for outcome in work.clear(params["find"], params["kinds"], params["settle"], quiet):
                    outcomes.append(outcome)
                if params["find"]["verify"]:
                    if quiet is None and not module.check_mode and log_group_removed(outcomes):
                        time.sleep(params["settle"])  # something may still write to it
                    proof = work.prove(params["find"], module.warn)
    except AwsCallError as error:
        problem = error.advice()
    result = dict(
        changed=any(outcome.action == REMOVED for _item, outcome in outcomes),
        leftovers=[outcome.row(item) for item, outcome in outcomes],
        diff=dict(before=text(outcomes, (REMOVED, FAILED)), after=text(outcomes, (FAILED,))),
        **proof,
    )
    failed = [f"{item.kind} {item.name}: {it.reason}" for item, it in outcomes if it.action == FAILED]
    if problem or failed:
        module.fail_json(msg=problem or f"Could not be removed: {' '.join(failed)}", **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
