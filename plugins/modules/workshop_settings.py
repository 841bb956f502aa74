# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_settings
short_description: Refuse settings that are misspelled, or not those of exactly one workshop
version_added: 1.0.0
description:
  - Ansible ignores a variable that nothing uses. Where stacks are deleted, a misspelled C(workshop_account_id) must not
    be ignored.
  - Fails when a variable of the play is very like one of this collection's without being it. The message names the
    variable that was meant.
  - Another one that begins with C(workshop_), such as C(workshop_instructor), is let pass with a warning that it
    changes nothing. Others that begin with the name of a role, such as C(vpc_id), are let pass, and so are results of
    tasks, whatever they are called.
  - Fails also when O(workshop_clear) names a type of which nothing can be cleared.
  - Fails also when one of the options, which are called like the variables of the roles, is empty, a
    pattern, or would match more than one workshop. It tells the first of these only.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  workshop_name:
    description: Name of the workshop. A letter, then letters, digits and hyphens, 100 characters at most.
    type: str
    required: true
  workshop_scope:
    description:
      - Which stacks the workshop has. With it, O(workshop_alarm_prefix), O(workshop_ssm_path), O(workshop_xray_group)
        and O(workshop_xray_sampling_rules) may be empty.
    type: raw
  workshop_account_id:
    description: Id of the AWS account, 12 digits.
    type: raw
  workshop_apis:
    description: Names of the APIs. Letters, digits and hyphens.
    type: list
    elements: str
    required: true
  workshop_alarm_prefix:
    description:
      - With what the names of the workshop's alarms begin. It begins with the name of the workshop and a slash.
    type: str
    required: true
  workshop_ssm_path:
    description: Path of the SSM parameters. It has the name of the workshop between slashes.
    type: str
    required: true
  workshop_xray_group:
    description: Name of the X-Ray group.
    type: str
    required: true
  workshop_xray_sampling_rules:
    description: Names of the X-Ray sampling rules.
    type: list
    elements: str
    required: true
  workshop_clear:
    description: Types of resources of which what holds them is cleared, patterns of these, or V(all).
    type: list
    elements: str
    default: []
  workshop_tags:
    description: Tags of what was made for the workshop, keys and values as text.
    type: dict
    default: {}
  workshop_wait_timeout:
    description: Seconds after which a wait gives up, above 0.
    type: raw
  workshop_poll_interval:
    description: Seconds between two looks, above 0.
    type: raw
  leftovers_settle:
    description: Seconds for which log groups get the time to come back, a whole number.
    type: raw
  workshop_groups:
    description: The stack groups, if a part of them is meant.
    type: list
    elements: dict
    default: []
  workshop_only:
    description: Names of groups or stacks of O(workshop_groups).
    type: raw
  workshop_keep:
    description: The same.
    type: raw
  workshop_notify_tasks:
    description: A file with a list of tasks.
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: ansible.builtin.validate_argument_spec
"""

EXAMPLES = r"""
- name: Refuse settings that are misspelled, or not those of exactly one workshop
  workshop.lifecycle.workshop_settings:
    workshop_name: shop
    workshop_apis: [orders, users]
    workshop_alarm_prefix: shop/
    workshop_ssm_path: /shop/
    workshop_xray_group: shop
    workshop_xray_sampling_rules: [shop]
"""

RETURN = r"""
msg:
  description: What is wrong, and what may have been meant.
  returned: failure
  type: str
  sample: There is no variable workshop_acount_id. Did you mean workshop_account_id? Nothing was touched.
"""
