# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_plan
short_description: Show what a teardown of a workshop would do
version_added: 1.0.0
description:
  - Puts the result of M(workshop.lifecycle.workshop_info) beside the stack groups of a workshop, and shows what a
    teardown would do, where, and what it would leave.
  - Asks AWS nothing and changes nothing.
  - Returns the same as data. For one survey and the same options it is always the same.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  order:
    description:
      - The result of M(workshop.lifecycle.cloudformation_stacks_info), if the order of O(groups) was found by it. Then
        it is also shown why each stack comes after what.
    type: dict
  remove:
    description:
      - Kinds of leftovers that the teardown removes, as in RV(workshop.lifecycle.workshop_info#module:leftovers).
        Those of other kinds are shown as left.
    type: list
    elements: str
    default: []
  retain_on_failure:
    description:
      - Patterns of resource types that may be left behind when they can not be deleted.
      - What a row in O(groups[].stacks) says of a stack holds over this.
    type: list
    elements: str
    default: []
  disable_termination_protection:
    description:
      - Whether the teardown switches termination protection off. Otherwise fails, with the plan shown, if stacks of
        the plan have it.
      - What a row in O(groups[].stacks) says of a stack holds over this.
    type: bool
    default: false
  role_arn:
    description:
      - ARN of the role with which CloudFormation is to delete the stacks. Then it does not matter whether a role is
        gone that one was made with.
    type: str
  temporary_role:
    description:
      - The role that the teardown makes for stacks whose own is gone, as in
        O(workshop.lifecycle.cloudformation_stacks#module:temporary_role). It is shown, and these stacks do not count
        as held.
    type: dict
    suboptions:
      create:
        description: Whether it is made where a stack needs it.
        type: bool
        default: false
      name:
        description: What it is made for.
        type: str
        required: true
      policies:
        description: ARNs of managed policies. With O(temporary_role.create), there has to be one.
        type: list
        elements: str
        default: []
  clear:
    description:
      - Types of resources of which what holds them is cleared by the teardown, patterns of these, or V(all), as in
        O(workshop.lifecycle.cloudformation_stacks#module:clear).
    type: list
    elements: str
    default: []
  uncleared:
    description:
      - With V(fail), fails if something in resources of the stacks, or a deletion protection of their own, is certain
        to keep them from going, and O(clear) does not name their type. With V(go_on), it is only shown.
    type: str
    choices: [fail, go_on]
    default: fail
  may_be_absent:
    description:
      - Whether it is fine that no stack of the workshop is there, and none was deleted within 90 days. Otherwise fails,
        with the plan shown, since its name may be misspelled or the region another one. In check mode it is only said.
    type: bool
    default: false
  report_directory:
    description:
      - A folder that is to take a report. Fails, with the plan shown, if it could not be made and written.
      - It is tried out, and nothing is left behind; in check mode, only what the file system says of it is read.
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
  - workshop.lifecycle.controller.surveyed
attributes:
  check_mode:
    description: Shows the plan in check mode too, and reports C(changed) there if the teardown would change anything.
  diff_mode:
    support: full
    description: Compares what is there with what would be left, in check mode.
seealso:
  - module: workshop.lifecycle.workshop_info
  - module: workshop.lifecycle.workshop_status
"""

EXAMPLES = r"""
- name: Look at a workshop
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    prefix: shop-
    blockers: true
  register: found

- name: Show what a teardown would do
  workshop.lifecycle.workshop_plan:
    workshop: shop
    survey: "{{ found }}"
    groups:
      - group: web
        stacks: [shop-web]
      - group: network
        after: [web]
        stacks: [shop-vpc]
    remove: [log_group, xray_group]
    retain_on_failure: ["AWS::AppMesh::*"]
"""

RETURN = r"""
plan:
  description: The plan.
  returned: success
  type: dict
  contains:
    workshop:
      description: Name of the workshop.
      type: str
      sample: shop
    part:
      description: Whether it is only a part of the workshop.
      type: bool
      sample: false
    account:
      description: Id of the account. V(none) if unknown.
      type: str
      sample: '123456789012'
    account_alias:
      description: Alias of the account. V(none) if there is none, or if it may not be asked.
      type: str
      sample: sandbox
    region:
      description: The region.
      type: str
      sample: eu-central-1
    caller:
      description: ARN of the user or role that asks. V(none) if unknown.
      type: str
      sample: arn:aws:sts::123456789012:assumed-role/Teacher/anna
    made:
      description: When the oldest of the stacks was made. V(none) if there are none.
      type: str
      sample: '2026-11-20T08:00:00+00:00'
    seen:
      description:
        - Whether a stack of the workshop is there, or was deleted within 90 days. V(none) if nobody knows.
      type: bool
      sample: true
    near_names:
      description: If it was never seen, names of workshops that may be meant.
      type: list
      elements: str
      sample: []
    blockers:
      description:
        - What keeps stacks of the workshop from going, as in
          RV(workshop.lifecycle.workshop_info#module:blockers), and whether O(clear) covers it, as C(agreed). What is
          sure to do so comes first.
      type: list
      elements: dict
      sample:
        - stack_name: shop-vpc
          type: AWS::EC2::SecurityGroup
          id: sg-0123456789abcdef0
          name: by-hand
          owner: null
          reason: A VPC cannot be deleted with a security group in it.
          certain: true
          how_to_remove: aws ec2 delete-security-group --group-id sg-0123456789abcdef0
          amounts: []
          clear: ''
          lost: ''
          agreed: false
    temporary_role:
      description: The role that is made, with C(name), C(policies) and the C(stacks) that need it. V(none) without one.
      type: dict
      sample: null
    blockers_gaps:
      description: What could not be looked at of that, as in RV(workshop.lifecycle.workshop_info#module:blockers_gaps).
      type: list
      elements: dict
      sample: []
    clear:
      description: What O(clear) says.
      type: list
      elements: str
      sample: []
    uncleared:
      description: What O(uncleared) says.
      type: str
      sample: fail
    phases:
      description: The phases in which there is something to delete, in order.
      type: list
      elements: dict
      contains:
        phase:
          description: Number of the phase.
          type: int
          sample: 1
        groups:
          description: The stack groups of the phase that have stacks, in the order of O(groups).
          type: list
          elements: dict
          contains:
            group:
              description: Name of the group.
              type: str
              sample: web
            stacks:
              description: Its stacks that exist, in the order of O(groups).
              type: list
              elements: dict
              contains:
                name:
                  description: Name of the stack.
                  type: str
                  sample: shop-web
                status:
                  description: Its status.
                  type: str
                  sample: CREATE_COMPLETE
                status_reason:
                  description: Why it has that status. V(none) if AWS does not say.
                  type: str
                  sample: 'The following resource(s) failed to delete: [Vpc].'
                protected:
                  description: Whether it has termination protection.
                  type: bool
                  sample: false
                creation_time:
                  description: When it was made.
                  type: str
                  sample: '2026-11-20T08:00:00+00:00'
                stack_id:
                  description: Its id.
                  type: str
                  sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0
                contains:
                  description: How many resources it has, by type. V(none) if that could not be read.
                  type: dict
                  sample: {"AWS::ECS::Service": 1, "AWS::ServiceDiscovery::Service": 1}
    order:
      description:
        - How the order was found, which is C(levels), C(edges), C(dropped), C(outsiders), C(strays), C(survivors),
          C(left_out), C(doubts) and C(gaps) as M(workshop.lifecycle.cloudformation_stacks_info) returns them. V(none)
          without O(order).
      type: dict
      sample: {levels: [[shop-web], [shop-vpc]]}
    left_to_fail:
      description: Stacks that something holds and that fail, with O(uncleared=go_on).
      type: list
      elements: str
      sample: []
    skipped:
      description: Stacks that are skipped then, since they come after these.
      type: list
      elements: str
      sample: []
    to_clear:
      description: Types to add to O(clear) so that what holds them is cleared, as far as it can be.
      type: list
      elements: str
      sample: []
    stop:
      description: The ECS tasks of the workshop that would be stopped, by service, then those of no service.
      type: list
      elements: dict
      contains:
        group:
          description: The group of the tasks, as ECS has it.
          type: str
          sample: service:web
        service:
          description: Name of the service. V(none) for tasks of no service.
          type: str
          sample: web
        tasks:
          description: How many.
          type: int
          sample: 2
        statuses:
          description: How many of them are in which status.
          type: dict
          sample: {DEACTIVATING: 1, RUNNING: 1}
    remove:
      description: The leftovers that would be removed.
      type: list
      elements: dict
      contains:
        kind:
          description: Kind of the leftover.
          type: str
          sample: log_group
        name:
          description: Its name.
          type: str
          sample: /aws/ecs/containerinsights/shop/performance
        id:
          description: What it is removed by.
          type: str
          sample: /aws/ecs/containerinsights/shop/performance
        type:
          description: CloudFormation's type of a V(tagged_resource). Others have none.
          type: str
          sample: AWS::DynamoDB::Table
        costs:
          description: Whether a V(tagged_resource) is of a type that costs for as long as it is there.
          type: bool
          sample: false
        how_to_remove:
          description: A command line that removes a V(tagged_resource). Empty where none is known.
          type: str
          sample: aws dynamodb delete-table --table-name orders --region eu-central-1
    retain:
      description:
        - Patterns of the resource types that are left behind if they can not be deleted. Empty if no stack is there.
      type: list
      elements: str
      sample: ["AWS::AppMesh::*"]
    left:
      description:
        - What would be left. A V(tagged_resource) also has C(type), C(costs) and C(how_to_remove), as in C(remove).
      type: list
      elements: dict
      contains:
        kind:
          description: V(stack), V(ecs_service) for one of others in a cluster of the workshop, or a kind of leftover.
          type: str
          sample: stack
        name:
          description: Its name.
          type: str
          sample: shop-notes
        reason:
          description: Why it is left.
          type: str
          sample: not a stack of this workshop
    gaps:
      description: What could not be looked at.
      type: list
      elements: dict
      contains:
        action:
          description: The IAM action of the call.
          type: str
          sample: xray:GetGroups
        message:
          description: What AWS said, or what kept the call from it.
          type: str
          sample: User is not authorized to perform xray:GetGroups
        denied:
          description: Whether it is enough to allow the action.
          type: bool
          sample: true
        about:
          description: What was asked for. Empty if the call asks for everything.
          type: list
          elements: str
          sample: []
    ecs_service_settings:
      description:
        - Services of the workshop whose next deployment goes wrong by what is set for it, as in
          RV(workshop.lifecycle.workshop_status#module:status.ecs_service_settings).
      type: list
      elements: dict
      sample: []
    kept_holds:
      description: Stacks of the workshop that are there and not meant, and hold some that are.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the stack.
          type: str
          sample: shop-alb
        group:
          description: Name of its group.
          type: str
          sample: load_balancer
        holds:
          description: Names of stacks that come after it.
          type: list
          elements: str
          sample: [shop-vpc]
    protected:
      description: Names of the stacks that have termination protection.
      type: list
      elements: str
      sample: [shop-vpc]
    unprotect:
      description: Those of them whose protection the teardown would switch off.
      type: list
      elements: str
      sample: []
    found:
      description: Whether something was seen that a teardown would delete, stop or remove.
      type: bool
      sample: true
    anything:
      description: The same, or whether something may be there that may not be looked at.
      type: bool
      sample: true
groups:
  description:
    - O(groups) with only the stacks that were seen, for O(workshop.lifecycle.cloudformation_stacks#module:groups). So
      what is deleted is what was shown. A stack that is made later, even of the same name, is none of it.
    - What each stack waits for is settled with all stacks in sight, and said of each one as C(after).
  returned: success
  type: list
  elements: dict
  contains:
    group:
      description: Name of the group.
      type: str
      sample: web
    phase:
      description: In which phase it goes.
      type: int
      sample: 1
    stacks:
      description:
        - Its stacks that were seen. Each is what O(groups[].stacks) says of it, with C(name), C(group), C(after),
          C(stack_id), and C(resources) as in RV(workshop.lifecycle.workshop_info#module:inventory) if they could be
          read.
      type: list
      elements: dict
      sample:
        - name: shop-web
          group: web
          after: []
          stack_id: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0
          resources:
            - logical_id: Service
              type: AWS::ECS::Service
              physical_id: arn:aws:ecs:eu-central-1:123456789012:service/shop/web
              status: CREATE_COMPLETE
anything:
  description: Whether there is, or may be, something to do.
  returned: success
  type: bool
  sample: true
summary:
  description: What would go, in a few words.
  returned: success
  type: str
  sample: 24 stacks, 8 ECS tasks, 2 leftovers
clears:
  description: What is cleared, and lost, in a few words. Empty if nothing is.
  returned: success
  type: str
  sample: 1,204 objects, 310 old versions and 14 images
tagged:
  description: How many leftovers of which types go by the tags that they bear. Empty if none do.
  returned: success
  type: str
  sample: 12 AWS::Logs::LogGroup, 2 AWS::S3::Bucket
text:
  description: The text that was shown.
  returned: success
  type: str
  sample: "Teardown of shop\n  account    123456789012 (sandbox), region eu-central-1\n"
"""
