# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Where modules look for what there is of a workshop."""

    DOCUMENTATION = r"""
options:
  stacks:
    description:
      - Exact names of stacks. What is theirs follows from what they own, or did before they were deleted.
    type: list
    elements: str
    default: []
  kept:
    description:
      - Exact names of other stacks of the workshop, of which O(stacks) is a part. Nothing is looked for of them but
        whether they are there. They are to the others what stacks of somebody else are.
    type: list
    elements: str
    default: []
  prefix:
    description:
      - Also tell the names of other stacks that begin with this text, such as C(shop-).
    type: str
    default: ''
  xray_group:
    description:
      - Exact name of an X-Ray group that the workshop makes by hand. That of its faults, with C(-faults) after this
        name and this name in its tag C(workshop-lifecycle:observes), is meant as well.
    type: str
  xray_sampling_rules:
    description:
      - Exact names of X-Ray sampling rules that the workshop makes by hand.
    type: list
    elements: str
    default: []
  ssm_path:
    description:
      - Path below which SSM parameters are told, such as C(/shop/). Their values are not read.
    type: str
  alarm_prefix:
    description:
      - With what the names of the workshop's CloudWatch alarms begin that no stack has, such as C(shop/).
    type: str
  tags:
    description:
      - Tags of what was made for the workshop. Whatever bears all of them, is there, and no live stack owns, is a
        V(tagged_resource) among the leftovers, but what the stacks of O(stacks) have or had.
      - Found with the Resource Groups Tagging API, which knows no users and roles of IAM, no Auto Scaling groups and,
        in most regions, nothing that is global, and lists for a while what is gone. What can be removed is asked for
        its tags itself.
      - Keys and values are text. At least one tag is not one of those that AWS sets, and no value is shorter than three
        characters.
    type: dict
    default: {}
  verify:
    description:
      - Prove that the stacks are gone, by other means than those that deleted them.
      - Then the stacks are listed and not described, so that V(termination_protection) and V(outputs) are V(none).
      - Also looked for is everything that deleted stacks of these names had, whatever became of it then, and resources
        that still carry the tags of O(stacks). Each of them is looked up in its own service.
    type: bool
    default: false
  kinds:
    description:
      - Kinds of leftovers that are looked for. All, if not given. With O(verify) see O(verify_kinds).
    type: list
    elements: str
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
  verify_kinds:
    description:
      - Kinds of leftovers that are looked for with O(verify). All, if not given.
    type: list
    elements: str
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
  inventory:
    description:
      - RV(workshop.lifecycle.workshop_info#module:inventory) of an earlier look, as it is. Stacks that it has are not
        read again.
      - It is believed, so give what the same run has read.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the stack.
        type: str
        required: true
      stack_id:
        description: Its id.
        type: str
        required: true
      live:
        description: Whether it was there.
        type: bool
        required: true
      creation_time:
        description: When it was made.
        type: str
      deletion_time:
        description: When it was deleted.
        type: str
      resources:
        description: What it owned. If not given, it is read.
        type: list
        elements: dict
        suboptions:
          logical_id:
            description: Name of the resource in the template.
            type: str
            required: true
          type:
            description: CloudFormation's type.
            type: str
            required: true
          physical_id:
            description: Physical id of the resource.
            type: str
            required: true
          status:
            description: Its status.
            type: str
            required: true
"""

    ACCOUNT = r"""
options:
  account_id:
    description:
      - Id of the account in which the workshop is. With credentials for another one, or for one that may not be asked
        for, the module fails before it does anything.
    type: str
"""
