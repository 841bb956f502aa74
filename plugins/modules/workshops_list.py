# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshops_list
short_description: Show which workshops there are
version_added: 1.0.0
description:
  - Shows what M(workshop.lifecycle.workshops_info) found, with the command that shows each workshop's plan.
  - Asks AWS nothing and changes nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  found:
    description: What M(workshop.lifecycle.workshops_info) returned.
    type: dict
    required: true
  playbook:
    description: The playbook that ends a workshop, as the commands name it.
    type: str
    default: workshop.lifecycle.teardown
  variables:
    description: Variables that each command sets besides the scope and the region, such as C(workshop_profile).
    type: dict
    default: {}
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: workshop.lifecycle.workshops_info
  - module: workshop.lifecycle.workshop_status
"""

EXAMPLES = r"""
- name: Look which workshops there are
  workshop.lifecycle.workshops_info:
  register: found

- name: Show them
  workshop.lifecycle.workshops_list:
    found: "{{ found }}"
"""

RETURN = r"""
commands:
  description: The commands that show the plans, in the order of O(found).
  returned: success
  type: list
  elements: str
  sample:
    - >-
      ansible-playbook workshop.lifecycle.teardown
      -e '{"workshop_scope": {"prefix": "shop-"}, "workshop_region": "eu-central-1"}' --check
text:
  description: The text that was shown.
  returned: success
  type: str
  sample: "1 workshop in 1 of 17 regions\n"
"""
