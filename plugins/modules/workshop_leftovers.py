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
  - Removes O(leftovers) without a look at who owns them, but no Cloud Map instance of another account. Without them it
    looks where the options say that it shares with M(workshop.lifecycle.workshop_info), and removes only what no live
    stack owns; where that can not be looked at, nothing.
  - Each one is tried, whatever became of the others.
  - With O(verify), after everything was removed, looks for all of it anew, and for what is left of O(stacks), by other
    means than those that deleted them. What is there then is returned as RV(survey).
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
  - workshop.lifecycle.scope
  - workshop.lifecycle.scope.account
attributes:
  check_mode:
    details:
      - Looks which of them are there. One that can not be looked for counts as there. Waits for nothing.
options:
  leftovers:
    description:
      - Rows of RV(workshop.lifecycle.workshop_info#module:leftovers), as they are.
      - Either this has to be given, or where to look.
    type: list
    elements: dict
    suboptions:
      kind:
        description:
          - What it is.
          - For a V(task_definition), a revision that is INACTIVE. Others are left alone.
          - A V(tagged_resource) is refused, since whose it is has to be looked at right before. Look for it with
            O(tags).
        type: str
        choices:
          - alarm
          - cloud_map_instance
          - db_cluster_snapshot
          - db_snapshot
          - log_group
          - ssm_parameter
          - tagged_resource
          - task_definition
          - xray_group
          - xray_sampling_rule
        required: true
      id:
        description:
          - What AWS deletes it by.
          - The name of an alarm, log group, SSM parameter, X-Ray group or sampling rule, the id of a Cloud Map
            instance, the ARN of a task definition.
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
          - Of this only C(kept) is used, which says why it is told and not removed. Here so that rows can be given as
            they are.
        type: dict
  confirmed:
    description:
      - ARNs of V(tagged_resource) leftovers that may be removed. Others are kept, and told. All may, if not given.
    type: list
    elements: str
  settle:
    description:
      - Seconds for which log groups get the time to come back. Not used with O(leftovers).
    type: int
    default: 10
  quiet_since:
    description:
      - Since when nothing writes to the log groups any more, as ISO 8601 text in UTC.
      - If given, waits until that is O(settle) seconds ago, then looks. After a log group of one of O(stacks) was
        removed, which had come back without its stack, waits and looks again.
      - If not given, looks at once. After any log group was removed, waits and looks again, and waits once more before
        O(verify).
    type: str
  state:
    description:
      - They are not to be there.
    type: str
    choices: [absent]
    default: absent
  wait_timeout:
    description:
      - Seconds to wait until Cloud Map has deregistered instances, which it does later, and for what else takes AWS a
        while, as to terminate instances of EC2, and to free what these used. Then they count as failed.
    type: int
    default: 120
notes:
  - The IAM actions needed depend on the kind. V(alarm) needs C(cloudwatch:DescribeAlarms) and
    C(cloudwatch:DeleteAlarms), V(cloud_map_instance) C(servicediscovery:ListInstances),
    C(servicediscovery:DeregisterInstance) and C(servicediscovery:GetOperation), V(log_group)
    C(logs:DescribeLogGroups) and C(logs:DeleteLogGroup), V(ssm_parameter) C(ssm:DescribeParameters) and
    C(ssm:DeleteParameters), V(db_snapshot) C(rds:DescribeDBSnapshots) and C(rds:DeleteDBSnapshot),
    V(db_cluster_snapshot) C(rds:DescribeDBClusterSnapshots) and C(rds:DeleteDBClusterSnapshot), V(task_definition)
    C(ecs:ListTaskDefinitions) and C(ecs:DeleteTaskDefinitions), V(xray_group) C(xray:GetGroups) and
    C(xray:DeleteGroup), V(xray_sampling_rule) C(xray:GetSamplingRules) and C(xray:DeleteSamplingRule). To look for them
    needs those of M(workshop.lifecycle.workshop_info) as well. A V(tagged_resource) needs C(tag:GetResources) and what
    its type takes to look it up, to read its tags, and to delete it.
  - Of the types V(AWS::EC2::Instance), V(AWS::ElasticLoadBalancingV2::LoadBalancer),
    V(AWS::ElasticLoadBalancingV2::TargetGroup), V(AWS::EC2::NatGateway), V(AWS::Lambda::Function),
    V(AWS::DynamoDB::Table), V(AWS::S3::Bucket), V(AWS::ECR::Repository), V(AWS::SNS::Topic), V(AWS::Logs::LogGroup),
    V(AWS::SSM::Parameter), V(AWS::EC2::Volume) and V(AWS::EC2::SecurityGroup), a V(tagged_resource) is removed, of
    buckets and repositories only what is empty, of tables only what has no replica in another region. Any other takes a
    person.
  - A task definition that a task still uses goes when that task has ended, see
    U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html).
seealso:
  - module: workshop.lifecycle.workshop_info
"""

EXAMPLES = r"""
- name: Look what a workshop has left
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    xray_group: shop
  register: survey

- name: Remove it
  workshop.lifecycle.workshop_leftovers:
    leftovers: "{{ survey.leftovers }}"

- name: Look and remove at once, and once more if a log group was there
  workshop.lifecycle.workshop_leftovers:
    stacks: [shop-web, shop-vpc]
    xray_group: shop

- name: Remove what bears the workshop's tags and is in no stack
  workshop.lifecycle.workshop_leftovers:
    stacks: [shop-web, shop-vpc]
    tags: {workshop: shop}
    kinds: [tagged_resource]

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
  returned: with O(verify), if it could be seen; otherwise there is a warning
  type: dict
  sample: {stacks: [], leftovers: [], tagged_resources: [], remaining_resources: [], verified: true}
gaps:
  description:
    - Where nobody knows whether leftovers are there, as RV(workshop.lifecycle.workshop_info#module:gaps). The module
      fails if one of them is for another reason than a missing permission.
  returned: always
  type: list
  elements: dict
  sample: []
leftovers:
  description: What became of each, in the order given. Without O(leftovers) in the order found, round by round.
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
      description:
        - V(removed), V(absent) if it was not there, V(failed), or V(kept) if it may be somebody else's, or takes a
          person.
      type: str
      sample: removed
    reason:
      description: Why it is kept, or failed, and what to do then. Empty otherwise.
      type: str
      sample: ''
"""

import os
import re
import time
from dataclasses import replace

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.account import account_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.cloudmap import strangers
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import ABSENT
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import FAILED
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import KEPT
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import REMOVED
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.lookup import Lookups
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import kind_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import leftover_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.removal import Remover
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.rounds import Rounds
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import TAGGED
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import tags_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.account import Account
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import scope_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.times import iso_to_ago

PLACES = ("stacks", "xray_group", "xray_sampling_rules", "ssm_path", "alarm_prefix", "tags")

UNCONFIRMED = "it was not in the plan that was confirmed"


class Work:
    """``clients``: makes a boto3 client from the name of its service. All raise AwsCallError. ``gaps``: what could not
    be looked at, where nothing else tells, by action. ``confirmed``: ids of the tagged resources that may be removed;
    None if all may."""

    def __init__(self, clients, wait_timeout, check_mode, confirmed=None):
        self._clients = clients
        self._wait_timeout = wait_timeout
        self._check_mode = check_mode
        self._confirmed = confirmed
        self.gaps = {}
        self._inventory = ()

    def find(self, scope):
        """Leftovers that no stack owns."""
        found = self._survey(replace(scope, prefix="", verify=False, only_leftovers=True))
        self._inventory = tuple(found["inventory"])
        self.gaps.update({gap["action"]: gap for gap in found["gaps"]})
        return [self._if_confirmed(leftover_of(row)) for row in found["leftovers"]]

    def _if_confirmed(self, item):
        """A tagged resource that nobody has confirmed takes a person."""
        if item.kind != TAGGED or self._confirmed is None or item.id in self._confirmed:
            return item
        return replace(item, details={**item.details, "by_hand": UNCONFIRMED})

    def prove(self, scope, warn):
        """What is there now, all of it looked for anew, and what keeps it. Nothing, with a warning, if that can not be
        seen: what was removed is removed all the same."""
        try:
            return dict(survey=self._survey(replace(scope, blockers=True)))
        except AwsCallError as error:
            warn(f"What is left can not be seen: {error.advice()}")
            return {}

    def _survey(self, scope):
        with Looks(self._clients) as looks:
            known = (*self._inventory, *scope.inventory)
            return Survey(looks, self._clients.region).take(replace(scope, inventory=known))

    def remove(self, items, there=None):
        """What becomes, or would become, of each item. Whether one is there is looked up if that is not known."""
        refused = {item: Outcome(KEPT, item.kept or item.by_hand) for item in items if item.kept or item.by_hand}
        with Looks(self._clients) as looks:
            if there is None:
                refused.update(self._refused(looks, items))
                answers = Lookups(looks).there(resource_of(item) for item in items)
                there = {item: answers[resource_of(item)] for item in items}
                # Where it is removed, what becomes of that says more than a look.
                self.gaps.update({gap["action"]: gap for gap in looks.gaps() if self._check_mode})
            outcomes = {item: Outcome(ABSENT if there[item] is False else REMOVED) for item in items} | refused
            if not self._check_mode:
                remover = Remover(looks, time.monotonic, time.sleep, self._wait_timeout)
                wanted = [item for item, outcome in outcomes.items() if outcome.action == REMOVED]
                for item, outcome in remover.remove(wanted).items():
                    # What was there and is not any more has been removed, by a call that had to be repeated at the
                    # latest.
                    outcomes[item] = Outcome(REMOVED) if there[item] and outcome.action == ABSENT else outcome
        return outcomes

    def _refused(self, looks, items):
        """Instances that another account has registered, as in a namespace that is shared: they are not touched."""
        instances = [item for item in items if item.kind == "cloud_map_instance"]
        if not instances:
            return {}
        caller = Account(looks).identity() or dict(account="")
        return {
            item: Outcome(FAILED, f"Account {account} has registered it, and only that one may take it away.")
            for item, account in strangers(looks, instances, caller["account"]).items()
        }

    def clear(self, scope, settle, quiet):
        """Find and remove. What became of each item, one after the other."""

        def find():
            return self.find(scope)

        def remove(items):
            return self.remove(items, dict.fromkeys(items, True)) if items else {}

        if self._check_mode:
            return iter(remove(find()).items())
        return Rounds(find, remove, time.sleep, settle, quiet).run(self._was_had)

    def _was_had(self, item):
        """Whether a stack had this, so that it has been put back if it is there."""
        gone = (entry for entry in self._inventory if not entry["live"])
        had = {(row["type"], row["physical_id"]) for entry in gone for row in entry["resources"] or ()}
        return (resource_of(item).type, item.id) in had


def text(outcomes, actions):
    """A line for each item of which one of these actions was taken."""
    return "".join(f"{item.kind} {item.name}\n" for item, outcome in outcomes if outcome.action in actions)


def may_come_back(outcomes):
    """Whether AWS may put back one of these that was there."""
    return any(kind_of(item).comes_back and outcome.action == REMOVED for item, outcome in outcomes)


def quiet_for(since):
    """For how many seconds nothing has been writing to the log groups; None if that is not known. Raises ValueError."""
    if not since:
        return None
    text = since.replace("Z", "+00:00")
    return iso_to_ago(text if re.search(r"[+-]\d\d:\d\d\Z", text) else f"{text}+00:00")


def options_problem(params):
    """What is wrong with the options together; empty if nothing is."""
    where = [name for name in SCOPE_SPEC if params[name]]
    if params["leftovers"] is not None and where:
        return f"leftovers are removed without a look, so that with them goes none of: {', '.join(where)}."
    if params["leftovers"] is None and not any(params[name] for name in PLACES):
        return f"Nothing says what to remove. Give leftovers, or where to look for them: {', '.join(PLACES)}."
    if params["ssm_path"] and not params["ssm_path"].strip("/ "):
        return f"ssm_path is {params['ssm_path']!r}: below it is every parameter of the account."
    if any(row["kind"] == TAGGED for row in params["leftovers"] or ()):
        return f"A {TAGGED} is removed only where it was looked for right before: give tags, not leftovers."
    return tags_problem(params["tags"], "tags")


def gaps_problem(gaps):
    """What kept this module from looking, if it was no missing permission."""
    return " ".join(f"{gap['action']} could not be asked: {gap['message']}" for gap in gaps if not gap["denied"])


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            leftovers=dict(
                type="list",
                elements="dict",
                options=dict(
                    kind=dict(type="str", choices=sorted(KINDS), required=True),
                    id=dict(type="str", required=True),
                    name=dict(type="str"),
                    service_id=dict(type="str"),
                    details=dict(type="dict"),
                ),
                required_if=[("kind", "cloud_map_instance", ["service_id"])],
            ),
            **SCOPE_SPEC,
            confirmed=dict(type="list", elements="str"),
            settle=dict(type="int", default=10),
            quiet_since=dict(type="str"),
            state=dict(type="str", choices=["absent"], default="absent"),
            wait_timeout=dict(type="int", default=120),
            account_id=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    params = module.params
    problem = check_account(params["account_id"]) or options_problem(params)
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
    except ValueError as error:
        module.fail_json(msg=str(error))
    try:
        quiet = quiet_for(params["quiet_since"])
    except ValueError as error:
        module.fail_json(msg=f"quiet_since has to be ISO 8601 text in UTC: {error}")
    work = Work(clients, params["wait_timeout"], module.check_mode, params["confirmed"])
    outcomes = []
    proof = {}
    problem = ""
    try:
        problem = account_problem(clients, params["account_id"])
        if problem:
            module.fail_json(msg=problem)
        if params["leftovers"] is not None:
            items = list(dict.fromkeys(leftover_of(row) for row in params["leftovers"]))
            outcomes.extend(work.remove(items).items() if items else [])
        else:
            scope = scope_of(params)
            # One by one: what was done is told even if what follows can not be.
            for outcome in work.clear(scope, params["settle"], quiet):
                outcomes.append(outcome)
            if scope.verify:
                if quiet is None and not module.check_mode and may_come_back(outcomes):
                    time.sleep(params["settle"])  # something may still write to it
                proof = work.prove(scope, module.warn)
        problem = gaps_problem(work.gaps.values())
    except AwsCallError as error:
        problem = error.advice()
    result = dict(
        changed=any(outcome.action == REMOVED for _item, outcome in outcomes),
        leftovers=[outcome.row(item) for item, outcome in outcomes],
        diff=dict(before=text(outcomes, (REMOVED, FAILED)), after=text(outcomes, (FAILED,))),
        gaps=[gap for _action, gap in sorted(work.gaps.items())],
        **proof,
    )
    failed = [f"{item.kind} {item.name}: {it.reason}" for item, it in outcomes if it.action == FAILED]
    if problem or failed:
        module.fail_json(msg=problem or f"Could not be removed: {' '.join(failed)}", **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
