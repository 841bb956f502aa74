# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_status
short_description: Show how a workshop stands, on one screen
version_added: 1.0.0
description:
  - Shows what M(workshop.lifecycle.workshop_info) found of a workshop, by stack group and service, with the address of
    its site and what to run to end it.
  - Asks AWS nothing and changes nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  remove:
    description: Kinds of leftovers that a teardown removes. Those of other kinds are not counted as something to do.
    type: list
    elements: str
    default: []
  site_outputs:
    description:
      - Names of the stack outputs that hold the address of the site.
      - If there are none, every output that is the DNS name of a load balancer is taken for one.
    type: list
    elements: str
    default: []
  command:
    description: The command that ends the workshop, shown in the last line if something of it is there.
    type: str
    required: true
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
  - workshop.lifecycle.controller.surveyed
seealso:
  - module: workshop.lifecycle.workshop_info
  - module: workshop.lifecycle.workshop_plan
"""

EXAMPLES = r"""
- name: Look at a workshop
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    prefix: shop-
    blockers: true
  register: found

- name: Show how it stands
  workshop.lifecycle.workshop_status:
    workshop: shop
    survey: "{{ found }}"
    groups:
      - group: web
        stacks: [shop-web]
      - group: network
        after: [web]
        stacks: [shop-vpc]
    command: ansible-playbook workshop.lifecycle.teardown -e workshop_name=shop -e workshop_confirm=shop
"""

RETURN = r"""
status:
  description: The status.
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
        - What is not of the workshop and keeps stacks of it from going, as in
          RV(workshop.lifecycle.workshop_info#module:blockers). What is sure to do so comes first.
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
    sites:
      description: Addresses of the site.
      type: list
      elements: str
      sample: ['http://shop-1234567890.eu-central-1.elb.amazonaws.com']
    groups:
      description: The stack groups, in the order of O(groups).
      type: list
      elements: dict
      contains:
        group:
          description: Name of the group.
          type: str
          sample: web
        phase:
          description: In which phase of a teardown it goes.
          type: int
          sample: 1
        stacks:
          description: How many stacks it has when it is complete.
          type: int
          sample: 1
        statuses:
          description: How many of its stacks are there, by status.
          type: dict
          sample: {CREATE_COMPLETE: 1}
        protected:
          description: How many of them have termination protection.
          type: int
          sample: 0
        unusual:
          description: The stacks that are not simply there (C(name), C(status), C(status_reason)).
          type: list
          elements: dict
          sample: []
    services:
      description: The services, and the tasks that belong to none.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the service, or what tasks of no service were started with.
          type: str
          sample: web
        status:
          description: Status of the service. V(none) for tasks of no service.
          type: str
          sample: ACTIVE
        running:
          description: How many tasks run.
          type: int
          sample: 1
        pending:
          description: How many tasks are starting.
          type: int
          sample: 0
        desired:
          description: How many tasks there should be. V(none) for tasks of no service.
          type: int
          sample: 1
        tasks:
          description: How many tasks that have not ended are in which status.
          type: dict
          sample: {RUNNING: 1}
        of_others:
          description: Whose it is, if it is not of the workshop. V(none) for the workshop's own.
          type: str
          sample: null
    ecs_service_settings:
      description:
        - Services of the workshop whose next deployment goes wrong by what is set for it, sorted by cluster and name.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the service.
          type: str
          sample: web
        cluster:
          description: Name of its cluster.
          type: str
          sample: shop
        minimum_healthy_percent:
          description: How many percent of the desired tasks run all the time.
          type: int
          sample: 0
        maximum_percent:
          description: How many percent of the desired tasks run at most.
          type: int
          sample: 100
        circuit_breaker:
          description: Whether a deployment is given up when its tasks fail.
          type: bool
          sample: false
        rollback:
          description: Whether it goes back by itself then.
          type: bool
          sample: false
        problems:
          description:
            - V(gap) where all tasks are stopped before new ones start, V(stuck) where none can be stopped or started
              unless by hand, V(no_breaker) and V(no_rollback) for the circuit breaker.
          type: list
          elements: str
          sample: [gap, no_breaker]
    remove:
      description: The leftovers that a teardown would remove (C(kind), C(name), C(id)).
      type: list
      elements: dict
      sample: []
    left:
      description: What a teardown would leave (C(kind), C(name), C(reason)).
      type: list
      elements: dict
      sample: []
    gaps:
      description: What could not be looked at (C(action), C(message), C(denied), C(about)).
      type: list
      elements: dict
      sample: []
    found:
      description: Whether there is something that a teardown would delete, stop or remove.
      type: bool
      sample: true
    anything:
      description: The same, or whether something may be there that could not be looked at.
      type: bool
      sample: true
text:
  description: The text that was shown.
  returned: success
  type: str
  sample: "Status of shop\n  account    123456789012 (sandbox), region eu-central-1\n"
"""
